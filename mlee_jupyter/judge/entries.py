"""One thing to be judged, and its own score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.compare.baselines import scored_baselines
from mlee_jupyter.stats.compare.intervals import score_interval
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.class_columns import are_positions, by_class, of_a_class
from mlee_jupyter.stats.metrics.influence import recorded, score
from mlee_jupyter.stats.metrics.of_scores.log_loss import MOST_LOST
from mlee_jupyter.stats.metrics.probabilities import deny_a_class
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare, read_truth
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target
from mlee_jupyter.stats.own_scores.row_score import scored_rows
from mlee_jupyter.stats.rows.columns import as_column, as_rows
from mlee_jupyter.stats.rows.label_remarks import another_coding, two_values
from mlee_jupyter.stats.rows.labels import label_text

WORTH_A_WORD = 0.02
_USUAL = frozenset({"0", "1", "-1", "True", "False"})  # of these nobody asks which one is positive


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """Predictions (or what was kept of them) of one variant of one candidate."""

    candidate: str
    rows: Any  # predictions, scores (n,) or (n, classes), or influence values
    variant: str = ""
    kind: ResultKind = ResultKind.PREDICTIONS
    simplicity: int | None = None  # 1 is simplest
    df: float | None = None  # with influence values: as `measure` gave it
    value: float | None = None  # with influence values: the score, in the metric's own direction
    note: str | None = None
    test_to_train: float | None = None  # with fold scores: test rows / train rows of a fold; None: as k folds have it
    n: int | None = None  # with a bare score: the rows it was taken on


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurement:
    """One score with its 95% interval, in the metric's own direction."""

    value: float
    low: float
    high: float
    n: int  # rows
    df: float  # rows, or rows of the scarcest class, less one
    influence: np.ndarray  # (n,) float64, mean zero, turned so that higher is better


class FoldMean(NamedTuple):
    """Fold scores, summed up; folds share training rows, so no interval is claimed."""

    value: float
    n: int  # folds


def measure(
    truth: Any,
    rows: Any,
    kind: ResultKind = ResultKind.PREDICTIONS,
    *,
    metric: str | MetricFacts,
    positive: Any = None,
    average: str | None = None,
    alpha: float = 0.05,
) -> Measurement:
    """The score of one column of predictions, with its interval and influence values.

    Args:
        truth: the right answers, one per row.
        rows: predictions, or scores (a column per class in the order of the sorted labels).
        kind: PREDICTIONS or SCORES.
        metric: see `metric_facts`.
        positive: the positive class of a two-class metric.
        average: scikit-learn's averaging for f1, precision, recall.
        alpha: two-sided error of the interval, in (0, 1).

    Raises:
        MleeError: it cannot be scored, and why.
    """
    facts = metric_facts(metric, average)
    target = prepare(read_truth(truth, facts), facts, positive)
    scored = score(target, as_rows(rows, "the predictions"), kind is ResultKind.SCORES)
    low, high = score_interval(facts, scored, alpha)
    value = facts.sign * scored.theta + 0.0  # no minus zero
    return Measurement(value=value, low=low, high=high, n=target.n, df=float(scored.df), influence=scored.influence)


def baseline_score(truth: Any, facts: MetricFacts) -> float | None:
    """What guessing scores, by the free rule that does best; None where there is none.

    Args:
        truth: (n,) the right answers.
        facts: the metric.

    Raises:
        MleeError: the truth does not fit the metric.
    """
    found = [scored.theta for scored in scored_baselines(prepare(read_truth(truth, facts), facts)).values()]
    return facts.sign * max(found) if found else None


def class_scores(
    truth: Any,
    rows: np.ndarray,
    classes: Sequence[Any] | None,
    facts: MetricFacts,
    positive: Any = None,
    *,
    of_estimator: bool = False,
) -> np.ndarray:
    """Scores as a column per class of the truth, so that they carry the class they are of.

    Args:
        truth: the right answers.
        rows: scores, (n,) or (n, columns).
        classes: the class of each column, or the name of a single one; None: nobody said.
        facts: the metric.
        positive: the positive class of a two-class metric.
        of_estimator: classes are an estimator's own, which may be mere codes, and a single column is of the last one.

    Raises:
        MleeError: see `by_class`.
    """
    if facts.needs not in ("labels", "scores") or facts.several:
        return rows
    target = prepare(read_truth(truth, facts), facts, positive)
    if classes is not None and of_estimator:
        if rows.ndim == 1 and are_positions(classes, target.labels):
            classes = target.labels
        if rows.ndim == 1:
            classes = classes[-1:] if len(classes) == 2 else None
    elif classes is not None and len(classes) == 1 and rows.ndim == 1 and not of_a_class(classes[0], target):
        classes = None  # the name of a variable, not of a class
    return by_class(rows, classes, target)


