/** Wires panel, status item, badges and commands to the notebooks, and stops. */

import { ILabShell, ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { IDisposable } from '@lumino/disposable';
import { Actions } from './actions.js';
import { Badges } from './badges.js';
import { Converter } from './convert.js';
import { Say, shorten } from './format.js';
import { packageIcon, stopwatchIcon } from './icons.js';
import { Model } from './model.js';
import { Panel, PANEL } from './panel.js';
import { Saved } from './saved.js';
import { StatusItem } from './status.js';

const ID = 'mlee-jupyter:plugin';
const TOASTS = { error: Notification.error, warning: Notification.warning, advice: Notification.info };

const plugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'mlee_jupyter: the panel, the clock and the badges',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [
    IStatusBar,
    ICommandPalette,
    ILayoutRestorer,
    ILabShell,
    ISettingRegistry,
    IStateDB,
    ITranslator,
    IDefaultFileBrowser
  ],
  activate
};

function activate(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  statusBar: IStatusBar | null,
  palette: ICommandPalette | null,
  restorer: ILayoutRestorer | null,
  labShell: ILabShell | null,
  registry: ISettingRegistry | null,
  stateDB: IStateDB | null,
  translator: ITranslator | null,
  browser: IDefaultFileBrowser | null
): void {
  const trans = (translator ?? nullTranslator).load('mlee_jupyter');
  const say: Say = (text, ...values) => trans.__(text, ...values);
  const model = new Model(tracker, new Saved(stateDB), say);
  const actions = new Actions(app, say);
  const converter = new Converter(app, model, say);
  const panel = new Panel(model, actions, app.commands, say);
  app.shell.add(panel, 'left', { rank: 850 });
  restorer?.add(panel, PANEL);
  const open = () => app.shell.activateById(panel.id);
  const status = new StatusItem(model, open, say);
  if (!statusBar) {
    app.shell.add(status, 'top', { rank: 900 }); // Notebook 7
  }

  const badges = new Map<NotebookPanel, Badges>();
  const follow = (one: NotebookPanel) => {
    badges.set(one, new Badges(one, of => model.stateOf(of), say));
    one.disposed.connect(() => badges.delete(one));
  };
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_, one) => follow(one));
  model.stateChanged.connect((_, state) => state && badges.get(state.panel)?.draw());
  model.announced.connect((_, { finding }) => {
    if (model.settings.toasts.includes(finding.level)) {
      const actions = [{ label: say('Show'), callback: open }];
      TOASTS[finding.level](shorten(`${finding.rule}  ${finding.message}`), { autoClose: 8000, actions });
    }
  });

  const add = (
    command: string,
    label: string,
    execute: (path?: string, clicked?: boolean) => unknown,
    enabled: () => boolean
  ) => {
    app.commands.addCommand(command, {
      label,
      icon: command === 'mlee:convert' ? packageIcon : stopwatchIcon,
      execute: args => execute(typeof args.path === 'string' ? args.path : undefined, args.clicked === true),
      isEnabled: enabled,
      describedBy: {
        args: { type: 'object', properties: { path: { type: 'string' }, clicked: { type: 'boolean' } } }
      }
    });
    palette?.addItem({ command, category: 'mlee' });
  };
  const selected = () => [...(browser?.selectedItems() ?? [])].find(item => item.type === 'notebook')?.path;
  const inBrowser = () => Boolean(browser?.node.contains(document.activeElement));
  add('mlee:panel', say('Show the experiment'), open, () => true);
  add(
    'mlee:start',
    say('Start an experiment…'),
    () => tracker.currentWidget && actions.start(tracker.currentWidget),
    () => tracker.currentWidget !== null
  );
  add(
    'mlee:decide',
    say('Decide…'),
    () => model.current && actions.decide(model.current),
    () => model.current?.snapshot?.open ?? false
  );
  add(
    'mlee:convert',
    say('Convert notebook to package…'),
    (path, clicked) => {
      // the menu of the file browser has the focus by now: it says itself that a file was clicked
      const of =
        path ?? (clicked || inBrowser() ? selected() : undefined) ?? tracker.currentWidget?.context.path ?? selected();
      return of && converter.run(of);
    },
    () => tracker.currentWidget !== null || selected() !== undefined
  );

  let placed: IDisposable | null = null;
  const place = (position: string) => {
    if (statusBar) {
      placed?.dispose();
      const align = position === 'left' || position === 'right' ? position : 'middle';
      placed = position === 'hidden' ? null : statusBar.registerStatusItem(ID, { item: status, align, rank: 1 });
    } else {
      status.setHidden(position === 'hidden');
    }
  };
  const apply = (settings: ISettingRegistry.ISettings | null) => {
    const {
      idleMinutes = null,
      toasts = ['error'],
      statusPosition = 'middle'
    } = (settings?.composite ?? {}) as {
      idleMinutes?: number | null;
      toasts?: string[];
      statusPosition?: string;
    };
    model.set({ idleMinutes, toasts });
    place(statusPosition);
  };
  void (registry?.load(ID) ?? Promise.resolve(null))
    .then(settings => {
      apply(settings);
      settings?.changed.connect(() => apply(settings));
    })
    .catch(() => apply(null));
  document.body.dataset.mlee = labShell ? 'lab' : 'notebook';
}

export default plugin;
