"""What verbs say with the words of `report`, which is loaded when something is said: `mlee --help` says nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mlee_jupyter.session import boards
from mlee_jupyter.session.plans.past_boxes import past_boxes

if TYPE_CHECKING:
    import pandas as pd

    from mlee_jupyter.domain import Records
    from mlee_jupyter.report import Said
    from mlee_jupyter.session.session import Session


def status_line(here: Session) -> str:
    """Where the open experiment stands, in one line."""
    from mlee_jupyter import report

    return report.status_line(here.evidence())


def status_text(here: Session, name: str | None = None) -> Said:
    """Where an experiment stands, the open one by default: time, effort, what was found."""
    from mlee_jupyter import report

    evidence = here.evidence(name)
    return report.Said(report.status_text(evidence, here.findings(evidence)))


def overview_of(here: Session, names: Sequence[str]) -> list[str]:
    """Where many experiments stand, a few lines each.

    Args:
        here: the session of their store.
        names: of the experiments.
    """
    from mlee_jupyter import report

    told = []
    for name in names:
        evidence = here.evidence(name)
        told += report.overview_lines(evidence, here.findings(evidence, reading=False))
    return told or ["No experiment yet."]


def brief_text(here: Session, name: str | None, form: str) -> Said:
    """One page for the people who decide: "text", "md", "html" or "json"."""
    from mlee_jupyter import report

    write: dict[str, Callable[[dict[str, Any]], str]] = {
        "text": report.brief_text,
        "md": report.brief_markdown,
        "html": report.brief_html,
        "json": lambda value: json.dumps(value, indent=2) + "\n",
    }
    evidence = here.evidence(name)
    findings = here.findings(evidence)
    return report.Said(write[form](report.brief(evidence, findings, report.board(evidence, findings))))


def plan_text(here: Session, name: str | None, form: str) -> Said:
    """What is planned, against the box and what earlier boxes took: "text", "html" or "json"."""
    from mlee_jupyter import report

    write: dict[str, Callable[[dict[str, Any]], str]] = {
        "text": report.plan_text,
        "html": report.plan_html,
        "json": lambda value: json.dumps(value, indent=2) + "\n",
    }
    evidence = here.evidence(name)
    past = past_boxes(here, evidence.experiment.name)
    return report.Said(write[form](report.plan(evidence, past, here.settings.planned)))


def costs_text(here: Session, name: str | None = None) -> Said:
    """What it takes to put the candidates of an experiment to use, of the open one by default."""
    from mlee_jupyter import report

    return report.Said("\n".join(report.serving_lines(here.evidence(name))))


def list_text(here: Session) -> str:
    """All experiments of the store."""
    from mlee_jupyter import report

    return report.experiments_text(boards.experiment_rows(here))


def history_text(records: Records) -> str:
    """Every run with its number."""
    from mlee_jupyter import report

    return report.history_text(records)


def history_table(records: Records) -> pd.DataFrame:
    """Every run with its number, oldest first, as a DataFrame."""
    from mlee_jupyter import report

    return report.history_frame(records)


def notice(here: Session) -> list[str]:
    """What the store has to say of itself: that nothing is kept, for example."""
    return [here.store.notice] if here.store.notice else []
