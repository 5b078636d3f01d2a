/** The side panel: the two questions of whoever pays, the time, the board, the findings, what happened. */

import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import { Actions } from './actions.js';
import { AnswersView } from './answers.js';
import { BestView } from './best_so_far.js';
import { BoardView } from './board.js';
import { drawButtons } from './buttons.js';
import { el, name, refill } from './dom.js';
import { drawEmpty, standing } from './empty.js';
import { FindingsView } from './findings.js';
import { foundText, Say } from './format.js';
import { stopwatchIcon } from './icons.js';
import { Model } from './model.js';
import { NotebookState } from './state.js';
import { staying } from './staying.js';
import { TimelineView, TimeView } from './timebar.js';

export const PANEL = 'mlee-panel';

export class Panel extends Widget {
  private readonly _top = el('header', { class: 'mleelab-top' });
  private readonly _head = el('div', { class: 'mleelab-head' });
  private readonly _state = el('p', { class: 'mleelab-state', role: 'status' });
  private readonly _live = el('p', { class: 'mleelab-live', role: 'status' });
  private readonly _answers = new AnswersView();
  private readonly _buttons = el('div', { class: 'mleelab-buttons', role: 'group' });
  private readonly _do = el('div', { class: 'mleelab-do' }, this._buttons, this._live);
  private readonly _empty = el('div', { class: 'mleelab-empty' });
  private readonly _time: TimeView;
  private readonly _board: BoardView;
  private readonly _findings: FindingsView;
  private readonly _best: BestView;
  private readonly _timeline: TimelineView;
  private readonly _timer: number;
  private readonly _unstick: () => void;
  private _drawn = '';
  private _of: NotebookState | null = null;

  constructor(
    private readonly model: Model,
    private readonly actions: Actions,
    private readonly commands: CommandRegistry,
    private readonly say: Say
  ) {
    super();
    this.id = PANEL;
    this.title.icon = stopwatchIcon;
    this.title.caption = say('mlee: experiment');
    this.addClass('mleelab-panel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', say('Experiment'));
    this._time = new TimeView(say);
    this._board = new BoardView(
      {
        goTo: candidate => this._of && actions.goToCandidate(this._of, candidate),
        decide: candidate => this._of && void actions.decide(this._of, candidate),
        canDecide: () => (this._of?.connected && this._of.snapshot?.open) ?? false,
        why: candidate => (this._of ? actions.why(this._of, candidate) : Promise.resolve(''))
      },
      say
    );
    this._best = new BestView(say);
    this._timeline = new TimelineView(say);
    this._findings = new FindingsView(
      {
        canGo: finding => this._of !== null && actions.target(this._of, finding) !== null,
        go: finding => this._of && actions.goToFinding(this._of, finding),
        explain: finding => this._of && void actions.explain(this._of, finding),
        ignore: finding => this._of && void actions.ignore(this._of, finding),
        heed: finding => this._of && void actions.heed(this._of, finding),
        waits: key => this._of?.desk.of(key) ?? 'no',
        cancel: key => this._of?.desk.cancel(key)
      },
      say
    );
    this._top.append(this._head, this._state, this._answers.node, this._time.head, this._do);
    this.node.append(
      this._top,
      this._empty,
      this._board.node,
      this._findings.node,
      this._best.node,
      this._timeline.node,
      this._time.node
    );
    this._unstick = staying(this._top, this.node);
    model.stateChanged.connect(this._draw, this);
    this._timer = window.setInterval(() => this._tick(), 1000);
    this._draw();
  }

  override dispose(): void {
    window.clearInterval(this._timer);
    this._unstick();
    super.dispose();
  }

  private _draw(): void {
    const state = (this._of = this.model.current);
    const snapshot = state?.snapshot ?? null;
    const connected = state?.connected ?? false;
    const board = snapshot?.board ?? null;
    const stands = state ? standing(state, this.say) : '';
    if (this._state.textContent !== stands) {
      this._state.textContent = stands; // a live region: said again only when it says something else
    }
    this._state.hidden = !stands;
    const content = snapshot && { ...snapshot, now: '', running: null };
    const drawn = JSON.stringify([
      state?.panel.id,
      state?.source,
      connected,
      state?.hasKernel,
      state?.seeking,
      state?.desk.keys,
      state?.clock.trial,
      content
    ]);
    if (drawn === this._drawn) {
      return;
    }
    this._drawn = drawn;
    refill(
      this._head,
      board ? el('h2', {}, name(board.experiment.label)) : el('h2', {}, this.say('Experiment')),
      board && connected && snapshot?.open && el('span', { class: 'mleelab-quiet' }, this.say('live'))
    );
    drawEmpty(this._empty, state, this.commands, () => state && void this.actions.resume(state), this.say);
    for (const node of [this._answers.node, this._time.head, this._time.node, this._board.node, this._do]) {
      node.hidden = !board;
    }
    if (board && snapshot) {
      this._answers.show(snapshot.answers);
      this._time.show(snapshot.segments, snapshot.answers[1]?.clause ?? '');
      const answered = snapshot.answers.map(one => one.answer).join('\n'); // what was said above is not said twice
      const fresh = board.fresh ? [board.fresh.text, ...board.fresh.words] : [];
      this._board.show(
        board.boards,
        snapshot.figures ?? [],
        state?.clock.trial ?? null,
        [...new Set([...board.words, ...fresh])],
        board.notices,
        line => !answered.includes(line)
      );
      drawButtons(this._buttons, state, snapshot, this.actions, this.commands, this.say);
    }
    const findings = snapshot?.findings ?? [];
    this._findings.node.hidden = !board && !findings.length;
    this._findings.show(findings, connected, snapshot?.open ?? false);
    this._best.show(snapshot?.best_so_far ?? null, board?.boards[0]?.rows ?? []);
    this._timeline.show(snapshot?.timeline ?? []);
    const counted = board ? foundText(findings, board, this.say) : '';
    if (this._live.textContent !== counted) {
      this._live.textContent = counted; // read aloud when it changes; what was found is listed below
    }
    this._tick();
  }

  private _tick(): void {
    const state = this._of;
    const status = state?.snapshot?.status;
    if (state && status && this.isVisible) {
      this._board.tick();
      this._time.tick(status, state.clock.isSet ? state.clock.usedSeconds : status.used_seconds, state.clock.resting);
    }
  }

  protected override onAfterShow(): void {
    this._tick();
  }
}
