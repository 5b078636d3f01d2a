"""The types of the wing: what was read (Notebook, Cell, Statement), planned (Plan), written and proven."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .interpreter import Interpreter


class MagicFate(StrEnum):
    """What becomes of a magic or a shell line."""

    BODY_KEPT = "body kept"  # %time, %%time, %%capture, a candidate's cell
    DEPENDENCY = "dependency"  # !pip install
    SUBPROCESS = "subprocess"  # !cmd, %%bash
    FILE_WRITTEN = "file written"  # %%writefile
    PYTHON = "python"  # %env, %cd: said in plain Python
    GONE = "gone"  # %matplotlib, %timeit, ?help


@dataclass(frozen=True, kw_only=True, slots=True)
class Magic:
    """One magic, shell escape or help request, as it stood and as it goes on."""

    line: int  # in the cell's source, 1-based
    name: str  # "time", "!", "?"
    text: str
    fate: MagicFate
    packages: tuple[str, ...] = ()  # what an install line names
    binds: str = ""  # the variable that it makes and the package does not: `out` of %%capture out


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A markdown heading."""

    level: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell as it stands in the file."""

    number: int  # 1-based over all cells of the notebook, prose included
    kind: str  # "code", "markdown" or "raw"
    source: str
    python: str = ""  # code cells: plain Python, magics carried or blanked, lines kept in place where that is possible
    magics: tuple[Magic, ...] = ()
    needs: tuple[str, ...] = ()  # modules that the Python standing for a magic calls: "subprocess", "os"
    tags: tuple[str, ...] = ()
    execution_count: int | None = None
    outputs: int = 0  # how many outputs are stored with it
    attached: tuple[tuple[str, str], ...] = field(
        default=(), repr=False
    )  # texts of its outputs and metadata, told apart
    headings: tuple[Heading, ...] = ()  # markdown cells
    candidate: str | None = None  # the name behind %%mlee_candidate
    hard_limit: float | None = None  # seconds, of %%mlee_candidate --minutes M --hard
    problems: tuple[tuple[int, str], ...] = ()  # (line, why a magic of it cannot go into a package)


@dataclass(frozen=True, kw_only=True)
class Notebook:
    """A notebook as text: nothing of it was run."""

    path: Path
    cells: tuple[Cell, ...]
    format: int = 4
    remarks: tuple[str, ...] = ()  # about the file itself, for the plan's notes
    attached: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # texts of the notebook's own metadata

    @property
    def code(self) -> tuple[Cell, ...]:
        """Its code cells that hold anything."""
        return tuple(c for c in self.cells if c.kind == "code" and c.source.strip())

    def cell(self, number: int) -> Cell:
        """The cell with that number."""
        return self.cells[number - 1]


class Kind(StrEnum):
    """What a top-level statement is, seen from outside."""

    IMPORT = "import"
    FUNCTION = "function"
    CLASS = "class"
    ASSIGNMENT = "assignment"
    EXPRESSION = "expression"
    BLOCK = "block"  # for, while, if, try, with, match
    OTHER = "other"  # del, assert, raise, pass


class Effect(StrEnum):
    """What a statement does to the world beside binding names."""

    READS_FILE = "reads a file"
    WRITES_FILE = "writes a file"
    SEEDS = "sets a seed"
    DRAWS_RANDOM = "draws random numbers"
    SETS_OPTION = "sets an option"  # rcParams, pandas options, warnings, plot styles
    PRINTS = "prints"
    PLOTS = "plots"
    SHOWS = "shows"  # display(...), or a last expression whose value the notebook displays
    RUNS_COMMAND = "runs a command"
    ENVIRONMENT = "changes the environment"  # os.environ, chdir, sys.path
    UNKNOWN = "may do anything"  # exec, a call that cannot be followed


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A place where a notebook-level name is written."""

    name: str
    node: ast.AST = field(repr=False, compare=False)
    binds: bool  # a target, not a read
    late: bool  # inside a function body: read when that is called
    outside: bool  # read while the statement itself has not surely bound it


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """One name that an import statement binds."""

    name: str  # the name bound: "np", "os" for `import os.path`; "*" for a star
    module: str  # "numpy", "os.path"; relative imports keep their dots
    attribute: str | None  # the object behind `from`; None for `import module`
    alias: bool  # written with `as`
    level: int = 0

    @property
    def top(self) -> str:
        """The distribution-level module: "sklearn" for sklearn.metrics."""
        return self.module.lstrip(".").partition(".")[0]

    @property
    def text(self) -> str:
        """The statement that binds just this name."""
        if self.attribute is None:
            return f"import {self.module}" + (f" as {self.name}" if self.alias else "")
        return f"from {self.module} import {self.attribute}" + (f" as {self.name}" if self.alias else "")


