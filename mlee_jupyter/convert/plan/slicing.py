"""The backward slice: what the kept variables need, through definitions, changes in place, seeds and options.

A statement leaves only when nothing that is kept can feel its absence. Objects that may be the same object count as
one (`b = a`, `pipe = Pipeline([("model", model)])`); drawing random numbers moves the generator for all who draw later.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from pathlib import Path

from mlee_jupyter.convert.analyse.aliases import Aliases
from mlee_jupyter.convert.analyse.deeds import FAMILIES, Readings
from mlee_jupyter.convert.analyse.flow import Stable, stable_names
from mlee_jupyter.convert.analyse.showing import drawing_names, draws
from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.types import Effect, Kind, Statement

FILES = "<files>"


def slice_to(draft: Draft, wanted: Iterable[str]) -> None:
    """Take everything out of the draft that the wanted variables do not need."""
    statements = draft.statements()
    need = Need(statements, draft.facts.notebook.path.parent)
    stable, kept = need.stable, need.of(wanted)
    drawing = drawing_names(stable)
    for statement in statements:
        if statement.index not in kept and not (statement.kind is Kind.IMPORT and statement.index in stable.statements):
            draft.take_out(statement, _reason(statement, draws(statement, drawing)))


class Need:
    """What variables need, of some statements.

    Args:
        statements: what flows, in order.
        folder: the notebook's.
    """

    def __init__(self, statements: Sequence[Statement], folder: Path) -> None:
        self.statements = statements
        self.stable = stable_names(statements)
        self._readings = Readings(statements, self.stable, folder)
        self._deeds = {s.index: self._readings.of(s) for s in statements if s.index not in self.stable.statements}
        self._aliases = Aliases()
        for statement in statements:
            self._aliases.note(statement.node, self.stable)
        self._seeded = any(one.seeds for one in self._deeds.values())
        drawing = [s for s in statements if s.index in self._deeds and self._deeds[s.index].draws]
        self._random_variables = {n for s in drawing for n in s.binds}

    def of(self, wanted: Iterable[str]) -> set[int]:
        """The indexes of the statements that some variables need, and of those that everything below needs."""
        needed = set(wanted)
        generators: set[str] = set()  # whose state a kept statement draws from
        kept: set[int] = set()
        for statement in reversed(self.statements):
            if statement.index not in self._deeds:
                continue
            done = self._deeds[statement.index]
            moved = set(FAMILIES) if done.changes & self._random_variables else done.draws
            touched = {n for name in done.changes for n in self._aliases.of(name)} - self.stable.names
            touched |= statement.binds | statement.deletes
            keep = bool(touched & needed)
            keep = keep or (self._seeded and bool((moved | done.seeds) & generators))
            keep = keep or bool(done.effects & {Effect.ENVIRONMENT, Effect.UNKNOWN})
            keep = keep or (Effect.SETS_OPTION in done.effects and not _is_plot_option(statement, self.stable))
            keep = keep or (FILES in needed and bool(done.effects & {Effect.RUNS_COMMAND, Effect.WRITES_FILE}))
            if not keep:
                continue
            kept.add(statement.index)
            if done.seeds != FAMILIES and _surely_seeds(statement):
                generators -= done.seeds
            generators |= moved
            needed -= statement.defines
            read = _reads(statement, self.stable) | done.reads
            needed |= read | self._readings.kept_by(read)
            if done.effects & {Effect.READS_FILE, Effect.RUNS_COMMAND} or _changes_folder(statement):
                needed.add(FILES)
        _keep_used_functions(self.statements, self.stable, kept)
        return kept


def _surely_seeds(statement: Statement) -> bool:
    """Whether a statement is a call that sets a seed, and nothing around it."""
    node = statement.node
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and Effect.SEEDS in effects.of_call(node.value)
        and sum(1 for _ in effects.calls_in(node)) == 1
    )


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


def _keep_used_functions(statements: Sequence[Statement], stable: Stable, kept: set[int]) -> None:
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


def _is_plot_option(statement: Statement, stable: Stable) -> bool:
    names = statement.uses | {c.partition(".")[0] for c in statement.calls}
    tops = {stable.imports[n][0][0].top for n in names if n in stable.imports}
    return bool(tops & {"matplotlib", "seaborn", "pylab", "plotly"})
