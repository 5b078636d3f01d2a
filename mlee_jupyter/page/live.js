/**
 * The live scoreboard: draws what the kernel sends. Texts, bars and their places arrive finished; only the order and
 * the choice of rows are made here, over all of them, and at most 200 are drawn. Every text becomes a text node.
 */

const MOST_ROWS = 200;
const FILTER_FROM = 7; // rows from which a filter is of use
const BUSY = 'Asked. While a cell runs, the answer may have to wait for its end.';
const GONE = 'The kernel is gone: this board is the last one. Run the cell again for a living one.';

class LiveView {
  constructor(model, node) {
    this.model = model;
    this.id = Array.from(crypto.getRandomValues(new Uint32Array(2)), one => one.toString(36)).join('');
    this.parts = []; // one for each board: its order, its filter and where it is drawn
    this.why = null; // {key, part, text} of the row that is explained
    this.frame = 0;
    this.top = el('div');
    this.middle = el('div');
    this.bottom = el('div');
    this.gone = el('p', { role: 'status', class: 'mlee-gone' });
    // the page's own shortcuts (Enter, arrows, "dd") stay out while the focus is in here
    this.root = el('div', { class: 'mlee-board mlee-live mathjax_ignore tex2jax_ignore', 'data-lm-suppress-shortcuts': 'true' });
    this.root.append(this.top, this.middle, this.bottom, this.gone);
    this.root.addEventListener('keydown', event => event.stopPropagation());
    node.append(this.root);
    this.changed = () => this.later();
    this.came = message => this.answered(message);
    model.on('change:view', this.changed);
    model.on('msg:custom', this.came);
    model.on('comm_live_update', this.changed);
    model.send({ kind: 'here', view: this.id });
    this.draw();
    // what a widget is given here does not know whether its kernel lives; the page's own model of it does
    Promise.resolve().then(() => model.widget_manager?.get_model?.(model.get('me'))).then(real => (this.real = real), () => undefined);
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
    const at = Object.fromEntries(shown.fields.map((name, place) => [name, place]));
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.root.setAttribute('aria-label', `Scoreboard of ${shown.title}`);
    this.root.setAttribute('role', 'region');
    this.top.replaceChildren(
      el('div', { class: 'mlee-head' }, el('strong', { class: 'mlee-title' }, el('bdi', {}, shown.title)),
        shown.question && el('span', { class: 'mlee-question' }, shown.question),
        el('span', { class: shown.over ? 'mlee-clock mlee-over' : 'mlee-clock' }, this.isLive ? `${shown.clock} · live` : shown.clock)),
      ...findings(shown.errors)
    );
    while (this.parts.length > shown.parts.length) {
      this.parts.pop().node.remove();
    }
    shown.parts.forEach((part, place) => {
      this.parts[place] ??= this.place(place);
      this.fill(this.parts[place], part, at);
    });
    this.gone.textContent = this.isLive ? '' : GONE;
    const open = this.bottom.querySelector('details')?.open;
    this.bottom.replaceChildren(
      ...[...shown.words, ...shown.notices].map(line => el('p', {}, line)),
      shown.found.length ? el('details', { open: open ? 'open' : null }, el('summary', { 'data-key': 'found' }, shown.found_text), ...findings(shown.found)) : ''
    );
    if (focused) {
      [...this.root.querySelectorAll('[data-key]')].find(one => one.dataset.key === focused)?.focus({ preventScroll: true });
    }
  }

  /** The frame of one board. It stays while rows come and go, and so does what is typed into its filter. */
  place(place) {
    const mine = { place, by: null, down: false, text: '', node: el('div'), body: el('tbody'), heads: el('tr'), caption: el('caption'), count: el('p', { role: 'status', class: 'mlee-legend' }), foot: el('div') };
    mine.input = el('input', { type: 'search', class: 'mlee-filter', placeholder: 'Filter candidates', 'aria-label': 'Filter candidates', 'data-key': `filter ${place}`, input: () => {
      mine.text = mine.input.value.trim().toLocaleLowerCase();
      this.rows(mine);
    } });
    mine.body.addEventListener('click', event => this.ask(mine, event.target.closest('tr[data-row]')?.dataset.row));
    mine.body.addEventListener('keydown', walk);
    mine.node.append(mine.input, el('div', { class: 'mlee-scroll' }, el('table', { class: 'mlee-table' }, mine.caption, el('thead', {}, mine.heads), mine.body)), mine.count, mine.foot);
    this.middle.append(mine.node);
    return mine;
  }

