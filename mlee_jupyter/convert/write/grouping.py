"""What belongs together travels together: stages with many results give a dataclass, and stages take it whole.

    X_train, X_test, y_train, y_test = split_data(houses)        split = split_data(houses)
    model = fit_model(X_train, y_train)                     ->   model = fit_model(split)

At most five inputs and three outputs. What a stage gives is grouped first; where a stage still takes too much, so is
what gives it most; what comes one by one from many stages is gathered in the pipeline.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mlee_jupyter.convert.plan.naming import snake
from mlee_jupyter.convert.read.facts import BUILTINS
from mlee_jupyter.convert.read.own_words import own_words
from mlee_jupyter.convert.types import Plan, Stage

MOST_INPUTS, MOST_OUTPUTS = 5, 3
HOME = "records"  # the module of the classes, where one beside each stage would import in a circle
_BY_VERB = {"split": "split", "evaluate": "evaluation", "fit": "fit", "train": "fit", "plot": "drawing"}
_BY_MODULE = {"evaluate": "evaluation", "model": "fit", "plots": "drawing"}
_OURS = frozenset({"Results", "Config", "RunResults", "PackageResults", "dataclass", "Any", "run", "config", "results"})


@dataclass(frozen=True, kw_only=True)
class Group:
    """Variables in one frozen dataclass."""

    name: str  # the class
    variable: str  # what it is called in the pipeline, and as a parameter
    module: str  # where the class stands
    stage: str  # that gives it; of a gathered one, that takes it
    fields: tuple[str, ...]
    gathered: bool = False


class Groups:
    """The groups of a package, and who takes what from which.

    Args:
        plan: where everything goes.
        settings: how many parameters the settings of a stage need at least.
    """

    def __init__(self, plan: Plan, settings: Callable[[Stage], int]) -> None:
        self.plan = plan
        self.given: dict[str, Group] = {}  # by the stage that gives it
        self.gathered: dict[str, list[Group]] = {}  # by the stage that takes it
        self._taken = _names_taken(plan)
        if "group values" in plan.without:
            self._trace()
            return
        for stage in plan.stages:
            if len(stage.outputs) > MOST_OUTPUTS:
                self._give(stage)
        self._trace()
        for stage in plan.stages:
            self._narrow(stage, MOST_INPUTS - settings(stage))
        self._trace()
        self._settle()

    @property
    def all(self) -> list[Group]:
        """Every group, in the order of the stages."""
        return [*self.given.values(), *(g for groups in self.gathered.values() for g in groups)]

    def of(self, stage: Stage) -> dict[str, Group]:
        """The group that brings each input of a stage; inputs that come alone are left out."""
        gathered = {n: g for g in self.gathered.get(stage.name, ()) for n in g.fields}
        return {**self._brought[stage.name], **gathered}

    def in_the_pipeline(self, stage: Stage, name: str) -> str:
        """How the pipeline writes an input of a stage."""
        group = self._brought[stage.name].get(name)
        return f"{group.variable}.{name}" if group else name

    def parameters(self, stage: Stage) -> list[str | Group]:
        """What a stage takes beside settings: variables, and groups where their first one stands."""
        brought = self.of(stage)
        return list(dict.fromkeys(brought.get(n, n) for n in stage.inputs))

    def _trace(self) -> None:
        """Follow the groups through the stages: a variable bound anew has left its group."""
        self._brought: dict[str, dict[str, Group]] = {}
        self._source: dict[str, dict[str, Stage]] = {}
        now: dict[str, Stage] = {}
        for stage in self.plan.stages:
            self._source[stage.name] = {n: now[n] for n in stage.inputs if n in now}
            self._brought[stage.name] = self._members(self._source[stage.name])
            now |= dict.fromkeys(stage.outputs, stage)
        self.at_the_end = self._members({n: now[n] for n in self.plan.results if n in now})

    def _members(self, source: Mapping[str, Stage]) -> dict[str, Group]:
        return {n: self.given[s.name] for n, s in source.items() if s.name in self.given}

    def _narrow(self, stage: Stage, most: int) -> None:
        """Group until a stage takes few enough: what one stage gives, then what is called alike, then the rest."""
        while len(self.parameters(stage)) > most:
            alone = [n for n in stage.inputs if n not in self.of(stage)]
            source = self._source[stage.name]
            counts = Counter(source[n].name for n in alone if n in source)
            name, count = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
            if count > 1:
                self._give(next(s for s in self.plan.stages if s.name == name))
                self._trace()
                continue
            if len(alone) < 2:
                return
            kinds = Counter(_kind(n) for n in alone)
            kind, count = max(kinds.items(), key=lambda pair: pair[1])
            too_many = len(self.parameters(stage)) - most
            alike = kind and count > 1
            fields = tuple(n for n in alone if _kind(n) == kind) if alike else tuple(alone[-(too_many + 1) :])
            word = f"{kind}s" if alike and not kind.endswith("s") else kind if alike else ""
            choices = [word, f"{word}_of_{stage.name}" if word else "", f"input_of_{stage.name}"]
            self.gathered.setdefault(stage.name, []).append(self._named(choices, stage, fields, gathered=True))

    def _give(self, stage: Stage) -> None:
        verb, _, rest = stage.name.partition("_")
        usual = _BY_VERB.get(verb, "")
        if not usual and rest in stage.outputs:  # a part, not the whole
            rest = _BY_MODULE.get(stage.module, stage.module)
        choices = [usual or rest, f"{rest}_{usual}" if usual else "", stage.name]
        self.given[stage.name] = self._named(choices, stage, stage.outputs)

    def _named(self, choices: Sequence[str], stage: Stage, fields: tuple[str, ...], *, gathered: bool = False) -> Group:
        for variable in _more(choices):
            name = "".join(w[:1].upper() + w[1:] for w in variable.split("_"))
            if variable.isidentifier() and not {variable, name} & self._taken:
                break
        self._taken |= {variable, name}
        return Group(
            name=name, variable=variable, module=stage.module, stage=stage.name, fields=fields, gathered=gathered
        )

    def _settle(self) -> None:
        """Put the classes into one module where stages of two modules take from each other."""
        homes = {s.name: s.module for s in self.plan.stages}
        needs: dict[str, set[str]] = {}
        for stage in self.plan.stages:
            groups = set(self._brought[stage.name].values())
            needs.setdefault(stage.module, set()).update({homes[g.stage] for g in groups} - {stage.module})
        if not _has_circle(needs):
            return
        home = HOME if HOME not in self.plan.modules else f"{HOME}_of_steps"
        for name, one in self.given.items():
            moved = Group(name=one.name, variable=one.variable, module=home, stage=one.stage, fields=one.fields)
            self.given[name] = moved
        self._trace()


def _more(choices: Sequence[str]) -> Iterator[str]:
    """The choices, then the last one with a word behind it, then with more of them."""
    named = [c for c in choices if c]
    yield from named
    more = named[-1]
    while True:
        more = f"{more}_values"
        yield more


def _kind(name: str) -> str:
    """The last word of a name, which tells what a thing is: `score` for knn_score."""
    first, _, last = snake(name).rpartition("_")
    return last if first and last.isalpha() else ""


def _names_taken(plan: Plan) -> set[str]:
    """Every name that a group may not have."""
    nodes = (n for c in plan.facts.notebook.code for n in ast.walk(ast.parse(c.python)))
    words = {w for n in nodes for w in own_words(n)} | {w for s in plan.facts.statements for w in s.string_uses}
    words |= {s.name for s in plan.stages} | {h.name for h in plan.hoisted} | set(plan.constants)
    words |= {one.key for one in plan.constants.values()}
    sections = {one.section for one in plan.constants.values()}
    classes = {"".join(w.capitalize() for w in s.split("_")) + "Config" for s in sections}
    return {*words, *BUILTINS, *_OURS, *classes, *(f"{s}_config" for s in sections)}


def _has_circle(needs: Mapping[str, set[str]]) -> bool:
    left = {module: set(others) for module, others in needs.items()}
    while left:
        free = [m for m, others in left.items() if not others & left.keys()]
        if not free:
            return True
        for module in free:
            del left[module]
    return False