def unknown_labels(name: str, entry: Entry, answers: np.ndarray, facts: MetricFacts) -> list[str]:
    """That a candidate predicts labels which the truth never has: another coding, or a class that is missing.

    Args:
        name: of the candidate.
        entry: its predictions.
        answers: (n,) the truth, canonical.
        facts: the metric.
    """
    if facts.needs != "labels" or entry.kind is not ResultKind.PREDICTIONS or facts.several:
        return []
    strange = set(entry.rows.tolist()) - set(answers.tolist())
    if not strange:
        return []
    many = sum(label in strange for label in entry.rows.tolist())
    return [another_coding(name, list(strange), many, len(answers))]


def about_scores(name: str, rows: np.ndarray, facts: MetricFacts) -> list[str]:
    """What there is to say of scores that can be judged, and hardly as they are meant.

    Args:
        name: whose scores, as a sentence begins: "These", "knn's".
        rows: (n,) or (n, classes) scores.
        facts: the metric.
    """
    return _like_labels(name, rows, facts) or _without_a_chance(name, rows, facts)


def _like_labels(name: str, rows: np.ndarray, facts: MetricFacts) -> list[str]:
    """That scores have two values only, as labels have: whoever hands over probabilities gains by that alone."""
    if facts.needs != "scores" or rows.shape[1:] not in ((), (2,)) or rows.dtype.kind not in "fiub":
        return []
    if len(np.unique(rows.reshape(len(rows), -1)[:, -1])) > 2:
        return []
    if rows.ndim == 1:
        return [two_values(name)]
    return [f"{name} probabilities have two values only, like labels: whoever hedges gains by that alone."]


def _without_a_chance(name: str, rows: np.ndarray, facts: MetricFacts) -> list[str]:
    """That probabilities of 0 make a log loss hang on whether one such row comes."""
    if not facts.probabilities or math.isfinite(facts.limits[1]) or rows.dtype.kind != "f":
        return []
    denied = int(np.count_nonzero(deny_a_class(rows)))
    if not denied or MOST_LOST / len(rows) < WORTH_A_WORD:
        return []
    which = "1 row" if denied == 1 else f"{denied:,} rows"
    cost = f"{MOST_LOST / len(rows):.2f}"
    return [
        f"{name} probabilities are 0 on {which}; where that class comes, each costs {cost}. Clip them (to 0.001, say)."
    ]


def class_looked_at(answers: np.ndarray, facts: MetricFacts, *, usual: bool = True) -> str | None:
    """The class that the metric looks at where none is named, as text; None where it looks at all of them.

    Args:
        answers: (n,) the truth, canonical.
        facts: the metric.
        usual: also where the labels are such (0 and 1, True and False) that nobody asks which one is meant.
    """
    if not facts.looks_at_one_class or facts.several:
        return None
    try:
        target = prepare(answers, facts)
    except MleeError:
        return None
    if target.positive is None or (not usual and {label_text(label) for label in target.labels} <= _USUAL):
        return None
    return label_text(target.labels[target.positive])


def measure_folds(scores: Any) -> FoldMean:
    """The mean of fold scores and their number.

    Args:
        scores: (J,) one per fold.

    Raises:
        MleeError: fewer than two numbers.
    """
    folds = as_column(scores, "the fold scores")
    if folds.dtype == object or len(folds) < 2:
        raise MleeError("Fold scores are two or more numbers.", "Hand over cross_val_score(...) as it is.")
    return FoldMean(float(np.mean(folds)), len(folds))


def scored_entry(entry: Entry, target: Target | None, facts: MetricFacts, n: int | None) -> Scored:
    """An entry as a column of the comparison.

    Args:
        entry: what to score.
        target: the prepared truth; None where only influence values were kept.
        facts: the metric.
        n: rows all entries must have; None before the first is known.

    Raises:
        MleeError: it cannot be judged.
    """
    if entry.kind is ResultKind.ROW_SCORES:
        return scored_rows(facts, entry.rows)
    if entry.kind is not ResultKind.INFLUENCE:
        if target is None:
            raise MleeError("Its truth was not kept, so the predictions cannot be judged.", "Declare the truth again.")
        if entry.kind not in (ResultKind.PREDICTIONS, ResultKind.SCORES):
            raise MleeError(f"A {entry.kind.value} has no rows to compare.", "Record predictions.")
        return score(target, as_rows(entry.rows, "it"), entry.kind is ResultKind.SCORES)
    influence = as_column(entry.rows, "it")
    if influence.dtype == object:
        raise MleeError("Its influence values are text.", "Record the candidate again.")
    if entry.value is None or entry.df is None or not math.isfinite(entry.value) or not math.isfinite(entry.df):
        raise MleeError("Its influence values came without a score or degrees of freedom.", "Record it again.")
    if n is not None and len(influence) != n:
        raise MleeError(f"It was judged on {len(influence):,} rows, the others on {n:,}.", "Record it again.")
    if len(influence) < 2:
        raise MleeError("It was judged on 1 row.", "Score on more rows.")
    return recorded(facts, influence.astype(np.float64, copy=False), entry.value, entry.df)
