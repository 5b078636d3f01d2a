"""The sentences of `--why`: of the headline, a candidate, a baseline, and of each number of the board."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import luck, settling
from .board import Board, D, P, Pattern, S, U, X
from .of_board import first

OF_WHY: list[Pattern] = []
Test = Callable[[Board, "re.Match[str]"], "str | None"]


def says(kind: str, regex: str) -> Callable[[Test], Test]:
    def add(test: Test) -> Test:
        OF_WHY.append(Pattern(kind, re.compile(regex), test))
        return test

    return add


def _ranked(board: Board, name: str, rank: str | None, of: str | None, shared: str | None) -> str | None:
    if of is None:
        return None if len(board.names) == 1 else "its rank is not said"
    numbers, mine = board.numbers, board.numbers.score(name)
    ahead = [numbers.sign * (numbers.score(n) - mine) for n in board.names if not numbers.tied(n, name)]
    near = 1e-6 * float(numbers.error.max())  # single precision may be on either side
    if not 1 + sum(gap > near for gap in ahead) <= int(rank or 1) <= 1 + sum(gap > -near for gap in ahead):
        return f"{sum(gap > 0 for gap in ahead)} score better"
    return board.whole(of, len(board.names))


RANK = r"(?:, the (?:best|(\d+)(?:st|nd|rd|th)) of (\d+) scores(, shared)?)?"


@says("hits", rf"{X} is right on {D} of {D} cases, {S}{RANK}")
def _hits(board: Board, m: re.Match[str]) -> str | None:
    hits = round(board.numbers.score(m[1]) * board.n)
    return first(
        board.whole(m[2], hits),
        board.whole(m[3], board.n),
        board.score(m[4], hits / board.n),
        _ranked(board, m[1], m[5], m[6], m[7]),
    )


@says("score", rf"{X} scores {S} in [A-Za-z0-9() ,]+? on {D} cases{RANK}")
def _scored(board: Board, m: re.Match[str]) -> str | None:
    return first(
        board.score(m[2], board.numbers.score(m[1])),
        board.whole(m[3], board.n),
        _ranked(board, m[1], m[4], m[5], m[6]),
    )


@says("range", rf"its score lies between {S} and {S}, a range that is right 95 times in 100")
def _range(board: Board, m: re.Match[str]) -> str | None:
    low, high = board.range_of(board.asked)
    return first(board.within(m[1], "score", low), board.within(m[2], "score", high))


@says(
    "dependent rows", rf"(?:The|Your|your) {D} cases (?:[a-z ]+ and )?tell as much as about {D}(?: independent ones)?"
)
def _worth(board: Board, m: re.Match[str]) -> str | None:
    return first(board.whole(m[1], board.n), "no dependence was declared")


# ---------------------------------------------------------------- against the best


def _counts(board: Board, i: int, j: int, m: re.Match[str], at: int) -> str | None:
    """ "they differ on D of D cases, D to D", from group `at` on."""
    numbers = board.numbers
    differ = numbers.differ(i, j)
    why = first(board.whole(m[at], differ), board.whole(m[at + 1], board.n))
    if why is not None or m[at + 2] is None:
        return why
    more = round(abs(numbers.gap(i, j)) * float(numbers.counted.sum()))
    return first(board.whole(m[at + 2], (differ + more) // 2), board.whole(m[at + 3], (differ - more) // 2))


SIDE = rf"{P}{U} (ahead|behind)"
COUNTS = rf"they differ on {D} of {D} cases(?:, {D} to {D})?"
BEHIND = rf"(?:{X} is {P}{U} behind {X}, the best score|{X} has the same score as {X})"


def _pair(board: Board, m: re.Match[str]) -> tuple[int, int, str | None]:
    """Places of the better and the other, and whether the distance is wrong."""
    numbers = board.numbers
    other, leader = (m[1], m[3]) if m[1] else (m[4], m[5])
    i, j = numbers.place(leader), numbers.place(other)
    gap = numbers.gap(i, j)
    if not m[1]:
        # one model in two precisions has the same score
        alike = max(1e-12 * max(1.0, abs(numbers.value[i])), 1e-5 * float(numbers.error.max()))
        return i, j, None if abs(gap) <= alike else f"they differ by {gap}"
    return i, j, board.gain(m[2], gap)


@says("behind, rows", rf"{BEHIND} \({COUNTS}\)")
def _behind_by_rows(board: Board, m: re.Match[str]) -> str | None:
    i, j, why = _pair(board, m)
    return first(why, _counts(board, i, j, m, 6))


@says("behind, rows", rf"{BEHIND} \(they are right and wrong on the same of {D} cases\)")
def _alike(board: Board, m: re.Match[str]) -> str | None:
    i, j, why = _pair(board, m)
    same = None if board.numbers.differ(i, j) == 0 else f"they differ on {board.numbers.differ(i, j)}"
    return first(why, same, board.whole(m[6], board.n))


@says("behind, truly", rf"{BEHIND} \(truly between {SIDE} and {SIDE}\)")
def _behind_between(board: Board, m: re.Match[str]) -> str | None:
    i, j, why = _pair(board, m)
    low, high = board.numbers.behind(i, j)
    return first(why, _side(board, m[6], m[7], low), _side(board, m[8], m[9], high))


@says("behind, truly", rf"{BEHIND} \(truly (?:{D} to {D}|up to {D})(?: points?)? behind\)")
def _behind_truly(board: Board, m: re.Match[str]) -> str | None:
    i, j, why = _pair(board, m)
    return first(why, _ends(board, i, j, m, 6))


@says("behind", BEHIND)
def _behind(board: Board, m: re.Match[str]) -> str | None:
    return _pair(board, m)[2]


def _side(board: Board, said: str, side: str, window: tuple[float, float]) -> str | None:
    low, high = window if side == "behind" else (-window[1], -window[0])
    return board.within(said, "gain", (low, high))


def _ends(board: Board, i: int, j: int, m: re.Match[str], at: int) -> str | None:
    low, high = board.numbers.behind(i, j)
    low = max(0.0, low[0]), max(0.0, low[1])
    if m[at + 2] is not None:
        return board.within(m[at + 2], "score", high)
    return first(board.within(m[at], "score", low), board.within(m[at + 1], "score", high))


@says("worse by", rf"so it is worse, by (?:{D} to {D}|up to {D})(?: points?)?")
def _worse(board: Board, m: re.Match[str]) -> str | None:
    return _ends(board, 0, board.numbers.place(board.asked), m, 1)


@says(
    "cost bound", rf"taking it costs at most {P}{U}, no more than the {P}{U} (?:that matters? to you|taken as useful)"
)
def _costs(board: Board, m: re.Match[str]) -> str | None:
    cost = board.within(m[1], "gain", board.cost(board.asked))
    return first(cost, board.gain(m[2], board.useful_gain))


@says("cost bound", rf"taking it may cost up to {P}{U}, more than the {P}{U} (?:that matters? to you|taken as useful)")
def _may_cost(board: Board, m: re.Match[str]) -> str | None:
    return _costs(board, m)


@says("rows to settle", rf"[Aa]bout {D} cases would settle it if the difference is real")
def _settle_it(board: Board, m: re.Match[str]) -> str | None:
    if board.asked != board.leader:
        return board.planned(m[1], board.settling(board.asked))
    return board.planned(m[1], *_rivals(board))


def _rivals(board: Board) -> list[tuple[float, float]]:
    """Of the leader's nearest rival that may be as good: the best that is not worse on the board."""
    rivals = [name for name in board.names[1:] if board.states.get(name) != "worse"] or board.names[1:2]
    tied = [name for name in rivals if board.numbers.tied(name, rivals[0])]
    return [board.settling(name) for name in tied]


