"""All that any part of the product asks of a metric; each metric's own file states it, once.

What is not stated is the careful answer: no plan beforehand, no list that offers it, no single class it looks at.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import shown

if TYPE_CHECKING:
    from .expected import Expected
    from .own import OwnMetric
    from .scored import Scored

Needs = Literal["labels", "scores", "numbers", "anything"]
Positive = Literal["none", "of two", "or mean", "one"]
Counted = Literal["rows", "positives", "alarms"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricFacts:
    """What must be known of a metric before anything is scored by it."""

    name: str  # canonical: a scikit-learn scorer's name, losses without their "neg_"
    label: str  # as a sentence has it
    higher_is_better: bool
    limits: tuple[float, float]  # the least and greatest value it can take, in its own direction
    needs: Needs  # "anything": a user's own function
    score: Callable[[Target, np.ndarray], Scored]
    """Scores one candidate. It is given what `needs` says, checked: labels (n,); numbers (n,), or (n, truths) of
    several truths; scores (n,) or (n, classes), of which `probabilities` are shares that sum to 1."""

    # names and lists
    also: tuple[str, ...] = ()  # what else people call it, in small letters: "mae", "accuracy_score"
    short: str | None = None  # the name that a list shows; None: `name`
    usual: int | None = None  # place in the lists of the start forms, least first; None: not offered there
    about: str = ""  # what it is, in one line; read from the docstring of its file
    default_for: Literal["labels", "numbers"] | None = None  # the truths that are judged by it where nobody names one

    # what it is defined on
    probabilities: bool = False  # of scores: they must be probabilities
    ranks: bool = False  # of scores: only their order counts
    refuse_truth: Callable[[np.ndarray, str], None] | None = None
    """Called with the numbers of the truth (n,) and the label; raises MleeError where the metric is not defined."""
    takes_level: bool = False  # named with a quantile, as pinball_0.9
    level: float | None = None  # that quantile, in (0, 1)
    several: bool = False  # the plain mean over several truths

    # classes
    positive: Positive = "none"
    """Which class is looked at alone: none; of two classes the positive one, of many all ("of two"); the positive
    one, and where nobody names it among many the mean of each against the rest ("or mean"); always one ("one")."""
    way_out: str = ""  # what to choose where "one" class is looked at, of many, and none was named
    average: str | None = None  # scikit-learn's name; None: the positive class alone, or does not apply
    averages: tuple[str, ...] = ()  # the averages there are, each a variant of its own
    hangs_on_classes: bool = False  # the scarcest class, and not the number of rows, limits what can be said
    symmetric: bool = False  # of two classes: a mean over rows of both, the same whichever is the positive one
    class_rows: float = 1.0  # how much of a class's part rests on its own rows; below 1 where false alarms count too
    always_positive: bool = False  # always saying yes is a free baseline beside the most frequent class

    # the shape of its formula
    counted: Counted | None = None
    """A share of right ones: of all rows, of the rows of the positive class, or of those it was predicted for."""
    row_mean: bool = False  # a plain mean of one value per row
    is_root: bool = False  # the root of a mean over rows
    over_variance: bool = False  # 1 less a mean square over the truth's variance
    constant_is_undefined: bool = False  # what is the same on every row has no score
    best_is_exact: bool = True  # its best value says that every answer is right (of a ranking: every order)
    most_in_practice: float = math.inf  # no real fold score is greater

    table_loss: Callable[[Any, Any, float | None], Any] | None = None
    """The loss of one row as an expression over a table's columns (narwhals): of the truth and the predicted number; of
    scores, None and the probability of the class that came; and the level. None: it is judged in memory alone."""
    spread: Callable[[Expected, float], float | None] | None = None
    """Standard deviation of one candidate's influence values, foretold for a score; None where it cannot be."""
    own: OwnMetric | None = None  # a user's own function

    @property
    def sign(self) -> float:
        """Times this, higher is better."""
        return 1.0 if self.higher_is_better else -1.0

    @property
    def bounded(self) -> bool:
        """A score in 0..1, shown as per cent and points."""
        return self.higher_is_better and self.limits == (0.0, 1.0)

    @property
    def comparable_limits(self) -> tuple[float, float]:
        """The limits of what columns are compared by: higher is better, and of a root its square."""
        least, most = self.limits
        return (least, most) if self.higher_is_better else (-most, -least)

    @property
    def has_both_limits(self) -> bool:
        """No row can move it by more than its limits are apart."""
        return all(math.isfinite(limit) for limit in self.limits)

    @property
    def can_look_perfect(self) -> bool:
        """A score of classes with both limits: at its best no row scatters, which does not say that none would."""
        return self.higher_is_better and self.has_both_limits and self.needs in ("labels", "scores")

    @property
    def counts_right_rows(self) -> bool:
        """The share of right rows, which is also every micro average where each row has one label."""
        return self.counted == "rows"

    @property
    def is_proportion(self) -> bool:
        """A share of rows (or of some rows) that are right."""
        return self.counted is not None

    @property
    def counts_all_or_nothing(self) -> bool:
        """A plain mean of 0 and 1 over rows that do not depend on the predictions, so that rows can disagree."""
        return self.counted in ("rows", "positives")

    @property
    def is_row_mean(self) -> bool:
        """A plain mean of one value per row."""
        by_row = self.own is not None and self.own.by_row is True
        return self.row_mean or by_row

    @property
    def has_common_scale(self) -> bool:
        """A score whose differences mean the same everywhere: in 0..1, R2, a correlation."""
        return self.higher_is_better and math.isfinite(self.limits[1])

    @property
    def looks_at_one_class(self) -> bool:
        """Whether another positive class may give another score."""
        return self.positive in ("or mean", "one")

    @property
    def hangs_on_a_choice(self) -> bool:
        """Whether the same answers have several scores, by the positive class or the averaging over classes."""
        return self.looks_at_one_class or self.average is not None

    @property
    def exact(self) -> float | None:
        """The score that only answers without a mistake have; None where no score says that."""
        if not self.best_is_exact:
            return None
        best = self.limits[1] if self.higher_is_better else max(0.0, self.limits[0])
        return best if math.isfinite(best) else None

    @property
    def scorer(self) -> str:
        """As scikit-learn's `scoring=` has it: a loss with its minus sign."""
        return self.name if self.higher_is_better else f"neg_{self.name}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """A canonical truth with what its metric needs of it."""

    facts: MetricFacts
    truth: np.ndarray
    labels: list[Any] = field(default_factory=list)  # sorted; empty for numbers
    codes: np.ndarray = field(default_factory=lambda: np.empty(0, np.intp))  # place of each row's label in `labels`
    counts: np.ndarray = field(default_factory=lambda: np.empty(0, np.intp))  # rows of each label
    positive: int | None = None  # place of the positive class; None where all classes count alike

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.truth)

    @property
    def scarcest(self) -> int | None:
        """Rows of the scarcest class that the metric hangs on; None where it hangs on rows alone."""
        if not self.facts.hangs_on_classes:
            return None
        if self.positive is None:
            return int(self.counts[self.counts > 0].min())
        positives = int(self.counts[self.positive])
        return min(positives, self.n - positives) if self.facts.needs == "scores" else positives

    @cached_property
    def positives(self) -> np.ndarray:
        """Which rows are of the positive class."""
        return np.asarray(self.codes == self.positive)

    def wrong_columns(self, rows: np.ndarray) -> MleeError:
        """That a matrix of scores (n, columns) has fewer columns than the truth has classes."""
        return MleeError(
            f"{rows.shape[1]} columns of scores for {len(self.labels)} classes in the truth.",
            "One column per class is needed, in the order of the sorted labels.",
        )

    def encode(self, labels: np.ndarray) -> tuple[np.ndarray, int]:
        """Places of the labels in `self.labels` (len(self.labels) where unknown), and how many unknown kinds.

        Raises:
            MleeError: text against numbers; "1" is not 1.
        """
        refuse_other_type(self.truth, labels)
        unknown = len(self.labels)
        if labels.dtype == object:
            places = {label: place for place, label in enumerate(self.labels)}
            codes = np.fromiter((places.get(label, unknown) for label in labels), np.intp, len(labels))
        else:
            known = np.asarray(self.labels)
            codes = np.minimum(np.searchsorted(known, labels), unknown - 1)
            codes = np.where(known[codes] == labels, codes, unknown)
        strangers = labels[codes == unknown]
        return codes, len(set(strangers.tolist())) if len(strangers) else 0


def refuse_other_type(truth: np.ndarray, labels: np.ndarray) -> None:
    """Raises MleeError where one is text and the other is not.

    Args:
        truth: (n,) canonical.
        labels: (n,) predicted.
    """
    if (truth.dtype == object) != (labels.dtype == object):
        told, wanted = ("text", "numbers") if labels.dtype == object else ("numbers", "text")
        raise MleeError(
            f"The predictions are {told} ({shown(repr(labels.tolist()[0]), 20)}), the truth is {wanted} "
            f"({shown(repr(truth.tolist()[0]), 20)}).",
            "Make both the same type.",
        )