@dataclass(frozen=True, kw_only=True, eq=False)
class Statement:
    """One top-level statement of a code cell, with what it does to names and to the world (CellFacts by statement).

    Names are notebook-level names: what a function or a comprehension binds for itself is not among them.
    """

    cell: int  # its cell's number
    index: int  # its place among all statements of the notebook
    kind: Kind
    node: ast.stmt = field(repr=False)
    leading: str  # comments and blank lines above it
    code: str  # its exact text, decorators included
    trailing: str  # a comment behind it, or the comments that end its cell
    start: int  # where `code` begins in Cell.python, in characters
    first_line: int  # in Cell.python, 1-based
    last_line: int
    defines: frozenset[str]  # surely bound when it ends
    may_define: frozenset[str]  # bound on some paths only (loops, one branch); disjoint from `defines`
    deletes: frozenset[str]
    updates: frozenset[str]  # changed in place: x.append(), x[...] = , x.a = , x += 1, x.fit()
    uses: frozenset[str]  # read from before the statement, words in strings included
    late_uses: frozenset[str]  # read inside function or class bodies that it defines: read when they are called
    string_uses: frozenset[str]  # words in formulas, queries and evaluated text; subset of candidates for `uses`
    mentions: tuple[Mention, ...]
    imports: tuple[Import, ...]
    effects: frozenset[Effect]
    calls: frozenset[str]  # dotted names called: "pd.read_csv", "model.fit"
    displays: bool = False  # the last expression of its cell: the notebook shows its value

    @property
    def binds(self) -> frozenset[str]:
        """Every name it binds, surely or not."""
        return self.defines | self.may_define

    @property
    def text(self) -> str:
        """What stands in the notebook for it, comments included."""
        beside = self.trailing if self.trailing.startswith("\n") else (f"  {self.trailing}" if self.trailing else "")
        return f"{self.leading}{self.code}{beside}"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a whole notebook without running it."""

    notebook: Notebook
    statements: tuple[Statement, ...]
    bound: Mapping[str, tuple[int, ...]]  # name -> indexes of the statements that bind it
    ghosts: Mapping[str, int]  # names read at top level that nothing above binds -> the reading cell

    def of_cell(self, number: int) -> tuple[Statement, ...]:
        """The statements of one cell."""
        return tuple(s for s in self.statements if s.cell == number)


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A cell, or part of one, that goes nowhere, and why."""

    cell: int
    reason: str
    code: str = ""  # empty: the whole cell
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Lifted:
    """One value that moved from the code to config.toml."""

    section: str
    key: str
    value: Any  # what tomllib reads back: int, float, str, bool, list (of those, or of lists)
    places: tuple[tuple[int, int], ...]  # (cell, line) of every place where it stood
    kind: str  # "features", "constant", "path", "hyper-parameter", "seed"
    variable: str | None = None  # the notebook's own name, when the value had one
    also: tuple[str, ...] = ()  # other variables of the notebook that held the same list
    as_tuple: bool = False  # the code had a tuple
    comment: str = ""  # what the notebook said beside or above it

    @property
    def dotted(self) -> str:
        """How --set names it."""
        return f"{self.section}.{self.key}"


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A key, token or password that stood in the notebook; its text is not kept."""

    variable: str  # the environment variable that takes its place
    cell: int
    line: int
    why: str  # "named like a password", "shape of an AWS key", "looks random"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage function: a run of statements in the notebook's order, with what goes in and comes out."""

    name: str  # the function
    module: str
    statements: tuple[int, ...]  # indexes, in order
    inputs: tuple[str, ...]  # notebook variables it takes
    outputs: tuple[str, ...]  # notebook variables it gives back
    settings: tuple[str, ...] = ()  # dotted config values it takes
    doc: str = ""
    cells: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hoisted:
    """A function or class of the notebook that became a module-level one."""

    name: str
    module: str
    statement: int
    parameters: tuple[str, ...] = ()  # notebook variables it read as globals, now keyword parameters
    pure: bool = True


