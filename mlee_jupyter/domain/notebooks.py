"""What is seen in a notebook's text. Nothing of it was run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """Something seen in a notebook's text, and where."""

    cell: int  # 1-based over all cells, prose included
    line: int  # in the cell's source, 1-based
    what: str  # a name, a path, a kind of secret; never a secret itself
    more: str = ""  # what a rule needs to know beside, in plain words


class NameSeen(NamedTuple):
    """A notebook-level name at one place, in the order in which a fresh run would meet it."""

    cell: int
    line: int
    name: str
    what: str  # "binds", "may bind", "deletes", or "reads": read for sure when its cell runs


class Definition(NamedTuple):
    """A function or class at the top level of a cell."""

    cell: int
    line: int
    name: str
    body: str  # a fingerprint of its code; comments, layout and docstring do not count
    reads: tuple[str, ...] = ()  # notebook variables it reads as globals
    again: bool = False  # meant to stand several times: an overload, a registered case, a class that extends itself


class ListSeen(NamedTuple):
    """A list, tuple or set of three or more texts, written out."""

    cell: int
    line: int
    items: tuple[str, ...]


OWN = "′"  # with a number behind it: the mark of a function's own name, which no variable can have


class Step(NamedTuple):
    """One call of interest to leakage, or an assignment that carries values on, in the notebook's order."""

    cell: int
    line: int
    what: str  # "split", "fit", "fit resample", "use" (predict, score, transform), "forecast", "assign"
    makes: tuple[str, ...] = ()  # names it binds or changes; of a split by position
    reads: tuple[str, ...] = ()  # names in its arguments
    receiver: str = ""  # the variable whose method is called, or the text of the object made on the spot
    maker: str = ""  # the class behind the receiver as far as the text tells: "StandardScaler"
    method: str = ""
    answers: bool = False  # of a fit: it is given more than rows


class Rows(NamedTuple):
    """The rows that a variable holds, as far as they can be followed."""

    id: int  # the same for every variable that holds the same rows
    name: str
    within: tuple[int, ...] = ()  # ids of the rows that these are a part of
    test: bool = False  # declared to be what models are judged on: the held-out part of a split, or named test
    held: str = ""  # "train": the part of a split that models learn from


class FitSeen(NamedTuple):
    """One fit of a model, and what the fitted model was judged on before it was fitted again."""

    cell: int
    line: int
    model: str
    on: Rows | None
    stops_on: Rows | None = None  # rows that end the training
    tuned_on: Rows | None = None  # rows that a search chose its settings by
    has_answers: bool = False  # it was given the answers as well
    judged: tuple[Rows, ...] = ()


class SearchSeen(NamedTuple):
    """A search for settings whose objective scores its tries on rows that are known."""

    cell: int
    line: int
    objective: str
    on: Rows
    reported: bool = False  # its best value is read afterwards


class SameValue(NamedTuple):
    """One right-hand side stored under two names, nothing it reads having changed between."""

    cell: int
    line: int
    name: str
    first_cell: int
    first_name: str
    text: str


class CellIgnore(NamedTuple):
    """`# mlee: ignore[RULE] reason` in a cell."""

    cell: int
    line: int
    rule: str  # as written, a name or a code
    because: str


class CellSeen(NamedTuple):
    """One code cell that holds anything."""

    number: int
    execution_count: int | None
    lines: tuple[tuple[int, str], ...] = ()  # (line, text) without comments, blank lines and indentation at the end
    length: int = 0  # lines of its source
    expects_error: bool = False  # tagged raises-exception


class BrokenCell(NamedTuple):
    """A code cell that Python cannot read."""

    cell: int
    line: int  # in the cell's source, 1-based
    words: str  # what Python says of it
    kind: str = "broken"  # or "Python 2", "newer Python", "bare magic": a magic without % beside other lines


class PackageSeen(NamedTuple):
    """A package near a notebook that was made from it."""

    folder: str
    behind: bool  # the notebook's code has changed since
    cells: tuple[int, ...] = ()  # its cells as they are now that the package does not know
    edited: tuple[str, ...] = ()  # files of the package that were changed by hand


@dataclass(frozen=True, kw_only=True)
class NotebookFacts:
    """What rules may know of a notebook's text; filled by the converter's reader. Nothing of it was run."""

    path: str
    sources: tuple[str, ...] = ()
    cells: tuple[CellSeen, ...] = ()
    broken: tuple[BrokenCell, ...] = ()
    names: tuple[NameSeen, ...] = ()
    known_names: frozenset[str] = frozenset()  # may be bound in a way that the text does not show: magics, hosts
    open_names: bool = False  # star imports, exec, %run: any name may be bound
    definitions: tuple[Definition, ...] = ()
    lists: tuple[ListSeen, ...] = ()
    constants: tuple[Place, ...] = ()  # tuned numbers: `what` is the setting, `more` the value as written
    paths: tuple[Place, ...] = ()  # absolute ones
    secrets: tuple[Place, ...] = ()
    randoms: tuple[Place, ...] = ()  # draws without a seed of their own; `more` is the generator: "numpy", "random"
    seeds: tuple[Place, ...] = ()  # generators seeded; `what` as in `randoms`
    steps: tuple[Step, ...] = ()
    fits: tuple[FitSeen, ...] = ()
    on_test: frozenset[tuple[int, int]] = frozenset()  # cell, line of a fit on rows that are kept for judging
    searches: tuple[SearchSeen, ...] = ()
    same_values: tuple[SameValue, ...] = ()
    ignores: tuple[CellIgnore, ...] = ()
    packages: tuple[PackageSeen, ...] = ()  # filled by `mlee check` alone: it looks at folders
