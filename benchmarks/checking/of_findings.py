"""The sentences of the rules that look at the board."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np

from . import luck, settling
from .board import Board, D, P, Pattern, S, X
from .formulas import POWER, Z
from .of_board import first
from .of_why import gains_of_rivals, rivals_of

OF_FINDINGS: list[Pattern] = []
Test = Callable[[Board, "re.Match[str]"], "str | None"]
U = r"(?: points?| in [A-Za-z0-9][A-Za-z0-9 ,()]*?)"
CONNOR = (Z + POWER) ** 2


def says(kind: str, regex: str) -> Callable[[Test], Test]:
    def add(test: Test) -> Test:
        OF_FINDINGS.append(Pattern(kind, re.compile(regex), test))
        return test

    return add


# ---------------------------------------------------------------- 201: too few rows


def _planned_gain(board: Board) -> float:
    return max(0.03, board.useful_gain)


def _disagreed(board: Board) -> bool:
    """Whether rows have shown a disagreement, or could have."""
    numbers = board.numbers
    if not numbers.counts_rows or board.n * board.useful_gain >= 3:
        return True
    return min(numbers.differ(0, numbers.place(name)) for name in board.names[1:]) > 0


def _needed(board: Board) -> list[tuple[float, float]]:
    if len(board.names) > 1 and _disagreed(board):
        return gains_of_rivals(board)
    one = CONNOR * _planned_gain(board) / board.useful_gain**2
    return [(one * 0.99, one * 1.01)]


@says("201", rf"{D} test cases? can tell candidates apart only if they differ by more than {P}{U}?; "
             rf"(?:you need {P}{U}?|{P}{U}? is assumed to be useful)$")  # fmt: skip
def _too_small(board: Board, m: re.Match[str]) -> str | None:
    return first(
        board.whole(m[1], board.n), _smallest(board, m[2]), board.within(m[3] or m[4], "rule", (board.useful_gain,) * 2)
    )


@says("201", rf"{D} test cases? cannot tell these candidates apart; "
             rf"(?:you need {P}{U}?|{P}{U}? is assumed to be useful)$")  # fmt: skip
def _none_apart(board: Board, m: re.Match[str]) -> str | None:
    least = max(high for _, high in (settling.smallest(board.numbers, rivals) for rivals in rivals_of(board)))
    return first(
        board.whole(m[1], board.n),
        board.within(m[2] or m[3], "rule", (board.useful_gain,) * 2),
        None if least >= 1 else f"a gain of {least:.3g} can be told",
    )


def _smallest(board: Board, said: str) -> str | None:
    if len(board.names) > 1 and _disagreed(board):
        return board.within(said, "rule", *(settling.smallest(board.numbers, rivals) for rivals in rivals_of(board)))
    gain = math.sqrt(CONNOR * 0.03 / board.n)
    gain = gain if gain <= 0.03 else min(1.0, CONNOR / board.n)
    return board.within(said, "rule", (gain * 0.99, gain * 1.01))


@says("201", rf"About {D} cases would do for candidates that differ on {D}% of them(?:, {D} at 25%)?")
def _would_do_for(board: Board, m: re.Match[str]) -> str | None:
    share = _planned_gain(board)
    most = CONNOR * max(0.25, board.useful_gain) / board.useful_gain**2
    return first(
        board.planned(m[1], *_needed(board)),
        None if abs(float(m[2]) - 100 * share) <= 0.51 else f"on {share:.1%}",
        None if m[3] is None else board.planned(m[3], (most * 0.99, most * 1.01)),
    )


@says("201", rf"About {D} cases would do")
def _would_do(board: Board, m: re.Match[str]) -> str | None:
    return board.planned(m[1], *_needed(board))


@says("201", rf'With {D}, expect "can')
def _with(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1], board.n)


@says("201", rf"^{D} test cases, {D} needed$")
def _enough(board: Board, m: re.Match[str]) -> str | None:
    return first(board.whole(m[1], board.n), board.planned(m[2], *_needed(board)))


@says("rows at hand", rf"^{D} test cases(?: tell {X}|, about as many count)")
def _all_count(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1], board.n)


# ---------------------------------------------------------------- 202, 508: the target


@says("202", rf"{X} (?:was chosen and )?lies between {S} and {S}(?:: it (?:may miss|misses) |, target ){S}")
def _lies(board: Board, m: re.Match[str]) -> str | None:
    low, high = board.numbers.range(board.numbers.place(m[1]))
    return first(
        board.within(m[2], "rule score", low),
        board.within(m[3], "rule score", high),
        board.within(m[4], "rule score", (board.must_reach or 0.0,) * 2),
    )


@says("202", rf"About {D} cases would settle it if the score holds")
def _score_holds(board: Board, m: re.Match[str]) -> str | None:
    """(reach / distance)^2 times the rows, of whichever candidate it was said: the message named it."""
    found = []
    for name in board.names:
        k, target = board.numbers.place(name), board.must_reach or 0.0
        value, (low, high) = float(board.numbers.value[k]), board.numbers.range(k)
        ends = low if target < value else high
        times = [max(1.0, (abs(end - value) / abs(value - target)) ** 2) for end in ends if value != target]
        found += [(min(times) * board.n, max(times) * board.n)] if times else []
    return board.planned(m[1], *found)


@says("508", rf"{X} reaches {S}(?: with [\w ]+ left)?: its score is (at least|at most) {S}")
def _reaches(board: Board, m: re.Match[str]) -> str | None:
    low, high = board.numbers.range(board.numbers.place(m[1]))
    end = low if m[3] == "at least" else high
    target = board.within(m[2], "rule score", (board.must_reach or 0.0,) * 2)
    return first(target, board.within(m[4], "rule score", end))


@says("target", rf"none reaches {S} for certain yet")
def _none_reaches(board: Board, m: re.Match[str]) -> str | None:
    return board.within(m[1], "rule score", (board.must_reach or 0.0,) * 2)


# ---------------------------------------------------------------- 204: the rare class


def _rarest(board: Board) -> int:
    return min(int((board.numbers.truth == label).sum()) for label in np.unique(board.numbers.truth))


@says(
    "204", rf"{D} test cases? of (?:class ([^:]+)|the smallest class): the share of them found is known to {D} points"
)
def _thin(board: Board, m: re.Match[str]) -> str | None:
    rows = _rarest(board)
    half = 100 * Z / (2 * math.sqrt(rows + Z * Z))
    truth = board.numbers.truth
    rarest = [label for label in np.unique(truth).tolist() if int((truth == label).sum()) == rows]
    said = {str(label) for label in rarest} | {str(int(label)) for label in rarest if not isinstance(label, str)}
    named = m[2] is None or m[2] in said
    return first(
        board.whole(m[1], rows),
        None if abs(float(m[3]) - half) <= 0.51 else f"to {half:.2f} points",
        None if named else "another class is the rarest",
    )


@says("204", rf"until there are 30(?:, about {D} rows at this share)?")
def _until(board: Board, m: re.Match[str]) -> str | None:
    wanted = board.n * 30 / _rarest(board)
    return None if m[1] is None else board.planned(m[1], (wanted, wanted))


@says("204", rf"{D} test cases of the smallest class")
def _smallest_class(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1], _rarest(board))


# ---------------------------------------------------------------- 205: rows that are alike


@says("205", rf"Neighbouring test rows err alike: the {D} tell as much as about {D} independent ones")
def _neighbours(board: Board, m: re.Match[str]) -> str | None:
    """n (1 - r) / (1 + r), r the correlation of neighbouring errors, by class or not; within a third."""
    found = []
    for psi in (board.numbers.psi[0], _less_classes(board)):
        r = float(np.corrcoef(psi[1:], psi[:-1])[0, 1])
        found.append(board.n * (1 - r) / (1 + r))
    said = float(m[2].replace(",", ""))
    alike = min(found) / 1.35 - 1 <= said <= 1.35 * max(found) + 1
    return first(board.whole(m[1], board.n), None if alike else f"about {found}")


def _less_classes(board: Board) -> np.ndarray:
    psi, truth = board.numbers.psi[0].copy(), board.numbers.truth
    if board.numbers.metric not in ("mae", "rmse", "mape", "r2", "spearman", "pinball_0.9"):
        for label in np.unique(truth):
            psi[truth == label] -= psi[truth == label].mean()
    return psi


# ---------------------------------------------------------------- 305, 306: luck


@says("305", rf"About {P}{U} of {X}'s score may be luck, as the best of {D} on the same {D} cases")
def _may_be_luck(board: Board, m: re.Match[str]) -> str | None:
    return first(
        board.within(m[1], "rule", luck.flattery(board.numbers)),
        board.whole(m[3], len(board.numbers.columns)),
        board.whole(m[4], board.n),
    )


@says("305", rf"{P}{U} would matter to you")
def _would_matter(board: Board, m: re.Match[str]) -> str | None:
    return board.within(m[1], "rule", (board.useful_gain,) * 2)


@says("305", rf"choosing flatters by about {P}{U}$")
def _by_about(board: Board, m: re.Match[str]) -> str | None:
    return board.within(m[1], "rule", luck.flattery(board.numbers))


@says("306", rf"{D} looks?, {D} steered by earlier scores(?:: on these rows a gain below {P}{U} proves nothing)?")
def _worn(board: Board, m: re.Match[str]) -> str | None:
    budget = None
    if m[3] is not None:
        budget = board.within(m[3], "rule", *board.budgets())
    return first(board.looked(m[1], m[2]), budget)


# ---------------------------------------------------------------- 402 to 409: what may be wrong


@says("402", rf"{D}% of the labels {X} predicts do not occur")
def _strange(board: Board, m: re.Match[str]) -> str | None:
    rows = board.numbers.columns[board.numbers.place(m[2])].rows
    share = 100 * float(np.mean(~np.isin(rows, np.unique(board.numbers.truth))))
    return None if abs(float(m[1]) - share) <= 0.51 else f"{share:.1f}%"


@says("403", r"\((\d+) candidates have such a twin\)")
def _pairs(board: Board, m: re.Match[str]) -> str | None:
    columns, found = board.numbers.columns, set[str]()
    for a, one in enumerate(columns):
        for other in columns[:a]:
            if one.candidate != other.candidate and np.array_equal(one.rows, other.rows):
                found |= {one.candidate, other.candidate}
    # the same labels handed over as shares are no twins, so there may be fewer
    return None if 3 <= int(m[1]) <= len(found) else f"{len(found)} candidates"


@says("405", rf"Guessing \(([a-z ]+)\) does better than {X} \({S} against {S}\)")
def _below(board: Board, m: re.Match[str]) -> str | None:
    guess, mine = board.baselines[m[1]], board.numbers.score(m[2])
    better = board.numbers.sign * (guess - mine) > 0
    return first(
        board.within(m[3], "rule score", (guess, guess)),
        board.within(m[4], "rule score", (mine, mine)),
        None if better else "it does not",
    )


@says("405", r"and than [^;]*and (\d+) more")
def _below_more(board: Board, m: re.Match[str]) -> str | None:
    worse = [
        n
        for n in board.names
        if any(board.numbers.sign * (g - board.numbers.score(n)) > 0 for g in board.baselines.values())
    ]
    return None if int(m[1]) + 3 <= len(worse) else f"{len(worse)} score less than guessing"


@says("406", rf"most frequent class scores {S}, {X} {S}: accuracy hides")
def _hides(board: Board, m: re.Match[str]) -> str | None:
    guess, mine = board.baselines["most frequent"], board.numbers.score(m[2])
    return first(board.within(m[1], "rule score", (guess, guess)), board.within(m[3], "rule score", (mine, mine)))


@says("406", rf"most frequent class {S}$")
def _frequent(board: Board, m: re.Match[str]) -> str | None:
    guess = board.baselines["most frequent"]
    return board.within(m[1], "rule score", (guess, guess))


@says("409", rf"{X} ranks without a mistake all {D} test rows")
def _ranks_all(board: Board, m: re.Match[str]) -> str | None:
    every = None if board.every.score(m[1]) > 1 - 1e-12 else f"it scores {board.every.score(m[1])}"
    return first(every, board.whole(m[2], board.n))


@says("409", rf"((?:{X}(?:, | and )?)+)(\d+) more count the same on every row as the free baseline ([a-z ]+)")
def _as_the_rule(board: Board, m: re.Match[str]) -> str | None:
    count, rule = len(re.findall(r"<[^>]+>", m[1])) + int(m[3]), board.baselines[m[4].strip()]
    same = sum(abs(board.every.score(name) - rule) < 1e-9 for name in board.every.names)
    return None if count <= same else f"{same} have its score"


@says("409", rf"{X} is right on all {D} test rows")
def _perfect(board: Board, m: re.Match[str]) -> str | None:
    numbers = board.numbers
    best = 1.0 if numbers.sign > 0 else 0.0
    met = abs(numbers.score(m[1]) - best) < 1e-9
    return first(board.whole(m[2], board.n), None if met else f"it scores {numbers.score(m[1])}")


@says("409", rf"{X} errs less than a tenth as much as {X} \({S} against {S}\)")
def _leap(board: Board, m: re.Match[str]) -> str | None:
    one, other = board.numbers.score(m[1]), board.numbers.score(m[2])
    errors = [1 - v if board.numbers.sign > 0 else v for v in (one, other)]
    return first(
        board.within(m[3], "rule score", (one, one)),
        board.within(m[4], "rule score", (other, other)),
        None if errors[0] < 0.1 * errors[1] else "it does not",
    )
