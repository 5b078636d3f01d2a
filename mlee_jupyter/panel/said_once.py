"""A sentence under the board that a finding says too is said once in the panel: by the finding, which has a remedy."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import Evidence
from mlee_jupyter.report.board import headlines, wear_words

_LEVELS = ("errors", "warnings", "advice")


def said_once(board: dict[str, Any], evidence: Evidence) -> dict[str, Any]:
    """The board without those sentences of its first part, the one that rules judge, that an open finding says."""
    judgement = evidence.judgement
    if judgement is None:
        return board
    first, *others = board["boards"]
    said = headlines.said_by_rules(judgement, evidence.charter)
    if judgement.wear is not None:
        said["MLE306"] = " ".join(wear_words.words(judgement, judgement.wear, first["truth"]["name"]))  # one, or none
    found = {one["rule"] for level in _LEVELS for one in board["findings"][level]}
    told = {sentence for rule, sentence in said.items() if rule in found}
    return {**board, "boards": [{**first, "words": [line for line in first["words"] if line not in told]}, *others]}
