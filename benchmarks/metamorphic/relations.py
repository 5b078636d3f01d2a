"""What may be changed, and what the answer may do then.

A relation takes a case and gives the changed one with what must hold between both answers; None where it does not
apply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from .answers import Answer, ask, differences, near
from .containers import Tensor, wraps
from .evidence import WORDS, Case, case_of
from .plans import Plan

Expect = Callable[[Answer, Answer], list[str]]
POINTS = ("mae", "mse", "rmse", "r2", "spearman", "pearson", "pinball")


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Another case, and what must hold."""

    case: Case
    expect: Expect = differences
    note: str = ""


Relation = Callable[[Plan, Case, np.random.Generator], Changed | None]


def problems(plan: Plan, of: dict[str, Relation] | None = None) -> list[str] | None:
    """What a draw showed: nothing, or in what the answers contradict each other; None where it does not apply."""
    case = case_of(plan)
    changed = (of or RELATIONS)[plan.relation](plan, case, np.random.default_rng([plan.seed, 2]))
    if changed is None:
        return None
    said = changed.expect(ask(case), ask(changed.case))
    return [f"{one}{changed.note and f' [{changed.note}]'}" for one in said]


def _with(case: Case, made: Callable[[str, Any], Any]) -> Case:
    return replace(case, predictions={name: made(name, rows) for name, rows in case.predictions.items()})


def _numeric(plan: Plan) -> bool:
    return plan.kind in ("values", "quantiles")


# ---------------------------------------------------------------- what must not matter


