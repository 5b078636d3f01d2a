"""Notebook to package, as the doors ask for it: the plan as text, or the outcome as lines, a value and an exit code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlee_jupyter.convert.interpreter import OWN, Interpreter
from mlee_jupyter.convert.package import (
    explanation_text,
    explanation_value,
    package,
    package_value,
    plan_notebook,
    plan_text,
)
from mlee_jupyter.convert.prove.interpreters import interpreter_at
from mlee_jupyter.convert.read.notebook_file import read_document
from mlee_jupyter.convert.write.conversion_report import aside_lines, python_of
from mlee_jupyter.convert.write.package_drift import folder_to_refresh, remembered
from mlee_jupyter.domain.text.names import count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlee_jupyter.convert.types import Plan
    from mlee_jupyter.convert.write.outcome import Conversion


@dataclass(frozen=True, kw_only=True)
class PackageOrder:
    """What the user asked for."""

    notebook: Path
    output: Path | None = None
    name: str | None = None
    keep: str | None = None
    keep_variables: tuple[str, ...] | None = None
    accept: str = ""
    run: bool = True
    refresh: bool = False
    allow_effects: bool = False
    python: Path | None = None  # the interpreter of the proof; this one by default
    environment: Mapping[str, str] = field(default_factory=dict)  # what its kernel sets
    asked: Mapping[str, str] = field(default_factory=dict)  # how it was named, for --refresh


def interpreter_of(order: PackageOrder) -> Interpreter:
    """What notebook and package are run with.

    Raises:
        MleeError: there is no Python 3.9 or later where it was named.
    """
    if order.python is None or not order.run:
        return replace(OWN, asked=order.asked)
    return interpreter_at(order.python, order.environment, order.asked)


def kernel_named_in(notebook: Path) -> str | None:
    """The name of the kernel that a notebook was saved with."""
    return str(read_document(notebook).metadata("kernelspec").get("name") or "") or None


def made_with(order: PackageOrder) -> dict[str, str]:
    """How the interpreter was named when a package was made that is to be made again: `python` or `kernel`."""
    before = remembered(order.output if order.output is not None else folder_to_refresh(order.notebook))
    return {key: before[key] for key in ("python", "kernel") if before[key]}


def plan_lines(order: PackageOrder) -> str:
    """The plan, cell by cell; nothing is written and nothing is run.

    Raises:
        MleeError: the notebook cannot be converted; one line.
    """
    return plan_text(_plan(order))


def explanation_lines(order: PackageOrder) -> str:
    """Why each statement would go where it does, a line each; nothing is written and nothing is run.

    Raises:
        MleeError: the notebook cannot be converted; one line.
    """
    return explanation_text(_plan(order))


def explanation_json(order: PackageOrder) -> dict[str, Any]:
    """The same as the JSON object of `--format json`."""
    return explanation_value(_plan(order))


def _plan(order: PackageOrder) -> Plan:
    return plan_notebook(order.notebook, order.keep, order.keep_variables, name=order.name)


def write(order: PackageOrder, progress: Callable[[str], None] = lambda _: None) -> Conversion:
    """Convert, prove and write.

    Raises:
        MleeError: refused, with one line; nothing is written then.
    """
    return package(
        order.notebook,
        order.output,
        name=order.name,
        keep=order.keep,
        keep_variables=order.keep_variables,
        accept=order.accept,
        run=order.run,
        refresh=order.refresh,
        allow_effects=order.allow_effects,
        interpreter=interpreter_of(order),
        progress=progress,
    )


def outcome_lines(outcome: Conversion) -> list[str]:
    """What is said when it is done."""
    proof, landed = outcome.proof, outcome.landed
    said = str(outcome.verdict).upper()
    lines = []
    if proof is None:
        lines.append("NOT PROVEN: nothing was run, as asked (--no-run).")
    elif outcome.accepted:
        lines.append(f"{said}, accepted: {outcome.accepted}")
    else:
        compared = count(len(proof.values), "value")
        where = f" of {python_of(outcome.plan)}" if python_of(outcome.plan) else ""
        lines.append(f"{said}: {compared} compared, original and package in fresh processes{where}.")
        wrong = [v for v in proof.values if v.verdict is outcome.verdict and said != "IDENTICAL"][:3]
        lines += [f"  {value.name}: {value.detail}" for value in wrong]
        if proof.reason and said != "IDENTICAL":
            lines.append(f"  {proof.reason}")
    if proof is not None:
        lines += aside_lines(outcome.plan)
    lines += [f"The step '{step}' was left out: {reason}" for step, reason in outcome.steps_dropped]
    if landed is None:
        lines.append('Nothing was written. Look at the difference, or accept it: --accept "reason".')
        return lines
    written = outcome.written
    assert written is not None
    lines.append(f"Written: {written.folder}, {count(len(outcome.plan.modules), 'module')}; report.md says how.")
    if landed.beside:
        lines.append(f"Edited by hand and kept; the new version lies beside: {', '.join(landed.beside)}.")
        lines.append(
            "The proof is of the new version, not of the edited files: merge them, then run the package's tests."
        )
    if landed.removed:
        lines.append(f"No part of it any more, never edited, removed: {', '.join(landed.removed)}.")
    if landed.left:
        lines.append(f"No part of it any more, but edited by hand, so still there: {', '.join(landed.left)}.")
    return lines


def outcome_value(outcome: Conversion) -> dict[str, Any]:
    """The outcome as the JSON object of `--format json`."""
    return package_value(outcome)
