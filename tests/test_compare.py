"""The public door and the judgement behind it: worked examples and every edge case by name."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

from mlee_jupyter.domain import Judgement, ResultKind, Verdict
from mlee_jupyter.errors import MleeError
from mlee_jupyter.judge import Entry, compare, judge, measure, measure_folds
from mlee_jupyter.stats.intervals import wilson

RANDOM = np.random.default_rng(2024)


def labels(n: int, right: Sequence[int], seed: int = 0) -> tuple[np.ndarray, list[np.ndarray]]:
    """Two balanced classes, and predictions that are right on the given numbers of rows (the first ones)."""
    truth = np.random.default_rng(seed).permutation(np.arange(n) % 2)
    return truth, [np.where(np.arange(n) < count, truth, 1 - truth) for count in right]


def entries(columns: Sequence[np.ndarray], kind: ResultKind = ResultKind.PREDICTIONS) -> list[Entry]:
    return [Entry(candidate="abcdefghijkl"[k], rows=rows, kind=kind) for k, rows in enumerate(columns)]


def noisy(n: int, accuracy: float, count: int, seed: int) -> tuple[np.ndarray, list[np.ndarray]]:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, n)
    return truth, [np.where(random.random(n) < accuracy, truth, 1 - truth) for _ in range(count)]


# ---------------------------------------------------------------- real models on real data


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    features, truth = load_digits(return_X_y=True)
    train, test, y_train, y_test = train_test_split(features, truth, test_size=360, random_state=0, stratify=truth)
    models = {
        "knn": KNeighborsClassifier(3),
        "forest": RandomForestClassifier(60, random_state=0),
        "one tree": RandomForestClassifier(1, random_state=0),
        "logistic": LogisticRegression(C=1e-5, max_iter=50),
    }
    return y_test, {name: model.fit(train, y_train).predict(test) for name, model in models.items()}


def test_digits(digits: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    truth, predictions = digits
    found = compare(truth, predictions, simplicity={"knn": 1, "logistic": 2, "forest": 3})
    assert found.best_set == ("knn", "forest")
    assert found.winner is None
    assert found.recommended == "knn"
    assert found.useful_gain == 0.02
    assert found.useful_gain_assumed
    assert found.judgement.of("one tree").verdict is Verdict.WORSE  # type: ignore[union-attr]
    table = found.table.set_index("candidate")
    assert table.index.tolist() == [s.candidate for s in found.judgement.standings]
    assert list(found.table.columns[:7]) == ["candidate", "score", "low", "high", "verdict", "p_value", "cost_bound"]
    for name, rows in predictions.items():
        right = int(np.sum(rows == truth))
        assert table.loc[name, "score"] == pytest.approx(right / 360, abs=1e-15)
        assert (table.loc[name, "low"], table.loc[name, "high"]) == pytest.approx(wilson(right, 360))
    assert 0 < found.flattery < 0.02
    assert found.judgement.baselines[0].beaten_by


def test_the_order_of_the_call_changes_nothing(digits: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    truth, predictions = digits
    again = compare(truth, dict(reversed(predictions.items())))
    assert again.to_dict() == compare(truth, predictions).to_dict()


def test_it_goes_into_json_and_reads_well(digits: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    found = compare(*digits)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["leader"] == found.leader
    assert told["standings"][0]["verdict"] in [v.value for v in Verdict]
    assert "can't be" not in repr(found)
    assert repr(found).startswith("accuracy on 360 rows, higher is better")
    assert "95% range" in repr(found)
    assert found._repr_html_().count("<tr>") == 5


def test_compare_of_the_package_is_the_function_whatever_was_imported_before() -> None:
    code = (
        "import mlee_jupyter.judge, mlee_jupyter as mlee\n"
        "found = mlee.compare([0, 1] * 40, {'a': [0, 1] * 40, 'b': [0, 0] * 40})\n"
        "assert found.winner == 'a', found\n"
        "assert 'useful_gain' in __import__('inspect').signature(mlee.compare).parameters\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_it_is_imported_without_heavy_company() -> None:
    code = (
        "import sys, mlee_jupyter.judge as c\n"
        "c.measure([0, 1] * 40, [0, 1] * 40, metric='accuracy')\n"
        "c.judge([0, 1] * 40, [c.Entry(candidate='a', rows=[0, 1] * 40)], metric='accuracy')\n"
        "heavy = {'pandas', 'scipy', 'sklearn', 'polars', 'IPython'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# ---------------------------------------------------------------- verdicts


def test_a_clear_winner() -> None:
    truth, columns = noisy(2000, 0.85, 3, 1)
    truth2 = np.where(np.random.default_rng(3).random(2000) < 0.95, truth, 1 - truth)
    judgement = judge(truth, entries([*columns, truth2]), metric="accuracy")
    assert judgement.winner == judgement.leader == "d"
    assert judgement.best_set == ("d",)
    assert judgement.no_winner_reason is None
    assert (judgement.rows_needed, judgement.rows_needed_for_gain) == (None, None)
    assert judgement.smallest_gain is not None
    verdicts = {s.candidate: s.verdict for s in judgement.standings}
    assert verdicts == {"d": Verdict.BEST, "a": Verdict.WORSE, "b": Verdict.WORSE, "c": Verdict.WORSE}
    assert all(s.behind_low > 0 for s in judgement.standings[1:])


def test_as_good_is_said_of_who_is_out_of_the_set_but_costs_little() -> None:
    truth, (best, near) = labels(5000, [4990, 4965])
    judgement = judge(truth, entries([best, near]), metric="accuracy")
    standing = judgement.of("b")
    assert standing is not None
    assert not standing.in_set
    assert standing.verdict is Verdict.AS_GOOD
    assert standing.cost_bound < 0.02
    assert judgement.winner == "a"
    assert judge(truth, entries([best, near]), metric="accuracy", useful_gain=0.002).of("b").verdict is Verdict.WORSE  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("simplicity", "recommended"),
    [
        ({"a": 2, "b": 1}, "b"),
        ({"a": 1, "b": 2}, "a"),
        ({"b": 9}, "b"),  # undeclared counts as less simple than any declared one
        ({"a": 1, "b": 1}, "a"),  # ties go to the better score
        ({}, "a"),
    ],
)
def test_the_simplest_as_good_is_recommended(simplicity: dict[str, int], recommended: str) -> None:
    truth, (best, near) = labels(5000, [4990, 4965])
    assert compare(truth, {"a": best, "b": near}, simplicity=simplicity).recommended == recommended


def test_nothing_is_recommended_where_nobody_is_surely_cheap() -> None:
    truth, columns = noisy(100, 0.8, 3, 5)
    found = compare(truth, dict(zip("abc", columns, strict=True)))
    assert found.recommended is None
    assert found.rows_needed is None or found.rows_needed > 100


@pytest.mark.parametrize(
    ("metric", "gain"), [("mae", 0.02), ("mse", 0.02), ("rmse", 0.02), ("neg_mean_absolute_error", 0.02)]
)
def test_the_assumed_gain_of_a_loss_is_a_share_of_the_leaders(metric: str, gain: float) -> None:
    truth = RANDOM.normal(size=300)
    found = compare(truth, {"a": truth + RANDOM.normal(size=300), "b": truth + 2 * RANDOM.normal(size=300)}, metric)
    assert found.useful_gain == pytest.approx(gain * found.judgement.standings[0].score)
    assert found.judgement.standings[0].score < found.judgement.standings[1].score
    assert found.judgement.standings[1].behind > 0
    assert found.winner == "a"


def test_r2_is_a_score() -> None:
    truth = RANDOM.normal(size=100)
    found = compare(truth, {"a": truth + 0.1 * RANDOM.normal(size=100), "b": truth * 0}, "r2")
    assert found.useful_gain == 0.02
    assert found.winner == "a"


def test_rows_needed_would_separate_them() -> None:
    """The formula by hand: n = ((1.96 + 0.84) s / gap)^2 with s^2 = d - gap^2 (times n / (n - 1))."""
    truth = np.arange(400) % 2
    first, second = truth.copy(), truth.copy()
    first[:20] = 1 - first[:20]
    second[15:45] = 1 - second[15:45]
    found = compare(truth, {"a": first, "b": second})
    gap, disagreeing = 10 / 400, 40 / 400
    variance = (disagreeing - gap**2) * 400 / 399
    expected = math.ceil((stats.norm.isf(0.025) + stats.norm.isf(0.2)) ** 2 * variance / gap**2)
    assert found.rows_needed == expected
    assert found.judgement.rows_needed_for_gain == math.ceil(7.8489 * disagreeing / 0.02**2)
    assert found.judgement.standings[1].disagreements == 40


# ---------------------------------------------------------------- edge cases


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
    "mse": RANDOM.normal(size=80),
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
    assert (0.02 < bound < 0.06) if metric == "accuracy" else bound == 0
    assert {s.verdict for s in judgement.standings} == {Verdict.CANT_TELL if bound else Verdict.AS_GOOD}
    assert judgement.rows_needed is None
    assert judgement.flattery == pytest.approx(0, abs=1e-12)


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
    truth = RANDOM.normal(size=50)
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
        compare(np.zeros(50, int), {"a": RANDOM.random(50).round() * 1.0}, metric)


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


# ---------------------------------------------------------------- variants


def test_a_candidate_stands_for_its_best_variant_and_every_variant_is_a_look() -> None:
    truth, columns = noisy(400, 0.8, 12, 9)
    many = [Entry(candidate="svm", variant=f"C={k}", rows=rows) for k, rows in enumerate(columns[:11])]
    judgement = judge(truth, [*many, Entry(candidate="knn", variant="k=3", rows=columns[11])], metric="accuracy")
    assert judgement.looks == 12
    assert len(judgement.standings) == 2
    best = max(range(11), key=lambda k: np.mean(columns[k] == truth))
    assert judgement.of("svm").variant == f"C={best}"  # type: ignore[union-attr]
    alone = judge(truth, [many[best], Entry(candidate="knn", variant="k=3", rows=columns[11])], metric="accuracy")
    assert judgement.flattery > alone.flattery
    assert judgement.of("knn").p_value >= alone.of("knn").p_value  # type: ignore[union-attr,operator]


def test_the_winner_may_have_several_variants_in_the_set() -> None:
    truth, _ = noisy(1000, 0.8, 1, 10)
    random = np.random.default_rng(11)
    good = [np.where(random.random(1000) < 0.95, truth, 1 - truth) for _ in range(3)]
    bad = np.where(random.random(1000) < 0.8, truth, 1 - truth)
    tries = [Entry(candidate="good", variant=str(k), rows=rows) for k, rows in enumerate(good)]
    judgement = judge(truth, [*tries, Entry(candidate="bad", rows=bad)], metric="accuracy")
    assert judgement.winner == "good"
    assert judgement.of("good").verdict is Verdict.BEST  # type: ignore[union-attr]


def test_one_failed_variant_does_not_fail_its_candidate() -> None:
    truth, columns = noisy(100, 0.8, 2, 12)
    tries = [
        Entry(candidate="a", variant="v1", rows=columns[0]),
        Entry(candidate="a", variant="v2", rows=columns[1][:9]),
        Entry(candidate="b", variant="v1", rows=columns[1]),
    ]
    judgement = judge(truth, tries, metric="accuracy")
    assert set(judgement.failed) == {"a (v2)"}
    assert judgement.looks == 2


def test_more_than_two_hundred_variants() -> None:
    truth, columns = noisy(150, 0.8, 230, 13)
    tries = [Entry(candidate=f"c{k % 7}", variant=str(k), rows=rows) for k, rows in enumerate(columns)]
    worst = Entry(candidate="last", rows=1 - truth)
    judgement = judge(truth, [*tries, worst], metric="accuracy")
    assert judgement.looks == 231
    assert len(judgement.standings) == 8
    assert judgement.standings[-1].candidate == "last"
    assert judgement.standings[-1].verdict is Verdict.WORSE


# ---------------------------------------------------------------- influence values alone


def _as_influence(truth: np.ndarray, tries: list[Entry], metric: str) -> list[Entry]:
    kept = []
    for entry in tries:
        found = measure(truth, entry.rows, entry.kind, metric=metric)
        kept.append(replace(entry, kind=ResultKind.INFLUENCE, rows=found.influence, value=found.value, df=found.df))
    return kept


@pytest.mark.parametrize(
    "metric", ["accuracy", "f1", "precision", "recall", "balanced_accuracy", "roc_auc", "log_loss", "mae", "rmse", "r2"]
)
def test_influence_values_are_judged_as_the_predictions_were(metric: str) -> None:
    random = np.random.default_rng(14)
    truth = (random.random(120) < 0.3).astype(int)
    if metric in ("roc_auc", "log_loss", "mae", "rmse", "r2"):
        columns = [np.clip(0.5 * truth + 0.5 * random.random(120), 0, 1) for _ in range(4)]
        kind = ResultKind.SCORES if metric in ("roc_auc", "log_loss") else ResultKind.PREDICTIONS
    else:
        columns = [np.where(random.random(120) < share, truth, 1 - truth) for share in (0.97, 0.9, 0.8)]
        columns.append(truth * 0)
        kind = ResultKind.PREDICTIONS
    tries = entries(columns, kind)
    whole = judge(truth, tries, metric=metric, baselines=False)
    kept = judge(None, _as_influence(truth, tries, metric), metric=metric)
    mixed = judge(truth, [*tries[:2], *_as_influence(truth, tries[2:], metric)], metric=metric, baselines=False)
    for other in (mixed,) if metric == "r2" else (kept, mixed):  # of R2 alone, without the truth's spread: below
        assert _numbers(other) == pytest.approx(_numbers(whole), rel=1e-9, abs=1e-12, nan_ok=True)
        assert [s.verdict for s in other.standings] == [s.verdict for s in whole.standings]
        assert (other.winner, other.best_set, other.recommended) == (whole.winner, whole.best_set, whole.recommended)
        assert other.no_winner_reason == whole.no_winner_reason


def test_influence_values_of_r2_without_the_truth_are_judged_by_their_linear_form() -> None:
    random = np.random.default_rng(15)
    truth = random.normal(size=120)
    tries = entries([truth + size * random.normal(size=120) for size in (0.3, 0.35, 1.0)])
    whole = judge(truth, tries, metric="r2", baselines=False)
    kept = judge(None, _as_influence(truth, tries, "r2"), metric="r2")
    assert [s.score for s in kept.standings] == pytest.approx([s.score for s in whole.standings])
    assert kept.best_set == whole.best_set == ("a", "b")
    assert [s.behind_high for s in kept.standings] == pytest.approx([s.behind_high for s in whole.standings], rel=0.2)


def _numbers(judgement: Judgement) -> list[float]:
    found: list[float] = [judgement.n, judgement.useful_gain, judgement.flattery, judgement.looks]
    for s in judgement.standings:
        found += [s.score, s.low, s.high, s.cost_bound, s.behind, s.behind_low, s.behind_high]
        found += [math.nan if v is None else float(v) for v in (s.p_value, s.rows_needed, s.disagreements)]
    return found


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"df": None}, "degrees of freedom"),
        ({"value": None}, "without a score"),
        ({"rows": np.zeros(7)}, "on 7 rows, the others on 120"),
        ({"rows": np.array(["a", "b"])}, "text"),
        ({"kind": ResultKind.PREDICTIONS}, "truth was not kept"),
    ],
)
def test_broken_influence_values_are_failed(change: dict[str, object], says: str) -> None:
    fine = Entry(candidate="a", rows=RANDOM.normal(size=120), kind=ResultKind.INFLUENCE, value=0.5, df=119)
    broken = replace(replace(fine, candidate="b"), **change)  # type: ignore[arg-type]
    judgement = judge(None, [fine, broken], metric="mae")
    assert says in judgement.failed["b"]


@pytest.mark.parametrize("kind", [ResultKind.FOLDS, ResultKind.NUMBER])
def test_what_has_no_rows_is_failed(kind: ResultKind) -> None:
    truth, (rows,) = labels(40, [30])
    judgement = judge(truth, [*entries([rows]), Entry(candidate="b", rows=[0.1, 0.2], kind=kind)], metric="accuracy")
    assert "no rows" in judgement.failed["b"]


def test_folds_have_a_mean_and_no_interval() -> None:
    assert measure_folds([0.5, 0.7, 0.9]) == (pytest.approx(0.7), 3)
    with pytest.raises(MleeError, match="two or more"):
        measure_folds([0.5])


def test_the_table_keeps_its_types() -> None:
    truth, columns = noisy(100, 0.8, 3, 15)
    table = compare(truth, dict(zip("abc", columns, strict=True)), simplicity={"a": 1}).table
    assert isinstance(table, pd.DataFrame)
    assert table["score"].dtype == np.float64
    assert table["simplicity"].dtype == "Int64"
    assert table["verdict"].isin([v.value for v in Verdict]).all()
    assert pd.api.types.is_string_dtype(table["candidate"])


def test_the_only_candidate_is_not_suggested() -> None:
    """It was compared with nothing, as `explain` says; with a second one beside it somebody may be."""
    truth, (good, bad) = labels(200, [190, 100])
    alone = compare(truth, {"good": good}, metric="accuracy")
    assert (alone.winner, alone.recommended) == (None, None)
    assert "nothing is suggested" in str(alone.explain("good"))
    assert compare(truth, {"good": good, "bad": bad}, metric="accuracy").recommended == "good"
