"""Which rows to label, and the verdict from those labels alone.

On a row on which all candidates give the same answer they are right or wrong together, whatever the truth is. It adds
nothing to any difference of two shares of right rows, nor to its error, so the verdict is that of all labels. (What is
drawn moves with what all candidates share: a cost by about a hundredth of its standard error.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import count, cut, label, listed
from mlee_jupyter.domain.text.numbers import gain_text
from mlee_jupyter.stats.compare.intervals import wilson
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.probabilities import scores_for_labels
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.rows.columns import as_rows, shown
from mlee_jupyter.stats.size.power import POWER
from mlee_jupyter.stats.size.rows_needed import reach

from .comparing import compare, demand_one_order, named_predictions
from .result import Comparison

if TYPE_CHECKING:
    import pandas as pd

_NAME = 40  # columns


@dataclass(frozen=True, kw_only=True, eq=False)
class RowsToLabel:
    """The rows on which not all candidates give the same answer.

    Attributes:
        rows: (m,) their places from 0 on, rising. Label these.
        of: rows that the verdict will be on; those that are not among `rows` need no label.
        candidates: the names.
    """

    rows: np.ndarray
    of: int
    candidates: tuple[str, ...]
    _answers: Mapping[str, np.ndarray]  # by candidate, of all rows that were handed over
    _places: np.ndarray  # (of,) which of those the verdict is on
    _metric: MetricFacts

    @property
    def smallest_difference(self) -> float:
        """What a candidate must truly be better by, to be named 4 times in 5 with these labels; at 5%, at the most.

        Two that differ on d rows may both be wrong on some, which then tell nothing: fewer rows show less.
        """
        pairs = combinations(self._on_the_places(), 2)
        differing = max(int(np.count_nonzero(one != other)) for one, other in pairs)
        return float(reach(len(self.candidates), 0.05, POWER) * np.sqrt(differing)) / self.of

    def compare(
        self,
        labels: Any,
        useful_gain: float | None = None,
        alpha: float = 0.05,
        simplicity: Mapping[str, int] | None = None,
    ) -> Comparison:
        """The comparison that labels of all rows would give, as far as differences go.

        Args:
            labels: (m,) the right answers, in the order of `rows`.
            useful_gain: smallest difference worth acting on; None: 0.02.
            alpha: chance of leaving a truly best candidate out of the best set, above 0 and at most 0.5.
            simplicity: rank by candidate name, 1 is simplest.

        Returns:
            Best set, winner, distances and costs are those of all labels. A score is shown as if every answer on which
            all agree were right, so it is at most that; its range goes from what it is if all of them are wrong.

        Raises:
            MleeError: labels of another number or kind, or anything that `compare` refuses.
        """
        none_wanted = not len(self.rows) and not len(labels)
        given = self._answers[self.candidates[0]][:0] if none_wanted else as_rows(labels, "the labels")
        if given.ndim != 1 or len(given) != len(self.rows):
            raise MleeError(
                f"There are {count(len(given), 'label')} for {count(len(self.rows), 'row')}.",
                "Pass one label for each of .rows, in their order.",
            )
        answers = dict(zip(self.candidates, self._on_the_places(), strict=True))
        inside = np.isin(self._places, self.rows)
        truth = _filled(next(iter(answers.values())), inside, given)
        found = compare(truth, answers, self._metric.name, useful_gain, alpha, simplicity)
        return Comparison(_with_what_is_known(found.judgement, self.of - len(self.rows)))

    def _on_the_places(self) -> list[np.ndarray]:
        return [self._answers[name][self._places] for name in self.candidates]

    def __repr__(self) -> str:
        names = listed([cut(label(name), _NAME) for name in self.candidates])
        if not len(self.rows):
            return f"{names} give the same answer on all of {count(self.of, 'row')}: no label tells them apart."
        least = gain_text(self.smallest_difference, True)
        return (
            f"{names} differ on {len(self.rows):,} of {count(self.of, 'row')}: label .rows, and .compare(labels) gives "
            f"the verdict of all {self.of:,}. It names one that is truly better by {least} 4 times in 5."
        )


def rows_to_label(
    predictions: Mapping[str, Any] | pd.DataFrame,
    metric: str = "accuracy",
    *,
    at_most: int | None = None,
    seed: int = 0,
) -> RowsToLabel:
    """Which rows must be labelled to tell candidates apart: those on which not all of them give the same answer.

    That holds for shares of right rows alone. Recall, precision, F1 and the like ask how many positives there are and
    how many alarms are right, on rows on which all agree as well; scores and numbers agree on hardly any row. Those
    are refused. Two that are left after a pilot differ on few rows: hand over the last two alone.

    Args:
        predictions: labels by candidate name, as a dict or a DataFrame of one column each; two candidates or more.
        metric: accuracy, or another name of a share of right rows.
        at_most: labels that can be had, 6 or more. Where more rows differ, so many rows of all are drawn at random that
            no more of them do, and the verdict is one on those. None: all.
        seed: of that draw.

    Raises:
        MleeError: another metric, one candidate, columns of different lengths, missing values, a matrix of scores.
    """
    facts = None if callable(metric) else metric_facts(metric)
    if facts is None or not facts.counts_right_rows:
        raise MleeError(*_why_not(facts))
    if at_most is not None and (isinstance(at_most, bool) or not isinstance(at_most, int | np.integer) or at_most < 6):
        raise MleeError(f"at_most = {shown(repr(at_most), 30)} is not 6 or more.", "On fewer no winner is named.")
    named = named_predictions(predictions)
    demand_one_order(named)
    answers = {name: as_rows(values, name) for name, values in named.items()}
    _check(answers, facts)
    first, *others = answers.values()
    differ = np.any([first != other for other in others], axis=0)
    places = np.arange(len(first))
    if at_most is not None and int(differ.sum()) > at_most:
        order = np.random.default_rng(seed).permutation(len(first))
        places = np.sort(order[: int(np.searchsorted(np.cumsum(differ[order]), at_most, side="right"))])
    return RowsToLabel(
        rows=places[differ[places]],
        of=len(places),
        candidates=tuple(answers),
        _answers=answers,
        _places=places,
        _metric=facts,
    )


def _why_not(facts: MetricFacts | None) -> tuple[str, str]:
    """That rows which agree count too, and what to do."""
    if facts is None or facts.needs == "anything":
        return "A function of your own may look at every row.", 'Label all rows, or ask by metric="accuracy".'
    if facts.needs == "labels":
        return (
            f"For {facts.label}, rows on which all agree count too: of what class they are is not known.",
            'Label all rows, or ask by metric="accuracy".',
        )
    what = f"{facts.needs.capitalize()} agree on hardly any row, so {facts.label} needs every label."
    return what, "Label rows drawn at random; mlee.rows_needed says how many."


def _check(answers: Mapping[str, np.ndarray], facts: MetricFacts) -> None:
    if len(answers) < 2:
        raise MleeError("One candidate differs from nobody.", "Pass two or more.")
    (first, start), *others = answers.items()
    for name, rows in answers.items():
        if rows.ndim != 1:
            raise MleeError(f"{shown(name)} has {rows.shape[1]} columns of scores.", "Pass one column of labels.")
        if (refusal := scores_for_labels(rows, facts.label)) is not None:
            raise MleeError(f"{shown(name)}: {refusal.message}", refusal.remedy)
    for name, rows in others:
        if len(rows) != len(start):
            raise MleeError(
                f"{shown(name)} has {len(rows):,} rows, {shown(first)} {len(start):,}.", "Predict on the same rows."
            )
        if (rows.dtype == object) != (start.dtype == object):
            raise MleeError(f"{shown(name)} and {shown(first)} are text and numbers.", "Make both the same type.")


def _filled(agreed: np.ndarray, inside: np.ndarray, given: np.ndarray) -> np.ndarray:
    if (agreed.dtype == object) != (given.dtype == object):
        raise MleeError("The labels and the answers are text and numbers.", "Make both the same type.")
    truth = agreed.astype(object) if agreed.dtype == object else agreed.astype(np.float64)
    truth[inside] = given
    return truth


def _with_what_is_known(judgement: Judgement, unlabelled: int) -> Judgement:
    """Ranges down to what they are if all agreed answers are wrong, and without what hangs on the missing labels."""
    n = judgement.n

    def low(score: float) -> float:
        return wilson(max(0.0, score * n - unlabelled), n, judgement.alpha)[0]

    return replace(
        judgement,
        standings=tuple(replace(one, low=low(one.score)) for one in judgement.standings),
        baselines=(),
        leader_corrected=None,
        leader_bound=None,
        unlabelled=unlabelled,
        caveat=f"{count(unlabelled, 'row')} without a label, on which all agree: differences are those of all rows, "
        "scores are at most what is shown.",
    )
