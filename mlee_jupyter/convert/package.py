"""The use case: plan, run the original, emit, prove, drop the improvement that breaks, write. The doors call it."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mlee_jupyter.domain.errors import MleeError

from .analyse.reach_calls import BY_LEAVE, COMMAND
from .analyse.reaches import cut, reaches
from .draft import STEPS
from .interpreter import OWN, Interpreter
from .plan.planning import plan_notebook
from .plan.refusals import check_output
from .secrets.blanking import Blanker, environment_read
from .types import Plan, Proof, Prover, RecordedRun, Sameness, ValueVerdict, Written
from .write.conversion_report import package_value, plan_text, report_md
from .write.emit import emit
from .write.fate_lines import explanation_text, explanation_value
from .write.outcome import Conversion
from .write.package_drift import drift_of, folder_to_refresh, packages_of, remembered
from .write.writing import write_files

Progress = Callable[[str], None]


def package(
    path: Path | str,
    output: Path | str | None,
    *,
    name: str | None = None,
    keep: str | None = None,
    keep_variables: tuple[str, ...] | None = None,
    accept: str = "",
    run: bool = True,
    refresh: bool = False,
    allow_effects: bool = False,
    interpreter: Interpreter = OWN,
    prover: Prover | None = None,
    progress: Progress = lambda _: None,
) -> Conversion:
    """Turn a notebook into a package and prove that it gives the same values.

    Args:
        path: the notebook.
        output: the folder to write; absent, empty or written by us before (edited files are then kept: the new text
            goes beside them). None: a folder of the notebook's name, or with `refresh` the package made from it.
        name: the package's name; the notebook's by default.
        keep: the candidate to keep.
        keep_variables: the variables to keep.
        accept: why a difference is accepted; empty: a difference stops the write.
        run: False leaves out the proof: nothing of the notebook is executed, and the package says so.
        refresh: make a package of ours again, with the name and the choice to keep that it was made with.
        allow_effects: the proof may reach the network, and run any command where the system cannot confine it.
        interpreter: what notebook and package run in; this one by default.
        prover: what runs things; fresh processes on this machine by default.
        progress: told what is being done, in a few words.

    Returns:
        An `Outcome`: its `verdict` (identical, different, not proven), `plan`, `proof` (None: nothing was run) and
        `landed` (None: nothing was written).

    Raises:
        MleeError: refused, with one line; nothing is written.
    """
    path = Path(path)
    if refresh:
        output = Path(output) if output is not None else folder_to_refresh(path)
        before = remembered(output)
        name = name if name is not None else before["name"]
        if keep is None and keep_variables is None:
            keep, keep_variables = before["keep"], before["keep_variables"]
    output = Path(output) if output is not None else path.with_suffix("")
    check_output(output)
    started = time.perf_counter()
    seconds: dict[str, float] = {}
    progress("reading and planning")
    plan = replace(plan_notebook(path, keep, keep_variables, name=name), interpreter=interpreter)
    seconds["plan"] = time.perf_counter() - started
    if not run:
        written = emit(plan, output)
        seconds["emit"] = time.perf_counter() - started - seconds["plan"]
        outcome = Conversion(plan=plan, written=written, proof=None, landed=None, seconds=seconds)
    else:
        prover = prover or default_prover(progress, allow_effects, interpreter)
        outcome = _proven(plan, output, prover, accept, progress, seconds)
    if outcome.verdict is Sameness.DIFFERENT and not accept:
        return outcome
    progress("writing")
    assert outcome.written is not None
    landed = write_files(outcome.written, {"report.md": _report(outcome)})
    seconds["total"] = time.perf_counter() - started
    return replace(outcome, landed=landed, seconds=seconds)


def _report(outcome: Conversion) -> str:
    return _blanker(outcome.plan).said(report_md(outcome))


def _blanker(plan: Plan) -> Blanker:
    """Blanks what is said of a run: secrets, and every value of the environment that the notebook reads."""
    return Blanker(plan.hidden | environment_read(plan.original or plan.facts))


def _proven(
    plan: Plan, output: Path, prover: Prover, accept: str, progress: Progress, seconds: dict[str, float]
) -> Conversion:
    """All improvements at once; if the proof finds a difference, the exact conversion and then one at a time."""
    blank = _blanker(plan)
    held_back = prover.held_back(plan.original or plan.facts)
    if held_back:
        proof = _not_run(held_back, blank)
        return Conversion(plan=plan, written=emit(plan, output), proof=proof, landed=None)
    progress("running the original")
    begun = time.perf_counter()
    recording = prover.observe(plan)
    seconds["original"] = time.perf_counter() - begun
    if recording.failed_cell is not None:
        raise _fails(plan, recording, blank)
    begun = time.perf_counter()
    plan = replace(plan, drawn=recording.drawn)
    progress("proving")
    written, proof = _attempt(plan, output, recording, prover)
    dropped: list[tuple[str, str]] = []
    if proof.verdict is Sameness.DIFFERENT:
        progress("proving step by step")
        plan, written, proof, dropped = _step_by_step(plan, written, proof, output, recording, prover)
    seconds["proof"] = time.perf_counter() - begun
    begun = time.perf_counter()
    written = emit(plan, output, _with_results(plan, recording, proof), proof.verdict)
    seconds["emit"] = time.perf_counter() - begun
    return Conversion(
        plan=plan,
        written=written,
        proof=proof,
        landed=None,
        accepted=accept if proof.verdict is Sameness.DIFFERENT else "",
        steps_dropped=tuple(dropped),
        seconds=seconds,
    )


def _with_results(plan: Plan, recording: RecordedRun, proof: Proof) -> RecordedRun:
    """The recording, with the golden values and types of results that have a name in the package alone."""
    places = {name: index for index, names in plan.named.items() for name in names}
    types = {n: t for n, t in proof.types.items() if n in places}
    numbers = {
        n: proof.numbers[n]
        for n, index in places.items()
        if n in proof.numbers and proof.verdict is Sameness.IDENTICAL and not _unsteady(index, recording)
    }
    return replace(recording, types={**types, **recording.types}, numbers={**numbers, **recording.numbers})


def _unsteady(index: int, recording: RecordedRun) -> bool:
    return any(re.match(rf"(shown|printed) by {index}\b", place) for place in recording.unsteady)


def _not_run(held_back: tuple[tuple[int, str], ...], blank: Blanker) -> Proof:
    """The proof where a command would run and nothing on this system could keep it in its folder."""
    values = tuple(
        ValueVerdict(name=f"cell {cell}", verdict=Sameness.NOT_PROVEN, detail=f"not run: {cut(blank.said(command))}")
        for cell, command in held_back
    )
    reason = "it runs commands, and this system cannot confine them to a copy; --allow-effects runs them all the same"
    return Proof(verdict=Sameness.NOT_PROVEN, values=values, reason=reason)


def _fails(plan: Plan, recording: RecordedRun, blank: Blanker) -> MleeError:
    cell = recording.failed_cell
    if missing := recording.missing:
        said = " and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
        are = "they are" if len(missing) > 1 else "it is"
        way = "Install it there, name another interpreter (--python, --kernel), or write without proof: --no-run."
        return MleeError(f"The notebook needs {said}, and {are} not in {(plan.interpreter or OWN).path}.", way)
    outside = [r for r in reaches(plan.original or plan.facts) if r.cell == cell and r.kind != COMMAND]
    captured = any(m.name == "%%capture" for c in plan.facts.notebook.code if c.number == cell for m in c.magics)
    where = "under %%capture, where a notebook goes on" if captured else "when the notebook runs from the top"
    said = f"Cell {cell} fails {where}: {blank.said(recording.error).rstrip('.')}."
    if outside:
        what = f"It {outside[0].kind} ({cut(blank.said(outside[0].text))}), which a proof may hold back"
        leave = "let it with --allow-effects" if outside[0].kind in BY_LEAVE else "keep it in the folder"
        return MleeError(said, f"{what}; {leave}, or write without proof: --no-run.")
    mend = "Mend it" if captured else "Mend it (Restart and Run All must pass)"
    return MleeError(said, f"{mend}, or write without proof: --no-run.")


def _attempt(plan: Plan, output: Path, recording: RecordedRun, prover: Prover) -> tuple[Written, Proof]:
    written = emit(plan, output, recording)
    return written, _without_secrets(prover.compare(written), _blanker(plan))


def _without_secrets(proof: Proof, blank: Blanker) -> Proof:
    values = tuple(replace(v, detail=blank.said(v.detail)) for v in proof.values)
    unstable = tuple(map(blank.said, proof.unstable))
    return replace(proof, values=values, unstable=unstable, reason=blank.said(proof.reason))


def _step_by_step(
    plan: Plan, written: Written, proof: Proof, output: Path, recording: RecordedRun, prover: Prover
) -> tuple[Plan, Written, Proof, list[tuple[str, str]]]:
    """The exact conversion, then each improvement proven on its own; one that breaks is left out."""
    asked = (plan.facts.notebook.path, plan.keep, None if plan.keep else plan.keep_variables)
    steps = [s for s in STEPS if s != "slice" or plan.keep_variables]
    without = set(steps)
    best: tuple[Plan, Written, Proof] | None = None
    dropped: list[tuple[str, str]] = []
    for step in ("", *steps):
        tried = plan_notebook(*asked, name=plan.name, without=without - {step})
        tried = replace(tried, drawn=plan.drawn, interpreter=plan.interpreter)
        now_written, now_proof = _attempt(tried, output, recording, prover)
        if now_proof.verdict is Sameness.DIFFERENT:
            if not step:
                continue  # not even the exact conversion: the steps may still help (a figure's end, a display)
            wrong = next((v for v in now_proof.values if v.verdict is Sameness.DIFFERENT), None)
            dropped.append((step, f"{wrong.name} differs ({wrong.detail})" if wrong else now_proof.reason))
            continue
        without.discard(step)
        best = (tried, now_written, now_proof)
    if best is None:
        return plan, written, proof, []
    return (*best, dropped)


def default_prover(
    progress: Progress = lambda _: None, allow_effects: bool = False, interpreter: Interpreter = OWN
) -> Prover:
    """The prover that runs fresh processes on this machine; `progress` is told what runs."""
    observe = importlib.import_module("mlee_jupyter.convert.prove.observe")
    prover: Prover = observe.FreshProcesses(progress=progress, effects=allow_effects, interpreter=interpreter)
    return prover


def write_package(plan: Plan, output: Path | str) -> Written:
    """Write a plan without any proof; the package says so loudly."""
    written = emit(plan, Path(output))
    write_files(written, {})
    return written


__all__ = [
    "Conversion", "Progress", "default_prover", "drift_of", "explanation_text", "explanation_value",
    "package", "package_value", "packages_of", "plan_notebook",
    "plan_text", "write_package",
]  # fmt: skip
