"""Every score is scikit-learn's, to 1e-12; every name is scikit-learn's, too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from sklearn import metrics as sk

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import measure
from mlee_jupyter.stats.metrics.catalogue import default_metric, metric_facts, metrics
from mlee_jupyter.stats.metrics.registered import facts_of
from mlee_jupyter.stats.metrics.truth_kinds import truth_kind

PREDICTIONS, SCORES = ResultKind.PREDICTIONS, ResultKind.SCORES
RANDOM = np.random.default_rng(7)


def _labels(kinds: list[Any], n: int = 90) -> tuple[np.ndarray, np.ndarray]:
    truth = RANDOM.choice(np.array(kinds, dtype=object), n)
    truth[: len(kinds)] = kinds
    predicted = np.where(RANDOM.random(n) < 0.7, truth, RANDOM.choice(np.array(kinds, dtype=object), n))
    return np.array(truth.tolist()), np.array(predicted.tolist())


PROBLEMS = {
    "zero and one": _labels([0, 1]),
    "booleans": _labels([False, True]),
    "minus one and one": _labels([-1, 1]),
    "one and two": _labels([1, 2]),
    "text": _labels(["no", "yes"]),
    "three numbers": _labels([0, 1, 2]),
    "four words": _labels(["ant", "bee", "cat", "dog"]),
}
TWO = ["zero and one", "booleans", "minus one and one", "one and two", "text"]
SK_LABELS = {
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
    **{
        f"{name}_{average}": (lambda t, p, f=function, a=average: f(t, p, average=a, zero_division=0))
        for name, function in (("f1", sk.f1_score), ("precision", sk.precision_score), ("recall", sk.recall_score))
        for average in ("macro", "micro", "weighted")
    },
}


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("metric", SK_LABELS)
def test_label_metrics_are_scikit_learns(metric: str, problem: str) -> None:
    truth, predicted = PROBLEMS[problem]
    assert measure(truth, predicted, metric=metric).value == pytest.approx(
        SK_LABELS[metric](truth, predicted), abs=1e-12
    )


@pytest.mark.parametrize("problem", TWO)
@pytest.mark.parametrize("metric", ["f1", "precision", "recall"])
def test_metrics_of_one_class_are_scikit_learns(metric: str, problem: str) -> None:
    truth, predicted = PROBLEMS[problem]
    function = getattr(sk, f"{metric}_score")
    default = "yes" if problem == "text" else 1  # scikit-learn's default, and the greater label where it has none
    for positive in (None, *np.unique(truth)):
        expected = function(truth, predicted, pos_label=default if positive is None else positive)
        assert measure(truth, predicted, metric=metric, positive=positive).value == pytest.approx(expected, abs=1e-12)


def test_one_class_of_many_is_that_class_against_the_rest() -> None:
    truth, predicted = PROBLEMS["four words"]
    expected = sk.f1_score(truth == "cat", predicted == "cat")
    assert measure(truth, predicted, metric="f1", positive="cat").value == pytest.approx(expected, abs=1e-12)


def test_a_label_the_truth_does_not_know_is_a_wrong_answer() -> None:
    truth, predicted = PROBLEMS["three numbers"]
    predicted = np.where(RANDOM.random(len(truth)) < 0.1, 9, predicted)
    for metric in ("accuracy", "f1_macro", "f1_weighted", "precision_macro", "recall_weighted"):
        expected = SK_LABELS[metric](truth, predicted)
        assert measure(truth, predicted, metric=metric).value == pytest.approx(expected, abs=1e-12), metric


@pytest.mark.parametrize("problem", TWO)
def test_auc_and_log_loss_of_two_classes_are_scikit_learns(problem: str) -> None:
    truth, _ = PROBLEMS[problem]
    greater = np.unique(truth)[1]
    scores = np.round(np.clip(0.3 * (truth == greater) + 0.7 * RANDOM.random(len(truth)), 0, 1), 2)  # with ties
    both = np.column_stack([1 - scores, scores])
    auc, loss = sk.roc_auc_score(truth == greater, scores), sk.log_loss(truth, both)
    for rows in (scores, both):
        assert measure(truth, rows, SCORES, metric="roc_auc").value == pytest.approx(auc, abs=1e-12)
        assert measure(truth, rows, SCORES, metric="neg_log_loss").value == pytest.approx(loss, abs=1e-12)
    lesser = np.unique(truth)[0]
    flipped = measure(truth, both, SCORES, metric="roc_auc", positive=lesser).value
    assert flipped == pytest.approx(sk.roc_auc_score(truth == lesser, 1 - scores), abs=1e-12)


@pytest.mark.parametrize("problem", ["three numbers", "four words"])
def test_probabilities_of_many_classes(problem: str) -> None:
    truth, _ = PROBLEMS[problem]
    kinds = np.unique(truth)
    raw = RANDOM.random((len(truth), len(kinds))) + 0.5 * (truth[:, None] == kinds)
    rows = raw / raw.sum(axis=1, keepdims=True)
    rows[0] = np.eye(len(kinds))[0]  # a certain one, right or wrong
    assert measure(truth, rows, SCORES, metric="log_loss").value == pytest.approx(sk.log_loss(truth, rows), abs=1e-12)
    ovr = sk.roc_auc_score(truth, rows, multi_class="ovr", average="macro")
    assert measure(truth, rows, SCORES, metric="roc_auc_ovr").value == pytest.approx(ovr, abs=1e-12)
    chosen = kinds[rows.argmax(axis=1)]
    assert measure(truth, rows, SCORES, metric="accuracy").value == pytest.approx(sk.accuracy_score(truth, chosen))
    assert measure(truth, rows, SCORES, metric="f1_macro").value == pytest.approx(
        sk.f1_score(truth, chosen, average="macro"), abs=1e-12
    )


def test_one_column_of_probabilities_gives_the_labels_it_favours() -> None:
    truth, _ = PROBLEMS["text"]
    scores = RANDOM.random(len(truth))
    expected = sk.f1_score(truth, np.where(scores > 0.5, "yes", "no"), pos_label="yes")
    assert measure(truth, scores, SCORES, metric="f1").value == pytest.approx(expected, abs=1e-12)
    of_no = measure(truth, 1 - scores, SCORES, metric="f1", positive="no").value
    assert of_no == pytest.approx(sk.f1_score(truth, np.where(scores >= 0.5, "yes", "no"), pos_label="no"), abs=1e-12)


NUMBERS = {
    "neg_mean_absolute_error": sk.mean_absolute_error,
    "mae": sk.mean_absolute_error,
    "neg_mean_squared_error": sk.mean_squared_error,
    "mse": sk.mean_squared_error,
    "neg_root_mean_squared_error": sk.root_mean_squared_error,
    "rmse": sk.root_mean_squared_error,
    "r2": sk.r2_score,
    "mean_pinball_loss_0.2": lambda t, p: sk.mean_pinball_loss(t, p, alpha=0.2),
    "pinball_0.9": lambda t, p: sk.mean_pinball_loss(t, p, alpha=0.9),
}
_SIZE = st.integers(5, 40)
_FINITE = st.floats(-1e4, 1e4, allow_nan=False, width=32)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_metrics_of_numbers_are_scikit_learns(data: st.DataObject) -> None:
    n = data.draw(_SIZE)
    truth = data.draw(hnp.arrays(np.float64, n, elements=_FINITE))
    predicted = data.draw(hnp.arrays(np.float64, n, elements=_FINITE))
    truth[0] += 1.0 if np.ptp(truth) < 1e-20 else 0.0  # an R2 of -1e60 is refused
    for metric, function in NUMBERS.items():
        assert measure(truth, predicted, metric=metric).value == pytest.approx(
            function(truth, predicted), rel=1e-12, abs=1e-12
        )


def _unless_asked(truth: np.ndarray, predicted: np.ndarray, metric: str) -> float | None:
    """The value; None where it is asked whether the predictions are places of the classes."""
    try:
        return measure(truth, predicted, metric=metric).value
    except MleeError as fault:
        if "places of the classes" not in fault.message:
            raise
        return None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_label_metrics_are_scikit_learns_on_any_labels(data: st.DataObject) -> None:
    n = data.draw(_SIZE)
    truth = data.draw(hnp.arrays(np.int64, n, elements=st.integers(-2, 3)))
    truth[:2] = [0, 1]
    predicted = data.draw(hnp.arrays(np.int64, n, elements=st.integers(-2, 3)))
    for metric, function in SK_LABELS.items():
        if metric == "balanced_accuracy" and len(set(predicted) - set(truth)):
            continue  # the same value, but scikit-learn warns
        found = _unless_asked(truth, predicted, metric)
        assert found is None or found == pytest.approx(function(truth, predicted), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_auc_is_scikit_learns_with_any_ties(data: st.DataObject) -> None:
    n = data.draw(_SIZE)
    truth = data.draw(hnp.arrays(np.int64, n, elements=st.integers(0, 1)))
    truth[:2] = [0, 1]
    scores = data.draw(hnp.arrays(np.float64, n, elements=st.integers(-3, 3).map(float)))
    found = measure(truth, scores, SCORES, metric="roc_auc").value
    assert found == pytest.approx(sk.roc_auc_score(truth, scores), abs=1e-12)


_POSITIVE = st.floats(0.5, 1e4, allow_nan=False, width=32)
POSITIVE_NUMBERS = {
    "mape": sk.mean_absolute_percentage_error,
    "neg_mean_squared_log_error": sk.mean_squared_log_error,
    "rmsle": sk.root_mean_squared_log_error,
}
CORRELATIONS = {"spearman": stats.spearmanr, "pearson": stats.pearsonr}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_metrics_of_positive_numbers_are_scikit_learns(data: st.DataObject) -> None:
    n = data.draw(_SIZE)
    truth, predicted = (data.draw(hnp.arrays(np.float64, n, elements=_POSITIVE)) for _ in range(2))
    for metric, function in POSITIVE_NUMBERS.items():
        assert measure(truth, predicted, metric=metric).value == pytest.approx(
            function(truth, predicted), rel=1e-9, abs=1e-12
        )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_correlations_are_scipys_with_any_ties(data: st.DataObject) -> None:
    n = data.draw(_SIZE)
    truth, predicted = (data.draw(hnp.arrays(np.float64, n, elements=st.integers(-4, 4).map(float))) for _ in range(2))
    truth[:2], predicted[:2] = [0, 1], [1, 0]
    for metric, function in CORRELATIONS.items():
        assert measure(truth, predicted, metric=metric).value == pytest.approx(
            function(truth, predicted).statistic, abs=1e-9
        )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_average_precision_is_scikit_learns_with_any_ties(data: st.DataObject) -> None:
    n = data.draw(_SIZE)
    truth = data.draw(hnp.arrays(np.int64, n, elements=st.integers(0, 1)))
    truth[:2] = [0, 1]
    scores = data.draw(hnp.arrays(np.float64, n, elements=st.integers(-3, 3).map(float)))
    found = measure(truth, scores, SCORES, metric="average_precision").value
    assert found == pytest.approx(sk.average_precision_score(truth, scores), abs=1e-12)


@pytest.mark.parametrize("problem", [*TWO, "three numbers", "four words"])
def test_brier_score_and_average_precision_are_scikit_learns(problem: str) -> None:
    truth, _ = PROBLEMS[problem]
    kinds = np.unique(truth)
    raw = RANDOM.random((len(truth), len(kinds))) + 0.5 * (truth[:, None] == kinds)
    rows = raw / raw.sum(axis=1, keepdims=True)
    two = len(kinds) == 2
    brier = measure(truth, rows, SCORES, metric="brier_score_loss").value
    assert brier == pytest.approx(
        sk.brier_score_loss(truth == kinds[1], rows[:, 1]) if two else sk.brier_score_loss(truth, rows), abs=1e-12
    )
    precision = measure(truth, rows, SCORES, metric="ap").value
    wanted = (truth == kinds[1], rows[:, 1]) if two else (truth, rows)
    assert precision == pytest.approx(sk.average_precision_score(*wanted), abs=1e-12)
    of_first = measure(truth, rows, SCORES, metric="ap", positive=kinds[0]).value
    assert of_first == pytest.approx(sk.average_precision_score(truth == kinds[0], rows[:, 0]), abs=1e-12)


@pytest.mark.parametrize(
    ("metric", "truth", "rows", "says"),
    [
        ("mape", [1.0, 0.0, 2.5], [1.0, 1.0, 1.0], r"1 row\(s\) have it"),
        ("msle", [1.0, -1.0, 2.5], [1.0, 1.0, 1.0], "truth of -1"),
        ("rmsle", [1.0, 0.0, 2.5], [1.0, -2.0, 1.0], "prediction of -2"),
        ("spearman", [1.5, 1.5, 1.5], [1.0, 2.0, 3.0], "same value on every row"),
        ("pearson", [1.5, 1.0, 2.5], [2.0, 2.0, 2.0], "same on every row"),
        ("pinball_0.9", [1.5, 1.0, 2.5], ["a", "b", "c"], "text"),
        ("brier", [0, 1, 1], [0.5, 1.5, 0.1], "needs probabilities in 0..1"),
        ("average_precision", ["a", "b", "b"], ["a", "b", "b"], "labels in text"),
        ("average_precision", [1, 1, 1], [0.5, 0.4, 0.1], "every row of the truth is 1"),
        ("average_precision", [1, 2, 0, 1], [0.5, 0.4, 0.1, 0.2], "1 columns of scores for 3 classes"),
    ],
)
def test_where_a_metric_is_not_defined(metric: str, truth: list[Any], rows: list[Any], says: str) -> None:
    kind = SCORES if metric in ("brier", "average_precision") else PREDICTIONS
    with pytest.raises(MleeError, match=says):
        measure(truth, rows, kind, metric=metric)


def test_every_scorer_name_we_take_is_scikit_learns_own() -> None:
    known = set(sk.get_scorer_names())
    for name, facts in metrics().items():
        if name in ("spearman", "pearson"):  # scikit-learn has none; scipy's words
            continue
        assert name in known if facts.higher_is_better else f"neg_{name}" in known, name


@pytest.mark.parametrize(
    ("asked", "name", "higher", "bounded", "needs"),
    [
        ("Accuracy", "accuracy", True, True, "labels"),
        ("balanced accuracy", "balanced_accuracy", True, True, "labels"),
        ("neg_log_loss", "log_loss", False, False, "scores"),
        ("auc", "roc_auc", True, True, "scores"),
        ("MAE", "mean_absolute_error", False, False, "numbers"),
        ("neg_root_mean_squared_error", "root_mean_squared_error", False, False, "numbers"),
        ("r2", "r2", True, False, "numbers"),
        ("neg_brier_score", "brier_score", False, False, "scores"),
        ("average_precision", "average_precision", True, True, "scores"),
        ("mape", "mean_absolute_percentage_error", False, False, "numbers"),
        ("neg_mean_pinball_loss_0.90", "pinball_0.9", False, False, "numbers"),
        ("pinball 0.05", "pinball_0.05", False, False, "numbers"),
        ("rmsle", "root_mean_squared_log_error", False, False, "numbers"),
        ("Spearman", "spearman", True, False, "numbers"),
        ("f1-macro", "f1_macro", True, True, "labels"),
    ],
)
def test_facts(asked: str, name: str, higher: bool, bounded: bool, needs: str) -> None:
    facts = metric_facts(asked)
    assert (facts.name, facts.higher_is_better, facts.bounded, facts.needs) == (name, higher, bounded, needs)


def test_average_names_the_averaged_metric() -> None:
    assert metric_facts("f1", "macro").name == "f1_macro"
    assert metric_facts("f1", "binary").name == "f1"
    assert metric_facts("f1_macro", "macro").name == "f1_macro"


@pytest.mark.parametrize(
    ("metric", "average", "says"),
    [
        ("acuracy", None, "Did you mean accuracy"),
        ("zzz", None, "Known: accuracy"),
        ("", None, "Known:"),
        ("x" * 10_000, None, "Known:"),
        ("accuracy", "macro", "no averaging 'macro'"),
        ("f1_macro", "micro", "cannot be averaged"),
        ("f1", "samples", "cannot be averaged"),
        ("neg_median_absolute_error", None, "Choose mae"),
        ("max_error", None, "single row"),
        ("MCC", None, "balanced_accuracy"),
        ("matthews_corrcoef", None, "balanced_accuracy"),
        ("cohen_kappa_score", None, "mlee_jupyter.metric"),
        ("top_k_accuracy", None, "needs its k"),
        ("mean_pinball_loss", None, "pinball_0.9"),
        ("pinball_1.5", None, "not between 0 and 1"),
        ("pinball_x", None, "not between 0 and 1"),
        ("pinball_nan", None, "not between 0 and 1"),
        ("pinball_0.9", "macro", "no averaging"),
        (None, None, "not a name"),
        (3, None, "not a name"),
    ],
)
def test_unknown_metrics_are_refused_in_one_line(metric: Any, average: str | None, says: str) -> None:
    with pytest.raises(MleeError, match=says) as refused:
        metric_facts(metric, average)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    ("truth", "kind"),
    [
        (np.array(["a", "b"], dtype=object), "labels"),
        (np.array([True, False]), "labels"),
        (np.arange(10).repeat(10), "labels"),
        (np.array([0, 1, 1]), "labels"),
        (np.arange(200), "numbers"),
        (np.arange(15), "numbers"),
        (np.array([0.0, 1.0, 1.0]), "labels"),
        (np.array([1.0, 2.0, 3.0]), "numbers"),
        (np.array([0.5, 1.0]), "numbers"),
    ],
)
def test_a_truth_is_labels_or_numbers(truth: np.ndarray, kind: str) -> None:
    assert truth_kind(truth) == kind
    assert default_metric(truth) == {"labels": "accuracy", "numbers": "mean_absolute_error"}[kind]


@pytest.mark.parametrize("function", [sk.precision_score, sk.recall_score, sk.f1_score, sk.roc_auc_score, sk.r2_score])
def test_a_function_of_scikit_learns_is_the_metric_of_ours(function: Any) -> None:
    facts = facts_of(function)
    assert facts.own is None
    assert facts.name == function.__name__.removesuffix("_score")
