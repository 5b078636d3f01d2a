"""Where one stage function ends and the next begins: the cheapest way through the notebook, in its own order."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mlee_jupyter.convert.analyse.flow import Flow, FlowStep, NameFlow
from mlee_jupyter.convert.analyse.topics import Topic
from mlee_jupyter.convert.types import Statement

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
    long_cells = _long_cells(steps, lines)
    ties = list(accumulate((place in tied for place in range(count + 1)), initial=0))  # how many before a place
    middle = [0 < place < count and _middle_of_cell(steps, place) for place in range(count + 1)]
    cuts = [
        place == count or _may_cut(steps, place, long_cells, modules, tied, whole=whole) for place in range(count + 1)
    ]
    best = [0.0] + [_NEVER] * count
    origin = [0] * (count + 1)
    for start in range(count):
        if best[start] >= _NEVER:
            continue
        total, added = 0, start
        names = NameFlow(flow, start)
        for stop in range(start + 1, count + 1):
            total += lines[stop - 1]
            if not cuts[stop]:
                continue
            if modules[start] != modules[stop - 1] and ties[stop] == ties[start + 1]:
                break
            price = best[start] + _price_of_lines(total) + (6.0 if middle[stop] else 0.0)
            price += 0.0 if headings[start] == headings[stop - 1] else 2.0
            if price < best[stop]:  # else what goes in and out need not be counted
                for step in steps[added:stop]:
                    names.add(step)
                added = stop
                price += _price_of_names(names, stop, given)
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


def _price_of_lines(lines: int) -> float:
    return 2.0 + 0.5 * max(0, 5 - lines) + 0.12 * max(0, lines - 18) + 1.5 * max(0, lines - LONGEST)


def _price_of_names(names: NameFlow, stop: int, given: frozenset[str]) -> float:
    taken = [n for n in names.inputs(stop) if n not in given]
    outputs = names.outputs(stop)
    price = 0.5 * len(taken) + 0.8 * max(0, len(taken) - 3) + 2.0 * max(0, len(taken) - 8)
    return price + 0.5 * len(outputs) + 1.2 * max(0, len(outputs) - 3)


def _middle_of_cell(steps: Sequence[FlowStep], place: int) -> bool:
    return steps[place - 1].statement.cell == steps[place].statement.cell


def _may_cut(
    steps: Sequence[FlowStep], place: int, long_cells: set[int], modules: Sequence[str], tied: set[int], *, whole: bool
) -> bool:
    if not 0 < place < len(steps) or place in tied or (whole and modules[place - 1] == modules[place]):
        return False
    return not _middle_of_cell(steps, place) or steps[place].statement.cell in long_cells


def _long_cells(steps: Sequence[FlowStep], lines: Sequence[int]) -> set[int]:
    """Cells that are too long to be one function."""
    total: Counter[int] = Counter()
    for step, count in zip(steps, lines, strict=True):
        total[step.statement.cell] += count
    return {cell for cell, count in total.items() if count > LONGEST}


def _tied(steps: Sequence[FlowStep]) -> set[int]:
    """Places where no cut may fall: between a function kept as a closure and later bindings of what it reads."""
    tied: set[int] = set()
    last_read: dict[str, int] = {}
    bound_at: dict[str, list[int]] = {}
    for place, step in enumerate(steps):
        last_read |= dict.fromkeys(step.reads, place)
        for name in step.sure | step.maybe:
            bound_at.setdefault(name, []).append(place)
    end = 0  # tied up to here already
    for place, step in enumerate(steps):
        if not step.statement.late_uses:
            continue
        names = {m.name for m in step.statement.mentions if m.binds and not m.late}
        last_use = max((last_read.get(n, place) for n in names), default=place)
        last = max((_before(bound_at.get(n, []), last_use) for n in step.statement.late_uses), default=0)
        if last > place:
            tied |= set(range(max(place + 1, end), last + 1))
            end = max(end, last + 1)
    return tied


def _before(places: Sequence[int], last: int) -> int:
    """The last of some places in order that is not behind another; -1 for none."""
    found = bisect_right(places, last)
    return places[found - 1] if found else -1


def _majority(modules: Sequence[str], lines: Sequence[int]) -> str:
    weight: dict[str, int] = {}
    for module, count in zip(modules, lines, strict=True):
        weight[module] = weight.get(module, 0) + count
    return max(weight, key=lambda m: weight[m])
