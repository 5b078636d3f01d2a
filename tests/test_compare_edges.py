"""Edge cases of a comparison, each by its name: too few rows, one class, ties, what cannot be judged."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlee_jupyter import compare
from mlee_jupyter.domain import ResultKind, Verdict
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry, measure_folds
from mlee_jupyter.judge.judging import judge

from .entries import entries, labels, noisy


def test_one_candidate() -> None:
    truth, (rows,) = labels(100, [90])
    judgement = judge(truth, entries([rows]), metric="accuracy")
    assert judgement.best_set == ("a",)
    assert judgement.winner is None
    assert judgement.no_winner_reason is not None
    assert "one candidate" in judgement.no_winner_reason
    assert judgement.standings[0].verdict is Verdict.BEST
    assert judgement.standings[0].p_value is None
    assert judgement.standings[0].cost_bound == 0.0
    assert judgement.flattery == 0.0
    assert (judgement.rows_needed, judgement.smallest_gain) == (None, None)
    assert compare(truth, {"a": rows}).table["p_value"].isna().all()


EQUAL = {
    "accuracy": labels(80, [70])[1][0],
    "f1": labels(80, [70])[1][0],
    "mse": np.random.default_rng(2026).normal(size=80),
}


@pytest.mark.parametrize("metric", EQUAL)
@pytest.mark.parametrize("count", [2, 5])
def test_identical_columns_are_tied(metric: str, count: int) -> None:
    truth = labels(80, [70])[0]
    judgement = judge(truth, entries([EQUAL[metric]] * count), metric=metric)
    assert len(judgement.best_set) == count
    assert judgement.winner is None
    assert {s.p_value for s in judgement.standings} == {1.0}
    (bound,) = {s.cost_bound for s in judgement.standings}
    # the same answers on 80 rows leave room for a few points between two classifiers; the same numbers leave none
    assert (0.02 < bound < 0.06) if metric != "mse" else bound == 0
    assert {s.verdict for s in judgement.standings} == {Verdict.CANT_TELL if bound else Verdict.AS_GOOD}
    assert judgement.rows_needed is None
    assert judgement.flattery == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("metric", ["log_loss", "brier", "roc_auc", "mae", "rmse", "r2", "spearman", "pinball_0.9"])
@pytest.mark.parametrize("single_first", [False, True])
def test_a_model_never_beats_its_copy_in_single_precision(metric: str, single_first: bool) -> None:
    random = np.random.default_rng(0)
    if metric in ("log_loss", "brier", "roc_auc"):
        truth = random.integers(0, 2, 1200)
        p = 1 / (1 + np.exp(-(4 * (2 * truth - 1) + 2 * random.standard_normal(1200))))
        rows = np.column_stack([1 - p, p])
    else:
        truth = random.normal(40, 9, 1200)
        rows = truth + random.normal(0, 3, 1200)
    both = [rows, rows.astype(np.float32)]
    found = compare(truth, dict(zip("ab", both[::-1] if single_first else both, strict=True)), metric).judgement
    assert found.winner is None
    assert {s.verdict for s in found.standings} <= {Verdict.AS_GOOD, Verdict.CANT_TELL}
    assert all(s.behind_low <= 0 <= s.behind_high for s in found.standings)


@pytest.mark.parametrize("metric", ["f1", "recall", "balanced_accuracy", "f1_macro"])
def test_one_row_of_a_class_makes_nobody_worse(metric: str) -> None:
    truth = np.array([1] + [0] * 59)
    none = np.zeros(60, int)
    found = compare(truth, {"found it": truth, "missed it": none, "missed too": none, "again": truth}, metric).judgement
    assert {s.verdict for s in found.standings} == {Verdict.CANT_TELL}


@pytest.mark.parametrize("metric", ["rmse", "r2", "mae", "mse"])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_off_the_scale_and_worse_changes_no_number_of_the_others(metric: str, seed: int) -> None:
    """Its error is of the size of its loss: it would be the luck, and the cost, of everyone beside it."""
    random = np.random.default_rng(seed)
    truth = random.normal(40, 9, 120)
    rows = {name: truth + random.normal(0, 3, 120) for name in "abcd"}
    off = truth * np.exp(random.normal(0, 1.0, 120)) + 200
    alone, beside = (compare(truth, given, metric).judgement for given in (rows, {**rows, "off": off}))
    assert beside.flattery <= 1.5 * alone.flattery + 1e-9
    for standing in alone.standings:
        other = beside.of(standing.candidate)
        assert other is not None
        assert other.cost_bound <= 1.5 * standing.cost_bound


def test_the_last_bit_is_no_distance() -> None:
    random = np.random.default_rng(1)
    truth = random.normal(size=60)
    rows = truth + random.normal(size=60)
    found = compare(truth, {"a": rows, "b": rows * (1 + 1e-15), "c": np.exp(rows)}, "spearman").judgement
    assert {s.behind for s in found.standings} == {0.0}


@pytest.mark.parametrize("n", [30, 60, 100, 300])
def test_what_costs_more_than_the_useful_gain_is_rarely_recommended(n: int) -> None:
    """The simpler one is truly 4 points worse; 2 would matter. On few rows the two often agree on all of them."""
    random, tries, wrong = np.random.default_rng(n), 400, 0
    truth = np.arange(n) % 2
    for _ in range(tries):
        worse = np.where(random.random(n) < 0.04, 1 - truth, truth)
        found = compare(
            truth, {"simple": worse, "other": truth}, useful_gain=0.02, simplicity={"simple": 1, "other": 2}
        )
        wrong += found.recommended == "simple"
    assert wrong / tries <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / tries)


def test_identical_columns_stay_together_beside_others() -> None:
    truth, columns = noisy(500, 0.8, 2, 6)
    judgement = judge(truth, entries([columns[0], columns[0], columns[1], 1 - truth]), metric="accuracy")
    a, b = judgement.of("a"), judgement.of("b")
    assert a is not None
    assert b is not None
    assert (a.p_value, a.in_set, a.verdict) == (b.p_value, b.in_set, b.verdict)


def test_constant_columns() -> None:
    truth = np.arange(200) % 2
    judgement = judge(truth, entries([truth * 0, truth * 0 + 1]), metric="accuracy")
    assert judgement.best_set == ("a", "b")
    all_or_nothing = judge(truth, entries([truth, 1 - truth]), metric="accuracy")
    assert all_or_nothing.winner == "a"
    assert all_or_nothing.of("b").score == 0.0  # type: ignore[union-attr]


@pytest.mark.parametrize("metric", ["mae", "mse", "rmse"])
def test_better_by_the_same_on_every_row_is_better(metric: str) -> None:
    truth = np.random.default_rng(2027).normal(size=50)
    assert compare(truth, {"a": truth + 1.0, "b": truth + 2.0}, metric).winner == "a"
    assert compare(truth, {"a": truth + 1.0, "b": truth - 1.0}, metric).winner is None


@pytest.mark.parametrize(("gap", "winner"), [(1, None), (4, None), (5, None), (6, "a"), (9, "a")])
def test_no_winner_below_six_disagreeing_rows(gap: int, winner: str | None) -> None:
    truth, columns = labels(360, [358, 358 - gap])
    found = compare(truth, dict(zip("ab", columns, strict=True)))
    assert found.winner == winner
    assert found.judgement.standings[1].disagreements == gap
    if winner is None:
        assert found.best_set == ("a", "b")
        assert f"differ on only {gap} row" in (found.no_winner_reason or "")
        assert found.judgement.standings[1].behind_low <= 0


@pytest.mark.parametrize("metric", ["f1", "balanced_accuracy", "precision", "recall", "f1_macro"])
@pytest.mark.parametrize(("gap", "winner"), [(5, None), (9, "a")])
def test_nor_for_other_metrics_of_labels(metric: str, gap: int, winner: str | None) -> None:
    truth = np.repeat([0, 1], 500)
    worse = truth.copy()
    wrong = np.arange(gap) if metric == "precision" else 500 + np.arange(gap)
    worse[wrong] = 1 - worse[wrong]
    found = compare(truth, {"a": truth, "b": worse}, metric)
    assert found.winner == winner
    assert (found.no_winner_reason is None) == (winner is not None)
    assert len(found.best_set) == (1 if winner else 2)


@pytest.mark.parametrize(("n", "winner"), [(29, None), (30, "a")])
def test_no_winner_below_thirty_rows(n: int, winner: str | None) -> None:
    truth, columns = labels(n, [n, 5])
    found = compare(truth, dict(zip("ab", columns, strict=True)))
    assert found.winner == winner
    assert ("29 rows" in (found.no_winner_reason or "")) == (winner is None)
    assert found.best_set == (("a",) if winner else ("a", "b"))
    assert found.judgement.standings[1].verdict is (Verdict.WORSE if winner else Verdict.CANT_TELL)


@pytest.mark.parametrize("positives", [1, 2, 3, 4])
@pytest.mark.parametrize("metric", ["roc_auc", "f1", "recall", "balanced_accuracy"])
def test_no_winner_on_fewer_than_five_rows_of_a_class(metric: str, positives: int) -> None:
    truth = np.array([1] * positives + [0] * (400 - positives))
    good, bad = truth.astype(float), np.linspace(0, 1, 400)
    if metric != "roc_auc":
        good, bad = truth, 1 - truth
    found = compare(truth, {"good": good, "bad": bad}, metric)
    assert found.winner is None
    assert "scarcest class" in (found.no_winner_reason or "")
    assert set(found.best_set) == {"good", "bad"}
    assert found.judgement.smallest_class == positives
    assert compare(truth, {"good": truth, "bad": 1 - truth}, "accuracy").winner == "good"


@pytest.mark.parametrize("metric", ["roc_auc", "f1", "recall"])
def test_ten_rows_of_a_class_can_name_one(metric: str) -> None:
    truth = np.array([1] * 10 + [0] * 390)
    bad = 1 - truth if metric != "roc_auc" else 1.0 - truth
    found = compare(truth, {"good": truth * 1.0 if metric == "roc_auc" else truth, "bad": bad}, metric)
    assert found.winner == "good"


def test_three_lucky_alarms_do_not_win_on_precision() -> None:
    truth = np.array([1] * 100 + [0] * 100)
    few = np.array([1] * 3 + [0] * 197)
    many = np.array([1] * 80 + [0] * 20 + [1] * 20 + [0] * 80)
    found = compare(truth, {"few": few, "many": many}, "precision")
    assert found.judgement.leader == "few"
    assert found.winner is None


@pytest.mark.parametrize("metric", ["roc_auc", "f1", "balanced_accuracy", "precision", "recall", "log_loss"])
def test_a_truth_of_one_class_is_refused_with_a_way_out(metric: str) -> None:
    with pytest.raises(MleeError, match="accuracy"):
        compare(np.zeros(50, int), {"a": np.random.default_rng(2028).random(50).round() * 1.0}, metric)


def test_a_truth_of_one_class_is_fine_for_accuracy_and_for_log_loss_with_the_other_class_named() -> None:
    truth = np.zeros(50, int)
    assert compare(truth, {"a": truth, "b": truth + 1}).winner == "a"
    found = compare(truth, {"a": truth + 0.1, "b": truth + 0.4}, "log_loss", positive=1)
    assert found.judgement.standings[0].score == pytest.approx(-math.log(0.9))


def test_a_failed_column_is_named_and_left_out() -> None:
    truth, columns = noisy(100, 0.8, 2, 8)
    broken = columns[1].astype(float)
    broken[3] = np.nan
    found = compare(truth, {"fine": columns[0], "broken": broken})
    assert found.best_set == ("fine",)
    assert "1 missing value" in found.failed["broken"]
    assert "broken" in repr(found)
    judgement = judge(truth, entries([columns[0], broken, columns[1][:50]]), metric="accuracy")
    assert set(judgement.failed) == {"b", "c"}
    assert "50 predictions for 100 rows" in judgement.failed["c"]


@pytest.mark.parametrize("kind", [ResultKind.FOLDS, ResultKind.NUMBER])
def test_what_has_no_rows_is_failed(kind: ResultKind) -> None:
    truth, (rows,) = labels(40, [30])
    judgement = judge(truth, [*entries([rows]), Entry(candidate="b", rows=[0.1, 0.2], kind=kind)], metric="accuracy")
    assert "no rows" in judgement.failed["b"]


def test_folds_have_a_mean_and_no_interval() -> None:
    assert measure_folds([0.5, 0.7, 0.9]) == (pytest.approx(0.7), 3)
    with pytest.raises(MleeError, match="two or more"):
        measure_folds([0.5])


def test_scores_that_differ_by_rounding_are_level() -> None:
    """Whichever class is summed up first, one of two equal candidates leads by its name and not by a last bit."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 7, 110)
    right = {name: truth.copy() for name in ("svm", "mlp")}
    right["svm"][3], right["mlp"][60] = (truth[3] + 1) % 7, (truth[60] + 3) % 7
    for place in (np.arange(7), rng.permutation(7), rng.permutation(7)):
        found = compare(place[truth], {name: place[rows] for name, rows in right.items()}, metric="recall_weighted")
        assert found.judgement.leader == "mlp"
        assert [standing.p_value for standing in found.judgement.standings] == [1.0, 1.0]
        assert "would tell" not in str(found)


