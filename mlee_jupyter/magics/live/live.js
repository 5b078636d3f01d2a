/**
 * The live scoreboard: draws what the kernel sends. Texts, bars and their places arrive finished; only the order and
 * the choice of rows are made here, over all of them, and at most 200 are drawn. Every text becomes a text node.
 */

const BUSY = 'Asked. While a cell runs, the answer may have to wait for its end.';
const GONE = 'The kernel is gone: this board is the last one. Run the cell again for a living one.';

/** One look at the model: an experiment's head, its boards, what was found. */
class LiveView {
  constructor(model, node) {
    this.model = model;
    this.id = Array.from(crypto.getRandomValues(new Uint32Array(2)), one => one.toString(36)).join('');
    this.boards = [];
    this.why = null; // { key, place, text } of the row that is explained
    this.frame = 0;
    this.top = el('div');
    this.middle = el('div');
    this.bottom = el('div');
    this.gone = el('p', { role: 'status', class: 'mlee-gone' });
    this.root = el(
      'div',
      // the page's own shortcuts (Enter, arrows, "dd") stay out while the focus is in here
      { class: 'mlee-board mlee-live mathjax_ignore tex2jax_ignore', 'data-lm-suppress-shortcuts': 'true' },
      this.top,
      this.middle,
      this.bottom,
      this.gone
    );
    this.root.addEventListener('keydown', event => event.stopPropagation());
    node.append(this.root);
    this.changed = () => this.later();
    this.came = message => this.answered(message);
    model.on('change:view', this.changed);
    model.on('msg:custom', this.came);
    model.on('comm_live_update', this.changed);
    model.send({ kind: 'here', view: this.id });
    this.draw();
    void this.findModel();
  }

  /** What a widget is given here does not know whether its kernel lives; the page's own model of it does. */
  async findModel() {
    try {
      this.real = await this.model.widget_manager?.get_model?.(this.model.get('me'));
    } catch {
      return; // a page that keeps its models to itself
    }
  }

  dispose() {
    cancelAnimationFrame(this.frame);
    this.model.off('change:view', this.changed);
    this.model.off('msg:custom', this.came);
    this.model.off('comm_live_update', this.changed);
    this.model.send({ kind: 'gone', view: this.id });
  }

  /** Whether a kernel is behind it, where the page can tell. */
  get isLive() {
    return this.real?.comm_live !== false;
  }

  /** Draw in the next frame: once for many changes, and not at all in a page that nobody sees. */
  later() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    let shown;
    try {
      shown = JSON.parse(this.model.get('view'));
    } catch {
      return;
    }
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.root.setAttribute('aria-label', `Scoreboard of ${shown.title}`);
    this.root.setAttribute('role', 'region');
    this.top.replaceChildren(this.head(shown), ...findings(shown.errors));
    this.drawBoards(shown);
    this.gone.textContent = this.isLive ? '' : GONE;
    const isOpen = this.bottom.querySelector('details')?.open;
    this.bottom.replaceChildren(
      ...[...shown.words, ...shown.notices].map(line => el('p', {}, line)),
      ...found(shown, isOpen)
    );
    withKey(this.root, focused)?.focus({ preventScroll: true });
  }

  head({ title, question, clock, over }) {
    return el(
      'div',
      { class: 'mlee-head' },
      el('strong', { class: 'mlee-title' }, el('bdi', {}, title)),
      question && el('span', { class: 'mlee-question' }, question),
      el('span', { class: over ? 'mlee-clock mlee-over' : 'mlee-clock' }, this.isLive ? `${clock} · live` : clock)
    );
  }

  drawBoards({ fields, parts }) {
    const at = Object.fromEntries(fields.map((name, place) => [name, place]));
    while (this.boards.length > parts.length) {
      this.boards.pop().node.remove();
    }
    parts.forEach((part, place) => {
      if (!this.boards[place]) {
        this.boards[place] = new BoardView(this, place);
        this.middle.append(this.boards[place].node);
      }
      this.boards[place].fill(part, at);
    });
  }

  /** Open a row's explanation or close it; asks the kernel for one that did not come along. */
  explain(place, key, isHere) {
    const again = this.why?.key === key && this.why.place === place;
    this.why = again ? null : { key, place, text: this.isLive ? BUSY : GONE };
    this.boards.forEach(board => board.rows());
    if (!again && !isHere) {
      this.model.send({ kind: 'why', view: this.id, key });
    }
  }

  answered(message) {
    if (message?.kind === 'why' && message.view === this.id && message.key === this.why?.key) {
      this.why.text = String(message.text);
      this.boards.forEach(board => board.rows());
    }
  }
}

export default {
  render({ model, el: node }) {
    const view = new LiveView(model, node);
    return () => view.dispose();
  }
};
