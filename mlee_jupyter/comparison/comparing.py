"""The public door: works without any experiment."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.judgements import NO_LOSS
from mlee_jupyter.judge.entries import Entry, about_scores, class_looked_at, class_scores, unknown_labels
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.record.fold_values import fold_scores, refuse_parts
from mlee_jupyter.stats.compare.baselines import Past
from mlee_jupyter.stats.compare.folds import checked_ratio
from mlee_jupyter.stats.compare.seasons import read_past
from mlee_jupyter.stats.metrics.catalogue import averaged_over_truths
from mlee_jupyter.stats.metrics.class_columns import listed_classes, named_columns
from mlee_jupyter.stats.metrics.metric_names import meant_in_points
from mlee_jupyter.stats.metrics.registered import facts_of
from mlee_jupyter.stats.metrics.target import read_truth
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.rows.columns import as_rows, shown
from mlee_jupyter.stats.rows.row_index import first_of_another_order, index_mismatch, index_of

from .of_row_scores import judge_named_rows
from .result import Comparison

if TYPE_CHECKING:
    import pandas as pd


def compare(
    truth: Any = None,
    predictions: Mapping[str, Any] | pd.DataFrame | None = None,
    metric: str | Callable[[Any, Any], Any] | None = None,
    useful_gain: float | None = None,
    alpha: float = 0.05,
    simplicity: Mapping[str, int] | None = None,
    positive: Any = None,
    average: str | None = None,
    test_to_train: float | None = None,
    groups: Any = None,
    time: Any = None,
    weights: Any = None,
    higher_is_better: bool | None = None,
    multioutput: str | None = None,
    classes: Any = None,
    train: Any = None,
    season: int | None = None,
    row_scores: Mapping[str, Any] | pd.DataFrame | None = None,
) -> Comparison:
    """Which candidates may be the best, judged on the same rows; or, without a truth, by scores of rows or of folds.

    Args:
        truth: the right answers, one per row: list, numpy, pandas, polars, or whatever speaks the array protocol.
            None: the predictions are fold scores instead, cross_val_score's answer on the same splits for all (for
            repeated cross-validation one list per repeat), or pairs (accuracy, rows) where no rows were kept.
        predictions: by candidate name, as a dict or a DataFrame of one column each: labels or numbers, or for metrics
            of probabilities scores (one column of the positive class; or one per class, in a DataFrame named by the
            classes, else in the order of the sorted labels).
        metric: a scikit-learn scorer's name; losses with or without "neg_". Or a function of your own, called with
            the truth and a candidate's predictions as numpy arrays: it gives one value per row, whose mean is the
            score, or one number for all rows. None: accuracy.
        useful_gain: smallest difference worth acting on, in the metric's units, 0 or more; None: 0.02 of a score,
            2% of the leader's loss.
        alpha: chance of leaving a truly best candidate out of the best set, above 0 and at most 0.5.
        simplicity: rank by candidate name, 1 is simplest; who has none counts as less simple.
        positive: the positive class; None: as scikit-learn, 1 or else the greater label.
        average: scikit-learn's averaging for f1, precision, recall.
        test_to_train: of fold scores, test rows over training rows of a fold; None: 1/(k-1), as in k folds.
        groups: one label per row, where rows of one customer, patient or document may be alike.
        time: one sortable value per row, where rows near in time may be alike.
        weights: one number per row, 0 or more; for metrics that are means over rows.
        higher_is_better: the direction of a function of your own, or of row scores whose name does not tell it.
        multioutput: "uniform_average" where the truth has several columns and the mean over them is meant.
        classes: the class of each column of scores without names, such as an estimator's `classes_`; it may know
            classes of which the truth has none.
        train: with time, the answers of the training rows, oldest first: what was known is what guessing starts from.
            A pandas Series over dates may bring its own times. Without it no free baseline is computed.
        season: with time, how many different times a season has (12 of months in a year), at least 2; None: looked
            for in the differences.
        row_scores: instead of truth and predictions, what each row scored by itself, by candidate name: a judge's grade
            of an answer, a Dice per picture, a return per seed; of several raters a column each (a matrix, a frame, a
            dict). NaN or None where a row was not answered: rows that all answered are judged, and it is said.

    Returns:
        A `Comparison`. Candidates with missing or infinite values, or scores that the metric cannot use, are in
        its `failed`.

    Raises:
        MleeError: the call cannot be meant: wrong length, another row index, no rows, an unknown metric, ...
    """
    check_numbers(useful_gain, alpha)
    if row_scores is not None:
        others = (truth, predictions, positive, average, test_to_train, multioutput, classes, train)
        return _of_row_scores(
            row_scores,
            others,
            simplicity,
            metric,
            higher_is_better,
            {"groups": groups, "time": time, "weights": weights},
            useful_gain=useful_gain,
            alpha=alpha,
            season=season,
        )
    facts = facts_of("accuracy" if metric is None else metric, average, higher_is_better)
    if multioutput is not None:
        facts = averaged_over_truths(facts, multioutput)
    if facts.bounded and useful_gain is not None and useful_gain >= 1:
        raise meant_in_points("useful_gain", useful_gain, facts.label)
    _check_season(season, time)
    named = named_predictions(predictions)
    ranks = simplicity_ranks(simplicity, named)
    if truth is None:
        if groups is not None or time is not None or weights is not None:
            raise MleeError("groups, time and weights belong to rows; fold scores have none.", "Leave them out.")
        ratio = None if test_to_train is None else checked_ratio(test_to_train)
        return _of_scores(named, ranks, ratio, facts, useful_gain, alpha)
    if test_to_train is not None:
        raise MleeError("test_to_train belongs to fold scores.", "Leave it out, or pass truth=None with fold scores.")
    answers = read_truth(truth, facts)
    _check_order(truth, named, {"groups": groups, "time": time, "weights": weights})
    entries, failed, remarks = [], {}, list[str]()
    if positive is None and (taken := class_looked_at(answers, facts, usual=False)) is not None:
        remarks.append(f"Positive class taken: {shown(taken, 30)}; positive= names another.")
    for name, values in named.items():
        try:
            rows = _rows(name, values, answers, facts, positive, classes)
        except MleeError as fault:  # of this one alone: the others stand
            failed[name] = str(fault)
            continue
        if len(rows) != len(answers):
            raise MleeError(
                f"{shown(name)} has {len(rows):,} predictions for {len(answers):,} rows of truth.",
                "Predict on the rows that the truth holds the answers of.",
            )
        if index_of(values) is not None and index_mismatch(truth, values):
            raise MleeError(
                f"The index of {shown(name)} is not the truth's.",
                "Align it with .loc[truth.index], or pass .to_numpy() if the order is right.",
            )
        entries.append(Entry(candidate=name, rows=rows, kind=_kind(rows, facts), simplicity=ranks.get(name)))
        remarks += unknown_labels(name, entries[-1], answers, facts) + about_scores(f"{shown(name)}'s", rows, facts)
    if failed and not entries:
        raise MleeError("No candidate could be judged.", next(iter(failed.values())))
    judgement = judge(
        answers,
        entries,
        metric=facts,
        positive=positive,
        useful_gain=useful_gain,
        alpha=alpha,
        groups=groups,
        time=time,
        weights=weights,
        season=season,
        past=None if train is None or time is None else _past(train, time),
    )
    remarks += without_error(judgement)
    return Comparison(judgement, {**failed, **judgement.failed}, tuple(remarks))


def _of_row_scores(
    row_scores: Any,
    others: tuple[Any, ...],
    simplicity: Mapping[str, int] | None,
    metric: Any,
    higher_is_better: bool | None,
    beside: Mapping[str, Any],
    **how: Any,
) -> Comparison:
    if any(other is not None for other in others):
        raise MleeError(
            "row_scores are judged by themselves: no truth, no predictions, nothing that belongs to them.",
            "Leave the others out.",
        )
    _check_season(how["season"], beside["time"])
    named = named_predictions(row_scores)
    found = judge_named_rows(named, simplicity_ranks(simplicity, named), metric, higher_is_better, beside, **how)
    return Comparison(*found)


def _check_order(truth: Any, named: Mapping[str, Any], beside: Mapping[str, Any]) -> None:
    """Refuse what stands beside the rows in another order, and candidates that contradict each other.

    Raises:
        MleeError: an index that is not the truth's; without one of the truth, two that differ.
    """
    for what, values in beside.items():
        if index_mismatch(truth, values):
            raise MleeError(
                f"The index of {what} is not the truth's.",
                "Align it with .loc[truth.index], or pass .to_numpy() if the order is right.",
            )
    if index_of(truth) is None:
        demand_one_order({**named, **{what: values for what, values in beside.items() if values is not None}})


def demand_one_order(columns: Mapping[str, Any]) -> None:
    """Refuse columns whose row indexes differ, where no truth says which order is right.

    Raises:
        MleeError: two that differ.
    """
    if (two := first_of_another_order(columns)) is not None:
        raise MleeError(
            f"{shown(two[0])} and {shown(two[1])} have unlike indexes, and the truth has none to say which is right.",
            "Bring them into one order, or pass .to_numpy() if they are.",
        )


def without_error(judgement: Judgement) -> tuple[str, ...]:
    """That a loss is nothing at all, which is a leak more often than a feat.

    Args:
        judgement: of all candidates.
    """
    if judgement.higher_is_better:
        return ()
    without = [s.candidate for s in judgement.standings if abs(s.score) < NO_LOSS and not math.isfinite(s.high)]
    return tuple(f"{shown(name, 40)} has no error at all: has it seen the answers?" for name in without)


def _check_season(season: Any, time: Any) -> None:
    if season is None:
        return
    if time is None:
        raise MleeError("season is of rows in time order.", "Pass time= as well.")
    if isinstance(season, bool) or not isinstance(season, int | np.integer) or season < 2:
        raise MleeError(f"season = {shown(repr(season), 30)} is no number of steps.", "Write season=12 for months.")


def _of_scores(
    named: Mapping[str, Any],
    ranks: Mapping[str, int],
    ratio: float | None,
    facts: MetricFacts,
    useful_gain: float | None,
    alpha: float,
) -> Comparison:
    """The comparison of scores without rows; what is none of one candidate leaves the others as they are."""
    refuse_parts(named, facts.name)
    tries, failed = [], {}
    for name, values in named.items():
        try:
            tries.append(_without_rows(name, values, ranks.get(name), ratio, facts.name))
        except MleeError as fault:
            failed[name] = str(fault)
    if not tries:
        raise MleeError("No candidate could be judged.", next(iter(failed.values())))
    judgement = judge(None, tries, metric=facts, useful_gain=useful_gain, alpha=alpha)
    return Comparison(judgement, {**failed, **judgement.failed}, without_error(judgement))


def _without_rows(name: str, values: Any, simplicity: int | None, test_to_train: float | None, metric: str) -> Entry:
    """A score and its number of rows, a pair such as (0.87, 1000); everything else is fold scores."""
    if isinstance(values, tuple) and len(values) == 2 and all(map(_is_number, values)):
        score, n = values
        if isinstance(n, int | np.integer) and n > 1:
            number = ResultKind.NUMBER
            return Entry(candidate=name, rows=None, kind=number, simplicity=simplicity, value=float(score), n=int(n))
    rows = fold_scores(values, metric)
    return Entry(candidate=name, rows=rows, kind=ResultKind.FOLDS, simplicity=simplicity, test_to_train=test_to_train)


def _rows(name: str, values: Any, answers: np.ndarray, facts: MetricFacts, positive: Any, classes: Any) -> np.ndarray:
    """Canonical predictions; several columns of scores in the order of the truth's labels, whatever theirs was."""
    if facts.needs not in ("labels", "scores") or facts.several:
        return as_rows(values, name)
    values, named = named_columns(values)
    rows = as_rows(values, name)
    if classes is not None and (rows.ndim == 2 or _kind(rows, facts) is ResultKind.SCORES):
        named = listed_classes(classes)
    elif named is None and isinstance(getattr(values, "name", None), str) and values.name != name:
        named = [values.name]
    if rows.ndim == 2 or (named is not None and _kind(rows, facts) is ResultKind.SCORES):
        return class_scores(answers, rows, named, facts, positive)
    return rows