  fill(mine, part, at) {
    Object.assign(mine, { part, at });
    mine.caption.textContent = part.caption;
    mine.input.hidden = part.rows.length < FILTER_FROM && !mine.text;
    this.heads(mine);
    mine.foot.replaceChildren(...[part.words, part.legend].filter(Boolean).map(line => el('p', line === part.legend ? { class: 'mlee-legend' } : {}, line)));
    this.rows(mine);
  }

  heads(mine) {
    mine.heads.replaceChildren(...mine.part.columns.map(column => this.head(mine, column)));
  }

  head(mine, { of, head, kind, by, down }) {
    const sorted = mine.by === of ? (mine.down ? 'descending' : 'ascending') : 'none';
    if (!by) {
      return el('th', { scope: 'col', class: kind }, head);
    }
    const turn = () => {
      // the first click sorts, the second turns it round, the third is the board's own order again
      const first = mine.by !== of;
      Object.assign(mine, first ? { by: of, down } : mine.down === down ? { down: !down } : { by: null });
      this.heads(mine);
      this.rows(mine);
      [...mine.heads.querySelectorAll('button')].find(one => one.dataset.key === key)?.focus();
    };
    const key = `sort ${mine.place} ${of}`;
    return el('th', { scope: 'col', class: kind, 'aria-sort': sorted }, el('button', { type: 'button', 'data-key': key, click: turn }, head, el('span', { 'aria-hidden': 'true' }, { none: '', ascending: ' ▴', descending: ' ▾' }[sorted])));
  }

  rows(mine) {
    const { part, at, body } = mine;
    const chosen = chosenRows(part.rows, at, part.columns.find(column => column.of === mine.by)?.by, mine.down, mine.text);
    const drawn = chosen.slice(0, MOST_ROWS);
    const key = body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    body.replaceChildren(...drawn.flatMap((row, place) => this.row(mine, row, place)));
    const hidden = chosen.length - drawn.length + part.hidden;
    const said = [
      mine.text && `${chosen.length.toLocaleString('en')} of ${part.rows.length.toLocaleString('en')}.`,
      hidden > 0 && `${hidden.toLocaleString('en')} more, not drawn: filter or sort to find them.`,
      !part.rows.length && 'No candidate yet: %%mlee_candidate NAME records one.'
    ].filter(Boolean).join(' ');
    if (mine.count.textContent !== said) {
      mine.count.textContent = said;
    }
    const kept = key && [...body.querySelectorAll('button')].find(one => one.dataset.key === key);
    if (kept) {
      focusOn(body, kept, true);
    }
  }

  row(mine, row, place) {
    const { part, at } = mine;
    const open = this.why?.key === row[at.key] && this.why.part === mine.place;
    const cells = {
      candidate: kind => el('th', { scope: 'row', class: kind }, el('span', { class: 'mlee-name' },
        el('span', { class: 'mlee-shape', 'aria-hidden': 'true' }, row[at.shape]),
        el('span', {}, el('button', { type: 'button', class: 'mlee-ask', 'data-key': `row ${mine.place} ${row[at.key]}`, 'aria-expanded': String(open), tabindex: place ? '-1' : '0' }, el('bdi', { title: row[at.label] }, row[at.label])),
          row[at.notes] && el('small', { class: 'mlee-note' }, row[at.notes])))),
      range: kind => el('td', { class: kind }, row[at.reason] && el('small', { class: 'mlee-reason' }, row[at.reason]), el('span', { class: 'mlee-interval' }, el('span', {}, row[at.range]), bar(row, at, part.band))),
      against: kind => el('td', { class: `mlee-word ${kind}`, title: row[at.because] }, row[at.against])
    };
    const made = el('tr', { class: row[at.kind], 'data-row': row[at.key] }, ...part.columns.map(({ of, kind }) => (cells[of] ?? (kind => el('td', { class: kind }, row[at[of]])))(kind)));
    return open ? [made, el('tr', { class: 'mlee-why' }, el('td', { colspan: part.columns.length }, el('div', { role: 'status' }, row[at.why] ?? this.why.text)))] : [made];
  }

  ask(mine, key) {
    if (!key) {
      return;
    }
    const again = this.why?.key === key && this.why.part === mine.place;
    this.why = again ? null : { key, part: mine.place, text: this.isLive ? BUSY : GONE };
    this.parts.forEach(part => this.rows(part));
    if (!again && mine.part.rows.find(row => row[mine.at.key] === key)?.[mine.at.why] === null) {
      this.model.send({ kind: 'why', view: this.id, key });
    }
  }

  answered(message) {
    if (message?.kind === 'why' && message.view === this.id && message.key === this.why?.key) {
      this.why.text = String(message.text);
      this.parts.forEach(part => this.rows(part));
    }
  }
}

export default {
  render({ model, el: node }) {
    const view = new LiveView(model, node);
    return () => view.dispose();
  }
};
