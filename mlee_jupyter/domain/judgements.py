"""What the data can carry about candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .words import Verdict

NO_LOSS = 1e-12  # rounding of a sum


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
    """A free rule that learns nothing, computed from the truth or from what came before it; never a candidate."""

    name: str  # "most frequent", "mean", "median", "last value"
    score: float
    low: float
    high: float
    beaten_by: tuple[str, ...]  # candidates that are better beyond chance (paired, 95% one-sided, Holm)
    beats: tuple[str, ...]  # candidates that are worse than it beyond chance
    same_as: tuple[str, ...] = ()  # candidates whose best variant counts the same on every row, to 12 digits
    of_past: bool = False  # computed from the training rows, as known at their end; else from the truth itself


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
    rows_needed_for_gain: int | None  # to name the leader, were it better by the useful gain (80% power)
    smallest_gain: float | None  # the smallest difference these rows can resolve (80% power)
    flattery: float  # how much choosing the best of `looks` flatters the leader's score, >= 0
    looks: int  # variants judged together
    smallest_class: int | None
    no_winner_reason: str | None = None  # why no winner may be named on this sample, in plain words
    baselines: tuple[Baseline, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)  # candidate -> why it could not be judged
    by: str = "rows"  # what was compared: "rows", "groups" of rows, rows in "time" order, "folds" or bare "scores"
    effective_n: float | None = None  # independent rows that would tell as much, where rows depend or have weights
    different: int | None = None  # rows that differ, where many are copies; None: no copies were seen
    caveat: str | None = None  # what the comparison rests on, where that is less than paired independent rows
    leader_corrected: float | None = None  # the leader's score less the flattery
    leader_bound: float | None = None  # its true score is at least (a loss: at most) this, at 1 - alpha, chosen or not
    unlabelled: int = 0  # rows without a label, on which all agree: taken for right, so that scores are at most theirs
    wear: Wear | None = None  # how much these rows were looked at
    wrong: str | None = None  # an error that stands and touches a candidate, so that its verdict was taken back

    def of(self, candidate: str) -> Standing | None:
        """The standing of one candidate; None when it was not judged."""
        return next((s for s in self.standings if s.candidate == candidate), None)

    @property
    def beyond_proof(self) -> bool:
        """A perfect score would gain less over the first look than luck can; False where no score is perfect."""
        leader = self.of(self.leader)
        if self.wear is None or leader is None or not self.bounded:
            return False
        gain = self.wear.gain
        room = 1.0 if gain is None else 1.0 - (leader.score - gain)
        return self.wear.budget >= room

    @property
    def nothing_beats_guessing(self) -> bool:
        """No candidate is better than the best free baseline beyond chance."""
        return bool(self.unbeaten())

    @property
    def safe(self) -> tuple[Standing, ...]:
        """Candidates that are sure to cost at most the useful gain, less those that guessing beats beyond chance."""
        worse = self.worse_than_guessing
        return tuple(s for s in self.standings if s.cost_bound <= self.useful_gain and s.candidate not in worse)

    @property
    def worse_than_guessing(self) -> frozenset[str]:
        """Candidates that a free baseline beats beyond chance: a fault rather than a weak model."""
        return frozenset(name for one in self.baselines for name in one.beats)

    def unbeaten(self, candidate: str | None = None) -> tuple[Baseline, ...]:
        """Free baselines that no candidate (or not this one) beats beyond chance, the best first.

        A score of nothing is no guess worth beating: whoever never says yes finds none.
        """
        sign = 1 if self.higher_is_better else -1
        worth = [b for b in self.baselines if not (self.bounded and self.higher_is_better and b.score <= 0)]
        left = [b for b in worth if (candidate not in b.beaten_by if candidate is not None else not b.beaten_by)]
        return tuple(sorted(left, key=lambda b: -sign * b.score))
