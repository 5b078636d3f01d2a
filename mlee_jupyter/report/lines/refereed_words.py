"""What a referee says, made of what it gave away and of nothing else."""

from __future__ import annotations

from collections import Counter

from mlee_jupyter.domain.text.names import count, cut, label, sentences
from mlee_jupyter.domain.text.numbers import gain_text, target_text
from mlee_jupyter.report.lines.given_away import GivenAway, HandedIn, PublicFacts
from mlee_jupyter.report.text.plain_json import JSON

_KINDS = {"labels": "a label", "numbers": "a number", "probabilities": "a probability, or one for each kind,"}


def rules_value(facts: PublicFacts) -> JSON:
    """What whoever hands in has to know.

    Args:
        facts: of the experiment.
    """
    better = "higher" if facts.higher_is_better else "lower"
    return {
        "experiment": facts.experiment,
        "metric": facts.metric,
        "higher_is_better": facts.higher_is_better,
        "rows": facts.rows,
        "answers": facts.answers,
        "labels": list(facts.labels),
        "said": f"{facts.experiment} takes {_KINDS[facts.answers]} for each of {facts.rows:,} rows; {facts.metric},"
        f" {better} is better. A score is shown, rounded, where it is ahead of the best one shown by a step.",
    }


def board_value(facts: PublicFacts, given: GivenAway) -> JSON:
    """The board: every score that was shown, newest first, and how often each candidate was handed in.

    Args:
        facts: of the experiment.
        given: away so far.
    """
    shown = [one for one in given.looks if one.level is not None]
    return {
        "experiment": facts.experiment,
        "metric": facts.metric,
        "rows": facts.rows,
        "looks": len(given.looks),
        "step": given.grid or None,
        "shown": [_shown(one, facts, given) for one in reversed(shown)],
        "handed_in": dict(Counter(one.candidate for one in given.looks)),
        "leader": shown[-1].candidate if shown else None,
        "said": verdict(facts, given),
    }


def answer_value(facts: PublicFacts, given: GivenAway, number: int, *, repeated: bool) -> JSON:
    """The answer to one hand-over.

    Args:
        facts: of the experiment.
        given: away, with this look.
        number: of the look.
        repeated: the same answers were handed in before, as that look.
    """
    one = given.looks[number - 1]
    return {
        "look": number,
        "candidate": one.candidate,
        "score": None if one.level is None else score_of(one.level, facts, given),
        "step": given.grid,
        "repeated": repeated,
        "said": sentences(
            [f"These are the answers of look {number}" if repeated else "", *_said_of(one, facts, given)]
        ),
    }


def verdict(facts: PublicFacts, given: GivenAway) -> str:
    """Who leads, and how much of its gain is more than luck.

    Args:
        facts: of the experiment.
        given: away so far.
    """
    shown = [one for one in given.looks if one.level is not None]
    if not shown:
        return "Nothing was handed in yet."
    last = shown[-1]
    since = len(given.looks) - last.look
    parts = [f"{_name(last)} leads: {_score(last.level, facts, given)} is shown, in steps of {_gain(1, facts, given)}"]
    if len(shown) > 1:
        parts.append(_claim(last, facts, given))
    if since:
        parts.append(f"Of {count(since, 'look')} since then none is ahead of it by a step")
    return sentences(parts)


def score_of(level: int | None, facts: PublicFacts, given: GivenAway) -> float:
    """A level as a score in the metric's own direction.

    Args:
        level: in steps of the grid.
        facts: of the experiment.
        given: away so far.
    """
    return round((1 if facts.higher_is_better else -1) * (level or 0) * given.grid, 12) + 0.0


def _shown(one: HandedIn, facts: PublicFacts, given: GivenAway) -> JSON:
    return {
        "look": one.look,
        "candidate": one.candidate,
        "variant": one.variant,
        "score": score_of(one.level, facts, given),
        "more_than_luck": round(one.gained * given.grid, 12),
    }


def _said_of(one: HandedIn, facts: PublicFacts, given: GivenAway) -> list[str]:
    step = _gain(1, facts, given)
    if one.level is None:
        before = [other for other in given.looks[: one.look] if other.level is not None]
        leading = _name(before[-1]) if before else "the first"
        return [f"{_name(one)} is not ahead of {leading} by a step that chance seldom takes; its score is not shown"]
    score = _score(one.level, facts, given)
    if one.look == 1:
        return [f"{_name(one)}: {score} is shown, the first score; scores are shown in steps of {step}"]
    return [f"{_name(one)}: {score} is shown, ahead of what led", _claim(one, facts, given)]


def _claim(one: HandedIn, facts: PublicFacts, given: GivenAway) -> str:
    looks = count(one.look, "look")
    if one.gained <= 0:
        return f"Ahead of the first score by less than a step beyond the luck of {looks}"
    return f"At least {_gain(one.gained, facts, given)} over the first score are more than the luck of {looks}"


def _name(one: HandedIn) -> str:
    return cut(label(one.candidate), 40)


def _score(level: int | None, facts: PublicFacts, given: GivenAway) -> str:
    return target_text(score_of(level, facts, given), facts.bounded) or "0"


def _gain(steps: int, facts: PublicFacts, given: GivenAway) -> str:
    return gain_text(steps * given.grid, facts.bounded)