def order_of_rows(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Rows in another order, each with all that belongs to it."""
    if case.truth is None:
        if plan.kind == "bare scores":
            return None
        folds = random.permutation(len(next(iter(case.predictions.values()))))
        return Changed(case=_with(case, lambda _, rows: rows[folds]), expect=partial(differences))
    if plan.layout == "time" and len(set(case.layout["time"].tolist())) < case.n:
        return None  # rows of one time stand in the order in which they came
    order = random.permutation(case.n)
    moved = _with(case, lambda _, rows: rows[order])
    return Changed(
        case=replace(moved, truth=case.truth[order], layout={k: v[order] for k, v in case.layout.items()}),
        expect=partial(differences),
    )


def order_of_candidates(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """The candidates handed over in another order."""
    names = list(case.predictions)
    order = [names[place] for place in random.permutation(len(names))]
    return Changed(case=replace(case, predictions={name: case.predictions[name] for name in order}))


def asked_again(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """The very same question, with something else asked in between."""
    ask(replace(case, options={**case.options, "alpha": 0.2}))
    return Changed(case=case)


def units(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Metres become feet, and the useful gain with them."""
    if not _numeric(plan) or plan.metric in ("msle", "rmsle"):
        return None
    by = float(random.choice([1e-6, 1e-3, 0.3048, 7.0, 1e3, 1e6]))
    grown = {"mse": by**2}.get(plan.metric, 1.0 if plan.metric in ("mape", "r2", "spearman", "pearson") else by)
    options = dict(case.options)
    if "useful_gain" in options:
        options["useful_gain"] *= grown
    scaled = _with(case, lambda _, rows: rows * by)
    return Changed(
        case=replace(scaled, truth=case.truth * by, options=options),
        expect=partial(differences, factor=grown, slack=1e-5),  # a root of sums of squares of other numbers
        note=f"times {by:g}",
    )


def another_zero(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Celsius becomes Kelvin."""
    if not _numeric(plan) or not plan.metric.startswith(POINTS):
        return None
    by = float(random.choice([-50.0, 273.15, 10_000.0]))
    moved = _with(case, lambda _, rows: rows + by)
    return Changed(
        case=replace(moved, truth=case.truth + by),
        expect=partial(differences, slack=1e-5),  # digits that the large zero takes from the errors
        note=f"plus {by:g}",
    )


def monotone_scores(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Ranks are what counts: margins, their logistic, their hundredfold."""
    if plan.metric not in ("roc_auc", "average_precision") or plan.kind not in ("probabilities", "margins"):
        return None
    turns: list[Callable[[Any], Any]] = [lambda r: 100 * r, lambda r: r / 4, lambda r: r - 3, np.tanh]
    if plan.kind == "probabilities":
        turns = [np.log, lambda r: np.log(r / (1 - r)), lambda r: r / 2]
    turn = turns[int(random.integers(len(turns)))]
    return Changed(case=_with(case, lambda _, rows: turn(rows)))


def names_of_classes(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Other words for the classes, in the same alphabetical order."""
    if case.truth is None or plan.kind not in (
        "two labels",
        "many labels",
        "probabilities",
        "two columns",
        "many columns",
    ):
        return None
    known = sorted(set(case.truth.tolist()))
    new = np.array([f"{'abcdefgh'[place]}_{word[::-1]}" for place, word in enumerate(WORDS)], dtype=object)
    options = dict(case.options)
    if plan.metric in ("f1", "precision", "recall"):
        options["positive"] = new[known.index(1)]

    def called(rows: Any) -> Any:
        return new[[known.index(value) for value in rows.tolist()]]

    labels = plan.kind in ("two labels", "many labels")
    renamed = _with(case, lambda _, rows: called(rows)) if labels else case
    return Changed(case=replace(renamed, truth=called(case.truth), options=options))


def order_of_classes(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Other words in another alphabetical order; columns of scores move with their class."""
    if case.truth is None or plan.kind not in ("two labels", "many labels", "two columns", "many columns"):
        return None
    known = sorted(set(case.truth.tolist()))
    place = random.permutation(len(known))  # the class at k is called by the word at place[k]
    words = np.array([f"{letter}_kind" for letter in "abcdefgh"], dtype=object)
    options = dict(case.options)
    if len(known) == 2:
        one = 1 if 1 in known and plan.metric in ("f1", "precision", "recall") else known[1]
        options["positive"] = words[place[known.index(one)]]
    if "positive" in options and plan.metric not in ("f1", "precision", "recall", "roc_auc", "average_precision"):
        del options["positive"]

    def called(rows: Any) -> Any:
        return words[place[[known.index(value) for value in rows.tolist()]]]

    if plan.kind in ("two labels", "many labels"):
        turned = _with(case, lambda _, rows: called(rows))
    else:
        if plan.metric in ("accuracy", "f1", "f1_macro"):
            ties = any(
                (np.sort(rows, axis=1)[:, -1] == np.sort(rows, axis=1)[:, -2]).any()
                for rows in case.predictions.values()
            )
            if ties:
                return None  # of equal columns the first one counts
        turned = _with(case, lambda _, rows: rows[:, np.argsort(place)])
    return Changed(
        case=replace(turned, truth=called(case.truth), options=options),
        expect=partial(
            differences,
            slack=1e-5,
            baselines=len(set(np.unique(case.truth, return_counts=True)[1])) == len(known),
        ),
    )


def names_of_candidates(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Other names for the candidates, in another alphabetical order."""
    names = list(case.predictions)
    new = {name: f"{letter} {name[::-1]}" for letter, name in zip(random.permutation(list("abcdefgh")), names)}  # noqa: B905
    options = dict(case.options)
    if "simplicity" in options:
        options["simplicity"] = {new[name]: rank for name, rank in options["simplicity"].items()}
    return Changed(
        case=replace(case, predictions={new[name]: rows for name, rows in case.predictions.items()}, options=options),
        expect=partial(differences, names=new),
    )


def container(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """The same values as a list, a Series, a polars column, a tensor, categories, ..."""
    used = []

    def wrapped(rows: Any, unless: str = "\n") -> Any:
        if isinstance(rows, tuple):
            return rows
        ways = wraps(np.asarray(rows))
        name = str(random.choice([name for name in ways if unless not in name]))
        used.append(name)
        return ways[name](np.asarray(rows))

    made = _with(case, lambda _, rows: wrapped(rows))
    truth = case.truth if case.truth is None else wrapped(case.truth)
    layout = {what: wrapped(rows, "tensor" if what == "time" else "\n") for what, rows in case.layout.items()}
    return Changed(case=replace(made, truth=truth, layout=layout), note=", ".join(used))


def frame_of_candidates(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """A pandas or polars frame of one column per candidate instead of a dict."""
    import polars as pl

    if case.truth is None or any(np.ndim(rows) != 1 for rows in case.predictions.values()):
        return None
    frame = pd.DataFrame if random.random() < 0.5 else pl.DataFrame
    lists = {name: rows.tolist() for name, rows in case.predictions.items()}
    return Changed(case=replace(case, predictions=frame(lists)))


def single_precision(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """float32, which networks and boosters give."""
    if plan.kind not in ("probabilities", "margins", "values", "two columns", "many columns") or (
        plan.metric in ("spearman",)
    ):
        return None
    small = _with(case, lambda _, rows: rows.astype(np.float32))
    # seven digits of a prediction leave four or fewer of a difference between candidates that are nearly alike
    return Changed(case=small, expect=partial(differences, slack=3e-3))


def last_bit(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """A sum in another order: every number by one bit."""
    if case.truth is None or next(iter(case.predictions.values())).dtype.kind != "f":
        return None
    moved = _with(case, lambda _, rows: np.nextafter(rows, np.inf))
    return Changed(case=moved, expect=partial(differences))


def index_aligned(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Truth and predictions with one index."""
    if case.truth is None or plan.kind in ("two columns", "many columns"):
        return None
    index = pd.Index(random.permutation(case.n) + 1000)
    made = _with(case, lambda _, rows: pd.Series(rows, index=index))
    return Changed(case=replace(made, truth=pd.Series(case.truth, index=index)))


def index_shuffled(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """The rows of one candidate in another order, as its index says: aligned or refused, not judged as they stand."""
    if case.truth is None or plan.kind in ("two columns", "many columns"):
        return None
    truth = pd.Series(case.truth)
    name = str(random.choice(list(case.predictions)))
    order = random.permutation(case.n)
    made = {**case.predictions, name: pd.Series(case.predictions[name]).iloc[order]}

    def expect(before: Answer, after: Answer) -> list[str]:
        if after.refused is not None or name in after.failed:
            return (
                [] if "index" in f"{after.refused} {after.failed}" else [f"refused for another reason: {after.refused}"]
            )
        return differences(before, after)

    return Changed(case=replace(case, truth=truth, predictions=made), expect=expect)


def failed_candidate(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """One more candidate that cannot be judged: missing values, infinities, text among numbers."""
    if case.truth is None:
        return None
    rows = next(iter(case.predictions.values()))
    broken: list[Any] = [
        np.full(case.n, np.nan),
        [None] * case.n,
        np.full(case.n, np.inf),
        np.r_[np.nan, np.zeros(case.n - 1)],
    ]
    bad = broken[int(random.integers(len(broken)))]
    del rows
    return Changed(case=replace(case, predictions={**case.predictions, "a broken one": bad}))


def copy_of_a_candidate(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """A twin: it changes nobody's score, takes no winner away but its original's, and makes none."""
    name = str(random.choice(list(case.predictions)))
    made = {**case.predictions, "zz twin": case.predictions[name]}

    def expect(before: Answer, after: Answer) -> list[str]:
        said = _others_stand(before, after)
        if said or before.judgement is None or after.judgement is None:
            return said
        one, twin = after.judgement.of(name), after.judgement.of("zz twin")
        if one is None or twin is None:
            return ["a twin is not judged"] if (one is None) != (twin is None) else []
        if (one.score, one.low, one.high) != (twin.score, twin.low, twin.high) or one.in_set != twin.in_set:
            said.append("twins are judged differently")
        return said + _no_new_winner(before, after)

    return Changed(case=replace(case, predictions=made), expect=expect)


def hopeless_candidate(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """One more that knows nothing: others keep their scores, and it makes nobody a winner."""
    if case.truth is None:
        return None
    rows = next(iter(case.predictions.values()))
    order = random.permutation(case.n)
    made = {**case.predictions, "hopeless": rows[order]}
    return Changed(
        case=replace(case, predictions=made),
        expect=lambda before, after: _others_stand(before, after) + _no_new_winner(before, after),
    )


def off_scale_candidate(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """One more on another scale: an exponential forgotten, a unit mistaken."""
    if not _numeric(plan) or plan.metric in ("spearman", "pearson"):
        return None
    rows = next(iter(case.predictions.values()))
    by = float(random.choice([10, 100, 1e3, 1e6]))
    made = {**case.predictions, "off scale": np.abs(rows) * by}
    return Changed(
        case=replace(case, predictions=made),
        expect=lambda before, after: _others_stand(before, after) + _no_new_winner(before, after),
        note=f"times {by:g}",
    )


def time_in_a_tensor(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """The rows' times as torch holds them."""
    if "time" not in case.layout:
        return None
    return Changed(case=replace(case, layout={"time": Tensor(case.layout["time"])}))


_DATES: tuple[Callable[[pd.DatetimeIndex], Any], ...] = (
    lambda days: days.strftime("%Y-%m-%d").to_numpy(),
    lambda days: days.strftime("%d %B %Y").tolist(),
    lambda days: days.strftime("%b %d, %Y").tolist(),
    lambda days: pd.Series(days.strftime("%Y/%m/%d"), dtype="string"),
    lambda days: days.tz_localize("Europe/Berlin"),
    lambda days: pd.Series(days.to_period("D")),
    lambda days: days.date.tolist(),
)


def dates_as_text(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """The rows' days, as numbers and as people write them."""
    if "time" not in case.layout:
        return None
    days = pd.Timestamp("2024-01-20") + pd.to_timedelta(case.layout["time"], unit="D")
    form = int(random.integers(len(_DATES)))
    return Changed(case=replace(case, layout={"time": _DATES[form](days)}), note=f"form {form}")


def named_columns(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Shares of classes in a frame that names them, in any order."""
    if plan.kind not in ("two columns", "many columns"):
        return None
    known = sorted(set(case.truth.tolist()))
    order = random.permutation(len(known))
    return Changed(
        case=_with(case, lambda _, rows: pd.DataFrame(rows[:, order], columns=[known[place] for place in order]))
    )


def own_function(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """A mean over rows written by the user: the same scores, the same leader, and no other winner."""
    own: dict[str, tuple[Callable[[Any, Any], Any], bool]] = {
        "mae": (lambda truth, rows: np.abs(truth - rows), False),
        "mse": (lambda truth, rows: (truth - rows) ** 2, False),
        "accuracy": (lambda truth, rows: (truth == rows).astype(float), True),
    }
    if "weights" in case.layout:
        return None  # taken for means over rows that we know
    if plan.metric not in own or plan.kind not in ("values", "two labels", "many labels"):
        return None
    made, higher = own[plan.metric]

    def expect(before: Answer, after: Answer) -> list[str]:
        one, other = before.judgement, after.judgement
        if one is None or other is None:
            return differences(before, after)
        said = [
            f"score of {left.candidate}: {left.score} and then {right and right.score}"
            for left in one.standings
            if (right := other.of(left.candidate)) is None or not near(left.score, right.score)
        ]
        if None not in (one.winner, other.winner) and one.winner != other.winner:
            said.append(f"winner: {one.winner} and then {other.winner}")
        return said

    return Changed(
        case=replace(case, options={**case.options, "metric": made, "higher_is_better": higher}), expect=expect
    )


def _others_stand(before: Answer, after: Answer) -> list[str]:
    """Scores and ranges of those who were there."""
    if before.judgement is None or after.judgement is None:
        return differences(before, after)
    return differences(before, after, only=frozenset(s.candidate for s in before.judgement.standings))


def _no_new_winner(before: Answer, after: Answer) -> list[str]:
    one, other = before.judgement, after.judgement
    if one is None or other is None or other.winner is None or one.winner == other.winner or len(one.standings) < 2:
        return []
    if other.winner not in {s.candidate for s in one.standings}:
        # in time order nothing says what guessing is worth
        worse_than_guesses = one.nothing_beats_guessing or not one.baselines
        return [] if worse_than_guesses else [f"the extra candidate wins: {other.winner}"]
    second = min((s.p_value or 0.0 for s in one.standings if s.candidate != one.leader), default=0.0)
    runners = max((s.p_value or 0.0 for s in one.standings if s.candidate != one.leader), default=second)
    if runners < one.alpha + 0.03:
        return []
    return [f"an extra candidate makes {other.winner} a winner (p of the next was {runners:.3f})"]


# ---------------------------------------------------------------- what may change the answer one way only


def more_rows(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """Everything four times over: the same scores, a narrower range, no winner lost."""
    if case.truth is None or plan.layout in ("groups", "time") or plan.metric == "spearman":
        return None
    made = _with(case, lambda _, rows: np.concatenate([rows] * 4))
    layout = {k: np.concatenate([v] * 4) for k, v in case.layout.items()}

    def expect(before: Answer, after: Answer) -> list[str]:
        one, other = before.judgement, after.judgement
        if one is None or other is None:
            return differences(before, after) if one is not None else []
        said = []
        for left in one.standings:
            right = other.of(left.candidate)
            if right is None or not near(left.score, right.score, 1e-6):
                said.append(f"score of {left.candidate}: {left.score} and then {right and right.score}")
            elif right.high - right.low > (left.high - left.low) * 1.0001 + 1e-9:
                said.append(f"range of {left.candidate} grew: {left.high - left.low} and then {right.high - right.low}")
        if one.winner is not None and other.winner != one.winner:
            said.append(f"winner: {one.winner} and then {other.winner}")
        grew = set(other.best_set) - set(one.best_set)
        if (
            grew
            and one.no_winner_reason is None
            and not any(abs((s.p_value or 0) - one.alpha) < 0.02 for s in one.standings)
        ):
            said.append(f"best set grew by {sorted(grew)}")
        return said

    return Changed(case=replace(made, truth=np.concatenate([case.truth] * 4), layout=layout), expect=expect)


def smaller_gain(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """A smaller useful gain: who may be best stays, and nobody becomes as good."""
    if "useful_gain" not in case.options:
        return None
    less = replace(case, options={**case.options, "useful_gain": case.options["useful_gain"] / 4})

    def expect(before: Answer, after: Answer) -> list[str]:
        one, other = before.judgement, after.judgement
        if one is None or other is None:
            return differences(before, after)
        said = [] if (one.winner, one.best_set) == (other.winner, other.best_set) else ["the best set changed"]
        good = {s.candidate for s in one.standings if s.cost_bound <= one.useful_gain}
        new = {s.candidate for s in other.standings if s.cost_bound <= other.useful_gain} - good
        if new:
            said.append(f"{sorted(new)} became as good by a smaller gain")
        if other.recommended is not None and other.recommended not in good:
            said.append(f"{other.recommended} is recommended by a smaller gain")
        needed = (one.rows_needed_for_gain, other.rows_needed_for_gain)
        if None not in needed and needed[1] < needed[0]:
            said.append(f"fewer rows for a smaller gain: {needed}")
        return said

    return Changed(case=less, expect=expect)


def better_candidate(plan: Plan, case: Case, random: np.random.Generator) -> Changed | None:
    """A leader that is mended on some rows scores better and leads still; where it won, it wins."""
    if plan.kind not in ("two labels", "many labels", "values", "folds") or plan.metric in (
        "spearman",
        "pearson",
        "mape",
    ):
        return None
    if plan.metric.startswith("precision") or (plan.metric == "r2" and plan.kind == "folds"):
        return None
    first = ask(case).judgement
    if first is None:
        return None
    name, higher = first.leader, first.higher_is_better
    rows = case.predictions[name].copy()
    if plan.kind == "folds":
        rows = np.clip(rows + (0.005 if higher else -0.005), 0.001, 0.999)
    elif plan.kind == "values":
        rows = rows + 0.2 * (case.truth - rows)
    else:
        wrong = np.flatnonzero(rows != case.truth)
        rows[wrong[: max(1, len(wrong) // 5)]] = case.truth[wrong[: max(1, len(wrong) // 5)]]

    def expect(before: Answer, after: Answer) -> list[str]:
        one, other = before.judgement, after.judgement
        if one is None or other is None:
            return differences(before, after)
        left, right = one.of(name), other.of(name)
        said = []
        if left is None or right is None:
            return [f"{name} is no longer judged"]
        if (right.score - left.score) * (1 if higher else -1) < -1e-12:
            said.append(f"score of {name}: {left.score} and then {right.score}, though it is mended")
        if other.leader != name and left.score != right.score:
            said.append(f"{name} led, was mended, and {other.leader} leads")
        return said

    return Changed(case=replace(case, predictions={**case.predictions, name: rows}), expect=expect)


RELATIONS: dict[str, Relation] = {
    made.__name__: made
    for made in (
        order_of_rows,
        order_of_candidates,
        asked_again,
        units,
        another_zero,
        monotone_scores,
        names_of_classes,
        order_of_classes,
        names_of_candidates,
        container,
        frame_of_candidates,
        single_precision,
        last_bit,
        index_aligned,
        index_shuffled,
        failed_candidate,
        copy_of_a_candidate,
        hopeless_candidate,
        more_rows,
        smaller_gain,
        better_candidate,
        off_scale_candidate,
        time_in_a_tensor,
        dates_as_text,
        named_columns,
        own_function,
    )
}
