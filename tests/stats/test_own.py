"""A user's own metric: as sharp as the built-in it repeats, and one clear line where it cannot be judged."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as sk

import mlee_jupyter as mlee
from mlee_jupyter import compare
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.metrics.catalogue import REGISTERED, metric_facts
from mlee_jupyter.stats.metrics.own import OwnMetric, own_influence
from mlee_jupyter.stats.metrics.registered import own_facts

RANDOM = np.random.default_rng(51)
N = 240
LABELS = (RANDOM.random(N) < 0.4).astype(int)
GUESSES = {name: np.where(RANDOM.random(N) < share, LABELS, 1 - LABELS) for name, share in (("a", 0.9), ("b", 0.7))}
TRUTH = 2 * RANDOM.normal(size=N)
NUMBERS = {name: TRUTH + size * RANDOM.normal(size=N) for name, size in (("a", 1.0), ("b", 1.3), ("c", 1.25))}


def f1(truth: np.ndarray, rows: np.ndarray) -> float:
    return float(2 * np.sum((truth == 1) & (rows == 1)) / (np.sum(truth == 1) + np.sum(rows == 1)))


def rmse(truth: np.ndarray, rows: np.ndarray) -> float:
    return float(np.sqrt(np.mean((truth - rows) ** 2)))


def absolute(truth: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(truth - rows))


# ---------------------------------------------------------------- like the built-in


def test_one_value_per_row_is_the_built_in() -> None:
    theirs = compare(TRUTH, NUMBERS, "mae").judgement
    ours = compare(TRUTH, NUMBERS, absolute, higher_is_better=False).judgement
    assert ours.best_set == theirs.best_set
    assert ours.metric == "absolute"
    for one, other in zip(ours.standings, theirs.standings, strict=True):
        assert (one.score, one.behind_high) == pytest.approx((other.score, other.behind_high))
        # whether a function of one's own has limits nobody knows, so its range has no scale without them
        assert other.low <= one.low * (1 + 1e-9)
        assert one.high <= other.high * (1 + 1e-9)
        assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=0.01)
        assert one.p_value == pytest.approx(other.p_value, rel=1e-9)
    assert [b.name for b in ours.baselines] == ["mean", "median"]


@pytest.mark.parametrize(
    ("function", "metric", "higher", "truth", "named"),
    [(f1, "f1", True, LABELS, GUESSES), (rmse, "rmse", False, TRUTH, NUMBERS)],
    ids=["f1", "rmse"],
)
def test_one_number_for_all_rows_is_near_the_built_in(
    function: Callable[..., float], metric: str, higher: bool, truth: np.ndarray, named: dict[str, np.ndarray]
) -> None:
    theirs = compare(truth, named, metric).judgement
    ours = compare(truth, named, function, higher_is_better=higher).judgement
    assert ours.best_set == theirs.best_set
    for one, other in zip(ours.standings, theirs.standings, strict=True):
        assert one.score == pytest.approx(other.score)
        assert one.behind_high == pytest.approx(other.behind_high, rel=0.1, abs=1e-12)


def test_the_mean_by_the_jackknifes_textbook() -> None:
    """Of a mean the jackknife gives the usual standard error exactly (Efron and Tibshirani 1993, 11.5)."""
    own = OwnMetric(name="mean", function=lambda _, rows: float(np.mean(rows)))
    rows = RANDOM.exponential(size=60)
    value, psi, df = own_influence(own, np.zeros(60), rows, np.zeros(60, np.intp))
    assert value == pytest.approx(rows.mean())
    assert math.sqrt(psi @ psi / (60 * 59)) == pytest.approx(rows.std(ddof=1) / math.sqrt(60))
    assert df == 59


def test_groups_of_rows_beyond_a_thousand() -> None:
    own = OwnMetric(name="mean", function=lambda _, rows: float(np.mean(rows)))
    rows = RANDOM.exponential(size=3000)
    _, psi, df = own_influence(own, np.zeros(3000), rows, np.zeros(3000, np.intp))
    assert psi.mean() == pytest.approx(0, abs=1e-12)
    assert math.sqrt(psi @ psi / (3000 * 2999)) == pytest.approx(rows.std() / math.sqrt(3000), rel=0.15)
    assert df == 499


QUANTILES: dict[str, Callable[[np.ndarray], float]] = {
    "median": lambda x: float(np.median(x)),
    "90% quantile": lambda x: float(np.quantile(x, 0.9)),
    "quartile range": lambda x: float(np.quantile(x, 0.75) - np.quantile(x, 0.25)),
}
SMOOTH: dict[str, Callable[[np.ndarray], float]] = {
    "mean": lambda x: float(np.mean(x)),
    "standard deviation": lambda x: float(np.std(x)),
    "trimmed mean": lambda x: float(stats.trim_mean(x, 0.2)),
    "geometric mean": lambda x: float(np.exp(np.mean(np.log(np.abs(x) + 1)))),
}


def _share_judged(function: Callable[[np.ndarray], float], n: int, tries: int = 30) -> float:
    random, judged = np.random.default_rng(53), 0
    own = OwnMetric(name="mine", function=lambda _, rows: function(rows))
    for _ in range(tries):
        try:
            own_influence(own, np.zeros(n), random.normal(size=n), np.zeros(n, np.intp))
        except MleeError:
            continue
        judged += 1
    return judged / tries


@pytest.mark.parametrize("name", SMOOTH)
def test_what_is_smooth_is_judged(name: str) -> None:
    assert _share_judged(SMOOTH[name], 60) >= 0.95


@pytest.mark.parametrize("name", QUANTILES)
def test_what_jumps_is_refused(name: str) -> None:
    """The jackknife of a quantile is inconsistent (Efron and Tibshirani 1993, 11.6)."""
    assert _share_judged(QUANTILES[name], 60) <= 0.1
    assert _share_judged(QUANTILES[name], 300, tries=10) <= 0.1


@pytest.mark.parametrize("function", [f1, rmse])
def test_equals_are_kept_together(function: Callable[..., float]) -> None:
    random, tries, lost, count = np.random.default_rng(52), 60, 0, 3
    facts = own_facts(function, function is f1)
    for _ in range(tries):
        if function is f1:
            truth = (np.arange(100) < 30).astype(int)
            columns = np.where(random.random((count, 100)) < 0.8, truth, 1 - truth)
        else:
            truth = random.standard_normal(100)
            columns = truth + random.standard_normal(100) + 0.5 * random.standard_normal((count, 100))
        tries_of_one = [Entry(candidate=f"c{k}", rows=rows) for k, rows in enumerate(columns)]
        lost += len(judge(truth, tries_of_one, metric=facts, baselines=False).best_set) < count
    assert lost / tries <= 0.05 + 2.5 * math.sqrt(0.05 * 0.95 / tries)


def test_a_difference_is_found() -> None:
    good, bad = TRUTH + 0.3 * RANDOM.normal(size=N), TRUTH + 1.5 * RANDOM.normal(size=N)
    for function in (absolute, rmse):
        assert compare(TRUTH, {"good": good, "bad": bad}, function, higher_is_better=False).winner == "good"


def test_probabilities_reach_it_as_they_are() -> None:
    rows = np.column_stack([1 - 0.6 * LABELS - 0.2, 0.6 * LABELS + 0.2])
    seen: list[tuple[int, ...]] = []

    def spied(truth: np.ndarray, given: np.ndarray) -> np.ndarray:
        seen.append(given.shape)
        return np.asarray(given[np.arange(len(truth)), truth])

    found = compare(LABELS, {"a": rows, "b": rows[:, ::-1]}, spied, higher_is_better=True)
    assert found.winner == "a"
    assert found.judgement.baselines == ()  # labels are no probabilities
    assert {len(shape) for shape in seen} == {2}


def test_it_can_spoil_nothing() -> None:
    def careless(truth: np.ndarray, rows: np.ndarray) -> np.ndarray:
        rows -= truth
        return np.asarray(np.abs(rows))

    before = {name: rows.copy() for name, rows in NUMBERS.items()}
    found = compare(TRUTH, NUMBERS, careless, higher_is_better=False).judgement
    assert found.best_set == compare(TRUTH, NUMBERS, "mae").judgement.best_set
    assert all(np.array_equal(rows, NUMBERS[name]) for name, rows in before.items())


def test_the_useful_gain_is_a_share_of_the_score() -> None:
    found = compare(TRUTH, NUMBERS, lambda t, p: 1000 - np.abs(t - p), higher_is_better=True).judgement
    assert found.useful_gain == pytest.approx(0.02 * found.standings[0].score)


# ---------------------------------------------------------------- names


def test_a_registered_name_is_a_metric() -> None:
    assert mlee.metric("profit", lambda t, p: 5.0 * (t == p) - 1, higher_is_better=True, by_row=True) == "profit"
    try:
        assert metric_facts("profit").is_row_mean
        by_name = compare(LABELS, GUESSES, "profit").judgement
        assert by_name.winner == "a"
        assert by_name.higher_is_better
        assert compare(LABELS, GUESSES, "profit", weights=np.ones(N)).winner == "a"
        with pytest.raises(MleeError, match="averages by itself"):
            metric_facts("profit", "macro")
        mlee.metric("profit", lambda t, p: 1.0 * (t != p), higher_is_better=False)  # the newest counts
        assert not metric_facts("profit").higher_is_better
    finally:
        REGISTERED.pop("profit")
    with pytest.raises(MleeError, match="no metric 'profit'"):
        metric_facts("profit")


def test_scikit_learns_functions_are_the_metrics_they_are() -> None:
    found = compare(LABELS, GUESSES, sk.f1_score).judgement
    assert found.metric == "f1"
    assert compare(TRUTH, NUMBERS, sk.mean_absolute_error).judgement.metric == "mean_absolute_error"
    kappa = compare(LABELS, GUESSES, sk.cohen_kappa_score, higher_is_better=True).judgement
    assert kappa.metric == "cohen_kappa_score"
    assert kappa.standings[0].score == pytest.approx(sk.cohen_kappa_score(LABELS, GUESSES["a"]))


REFUSED_NAMES: dict[str, tuple[dict[str, Any], str]] = {
    "no direction": ({"higher_is_better": None}, "Which way is better"),
    "a direction in words": ({"higher_is_better": "yes"}, "Which way is better"),
    "a name of ours": ({"name": "Accuracy"}, "a metric already"),
    "a short form of ours": ({"name": "mae"}, "a metric already"),
    "no letters": ({"name": "  "}, "no name"),
    "not text": ({"name": 3}, "no name"),
    "two lines": ({"name": "a\nb"}, "no name"),
    "no function": ({"function": 3}, "not a function"),
    "half by row": ({"by_row": "both"}, "neither True nor False"),
}


@pytest.mark.parametrize("case", REFUSED_NAMES)
def test_what_cannot_be_registered(case: str) -> None:
    change, says = REFUSED_NAMES[case]
    given = {"name": "mine", "function": f1, "higher_is_better": True, **change}
    with pytest.raises(MleeError, match=says):
        mlee.metric(given.pop("name"), given.pop("function"), **given)
    assert "mine" not in REGISTERED


# ---------------------------------------------------------------- what cannot be judged


def _raises(_: Any, __: Any) -> float:
    raise KeyError("no such\ncolumn")


def _by_place(truth: np.ndarray, rows: np.ndarray) -> float:
    return float(np.sum(np.arange(len(truth)) * (truth - rows)))


def _by_chance(truth: np.ndarray, rows: np.ndarray) -> float:
    return float(RANDOM.normal())


FAULTS: dict[str, tuple[Callable[..., Any], str]] = {
    "it raises": (_raises, "_raises raised KeyError: 'no such"),
    "it gives NaN": (lambda t, p: math.nan, "gave nan on 240 rows"),
    "it gives NaN on a row": (lambda t, p: np.where(p > 2, np.nan, p), "values that are not finite"),
    "it gives text": (lambda t, p: "good", "which is no number"),
    "it gives nothing": (lambda t, p: None, "gave nan|no number"),
    "it gives another shape": (lambda t, p: np.zeros(3), r"shape \(3,\) for 240 rows"),
    "it gives a matrix": (lambda t, p: np.zeros((len(t), 2)), r"shape \(240, 2\)"),
    "it gives ragged lists": (lambda t, p: [[1], [1, 2]], "different lengths"),
    "it hangs on the order": (_by_place, "another order"),
    "it hangs on chance": (_by_chance, "another order"),
    "a row hangs on others": (lambda t, p: np.abs(t - p) - np.abs(t - p).mean() / len(t), "depends on the other rows"),
    "a row hangs on its place": (lambda t, p: np.arange(len(t)) * 1.0, "depends on the other rows"),
    "another shape on fewer rows": (lambda t, p: np.abs(t - p) if len(t) == N else 1.0, "another shape"),
    "it takes one argument": (lambda t: 1.0, "raised TypeError"),
    "it jumps": (lambda t, p: float(int(np.sum(p * 1000)) % 2), "jumps"),
    "undefined on a part": (lambda t, p: 1.0 if len(t) >= N else 1 / 0, "ZeroDivisionError"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_no_metric_gets_one_line(case: str) -> None:
    function, says = FAULTS[case]
    with pytest.raises(MleeError, match=says) as refused:
        compare(TRUTH, NUMBERS, function, higher_is_better=True)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_a_maximum_hangs_on_one_row_and_names_no_winner() -> None:
    def largest(truth: np.ndarray, rows: np.ndarray) -> float:
        return float(np.max(np.abs(truth - rows)))

    named = {"good": NUMBERS["a"] * 0.99, "bad": NUMBERS["a"] + np.where(np.arange(N) == 7, 90.0, 0.0)}
    try:
        winner = compare(TRUTH, named, largest, higher_is_better=False).winner
    except MleeError:  # it jumps
        winner = None
    assert winner is None


def test_edges() -> None:
    same = compare(TRUTH, {"a": NUMBERS["a"], "b": NUMBERS["a"]}, rmse, higher_is_better=False)
    assert same.best_set == ("a", "b")
    constant = compare(TRUTH, NUMBERS, lambda t, p: 7.0, higher_is_better=True)
    assert len(constant.best_set) == 3
    small = compare(TRUTH[:20], {k: v[:20] for k, v in NUMBERS.items()}, rmse, higher_is_better=False)
    assert small.winner is None
    rare = (np.arange(N) < 3).astype(int)
    few = compare(rare, {"good": rare, "bad": 1 - rare}, lambda t, p: float(np.mean(t == p)), higher_is_better=True)
    assert few.winner is None
    assert "3 rows" in (few.no_winner_reason or "")


def test_groups_and_time_with_a_function_of_all_rows() -> None:
    groups = np.arange(N) // 4
    found = compare(TRUTH, NUMBERS, rmse, higher_is_better=False, groups=groups).judgement
    by_name = compare(TRUTH, NUMBERS, "rmse", groups=groups).judgement
    assert found.best_set == by_name.best_set
    many = np.zeros(1200)
    noise = {"a": RANDOM.normal(size=1200), "b": RANDOM.normal(size=1200)}
    with pytest.raises(MleeError, match="at most 1,000 rows"):
        compare(many, noise, rmse, higher_is_better=False, groups=np.arange(1200) // 4)
    assert compare(many, noise, rmse, higher_is_better=False).judgement.n == 1200
    by_row = compare(many, noise, absolute, higher_is_better=False, groups=np.arange(1200) // 4).judgement
    assert by_row.by == "groups"


def test_fold_scores_of_it_keep_their_sign() -> None:
    found = compare(
        None, {"a": [-5.0, -5.1, -4.9, -5.0, -5.2], "b": [-1.0, -1.1, -0.9, -1, -1.2]}, rmse, higher_is_better=False
    )
    assert found.leader == "a"
    assert found.judgement.standings[0].score == pytest.approx(-5.04)


def test_an_object_without_a_hash_is_a_function_too() -> None:
    class Margin:
        """Equal to others of its kind, hence without a hash."""

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Margin)

        __hash__ = None  # type: ignore[assignment]

        def __call__(self, truth: np.ndarray, rows: np.ndarray) -> np.ndarray:
            return np.asarray(np.abs(truth - rows))

    facts = own_facts(Margin(), False)
    assert isinstance(hash(facts), int)
    assert compare(TRUTH, NUMBERS, Margin(), higher_is_better=False).judgement.metric == "Margin"


def test_weights_need_one_value_per_row() -> None:
    with pytest.raises(MleeError, match="is your own"):
        compare(TRUTH, NUMBERS, rmse, higher_is_better=False, weights=np.ones(N))


def test_influence_values_of_it_are_kept_and_judged() -> None:
    facts = own_facts(rmse, False)
    whole = compare(TRUTH, NUMBERS, rmse, higher_is_better=False).judgement
    kept = []
    for name, rows in NUMBERS.items():
        value, psi, df = own_influence(facts.own, TRUTH, rows, np.zeros(N, np.intp))  # type: ignore[arg-type]
        kept.append(Entry(candidate=name, rows=-psi, kind=ResultKind.INFLUENCE, value=value, df=df))
    ours = judge(None, kept, metric=facts)
    assert ours.best_set == whole.best_set
    assert ours.standings[1].behind_high == pytest.approx(whole.standings[1].behind_high)


def test_a_partial_function_has_a_name() -> None:
    half = functools.partial(lambda t, p, share: share * np.abs(t - p), share=0.5)
    assert compare(TRUTH, NUMBERS, half, higher_is_better=False).judgement.metric == "partial"


@pytest.mark.parametrize(
    "jumping",
    [lambda t, p: np.median(np.abs(t - p)), lambda t, p: np.quantile(np.abs(t - p), 0.9)],
    ids=["median", "quantile"],
)
@pytest.mark.parametrize("rows", [60, 300, 1500])
def test_a_function_that_jumps_is_taken_for_no_candidate(jumping: Any, rows: int) -> None:
    """Errors that are all alike have a smooth median; one candidate in two was judged by it."""
    truth = np.random.default_rng(8).normal(10, 3, rows)
    noise = np.random.default_rng(9).normal(0, 1, rows)
    for answers in ({"alike": truth + 1}, {"alike": truth + 1, "other": truth + noise}):
        with pytest.raises(MleeError, match="jumps"):
            compare(truth, answers, metric=jumping, higher_is_better=False)


GENTLE = {
    "mean": lambda t, p: float(np.mean(np.abs(t - p))),
    "root": lambda t, p: float(np.sqrt(np.mean((t - p) ** 2))),
    "R2": lambda t, p: float(1 - np.mean((t - p) ** 2) / np.var(t)),
    "correlation": lambda t, p: float(np.corrcoef(t, p)[0, 1]),
    "logarithms": lambda t, p: float(np.sqrt(np.mean((np.log(t) - np.log(p)) ** 2))),
    "share within a tenth": lambda t, p: float(np.mean(np.abs(t - p) < 0.1 * t)),
    "total": lambda t, p: float(np.sum(np.abs(t - p)) / np.sum(t)),
}


@pytest.mark.parametrize("name", GENTLE)
@pytest.mark.parametrize("rows", [100, 1500])
def test_a_smooth_function_is_taken_for_all(name: str, rows: int) -> None:
    random = np.random.default_rng(10)
    truth = np.exp(random.normal(2, 0.3, rows))
    answers = {"a": truth * np.exp(random.normal(0, 0.1, rows)), "b": truth * np.exp(random.normal(0, 0.2, rows))}
    found = compare(truth, answers, metric=GENTLE[name], higher_is_better=name in ("R2", "correlation"))
    assert not found.failed
    assert len(found.judgement.standings) == 2
