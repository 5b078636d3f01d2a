"""The health of notebook files: read, judged by the rules that look at a notebook's text, nothing is run.

No experiment is needed. The rules see evidence that holds the notebook and an empty experiment, and only those that
look at a notebook's text are asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mlee_jupyter import guardrails
from mlee_jupyter.convert.health.notebook_facts import notebook_facts
from mlee_jupyter.convert.write.package_drift import drift_of, packages_of
from mlee_jupyter.domain import (
    Charter,
    Evidence,
    Experiment,
    Finding,
    Level,
    NotebookFacts,
    Outcome,
    PackageSeen,
    Records,
)
from mlee_jupyter.domain.errors import MleeError, OtherLanguage
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.domain.settings import read as read_settings

# Folders that other programs fill: what they hold is not the user's text.
_LEFT_OUT = frozenset(
    {"node_modules", "__pycache__", "__pypackages__", "site-packages", "dist-packages", "build", "dist", "_build",
     "htmlcov", "wheels", "conda-meta"}
)  # fmt: skip
_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta", "bin/activate", "Scripts/activate")
_ORDER = (Level.ADVICE, Level.WARNING, Level.ERROR)


@dataclass(frozen=True, kw_only=True)
class NotebooksChecked:
    """What was found in several notebooks."""

    findings: Mapping[str, tuple[Finding, ...]]  # path as given -> every rule's answer
    refused: Mapping[str, MleeError] = field(default_factory=dict)  # cannot be read
    skipped: Mapping[str, MleeError] = field(default_factory=dict)  # found in a folder, and in another language

    def fails(self, level: Level | str = Level.ERROR) -> bool:
        """Whether there is an open finding of that level or a heavier one."""
        least = _ORDER.index(Level(level))
        return any(
            f.outcome is Outcome.FINDING and _ORDER.index(f.level) >= least
            for answers in self.findings.values()
            for f in answers
        )

    def exit_code(self, level: Level | str = Level.ERROR) -> int:
        """2 where a file cannot be read, 1 where `fails(level)`, else 0."""
        return 2 if self.refused else int(self.fails(level))


def check_notebook(path: Path | str, settings: Settings | None = None) -> tuple[Finding, ...]:
    """The answers of every rule that looks at a notebook's text, in the order of their codes.

    Args:
        path: an .ipynb file.
        settings: of the project; None: those that hold in the notebook's folder.

    Raises:
        MleeError: the file cannot be read as a Python 3 notebook, or the settings are wrong; one line.
    """
    path = Path(path)
    facts = _with_packages(notebook_facts(path), path)
    return judge_notebook(facts, settings if settings is not None else read_settings(path.absolute().parent))


def judge_notebook(facts: NotebookFacts, settings: Settings, *, trust: bool = True) -> tuple[Finding, ...]:
    """As `check_notebook`, for facts already at hand; `trust` as in `guardrails.check_all`."""
    return guardrails.check_notebook_rules(_evidence(facts, settings), trust=trust)


def check_notebooks(paths: Iterable[Path | str], settings: Settings | None = None) -> NotebooksChecked:
    """`check_notebook` for files and folders; one that cannot be read does not stop the others.

    Args:
        paths: notebook files, and folders that are walked for .ipynb files (see `notebooks_under`).
        settings: for all of them; None: for each the settings that hold in its folder.

    Raises:
        MleeError: a path does not exist, or the settings are wrong.
    """
    findings: dict[str, tuple[Finding, ...]] = {}
    refused: dict[str, MleeError] = {}
    skipped: dict[str, MleeError] = {}
    for given in paths:
        start = Path(given)
        for path in notebooks_under(start):
            held = settings if settings is not None else read_settings(path.absolute().parent)
            try:
                findings[str(path)] = judge_notebook(_with_packages(notebook_facts(path), path), held)
            except MleeError as fault:
                of_others = isinstance(fault, OtherLanguage) and os.path.isdir(start)
                (skipped if of_others else refused)[str(path)] = fault
    return NotebooksChecked(findings=findings, refused=refused, skipped=skipped)


def notebooks_under(path: Path) -> Sequence[Path]:
    """The notebook itself, or those in a folder and below it, sorted.

    Below the folder that is named, hidden folders, virtual environments, installed packages and build folders are
    left out.

    Raises:
        MleeError: there is nothing at the path.
    """
    if os.path.isdir(path):
        return sorted(p for p in _walked(path) if os.path.isfile(p))
    if not os.path.lexists(path):
        raise MleeError(f"There is no notebook {path}.", "Check the path.")
    return [path]


def _walked(start: Path) -> Iterator[Path]:
    for folder, inner, files in os.walk(start):
        inner[:] = [name for name in inner if not _is_left_out(Path(folder, name))]
        for name in files:
            if name.endswith(".ipynb") and not name.startswith("."):
                yield Path(folder, name)


def _is_left_out(folder: Path) -> bool:
    name = folder.name
    if name.startswith(".") or name.endswith((".egg-info", ".egg")) or name in _LEFT_OUT:
        return True
    return any(os.path.exists(folder / mark) for mark in _ENVIRONMENT_MARKS)


def _with_packages(facts: NotebookFacts, path: Path) -> NotebookFacts:
    """The facts with the packages that were made from the notebook."""
    drifts = [d for folder in packages_of(path) if (d := drift_of(folder)) is not None]
    seen = tuple(
        PackageSeen(folder=_from_here(d.folder), behind=d.any, cells=d.changed_cells, edited=d.edited) for d in drifts
    )
    return replace(facts, packages=seen)


def _from_here(folder: Path) -> str:
    try:
        return os.path.relpath(folder)
    except ValueError:  # another drive
        return str(folder)


def _evidence(facts: NotebookFacts, settings: Settings) -> Evidence:
    now = datetime.now(UTC)
    charter = Charter()
    nothing = Experiment(id=0, name="", charter=charter, budget=None, deadline=None, opened_at=now)
    records = Records(experiment=nothing, ignores=settings.ignores)
    return Evidence(now=now, records=records, used=timedelta(), efforts={}, settings=settings.rules, notebook=facts)
