"""The lines that all doors say: what was opened, recorded, found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .plans.past_boxes import past_boxes

if TYPE_CHECKING:
    from mlee_jupyter.domain import Evidence, Fresh
    from mlee_jupyter.domain.audits import TriesTold
    from mlee_jupyter.record.scored_run import Recorded

    from .opening import Opening
    from .session import Session


def opening_lines(here: Session, opening: Opening) -> list[str]:
    """What to say when an experiment was opened or resumed."""
    from mlee_jupyter import report

    evidence, fresh = here.news()
    lines = report.opening_lines(
        evidence,
        resumed=opening.resumed,
        changes=opening.changes,
        remarks=opening.remarks,
        notice=here.store.notice,
    )
    forecast = None if opening.resumed else report.box_forecast(evidence, past_boxes(here, here.current))
    if forecast is not None:
        lines.append(f"{report.forecast_text(forecast)}: %mlee_experiment plan.")
    return [*lines, *report.cell_lines(fresh)]


def confirmed_lines(here: Session, fresh: Fresh, opened: bool) -> list[str]:
    """What the sealed sample showed."""
    from mlee_jupyter import report

    before = [] if opened else ["It was opened before; the same predictions give the same answer."]
    return [*before, *report.fresh_lines(here.evidence(), fresh), *news_lines(here)]


def news_lines(here: Session) -> list[str]:
    """What became true since it was last said, at most two findings."""
    from mlee_jupyter import report

    return report.cell_lines(here.news()[1])


def decision_lines(here: Session) -> list[str]:
    """News, and every error that stands: a decision on a wrong comparison is not let pass in silence."""
    from mlee_jupyter import report
    from mlee_jupyter.domain import Level

    evidence, fresh = here.news()
    said = {finding.rule for finding in fresh}
    standing = [f for f in here.findings(evidence) if f.level is Level.ERROR and f.rule not in said]
    return report.cell_lines(fresh) + report.cell_lines(standing)


def recorded_lines(recorded: Recorded, evidence: Evidence) -> list[str]:
    """What to say of one record."""
    from mlee_jupyter import report

    first = recorded.first
    if recorded.tries is not None:
        return tries_lines(recorded.candidate, recorded.tries, evidence)
    line = report.recorded_line(
        recorded.candidate,
        first.measured,
        low=first.low,
        high=first.high,
        used=evidence.used,
        box=evidence.experiment.box,
        variant=recorded.variant,
        variants=recorded.variants,
        repeat=recorded.repeat,
        others=[scored.measured for scored in recorded.others],
    )
    return [line, *recorded.remarks]


def tries_lines(candidate: str, told: TriesTold, evidence: Evidence | None) -> list[str]:
    """What to say of the tries of a search or a study."""
    from mlee_jupyter import report

    used, box = (None, None) if evidence is None else (evidence.used, evidence.experiment.box)
    return [report.tries_line(candidate, told, used=used, box=box)]
