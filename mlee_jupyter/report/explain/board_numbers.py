"""Every number of a board, asked for by name: what it is, and what it says here."""

from __future__ import annotations

from collections.abc import Callable

from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.text.names import cut, label, listed
from mlee_jupyter.domain.text.numbers import gain_text, number, rows_text, score_text
from mlee_jupyter.domain.text.units import cases
from mlee_jupyter.stats.metrics.metric_names import metric_label

Meaning = Callable[[Judgement], list[str]]


def _first(judgement: Judgement) -> str:
    return cut(label(judgement.leader), 40)


def _score(judgement: Judgement) -> list[str]:
    where = {"folds": "the mean over the folds", "scores": "as you handed it over, not computed here"}
    rule = where.get(judgement.by, f"computed here from what you handed over, on {cases(judgement)}")
    shown = score_text(judgement.standings[0].score, judgement.bounded, unit=True)
    better = "higher" if judgement.higher_is_better else "lower"
    return [
        f"score: the {metric_label(judgement.metric)} of a candidate's best variant; {better} is better.",
        f"It is {rule}; {_first(judgement)} has {shown}.",
        "It is of these cases only: the range beside it says what to expect of others.",
    ]


def _range(judgement: Judgement) -> list[str]:
    leader, held = judgement.standings[0], f"{100 * (1 - judgement.alpha):.4g} times in 100"
    low, high = (score_text(end, judgement.bounded, unit=True) for end in (leader.low, leader.high))
    known = number(leader.low) is not None and number(leader.high) is not None
    of_leader = f"{_first(judgement)}'s goes from {low} to {high}" if known else f"{_first(judgement)} has none"
    return [
        "range: where the score lies on all cases of this kind, of which yours are a sample.",
        f"Ranges made so are right {held}; {of_leader}.",
        _overlapping(judgement),
    ]


def _overlapping(judgement: Judgement) -> str:
    if judgement.by == "scores":
        return "Four times as many cases halve it."
    what = "fold by fold" if judgement.by == "folds" else "case by case"
    halved = "" if judgement.by == "folds" else "Four times as many cases halve it. "
    return f"{halved}Ranges that overlap do not make candidates equal: those are compared {what}, which is sharper."


def _against(judgement: Judgement) -> list[str]:
    gain = gain_text(judgement.useful_gain, judgement.bounded)
    return [
        "against the best: what can be said of a candidate beside the best score, on the same cases.",
        (
            f"'as good' costs at most {gain}, whatever chance did; 'can't tell' may be best and may cost more; "
            "'worse' is behind by more than chance explains; 'best' is said when nothing else may be the best."
        ),
        (
            f"All candidates are looked at together, so that among {len(judgement.standings)} the truly best is "
            f"left out at most {100 * judgement.alpha:.4g} times in 100."
        ),
    ]


def _behind(judgement: Judgement) -> list[str]:
    lines = ["behind: how far a candidate's score is from the best score, and where the true distance may lie."]
    if len(judgement.standings) > 1:
        second = judgement.standings[1]
        by = gain_text(second.behind, judgement.bounded)
        most = gain_text(max(0.0, second.behind_high), judgement.bounded)
        lines.append(f"{cut(label(second.candidate), 40)} is {by} behind {_first(judgement)}, and may be up to {most}.")
    lines.append("A distance that may also be nothing, or the other way round, is no difference that was found.")
    return lines


def _cost(judgement: Judgement) -> list[str]:
    known = [
        f"{cut(label(s.candidate), 40)} {gain_text(s.cost_bound, judgement.bounded)}" for s in judgement.standings[:3]
    ]
    return [
        "cost: choosing this candidate instead of the truly best one loses at most so much.",
        f"It holds for all candidates at once, {100 * (1 - judgement.alpha):.4g} times in 100: {', '.join(known)}.",
        f"At most {gain_text(judgement.useful_gain, judgement.bounded)}, the useful gain, makes a candidate as good.",
    ]


def _gain(judgement: Judgement) -> list[str]:
    gain = gain_text(judgement.useful_gain, judgement.bounded)
    whose = "assumed, since nobody named one" if judgement.useful_gain_assumed else "as the charter says"
    return [
        "useful gain: the smallest difference that would change what you do.",
        f"Here it is {gain}, {whose}.",
        "It decides what 'as good' means, and how many cases are needed: half the gain takes four times the cases.",
    ]


