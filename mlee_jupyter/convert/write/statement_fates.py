"""Why each statement of a notebook went where it did: into which module and for which result, or out of the package."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mlee_jupyter.convert.analyse.flow import stable_names
from mlee_jupyter.convert.analyse.showing import drawing_names, draws
from mlee_jupyter.convert.plan.slicing import Need
from mlee_jupyter.convert.types import Effect, Kind, Lifted, Plan, Statement

_SHOWN_RESULTS = 2
_WHY_SETTING = {
    "seed": "it decides what is drawn",
    "hyper-parameter": "a number that the model is given",
    "path": "where a file lies",
    "absolute path": "where a file lies, seen from the data root",
    "features": "names that belong together, and that one changes together",
    "constant": "a value with a name of its own that is computed with",
}
_DEEDS = {  # in this order: the first that a statement does is said
    Effect.SEEDS: "it sets a seed for all that is drawn below",
    Effect.ENVIRONMENT: "it changes the environment for all that runs below",
    Effect.SETS_OPTION: "it sets an option for all that runs below",
    Effect.WRITES_FILE: "it writes a file",
    Effect.RUNS_COMMAND: "it runs a command",
    Effect.PRINTS: "it prints",
    Effect.PLOTS: "it draws",
    Effect.DRAWS_RANDOM: "it draws random numbers, and others would come below without it",
    Effect.UNKNOWN: "what it does cannot be told from its text",
}


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One statement: where it went, and why."""

    cell: int
    line: int
    code: str  # its first line, as the notebook has it
    fate: str  # "kept", "setting", "left out"
    where: str  # a module and its function, a key; empty where it was left out
    why: str
    results: tuple[str, ...] = ()  # of the package, that need it


def explained(plan: Plan) -> tuple[Explained, ...]:
    """Every statement of the notebook's code, in its order."""
    return tuple(_Explaining(plan).all())