def test_too_few_groups_need_groups_and_not_rows() -> None:
    random = np.random.default_rng(3)
    truth = random.integers(0, 2, 500)
    models = {name: np.where(random.random(500) < share, truth, 1 - truth) for name, share in (("a", 0.8), ("b", 0.78))}
    few, many = (compare(truth, models, groups=np.arange(500) % groups) for groups in (3, 50))
    assert few.judgement.rows_needed is None
    assert few.judgement.rows_needed_for_gain is None
    assert many.judgement.rows_needed is not None


@pytest.mark.parametrize("score", [0.91, 1, np.float64(0.91), True])
def test_a_score_alone_asks_for_its_rows(score: float) -> None:
    with pytest.raises(MleeError, match=r"A score alone.*\(0\.91, 1000\)"):
        compare(None, {"a": score, "b": score})


def test_few_alarms_are_called_what_they_are() -> None:
    """Thirty positives are there; it is the leader that calls only two rows positive."""
    truth = np.array([1] * 30 + [0] * 70)
    few, many = (np.arange(100) < 2).astype(int), ((np.arange(100) < 25) | (np.arange(100) > 89)).astype(int)
    found = compare(truth, {"few": few, "many": many}, "precision")
    assert found.winner is None
    assert (
        found.no_winner_reason
        == "The score hangs on 2 rows that the leader calls positive; below 5 no winner is named."
    )


def test_a_class_that_was_hardly_given_decides_nothing() -> None:
    """Two of three alarms right or all three: a mean over classes is not surer of that than precision itself is."""
    random, named = np.random.default_rng(8), 0
    for _ in range(40):
        truth = random.choice(3, 100, p=[0.8, 0.15, 0.05])
        candidates = {
            name: np.where(random.random(100) < right, truth, random.choice(3, 100, p=[0.9, 0.08, 0.02]))
            for name, right in (("one", 0.7), ("other", 0.7))
        }
        named += compare(truth, candidates, "precision_macro").winner is not None
    assert named <= 40 * 0.05 + 2 * (40 * 0.05 * 0.95) ** 0.5


def test_a_rule_that_gives_one_label_is_sure_of_the_others() -> None:
    truth = np.array([0] * 180 + [1] * 20)
    found = truth.copy()
    found[:20], found[185:195] = 1, 0
    assert compare(truth, {"never": np.zeros(200, int), "found": found}, "precision_macro").winner == "found"
