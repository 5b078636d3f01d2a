"""The words of the project as types; read this file first.

An *experiment* asks one question, has one primary metric and one time box. A *candidate* is one named
approach, a *variant* one setting of it, a *run* one execution. A run has *results*: predictions judged on a
declared *truth*, or fold scores, or a bare number. All that was recorded of one experiment is its *records*;
what a rule may see of it at one moment is the *evidence*; what a rule answers is a *finding*.

Everything here is a frozen value. Times are aware datetimes in UTC, durations timedeltas, rates in 0..1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

# ---------------------------------------------------------------- words


class Level(StrEnum):
    """How much a finding weighs: only an error fails `mlee check`."""

    ERROR = "error"  # the comparison or the result is wrong
    WARNING = "warning"  # it cannot carry the decision
    ADVICE = "advice"  # craft


class Outcome(StrEnum):
    """What a rule answered; silence is not an answer."""

    OK = "ok"
    FINDING = "finding"
    NOT_APPLICABLE = "not applicable"
    IGNORED = "ignored"


class CandidateState(StrEnum):
    """Where a candidate stands in the user's plan."""

    PLANNED = "planned"  # named in the charter, nothing run yet
    ACTIVE = "active"
    PARKED = "parked"  # good enough for now, tuning waits
    DROPPED = "dropped"  # given up, with a reason
    CHOSEN = "chosen"


class RunOutcome(StrEnum):
    """How one execution ended."""

    OK = "ok"
    ERROR = "error"
    INTERRUPTED = "interrupted"
    OUT_OF_TIME = "out of time"


class ResultKind(StrEnum):
    """What was handed over, hence what can be said from it."""

    PREDICTIONS = "predictions"  # one label or number per row: paired comparison
    SCORES = "scores"  # one probability or decision score per row (n,), or a column per class (n, classes)
    INFLUENCE = "influence"  # per-row influence values only (store_rows = false): paired comparison, no rows kept
    FOLDS = "folds"  # one score per fold: no rows
    NUMBER = "number"  # a bare score: no rows


class Verdict(StrEnum):
    """How a candidate stands against the best; the order is the order of the checks."""

    BEST = "best"  # the only member of the best set
    AS_GOOD = "as good"  # at most the useful gain behind, whatever chance did
    CANT_TELL = "can't tell"  # in the best set, but it may cost more than the useful gain
    WORSE = "worse"


# ---------------------------------------------------------------- what an experiment is


@dataclass(frozen=True, kw_only=True, slots=True)
class Population:
    """The kinds of thing the answer must hold for, so that a sample can be held against it."""

    column: str | None = None  # a column of the declared features, else the truth's own labels
    kinds: int | None = None  # how many kinds there are out in the world
    frame: str | None = None  # the variable that holds the population's rows, or a list of all its kinds
    weight: str | None = None  # the frame's column that says how much each of its rows counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """How the answer will be used and what it is worth (money in one currency, per month)."""

    mode: str | None = None  # "weekly batch", "real-time", ...
    answers_per_month: float | None = None
    value_per_month: float | None = None
    cost_per_month: float | None = None
    max_answer_ms: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Charter:
    """What was agreed before anything was tried; every field may be missing, and rules say what that costs."""

    question: str | None = None
    decision: str | None = None
    owner: str | None = None
    metric: str | None = None  # a scikit-learn scorer's name; None: chosen from the truth and said
    positive: str | int | float | bool | None = None  # the positive class of a two-class metric
    average: str | None = None  # scikit-learn's averaging for f1, precision, recall
    higher_is_better: bool | None = None  # known from the metric; only for a user's own number
    useful_gain: float | None = None  # smallest difference worth acting on, in the metric's units
    must_reach: float | None = None  # the score that solves the problem
    population: Population | None = None
    serving: Serving | None = None
    candidates: tuple[str, ...] = ()  # planned approaches
    time: str | None = None  # the rows are in time order, by this column
    groups: str | None = None  # rows of one customer, patient, document belong together, by this name
    train: str | None = None  # the variable that holds the training rows, to hold the test rows against
    weights: str | None = None  # how much each row counts, by this name


