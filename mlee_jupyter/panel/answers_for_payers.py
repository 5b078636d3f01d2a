"""The two questions of whoever pays: will it solve the problem, and how long does it take. Sentences of the board.

Each is answered twice: in full, and as a chip of a few words with one clause beside it. The chip of the time is the
page's own, for it ticks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mlee_jupyter.domain import Evidence, Judgement, Verdict
from mlee_jupyter.domain.text.names import clean, cut, label, listed, sentences
from mlee_jupyter.domain.text.numbers import score_text, target_text, time_text
from mlee_jupyter.report.board.target_words import reached

_MOST_SENTENCES = 2
_TARGET = {
    "good": "The target of {} is reached",
    "open": "The target of {} may be missed",
    "bad": "None reaches the target of {}",
}


def answers(evidence: Evidence, board: dict[str, Any]) -> list[dict[str, str]]:
    """Both questions with their answers, in plain words."""
    asked = clean(evidence.charter.question or "", 300)
    return [
        {
            "question": asked or "Will it solve the problem?",
            "answer": _will_it(evidence, board),
            **_chip(evidence, board),
        },
        {
            "question": "How long does it take?",
            "answer": _how_long(evidence, board),
            "clause": sentences(_ahead(evidence, board)),
        },
    ]


def needed(evidence: Evidence) -> timedelta | None:
    """How long what has no score yet takes, if each takes what a tried one took, shared work included."""
    waiting, tried = evidence.untouched, _tried(evidence)
    return len(waiting) * evidence.used / tried if waiting and tried and evidence.used else None


def _tried(evidence: Evidence) -> int:
    """How many candidates ran and have a score."""
    return sum(1 for name, effort in evidence.efforts.items() if effort.runs and name not in evidence.untouched)


def _chip(evidence: Evidence, board: dict[str, Any]) -> dict[str, str]:
    """The first answer in short: a word or two, how it looks, the leader with its score, and a clause about it."""
    decided, errors, judgement = board["decided"], board["findings"]["errors"], evidence.judgement
    yet = "Can't tell" if decided else "Can't tell yet"
    if errors:
        return {"chip": yet, "mood": "open", "lead": "", "clause": sentences([errors[0]["message"]])}
    if decided and decided["candidate"] is None:
        return {"chip": "No", "mood": "bad", "lead": "", "clause": sentences([decided["text"]])}
    chip, _, why = reached(evidence, yet).partition(": ")
    mood = "good" if chip.startswith("Yes") else "bad" if chip.startswith("No") else "open"
    said = [why[:1].upper() + why[1:]] if why else []
    if decided or judgement is None:
        first = [decided["text"]] if decided else []
        return {"chip": chip, "mood": mood, "lead": "", "clause": sentences([*first, *said])}
    leader = judgement.of(judgement.leader)
    score = "" if leader is None else score_text(leader.score, judgement.bounded, unit=True)
    if not why:
        said = [_TARGET[mood].format(target_text(evidence.charter.must_reach, judgement.bounded))]
    lead = f"{cut(label(judgement.leader), 40)} {score}".strip()
    return {"chip": chip, "mood": mood, "lead": lead, "clause": sentences([_standing(judgement), *said])}


def _standing(judgement: Judgement) -> str:
    """What is said of the leader, after its name."""
    others = [one for one in judgement.standings if one.candidate != judgement.leader]
    if not others:
        return "is the only one scored"
    good = [one.candidate for one in others if one.verdict is Verdict.AS_GOOD]
    unsure = sum(one.verdict is Verdict.CANT_TELL for one in others)
    said = ["leads" if judgement.winner is None else "is best"]
    if good:
        said.append(f"{listed(good, most=2)} {'is' if len(good) == 1 else 'are'} as good for your purpose")
    if unsure:
        said.append(f"{unsure} {'other' if unsure == 1 else 'others'} could be as good")
    if judgement.nothing_beats_guessing:
        said.append("nothing beats guessing yet")
    return "; ".join(said)


def _ahead(evidence: Evidence, board: dict[str, Any]) -> list[str]:
    """What is still to come, without the time that ticks."""
    time = board["time"]
    if time["state"] in ("decided", "closed"):
        return []
    due = time["deadline_text"]
    return [*([due[0].upper() + due[1:]] if due else []), *_forecast(evidence, ticks=False)]


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
    return sentences([reached(evidence, yet), *because])


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


def _forecast(evidence: Evidence, *, ticks: bool = True) -> list[str]:
    """What has no score yet, and how long it takes; `ticks`: and whether that fits into what is left of the box."""
    waiting = evidence.untouched
    untried = tuple(name for name in waiting if name not in evidence.in_vain)
    if not waiting:
        return ["Every candidate has a result"] if _tried(evidence) else []
    said = [f"Not tried yet: {listed(untried)}"] if untried else []
    said += [f"Tried without a score: {listed(evidence.in_vain)}"] if evidence.in_vain else []
    more, box = needed(evidence), evidence.experiment.box
    if more is not None:
        over = None if box is None or not ticks else evidence.used + more - box
        fits = "" if over is None else f", {time_text(over)} over the box" if over.total_seconds() > 0 else ", in time"
        take = "1 more takes" if len(waiting) == 1 else f"{len(waiting)} more take"
        said.append(f"At the pace so far {take} about {time_text(more)}{fits}")
    return said
