"""How names flow between statements: what is stable (imports, functions), what is a variable, who needs what."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mlee_jupyter.convert.read.facts import BUILTINS
from mlee_jupyter.convert.types import Import, Kind, Statement

from .import_order import waiting_imports


@dataclass
class Stable:
    """Names that mean the same everywhere: they live at the top of modules and never travel as arguments."""

    imports: dict[str, list[tuple[Import, Statement]]] = field(default_factory=dict)
    guarded: dict[str, Statement] = field(default_factory=dict)  # name -> try/if block that does nothing but import
    functions: dict[str, Statement] = field(default_factory=dict)
    statements: set[int] = field(default_factory=set)  # indexes of the statements behind all of these

    @property
    def names(self) -> set[str]:
        """All of them."""
        return {*self.imports, *self.guarded, *self.functions}


def stable_names(statements: Sequence[Statement], given: Iterable[str] = ()) -> Stable:
    """What may leave the flow: imports and functions bound in one way only, functions reading nothing that varies.

    Args:
        statements: what flows.
        given: variables that come from the configuration.
    """
    bound: dict[str, list[Statement]] = {name: [] for name in given}
    for statement in statements:
        for name in statement.binds | statement.deletes:
            bound.setdefault(name, []).append(statement)
    fixed = (Kind.IMPORT, Kind.FUNCTION, Kind.CLASS)
    variables = {name for name, by in bound.items() if any(s.kind not in fixed for s in by) or not by}
    stable, waiting = Stable(), waiting_imports(statements)
    for statement in statements:
        if statement.index in waiting:
            continue
        if statement.kind is Kind.IMPORT and all(_same_import(i.name, bound) for i in statement.imports):
            stable.statements.add(statement.index)
            for one in statement.imports:
                stable.imports.setdefault(one.name, []).append((one, statement))
        elif _is_guarded_import(statement, variables) and all(len(bound[n]) == 1 for n in statement.binds):
            stable.statements.add(statement.index)
            stable.guarded |= dict.fromkeys(statement.binds, statement)
    updated = {n for s in statements for n in s.updates}
    functions = {
        s.binds_one: s
        for s in map(_Single, statements)
        if s.binds_one and len(bound[s.binds_one]) == 1 and s.binds_one not in updated
    }
    chosen = {name: single.statement for name, single in functions.items()}
    while True:
        steady = stable.names
        varying = {n for n in bound if n not in steady and n not in chosen}
        leaving = {
            name for name, s in chosen.items() if (s.uses | s.late_uses) - {name} & varying or _reads(s, name, varying)
        }
        leaving |= {name for name, s in chosen.items() if _defined_with_later(s, chosen)}
        if not leaving:
            break
        for name in leaving:
            del chosen[name]
    stable.functions = chosen
    stable.statements |= {s.index for s in chosen.values()}
    return stable


class _Single:
    """A function or class statement and the one name it binds."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        node = statement.node
        is_definition = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        self.binds_one = node.name if is_definition and len(statement.binds) == 1 else ""  # type: ignore[attr-defined]


def _reads(statement: Statement, name: str, varying: set[str]) -> bool:
    return bool(((statement.uses | statement.late_uses) - {name}) & varying)


def _defined_with_later(statement: Statement, chosen: dict[str, Statement]) -> bool:
    """Whether a default, decorator or base names a function that is defined further down."""
    return any(chosen[n].index > statement.index for n in statement.uses if n in chosen)


def _same_import(name: str, bound: dict[str, list[Statement]]) -> bool:
    """Whether every statement that binds a name imports the same thing (submodules of one package count)."""
    if name == "*":
        return True
    origins = set()
    for statement in bound.get(name, []):
        found = [i for i in statement.imports if i.name == name]
        if not found or statement.kind is not Kind.IMPORT:
            return False
        origins |= {(i.top if i.attribute is None and not i.alias else i.module, i.attribute) for i in found}
    return len(origins) <= 1


def _is_guarded_import(statement: Statement, variables: set[str]) -> bool:
    """A try or if that only imports, sets fallbacks that are no variable of the notebook, or passes."""
    node = statement.node
    if not isinstance(node, ast.Try) or not statement.binds or statement.uses & variables:
        return False
    plain = [*node.body, *node.orelse, *node.finalbody, *(s for h in node.handlers for s in h.body)]
    has_import = any(isinstance(s, (ast.Import, ast.ImportFrom)) for s in plain)
    names = [h.name for h in node.handlers if h.name]
    return has_import and not names and all(_imports_or_falls_back(s) for s in plain)


def _imports_or_falls_back(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):  # to a name: `os.environ["A"] = "1"` is a deed
        return all(isinstance(t, ast.Name) for t in node.targets) and isinstance(node.value, (ast.Constant, ast.Name))
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass))