@dataclass(frozen=True, kw_only=True, slots=True)
class CharterVersion:
    """The charter as it read from one moment on."""

    version: int  # 1 for the first
    charter: Charter
    at: datetime
    because: str | None  # None: changed without a reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """More time for the box."""

    by: timedelta
    because: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What was chosen, and why."""

    candidate: str | None  # None: decided against all of them
    because: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Experiment:
    """One question with one primary metric and one time box."""

    id: int
    name: str
    charter: Charter  # the newest version
    budget: timedelta | None  # the first box; extensions come on top
    deadline: date | None
    opened_at: datetime
    closed_at: datetime | None = None
    truth_name: str | None = None  # the variable that holds the declared truth
    features_name: str | None = None  # the variable an estimator predicts on
    decision: Decision | None = None
    extensions: tuple[Extension, ...] = ()
    paused_at: datetime | None = None

    @property
    def box(self) -> timedelta | None:
        """The time box as it stands: the first budget and every extension."""
        if self.budget is None:
            return None
        return self.budget + sum((e.by for e in self.extensions), timedelta())

    @property
    def is_open(self) -> bool:
        """Neither decided nor closed."""
        return self.closed_at is None and self.decision is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One named approach."""

    id: int
    name: str
    simplicity: int | None  # 1 is simplest; None: not declared
    state: CandidateState
    planned: bool  # named in the charter
    because: str | None = None  # why it was parked or dropped


# ---------------------------------------------------------------- what is written


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One result of a run, ready to be written. Arrays are stored once, by content hash."""

    metric: str
    kind: ResultKind
    value: float | None  # our score; None: not computable (the note says why)
    n: int | None  # rows judged, or number of folds
    truth: str | None = None  # fingerprint of the truth
    rows: Any = None  # numpy array: predictions, scores, influence values or fold scores
    df: float | None = None  # degrees of freedom, kept with influence values
    claimed: float | None = None  # the user's own number for the same metric
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One run with all it measured: written in one transaction, or not at all."""

    candidate: str
    variant: str  # a label the user sees: given by --variant, or made from the code
    variant_key: str  # what makes a variant the same: hash of the code, or of the label
    outcome: RunOutcome
    started_at: datetime
    duration: timedelta
    simplicity: int | None = None
    source: str | None = None  # the cell's code as the user wrote it
    source_hash: str | None = None
    idea: str | None = None  # where the idea came from: blog, paper, docs, own
    stage: str | None = None  # "development" keeps a run off the board
    tags: tuple[str, ...] = ()
    note: str | None = None
    error: str | None = None  # exception type and message of a failed run
    answer_seconds: float | None = None  # measured time to answer one row
    kernel: str | None = None
    notebook: str | None = None
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Truth:
    """A declared set of right answers."""

    fingerprint: str
    name: str
    n: int
    kind: str  # "labels" or "numbers"
    classes: Mapping[str, int] = field(default_factory=dict)  # label as text -> rows; empty for numbers or > 1,000
    n_classes: int | None = None
    index_hash: str | None = None
    rows: Any = None  # numpy array; None when read without rows, or store_rows = false


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """How the rows of one truth hang together, or count: kept as codes, so that no customer's name is stored."""

    truth: str  # fingerprint
    what: str  # "groups", "time" or "weights"
    name: str  # the variable or column it was read from
    array: str  # content hash of the rows
    rows: Any = None  # numpy array: place of each row's group, or of its time in order, or its weight


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Cells of one kernel that ran back to back for the same candidate (None: ordinary cells)."""

    kernel: str
    candidate: str | None
    start: datetime
    end: datetime


# ---------------------------------------------------------------- what is read


class Result(NamedTuple):
    """One line of the history: a run with one of its results; `metric` is None where a run measured nothing.

    A NamedTuple because a board reads ten thousand of them at once.
    """

    run_id: int
    candidate: str
    variant_id: int
    variant: str
    outcome: str  # a RunOutcome value
    started_us: int  # microseconds since 1970, UTC
    duration_us: int
    stage: str | None
    answer_seconds: float | None
    metric: str | None
    kind: str | None  # a ResultKind value
    value: float | None
    n: int | None
    truth: str | None
    rows: str | None  # content hash of the stored array
    df: float | None
    claimed: float | None
    note: str | None
    tags: str | None = None  # JSON list

    @property
    def trained_on(self) -> int | None:
        """Training rows that the run was fitted on, where that was said."""
        return trained_on(self.tags)

    @property
    def started_at(self) -> datetime:
        """When the run began."""
        return datetime.fromtimestamp(self.started_us / 1e6, UTC)


TRAINED_ON = "trained-on="  # the tag that says how many training rows a run was fitted on


def trained_on(tags: str | None) -> int | None:
    """The training rows named in a run's tags (JSON); None where none are."""
    if tags is None or TRAINED_ON not in tags:
        return None
    digits = tags.partition(TRAINED_ON)[2].partition('"')[0]
    return int(digits) if digits.isdecimal() and len(digits) < 16 else None


