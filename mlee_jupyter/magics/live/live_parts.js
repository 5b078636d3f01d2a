/** What the live scoreboard is drawn with: live_board.js and live.js follow it in the text that is sent. */

const SVG = 'http://www.w3.org/2000/svg';

/** An element; attributes that are null or false are left out, functions listen, texts are only ever text. */
function el(tag, attributes = {}, ...children) {
  const node = ['svg', 'rect', 'path'].includes(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      node.addEventListener(name, value);
    } else if (value !== null && value !== false && value !== '') {
      node.setAttribute(name, String(value));
    }
  }
  node.append(...children.filter(child => child !== null && child !== false && child !== ''));
  return node;
}

/** Rows whose name, state or notes hold the text, in order; what has no value comes last, equals keep their order. */
function chosenRows(rows, at, by, down, text) {
  const searched = [at.label, at.state, at.against, at.notes];
  const found = text ? rows.filter(row => searched.some(one => row[one].toLocaleLowerCase().includes(text))) : rows;
  if (!by) {
    return found;
  }
  const value = row => (typeof row[at[by]] === 'string' ? row[at[by]].toLocaleLowerCase() : row[at[by]]);
  const keyed = found.map((row, place) => [value(row), place, row]);
  const sign = down ? -1 : 1;
  const order = (a, b) => (a < b ? -sign : a > b ? sign : 0);
  const lacking = (a, b) => Number(a === null) - Number(b === null);
  keyed.sort(([a, i], [b, j]) => lacking(a, b) || order(a, b) || i - j);
  return keyed.map(([, , row]) => row);
}

/** The 95% range as a line with its point, over the band of what is as good as the best; beyond the axis an arrow. */
function bar(row, at, band) {
  const placed = row[at.bar];
  if (!placed) {
    return '';
  }
  const [left, width, point, beyond] = placed;
  const said = `95% range ${row[at.range]}, score ${row[at.score]}`;
  const piece = (kind, x, wide, y, height) => el('rect', { class: kind, x: `${x}%`, width: wide, y, height });
  return el(
    'svg',
    { class: 'mlee-bar', role: 'img', 'aria-label': said, width: '100%', height: '14' },
    band && piece('mlee-band', band[0], `${band[1]}%`, '0', 14),
    beyond ? arrow(beyond) : piece('mlee-line', left, `${width}%`, 6, 2),
    !beyond &&
      el(
        'svg',
        { x: `${point}%`, overflow: 'visible' },
        el('rect', { class: 'mlee-dot', x: -3, y: 3.5, width: 7, height: 7, rx: 3.5 })
      )
  );
}

function arrow(to) {
  const [x, d] = to === 'left' ? ['0', 'M0 7 L6 3 L6 11 Z'] : ['100%', 'M0 7 L-6 3 L-6 11 Z'];
  return el('svg', { x, overflow: 'visible' }, el('path', { class: 'mlee-off', d }));
}

function findings(list) {
  const item = ([kind, level, rule, message, remedy]) =>
    el(
      'li',
      { class: kind },
      el('strong', {}, level),
      ' ',
      el('code', {}, rule),
      ` ${message} `,
      el('span', { class: 'mlee-remedy' }, remedy)
    );
  return list.length ? [el('ul', { class: 'mlee-findings' }, ...list.map(item))] : [];
}

/** What else was found, folded away; the fold stays as the reader left it. */
function found(shown, isOpen) {
  if (!shown.found.length) {
    return [];
  }
  const summary = el('summary', { 'data-key': 'found' }, shown.found_text);
  return [el('details', { open: isOpen ? 'open' : null }, summary, ...findings(shown.found))];
}

/** The element of a key that outlives a drawing; undefined for none. */
function withKey(holder, key) {
  return key ? [...holder.querySelectorAll('[data-key]')].find(one => one.dataset.key === key) : undefined;
}

/** Up, Down, Home and End move between rows; one of them is in the order of Tab. */
function walk(event) {
  const buttons = [...event.currentTarget.querySelectorAll('button.mlee-ask')];
  const here = buttons.indexOf(document.activeElement);
  const next = buttons[{ ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 }[event.key] ?? -1];
  if (here >= 0 && next) {
    event.preventDefault();
    focusOn(event.currentTarget, next, false);
  }
}

function focusOn(body, button, still) {
  body.querySelectorAll('button.mlee-ask[tabindex="0"]').forEach(one => one.setAttribute('tabindex', '-1'));
  button.setAttribute('tabindex', '0');
  button.focus({ preventScroll: still });
}