def _rows(judgement: Judgement) -> list[str]:
    lines = ["rows needed: with so many cases two candidates would be told apart 4 times in 5, if their gap is real."]
    if judgement.by == "folds":
        return [*lines, "Fold scores do not tell it: repeating cross-validation adds no cases."]
    if judgement.rows_needed is not None:
        needed = rows_text(judgement.rows_needed)
        lines.append(f"{_first(judgement)} and the nearest that may be as good would take about {needed}.")
    else:
        lines.append("There is nothing to tell apart here, or no number of cases would do.")
    if judgement.rows_needed_for_gain is not None:
        gain = gain_text(judgement.useful_gain, judgement.bounded)
        lines.append(
            f"About {rows_text(judgement.rows_needed_for_gain)} would show a difference of {gain}, if there is one."
        )
    return [*lines, f"You have {cases(judgement)}."]


def _flattery(judgement: Judgement) -> list[str]:
    by = gain_text(judgement.flattery, judgement.bounded)
    about = "" if by.startswith("less") else "about "
    here = f"Here the best of {judgement.looks:,} was taken, which flatters {_first(judgement)} by {about}{by}."
    if judgement.looks < 2 or not judgement.flattery > 0:
        here = "Here it is nothing: there was no choice among several, or one is far ahead."
    return [
        "flattery: the best of many scores is partly the luckiest, so on new cases it will be a little worse.",
        here,
        "The more variants you try on the same cases, and the closer they are, the larger it gets.",
    ]


def _effective(judgement: Judgement) -> list[str]:
    lines = ["effective n: how many independent cases would tell as much as yours do."]
    if judgement.effective_n is not None:
        worth = f"{max(1, round(judgement.effective_n)):,}"
        lines.append(f"Your {cases(judgement)} tell as much as about {worth}, and are judged so.")
    elif judgement.by in ("folds", "scores"):
        lines.append("It is not known here: there are no rows.")
    else:
        lines.append(f"Here each of the {cases(judgement)} counts for itself, since nothing else was said.")
    return [
        *lines,
        "Cases of one customer, patient or day are alike: --groups and --time say which, and keep the ranges honest.",
    ]


def _baseline(judgement: Judgement) -> list[str]:
    lines = ["baseline: what guessing scores; a constant rule that learns nothing, computed from the truth for free."]
    for baseline in judgement.baselines:
        shown = score_text(baseline.score, judgement.bounded, unit=True)
        who = f"beaten by {len(baseline.beaten_by)} of {len(judgement.standings)} beyond chance"
        lines.append(f"{label(baseline.name)} scores {shown}, {who if baseline.beaten_by else 'beaten by nobody'}.")
    if not judgement.baselines:
        lines.append("There is none here: without the rows of a truth it cannot be computed.")
    return [*lines, "A candidate that does not beat it has shown nothing yet."]


def _simple(judgement: Judgement) -> list[str]:
    known = [s for s in judgement.standings if s.simplicity is not None]
    said = listed([f"{s.candidate} {s.simplicity}" for s in known]) if known else ""
    return [
        "simple: your own rank of how simple a candidate is, 1 being the simplest (--simplicity N).",
        "Where you gave none, it is read from what ran, as ~4: 1 a rule, 2 linear, 3 a tree, 4 a forest, 5 a network.",
        f"Here: {said}." if said else "Nobody has one here.",
        "Among those that are as good the simplest is suggested.",
    ]


def _answer(_: Judgement) -> list[str]:
    return [
        "answer: the measured time to answer one case, of an estimator that was handed over and predicted here.",
        "It is that of a case asked for alone; where that is not known of all of them, a share of all cases at once.",
        "%mlee_experiment costs has both, and what running each costs a month.",
    ]


def _spent(_: Judgement) -> list[str]:
    return [
        "spent: active working time on a candidate: its cells, and the thinking between them; long gaps do not count."
    ]


def _variants(judgement: Judgement) -> list[str]:
    return [
        "variants: the settings tried of a candidate; it stands for its best one.",
        f"All {judgement.looks:,} here are judged together, so trying many costs nothing but the honest correction.",
    ]


NUMBERS: dict[str, Meaning] = {
    "score": _score,
    "range": _range,
    "against the best": _against,
    "behind": _behind,
    "cost": _cost,
    "useful gain": _gain,
    "rows needed": _rows,
    "flattery": _flattery,
    "effective n": _effective,
    "baseline": _baseline,
    "simple": _simple,
    "answer": _answer,
    "spent": _spent,
    "variants": _variants,
}
_ALSO = {
    "95% range": "range",
    "interval": "range",
    "verdict": "against the best",
    "state": "against the best",
    "cost bound": "cost",
    "gain": "useful gain",
    "rows": "rows needed",
    "cases needed": "rows needed",
    "luck": "flattery",
    "effective rows": "effective n",
    "baselines": "baseline",
    "simplicity": "simple",
}


def find(asked: str) -> str | None:
    """The number of that name, spelt with blanks, dashes or underscores."""
    word = " ".join(asked.lower().replace("_", " ").replace("-", " ").split())
    return word if word in NUMBERS else _ALSO.get(word)
