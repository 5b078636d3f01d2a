"""What rules say of a judgement's numbers and of names: in the words of domain/text, with the unit said along."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.text import names, units
from mlee_jupyter.domain.text.names import count as several
from mlee_jupyter.domain.text.numbers import gain_text, gains_text, rounded, rows_text, score_text, target_text
from mlee_jupyter.stats.metrics.metric_names import metric_label

__all__ = [
    "about",
    "cases_of",
    "gain_of",
    "gains_of",
    "listed",
    "number",
    "one_line",
    "points",
    "score_of",
    "several",
    "short",
    "target_of",
    "typed",
]

_PLAIN = re.compile(r"[\w.-]+")
about, cases_of, number, one_line = rows_text, units.cases, rounded, names.one_line


def short(name: object, width: int = 30) -> str:
    """A user's name fit for a sentence: one line, at most `width` columns."""
    return names.cut(names.label(name), width)


def listed(several_names: Sequence[object], most: int = 3, width: int = 20) -> str:
    """Names as a sentence has them: "forest, knn and 4 more"."""
    return names.listed([short(name, width) for name in several_names], most=most)


def typed(name: str, width: int = 30) -> str:
    """A name as it is typed after a magic, in quotes where needed; NAME where it is too long or odd to print."""
    if short(name, width) != name or '"' in name or "\\" in name:
        return "NAME"
    return name if _PLAIN.fullmatch(name) else f'"{name}"'


def points(difference: float, bounded: bool, metric: str) -> str:
    """A difference of two scores with its unit: "2 points" for scores in 0..1, "0.31 in rmse" for others."""
    return gain_text(difference, bounded) + ("" if bounded else f" in {short(metric_label(metric), 40)}")


def gain_of(judgement: Judgement, difference: float) -> str:
    """A difference in the unit of a judgement."""
    return points(difference, judgement.bounded, judgement.metric)


def gains_of(judgement: Judgement, least: float, most: float) -> str:
    """A range of differences, with the unit said once: "13.0 to 29.0 points"."""
    unit = "points" if judgement.bounded else f"in {short(metric_label(judgement.metric), 40)}"
    return f"{gains_text(least, most, judgement.bounded)} {unit}"


def score_of(judgement: Judgement, score: float) -> str:
    """A score in the unit of a judgement: "98.9%" or "0.321"."""
    return score_text(score, judgement.bounded, unit=True)


def target_of(judgement: Judgement, target: float) -> str:
    """A score that somebody named, as they would say it: "95%" or "14"."""
    return target_text(target, judgement.bounded)
