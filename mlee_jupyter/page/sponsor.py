"""The two questions of whoever pays: is it good enough, and when is it done. Sentences of the board, no new claims."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import Evidence
from mlee_jupyter.present.wording import clean, listed, sentences

_MOST_SENTENCES = 2


def answers(evidence: Evidence, board: dict[str, Any]) -> list[dict[str, str]]:
    """Both questions with their answers, in plain words."""
    asked = clean(evidence.charter.question or "", 300)
    return [
        {"question": asked or "Is it good enough?", "answer": _good_enough(board)},
        {"question": "When is it done?", "answer": _when(evidence, board)},
    ]


def _good_enough(board: dict[str, Any]) -> str:
    """An error comes first, for a wrong comparison answers nothing; then the decision; then what the rows say."""
    errors = board["findings"]["errors"]
    if errors:
        return sentences([f"Not to be said yet: {errors[0]['message']}"])
    said = [*board["words"], *board["boards"][0]["words"]][:_MOST_SENTENCES]
    return sentences([board["decided"]["text"], *said[:1]] if board["decided"] else said)


def _when(evidence: Evidence, board: dict[str, Any]) -> str:
    time = board["time"]
    if time["state"] in ("decided", "closed"):
        return sentences([f"It is {time['state']}, after {time['used_text']} of work"])
    said = [f"{time['text']} used" + (f", {time['left_text']}" if time["left_text"] else ", no time box")]
    if time["deadline_text"]:
        said.append(time["deadline_text"][0].upper() + time["deadline_text"][1:])
    if evidence.untouched:
        said.append(f"Not tried yet: {listed(evidence.untouched)}")
    if time["state"] == "paused":
        said.append("The time stands")
    return sentences(said)
