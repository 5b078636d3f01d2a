"""What a referee answers: the board, the rules, and what becomes of predictions; one object and one sentence each."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.report.lines import refereed_words
from mlee_jupyter.wire.http_door import Answer
from mlee_jupyter.wire.json_body import read_object

from . import handed_over

if TYPE_CHECKING:
    from .truth_side import TruthSide

PATHS = {"/rules": "GET", "/board": "GET", "/predictions": "POST"}
_BYTES_A_ROW = 64  # of JSON; a table of probabilities has as much for each kind


class Referee:
    """Answers requests, one look at the truth at a time.

    Args:
        inside: the side that knows the truth.
    """

    def __init__(self, inside: TruthSide) -> None:
        self._inside = inside
        self._turn = threading.Lock()
        self.facts = inside.public

    @property
    def largest(self) -> int:
        """Bytes of a body that there is any use for."""
        facts = self.facts
        wide = max(1, len(facts.labels)) if facts.answers == "probabilities" else 1
        return 65_536 + _BYTES_A_ROW * facts.rows * wide * (16 if facts.text else 1)

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """The answer to one request.

        Args:
            method: of HTTP.
            path: without query.
            body: "" of a GET.

        Raises:
            MleeError: what was sent cannot be used; made of what anybody may know.
        """
        if path not in PATHS:
            return 404, {"error": f"There is nothing at this path. Ask for one of {', '.join(PATHS)}."}
        if method != PATHS[path]:
            return 405, {"error": f"{path} answers {PATHS[path]} alone. Send {PATHS[path]}."}
        if path == "/rules":
            return 200, refereed_words.rules_value(self.facts)
        if path == "/board":
            return 200, self.board()
        return 200, self.hand_in(read_object(body, handed_over.KEYS))

    def board(self) -> dict[str, Any]:
        """Every score that was shown."""
        with self._turn:
            given = self._inside.given()
        return refereed_words.board_value(self.facts, given)

    def hand_in(self, told: dict[str, Any]) -> dict[str, Any]:
        """Judge predictions: whether they are ahead by a step.

        Args:
            told: candidate, variant (may be left out), predictions.

        Raises:
            MleeError: they cannot be used.
        """
        handed = handed_over.read(told, self.facts)
        with self._turn:
            try:
                number, repeated = self._inside.hand_in(handed.candidate, handed.variant, handed.kind, handed.rows)
            except MleeError:  # its words may tell of the truth
                raise MleeError(
                    f"These predictions cannot be scored by {self.facts.metric}; nothing was counted.",
                    "GET /rules says what is taken.",
                ) from None
            given = self._inside.given()
        return refereed_words.answer_value(self.facts, given, number, repeated=repeated)
