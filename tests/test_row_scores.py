"""Rows that have scores by themselves, compared: grades, a Dice per picture, returns per seed, with gaps and raters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlee_jupyter as mlee
from mlee_jupyter import MleeError
from mlee_jupyter.comparison.result import Comparison

N = 120


def grades(seed: int = 0, gain: float = 0.4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two candidates' grades 1 to 5, and how hard each question is."""
    random = np.random.default_rng(seed)
    hard = random.normal(size=N)
    first, second = (np.clip(np.round(3 + g + hard + random.normal(size=N) * 0.7), 1, 5) for g in (0.0, gain))
    return first, second, hard


def asked(**scores: Any) -> Comparison:
    return mlee.compare(row_scores=scores, metric="grade", higher_is_better=True, useful_gain=0.2)


def test_pairs_by_row_and_not_two_piles_of_scores() -> None:
    first, second, _ = grades()
    found = asked(plain=first, careful=second)
    assert found.winner == "careful"
    assert found.table.score.tolist() == pytest.approx([second.mean(), first.mean()])
    apart = second - first
    assert found.judgement.standings[1].behind == pytest.approx(apart.mean())
    spread = apart.std(ddof=1)
    assert found.judgement.standings[1].row_spread == pytest.approx(spread, rel=0.01)
    mixed = asked(plain=first, careful=np.random.default_rng(1).permutation(second))
    assert (mixed.judgement.standings[1].row_spread or 0) > 1.3 * spread, "rows of no pair"


def test_equal_ones_stay_together() -> None:
    first, second, _ = grades(seed=3, gain=0.0)
    assert asked(plain=first, careful=second).winner is None


def test_less_may_be_better() -> None:
    first, second, _ = grades()
    found = mlee.compare(row_scores={"a": first, "b": second}, metric="minutes", higher_is_better=False)
    assert found.leader == "a"
    assert mlee.compare(row_scores={"a": first, "b": second}, metric="WER").leader == "a"
    assert mlee.compare(row_scores={"a": first, "b": second}, metric="ndcg").leader == "b"
    assert mlee.compare(row_scores={"a": first, "b": second}, metric="mae").leader == "a"


@pytest.mark.parametrize(
    "made",
    [
        lambda scores: scores.tolist(),
        lambda scores: tuple(scores.astype(int).tolist()),
        lambda scores: pd.Series(scores, index=[f"q{place}" for place in range(N)]),
        lambda scores: pd.Series(scores.astype(int)).astype("Int64"),
        pl.Series,
        lambda scores: pd.Series(scores).astype("category"),
        lambda scores: np.ma.array(scores, mask=False),
        lambda scores: scores[:, None],
        lambda scores: scores.astype(np.float32),
    ],
)
def test_any_container(made: Any) -> None:
    first, second, _ = grades()
    plain = asked(a=first, b=second)
    assert asked(a=made(first), b=made(second)).judgement.standings == plain.judgement.standings


def test_right_or_wrong_is_a_share_of_rows() -> None:
    first, second, _ = grades()
    right = {"a": first > 3, "b": second > 3}
    by_itself = mlee.compare(row_scores=right, metric="solved", higher_is_better=True)
    truth = np.ones(N, int)
    as_accuracy = mlee.compare(truth, {name: rows.astype(int) for name, rows in right.items()})
    assert by_itself.table.disagreements.tolist() == as_accuracy.table.disagreements.tolist()
    assert by_itself.table.low.tolist() == pytest.approx(as_accuracy.table.low.tolist())
    assert by_itself.best_set == as_accuracy.best_set


