/** What the rules found: what blocks the decision, what is good to know, and what is ignored, with its reason. */

import { el, refill } from './dom.js';
import { plainly, Say } from './format.js';
import { Finding, Level } from './messages.js';
import { Waits } from './desk.js';
import { waiting } from './waiting.js';

export interface FindingActions {
  canGo(finding: Finding): boolean;
  go(finding: Finding): void;
  explain(finding: Finding): void;
  ignore(finding: Finding): void;
  heed(finding: Finding): void;
  waits(key: string): Waits;
  cancel(key: string): void;
}

export class FindingsView {
  readonly node = el('section', { class: 'mleelab-findings' });
  private _open = new Map<string, boolean>([
    ['blocks', true],
    ['advice', false],
    ['ignored', false]
  ]);

  constructor(
    private readonly actions: FindingActions,
    private readonly say: Say = plainly
  ) {
    this.node.setAttribute('aria-label', say('Findings'));
  }

  /** Show these findings; without a connected kernel only the ways to cells are open. */
  show(findings: readonly Finding[], connected: boolean, open: boolean): void {
    const found = (...levels: Level[]) => levels.flatMap(level => of(findings, level));
    const ways: [string, string, Finding[]][] = [
      ['blocks', this.say('Blocks the decision'), found('error', 'warning')], // an error is wrong, a warning cannot carry it
      ['advice', this.say('Good to know'), found('advice')]
    ];
    const folds = ways.map(([key, title, those]) => this._fold(key, title, those, connected, open));
    const ignored = findings.filter(f => f.outcome === 'ignored');
    const nothing = !findings.some(f => f.outcome === 'finding');
    refill(
      this.node,
      nothing && el('p', { class: 'mleelab-quiet' }, this.say('Nothing found.')),
      ...folds,
      this._fold('ignored', this.say('Ignored'), ignored, connected, open)
    );
  }

  private _fold(key: string, title: string, found: Finding[], connected: boolean, open: boolean): HTMLElement | false {
    if (!found.length) {
      return false;
    }
    const fold = el(
      'details',
      { class: `mleelab-fold mleelab-${key}`, open: this._open.get(key) ?? false },
      el('summary', { 'data-key': `fold ${key}` }, `${title} (${found.length})`),
      el('ul', {}, ...found.map(finding => this._finding(finding, connected, open)))
    );
    fold.addEventListener('toggle', () => this._open.set(key, fold.open));
    return fold;
  }

  private _finding(finding: Finding, connected: boolean, open: boolean): HTMLElement {
    const { rule, ignored } = finding;
    const button = (text: string, action: (finding: Finding) => void, disabled = false, does = '') =>
      waiting(
        el(
          'button',
          {
            type: 'button',
            class: 'mleelab-action',
            disabled,
            'aria-label': `${text}: ${rule}`,
            'data-key': `${rule} ${text}`,
            click: () => action(finding)
          },
          text
        ),
        this.actions.waits(`${does} ${rule}`),
        () => this.actions.cancel(`${does} ${rule}`),
        this.say
      );
    const reason = ignored?.because ? `“${ignored.because}”` : this.say('no reason given');
    const until = ignored?.until ? this.say(' until %1', ignored.until) : '';
    return el(
      'li',
      { class: `mleelab-finding mleelab-${finding.level}` },
      el('p', { class: 'mleelab-message' }, finding.message),
      ignored && el('p', { class: 'mleelab-remedy' }, this.say('Ignored%1: %2', until, reason)),
      !ignored && finding.remedy !== '' && el('p', { class: 'mleelab-remedy' }, finding.remedy),
      el(
        'p',
        { class: 'mleelab-actions' },
        this.actions.canGo(finding) && button(this.say('Go to cell'), f => this.actions.go(f)),
        button(this.say('Explain'), f => this.actions.explain(f), false, 'explain'),
        ignored
          ? ignored.where === 'experiment' &&
              button(this.say('Heed again'), f => this.actions.heed(f), !connected || !open, 'heed')
          : button(this.say('Ignore…'), f => this.actions.ignore(f), !connected || !open, 'ignore'),
        el('span', { class: 'mleelab-code', title: finding.name }, rule)
      )
    );
  }
}

function of(findings: readonly Finding[], level: Level): Finding[] {
  return findings.filter(one => one.outcome === 'finding' && one.level === level);
}
