/** What the live scoreboard is drawn with; live.js follows in the same file when both are sent. Every text becomes a text node. */

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

/** Rows whose name, state or notes hold the text, in order; what has no value comes last, equals keep the board's order. */
function chosenRows(rows, at, by, down, text) {
  const found = text ? rows.filter(row => [at.label, at.state, at.against, at.notes].some(one => row[one].toLocaleLowerCase().includes(text))) : rows;
  if (!by) {
    return found;
  }
  const keyed = found.map((row, place) => [typeof row[at[by]] === 'string' ? row[at[by]].toLocaleLowerCase() : row[at[by]], place, row]);
  const sign = down ? -1 : 1;
  keyed.sort(([a, i], [b, j]) => (a === null || b === null ? Number(a === null) - Number(b === null) : a < b ? -sign : a > b ? sign : 0) || i - j);
  return keyed.map(([, , row]) => row);
}

function bar(row, at, band) {
  const placed = row[at.bar];
  if (!placed) {
    return '';
  }
  const [left, width, point, beyond] = placed;
  const piece = (kind, x, wide, y, height) => el('rect', { class: kind, x: `${x}%`, width: wide, y, height });
  return el('svg', { class: 'mlee-bar', role: 'img', 'aria-label': `95% range ${row[at.range]}, score ${row[at.score]}`, width: '100%', height: '14' },
    band && piece('mlee-band', band[0], `${band[1]}%`, '0', 14),
    beyond ? el('svg', { x: beyond === 'left' ? '0' : '100%', overflow: 'visible' }, el('path', { class: 'mlee-off', d: beyond === 'left' ? 'M0 7 L6 3 L6 11 Z' : 'M0 7 L-6 3 L-6 11 Z' })) : piece('mlee-line', left, `${width}%`, 6, 2),
    !beyond && el('svg', { x: `${point}%`, overflow: 'visible' }, el('rect', { class: 'mlee-dot', x: -3, y: 3.5, width: 7, height: 7, rx: 3.5 })));
}

function findings(found) {
  return found.length ? [el('ul', { class: 'mlee-findings' }, ...found.map(([kind, level, rule, message, remedy]) => el('li', { class: kind }, el('strong', {}, level), ' ', el('code', {}, rule), ` ${message} `, el('span', { class: 'mlee-remedy' }, remedy))))] : [];
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
