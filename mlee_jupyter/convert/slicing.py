"""The backward slice: what the kept variables need, through definitions, changes in place, seeds and options.

A statement leaves only when nothing that is kept can feel its absence. Objects that may be the same object count as
one (`b = a`, `pipe = Pipeline([("model", model)])`); drawing random numbers moves the generator for all who draw later.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from . import effects
from .draft import Draft
from .facts import updated_in
from .flow import Stable, stable_names
from .showing import drawing_names, draws
from .types import Effect, Kind, Statement

RANDOM = "<random numbers>"
_TRUSTED = frozenset(
    {"numpy", "pandas", "sklearn", "scipy", "matplotlib", "seaborn", "statsmodels", "math", "statistics", "collections"}
    | {"itertools", "functools", "datetime", "re", "os", "pathlib", "json", "time", "string", "operator", "plotly"}
)


def slice_to(draft: Draft, wanted: Iterable[str]) -> None:
    """Take everything out of the draft that the wanted variables do not need."""
    statements = draft.statements()
    stable = stable_names(statements)
    aliases = _Aliases()
    summaries = {n: _changes_of(s) for n, s in stable.functions.items()}
    for statement in statements:
        _note_aliases(statement, aliases, stable)
    seeded = any(Effect.SEEDS in s.effects for s in statements)
    random_variables = _random_variables(statements)
    needed = set(wanted)
    kept: set[int] = set()
    inside = _Inside(stable)
    kept_reading = False
    for statement in reversed(statements):
        if statement.index in stable.statements:
            continue
        draws_random = Effect.DRAWS_RANDOM in statement.effects or bool(statement.updates & random_variables)
        changed = _changed(statement, summaries, stable)
        touched = {n for name in changed for n in aliases.of(name)} | statement.binds | statement.deletes
        touched -= stable.names
        keep = bool(touched & needed)
        keep = keep or (seeded and draws_random and RANDOM in needed)
        keep = keep or (Effect.SEEDS in statement.effects and RANDOM in needed)
        keep = keep or bool(statement.effects & {Effect.ENVIRONMENT, Effect.UNKNOWN})
        keep = keep or (Effect.SETS_OPTION in statement.effects and not _is_plot_option(statement, stable))
        touches_files = inside.effects(statement)
        keep = keep or (kept_reading and bool(touches_files & {Effect.RUNS_COMMAND, Effect.WRITES_FILE}))
        if not keep:
            continue
        kept.add(statement.index)
        kept_reading = kept_reading or bool(touches_files & {Effect.READS_FILE, Effect.RUNS_COMMAND})
        kept_reading = kept_reading or _changes_folder(statement)
        if Effect.SEEDS in statement.effects:
            needed.discard(RANDOM)
        needed -= statement.defines
        needed |= _reads(statement, stable)
        if draws_random or _may_draw_inside(statement, stable):
            needed.add(RANDOM)
    _keep_used_functions(statements, stable, kept)
    drawing = drawing_names(stable)
    for statement in statements:
        if statement.index not in kept and not (statement.kind is Kind.IMPORT and statement.index in stable.statements):
            draft.take_out(statement, _reason(statement, draws(statement, drawing)))


class _Inside:
    """What statements do to files, with what is done by the functions of the notebook that they mention."""

    def __init__(self, stable: Stable) -> None:
        self._stable = stable
        self._of = {
            name: frozenset(e for call in effects.calls_in(s.node) for e in effects.of_call(call))
            for name, s in {**stable.functions, **stable.guarded}.items()
        }

    def effects(self, statement: Statement) -> frozenset[Effect]:
        """Its effects when it runs."""
        return statement.effects.union(*(self._of.get(n, frozenset()) for n in _reads(statement, self._stable)))


def _changes_folder(statement: Statement) -> bool:
    """Whether it goes to another folder, which somebody has to have made."""
    return any(call.rpartition(".")[2] == "chdir" for call in statement.calls)


def _reason(statement: Statement, drawing: bool) -> str:
    if drawing:
        return "exploration: a plot nothing kept needs"
    if Effect.PRINTS in statement.effects and not statement.binds:
        return "exploration: prints"
    if statement.kind in (Kind.FUNCTION, Kind.CLASS):
        return "a function that nothing kept calls"
    return "nothing kept needs it"


def _keep_used_functions(statements: list[Statement], stable: Stable, kept: set[int]) -> None:
    by_index = {s.index: s for s in statements}
    names = {n for i in kept for n in by_index[i].uses | by_index[i].late_uses | by_index[i].string_uses}
    while True:
        more = {
            s.index
            for n, s in [*stable.functions.items(), *stable.guarded.items()]
            if n in names and s.index not in kept
        }
        if not more:
            return
        kept |= more
        names |= {n for i in more for n in by_index[i].uses | by_index[i].late_uses}


def _reads(statement: Statement, stable: Stable) -> set[str]:
    """What a statement reads, with the variables that the functions it mentions read when called."""
    names = set(statement.uses | statement.late_uses)
    seen: set[str] = set()
    while fresh := {n for n in names if n in stable.functions} - seen:
        seen |= fresh
        names |= {m for n in fresh for m in stable.functions[n].uses | stable.functions[n].late_uses}
    return names


def _may_draw_inside(statement: Statement, stable: Stable) -> bool:
    """Whether a function that the statement mentions draws random numbers."""
    for name in _reads(statement, stable):
        function = stable.functions.get(name)
        if function is not None and any(
            Effect.DRAWS_RANDOM in effects.of_call(c) for c in effects.calls_in(function.node)
        ):
            return True
    return False


def _changed(statement: Statement, summaries: dict[str, _Changes], stable: Stable) -> set[str]:
    """Variables whose object a statement may change in place, calls of functions included."""
    changed = set(statement.updates - stable.names)
    for call in effects.calls_in(statement.node):
        if not isinstance(call.func, ast.Name):
            root = effects.root(call.func)
            if root is not None and root.id in stable.imports and not _is_trusted(root.id, stable):
                changed |= {n.id for a in call.args if (n := effects.root(a))}
            continue
        name = call.func.id
        if name in summaries:
            summary = summaries[name]
            given = [a for place, a in enumerate(call.args) if place in summary.places]
            given += [k.value for k in call.keywords if k.arg in summary.parameters]
            changed |= {root.id for a in given if (root := effects.root(a))} | summary.outside
        elif name in stable.imports and not _is_trusted(name, stable):
            changed |= {n.id for a in call.args if (n := effects.root(a))}
    return changed


def _is_trusted(name: str, stable: Stable) -> bool:
    return stable.imports[name][0][0].top in _TRUSTED


@dataclass(frozen=True)
class _Changes:
    """What calling a function of the notebook may change in place."""

    places: frozenset[int] = frozenset()  # positions of parameters
    parameters: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()  # notebook variables


def _changes_of(statement: Statement) -> _Changes:
    node = statement.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _Changes()
    parameters = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    changed = updated_in(node)
    return _Changes(
        places=frozenset(place for place, name in enumerate(parameters) if name in changed),
        parameters=frozenset(changed & {*parameters, *(a.arg for a in node.args.kwonlyargs)}),
        outside=frozenset(changed & {m.name for m in statement.mentions if not m.binds}),
    )


def _is_plot_option(statement: Statement, stable: Stable) -> bool:
    names = statement.uses | {c.partition(".")[0] for c in statement.calls}
    tops = {stable.imports[n][0][0].top for n in names if n in stable.imports}
    return bool(tops & {"matplotlib", "seaborn", "pylab", "plotly"})


def _random_variables(statements: list[Statement]) -> set[str]:
    """Variables that hold something which draws from the global generator when it is used."""
    found: set[str] = set()
    for statement in statements:
        if Effect.DRAWS_RANDOM in statement.effects:
            found |= statement.binds
    return found


class _Aliases:
    """Sets of names that may hold the same object, or one inside the other."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def _find(self, name: str) -> str:
        while self._parent.setdefault(name, name) != name:
            name = self._parent[name]
        return name

    def join(self, one: str, other: str) -> None:
        self._parent[self._find(one)] = self._find(other)

    def of(self, name: str) -> set[str]:
        home = self._find(name)
        return {n for n in list(self._parent) if self._find(n) == home} | {name}