@dataclass(frozen=True, kw_only=True)
class Probe:
    """Where a notebook variable is found while the package runs: a local of a stage function when it returns.

    `module` is "config" for a value that was lifted; `local` is then its dotted name.
    """

    module: str
    function: str
    local: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where everything goes; nothing is written yet."""

    name: str
    facts: Facts
    stages: tuple[Stage, ...]
    hoisted: tuple[Hoisted, ...]
    kept: tuple[int, ...]  # cells of which something is kept
    thin: tuple[int, ...]  # cells that go on in the thin notebook only: prose and displays
    dropped: tuple[Dropped, ...]
    lifted: tuple[Lifted, ...]
    secrets: tuple[Secret, ...]
    results: tuple[str, ...]  # variables that run(config) gives back
    notes: tuple[str, ...] = ()
    keep: str | None = None
    keep_variables: tuple[str, ...] | None = None
    original: Facts | None = field(default=None, repr=False)  # before any rewrite; statements have the same indexes
    flow: tuple[int, ...] = ()  # indexes of the statements that go to the package
    constants: Mapping[str, Lifted] = field(default_factory=dict)  # variable that comes from the configuration
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)  # secrets, for the proof; never written
    hidden: frozenset[str] = field(default=frozenset(), repr=False)  # what is blanked in all that is written or printed
    data_root: Path | None = None  # where absolute paths pointed on this machine, for the proof; never written
    named: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # statement -> names for what it showed
    drawn: frozenset[int] | None = None  # cells of which a run saw a figure; None: nothing was run
    renames: Mapping[str, str] = field(default_factory=dict)  # the notebook's name -> the name in the package
    without: frozenset[str] = frozenset()  # improvement steps left out
    first: tuple[str, ...] = ()  # statements of __init__.py: environment variables that modules read when imported
    left_out: Mapping[int, str] = field(default_factory=dict)  # statement -> why it is not in the package
    interpreter: Interpreter | None = None  # what it is proven with, if not with this one; its versions count
    not_run: tuple[int, ...] = ()  # cells of other candidates that nothing kept needs; the proof does not run them

    @property
    def modules(self) -> tuple[str, ...]:
        """The stage modules in the order of their first use."""
        return tuple(dict.fromkeys([s.module for s in self.stages] + [h.module for h in self.hoisted]))


@dataclass(frozen=True, kw_only=True)
class FunctionLine:
    """One function of the written package, as the report counts it."""

    name: str
    module: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    lines: int


@dataclass(frozen=True, kw_only=True)
class Written:
    """A package on disk (or about to be), and how to look into it."""

    plan: Plan
    folder: Path
    files: Mapping[str, str]  # path relative to the folder -> text
    functions: tuple[FunctionLine, ...]
    probes: Mapping[str, Probe]  # notebook variable -> where its final value is seen
    unproven: tuple[str, ...] = ()  # variables left out with the code that made them


class Sameness(StrEnum):
    """What the proof says of one value, or of the whole."""

    IDENTICAL = "identical"
    DIFFERENT = "different"
    NOT_PROVEN = "not proven"


@dataclass(frozen=True, kw_only=True)
class ValueVerdict:
    """The proof's word on one value."""

    name: str  # "df", "printed text", "figure 2"
    verdict: Sameness
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordedRun:
    """What is left of a run of the original for the package's own tests and its type hints."""

    types: Mapping[str, str] = field(default_factory=dict)  # variable -> "pandas.DataFrame", "float"
    numbers: Mapping[str, Any] = field(default_factory=dict)  # variable -> its golden value, JSON plain (see the docs)
    calls: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)  # pure function -> small calls
    drawn: frozenset[int] | None = None  # cells that made a figure
    unsteady: frozenset[str] = frozenset()  # places that differ where runs begin differently
    failed_cell: int | None = None
    error: str = ""  # "ValueError: ..." of the cell that failed
    missing: tuple[str, ...] = ()  # modules that the notebook imports and the interpreter does not have
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Original and package side by side."""

    verdict: Sameness
    values: tuple[ValueVerdict, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)  # result -> its type, as the package gave it
    numbers: Mapping[str, Any] = field(default_factory=dict)  # result -> its golden value, likewise
    unstable: tuple[str, ...] = ()  # differs between two runs of the original itself
    reason: str = ""  # why it is not proven, in one line
    seconds: Mapping[str, float] = field(default_factory=dict)


class Prover(Protocol):
    """Runs things in fresh processes; the only part of the wing that executes notebook code."""

    def held_back(self, facts: Facts) -> tuple[tuple[int, str], ...]:
        """Commands that must not run on this system without leave: (cell, command)."""
        ...

    def observe(self, plan: Plan) -> RecordedRun:
        """Run the original (twice); what its variables were. Never raises for a notebook that fails: says so."""
        ...

    def compare(self, written: Written) -> Proof:
        """Run the written package once and hold it against what was observed."""
        ...


@dataclass(frozen=True, kw_only=True)
class Landed:
    """What writing did, file by file (paths relative to the folder)."""

    written: tuple[str, ...]
    beside: tuple[str, ...]  # new text put beside a file that was edited by hand: NAME.new
    removed: tuple[str, ...] = ()  # ours, never edited, and no part of the package any more
    left: tuple[str, ...] = ()  # no part of the package any more, but edited by hand
