"""One board as the checker knows it, and the reading of its sentences: every number by a pattern, or it is unread."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from . import formulas, luck, settling
from .arithmetic import Column, Numbers
from .formulas import Window

NUMBER = re.compile(r"(?<![A-Za-z_\d.,<])\d(?:[\d,]*\d)?(?:\.\d+)?(?:e[-+]?\d+)?%?(?![A-Za-z_\d]*>)")
D = r"(-?\d(?:[\d,]*\d)?(?:\.\d+)?(?:e[-+]?\d+)?)"
S = rf"(?:{D}%?)"
P = r"(less than 0\.1|-?\d(?:[\d,]*\d)?(?:\.\d+)?(?:e[-+]?\d+)?)"
U = r"(?: points?)?"
X = r"<([^>]+)>"


@dataclass(frozen=True)
class Reading:
    """What one pattern made of a part of a sentence."""

    kind: str
    text: str  # the part, names in angle brackets
    numbers: int
    why: str | None  # it is contradicted, and why


@dataclass(frozen=True)
class Pattern:
    """A part of a sentence with numbers in it."""

    kind: str
    regex: re.Pattern[str]
    test: Callable[[Board, re.Match[str]], str | None]


@dataclass(eq=False)
class Board:
    """What is known of a board without the engine: answers, how they were handed over, and what the board shows.

    `states` is what the board's own rows say of each candidate ("as good", "worse", ...): a sentence that counts them
    must agree.
    """

    numbers: Numbers
    every: Numbers  # with what was set aside: looks all the same
    useful_gain: float
    assumed: bool = False
    must_reach: float | None = None
    # (candidate, variant) of each look, by hand-over: told apart by what they mean, and by how they are kept
    steps: tuple[list[list[tuple[str, str]]], ...] = ([],)
    states: Mapping[str, str] = field(default_factory=dict)
    simplicity: Mapping[str, int] = field(default_factory=dict)
    apart: Mapping[str, float] = field(default_factory=dict)  # scores without rows
    folds: Mapping[str, list[float]] = field(default_factory=dict)
    asked: str = ""
    wrong: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    # ------------------------------------------------------------ what patterns ask

    @property
    def n(self) -> int:
        return self.numbers.n

    @cached_property
    def names(self) -> list[str]:
        return self.numbers.names

    @property
    def leader(self) -> str:
        return self.numbers.columns[0].candidate

    @cached_property
    def baselines(self) -> Mapping[str, float]:
        return formulas.baselines(self.numbers.metric, self.numbers.truth, self.numbers.positive)

    def counted(self, *states: str) -> int:
        return sum(state in states for state in self.states.values())

    def steps_of_columns(self) -> list[list[list[int]]]:
        places = {(c.candidate, c.variant): k for k, c in enumerate(self.every.columns)}
        return [[[places[one] for one in step] for step in steps] for steps in self.steps]

    def budgets(self) -> list[Window]:
        return [luck.budget(self.every, steps) for steps in self.steps_of_columns()]

    # ------------------------------------------------------------ whether a number is right

    def whole(self, said: str, value: int) -> str | None:
        return None if said.replace(",", "") == str(value) else f"it is {value}"

    def range_of(self, name: str) -> tuple[Window, Window]:
        """Of a score; of folds by Nadeau and Bengio (2003)."""
        if name in self.folds:
            return formulas.of_folds(self.folds[name])
        return self.numbers.range(self.numbers.place(name))

    def looked(self, said: str, steered: str) -> str | None:
        """Whether looks, and those of them that are steered, were counted right."""
        counts = [(sum(map(len, steps)), sum(map(len, steps[1:]))) for steps in self.steps]
        return None if (int(said), int(steered)) in counts else f"they are {counts}"

    def score(self, said: str, *values: float) -> str | None:
        """A score, as far as it was written out; any of the values."""
        return self.within(said, "score", *((value, value) for value in values))

    def gain(self, said: str, value: float) -> str | None:
        return self.within(said, "gain", (value, value))

    def range_of_baseline(self, name: str) -> tuple[Window, Window]:
        """Of a constant rule, as if somebody had handed it over."""
        return self._with_baseline(name).range(0)

    def _with_baseline(self, name: str) -> Numbers:
        numbers = self.numbers
        rows = formulas.constant_rules(numbers.metric, numbers.truth, numbers.positive)[name]
        return Numbers(numbers.truth, [Column(name, "", rows)], numbers.metric, numbers.positive)

    def beating(self, name: str) -> Window:
        """How many candidates are better than a rule beyond chance (one-sided 5%, Holm), at the least and the most.

        At the least those of a fifth of Bonferroni's level, at the most those of 7% alone.
        """
        rule, p = self._with_baseline(name).columns[0], dict[str, Window]()
        for column in self.numbers.columns:
            pair = Numbers(self.numbers.truth, [column, rule], self.numbers.metric, self.numbers.positive)
            k = next(k for k, one in enumerate(pair.columns) if one is column)
            least, most = pair.better(k, 1 - k)
            before = p.get(column.candidate, (1.0, 1.0))
            p[column.candidate] = min(least, before[0]), min(most, before[1])
        level = 0.05 / len(self.numbers.columns) / 5
        return sum(most <= level for _, most in p.values()), sum(least <= 0.07 for least, _ in p.values())

    def cost(self, name: str) -> tuple[float, float]:
        """What choosing it may cost; of the only one that may be best, nothing: it is best as surely as bounds hold."""
        low, high = self.numbers.cost(name)
        return (0.0 if self.states.get(name) == "best" else low), high

    def within(self, said: str, style: str, *windows: Window) -> str | None:
        """Whether a number lies in one of the windows, give or take how it was rounded.

        Args:
            said: the number's text, "less than 0.1" too.
            style: "score" (printed digits count), "gain" (a tenth of a point, or four digits), "rule" (two digits).
        """
        scale = 100.0 if self.numbers.bounded else 1.0
        if said.startswith("less"):
            fits = any(scale * low < 0.0501 for low, _ in windows)
            return None if fits else f"it is in {_shown(windows, scale)}"
        value = float(said.replace(",", ""))
        slack = self._rounding(said, value, style) + scale * 1e-5 * float(self.numbers.error.max())  # copies' rounding
        fits = any(scale * low - slack <= value <= scale * high + slack for low, high in windows)
        return None if fits else f"it is in {_shown(windows, scale)}"

    def _rounding(self, said: str, value: float, style: str) -> float:
        mantissa, _, power = said.replace(",", "").partition("e")
        printed = 0.5000001 * 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
        if style == "score" or value == 0:
            return printed if value or style != "gain" or self.numbers.bounded else 0.0
        if style == "gain" and self.numbers.bounded:
            return 0.0500001
        digits = {"gain": 4, "rule": 2, "rule score": 3}[style]
        if style == "rule score" and self.numbers.bounded:
            return 0.0500001
        least = 0.5000001 * 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
        return max(least, 0.5000001) if abs(value) >= 1000 and style == "gain" else least

    def settling(self, name: str) -> Window:
        """Rows that tell a candidate from the leader, among those that are not worse on the board."""
        still = tuple(one for one in self.names if self.states.get(one) != "worse")
        surely = tuple(one for one in still if self.states.get(one) == "can't tell")
        return settling.settling(self.numbers, 0, self.numbers.place(name), still, surely)

    def planned(self, said: str, *windows: Window, rounded: bool = True) -> str | None:
        """A number of rows, at two digits and rounded up."""
        value = float(said.replace(",", ""))
        step = 10.0 ** max(0, math.floor(math.log10(max(value, 1))) - 1) if rounded else 1.0
        ends = [(low - 1, max(2.0, high)) for low, high in windows]  # nothing is shown on fewer than two
        fits = any(low <= value <= high + step + 1e-9 * value for low, high in ends)
        return None if fits else f"it is in {_shown(windows, 1.0)}"

    # ------------------------------------------------------------ reading

    def mask(self, sentence: str) -> str:
        """The sentence with candidates' names in angle brackets, and metrics without digits."""
        left = re.sub(r"pinball loss at 0\.9|pinball_0\.9", "pinball loss", sentence)
        known = sorted({*self.names, *self.apart, *self.states}, key=len, reverse=True)
        capital = next((n for n in known if left.startswith(n[:1].upper() + n[1:] + " ")), "")
        left = capital + left[len(capital) :]  # a name may begin a sentence, and end in another name
        for name in known:
            left = re.sub(rf"(?<![\w<]){re.escape(name)}(?![\w>])", f"<{name}>", left)
        return left

    def check(self, sentence: str) -> list[Reading]:
        """Confirm or contradict each number of a sentence."""
        masked = self.mask(sentence)
        found, unread = self.read(masked)
        self.readings += found
        self.wrong += [f"[{one.kind}] {sentence} -> {one.why}" for one in found if one.why is not None]
        self.unread += [f"{number} in: {masked}" for number in unread]
        return found

    def read(self, masked: str) -> tuple[list[Reading], list[str]]:
        """The readings of a masked sentence, and the numbers that none reads."""
        from .patterns import PATTERNS

        left, found = masked, list[Reading]()
        for pattern in PATTERNS:
            while (m := pattern.regex.search(left)) is not None:
                try:
                    why = pattern.test(self, m)
                except (StopIteration, KeyError, ValueError, IndexError) as fault:
                    why = f"it cannot be: {type(fault).__name__} {fault}"
                found.append(Reading(pattern.kind, m[0], len(NUMBER.findall(m[0])), why))
                left = left[: m.start()] + " ~ " + left[m.end() :]
        return found, NUMBER.findall(left)


