"""What is seen of the rows themselves: whether they stand for what the answer must hold for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """How much of the declared population the sample holds."""

    source: str  # where the kinds were counted: a column or the truth's name
    kinds_expected: int
    kinds_present: int
    rows: int
    thinnest: str | None  # the kind with fewest rows
    thinnest_rows: int | None
    weight: float | None = None  # of the present kinds in the population, in 0..1; None: no frame says
    heaviest_missing: str | None = None  # the kind whose absence weighs most
    unseen: float | None = None  # kinds unknown (kinds_expected 0): share of the population of kinds never seen
    unseen_low: float | None = None
    unseen_high: float | None = None  # 95%, each one-sided


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedRows:
    """Test rows held against training rows."""

    test_rows: int
    train_rows: int
    shared: int  # test rows that are in train too, where the values are too rich for a coincidence
    coarse: int = 0  # equal to a training row as well, which so few or so common values make by chance
    same_label: int = 0  # of `shared`: with the same row label on both sides
    groups_shared: int = 0  # groups on both sides
    groups: int = 0  # groups of the test rows; 0: none are named
    ids_shared: int = 0  # test rows whose id, in a column that numbers things, a training row has too
    id_column: str = ""
    looked_at: float = 1.0  # share of the rows that were looked at, where there are too many for all


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOrder:
    """When the training rows end and the test rows begin, by the chartered time."""

    train_last: str
    test_first: str
    late: int  # training rows at or after the first test row
    train_rows: int


COPIES = "copies"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """Rows that are alike beyond chance, so that fewer count."""

    by: str  # the groups' name, "neighbours" in the order of the rows, or COPIES of one row
    kinds: int  # how many groups, or different rows; 0 for neighbours
    n: int
    effective_n: float  # independent rows that would tell as much
    of: str = "errors"  # what is alike: the leader's "errors", the "answers" before there are any, or the "rows"


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """One way in which the test rows are a part of the whole rather than a draw from it."""

    what: str  # "place", "date", "span", "season", "kind" or "drift"
    column: str
    words: str  # what was found, fit for a sentence
    share: float  # of the whole that the sample spans, in 0..1


@dataclass(frozen=True, kw_only=True, slots=True)
class Giveaway:
    """What one column alone achieves on the test rows."""

    column: str
    score: float  # share of right rows, or R2
    guessing: float  # the same without any column
    n: int
    copy: bool = False  # its values are the answers themselves, or one code for each class


@dataclass(frozen=True, kw_only=True, slots=True)
class Learning:
    """The last step of one candidate's learning curve; higher is better."""

    candidate: str
    small: int
    large: int  # training rows
    gain: float  # of the larger over the smaller, in the metric's units
    low: float
    high: float  # its paired 95% interval
    score: float  # at the larger size, in the metric's own direction


@dataclass(frozen=True, kw_only=True)
class SampleFacts:
    """What the notebook's live variables say of the test rows; None and empty where there was nothing to see."""

    rows: int
    shared: SharedRows | None = None
    order: TimeOrder | None = None
    alike: tuple[Alike, ...] | None = None  # None: nothing could be looked at
    slices: tuple[Slice, ...] | None = None  # None: nothing to hold the sample against
    giveaway: Giveaway | None = None  # the column that does best alone
    learning: tuple[Learning, ...] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)  # what could not be looked at -> why
