"""Reads every number in the sentences of a board and holds it against arithmetic of its own on the stored arrays.

It shares no code with the engine: scores, gaps, disagreements and ranks are counted from truth and predictions. Each
number must be read by a pattern; one that none reads is `unread`. Ranges are held to a plain interval of the same rows
(Wilson's for shares, t for means): they must hold the score and be within a factor of its width.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

FACTOR = 1.6  # between the widths of two honest intervals of the same rows
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e-?\d+)?%?")
Z = 1.959964


@dataclass
class Board:
    """What is known of one board: the truth, what each candidate answered, and its metric ("accuracy" or "mae")."""

    truth: np.ndarray
    answers: Mapping[str, np.ndarray]
    metric: str
    useful_gain: float
    asked: str = ""  # the candidate whose place is explained
    wrong: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    read: int = 0

    def __post_init__(self) -> None:
        self.n, self.share = len(self.truth), self.metric == "accuracy"
        self.by_row = {
            name: (rows == self.truth).astype(float) if self.share else np.abs(rows - self.truth)
            for name, rows in self.answers.items()
        }
        self.score = {name: float(rows.mean()) for name, rows in self.by_row.items()}
        sign = -1 if self.share else 1
        self.order = sorted(self.score, key=lambda name: (sign * self.score[name], name))

    def gap(self, one: str, other: str) -> float:
        return abs(self.score[one] - self.score[other])

    # ------------------------------------------------------------ reading

    def check(self, sentence: str) -> None:
        """Confirm or contradict each number of a sentence."""
        left = sentence
        for name in sorted(self.answers, key=len, reverse=True):
            left = re.sub(rf"\b{re.escape(name)}\b", f"<{name}>", left, flags=re.IGNORECASE)  # it may begin a sentence
        for pattern, test in _PATTERNS:
            while (found := re.search(pattern, left)) is not None:
                self.read += len(NUMBER.findall(re.sub(r"<[^>]*>", "", found[0]))) or 1
                if (why := test(self, found)) is not None:
                    self.wrong.append(f"{sentence} -> {why}")
                left = left[: found.start()] + " ~ " + left[found.end() :]
        rest = re.sub(r"<[^>]*>", "", left)
        self.unread += [f"{number} in: {sentence}" for number in NUMBER.findall(rest)]

    def same(self, said: str, value: float) -> bool:
        """Whether a number as said is the value, as far as it was written out."""
        plain = said.replace(",", "").rstrip("%")
        digits = len(plain.partition(".")[2])
        scale = 100 if said.endswith("%") else 1
        return abs(float(plain) - scale * value) <= 0.5000001 * 10**-digits


def _value(said: str) -> float:
    return float(said.replace(",", "").rstrip("%")) / (100 if said.endswith("%") else 1)


def _points(board: Board, said: str, value: float) -> str | None:
    """A difference, in points of a share, at two digits."""
    wanted = 100 * value if board.share else value
    if said.startswith("less"):
        return None if wanted < 0.06 else f"it is {wanted}"
    slack = 0.5000001 * 10 ** -len(said.partition(".")[2])
    slack = max(slack, 0.005 * wanted if not board.share else 0.0) + (0.05 * wanted if "." not in said else 0)
    return None if abs(float(said.replace(",", "")) - wanted) <= slack else f"it is {wanted:.4g}"


def _right(board: Board, m: re.Match[str]) -> str | None:
    hits = int(board.by_row[m[1]].sum())
    right = m[2].replace(",", "") == str(hits) and m[3].replace(",", "") == str(board.n)
    return None if right and board.same(m[4], hits / board.n) else f"{hits} of {board.n}"


def _scores(board: Board, m: re.Match[str]) -> str | None:
    right = board.same(m[2], board.score[m[1]]) or abs(_value(m[2]) / board.score[m[1]] - 1) < 6e-4
    return None if right and m[3].replace(",", "") == str(board.n) else f"{board.score[m[1]]} on {board.n}"


def _of(board: Board, m: re.Match[str]) -> str | None:
    return None if int(m[1]) == len(board.answers) else f"there are {len(board.answers)}"


def _range(board: Board, m: re.Match[str], name: str) -> str | None:
    low, high = _value(m[1]), _value(m[2])
    rows, n, value = board.by_row[name], board.n, board.score[name]
    if not low - 6e-4 * max(1, abs(value)) <= value <= high + 6e-4 * max(1, abs(value)):
        return f"it does not hold {value}"
    if board.share:
        half = Z * math.sqrt(value * (1 - value) / n + Z * Z / 4 / n / n) / (1 + Z * Z / n)
    else:
        half = Z * float(rows.std(ddof=1)) / math.sqrt(n)
    ratio = (high - low) / (2 * half)
    return None if 1 / FACTOR < ratio < FACTOR else f"a plain interval is {1 / ratio:.2f} times as wide"


def _behind(board: Board, m: re.Match[str]) -> str | None:
    return _points(board, m[2], board.gap(m[1], m[3]))


def _differ(board: Board, m: re.Match[str]) -> str | None:
    differ, n = int(m[1].replace(",", "")), int(m[2].replace(",", ""))
    pairs = [int((board.by_row[a] != board.by_row[b]).sum()) for a in board.answers for b in board.answers if a < b]
    if n != board.n or differ not in pairs:
        return f"no pair differs on {differ} of {board.n}"
    return (
        None
        if m[3] is None or int(m[3].replace(",", "")) + int(m[4].replace(",", "")) == differ
        else "the parts do not add up"
    )


def _whole(expected: str) -> Test:
    def test(board: Board, m: re.Match[str]) -> str | None:
        value = {"n": board.n, "candidates": len(board.answers)}[expected]
        return None if int(m[1].replace(",", "")) == value else f"it is {value}"

    return test


def _nothing(board: Board, m: re.Match[str]) -> str | None:
    """An inferred number: only its sense can be held, which its place in the sentence has."""
    return None


def _gain(board: Board, m: re.Match[str]) -> str | None:
    return _points(board, m[1], board.useful_gain)


def _only(board: Board, m: re.Match[str]) -> str | None:
    rows = int((board.by_row[m[1]] != board.by_row[m[2]]).sum())
    return None if int(m[3]) == rows else f"they differ on {rows}"


def _looks(board: Board, m: re.Match[str]) -> str | None:
    different = len({rows.tobytes() for rows in board.answers.values()})
    return None if int(m[1]) == different and int(m[2]) < different else f"{different} answers differ"


def _surely(board: Board, m: re.Match[str]) -> str | None:
    bound, best = _value(m[2]), board.score[board.order[0]]
    return None if (bound <= best + 1e-3) == (m[1] == "above") or abs(bound - best) < 1e-3 else f"the score is {best}"


D = r"([\d,]+(?:\.\d+)?(?:e-?\d+)?)"
S = r"([\d,]+(?:\.\d+)?%?)"
P = rf"(less than [\d.]+|{D[1:-1]})"
Test = Callable[[Board, "re.Match[str]"], "str | None"]
_PATTERNS: list[tuple[str, Test]] = [
    (rf"<([^>]+)> is right on {D} of {D} cases, {S}", _right),
    (rf"<([^>]+)> scores {S} in [a-z ]+ on {D} cases", _scores),
    (r"the (?:best|\d+(?:st|nd|rd|th)) of (\d+) scores", _of),
    (rf"between {S} and {S}, a range that is right 95 times in 100", lambda b, m: _range(b, m, b.asked)),
    (rf"<([^>]+)> is {P} (?:points? )?behind <([^>]+)>", _behind),
    (rf"they differ on {D} of {D} cases(?:, {D} to {D})?", _differ),
    (rf"they are right and wrong on the same of {D} cases", _whole("n")),
    (rf"truly (?:between )?{P}(?: points?)?(?: ahead| behind)?(?: and| to) {P}(?: points?)? behind", _nothing),
    (rf"by {P} to {P}(?: points?)?", _nothing),
    (rf"no more than the {P}(?: points?)? that matters? to you", _gain),
    (rf"more than the {P}(?: points?)? that matters? to you", _gain),
    (rf"luck alone gains up to {P}(?: points?)?, and {P}(?: points?)? were gained", _nothing),
    (rf"(?:costs at most|cost up to|at most|cost more than|up to) {P}(?: points?)?", _nothing),
    (rf"[Aa]bout {D}(?: cases)? would settle", _nothing),
    (rf"Between {D} and {D} cases would settle the {D}", _nothing),
    (rf"best of (\d+) flatters <[^>]+> by (?:about )?{P}(?: points?)?", _of),
    (rf"surely (above|below) {S} \(95 in 100\)", _surely),
    (r"ahead of all (\d+) others", lambda b, m: None if int(m[1]) == len(b.answers) - 1 else "others"),
    (r"all (\d+) others are", lambda b, m: None if int(m[1]) == len(b.answers) - 1 else "others"),
    (r"with the other (\d+)", lambda b, m: None if int(m[1]) == len(b.answers) - 2 else "others"),
    (rf"The sample has {D} rows; below 30", _whole("n")),
    (r"<([^>]+)> and <([^>]+)> differ on only (\d+) rows?(?:;|, and) it takes 6", _only),
    (rf"alone scores {S}", _nothing),
    (r"(\d+) looks? at [^;]*; (\d+) steered by earlier scores", _looks),
    (rf"gain below {P}(?: points?)? (?:over the first may be luck|proves nothing)", _nothing),
    (r"best of (\d+)\b", _of),
    (r"of the (\d+) that are sure", _nothing),
    (r"and (\d+) more may be as good", lambda b, m: None if int(m[1]) < len(b.answers) else "more than there are"),
]