def partly_trained(results: Iterable[Result]) -> frozenset[int]:
    """Runs of learning curves that do not compete: fitted on fewer rows than another run of their candidate."""
    sized = [(r.run_id, r.candidate, size) for r in results if (size := r.trained_on) is not None]
    most: dict[str, int] = {}
    for _, candidate, size in sized:
        most[candidate] = max(size, most.get(candidate, 0))
    return frozenset(run for run, candidate, size in sized if size < most[candidate])


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignore:
    """A finding muted by the user; it shows in the brief."""

    rule: str  # code
    because: str | None
    until: date | None = None
    at: datetime | None = None
    where: str = "experiment"  # "experiment", "config" or "notebook"


@dataclass(frozen=True, kw_only=True, slots=True)
class TraceEntry:
    """What was changed by hand, kept for good: renames, deletions, corrections, states, reasons."""

    at: datetime
    what: str  # "rename candidate", "withdraw run", ...
    subject: str
    detail: str
    because: str | None


@dataclass(frozen=True, kw_only=True)
class Records:
    """All that the store knows of one experiment, without the arrays."""

    experiment: Experiment
    charters: tuple[CharterVersion, ...]
    candidates: tuple[Candidate, ...]
    results: tuple[Result, ...]  # in the order they were recorded; withdrawn runs left out
    truths: Mapping[str, Truth]  # by fingerprint, rows left out
    spans: tuple[Span, ...]
    pauses: tuple[tuple[datetime, datetime | None], ...]
    ignores: tuple[Ignore, ...]
    trace: tuple[TraceEntry, ...]
    layouts: tuple[Layout, ...] = ()  # of its truths, rows left out
    fresh: Fresh | None = None  # the sealed second sample, if one was declared


class Look(NamedTuple):
    """One use of a truth to score predictions; it stays counted whatever becomes of the run."""

    number: int  # in the order in which they were written
    answers: str  # content hash of the predictions: the same ones again are no new look
    hand_over: str  # looks with the same were handed over together, before any of their scores was shown
    steered: bool  # scores on this truth were known before it, and it was not planned before the first of them
    metric: str
    kind: str  # a ResultKind value
    value: float | None
    df: float | None
    experiment: str | None  # None: deleted since
    notebook: str | None  # a hash of its path


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmed:
    """One candidate's score on the sealed sample, next to what it had before."""

    candidate: str
    score: float
    low: float  # 95% interval
    high: float
    before: float | None  # its score on the truth it was chosen on
    answers: str  # content hash of its predictions


@dataclass(frozen=True, kw_only=True, slots=True)
class Fresh:
    """A second sample, declared early and opened once, after the decision."""

    name: str  # the variable that holds its right answers
    fingerprint: str | None = None  # None: the variable was not there yet, so nothing is sealed
    n: int | None = None
    sealed_at: datetime | None = None
    opened_at: datetime | None = None
    metric: str | None = None  # of the scores below
    confirmed: tuple[Confirmed, ...] = ()  # the chosen candidate first


