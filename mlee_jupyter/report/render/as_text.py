"""The board for a terminal: aligned columns, shapes and words, never wider than asked."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain.text.names import columns, count, cut, pad, sentences, wrap
from mlee_jupyter.report.text.plain_json import JSON
from mlee_jupyter.report.text.states import SYMBOLS, State

from .board_columns import COLUMNS, NAME, Column, page_of
from .captions import hidden_text

_NARROWEST_NAME = 10
_WIDEST_NAME = 32
_FULL = (State.BEST, State.LEADER, State.ONLY, State.AS_GOOD, State.CANT_TELL, State.APART, State.FAILED)


def text(board: JSON, *, width: int = 100) -> str:
    """The board as lines of at most `width` columns (40 at least)."""
    width = max(40, width)
    lines: list[str] = []
    for position, part in enumerate(board["boards"]):
        if position:
            lines.append("")
        lines += _head(board, part, position, width)
        shown, hidden = page_of(part)
        lines += table_lines(shown, width)
        lines += [f"   {hidden_text(hidden)}"] if hidden else []
        lines += wrap("In words: " + sentences(part["words"]), width)
    for line in (*board["words"], *(entry["text"] for entry in [board["decided"]] if entry)):
        lines += wrap(sentences([line]), width)
    if found := found_text(board["findings"]):
        lines.append(f"{found}: %mlee_check")
    for notice in board["notices"]:
        lines += wrap(notice, width)
    return "\n".join(line.rstrip() for line in lines)


def found_text(findings: JSON) -> str:
    """ "1 error, 2 warnings"; empty when nothing was found."""
    numbers = [(len(findings["errors"]), "error"), (len(findings["warnings"]), "warning")]
    parts = [count(number, thing) for number, thing in numbers if number]
    if findings["advice"]:
        parts.append(f"{len(findings['advice'])} advice")
    return ", ".join(parts)


def _head(board: JSON, part: JSON, position: int, width: int) -> list[str]:
    experiment, metric = board["experiment"], part["metric"]
    said = [metric["label"], metric["direction"]]
    if part["n_text"]:
        said.append(part["n_text"])
    if len(board["boards"]) > 1:
        said.append(cut(part["source_text"], 36))
    name = cut(experiment["label"], max(12, width // 3))
    if position:
        return wrap(f"{name}  {', '.join(said)}", width, rest="   ")
    said += [experiment["candidates_text"], experiment["variants_text"]]
    time = board["time"]
    clock = f"{time['text']}" + ("" if time["state"] == "open" else f", {time['state']}")
    line = f"{name}  {', '.join(said)}"
    if columns(line) + 3 + columns(clock) <= width:
        return [f"{line}   {clock}"]
    return [*wrap(line, width, rest="   "), f"   {clock}"]


def table_lines(
    rows: Sequence[JSON], width: int, *, fields: Sequence[Column] = COLUMNS, is_whole: bool = False
) -> list[str]:
    """Full lines for what matters, the clearly worse and the baselines after the first packed into a few.

    Args:
        rows: rows of a board.
        width: columns of the terminal.
        fields: which of a row's fields.
        is_whole: pack none.
    """
    told = [_with_reason(row) for row in rows]
    full, packed = (told, []) if is_whole else _split(told)
    lines: list[str] = []
    if full:
        shown = [c for c in fields if c.key != NAME.key and any(row[c.key] for row in full)]
        sizes = {c.key: max([columns(c.head), *(columns(row[c.key]) for row in full)]) for c in shown}
        name = max([columns(NAME.head), *(columns(row["label"]) for row in full)])
        name = min(name, _WIDEST_NAME)
        while True:
            spare = width - 3 - sum(sizes[c.key] + 2 for c in shown)
            doomed = [c for c in shown if c.give_up]
            if spare >= min(name, _NARROWEST_NAME) or not doomed:
                break
            shown.remove(max(doomed, key=lambda c: c.give_up))
        name = max(_NARROWEST_NAME, min(name, spare))
        if "against_text" in sizes:  # words give way before a name does
            sizes["against_text"] = max(8, sizes["against_text"] - max(0, name - spare))
        heads = [pad(cut(c.head, sizes[c.key]), sizes[c.key], right=c.right) for c in shown]
        lines.append("  ".join([" " * 3 + pad(NAME.head, name), *heads]))
        for row in full:
            cells = [pad(cut(row[c.key], sizes[c.key]), sizes[c.key], right=c.right) for c in shown]
            line = "  ".join([f" {row['symbol']} " + pad(cut(row["label"], name), name), *cells])
            lines += _with_notes(line, _notes(row), width)
    return lines + _pack(packed, width)


def _split(rows: list[JSON]) -> tuple[list[JSON], list[JSON]]:
    """The nearest worse row stands in full, to say by how much; a chosen one always."""
    full: list[JSON] = []
    packed: list[JSON] = []
    worse = 0
    for row in rows:
        if row["state"] == State.WORSE:
            worse += 1
            (full if worse == 1 or row["mark"] == "chosen" else packed).append(row)
        else:
            (full if row["state"] in _FULL or row["mark"] == "chosen" else packed).append(row)
    return full, packed


def _with_reason(row: JSON) -> JSON:
    """A short reason stands where the range would be; a long one stays a note."""
    reason = row["reason"]
    if not reason or row["state"] != State.APART or columns(reason) > len("bare number"):
        return row
    return {**row, "range_text": reason, "notes": [note for note in row["notes"] if note != reason]}


def _notes(row: JSON) -> list[str]:
    notes = list(row["notes"])
    if row["variants"] > 2:
        notes.append(row["variants_text"])
    if row["recommended"]:
        return [f"<- {notes[0]}", *(f"({note})" for note in notes[1:])]
    return [f"({note})" for note in notes]


def _with_notes(line: str, notes: list[str], width: int) -> list[str]:
    """Notes stand behind the row where there is room, under it where not."""
    if not notes:
        return [line]
    said = "  ".join(notes)
    if columns(line.rstrip()) + 2 + columns(said) <= width:
        return [f"{line}  {said}" if columns(line) + 2 + columns(said) <= width else f"{line.rstrip()}  {said}"]
    return [line, *wrap(said, width, first=" " * 6, rest=" " * 6)]


def _pack(rows: list[JSON], width: int) -> list[str]:
    lines: list[str] = []
    for row in rows:
        said = [*([row["state"]] if row["state"] not in (State.WORSE,) else []), *row["notes"]]
        entry = " ".join(part for part in (cut(row["label"], 24), row["score_text"]) if part)
        entry = f"{row['symbol']} {entry}" + (f" ({', '.join(said)})" if said else "")
        if lines and columns(lines[-1]) + 3 + columns(entry) <= width:
            lines[-1] += f"   {entry}"
        else:
            lines.append(cut(f" {entry}", width))
    return lines


def legend() -> str:
    """What the shapes mean, on one line."""
    seen: dict[str, str] = {}
    for state, symbol in SYMBOLS.items():
        seen.setdefault(symbol, state.value)
    return "   ".join(f"{symbol} {word}" for symbol, word in seen.items())