@says("guessing", rf"([a-z]+(?: [a-z]+)?) alone scores {S}")
def _guess(board: Board, m: re.Match[str]) -> str | None:
    name = m[1] if m[1] in board.baselines else m[1].split()[-1]
    return board.score(m[2], board.baselines[name])


# ---------------------------------------------------------------- what is suggested


@says("folds", rf"{X} averages {S} [a-z ]+ over {D} folds of cross-validation")
def _folds(board: Board, m: re.Match[str]) -> str | None:
    return first(board.score(m[2], board.apart[m[1]]), board.whole(m[3], len(board.folds[m[1]])))


@says("best of", rf"not of the best of {D}")
def _best_of(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1], len(board.numbers.columns))


@says(
    "useful gain",
    rf"(?:as each may cost more than|that is sure to cost at most|it alone is sure to cost at most) {P}{U}",
)
def _sure(board: Board, m: re.Match[str]) -> str | None:
    return board.gain(m[1], board.useful_gain)


@says("cost bound", rf"because each may cost more than {P}{U} \({X}, the safest, up to {P}{U}\)")
def _safest(board: Board, m: re.Match[str]) -> str | None:
    return first(board.gain(m[1], board.useful_gain), board.within(m[3], "gain", board.cost(m[2])))


@says("sure ones", rf"of the {D} that are sure to cost at most {P}{U}")
def _of_the_sure(board: Board, m: re.Match[str]) -> str | None:
    known = [board.cost(name) for name in board.names]
    sure = sum(high <= board.useful_gain for _, high in known)
    hoped = sum(low <= board.useful_gain for low, _ in known)
    count = None if sure <= int(m[1]) <= hoped else f"{sure} to {hoped} are"
    return first(count, board.gain(m[2], board.useful_gain))