# ---------------------------------------------------------------- what is judged


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One candidate against the best, by its best variant; scores in the metric's own units and direction."""

    candidate: str
    variant: str
    score: float
    low: float  # 95% interval of the score alone
    high: float
    verdict: Verdict
    in_set: bool  # member of the best set
    p_value: float | None  # model confidence set p-value; None with one candidate
    cost_bound: float  # choosing this one costs at most so much, at 1 - alpha for all candidates at once
    behind: float  # observed distance to the leader, >= 0
    behind_low: float  # interval of that distance (paired), oriented so that positive is worse
    behind_high: float
    rows_needed: int | None  # to separate it from the leader at 80% power if the observed gap is real
    disagreements: int | None  # rows on which it and the leader differ (0/1 metrics), else None
    simplicity: int | None = None
    row_spread: float | None = None  # standard deviation, per row, of its difference to the leader; None: no rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """A free constant rule, computed from the truth; never a candidate."""

    name: str  # "most frequent", "mean", "median", "last value"
    score: float
    low: float
    high: float
    beaten_by: tuple[str, ...]  # candidates that are better beyond chance (paired, 95% one-sided, Holm)
    beats: tuple[str, ...]  # candidates that are worse than it beyond chance


@dataclass(frozen=True, kw_only=True, slots=True)
class Wear:
    """How often a truth was used to judge, and what that leaves it able to prove; gains in the metric's units."""

    looks: int  # different predictions that were scored on it, by anyone who shares the store
    steered: int  # of those, looks that followed on earlier scores
    experiments: int
    notebooks: int
    expected_luck: float  # the most that choosing by these scores gains on average, with nothing better in truth
    budget: float  # progress over the first look below this proves nothing, at 1 - alpha
    one_look: float  # what a single comparison fixed beforehand would have had to gain
    gain: float | None  # the leader over the first look; None where the first is not kept
    estimated: int = 0  # looks whose rows are not kept, so that their error was taken as large as it can be

    @property
    def proven(self) -> bool:
        """The progress over the first look is more than luck gives."""
        return self.gain is not None and self.gain > self.budget

    def spent(self, useful_gain: float) -> bool:
        """Luck is expected to give as much as matters, and more than one honest comparison would have to show."""
        return self.expected_luck > max(useful_gain, self.one_look)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the data can carry about candidates scored on the same rows with the same metric."""

    metric: str
    higher_is_better: bool
    bounded: bool  # a score in 0..1, shown as per cent and points
    n: int  # rows
    truth: str | None  # fingerprint
    alpha: float
    useful_gain: float
    useful_gain_assumed: bool  # True: not declared, so 0.02 or 2% was taken
    standings: tuple[Standing, ...]  # best score first
    best_set: tuple[str, ...]
    leader: str
    winner: str | None
    recommended: str | None
    rows_needed: int | None  # to separate the leader from the nearest member of the best set
    rows_needed_for_gain: int | None  # to resolve the useful gain between those two (80% power)
    smallest_gain: float | None  # the smallest difference these rows can resolve (80% power)
    flattery: float  # how much choosing the best of `looks` flatters the leader's score, >= 0
    looks: int  # variants judged together
    smallest_class: int | None
    no_winner_reason: str | None = None  # why no winner may be named on this sample, in plain words
    baselines: tuple[Baseline, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)  # candidate -> why it could not be judged
    by: str = "rows"  # what was compared: "rows", "groups" of rows, rows in "time" order, "folds" or bare "scores"
    effective_n: float | None = None  # independent rows that would tell as much, where rows depend or have weights
    caveat: str | None = None  # what the comparison rests on, where that is less than paired independent rows
    leader_corrected: float | None = None  # the leader's score less the flattery
    leader_bound: float | None = None  # its true score is at least (a loss: at most) this, at 1 - alpha, chosen or not
    wear: Wear | None = None  # how much these rows were looked at

    def of(self, candidate: str) -> Standing | None:
        """The standing of one candidate; None when it was not judged."""
        return next((s for s in self.standings if s.candidate == candidate), None)

    @property
    def nothing_beats_guessing(self) -> bool:
        """No candidate is better than the best free baseline beyond chance."""
        return bool(self.baselines) and any(not b.beaten_by for b in self.baselines)


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
    looked_at: float = 1.0  # share of the rows that were looked at, where there are too many for all


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOrder:
    """When the training rows end and the test rows begin, by the chartered time."""

    train_last: str
    test_first: str
    late: int  # training rows at or after the first test row
    train_rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """Rows that are alike beyond chance, so that fewer count."""

    by: str  # the groups' name, or "neighbours" in the order of the rows
    kinds: int  # how many groups; 0 for neighbours
    n: int
    effective_n: float  # independent rows that would tell as much
    of: str = "errors"  # what is alike: the leader's "errors", or the "answers" before there are any


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


class Place(NamedTuple):
    """Something seen in a notebook's text, and where."""

    cell: int  # 1-based over all cells, prose included
    line: int  # in the cell's source, 1-based
    what: str  # a name, a path, a kind of secret; never a secret itself
    more: str = ""  # what a rule needs to know beside, in plain words


