"""The boards that all doors show, and what explains them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlee_jupyter.domain import Judgement
    from mlee_jupyter.report import ExperimentRow, Said

    from .session import Session


def judgements_of(here: Session, name: str | None = None) -> tuple[Judgement, ...]:
    """What was judged, less what an error that stands forbids."""
    from mlee_jupyter.domain import held

    evidence = here.evidence(name)
    return held(evidence, here.findings(evidence)).judgements


def explanation_of(here: Session, name: str | None = None, *, why: str | None = None) -> Said:
    """Why a candidate stands where it does, or what a number means; without `why` the headline.

    Raises:
        MleeError: nothing of that name is on the board.
    """
    from mlee_jupyter import report

    evidence = here.evidence(name)
    return report.explanation(evidence, why, here.findings(evidence))


def board_of(here: Session, name: str | None = None) -> dict[str, Any]:
    """The board of the open experiment, or of another one in the store."""
    from mlee_jupyter import report

    evidence = here.evidence(name)
    notices = (here.store.notice,) if here.store.notice else ()
    return report.board(evidence, here.findings(evidence), notices=notices)


def side_board_of(here: Session, metric: str, name: str | None = None) -> dict[str, Any]:
    """The board by another metric than the agreed one, which says so first; of the findings only what is fatal."""
    from mlee_jupyter import report
    from mlee_jupyter.domain import Level

    agreed = here.evidence(name)
    fatal = [finding for finding in here.findings(agreed) if finding.level is Level.ERROR]
    return report.side_board(here.side_view(metric, name), agreed, fatal)


def experiment_rows(here: Session) -> list[ExperimentRow]:
    """Every experiment of the store, for a list."""
    from mlee_jupyter import report

    rows = []
    for experiment in here.store.experiments():
        evidence = here.evidence(experiment.name)
        state = "decided" if experiment.decision else "closed" if experiment.closed_at else "open"
        rows.append(
            report.ExperimentRow(
                name=experiment.name,
                state="paused" if state == "open" and experiment.paused_at else state,
                used=evidence.used,
                box=experiment.box,
                candidates=len(evidence.records.candidates),
                results=len(evidence.records.results),
                opened_at=experiment.opened_at,
                chosen=experiment.decision.candidate if experiment.decision else None,
            )
        )
    return rows