def test_groups_and_weights_count_as_for_losses() -> None:
    first, second, _ = grades()
    groups = np.arange(N) // 4
    found = mlee.compare(row_scores={"a": -first, "b": -second}, metric="grade", higher_is_better=True, groups=groups)
    truth = np.zeros(N)
    loss = mlee.compare(truth, {"a": first, "b": second}, metric="mae", groups=groups)
    mine, theirs = ({s.candidate: s for s in one.judgement.standings} for one in (found, loss))
    assert mine["b"].behind == pytest.approx(theirs["b"].behind)
    assert mine["b"].behind_high == pytest.approx(theirs["b"].behind_high)
    weighted = mlee.compare(row_scores={"a": first, "b": second}, metric="ndcg", weights=np.arange(N))
    assert weighted.table.score.tolist()[0] == pytest.approx(np.average(second, weights=np.arange(N)))
    in_time = mlee.compare(row_scores={"a": first, "b": second}, metric="return", time=np.arange(N))
    assert in_time.judgement.by == "time"


# ---------------------------------------------------------------- rows that were not answered


def test_a_candidate_that_skips_what_is_hard_gains_nothing() -> None:
    first, second, hard = grades(gain=0.0)
    skipping = np.where(hard < -0.3, np.nan, first)
    assert np.nanmean(skipping) > second.mean() + 0.3, "by itself it looks better"
    found = asked(skips=skipping, answers=second)
    kept = hard >= -0.3
    assert found.judgement.n == kept.sum()
    scores = dict(zip(found.table.candidate, found.table.score, strict=True))
    assert scores == pytest.approx({"skips": first[kept].mean(), "answers": second[kept].mean()})
    assert found.winner is None
    said = found.judgement.caveat or ""
    assert f"the {kept.sum()} of {N} rows that all have a score on (skips has none on {(~kept).sum()})" in said
    assert f"average {second[~kept].mean():.4g}, on the rest {second[kept].mean():.4g}" in said
    assert "another kind of row" in said
    assert said in repr(found)


def test_rows_left_out_by_chance_are_said_and_not_made_much_of() -> None:
    first, second, _ = grades()
    left = first.copy()
    left[::20] = np.nan
    said = asked(a=left.tolist(), b=[None if place == 1 else value for place, value in enumerate(second)])
    assert "a has none on 6; b has none on 1" in (said.judgement.caveat or "")
    assert "no clear difference" in (said.judgement.caveat or "")


def test_nothing_is_said_where_all_answered() -> None:
    first, second, _ = grades()
    assert asked(a=first, b=second).judgement.caveat is None


def test_who_answered_next_to_nothing_is_set_aside() -> None:
    first, second, _ = grades()
    few = np.full(N, np.nan)
    few[:20] = 5
    found = asked(a=first, b=second, few=few)
    assert found.judgement.n == N
    assert found.winner == "b"
    assert "20 of 120 rows" in found.failed["few"]


def test_groups_go_with_the_rows_that_are_kept() -> None:
    first, second, _ = grades()
    gaps = first.copy()
    gaps[5:17] = np.nan
    groups = np.arange(N) // 4
    kept = ~np.isnan(gaps)
    whole = mlee.compare(row_scores={"a": gaps, "b": second}, metric="ndcg", groups=pd.Series(groups))
    part = mlee.compare(row_scores={"a": gaps[kept], "b": second[kept]}, metric="ndcg", groups=groups[kept])
    assert whole.judgement.standings == part.judgement.standings


# ---------------------------------------------------------------- several scores a row


