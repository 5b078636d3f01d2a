/** One board of the live scoreboard. Its frame stays while rows come and go, and so does what is typed into it. */

const MOST_ROWS = 200;
const FILTER_FROM = 7; // rows from which a filter is of use
const NOBODY = 'No candidate yet: %%mlee_candidate NAME records one.';

class BoardView {
  constructor(view, place) {
    this.view = view;
    this.place = place;
    this.by = null; // the column it is sorted by; null: the board's own order
    this.down = false;
    this.text = ''; // of the filter
    this.headRow = el('tr');
    this.body = el('tbody', { keydown: walk, click: event => this.clicked(event.target.closest('tr[data-row]')) });
    this.caption = el('caption');
    this.count = el('p', { role: 'status', class: 'mlee-legend' });
    this.foot = el('div');
    this.input = el('input', {
      type: 'search',
      class: 'mlee-filter',
      placeholder: 'Filter candidates',
      'aria-label': 'Filter candidates',
      'data-key': `filter ${place}`,
      input: () => {
        this.text = this.input.value.trim().toLocaleLowerCase();
        this.rows();
      }
    });
    const table = el('table', { class: 'mlee-table' }, this.caption, el('thead', {}, this.headRow), this.body);
    this.node = el('div', {}, this.input, el('div', { class: 'mlee-scroll' }, table), this.count, this.foot);
  }

  /** Show this; `at` says where in a row each field stands. */
  fill(part, at) {
    this.part = part;
    this.at = at;
    this.caption.textContent = part.caption;
    this.input.hidden = part.rows.length < FILTER_FROM && !this.text;
    this.heads();
    this.foot.replaceChildren(
      ...(part.words ? [el('p', {}, part.words)] : []),
      ...(part.legend ? [el('p', { class: 'mlee-legend' }, part.legend)] : [])
    );
    this.rows();
  }

  heads() {
    this.headRow.replaceChildren(...this.part.columns.map(column => this.head(column)));
  }

  head(column) {
    const { of, head, kind, by } = column;
    if (!by) {
      return el('th', { scope: 'col', class: kind }, head);
    }
    const sorted = this.by === of ? (this.down ? 'descending' : 'ascending') : 'none';
    const mark = { none: '', ascending: ' ▴', descending: ' ▾' }[sorted];
    const turn = { type: 'button', 'data-key': `sort ${this.place} ${of}`, click: () => this.turn(column) };
    const button = el('button', turn, head, el('span', { 'aria-hidden': 'true' }, mark));
    return el('th', { scope: 'col', class: kind, 'aria-sort': sorted }, button);
  }

  /** The first click on a head sorts, the second turns it round, the third is the board's own order again. */
  turn({ of, down }) {
    if (this.by !== of) {
      this.by = of;
      this.down = down;
    } else if (this.down === down) {
      this.down = !down;
    } else {
      this.by = null;
    }
    this.heads();
    this.rows();
    withKey(this.headRow, `sort ${this.place} ${of}`)?.focus();
  }

  rows() {
    const { part, at, body } = this;
    const by = part.columns.find(column => column.of === this.by)?.by;
    const chosen = chosenRows(part.rows, at, by, this.down, this.text);
    const drawn = chosen.slice(0, MOST_ROWS);
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    body.replaceChildren(...drawn.flatMap((row, place) => this.row(row, place)));
    this.tell(chosen.length, chosen.length - drawn.length + part.hidden);
    const kept = withKey(body, focused);
    if (kept) {
      focusOn(body, kept, true);
    }
  }

  /** How many there are; said only where it changes, as a reader reads it aloud. */
  tell(count, hidden) {
    const { rows } = this.part;
    const said = [
      this.text && `${count.toLocaleString('en')} of ${rows.length.toLocaleString('en')}.`,
      hidden > 0 && `${hidden.toLocaleString('en')} more, not drawn: filter or sort to find them.`,
      !rows.length && NOBODY
    ]
      .filter(Boolean)
      .join(' ');
    if (this.count.textContent !== said) {
      this.count.textContent = said;
    }
  }

  /** A row of the table, and its explanation below it where that is open. */
  row(row, place) {
    const { part, at } = this;
    const { why } = this.view;
    const isOpen = why?.key === row[at.key] && why.place === this.place;
    const cells = part.columns.map(({ of, kind }) => this.cell(row, of, kind, { isOpen, isFirst: place === 0 }));
    const made = el('tr', { class: row[at.kind], 'data-row': row[at.key] }, ...cells);
    if (!isOpen) {
      return [made];
    }
    const text = el('div', { role: 'status' }, row[at.why] ?? why.text);
    return [made, el('tr', { class: 'mlee-why' }, el('td', { colspan: part.columns.length }, text))];
  }

  cell(row, of, kind, how) {
    const { at } = this;
    if (of === 'candidate') {
      return el('th', { scope: 'row', class: kind }, this.name(row, how));
    }
    if (of === 'range') {
      const reason = row[at.reason] && el('small', { class: 'mlee-reason' }, row[at.reason]);
      const interval = el('span', {}, row[at.range]);
      const drawn = el('span', { class: 'mlee-interval' }, interval, bar(row, at, this.part.band));
      return el('td', { class: kind }, reason, drawn);
    }
    if (of === 'against') {
      return el('td', { class: `mlee-word ${kind}`, title: row[at.because] }, row[at.against]);
    }
    return el('td', { class: kind }, row[at[of]]);
  }

  name(row, { isOpen, isFirst }) {
    const { at } = this;
    const button = {
      type: 'button',
      class: 'mlee-ask',
      'data-key': `row ${this.place} ${row[at.key]}`,
      'aria-expanded': String(isOpen),
      tabindex: isFirst ? '0' : '-1'
    };
    const label = el('button', button, el('bdi', { title: row[at.label] }, row[at.label]));
    const notes = row[at.notes] && el('small', { class: 'mlee-note' }, row[at.notes]);
    const shape = el('span', { class: 'mlee-shape', 'aria-hidden': 'true' }, row[at.shape]);
    return el('span', { class: 'mlee-name' }, shape, el('span', {}, label, notes));
  }

  clicked(shown) {
    const key = shown?.dataset.row;
    const row = key && this.part.rows.find(one => one[this.at.key] === key);
    if (row) {
      this.view.explain(this.place, key, row[this.at.why] !== null);
    }
  }
}
