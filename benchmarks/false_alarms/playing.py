"""An experiment played as a notebook: cells in a real IPython, a real store, a clock that the player turns."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.health.notebook_facts import notebook_facts
from mlee_jupyter.domain import Evidence, Finding, Level, Outcome
from mlee_jupyter.session import current, faults

from .drawing import Act, Healthy, Try

THOUGHT = 4.0  # minutes between cells, which count as work
NIGHT = 16 * 3600.0
LABEL_METRICS = ("accuracy", "f1", "profit")
_LEVELS = {Level.ERROR: 2, Level.WARNING: 1, Level.ADVICE: 0}


@dataclass
class Clock:
    """Seconds since 1970, turned by hand."""

    seconds: float = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@dataclass
class Heard:
    """Whatever any rule raised at any look, by its code: the heaviest level, and its words."""

    raised: dict[str, tuple[Level, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)  # cells that failed

    def wait(self) -> float:
        return 0.0

    def show(self, evidence: Evidence, findings: Sequence[Finding]) -> None:
        for one in findings:
            if one.outcome is Outcome.FINDING:
                before = self.raised.get(one.rule)
                if before is None or _LEVELS[one.level] > _LEVELS[before[0]]:
                    self.raised[one.rule] = one.level, f"{one.message} | {one.remedy}"


class Player:
    """One kernel after the other in one folder."""

    def __init__(self, folder: Path) -> None:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        os.environ["IPYTHONDIR"] = str(folder / ".ipython")
        os.environ["MPLBACKEND"] = "agg"
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        self.folder, self.shell = folder, InteractiveShell.instance(config=config)
        self.shell.run_line_magic("load_ext", "mlee_jupyter")
        self.clock = Clock()
        self._own = set(self.shell.user_ns)
        faults.shield_faults = False

    def play(self, one: Healthy) -> Heard:
        """The experiment from its first cell to a last look at everything, its notebook's text as well."""
        heard = Heard()
        self.clock.seconds += 40 * 24 * 3600.0
        one.data.to_pickle(self.folder / f"rows_{one.seed}.pkl")
        (self.folder / "pyproject.toml").write_text(one.settings, "utf-8")
        file = self.folder / f"work_{one.seed}.ipynb"
        os.environ["JPY_SESSION_NAME"] = str(file)
        self.kernel(heard)
        text = _Text(one, self, heard)
        text.run()
        counts = list(range(1, len(text.cells) + 1))
        if one.direct.get("counts") == "swapped":
            counts[1], counts[2] = counts[2], counts[1]
        write_notebook(file, text.cells, counts)
        here = current.session()
        evidence = here.evidence()
        facts = notebook_facts(file)
        heard.show(evidence, here.findings(replace(evidence, notebook=facts)))
        current.forget_session()
        (self.folder / f"rows_{one.seed}.pkl").unlink()
        shutil.rmtree(self.folder / ".mlee", ignore_errors=True)  # the same rows again are another experiment
        return heard

    def kernel(self, heard: Heard) -> None:
        """A fresh kernel: no variables, no session of before, and a clock that is turned."""
        current.forget_session()
        for name in set(self.shell.user_ns) - self._own:
            del self.shell.user_ns[name]
        here = current.session()
        here.now = self.clock.now
        here.cells._wall = lambda: self.clock.seconds
        here.cells.written = self.clock.seconds
        here.watching.add(heard)

    def cell(self, source: str, heard: Heard, *, minutes: Sequence[float] = ()) -> None:
        """Run one cell; so many minutes pass while its first, its second candidate is at work."""
        here, left = current.session(), list(minutes)

        def passes() -> None:
            self.clock.seconds += 60 * (left.pop(0) if left else 0.0)

        here.cells.on_enter = passes
        said = StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            result = self.shell.run_cell(source, store_history=False)
        fault = result.error_in_exec or result.error_before_exec
        if fault is not None:
            heard.faults.append(f"{type(fault).__name__}: {fault} in {source[:200]!r}")
        self.clock.seconds += 2.0

    def work(self, minutes: float, heard: Heard) -> None:
        """Looking at this and that."""
        while minutes > 0:
            step = min(THOUGHT, minutes)
            self.clock.seconds += 60 * step
            self.cell("None", heard)
            minutes -= step


