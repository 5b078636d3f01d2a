"""The sentences under a board, and its rows."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import luck
from .board import Board, D, P, Pattern, S, U, X

OF_BOARD: list[Pattern] = []
Test = Callable[[Board, "re.Match[str]"], "str | None"]


def says(kind: str, regex: str) -> Callable[[Test], Test]:
    def add(test: Test) -> Test:
        OF_BOARD.append(Pattern(kind, re.compile(regex), test))
        return test

    return add


def first(*whys: str | None) -> str | None:
    return next((why for why in whys if why is not None), None)


def names_in(text: str) -> list[str]:
    return re.findall(r"<([^>]+)>", text)


# ---------------------------------------------------------------- who leads


@says("others", r"ahead of all (\d+) others|all (\d+) others are")
def _all_others(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1] or m[2], len(board.names) - 1)


@says("others", r"so it is with the other (\d+)")
def _the_other(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1], len(board.names) - 2)


@says(
    "as good, at most",
    rf"((?:{X}(?:, | and )?)*(?:(\d+) more)?) (?:is|are) as good for your purpose \(at most {P}{U} behind\)",
)
def _as_good(board: Board, m: re.Match[str]) -> str | None:
    named = names_in(m[1])
    if m[3] and len(named) + int(m[3]) != board.counted("as good"):
        return f"{board.counted('as good')} are as good on the board"
    known = [board.cost(name) for name, state in board.states.items() if state == "as good"]
    window = max(low for low, _ in known), max(high for _, high in known)
    too_much = board.gain(m[4], board.useful_gain) is not None and _value(board, m[4]) > board.useful_gain
    return "more than the useful gain" if too_much else board.within(m[4], "gain", window)


def _value(board: Board, said: str) -> float:
    return 0.0 if said.startswith("less") else float(said.replace(",", "")) / (100 if board.numbers.bounded else 1)


@says("target", rf"target of {S}")
def _target(board: Board, m: re.Match[str]) -> str | None:
    return board.within(m[1], "gain", (board.must_reach or 0.0,) * 2)


@says("cost bound", rf"Undecided: {X} is the simplest not ruled out, and it may cost up to {P}{U}")
def _undecided(board: Board, m: re.Match[str]) -> str | None:
    return board.within(m[2], "gain", board.cost(m[1]))


# ---------------------------------------------------------------- rows that would settle


@says("rows to settle", rf"[Aa]bout {D}(?: cases)? would settle {X}")
def _settles(board: Board, m: re.Match[str]) -> str | None:
    return board.planned(m[1], board.settling(m[2]))


@says("rows to settle", rf"Between {D} and {D} cases would settle the {D} that")
def _between(board: Board, m: re.Match[str]) -> str | None:
    unsure = [name for name, state in board.states.items() if state == "can't tell"]
    known = [board.settling(name) for name in unsure]
    lows, highs = zip(*known, strict=True)
    count = int(m[3])
    if not 4 <= count <= len(unsure):
        return f"{len(unsure)} can't be told"
    sizes = sorted(zip(lows, highs, strict=True))
    return first(board.planned(m[1], *sizes), board.planned(m[2], *sizes),
                 None if _int(m[1]) <= _int(m[2]) else "the other way round")  # fmt: skip


@says("rows to settle", rf"With about {D} cases all {D} that can't be told apart could be settled")
def _all_settled(board: Board, m: re.Match[str]) -> str | None:
    unsure = [name for name, state in board.states.items() if state == "can't tell"]
    lows, highs = zip(*(board.settling(name) for name in unsure), strict=True)
    if not 4 <= int(m[2]) <= len(unsure):
        return f"{len(unsure)} can't be told"
    return board.planned(m[1], *zip(lows, highs, strict=True))


def _int(said: str) -> int:
    return int(said.replace(",", ""))


# ---------------------------------------------------------------- why no winner


@says("reason", rf"[Tt]he sample has {D} rows?(?:;|, and) below 30 no winner")
def _small(board: Board, m: re.Match[str]) -> str | None:
    return board.whole(m[1], board.n) or (None if board.n < 30 else "there are more than 30")


_ROWS = "(?:rows?|groups?)(?: that counts?)?"


@says("reason", rf"{X} and {X} differ (?:on|in) only {D} {_ROWS}(?:;|, and) it takes 6 to name one")
def _few(board: Board, m: re.Match[str]) -> str | None:
    numbers = board.numbers
    i, j = numbers.place(m[1]), numbers.place(m[2])
    if numbers.counts_rows:
        return board.whole(m[3], numbers.differ(i, j))
    squared = (numbers.psi[i] - numbers.psi[j]) ** 2
    rows = float(squared.sum()) ** 2 / float((squared**2).sum())
    many = int((squared > 0.01 * squared.max()).sum())  # of unlike sizes, but for what every row moves with the score
    alike = rows / 1.4 - 1 <= _int(m[3]) <= 1.4 * rows + 1
    return None if alike or many == _int(m[3]) else f"about {rows:.1f} carry the difference, {many} differ"


@says("reason", rf"[Tt]he difference of {X} and {X} hangs on about {D} {_ROWS}(?:;|, and) it takes 6 to name one")
def _carried(board: Board, m: re.Match[str]) -> str | None:
    numbers = board.numbers
    i, j = numbers.place(m[1]), numbers.place(m[2])
    squared = (numbers.psi[i] - numbers.psi[j]) ** 2
    rows = float(squared.sum()) ** 2 / float((squared**2).sum())
    apart = (
        abs(numbers.value[i] - numbers.value[j]) * board.n
    )  # so many differ at least where each moves a score by 1/n
    fits = rows / 1.4 - 1 <= _int(m[3]) <= max(1.4 * rows + 1, apart)
    return None if fits else f"about {rows:.1f} carry the difference"


_NONE = r"no (?:row|group)(?: that counts)?(?:;|, and) it takes 6 to name one"


@says("reason", rf"(?:differ (?:on|in)|[Tt]he difference of {X} and {X} hangs on) {_NONE}")
def _none(board: Board, m: re.Match[str]) -> str | None:
    return None


@says(
    "reason",
    rf"[Tt]he score hangs on (?:{D}|no) rows? "
    r"(?:of the scarcest class|that the leader calls positive|to which the leader gives some class)"
    r"(?:;|, and) below 5 no winner",
)
def _scarce(board: Board, m: re.Match[str]) -> str | None:
    truth, least = board.numbers.truth, board.numbers.scarcest
    rarest = min(int((truth == label).sum()) for label in set(truth.tolist()))
    return None if m[1] is None or _int(m[1]) in (least, rarest) else f"{least} rows"


# ---------------------------------------------------------------- luck


@says("flattery", rf"(?:[Cc]hoosing|[Bb]eing chosen as) the best of {D} flatters {X} by (?:about )?{P}{U}")
def _flatters(board: Board, m: re.Match[str]) -> str | None:
    count = board.whole(m[1], len(board.numbers.columns))
    return first(count, board.within(m[3], "gain", luck.flattery(board.numbers)))


@says("sure bound", rf"surely (above|below) {S} \(95 in 100\)")
def _surely(board: Board, m: re.Match[str]) -> str | None:
    if (m[1] == "above") != (board.numbers.sign > 0):
        return "on the other side"
    return board.within(m[2], "score", luck.sure(board.numbers))


@says("looks", rf"{D} looks? at y_test; {D} steered by earlier scores")
def _looks(board: Board, m: re.Match[str]) -> str | None:
    return board.looked(m[1], m[2])


@says("luck budget", rf"luck alone gains up to {P}{U}, and {P}{U} were gained since the first")
def _progress(board: Board, m: re.Match[str]) -> str | None:
    gained = board.every.gap(0, board.steps_of_columns()[0][0][0])
    return first(board.within(m[1], "gain", *board.budgets()), board.gain(m[2], gained))


@says("luck budget", rf"a gain below {P}{U} (?:over the first may be luck|proves nothing)")
def _budget(board: Board, m: re.Match[str]) -> str | None:
    return board.within(m[1], "gain", *board.budgets())


@says("luck budget", r"no gain on these rows proves anything now")
def _beyond_any_gain(board: Board, m: re.Match[str]) -> str | None:
    room = 1 - float(board.every.value[board.steps_of_columns()[0][0][0]])  # above the first look
    most = max(high for _, high in board.budgets())
    return None if most >= room else f"a gain above {most:.3g} would"


@says("useful gain", rf"so {P}{U} was assumed")
def _assumed(board: Board, m: re.Match[str]) -> str | None:
    return board.gain(m[1], board.useful_gain) if board.assumed else "one was named"


# ---------------------------------------------------------------- rows of the table


@says("row", rf"^row {X}: {D}, {D}(?:–| to ){D}, costs {P}{U}, behind {P}{U}$")
def _row(board: Board, m: re.Match[str]) -> str | None:
    numbers = board.numbers
    if m[1] in board.folds:
        return first(
            board.score(m[2], board.apart[m[1]]), *map(board.within, (m[3], m[4]), ("score",) * 2, board.range_of(m[1]))
        )
    k = numbers.place(m[1])
    low, high = numbers.range(k)
    return first(
        board.score(m[2], float(numbers.value[k])),
        board.within(m[3], "score", low),
        board.within(m[4], "score", high),
        board.within(m[5], "gain", board.cost(m[1])) if len(board.names) > 1 else None,
        board.gain(m[6], abs(numbers.gap(0, k))),
    )


@says("boards", rf"rows \({D} cases\) and fold scores \({D} folds\)")
def _kinds(board: Board, m: re.Match[str]) -> str | None:
    return first(board.whole(m[1], board.n), board.whole(m[2], len(next(iter(board.folds.values())))))


@says("row of a baseline", rf"^baseline ([a-z ]+): {D}, {D}(?:–| to ){D}$")
def _baseline_row(board: Board, m: re.Match[str]) -> str | None:
    said = [float(m[k].replace(",", "")) for k in (2, 3, 4)]
    ordered = None if said[1] <= said[0] <= said[2] else "its range does not hold it"
    low, high = board.range_of_baseline(m[1])
    ends = first(board.within(m[3], "score", low), board.within(m[4], "score", high))
    return first(board.score(m[2], board.baselines[m[1]]), ordered, ends)


@says("apart", rf"^apart {X}: {D}")
def _apart(board: Board, m: re.Match[str]) -> str | None:
    return board.score(m[2], board.apart[m[1]])


@says("rows to settle", rf"^{X} needs {D} cases?$")
def _row_needs(board: Board, m: re.Match[str]) -> str | None:
    return board.planned(m[2], board.settling(m[1]), rounded=False)


@says("worse by", rf"{X} is worse by (?:up to {D}|{D} to {D})$")
def _worse_by(board: Board, m: re.Match[str]) -> str | None:
    low, high = board.numbers.behind(0, board.numbers.place(m[1]))
    low = max(0.0, low[0]), max(0.0, low[1])
    if m[2]:
        return board.within(m[2], "score", high) or (None if low[0] < 1e-3 else "it starts above nothing")
    return first(board.within(m[3], "score", low), board.within(m[4], "score", high))


@says("as good within", rf"as good \(within {P}{U}\)")
def _within(board: Board, m: re.Match[str]) -> str | None:
    return board.gain(m[1], board.useful_gain)