class NameSeen(NamedTuple):
    """A notebook-level name at one place, in the order in which a fresh run would meet it."""

    cell: int
    line: int
    name: str
    what: str  # "binds", "may bind", "deletes", or "reads": read for sure when its cell runs


class Definition(NamedTuple):
    """A function or class at the top level of a cell."""

    cell: int
    line: int
    name: str
    body: str  # a fingerprint of its code; comments, layout and docstring do not count
    reads: tuple[str, ...] = ()  # notebook variables it reads as globals
    again: bool = False  # meant to stand several times: an overload, a registered case, a class that extends itself


class ListSeen(NamedTuple):
    """A list, tuple or set of three or more texts, written out."""

    cell: int
    line: int
    items: tuple[str, ...]


class Step(NamedTuple):
    """One call of interest to leakage, or an assignment that carries values on, in the notebook's order."""

    cell: int
    line: int
    what: str  # "split", "fit", "fit resample", "use" (predict, score, transform), "forecast", "assign"
    makes: tuple[str, ...] = ()  # names it binds or changes; of a split by position
    reads: tuple[str, ...] = ()  # names in its arguments
    receiver: str = ""  # the variable whose method is called, or the text of the object made on the spot
    maker: str = ""  # the class behind the receiver as far as the text tells: "StandardScaler"
    method: str = ""


class SameValue(NamedTuple):
    """One right-hand side stored under two names, nothing it reads having changed between."""

    cell: int
    line: int
    name: str
    first_cell: int
    first_name: str
    text: str


class CellIgnore(NamedTuple):
    """`# mlee: ignore[RULE] reason` in a cell."""

    cell: int
    line: int
    rule: str  # as written, a name or a code
    because: str


class CellSeen(NamedTuple):
    """One code cell that holds anything."""

    number: int
    execution_count: int | None
    lines: tuple[tuple[int, str], ...] = ()  # (line, text) without comments, blank lines and indentation at the end
    length: int = 0  # lines of its source
    readable: bool = True  # False: another language, or no Python
    expects_error: bool = False  # tagged raises-exception


class PackageSeen(NamedTuple):
    """A package near a notebook that was made from it."""

    folder: str
    behind: bool  # the notebook's code has changed since
    cells: tuple[int, ...] = ()  # its cells as they are now that the package does not know
    edited: tuple[str, ...] = ()  # files of the package that were changed by hand