def _past(train: Any, time: Any) -> Past:
    index = index_of(train)
    past = read_past(train, index if hasattr(index, "as_unit") or hasattr(index, "to_timestamp") else None, time)
    if past is None:
        raise MleeError("train is no column of answers.", "Pass the training rows' answers, oldest first.")
    return past


def _kind(rows: np.ndarray, facts: MetricFacts) -> ResultKind:
    """A matrix holds scores; so does a column of fractions where the metric wants them."""
    scores = (rows.ndim == 2 and not facts.several) or (facts.needs == "scores" and rows.dtype.kind == "f")
    return ResultKind.SCORES if scores else ResultKind.PREDICTIONS


def named_predictions(predictions: Any) -> dict[str, Any]:
    """What was handed over, by candidate name.

    Args:
        predictions: a dict or a DataFrame of one column each.

    Raises:
        MleeError: something else, nothing, or two of one name.
    """
    if predictions is None:
        raise MleeError("There is nothing to compare.", 'Pass truth and predictions, or row_scores={"a": grades, ...}.')
    if not isinstance(predictions, Mapping) and not _is_frame(predictions):
        raise MleeError(
            f"The predictions are a {type(predictions).__name__}.", 'Pass a dict: {"knn": knn_predictions, ...}.'
        )
    pairs = list(_columns(predictions))
    if not pairs:
        raise MleeError("There is nothing to compare.", "Pass at least one candidate with its predictions.")
    named: dict[str, Any] = {}
    for name, values in pairs:
        if str(name) in named:
            raise MleeError(f"Two candidates are called {shown(name)}.", "Give each its own name.")
        named[str(name)] = values
    return named


