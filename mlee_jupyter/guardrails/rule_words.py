"""How rules say names and numbers: short, on one line, in the unit a reader thinks in."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.catalogue import metric_facts

_PLAIN = re.compile(r"[\w.-]+")


def one_line(text: str) -> str:
    """The text without line breaks, control or direction marks, and runs of spaces."""
    if text.isprintable() and "  " not in text:
        return text.strip()  # what nearly all texts are
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def short(name: object, width: int = 30) -> str:
    """A user's name fit for a sentence: one line, at most `width` characters."""
    text = one_line(str(name)[:1000]) or "(no name)"
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def listed(names: Sequence[object], most: int = 3, width: int = 20) -> str:
    """Names in a row: "forest, knn and 4 more"."""
    shown = ", ".join(short(name, width) for name in names[:most])
    left = len(names) - most
    return f"{shown} and {left} more" if left > 0 else shown


def typed(name: str, width: int = 30) -> str:
    """A name as it is typed after a magic, in quotes where needed; NAME where it is too long or odd to print."""
    if short(name, width) != name or '"' in name or "\\" in name:
        return "NAME"
    return name if _PLAIN.fullmatch(name) else f'"{name}"'


def number(value: float, digits: int = 2) -> str:
    """A number at so many significant digits, without exponent or needless zeros: 0.3, 1.1, 13, 2,400."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    if abs(value) >= 1e9:
        return f"{value:.{digits - 1}e}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    if decimals > 8:
        return f"{value:.{digits - 1}e}"
    text = f"{round(value, digits - 1 - math.floor(math.log10(abs(value)))):,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def points(difference: float, bounded: bool, metric: str) -> str:
    """A difference of two scores: "2 points" for scores in 0..1, "0.31 in rmse" for others."""
    if bounded:
        amount = number(100 * difference)
        return f"{amount} point" if amount == "1" else f"{amount} points"
    return f"{number(difference)} in {in_words(metric)}"


def in_words(metric: str) -> str:
    """A metric as it is said: "root mean squared error"; a function of one's own by its name."""
    try:
        return metric_facts(metric).label
    except MleeError:
        return short(metric, 25)


def gain_of(judgement: Judgement, difference: float) -> str:
    """A difference in the unit of a judgement."""
    return points(difference, judgement.bounded, judgement.metric)


def gains_of(judgement: Judgement, least: float, most: float) -> str:
    """A range of differences, with the unit said once: "13 to 29 points"."""
    amount, unit = (100.0, "points") if judgement.bounded else (1.0, f"in {in_words(judgement.metric)}")
    return f"{number(amount * least)} to {number(amount * most)} {unit}"


def score_of(judgement: Judgement, score: float) -> str:
    """A score in the unit of a judgement: "98.9%" or "0.321"."""
    return f"{100 * score:.1f}%" if judgement.bounded and abs(score) <= 10 else number(score, 3)


def cases_of(judgement: Judgement) -> str:
    """What was judged: "360 cases", or "5 folds" where there are no rows."""
    return several(judgement.n, "fold" if judgement.by == "folds" else "case")


def about(rows: float) -> str:
    """A planned number of rows at two digits, rounded up: 588.75 is "590", 2,355 is "2,400"."""
    if rows >= 1e9:
        return "over a billion"
    if not math.isfinite(rows):
        return "more"
    step = 10 ** max(0, math.floor(math.log10(max(rows, 1))) - 1)
    return f"{math.ceil(rows / step - 1e-9) * step:,}"


def several(count: int, noun: str, nouns: str | None = None) -> str:
    """ "1 case", "360 cases"."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"