class _Explaining:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.facts = plan.facts
        statements = [self.facts.statements[i] for i in plan.flow]
        self.stable = stable_names(statements, frozenset(plan.constants))
        self.flow = set(plan.flow)
        self.stage_of = {i: f"{s.module}.{s.name}" for s in plan.stages for i in s.statements}
        self.hoisted = {h.statement: h for h in plan.hoisted}
        self.settings = [(*place, one) for one in plan.lifted for place in one.places]
        self.statements = statements
        need = Need(statements, self.facts.notebook.path.parent)
        self.always = need.of(())
        self.needed = {name: self._read_by([name]) for name in plan.results}  # as the text says
        self.may_need = {name: need.of([name]) - self.always for name in plan.results}  # through what may be changed
        drawing = drawing_names(self.stable)
        self.drawing = {s.index for s in statements if draws(s, drawing)}

    def all(self) -> Iterator[Explained]:
        original = (self.plan.original or self.facts).statements
        for before, statement in zip(original, self.facts.statements, strict=True):
            fate, where, why = self._of(statement)
            results = tuple(name for name, needed in self.needed.items() if statement.index in needed)
            yield Explained(
                cell=before.cell,
                line=before.first_line,
                code=before.code.strip().split("\n", 1)[0],
                fate=fate,
                where=where,
                why=why,
                results=results if fate == "kept" else (),
            )

    def _of(self, statement: Statement) -> tuple[str, str, str]:
        index = statement.index
        if index in self.plan.left_out:
            return "left out", "", self.plan.left_out[index]
        if index not in self.flow:
            one = next((s for c, line, s in self.settings if (c, line) == (statement.cell, statement.first_line)), None)
            return ("setting", one.dotted, _why_setting(one)) if one else ("left out", "", "nothing is left of it")
        if statement.kind is Kind.IMPORT and index not in self.stage_of:
            readers = self._readers(statement.binds)
            if not readers:
                return "left out", "", "an import that nothing kept reads"
            return "kept", ", ".join(readers), "imported where it is read"
        where = self.stage_of.get(index) or self._of_function(index)
        inline = list(dict.fromkeys(one.key for c, line, one in self.settings if _inside(c, line, statement)))
        many = "settings" if len(inline) > 1 else "a setting"
        given = f"; {', '.join(inline)} became {many}" if inline else ""
        return "kept", where, f"{self._why(statement)}{given}"

    def _of_function(self, index: int) -> str:
        one = self.hoisted.get(index)
        return f"{one.module}.{one.name}" if one else "the modules that read it"

    def _readers(self, names: Collection[str]) -> list[str]:
        """The modules in which one of some names is read."""
        places = {i: where.partition(".")[0] for i, where in self.stage_of.items()}
        places |= {i: h.module for i, h in self.hoisted.items()}
        read: dict[str, None] = {}
        for index in self.plan.flow:
            one = self.facts.statements[index]
            if index in places and (one.uses | one.late_uses | one.string_uses) & set(names):
                read[places[index]] = None
        return list(read)

    def _read_by(self, wanted: Collection[str]) -> set[int]:
        """The statements that bind or change what some variables are made of, as their names say."""
        needed, found = set(wanted), set[int]()
        for statement in reversed(self.statements):
            if statement.kind is not Kind.IMPORT and self._makes(statement) & needed:
                found.add(statement.index)
                needed -= statement.defines - statement.updates
                needed |= statement.uses | statement.late_uses
        return found

    def _why(self, statement: Statement) -> str:
        bound = statement.binds & set(self.plan.results)
        if bound and self._binds_last(statement, bound):
            shown = statement.index in self.plan.named
            said = ", ".join(sorted(bound))
            return f"{said} was shown, and is given back" if shown else f"{said} is given back"
        results = [name for name, needed in self.needed.items() if statement.index in needed]
        if results:
            return f"{_first(results)} {'needs' if len(results) == 1 else 'need'} it"
        reader = self._reader(statement) if statement.binds else None
        if reader is not None:
            return f"what cell {reader.cell} {self._does(reader)} needs it"
        if deed := self._deed(statement):
            return deed
        if (reader := self._reader(statement)) is not None:
            return f"what cell {reader.cell} {self._does(reader)} needs it"
        results = [name for name, needed in self.may_need.items() if statement.index in needed]
        if results:
            return f"{_first(results)} may need it: through what they are made of"
        if statement.kind in (Kind.FUNCTION, Kind.CLASS):
            return "code of the notebook's own"
        return "nothing kept reads it, yet no rule takes it out"

    def _deed(self, statement: Statement) -> str:
        if "show_figures" in statement.calls:
            return "it shows what was drawn"
        found = next((said for effect, said in _DEEDS.items() if effect in statement.effects), "")
        return found or (_DEEDS[Effect.PLOTS] if statement.index in self.drawing and not statement.binds else "")

    def _reader(self, statement: Statement) -> Statement | None:
        """The first statement below that prints, draws or writes what this one makes, at once or by way of others."""
        names = self._makes(statement)
        for later in self.statements:
            if later.index > statement.index and (later.uses | later.late_uses) & names:
                if self._does(later):
                    return later
                names |= self._makes(later)
        return None

    def _makes(self, statement: Statement) -> set[str]:
        """What it binds or changes; an option of a library is not what the library is read for."""
        return set(statement.binds | statement.updates) - self.stable.imports.keys()

    def _does(self, statement: Statement) -> str:
        if Effect.PRINTS in statement.effects:
            return "prints"
        if Effect.WRITES_FILE in statement.effects:
            return "writes"
        return "draws" if statement.index in self.drawing or Effect.PLOTS in statement.effects else ""

    def _binds_last(self, statement: Statement, names: Collection[str]) -> bool:
        later = (self.facts.statements[i] for i in self.plan.flow if i > statement.index)
        return not any(one.binds & set(names) for one in later)


def _why_setting(one: Lifted) -> str:
    return _WHY_SETTING.get(one.kind, "a value that steers what is computed")


def _inside(cell: int, line: int, statement: Statement) -> bool:
    return cell == statement.cell and statement.first_line <= line <= statement.last_line


def _first(results: Collection[str]) -> str:
    """The first results by name, and how many there are beside them."""
    shown = list(results)[:_SHOWN_RESULTS]
    more = len(results) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else " and ".join(shown)