def _is_frame(predictions: Any) -> bool:
    """A pandas or polars DataFrame."""
    library = type(predictions).__module__.partition(".")[0]
    return library in ("pandas", "polars") and type(predictions).__name__ == "DataFrame"


def _columns(predictions: Any) -> Iterable[tuple[Any, Any]]:
    """Each candidate's name and values."""
    if hasattr(predictions, "get_columns"):  # polars
        return [(column.name, column) for column in predictions.get_columns()]
    return predictions.items()  # type: ignore[no-any-return]  # pandas as a mapping has it: label and column


def simplicity_ranks(simplicity: Mapping[str, int] | None, named: Mapping[str, Any]) -> dict[str, int]:
    """The ranks by candidate.

    Args:
        simplicity: as they were declared.
        named: the candidates.

    Raises:
        MleeError: of somebody who is no candidate, or no rank.
    """
    ranks: dict[str, int] = {}
    for name, rank in (simplicity or {}).items():
        if str(name) not in named:
            raise MleeError(f"simplicity names {shown(name)}, which is no candidate.", "Check the spelling.")
        if isinstance(rank, bool) or not isinstance(rank, int | np.integer):
            raise MleeError(
                f"The simplicity of {shown(name)} is {shown(repr(rank), 30)}.", "Give a rank: 1 is simplest."
            )
        ranks[str(name)] = int(rank)
    return ranks


def check_numbers(useful_gain: float | None, alpha: float) -> None:
    """Raises MleeError where one of them is out of its bounds.

    Args:
        useful_gain: 0 or more; None: nobody said.
        alpha: above 0 and at most 0.5.
    """
    if useful_gain is not None and not (_is_number(useful_gain) and 0 <= useful_gain < math.inf):
        raise MleeError(f"useful_gain = {shown(repr(useful_gain), 30)} is not 0 or more.", "Write useful_gain=0.02.")
    if not (_is_number(alpha) and 0 < alpha <= 0.5):
        raise MleeError(f"alpha = {shown(repr(alpha), 30)} is not between 0 and 0.5.", "Write alpha=0.05.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
