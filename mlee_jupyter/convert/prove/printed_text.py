"""What notebook and package print, held together line by line; of lines that do not repeat, what repeats of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mlee_jupyter.convert.types import Facts, Plan, Sameness, ValueVerdict

from .equal import NUMBER, same_text, without_addresses

WHOLE, LINE, NUMBERS = "printed by {}", "printed by {}, line {}", "printed by {}, numbers of line {}"
_CUT = 80


@dataclass(frozen=True, slots=True)
class PrintedPiece:
    """A part of one line as the notebook printed it, without its end; `pattern` is what is asked of it instead."""

    text: str
    pattern: str | None = None


def unsteady_text(statement: str, one: str, other: str) -> Iterator[str]:
    """The places of a statement's text that differ between two runs: lines, or only the numbers in them."""
    if same_text(one, other):
        return
    lines, others = one.splitlines(), other.splitlines()
    if len(lines) != len(others) or one.endswith("\n") != other.endswith("\n"):
        yield WHOLE.format(statement)
        return
    for number, (line, now) in enumerate(zip(lines, others, strict=True), start=1):
        if not same_text(line, now):
            alike = NUMBER.sub("#", without_addresses(line)) == NUMBER.sub("#", without_addresses(now))
            yield (NUMBERS if alike else LINE).format(statement, number)


def text_verdict(
    plan: Plan, original: Mapping[str, str], package: Mapping[str, str], unstable: Collection[str]
) -> ValueVerdict | None:
    """The text of the statements that went to the package, in order; None where neither side prints."""
    facts = plan.original or plan.facts
    indexes = [i for i in sorted(plan.flow) if original.get(str(i)) or WHOLE.format(i) in unstable]
    found = without_addresses("".join(package.values()))
    if not indexes and not found:
        return None
    lines = _lines(indexes, original, unstable)
    where = _first_apart(lines, found)
    if where is not None:
        return ValueVerdict(name="printed text", verdict=Sameness.DIFFERENT, detail=where)
    aside = _set_aside(facts, indexes, unstable)
    compared = not indexes or any(_says(piece) for line in lines if line for piece in line)
    verdict = Sameness.IDENTICAL if compared else Sameness.NOT_PROVEN
    detail = f"set aside, as the notebook does not repeat it: {aside}" if aside else ""
    return ValueVerdict(name="printed text", verdict=verdict, detail=detail)


def _says(piece: PrintedPiece) -> bool:
    """Whether a comparison of a piece says anything."""
    if piece.pattern == ".*":
        return False
    return bool((piece.text if piece.pattern is None else NUMBER.sub("", piece.text)).strip())


def _lines(
    indexes: Sequence[int], original: Mapping[str, str], unstable: Collection[str]
) -> list[list[PrintedPiece] | None]:
    """The lines of the notebook's text, each in pieces; None stands for any lines at all."""
    lines: list[list[PrintedPiece] | None] = [[]]
    for index in indexes:
        if WHOLE.format(index) in unstable:
            lines += [None, []]
            continue
        parts = without_addresses(original[str(index)]).split("\n")
        for number, part in enumerate(parts, start=1):
            pattern = None
            if LINE.format(index, number) in unstable:
                pattern = ".*"
            elif NUMBERS.format(index, number) in unstable:
                pattern = NUMBER.pattern.join(map(re.escape, NUMBER.split(part)))
            if number > 1:
                lines.append([])
            last = lines[-1]
            assert last is not None
            if part or pattern:
                last.append(PrintedPiece(part, pattern))
    return lines


def _first_apart(lines: list[list[PrintedPiece] | None], found: str) -> str | None:
    """None when a text is the lines, in order; else the first that is not there."""
    if None in lines:
        return _first_missing(lines, found)
    now, ends_alike = found.split("\n"), bool(lines[-1]) == (not found.endswith("\n") and found != "")
    wanted, now = lines[: _count(lines)], now[: len(now) - (not now[-1])]
    for number, (line, text) in enumerate(zip(wanted, now, strict=False), start=1):
        assert line is not None
        if not _fits(line, text):
            was = "".join(p.text for p in line)
            return f"line {number}: {was[:_CUT]!r} became {text[:_CUT]!r}"
    return None if len(wanted) == len(now) and ends_alike else f"{len(wanted)} lines became {len(now)}"


def _count(lines: Sequence[list[PrintedPiece] | None]) -> int:
    return len(lines) - (not lines[-1])


def _fits(line: list[PrintedPiece], text: str) -> bool:
    if all(p.pattern is None for p in line):
        return same_text("".join(p.text for p in line), text)
    return re.fullmatch("".join(p.pattern or re.escape(p.text) for p in line), text) is not None


def _first_missing(lines: list[list[PrintedPiece] | None], found: str) -> str | None:
    """The same where some of the text may be anything: what is between must be there, in order."""
    runs: list[list[str]] = [[]]
    said: list[str] = [""]
    for place, line in enumerate(lines):
        if line is None:
            runs.append([])
            said.append("")
            continue
        text = "".join(p.pattern or re.escape(p.text) for p in line)
        follows = place + 1 < len(lines) and lines[place + 1] is not None
        runs[-1].append(text + ("\n" if follows else ""))
        said[-1] = said[-1] or "".join(p.text for p in line)
    at = 0
    for place, run in enumerate(runs):
        whole = "".join(run)
        if place == len(runs) - 1:
            match = re.compile(f"(?s:.*)(?-s:{whole})\\Z").match(found, at) if place else re.fullmatch(whole, found)
        else:
            match = re.compile(whole).search(found, at) if place else re.compile(whole).match(found)
        if match is None:
            return f"{said[place][:_CUT]!r} is not there"
        at = match.end()
    return None


def _set_aside(facts: Facts, indexes: Sequence[int], unstable: Collection[str]) -> str:
    """The cells, and their lines, that no comparison was made of."""
    told: dict[int, list[str]] = {}
    for index in indexes:
        cell = facts.statements[index].cell
        if WHOLE.format(index) in unstable:
            told.setdefault(cell, []).append("all of a text")
        places = [re.fullmatch(rf"printed by {index}, (numbers of )?line (\d+)", p) for p in unstable]
        for found in sorted((p for p in places if p), key=lambda p: int(p[2])):
            told.setdefault(cell, []).append(f"{'the numbers of ' if found[1] else ''}line {found[2]}")
    return "; ".join(f"cell {cell}: {', '.join(what)}" for cell, what in told.items())
