"""Fold scores: by hand, by scikit-learn's and scipy's numbers, by simulation, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeClassifier

from mlee_jupyter import compare
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.compare.confidence_set import confidence_set
from mlee_jupyter.stats.compare.few import MANY, set_from_few
from mlee_jupyter.stats.compare.folds import compare_folds, fold_interval, inflation, read_folds, scored_folds
from mlee_jupyter.stats.compare.pairs import compare_pairs
from mlee_jupyter.stats.distributions import normal_as_t
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.scored import Scored

A = [0.80, 0.84, 0.78, 0.86, 0.82]
B = [0.90, 0.92, 0.91, 0.93, 0.92]


def test_two_recipes_by_hand() -> None:
    """t = mean(d) / sqrt((1/J + n_test/n_train) S^2) with J - 1 degrees of freedom."""
    found = compare(None, {"a": A, "b": B})
    gaps = np.subtract(B, A)
    error = math.sqrt((1 / 5 + 1 / 4) * gaps.var(ddof=1))
    t = gaps.mean() / error
    a, b = found.judgement.of("a"), found.judgement.of("b")
    assert a is not None
    assert b is not None
    assert a.behind == pytest.approx(gaps.mean())
    half = stats.t.isf(0.025, 4) * error
    assert (a.behind_low, a.behind_high) == pytest.approx((gaps.mean() - half, gaps.mean() + half))
    assert a.p_value == pytest.approx(2 * stats.t.sf(t, 4), rel=1e-3)
    half = stats.t.isf(0.025, 4) * math.sqrt((1 / 5 + 1 / 4) * np.var(B, ddof=1))
    assert (b.low, b.high) == pytest.approx((np.mean(B) - half, min(1.0, np.mean(B) + half)))
    assert found.judgement.by == "folds"
    assert found.judgement.n == 5
    assert found.winner == "b"
    assert "Nadeau-Bengio, test/train 0.25" in (found.judgement.caveat or "")
    assert (found.rows_needed, found.judgement.rows_needed_for_gain) == (None, None)
    assert "accuracy on 5 folds" in repr(found)


def test_without_the_widening_it_is_scipys_interval() -> None:
    ours = fold_interval(np.array(A), 1e-12)
    assert ours == pytest.approx(stats.t.interval(0.95, 4, np.mean(A), stats.sem(A)), rel=1e-6)
    assert inflation(25, 0.25) == 7.25


@pytest.mark.parametrize(("z", "df"), [(0.5, 4), (1.96, 4), (3.0, 24), (5.0, 9), (12.0, 49)])
def test_normal_as_t_by_scipy(z: float, df: int) -> None:
    assert normal_as_t(z, df) == pytest.approx(stats.t.isf(stats.norm.sf(z), df), rel=1e-9)


@pytest.mark.parametrize("count", [3, 8])
def test_the_largest_of_all_pairs_by_the_textbook(count: int) -> None:
    """Critical value for equal columns of six normal replicates, against samples drawn the plain way."""
    random = np.random.default_rng(1)
    columns = [Scored(theta=float(x.mean()), psi=x - x.mean(), df=5.0) for x in random.standard_normal((count, 6))]
    found = set_from_few(compare_pairs(columns), alpha=0.05)
    plain = random.standard_normal((4000, count, 6))
    gaps = plain[:, :, None] - plain[:, None]
    error = gaps.std(axis=-1, ddof=1) / math.sqrt(6) + np.eye(count)
    beyond = stats.t.isf(stats.norm.sf(found.critical_all), 5)
    share = float(np.mean(np.abs(gaps.mean(axis=-1) / error).max(axis=(1, 2)) > beyond))
    assert share == pytest.approx(0.05, abs=0.02)  # correlations are shrunk, not known
    assert found.critical_of(2) == pytest.approx(1.959964, rel=1e-6)


def test_equal_recipes_are_kept_together() -> None:
    """The variance of fold scores by its model: folds share half their error, so their mean keeps it.

    Nadeau and Bengio's correlation n_test / (n_test + n_train) = 1/5 for five folds. Four equal recipes.
    """
    random, tries, lost, facts = np.random.default_rng(5), 400, 0, metric_facts("accuracy")
    for _ in range(tries):
        shared = random.standard_normal((4, 1)) * math.sqrt(0.2)
        scores = 0.8 + 0.02 * (shared + math.sqrt(0.8) * random.standard_normal((4, 5)))
        columns = [scored_folds(facts, one) for one in scores[np.argsort(-scores.mean(axis=1))]]
        lost += not set_from_few(compare_folds(columns, 0.25), draws=2000).members.all()
    assert lost / tries <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / tries)
    assert lost > 0


def test_identical_recipes_under_real_cross_validation() -> None:
    features, truth = load_breast_cancer(return_X_y=True)
    named = {}
    for seed in range(4):
        tree = DecisionTreeClassifier(max_features=3, max_depth=3, random_state=seed)
        named[f"tree {seed}"] = cross_val_score(tree, features[:150], truth[:150], cv=5)
    assert len(compare(None, named).best_set) == 4


# ---------------------------------------------------------------- what the list says of the splits


@pytest.mark.parametrize(
    ("scores", "folds", "assumed"),
    [
        (np.linspace(0.7, 0.8, 5), 5, False),
        (np.linspace(0.7, 0.8, 10), 10, False),
        (np.linspace(0.7, 0.8, 13), 13, False),
        (np.linspace(0.7, 0.8, 25), 5, True),
        (np.linspace(0.7, 0.8, 100), 5, True),
        ([[0.7, 0.8, 0.9], [0.7, 0.8, 0.8]], 3, False),
        (np.full((10, 10), 0.5), 10, False),
    ],
)
def test_how_many_folds(scores: object, folds: int, assumed: bool) -> None:
    read = read_folds(scores)
    assert (read.folds, read.assumed, len(read.scores)) == (folds, assumed, np.size(scores))


def test_the_share_of_test_rows_can_be_told() -> None:
    wide = compare(None, {"a": A, "b": B}, test_to_train=1.0).judgement.standings[1]
    narrow = compare(None, {"a": A, "b": B}, test_to_train=1 / 9).judgement.standings[1]
    assert wide.behind_high - wide.behind_low > narrow.behind_high - narrow.behind_low


def test_scorers_with_a_minus_sign_are_losses() -> None:
    found = compare(
        None, {"a": [-1.0, -1.1, -0.9, -1.05, -1.02], "b": [-0.5, -0.52, -0.48, -0.5, -0.51]}, "neg_mean_squared_error"
    )
    assert found.winner == "b"
    assert found.judgement.standings[0].score == pytest.approx(0.502)
    assert all(s.low >= 0 for s in found.judgement.standings)


# ---------------------------------------------------------------- refusals and edges


@pytest.mark.parametrize("count", [2, 4, 5])
def test_no_winner_below_five_folds(count: int) -> None:
    random = np.random.default_rng(count)
    good, bad = 0.95 + 1e-4 * random.random(count), 0.55 + 1e-4 * random.random(count)
    found = compare(None, {"good": good, "bad": bad})
    assert found.winner == ("good" if count == 5 else None)
    assert ("below 5" in (found.no_winner_reason or "")) == (count < 5)
    assert len(found.best_set) == (1 if count == 5 else 2)


def test_edges() -> None:
    assert compare(None, {"a": A}).best_set == ("a",)
    tied = compare(None, {"a": A, "b": A, "c": A})
    assert len(tied.best_set) == 3
    assert tied.flattery == 0
    steady = compare(None, {"a": np.full((10, 10), 0.9), "b": np.full((10, 10), 0.8)})
    assert steady.winner is None  # folds that are all alike say nothing of how far others would be off
    assert len(compare(None, {"a": [0.9] * 5, "b": [0.8] * 5}).best_set) == 2  # t = sqrt(5 / 2.25) = 1.5


@pytest.mark.parametrize(
    ("values", "says"),
    [([0.5], "two or more"), (["a", "b"], "two or more"), ([0.5, 1.4, 0.6], "no accuracy"), ([0.5, None], "missing")],
)
def test_what_is_no_list_of_fold_scores_is_failed(values: object, says: str) -> None:
    found = compare(None, {"a": A, "b": values})
    assert says in found.failed["b"]
    with pytest.raises(MleeError, match="No candidate could be judged"):
        compare(None, {"b": values})


def test_other_numbers_of_folds_are_failed() -> None:
    found = compare(None, {"a": A, "b": B, "c": [0.9] * 10})
    assert "10 folds, the others 5" in found.failed["c"]


@pytest.mark.parametrize("ratio", [0, -1, math.inf, math.nan, "0.25", True])
def test_a_ratio_that_is_none(ratio: object) -> None:
    with pytest.raises(MleeError, match="test_to_train"):
        compare(None, {"a": A}, test_to_train=ratio)  # type: ignore[arg-type]


def test_a_ratio_with_rows_is_a_mistake() -> None:
    with pytest.raises(MleeError, match="belongs to fold scores"):
        compare([0, 1], {"a": [0, 1]}, test_to_train=0.25)


def test_beside_rows_folds_are_failed_and_rows_judged() -> None:
    truth = np.arange(60) % 2
    tries = [Entry(candidate="rows", rows=truth), Entry(candidate="folds", rows=A, kind=ResultKind.FOLDS)]
    judgement = judge(truth, tries, metric="accuracy")
    assert judgement.by == "rows"
    assert judgement.best_set == ("rows",)
    assert "no rows" in judgement.failed["folds"]


def test_a_truth_beside_folds_alone_changes_nothing() -> None:
    tries = [Entry(candidate=name, rows=rows, kind=ResultKind.FOLDS) for name, rows in (("a", A), ("b", B))]
    assert judge(np.arange(60) % 2, tries, metric="accuracy").winner == "b"
    number = Entry(candidate="n", rows=None, kind=ResultKind.NUMBER)
    assert "no folds" in judge(None, [*tries, number], metric="accuracy").failed["n"]
    assert read_folds(A, metric_facts("accuracy")).scores.tolist() == A


PER_CENT, NEEDS = "If it is per cent, divide by 100; ", 'cross_val_score needs scoring="{}".'
NO_SUCH_SCORE = {
    "accuracy in per cent": ("accuracy", [80, 82, 79], 80, PER_CENT + NEEDS.format("accuracy")),
    "one of them above": ("accuracy", [0.8, 1.5], 1.5, PER_CENT + NEEDS.format("accuracy")),
    "more than all": ("accuracy", [80, 100.5], 80, NEEDS.format("accuracy")),
    "a share below nothing": ("accuracy", [-0.1, 0.9], -0.1, NEEDS.format("accuracy")),
    "below and above": ("accuracy", [-0.1, 90], -0.1, NEEDS.format("accuracy")),
    "r2 of one and more": ("r2", [1.01, 0.4], 1.01, PER_CENT + NEEDS.format("r2")),
    "an error of both signs": ("rmse", [1.5, -1.5], -1.5, NEEDS.format("neg_root_mean_squared_error")),
}


@pytest.mark.parametrize(("metric", "scores", "first", "todo"), NO_SUCH_SCORE.values(), ids=NO_SUCH_SCORE)
def test_scores_beyond_the_metrics_limits(metric: str, scores: list[float], first: float, todo: str) -> None:
    facts = metric_facts(metric)
    with pytest.raises(MleeError) as refused:
        read_folds(scores, facts)
    assert str(refused.value) == f"A fold score of {first:.6g} is no {facts.label}. {todo}"


def test_scores_at_the_metrics_limits_are_taken() -> None:
    assert read_folds([0.0, 1.0, 0.5], metric_facts("accuracy")).scores.tolist() == [0.0, 1.0, 0.5]
    assert read_folds([-50.0, 1.0], metric_facts("r2")).scores.tolist() == [-50.0, 1.0]
    assert read_folds([0.0, -3.0], metric_facts("rmse")).scores.tolist() == [0.0, 3.0]
    assert math.copysign(1, read_folds([0.0, -3.0], metric_facts("rmse")).scores[0]) == 1


@pytest.mark.parametrize("score", [0.1, 0.7, 1 / 3, 0.9999999])
def test_the_same_in_every_fold_has_no_spread_at_all(score: float) -> None:
    for count in (3, 7, 10, 49):
        assert not scored_folds(metric_facts("accuracy"), np.full(count, score)).psi.any()
    assert scored_folds(metric_facts("accuracy"), np.array([score, score - 1e-9])).psi.all()


def test_from_sixty_degrees_of_freedom_the_plain_set_serves() -> None:
    random = np.random.default_rng(4)
    for count, plain in ((MANY, False), (MANY + 1, True), (MANY + 2, True)):
        scores = random.normal(0.8, 0.05, (4, count)) - np.array([[0.0], [0.004], [0.008], [0.012]])
        pairs = compare_folds([scored_folds(metric_facts("accuracy"), s) for s in scores], 0.25)
        assert (set_from_few(pairs).p_values.tolist() == confidence_set(pairs).p_values.tolist()) is plain


@pytest.mark.parametrize(("count", "replicates"), [(5, 3), (4, 4), (8, 6), (6, 3), (20, 5)])
def test_no_order_of_folds_or_groups_changes_an_answer(count: int, replicates: int) -> None:
    """Shrinking leaves equal eigenvalues, whose vectors are any: draws from them hung on the last bit of a sum."""
    random = np.random.default_rng(count)
    gains = random.standard_normal((count, replicates)) * np.linspace(0.1, 1, count)[:, None]
    answers = []
    for _ in range(6):
        moved = gains[:, random.permutation(replicates)]
        columns = [Scored(theta=round(float(g.mean()), 12), psi=g - g.mean(), df=replicates - 1) for g in moved]
        found = set_from_few(compare_pairs(columns))
        answers.append([found.critical_all, *found.p_values])
    assert np.ptp(answers, axis=0).max() < 1e-6
