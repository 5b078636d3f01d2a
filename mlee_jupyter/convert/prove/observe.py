"""The prover: the notebook twice and the package once, each in a fresh process, in a copy of the notebook's folder.

The generators of random numbers begin in the same state on both sides, so that draws without a seed are compared too.
The second run of the notebook begins in another state: what differs then is no value for the package's own tests, and
only a third run, from the first state, tells what is not the same even so.

This is the only part of the wing that executes anything.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
import tomllib
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.analyse.reaches import commands_of, commands_to_hold_back
from mlee_jupyter.convert.child import confine
from mlee_jupyter.convert.interpreter import OWN, Interpreter
from mlee_jupyter.convert.read.magic_code import guesses
from mlee_jupyter.convert.secrets.blanking import never_written
from mlee_jupyter.convert.types import Facts, Kind, Plan, Proof, RecordedRun, Sameness, Written
from mlee_jupyter.convert.write.configuring import root_variable
from mlee_jupyter.convert.write.testing import golden_calls, golden_values, recording_summary

from .displays import imports_of, stages_with_displays
from .folders import PROOFS, prepare, prepare_home, states
from .interpreters import missing_modules
from .processes import JobRun, run_job
from .proof import hold_together, stable_parts

_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '(\w+)'")
LIMIT = 600.0  # seconds for one run
MORE_RUNS = 2  # of the notebook, when a difference is found: two runs may agree by chance


@dataclass
class Observed:
    """The runs of an original."""

    first: JobRun
    recording: RecordedRun
    failed: bool = False
    unstable: frozenset[str] = frozenset()  # places that differ between runs that begin alike
    more: int = 0  # how often it was run again to understand a difference


class FreshProcesses:
    """Proves in fresh processes of one interpreter; an original is run once for all proofs of one notebook.

    Args:
        limit: seconds after which one run is ended.
        progress: told what runs, about once a second.
        effects: whether a run may reach the network, and start any command where the system cannot confine it.
        level: how far the system confines a run, of confine.py; found out by default.
        interpreter: what runs both sides.
    """

    def __init__(
        self,
        limit: float = LIMIT,
        progress: Callable[[str], None] = lambda _: None,
        effects: bool = False,
        level: str | None = None,
        interpreter: Interpreter = OWN,
    ) -> None:
        self.limit = limit
        self.progress = progress
        self.effects = effects
        self.interpreter = interpreter
        self.level = confine.level() if level is None else level
        self._root = Path(os.path.realpath(tempfile.mkdtemp(prefix=PROOFS)))
        self._end = weakref.finalize(self, shutil.rmtree, self._root, ignore_errors=True)
        self._observed: dict[str, Observed] = {}
        self._jobs = 0

    def observe(self, plan: Plan) -> RecordedRun:
        """Run the original (twice); what its variables were. Never raises for a notebook that fails: says so."""
        return self._original(plan).recording

    def compare(self, written: Written) -> Proof:
        """Run the written package and hold it against what was observed; a second run puts its displays back."""
        facts = _facts(written.plan)
        observed = self._original(written.plan)
        if observed.failed:
            raise ValueError("an original that fails cannot be compared with anything")
        started = time.perf_counter()
        run = self._package(written, {})
        stages = stages_with_displays(written.plan) if not run.error else {}
        shown = self._package(written, {"stages": stages, "imports": imports_of(written.plan)}) if stages else None
        seconds = {"original": observed.recording.seconds, "package": run.seconds}
        while True:
            proof = hold_together(written, observed.first, run, shown, observed.unstable, seconds, started)
            numbers = golden_values(run.extra.get("numbers", {}), never_written(facts))
            proof = replace(proof, types=run.extra.get("types", {}), numbers=numbers)
            if proof.verdict is not Sameness.DIFFERENT or run.error or observed.more >= MORE_RUNS:
                return proof
            observed.more += 1
            more = stable_parts(observed.first, self._run(facts, _notebook_job(written.plan)))
            if not more | observed.unstable:
                return proof
            observed.unstable |= more

    def _original(self, plan: Plan) -> Observed:
        cells = [(c.number, c.source) for c in _facts(plan).notebook.code]
        told = repr([_facts(plan).notebook.path.absolute(), cells, plan.not_run])
        key = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
        if key not in self._observed:
            self._observed[key] = self._observe(plan)
        return self._observed[key]

    def _observe(self, plan: Plan) -> Observed:
        facts, job = _facts(plan), _notebook_job(plan)
        first = self._run(facts, job)
        if first.error:
            return Observed(first, self._failed(facts, first), failed=True)
        pure = [h.name for h in plan.hoisted if h.pure and not h.parameters]
        second = self._run(facts, {**job, "functions": pure, "seed": 1}, {"PYTHONHASHSEED": "1"})
        if second.error:
            return Observed(first, self._failed(facts, second), failed=True)
        shaky = stable_parts(first, second)
        recording = replace(_recorded(facts, first, second, shaky), unsteady=shaky)
        return Observed(first, recording, unstable=stable_parts(first, self._run(facts, job)) if shaky else shaky)

    def _failed(self, facts: Facts, run: JobRun) -> RecordedRun:
        missing: list[str] = []
        if named := _NO_MODULE.fullmatch(run.error):
            tops = {i.top for s in facts.statements if s.kind is Kind.IMPORT for i in s.imports if not i.level}
            others = missing_modules(self.interpreter, tops, facts.notebook.path.absolute().parent)
            missing = [named[1], *(name for name in others if name != named[1])]
        return RecordedRun(
            failed_cell=run.failed_cell or 0, error=run.error, missing=tuple(missing), seconds=run.seconds
        )

    def _run(self, facts: Facts, job: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> JobRun:
        self._jobs += 1
        root = self._root
        place, own = self._place(facts)
        whole = {**job, **place}
        last = facts.notebook.code[-1].number

        def watch(cell: int) -> None:
            self.progress(f"running the original, cell {cell} of {last}" if cell else "running the original")

        return run_job(whole, root / f"job{self._jobs}", self.limit, {**own, **(environment or {})}, watch)

    def held_back(self, facts: Facts) -> tuple[tuple[int, str], ...]:
        """Commands that must not run on this system without leave: nothing would keep them in the copied folder."""
        if self.effects or self.level == confine.WHOLE:
            return ()
        return tuple((one.cell, one.text) for one in commands_to_hold_back(facts))

    def _place(self, facts: Facts) -> tuple[dict[str, Any], dict[str, str]]:
        """A fresh copy of the folder and a home of its own: what a job must know of them, and its environment."""
        root, sources = self._root, [c.python for c in facts.notebook.code]
        links = self.level == confine.WHOLE
        own = prepare_home(root / "home", [c.source for c in facts.notebook.code], links)
        work = prepare(facts.notebook.path.parent, root / "copy", sources, links or not commands_of(facts))
        return {
            "work": str(work),
            "protected": [str(facts.notebook.path.parent.resolve())],
            "before": states(work),
            "python": self.interpreter.path,
            "confine": {"root": str(root), "level": self.level, "effects": self.effects},
        }, {**self.interpreter.environment, **own}

    def _package(self, written: Written, more: Mapping[str, Any]) -> JobRun:
        self._jobs += 1
        plan, root = written.plan, self._root
        facts = _facts(plan)
        folder = root / f"package{self._jobs}"
        for name, text in written.files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
        surroundings, own = self._place(facts)
        job = {
            "side": "package",
            "name": plan.name,
            "source": str(folder / "src"),
            "settings": tomllib.loads(written.files.get("config.toml", "")),
            "probes": {n: [p.module, p.function, p.local] for n, p in written.probes.items()},
            "own_modules": [plan.name],
            "summary": recording_summary(),
            **more,
            **surroundings,
        }
        environment = {**own, **plan.environment}
        if plan.data_root is not None:
            environment[root_variable(plan)] = str(plan.data_root)
        self.progress("running the package")
        return run_job(job, root / f"job{self._jobs}", self.limit, environment)


def _facts(plan: Plan) -> Facts:
    return plan.original or plan.facts


def _notebook_job(plan: Plan) -> dict[str, Any]:
    facts = _facts(plan)

    lines: dict[int, list[tuple[int, int]]] = {}
    for statement in facts.statements:
        decorators = [d.lineno for d in getattr(statement.node, "decorator_list", [])]
        lines.setdefault(statement.cell, []).append((min([statement.first_line, *decorators]), statement.index))
    names = set(facts.bound) | {n for s in facts.statements for n in s.updates}
    return {
        "side": "notebook",
        "cells": [
            {"number": c.number, "source": c.source, "tags": list(c.tags), "lines": lines.get(c.number, [])}
            | {"limit": c.hard_limit, "guessed": guesses(c.source)}
            for c in facts.notebook.code
            if c.number not in plan.not_run
        ],
        "names": sorted(names),
        "summary": recording_summary(),
    }


def _recorded(facts: Facts, first: JobRun, second: JobRun, differing: frozenset[str]) -> RecordedRun:
    hidden = never_written(facts)
    source = "\n".join(c.source for c in facts.notebook.code)
    shaky = {place.split(".")[0].split("[")[0] for place in differing}
    numbers = {
        n: told
        for n, told in first.extra["numbers"].items()
        if n not in shaky and second.extra["numbers"].get(n) == told
    }
    return RecordedRun(
        types=first.extra["types"],
        numbers=golden_values(numbers, hidden),
        calls=golden_calls(second.extra["calls"], hidden, source),
        drawn=frozenset(f["cell"] for f in [*first.figures, *second.figures]),
        seconds=first.seconds + second.seconds,
    )