@dataclass(frozen=True)
class FlowStep:
    """What one flowing statement does to variables: stable names and built-ins are left out."""

    statement: Statement
    reads: frozenset[str]
    sure: frozenset[str]
    maybe: frozenset[str]
    deletes: frozenset[str]
    reading: tuple[str, ...]  # the variables it reads, and those it binds, in the order in which they are written
    binding: tuple[str, ...]


@dataclass
class Flow:
    """The flowing statements with liveness: `live[i]` holds the variables read at or after statement i."""

    steps: list[FlowStep]
    live: list[frozenset[str]]
    bound_before: list[frozenset[str]]  # variables possibly bound before statement i

    def inputs(self, start: int, stop: int) -> tuple[str, ...]:
        """Variables that steps start..stop take from before, in the order of their first reading."""
        return self._names(start, stop).inputs(stop)

    def outputs(self, start: int, stop: int) -> tuple[str, ...]:
        """Variables bound here that a later step reads, in the order of their first binding."""
        return self._names(start, stop).outputs(stop)

    def _names(self, start: int, stop: int) -> NameFlow:
        names = NameFlow(self, start)
        for step in self.steps[start:stop]:
            names.add(step)
        return names


class NameFlow:
    """What goes in and out of the steps from a start on, while a step at a time is added.

    Args:
        flow: the steps.
        start: the first of them.
    """

    def __init__(self, flow: Flow, start: int) -> None:
        self.flow = flow
        self.before = flow.bound_before[start]
        self._read: dict[str, None] = {}
        self._sure: set[str] = set()
        self._maybe: set[str] = set()
        self._bound: dict[str, None] = {}

    def add(self, step: FlowStep) -> None:
        """The next step."""
        for name in step.reading:
            if name in self.before and name not in self._sure:
                self._read.setdefault(name)
        self._sure |= step.sure
        self._sure -= step.deletes
        self._maybe |= step.maybe
        for name in step.binding:
            self._bound.setdefault(name)

    def inputs(self, stop: int) -> tuple[str, ...]:
        """Variables that the steps before `stop` take from before, in the order of their first reading."""
        kept = (self._maybe - self._sure) & self.flow.live[stop] & self.before if self._maybe else ()
        return (*self._read, *sorted(n for n in kept if n not in self._read))

    def outputs(self, stop: int) -> tuple[str, ...]:
        """Variables bound here that a step from `stop` on reads, in the order of their first binding."""
        live = self.flow.live[stop]
        return tuple(n for n in self._bound if n in live)


def _step(statement: Statement, variables: frozenset[str]) -> FlowStep:
    reads = frozenset((statement.uses | statement.late_uses) & variables)
    sure, maybe = statement.defines & variables, statement.may_define & variables
    places: dict[str, int] = {}
    for place, mention in enumerate(statement.mentions):
        places.setdefault(mention.name, place)

    def written(name: str) -> tuple[int, str]:
        return places.get(name, len(statement.mentions)), name

    return FlowStep(
        statement=statement,
        reads=reads,
        sure=sure,
        maybe=maybe,
        deletes=statement.deletes,
        reading=tuple(sorted(reads, key=written)),
        binding=tuple(sorted(sure | maybe, key=written)),
    )


def flow_of(statements: Sequence[Statement], stable: Stable, wanted: Iterable[str], given: Iterable[str] = ()) -> Flow:
    """Liveness over the flowing statements.

    Args:
        statements: what flows, in order; the stable ones among them are skipped.
        stable: names that do not travel.
        wanted: variables that must be there at the end.
        given: variables that are there at the start (configuration values).
    """
    given = frozenset(given)
    flowing = [s for s in statements if s.index not in stable.statements]
    variables = frozenset(n for s in flowing for n in s.binds) | given
    variables -= stable.names
    steps = [_step(s, variables) for s in flowing]
    live: list[frozenset[str]] = [frozenset(wanted)]
    for step in reversed(steps):
        live.append(step.reads | (live[-1] - step.sure - step.deletes))
    live.reverse()
    before: list[frozenset[str]] = [given]
    for step in steps:
        before.append((before[-1] | step.sure | step.maybe) - step.deletes)
    return Flow(steps=steps, live=live, bound_before=before)


def reads_builtin_before_binding(steps: Sequence[FlowStep]) -> dict[str, list[int]]:
    """Built-ins that a run of steps also binds: name -> places of the steps that mean the built-in."""
    bound = {n for s in steps for n in s.sure | s.maybe} & BUILTINS
    found: dict[str, list[int]] = {}
    sure: set[str] = set()
    for place, step in enumerate(steps):
        for name in bound - sure:
            if name in step.statement.uses:
                found.setdefault(name, []).append(place)
        sure |= step.sure
    return found