class _Text:
    """The cells of an experiment in its style, run one by one."""

    def __init__(self, one: Healthy, player: Player, heard: Heard) -> None:
        self.one, self.player, self.heard = one, player, heard
        self.cells: list[str] = []
        self.magics = one.style == "magics"

    def run(self) -> None:
        one = self.one
        opening = [*one.setup, *self._start()]
        for source in opening:
            self._cell(source)
        self._acts(one.early)
        total = 60 * one.used * (one.budget or 2.0)
        runs = list(self._runs())
        own = sum(sum(minutes) for _, minutes in runs)
        each = max(0.0, 0.7 * total - own) / max(1, len(runs))  # the last third is for looking at what came out
        stops = {len(runs) * k // one.sittings for k in range(1, one.sittings)}
        for k, (source, minutes) in enumerate(runs):
            if k in stops and k:
                self._break(opening)
            if one.shows and "owner" in one.charter and k == max(1, len(runs) // 2):
                self._verb('shown --to "customer care" --said "go on"', 'shown(to="customer care", said="go on")')
            self.player.work(each, self.heard)
            self._cell(source, minutes=minutes)
        if one.shows and "owner" in one.charter and len(runs) == 1:
            self._verb('shown --to "customer care" --said "go on"', 'shown(to="customer care", said="go on")')
        if one.style == "compare" and one.kind == "rows":
            self._compare()
        used = current.session().evidence().used.total_seconds() / 60
        self.player.work(max(0.0, total - used), self.heard)
        self._acts(one.late)
        if one.decide:
            self._decide()
        self._acts(one.last)

    def _start(self) -> list[str]:
        one = self.one
        if not one.has_charter and self.magics and one.budget is None and one.kind == "folds":
            return []  # nothing but %%mlee_candidate
        name = f"work {one.seed}"
        if self.magics:
            options = f" --budget {one.budget:g}h" if one.budget else ""
            options += f" --truth {one.truth}" if one.truth else ""
            options += f" --features {one.features}" if one.features else ""
            head = f'%%mlee_experiment start "{name}"{options}'
            if not one.charter:
                return [head.removeprefix("%")]
            return [head + "\n" + "\n".join(f"{key} = {_toml(value)}" for key, value in one.charter.items())]
        words = {"budget": f"{one.budget:g}h" if one.budget else None, "truth": one.truth, "features": one.features}
        words |= one.charter
        given = "".join(f"    {key}={value!r},\n" for key, value in words.items() if value is not None)
        return [f"work = mlee.start(\n    {name!r},\n{given})"]

    def _runs(self) -> Iterator[tuple[str, list[float]]]:
        one = self.one
        if one.style == "loop" and all(each.model and not each.before for each in one.tries) and one.kind == "rows":
            yield self._loop(), [each.minutes for each in one.tries]
            return
        for place, each in enumerate(one.tries):
            yield self._try(each, place), [each.minutes]

    def _try(self, each: Try, place: int) -> str:
        value, lines = each.ends, each.before + "\n" if each.before else ""
        if each.model:
            fitted = f"{each.model}.fit(X_train, y_train)"
            value = fitted
            if self.one.metric in LABEL_METRICS and place % 2:
                value = f"{fitted}.predict(X_test)"
            if self.one.metric in ("roc_auc", "log_loss") and place % 2:
                value = f"{fitted}.predict_proba(X_test)"
        variant = each.variant
        if self.magics or "--" in each.options:
            options = f" --simplicity {each.simplicity}" if each.simplicity is not None else ""
            options += f' --variant "{variant}"' if variant else ""
            return f"%%mlee_candidate {each.candidate}{options}{each.options}\n{lines}{value}"
        named = f", simplicity={each.simplicity}" if each.simplicity is not None else ""
        named += f", variant={variant!r}" if variant else ""
        inside = "".join(f"    {line}\n" for line in lines.splitlines())
        return f'with work.candidate("{each.candidate}"{named}) as run:\n{inside}    run.record({value})'

    def _loop(self) -> str:
        models = "".join(f'    ("{each.candidate}", {each.model}),\n' for each in self.one.tries)
        return (
            f"models = [\n{models}]\nfor name, model in models:\n"
            "    work.record(name, model.fit(X_train, y_train), quiet=True)"
            if not self.magics
            else ""
        )

    def _compare(self) -> None:
        one = self.one
        models = {each.candidate: each.model for each in one.tries if each.model}
        asks = "predict_proba" if one.metric in ("roc_auc", "log_loss") else "predict"
        if len(models) < 2 or len(models) != len({each.candidate for each in one.tries}):
            return
        answers = "".join(
            f'    "{name}": {model}.fit(X_train, y_train).{asks}(X_test),\n' for name, model in models.items()
        )
        self._cell(f'answers = {{\n{answers}}}\nmlee.compare(y_test, answers, metric="{one.metric}")')

    def _break(self, opening: list[str]) -> None:
        """The evening; next day the notebook is opened again and its first cells are run."""
        self.player.clock.seconds += NIGHT
        self.player.kernel(self.heard)
        for source in opening:
            self.player.cell(source, self.heard)

    def _decide(self) -> None:
        evidence = current.session().evidence()
        judged = evidence.judgement
        chosen = self.one.direct.get("choose") or (judged.recommended if judged is not None else None)
        if callable(chosen):
            chosen = chosen(evidence)
        target = self.one.charter.get("must_reach")
        standing = judged.of(chosen) if judged is not None and chosen is not None else None
        if "choose" not in self.one.direct and judged is not None and standing is not None and target is not None:
            better = standing.score >= target if judged.higher_is_better else standing.score <= target
            if not better:  # what was agreed not to be enough is not taken
                self._verb('decide none --because "none is good enough"', 'decide(None, because="none is good enough")')
                return
        if chosen is not None:
            why = "the simplest that is as good"
            self._verb(f'decide "{chosen}" --because "{why}"', f'decide("{chosen}", because="{why}")')

    def _verb(self, magic: str, handle: str) -> None:
        self._cell(f"%mlee_experiment {magic}" if self.magics else f"work.{handle}")

    def _acts(self, acts: list[Act]) -> None:
        for act in acts:
            self.player.clock.seconds += act.days * 24 * 3600
            if act.call is not None:
                act.call(current.session())
                continue
            source = act.magic if act.magic and self.magics else act.source
            if not act.runs:
                self.cells.insert(0 if act.where == "start" else len(self.cells), source)
            elif source:
                self._cell(source)

    def _cell(self, source: str, *, minutes: Sequence[float] = ()) -> None:
        self.cells.append(source)
        self.player.clock.seconds += 20.0
        self.player.cell(source, self.heard, minutes=minutes)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + "}"
    return json.dumps(value)


def write_notebook(file: Path, cells: Sequence[str], counts: Sequence[int]) -> None:
    """As it is saved after a run from top to bottom."""
    written = [
        {
            "cell_type": "code",
            "id": f"cell-{k}",
            "execution_count": counts[k],
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for k, source in enumerate(cells)
    ]
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    told = {"cells": written, "metadata": {"kernelspec": python}, "nbformat": 4, "nbformat_minor": 5}
    file.write_text(json.dumps(told), "utf-8")