@says("simplicity", r"as it is simpler \((\d+) against (\d+)\)")
def _simpler(board: Board, m: re.Match[str]) -> str | None:
    mine = board.simplicity[board.asked]
    return None if int(m[2]) == mine and int(m[1]) in board.simplicity.values() and int(m[1]) < mine else "other ranks"


@says("and more", rf"because ((?:{X}(?:, | and )?)+)(\d+) more may be as good or better")
def _and_more(board: Board, m: re.Match[str]) -> str | None:
    named = len(re.findall(r"<[^>]+>", m[1]))
    open_cases = board.counted("as good", "can't tell")
    every = len(board.names) - 1 - board.counted("worse")
    total = named + int(m[3])
    return None if total in (open_cases, every) else f"{open_cases} may be"


# ---------------------------------------------------------------- of a baseline


@says("a baseline", rf"It scores {S} on {D} cases, between {S} and {S}")
def _baseline(board: Board, m: re.Match[str]) -> str | None:
    low, value, high = (float(m[k].replace(",", "")) for k in (3, 1, 4))
    return first(
        board.score(m[1], board.baselines[board.asked]),
        board.whole(m[2], board.n),
        None if low <= value <= high else "its range does not hold it",
        *(
            board.within(m[k], "score", end)
            for k, end in zip((3, 4), board.range_of_baseline(board.asked), strict=True)
        ),
    )


# ---------------------------------------------------------------- of each number


@says("number: score", rf"on {D} cases?; {X} has {S}")
def _has(board: Board, m: re.Match[str]) -> str | None:
    return first(board.whole(m[1], board.n), board.score(m[3], board.numbers.score(m[2])))


@says("number: range", rf"Ranges made so are right 95 times in 100; {X}'s goes from {S} to {S}")
def _goes(board: Board, m: re.Match[str]) -> str | None:
    low, high = board.numbers.range(board.numbers.place(m[1]))
    return first(board.within(m[2], "score", low), board.within(m[3], "score", high))


@says(
    "useful gain", rf"'as good' costs at most {P}{U}|At most {P}{U}, the useful gain|Here it is {P}{U}, (?:as|assumed)"
)
def _named(board: Board, m: re.Match[str]) -> str | None:
    return board.gain(next(one for one in m.groups() if one), board.useful_gain)


@says("number: against", r"so that among (\d+) the truly best is left out at most 5 times in 100")
def _among(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1], len(board.names))


@says("number: behind", rf"{X} is {P}{U} behind {X}, and may be up to {P}{U}")
def _up_to(board: Board, m: re.Match[str]) -> str | None:
    i, j = board.numbers.place(m[3]), board.numbers.place(m[1])
    _, high = board.numbers.behind(i, j)
    most = max(0.0, high[0]), max(0.0, high[1])
    return first(board.gain(m[2], board.numbers.gap(i, j)), board.within(m[4], "gain", most))


@says("number: cost", rf"It holds for all candidates at once, 95 times in 100: ((?:{X} {P}{U}(?:, )?)+)")
def _for_all(board: Board, m: re.Match[str]) -> str | None:
    each = re.findall(rf"{X} {P}", m[1])
    return first(*(board.within(said, "gain", board.cost(name)) for name, said in each))


@says("number: rows", rf"{X} and the nearest that may be as good would take about {D}")
def _nearest(board: Board, m: re.Match[str]) -> str | None:
    return board.planned(m[2], *_rivals(board))


@says("number: rows", rf"About {D} would show a difference of {P}{U}, if there is one")
def _would_show(board: Board, m: re.Match[str]) -> str | None:
    return first(board.planned(m[1], *gains_of_rivals(board)), board.gain(m[2], board.useful_gain))


