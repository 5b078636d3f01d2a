"""What else there is to say of a record."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain import Experiment, Result, ResultKind, Truth
from mlee_jupyter.judge.entries import Entry, about_scores, class_looked_at, unknown_labels
from mlee_jupyter.stats.metrics.catalogue import metric_facts

from .charter_metric import is_known
from .row_score_record import remarks_of_rows
from .scored_run import ScoredRun


def remarks(
    experiment: Experiment, scored: Sequence[ScoredRun], earlier: Sequence[Result], truth: Truth | None
) -> tuple[str, ...]:
    """What else there is to say of a record: the assumed positive class (once), labels for scores, a closed book."""
    said = []
    if experiment.closed_at is not None and experiment.decision is None:
        said.append(f"{experiment.name[:60]} is closed; recorded all the same. %mlee_experiment reopen lets time run.")
    said += _rank_said(scored, earlier)
    measured = scored[0].measured if scored else None
    if measured is not None and truth is not None and measured.kind is ResultKind.ROW_SCORES:
        return (*said, *remarks_of_rows(measured, truth.n, earlier))
    if measured is None or truth is None or not is_known(measured.metric):
        return tuple(said)
    facts = metric_facts(measured.metric)
    if truth.rows is not None and measured.rows is not None and measured.kind is ResultKind.PREDICTIONS:
        said += unknown_labels("It", Entry(candidate="", rows=measured.rows), truth.rows, facts)
    first = not any(r.metric is not None for r in earlier)
    open_choice = first and experiment.charter.positive is None and truth.rows is not None
    if open_choice and (taken := class_looked_at(truth.rows, facts, usual=False)) is not None:
        said.append(f"Positive class taken: {taken[:40]!r}. Another one: %mlee_experiment change positive=LABEL")
    if measured.kind is ResultKind.SCORES and measured.rows is not None:
        said += about_scores("These", measured.rows, facts)
    return tuple(said)


def _rank_said(scored: Sequence[ScoredRun], earlier: Sequence[Result]) -> list[str]:
    """A rank that was read and not given is said, the first time each is."""
    model = scored[0].model if scored else None
    if model is None or model.rank is None:
        return []
    told = {(known.rank, known.rank_reason) for r in earlier if (known := r.model) is not None}
    if (model.rank, model.rank_reason) in told:
        return []
    return [f"Simplicity {model.rank}: {model.rank_reason} (--simplicity N says otherwise)."]