def _note_aliases(statement: Statement, aliases: _Aliases, stable: Stable) -> None:
    for node in ast.walk(statement.node):
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, (ast.For, ast.comprehension)):
            targets, value = [node.target], node.iter
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            targets, value = [node.optional_vars], node.context_expr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            root = effects.root(node.func)  # a.append(b): b lives inside a from now on
            if (
                root is not None
                and root.id not in stable.names
                and node.func.attr in ("append", "add", "insert", "extend")
            ):
                for name in _held(node, stable):
                    aliases.join(root.id, name)
            continue
        else:
            continue
        names = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
        for held in _held(value, stable):
            for name in names - stable.names:
                aliases.join(name, held)


def _held(value: ast.expr, stable: Stable) -> set[str]:
    """Names whose object may live on inside the value of an expression."""
    if isinstance(value, ast.Name):
        return set() if value.id in stable.names else {value.id}
    if isinstance(value, (ast.Compare, ast.BinOp, ast.UnaryOp, ast.Constant, ast.JoinedStr, ast.Lambda)):
        return set()
    if isinstance(value, ast.Subscript):
        fresh = isinstance(value.slice, (ast.List, ast.Compare))
        return set() if fresh else _held(value.value, stable)
    if isinstance(value, ast.Call):
        inner = [*value.args, *(k.value for k in value.keywords)]
        if isinstance(value.func, ast.Attribute):
            root = effects.root(value.func)
            is_module = root is not None and root.id in stable.imports
            if value.func.attr in effects.PURE_METHODS and not is_module:
                return set()
            if value.func.attr in ("fit", "fit_transform", "fit_predict"):  # what was learnt from is left alone
                return set() if is_module else _held(value.func.value, stable)
            constructs = value.func.attr[:1].isupper()
            if is_module and root is not None and stable.imports[root.id][0][0].top in ("pandas", "numpy"):
                return {a.id for a in value.args[:1] if isinstance(a, ast.Name)}  # may share memory with an array
            if is_module and not constructs and root is not None and _is_trusted(root.id, stable):
                return set()
            return {n for a in inner for n in _held(a, stable)} | (
                set() if is_module else _held(value.func.value, stable)
            )
        name = value.func.id if isinstance(value.func, ast.Name) else ""
        if name in stable.functions:
            return _held_by_result(value, stable.functions[name].node, stable)
        if name in stable.imports and _is_trusted(name, stable) and not name[:1].isupper():
            return set()
        if name in ("len", "str", "int", "float", "round", "sum", "abs", "range", "print", "type"):
            return set()
        return {n for a in inner for n in _held(a, stable)}
    return {n for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr) for n in _held(child, stable)}


def _held_by_result(call: ast.Call, node: ast.stmt, stable: Stable) -> set[str]:
    """Arguments that a function of the notebook may give back, whole or inside something."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return {n for a in (*call.args, *(k.value for k in call.keywords)) for n in _held(a, stable)}
    returned: set[str] = set()
    bound: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Return, ast.Yield)) and inner.value is not None:
            returned |= _held(inner.value, stable)
        elif isinstance(inner, (ast.Assign, ast.For, ast.withitem, ast.NamedExpr, ast.AugAssign, ast.AnnAssign)):
            bound |= {n.id for n in ast.walk(inner) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    parameters = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    through_locals = bool(returned & bound)  # a local may stand for any argument
    found: set[str] = set()
    for place, argument in enumerate(call.args):
        name = parameters[place] if place < len(parameters) else ""
        if through_locals or not name or name in returned:
            found |= _held(argument, stable)
    for keyword in call.keywords:
        if through_locals or keyword.arg is None or keyword.arg in returned:
            found |= _held(keyword.value, stable)
    return found
