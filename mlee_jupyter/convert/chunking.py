"""Where one stage function ends and the next begins: the cheapest way through the notebook, in its own order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .flow import Flow, Step
from .topics import Topic
from .types import Statement

LONGEST = 45  # lines of a stage function; the formatter makes more of them
_NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Chunk:
    """Steps start..stop as one function of a module."""

    start: int
    stop: int
    module: str


def chunks_of(
    flow: Flow, topics: Mapping[int, Topic], given: frozenset[str] = frozenset(), *, whole: bool = False
) -> list[Chunk]:
    """Cut the flow into functions.

    The price of a function grows with its arguments beyond 3, its results beyond 3, and lines outside 5 to 20; a cut
    inside a cell costs more, a stage over two headings too. A function kept as a closure stays with what it reads.
    With `whole`, only changes of module are cuts.
    """
    steps = flow.steps
    count = len(steps)
    lines = [line_count(s.statement) for s in steps]
    modules = [topics[s.statement.cell].module for s in steps]
    headings = [topics[s.statement.cell].heading for s in steps]
    tied = _tied(steps)
    best = [0.0] + [_NEVER] * count
    origin = [0] * (count + 1)
    for start in range(count):
        if best[start] >= _NEVER:
            continue
        total = 0
        for stop in range(start + 1, count + 1):
            total += lines[stop - 1]
            if stop < count and not _may_cut(steps, stop, lines, modules, tied, whole=whole):
                continue
            same = modules[start] == modules[stop - 1]
            if not same and not _tied_between(tied, start, stop):
                break
            price = best[start] + _price(flow, start, stop, total, given)
            price += 0.0 if headings[start] == headings[stop - 1] else 2.0
            if stop < count and _middle_of_cell(steps, stop):
                price += 6.0
            if price < best[stop]:
                best[stop], origin[stop] = price, start
            if not whole and total > 4 * LONGEST and best[stop] < _NEVER:
                break
    chunks: list[Chunk] = []
    stop = count
    while stop > 0:
        start = origin[stop]
        chunks.append(Chunk(start=start, stop=stop, module=_majority(modules[start:stop], lines[start:stop])))
        stop = start
    return chunks[::-1]


def line_count(statement: Statement) -> int:
    """Lines of code and comments of a statement."""
    return sum(1 for line in statement.text.split("\n") if line.strip())


def _price(flow: Flow, start: int, stop: int, lines: int, given: frozenset[str]) -> float:
    taken = [n for n in flow.inputs(start, stop) if n not in given]
    outputs = flow.outputs(start, stop)
    price = 2.0 + 0.5 * len(taken) + 0.8 * max(0, len(taken) - 3) + 2.0 * max(0, len(taken) - 8)
    price += 0.5 * len(outputs) + 1.2 * max(0, len(outputs) - 3)
    price += 0.5 * max(0, 5 - lines) + 0.12 * max(0, lines - 18) + 1.5 * max(0, lines - LONGEST)
    return price


def _middle_of_cell(steps: Sequence[Step], place: int) -> bool:
    return steps[place - 1].statement.cell == steps[place].statement.cell


def _may_cut(
    steps: Sequence[Step], place: int, lines: Sequence[int], modules: Sequence[str], tied: set[int], *, whole: bool
) -> bool:
    if place in tied or (whole and modules[place - 1] == modules[place]):
        return False
    return not _middle_of_cell(steps, place) or _is_long(steps, place, lines)


def _is_long(steps: Sequence[Step], place: int, lines: Sequence[int]) -> bool:
    """Whether a cell is too long to be one function."""
    cell = steps[place].statement.cell
    return sum(n for s, n in zip(steps, lines, strict=True) if s.statement.cell == cell) > LONGEST


def _tied(steps: Sequence[Step]) -> set[int]:
    """Places where no cut may fall: between a function kept as a closure and later bindings of what it reads."""
    tied: set[int] = set()
    for place, step in enumerate(steps):
        if not step.statement.late_uses:
            continue
        names = {m.name for m in step.statement.mentions if m.binds and not m.late}
        last_use = max((i for i, s in enumerate(steps) if i > place and s.reads & names), default=place)
        for later in range(place + 1, last_use + 1):
            if (steps[later].sure | steps[later].maybe) & step.statement.late_uses:
                tied |= set(range(place + 1, later + 1))
    return tied


def _tied_between(tied: set[int], start: int, stop: int) -> bool:
    return any(place in tied for place in range(start + 1, stop))


def _majority(modules: Sequence[str], lines: Sequence[int]) -> str:
    weight: dict[str, int] = {}
    for module, count in zip(modules, lines, strict=True):
        weight[module] = weight.get(module, 0) + count
    return max(weight, key=lambda m: weight[m])