def gains_of_rivals(board: Board) -> list[tuple[float, float]]:
    """Rows for the useful gain, against all that may be best."""
    return [settling.settling_gain(board.numbers, rivals, board.useful_gain) for rivals in rivals_of(board)]


def rivals_of(board: Board) -> list[list[int]]:
    """Places of those who may be best; who is as good may be in that set or not."""
    open_still = [name for name in board.names[1:] if board.states.get(name) != "worse"] or board.names[1:2]
    good = [name for name in open_still if board.states.get(name) == "as good"]
    sets = [[name for name in open_still if name not in good[kept:]] for kept in range(len(good) + 1)]
    return [[board.numbers.place(name) for name in some] for some in sets if some]


@says("rows at hand", rf"You have {D} cases?|each of the {D} cases counts for itself")
def _at_hand(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1] or m[2], board.n)


@says("flattery", rf"Here the best of {D} was taken, which flatters {X} by (?:about )?{P}{U}")
def _taken(board: Board, m: re.Match[str]) -> str | None:
    count = board.whole(m[1], len(board.numbers.columns))
    return first(count, board.within(m[3], "gain", luck.flattery(board.numbers)))


@says(
    "number: baseline", rf"([a-z]+(?: [a-z]+)?) scores {S}, (?:beaten by (\d+) of (\d+) beyond chance|beaten by nobody)"
)
def _beaten(board: Board, m: re.Match[str]) -> str | None:
    score = board.score(m[2], board.baselines[m[1]])
    surely, maybe = board.beating(m[1])
    count = None if surely <= int(m[3] or 0) <= maybe else f"by {surely} to {maybe}"
    return first(score, count, None if m[4] is None else board.whole(m[4], len(board.names)))


@says(
    "number: how simple",
    r"read from what ran, as ~(\d): 1 a rule, 2 <?linear>?, 3 a <?tree>?, 4 a <?forest>?, 5 a network",
)
def _how_simple(board: Board, m: re.Match[str]) -> str | None:
    """The scale itself, with one of its steps as an example."""
    return None if m[1] in "12345" else "it is no step of the scale"


@says("number: simple", rf"Here: ((?:{X} \d+(?:, | and )?)+)")
def _simple(board: Board, m: re.Match[str]) -> str | None:
    return first(*(board.whole(said, board.simplicity[name]) for name, said in re.findall(r"<([^>]+)> (\d+)", m[1])))


@says("constants", r"1 being the simplest|told apart 4 times in 5")
def _constant(board: Board, m: re.Match[str]) -> str | None:
    return None


@says("number: variants", rf"All {D} here are judged together")
def _together(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1], len(board.numbers.columns))


@says("apart", rf"{X} stands apart with {S} \(([^)]*)\)")
def _apart(board: Board, m: re.Match[str]) -> str | None:
    return board.score(m[2], board.apart[m[1]])


@says("constants", r"as \(0\.91, 500\)")
def _example(board: Board, m: re.Match[str]) -> str | None:
    return None


@says("apart", rf"{X} reads {S}, but without its rows")
def _reads(board: Board, m: re.Match[str]) -> str | None:
    return board.score(m[2], board.apart[m[1]])


@says("set aside", rf"{X} [a-z ]+: [a-z ]+ \(Its [A-Za-z0-9 ]+ of {D} \(the best: {D}\) rests on too little "
                   rf"to be compared, above all on row {D}\.")  # fmt: skip
def _aside(board: Board, m: re.Match[str]) -> str | None:
    every = board.every
    k, row = every.place(m[1]), int(m[4].replace(",", "")) - 1
    behind = every.psi[board.every.place(board.leader)] - every.psi[k]
    return first(
        board.score(m[2], every.score(m[1])),
        board.score(m[3], board.numbers.score(board.leader)),
        None if behind[row] >= 0.999 * behind.max() else f"row {int(behind.argmax()) + 1} is the worst",
    )


@says("not better than a baseline", rf"((?:{X}(?:, | and )?)+)(\d+) more are not better than it")
def _not_better(board: Board, m: re.Match[str]) -> str | None:
    count = len(re.findall(r"<[^>]+>", m[1])) + int(m[3])
    worse = sum(board.numbers.sign * (board.numbers.score(n) - board.baselines[board.asked]) <= 0 for n in board.names)
    return None if worse <= count < len(board.names) else f"{worse} to {len(board.names) - 1} are not"
