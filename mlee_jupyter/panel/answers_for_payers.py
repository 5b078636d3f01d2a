"""The two questions of whoever pays: will it solve the problem, and how long does it take. Sentences of the board."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import Evidence
from mlee_jupyter.domain.text.names import clean, listed, sentences
from mlee_jupyter.domain.text.numbers import time_text

_MOST_SENTENCES = 2


def answers(evidence: Evidence, board: dict[str, Any]) -> list[dict[str, str]]:
    """Both questions with their answers, in plain words."""
    asked = clean(evidence.charter.question or "", 300)
    return [
        {"question": asked or "Will it solve the problem?", "answer": _will_it(evidence, board)},
        {"question": "How long does it take?", "answer": _how_long(evidence, board)},
    ]


def _will_it(evidence: Evidence, board: dict[str, Any]) -> str:
    """Yes, no or can't tell; an error comes first, for a wrong comparison answers nothing."""
    decided, errors = board["decided"], board["findings"]["errors"]
    yet = "Can't tell" if decided else "Can't tell yet"
    if errors:
        return sentences([f"{yet}: {errors[0]['message']}"])
    said = [*board["words"], *board["boards"][0]["words"]][:_MOST_SENTENCES]
    because = [decided["text"], *said[:1]] if decided else said
    if decided and decided["candidate"] is None:
        return sentences(["No", *because])
    return sentences([_reached(evidence, yet), *because])


def _reached(evidence: Evidence, yet: str) -> str:
    """Where the 95% range of the candidate decided for, else of the best one, lies against the target."""
    judgement, target, decision = evidence.judgement, evidence.charter.must_reach, evidence.experiment.decision
    if judgement is None:
        return f"{yet}: nothing has been scored"
    standing = judgement.of(judgement.leader if decision is None else decision.candidate or "")
    if target is None:
        return f"{yet}: no score was named that solves it (must_reach)"
    if standing is None:
        return f"{yet}: it has no score here"
    sign = 1 if judgement.higher_is_better else -1
    sure, hoped = sorted((sign * standing.low, sign * standing.high))
    if sure >= sign * target:
        return "Yes, in this test"
    return "No, not yet" if hoped < sign * target and decision is None else "No" if hoped < sign * target else yet


def _how_long(evidence: Evidence, board: dict[str, Any]) -> str:
    time = board["time"]
    if time["state"] in ("decided", "closed"):
        return sentences([f"It is {time['state']}, after {time['used_text']} of work"])
    said = [f"{time['text']} used" + (f", {time['left_text']}" if time["left_text"] else ", no time box")]
    if time["deadline_text"]:
        said.append(time["deadline_text"][0].upper() + time["deadline_text"][1:])
    said += _forecast(evidence)
    if time["state"] == "paused":
        said.append("The time stands")
    return sentences(said)


def _forecast(evidence: Evidence) -> list[str]:
    """What has no score yet, and how long it takes if each takes what a tried one took, shared work included."""
    waiting = evidence.untouched
    untried = tuple(name for name in waiting if name not in evidence.in_vain)
    tried = sum(1 for name, effort in evidence.efforts.items() if effort.runs and name not in waiting)
    if not waiting:
        return ["Every candidate has a result"] if tried else []
    said = [f"Not tried yet: {listed(untried)}"] if untried else []
    said += [f"Tried without a score: {listed(evidence.in_vain)}"] if evidence.in_vain else []
    if tried and evidence.used:
        needed, box = len(waiting) * evidence.used / tried, evidence.experiment.box
        over = None if box is None else evidence.used + needed - box
        fits = "" if over is None else f", {time_text(over)} over the box" if over.total_seconds() > 0 else ", in time"
        take = "1 more takes" if len(waiting) == 1 else f"{len(waiting)} more take"
        said.append(f"At the pace so far {take} about {time_text(needed)}{fits}")
    return said
