"""What a run handed over, read as what it is: predictions, folds, numbers, row scores, or what a search tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain import Records, ResultKind, Truth
from mlee_jupyter.domain.audits import Tried
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.record import cell_output, row_score_record
from mlee_jupyter.record.charter_metric import demand_scale, is_known
from mlee_jupyter.record.handed_tries import holds_tries, read_tries
from mlee_jupyter.stats.metrics.catalogue import default_metric, metric_facts

if TYPE_CHECKING:
    from mlee_jupyter.session.user_variables import Declared


@dataclass(frozen=True, kw_only=True, eq=False)
class Read:
    """What a run handed over, before it is judged."""

    handed: tuple[cell_output.Handed, ...]
    truth: Truth | None
    truth_name: str | None  # where another one than the declared was asked for
    metric: str | None
    tried: Tried | None = None  # what a search or a study tried, beside what was handed over
    n: int | None = None  # rows behind each bare score of that
    left_out: str | None = None  # why nothing of that is recorded


def read(
    declared: Declared,
    records: Records,
    value: Any,
    source: str | None,
    *,
    kind: ResultKind | None = None,
    truth_name: str | None = None,
    features_name: str | None = None,
    n: int | None = None,
    classes: Any = None,
    as_model: bool = False,
) -> Read:
    """What a run handed over, read as what it is; an estimator predicts here, so this belongs to the run's time.

    Args:
        declared: the user's variables.
        records: all that is known of the experiment.
        value: what was handed over.
        source: the run's code.
        kind: what it is, where that should not be guessed.
        truth_name: another truth than the experiment's.
        features_name: other features than the experiment's.
        n: the rows behind a bare score.
        classes: the class of each column of scores.
        as_model: of a fitted search only what it predicts.

    Raises:
        MleeError: it cannot be used.
    """
    __tracebackhide__ = True
    experiment = records.experiment
    if kind is None and not as_model and holds_tries(value):
        return replace(_read_tries(declared, records, value, truth_name, features_name), n=n)
    truth = declared.truth(experiment, truth_name)
    metric = experiment.charter.metric or (default_metric(truth.rows) if truth else None)
    needs = "labels"
    if metric is not None and is_known(metric):
        facts = metric_facts(metric)
        demand_scale(experiment.charter, facts)
        needs = facts.needs
    handed = cell_output.read(
        value,
        n=truth.n if truth else None,
        needs=needs,
        metric=metric,
        features=declared.features(features_name or experiment.features_name),
        kind=kind,
        rows=n,
        labels=truth.classes if truth else (),
        classes=classes,
        source=source,
    )
    if any(one.kind is ResultKind.ROW_SCORES for one in handed):
        return _of_rows(declared, records, tuple(handed), truth, truth_name)
    return Read(handed=tuple(handed), truth=truth, truth_name=truth_name, metric=metric)


def _read_tries(
    declared: Declared, records: Records, value: Any, truth_name: str | None, features_name: str | None
) -> Read:
    """What a search or a study tried; a fitted search predicts as well, where there is something to predict on."""
    __tracebackhide__ = True
    experiment = records.experiment
    metric = experiment.charter.metric
    features, truth = features_name or experiment.features_name, truth_name or experiment.truth_name
    if not hasattr(value, "predict") or features is None or truth is None:
        return Read(handed=(), truth=None, truth_name=None, metric=metric, tried=read_tries(value, metric))
    refitted = read(declared, records, value, None, truth_name=truth_name, features_name=features_name, as_model=True)
    refitted = replace(refitted, handed=tuple(replace(one, variant="refit") for one in refitted.handed))
    try:
        return replace(refitted, tried=read_tries(value, metric))
    except MleeError as refused:
        return replace(refitted, left_out=f"Its settings are left out. {refused.message}")


def _of_rows(
    declared: Declared,
    records: Records,
    handed: tuple[cell_output.Handed, ...],
    truth: Truth | None,
    truth_name: str | None,
) -> Read:
    """Row scores, which are judged by themselves: of a declared truth only the rows count."""
    rows = [row_score_record.rows_scored(one, records, truth, declared.names) for one in handed]
    if len({one.fingerprint for one in rows}) > 1 or any(one.kind is not handed[0].kind for one in handed):
        raise MleeError("These are scores of unlike rows, or not all are.", "Hand over one score a row for each.")
    metric = records.experiment.charter.metric
    return Read(handed=handed, truth=rows[0], truth_name=truth_name, metric=metric)