def planted(masked: str, readings: list[Reading], dice: random.Random) -> Iterator[tuple[str, str, str]]:
    """Each number that was read, changed: its kind, what was changed, and the sentence with the change.

    A count moves by one to three; any other number goes up or down by three fifths and a bit, which is beyond every
    tolerance of an inferred one.
    """
    for one in readings:
        start = masked.find(one.text)
        if start < 0:
            continue
        for number in NUMBER.finditer(one.text):
            for up in (True, False):
                changed = _changed(number[0], up, dice)
                if changed != number[0]:
                    at = start + number.start()
                    yield one.kind, f"{number[0]} -> {changed}", masked[:at] + changed + masked[at + len(number[0]) :]


def _changed(said: str, up: bool, dice: random.Random) -> str:
    unit = "%" if said.endswith("%") else ""
    plain = said.rstrip("%").replace(",", "")
    value = float(plain)
    mantissa, _, power = plain.partition("e")
    decimals = len(mantissa.partition(".")[2])
    if power:
        return f"{value * (1.7 if up else 0.55):.{decimals}e}{unit}"
    step = 2.0 * 10**-decimals
    value = value * 1.6 + step if up else max(0.0, value / 1.6 - step)
    return f"{value:,.{decimals}f}{unit}"


def _shown(windows: tuple[Window, ...], scale: float) -> str:
    return " or ".join(f"{scale * low:.5g} to {scale * high:.5g}" for low, high in windows)