@dataclass(frozen=True, kw_only=True)
class NotebookFacts:
    """What rules may know of a notebook's text; filled by the converter's reader. Nothing of it was run."""

    path: str
    sources: tuple[str, ...] = ()
    cells: tuple[CellSeen, ...] = ()
    names: tuple[NameSeen, ...] = ()
    known_names: frozenset[str] = frozenset()  # may be bound in a way that the text does not show: magics, hosts
    open_names: bool = False  # star imports, exec, %run: any name may be bound
    definitions: tuple[Definition, ...] = ()
    lists: tuple[ListSeen, ...] = ()
    constants: tuple[Place, ...] = ()  # tuned numbers: `what` is the setting, `more` the value as written
    paths: tuple[Place, ...] = ()  # absolute ones
    secrets: tuple[Place, ...] = ()
    randoms: tuple[Place, ...] = ()  # draws without a seed of their own; `more` is the generator: "numpy", "random"
    seeds: tuple[Place, ...] = ()  # generators seeded; `what` as in `randoms`
    steps: tuple[Step, ...] = ()
    same_values: tuple[SameValue, ...] = ()
    ignores: tuple[CellIgnore, ...] = ()
    packages: tuple[PackageSeen, ...] = ()  # filled by `mlee check` alone: it looks at folders


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What was spent on one candidate."""

    variants: int
    runs: int
    failed_runs: int
    active: timedelta
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A frozen view of one experiment at `now`: all that a rule may see."""

    now: datetime
    records: Records
    used: timedelta  # active time
    efforts: Mapping[str, Effort]  # by candidate name, every candidate has an entry
    judgements: tuple[Judgement, ...] = ()  # one per truth, the declared one first; after them folds, then bare scores
    declared_truth: Truth | None = None  # the truth as it stands in the notebook now, rows left out
    coverage: Coverage | None = None
    twins: tuple[tuple[str, str], ...] = ()  # candidates whose predictions are the same, bit for bit
    strangers: Mapping[str, float] = field(default_factory=dict)  # candidate -> share of labels unknown to the truth
    settings: Mapping[str, Any] = field(default_factory=dict)  # [tool.mlee.rules.NAME] by rule name
    notebook: NotebookFacts | None = None
    sample: SampleFacts | None = None  # None: no live variables, as on the command line

    @property
    def experiment(self) -> Experiment:
        """The experiment looked at."""
        return self.records.experiment

    @property
    def charter(self) -> Charter:
        """Its charter, newest version."""
        return self.records.experiment.charter

    @property
    def judgement(self) -> Judgement | None:
        """The judgement on the declared truth, or the only one."""
        return self.judgements[0] if self.judgements else None

    @property
    def share_used(self) -> float | None:
        """Active time as a share of the box; None without a box."""
        box = self.experiment.box
        return self.used / box if box else None

    @cached_property
    def candidates(self) -> Mapping[str, Candidate]:
        """Its candidates by name."""
        return {c.name: c for c in self.records.candidates}

    @cached_property
    def in_play(self) -> tuple[Candidate, ...]:
        """Candidates that still compete: planned, active or chosen."""
        out = (CandidateState.PARKED, CandidateState.DROPPED)
        return tuple(c for c in self.records.candidates if c.state not in out)

    @cached_property
    def untouched(self) -> tuple[str, ...]:
        """Candidates in play without a single successful result."""
        touched = {r.candidate for r in self.records.results if r.outcome == RunOutcome.OK and r.metric is not None}
        return tuple(c.name for c in self.in_play if c.name not in touched)

    @cached_property
    def on_board(self) -> tuple[Result, ...]:
        """Results that count: of runs that went well, fully trained, outside development, not of dropped candidates."""
        dropped = {c.name for c in self.records.candidates if c.state is CandidateState.DROPPED}
        partly = partly_trained(self.records.results)
        return tuple(
            r
            for r in self.records.results
            if r.outcome == RunOutcome.OK and r.metric is not None and r.stage != "development"
            if r.candidate not in dropped and r.run_id not in partly
        )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule's answer."""

    rule: str  # code
    name: str
    level: Level
    outcome: Outcome
    message: str = ""  # number and meaning, one line, no full stop needed
    remedy: str = ""  # what to type or do next, one line
    facts: Mapping[str, Any] = field(default_factory=dict)  # the numbers in the message, by name
    severity: float = 0.0  # said again only when this has grown
    ignored: Ignore | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A value with a function; the docstring of its file is its manual page."""

    code: str  # "MLE201"
    name: str  # "test-set-too-small"
    level: Level
    check: Callable[[Evidence], Finding]
    page: str = ""  # filled from the docstring when the folder is walked
    preview: bool = False  # off until a project switches it on
    notebook: bool = False  # it looks at a notebook's text, and can do so without an experiment