def rated(noise: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    first, second, _ = grades()
    random = np.random.default_rng(5)
    return tuple(one[:, None] + noise * random.normal(size=(N, 3)) for one in (first, second))  # type: ignore[return-value]


def test_raters_are_averaged_within_a_row_and_are_no_rows() -> None:
    first, second = rated()
    found = asked(a=first, b=second)
    averaged = asked(a=first.mean(axis=1), b=second.mean(axis=1))
    assert found.judgement.n == N
    assert [s.behind_high for s in found.judgement.standings] == pytest.approx(
        [s.behind_high for s in averaged.judgement.standings]
    )
    assert "3 scores a row were averaged" in (found.judgement.caveat or "")


def test_the_noise_of_raters_is_shown() -> None:
    loud, quiet = (asked(**dict(zip("ab", rated(noise), strict=True))).judgement.caveat or "" for noise in (3.0, 0.05))
    assert "differ by 3" in loud or "differ by 2.9" in loud
    share = [int(said.partition("%")[0].split()[-1]) for said in (loud, quiet)]
    assert share[0] > 70 > 5 > share[1]


def test_a_rater_against_is_named() -> None:
    first, second = rated(0.1)
    second[:, 2] = first[:, 2] - 0.05
    frames = {
        name: pd.DataFrame(rows, columns=["ann", "ben", "cleo"]) for name, rows in {"a": first, "b": second}.items()
    }
    said = asked(**frames).judgement.caveat or ""
    assert "By cleo alone, b is not ahead of the second." in said
    assert "alone" not in (asked(a=first[:, :2], b=second[:, :2]).judgement.caveat or "")


def test_of_a_row_the_raters_count_that_scored_all() -> None:
    first, second = rated(0.1)
    first[:40, 0] = np.nan  # the harshest is missing for one of them
    second[:, 0] -= 3
    found = asked(a=first, b=second)
    assert found.judgement.n == N, "a row with one rater less is still a row"
    plain = asked(a=first[40:], b=second[40:])
    assert found.judgement.standings[0].candidate == plain.judgement.standings[0].candidate
    kept = np.where(np.isnan(first), np.nan, second)
    scores = dict(zip(found.table.candidate, found.table.score, strict=True))
    assert scores["b"] == pytest.approx(np.nanmean(kept, axis=1).mean())


def test_raters_by_name() -> None:
    first, second = rated()
    by_name = {"a": {"x": first[:, 0], "y": first[:, 1]}, "b": {"x": second[:, 0], "y": second[:, 1]}}
    assert asked(**by_name).judgement.standings == asked(a=first[:, :2], b=second[:, :2]).judgement.standings


# ---------------------------------------------------------------- what is no such score

FIRST, SECOND, _HARD = grades()
WRONG = {
    "no direction": ({"a": FIRST, "b": SECOND}, {}, "Which way is better of these row scores"),
    "no direction of a name": ({"a": FIRST, "b": SECOND}, {"metric": "grade"}, "Which way is better of the grade"),
    "against the name": (
        {"a": FIRST, "b": SECOND},
        {"metric": "dice", "higher_is_better": False},
        "Of Dice more is better",
    ),
    "lengths": ({"a": FIRST, "b": SECOND[:50]}, {"metric": "dice"}, "b has 50 row scores, a 120."),
    "text": ({"a": ["good"] * 40, "b": ["bad"] * 40}, {"metric": "dice"}, "a holds text ('good')"),
    "numbers as text": ({"a": ["4"] * 40}, {"metric": "dice"}, "a holds text ('4')"),
    "nothing": ({"a": [None] * 40, "b": [np.nan] * 40}, {"metric": "dice"}, "a has no score on any row."),
    "infinite": ({"a": [np.inf] * 40}, {"metric": "dice"}, "a has 40 infinite score(s)."),
    "one row": ({"a": [3]}, {"metric": "dice"}, "a has 1 row(s)"),
    "more raters": ({"a": np.c_[FIRST, FIRST], "b": SECOND}, {"metric": "dice"}, "b has 1 score a row, a 2 scores a"),
    "other raters": (
        {"a": pd.DataFrame({"x": FIRST, "y": FIRST}), "b": pd.DataFrame({"x": SECOND, "z": SECOND})},
        {"metric": "dice"},
        "b has 2 scores a row: x, z, a 2 scores a row: x, y: raters that differ",
    ),
    "ragged": ({"a": [[1, 2], [3]]}, {"metric": "dice"}, "a has rows with different numbers of scores."),
    "no common row": (
        {"a": np.r_[FIRST[:60], [np.nan] * 60], "b": np.r_[[np.nan] * 60, SECOND[60:]]},
        {"metric": "dice"},
        "Only 0 of 120 rows have a score of every candidate.",
    ),
    "a truth": ({"a": FIRST}, {"metric": "dice", "truth": FIRST}, "row_scores are judged by themselves"),
    "a function": ({"a": FIRST}, {"metric": max, "higher_is_better": True}, "needs no function"),
    "one score": ({"a": 0.9, "b": 0.8}, {"metric": "dice"}, "a"),
    "dates": ({"a": pd.date_range("2026-01-01", periods=40)}, {"metric": "dice"}, "a"),
    "indexes": (
        {"a": pd.Series(FIRST, index=np.arange(N) + 7), "b": pd.Series(SECOND, index=np.arange(N)[::-1] + 7)},
        {"metric": "dice"},
        "a and b have unlike indexes.",
    ),
    "groups": (
        {"a": np.r_[np.nan, FIRST[1:]], "b": SECOND},
        {"metric": "dice", "groups": [1, 2]},
        "groups has 2 values for 120 rows",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_one_line(case: str) -> None:
    scores, how, said = WRONG[case]
    with pytest.raises(MleeError) as refused:
        mlee.compare(row_scores=scores, **how)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_that_is_wrong_leaves_the_others() -> None:
    found = asked(a=FIRST, b=SECOND, c=["x"] * N)
    assert found.winner == "b"
    assert "holds text" in found.failed["c"]


def test_scores_that_are_all_alike_are_asked_about() -> None:
    found = asked(a=[4] * N, b=SECOND)
    assert found.remarks == ("a's scores are 4 on every row: did the scorer run?",)
    assert asked(a=FIRST, b=SECOND).remarks == ()


def test_nothing_at_all_says_what_to_pass() -> None:
    with pytest.raises(MleeError, match="row_scores="):
        mlee.compare()


SCORE = st.one_of(st.none(), st.just(float("nan")), st.floats(-50, 50), st.integers(0, 10), st.booleans())


@given(
    st.lists(st.tuples(SCORE, SCORE), max_size=60),
    st.booleans(),
)
def test_any_scores_are_judged_or_refused_in_one_line(rows: list[tuple[Any, Any]], higher: bool) -> None:
    first, second = ([row[place] for row in rows] for place in (0, 1))
    try:
        found = mlee.compare(row_scores={"a": first, "b": second}, metric="own", higher_is_better=higher)
    except MleeError:
        return
    both = [
        (float(one), float(two))
        for one, two in rows
        if one is not None and two is not None and one == one and two == two
    ]
    if found.failed:
        return
    assert found.judgement.n == len(both)
    scores = dict(zip(found.table.candidate, found.table.score, strict=True))
    assert scores == pytest.approx({"a": np.mean([a for a, _ in both]), "b": np.mean([b for _, b in both])}, abs=1e-9)
    assert (found.judgement.caveat is not None) == (len(both) < len(rows))


# ---------------------------------------------------------------- leads that rows alone would call clear


def test_a_lead_by_the_taste_of_a_rater_names_nobody() -> None:
    random = np.random.default_rng(0)
    rows = random.normal(size=(400, 1))
    first, second = (rows + 0.3 * random.normal(size=(400, 3)) for _ in range(2))
    second += np.array([0.6, 0.02, -0.05])
    found = asked(a=first, b=second)
    assert found.winner is None
    assert found.best_set == ("b", "a")
    assert "other raters may prefer another" in (found.no_winner_reason or "")
    assert asked(a=first, b=second[:, :1] + np.zeros(3)).no_winner_reason is None


def test_few_rows_may_hide_a_failure_where_scores_have_a_worst() -> None:
    random = np.random.default_rng(0)
    steady, better = (level + 0.01 * random.normal(size=40) for level in (0.90, 0.94))
    found = mlee.compare(row_scores={"a": steady, "b": better}, metric="dice")
    assert found.winner is None
    assert "a failure in twenty may go unseen" in (found.no_winner_reason or "")
    many = {name: np.tile(rows, 3) for name, rows in (("a", steady), ("b", better))}
    assert mlee.compare(row_scores=many, metric="dice").winner == "b"
    clear = mlee.compare(row_scores={"a": steady - 0.3, "b": better}, metric="dice")
    assert clear.winner == "b", "a lead that three failures would not undo"
    assert mlee.compare(row_scores={"a": steady, "b": better}, metric="return").winner == "b", "no worst is known"
