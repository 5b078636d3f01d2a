"""Evidence for tests: one honest experiment in which nothing is wrong, and the means to spoil one thing at a time.

`evidence()` is the no-op twin of every rule's cases: three candidates of different simplicity, one variant each,
judged on 2,000 rows of ten kinds, one hour of six used, a full charter, a clear leader below the target. What a
test passes replaces that part and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from mlee_jupyter.domain import (
    Alike,
    Baseline,
    Candidate,
    CandidateState,
    Charter,
    CharterVersion,
    Coverage,
    Decision,
    Effort,
    Evidence,
    Experiment,
    Extension,
    Giveaway,
    Ignore,
    Judgement,
    NotebookFacts,
    Population,
    Records,
    Result,
    ResultKind,
    RunOutcome,
    SampleFacts,
    Serving,
    SharedRows,
    Span,
    Standing,
    TimeOrder,
    TraceEntry,
    Truth,
    Verdict,
    estimates_in_hours,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OPENED = NOW - timedelta(hours=1)
HOUR = timedelta(hours=1)
TRUTH = "truth-one"
LEADER, RIVAL, LAST = "svm", "knn", "centroid"


def charter(**changes: Any) -> Charter:
    """A charter with nothing missing."""
    full = Charter(
        question="Can a camera tell which product is on the shelf?",
        decision="Build the shelf camera, or keep the weekly count",
        owner="store operations",
        metric="accuracy",
        useful_gain=0.02,
        must_reach=0.98,
        population=Population(column="product", kinds=10),
        serving=Serving(mode="weekly batch"),
        measure="20 of 200 stores keep counting by hand for 6 weeks",
        candidates=(LEADER, RIVAL, LAST),
    )
    return replace(full, **changes)


def candidate(name: str, simplicity: int | None = None, **changes: Any) -> Candidate:
    """An active candidate of the charter."""
    made = Candidate(id=0, name=name, simplicity=simplicity, state=CandidateState.ACTIVE, planned=True)
    return replace(made, **changes)


def candidates(**states: CandidateState) -> tuple[Candidate, ...]:
    """The three honest candidates; `svm=CandidateState.PARKED` changes the state of one."""
    three = (candidate(LEADER, 3), candidate(RIVAL, 2), candidate(LAST, 1))
    return tuple(replace(c, id=i, state=states.get(c.name, c.state)) for i, c in enumerate(three, 1))


def truth(n: int = 2000, classes: Mapping[str, int] | None = None, **changes: Any) -> Truth:
    """Ten classes of equal size unless others are given; `kind="numbers"` for a regression."""
    counts = {str(k): n // 10 for k in range(10)} if classes is None else dict(classes)
    numbers = changes.get("kind") == "numbers"
    made = Truth(
        fingerprint=TRUTH,
        name="y_test",
        n=n,
        kind="labels",
        classes={} if numbers else counts,
        n_classes=None if numbers else len(counts),
    )
    return replace(made, **changes)


def result(name: str, **changes: Any) -> Result:
    """A run that went well, with predictions judged on the honest truth."""
    made = Result(
        run_id=1,
        candidate=name,
        variant_id=1,
        variant="default",
        outcome=RunOutcome.OK.value,
        started_us=int((NOW - timedelta(minutes=10)).timestamp() * 1e6),
        duration_us=1_000_000,
        stage=None,
        answer_seconds=None,
        metric="accuracy",
        kind=ResultKind.PREDICTIONS.value,
        value=0.9,
        n=2000,
        truth=TRUTH,
        rows=f"rows-of-{name}",
        df=None,
        claimed=None,
        note=None,
    )
    return made._replace(**changes)


def results(variants: Mapping[str, int] | None = None, **changes: Any) -> tuple[Result, ...]:
    """So many variants of each candidate, one run each; one of each honest candidate by default."""
    wanted = {LEADER: 1, RIVAL: 1, LAST: 1} if variants is None else variants
    lines = [
        result(name, variant=f"v{k}", variant_id=1000 * i + k, **changes)
        for i, (name, count) in enumerate(wanted.items(), 1)
        for k in range(1, count + 1)
    ]
    return tuple(line._replace(run_id=k) for k, line in enumerate(lines, 1))


def standing(name: str, score: float, verdict: Verdict = Verdict.WORSE, **changes: Any) -> Standing:
    """One candidate's line of a judgement; its 95% range is one point either way."""
    in_set = verdict in (Verdict.BEST, Verdict.CANT_TELL)
    made = Standing(
        candidate=name,
        variant="v1",
        score=score,
        low=score - 0.01,
        high=score + 0.01,
        verdict=verdict,
        in_set=in_set,
        p_value=1.0 if verdict is Verdict.BEST else 0.5 if in_set else 0.001,
        cost_bound={Verdict.BEST: 0.0, Verdict.AS_GOOD: 0.015, Verdict.CANT_TELL: 0.03}.get(verdict, 0.08),
        behind=0.0,
        behind_low=0.0,
        behind_high=0.0,
        rows_needed=None,
        disagreements=100,
    )
    return replace(made, **changes)


def baseline(score: float = 0.1, **changes: Any) -> Baseline:
    """The most frequent class; every candidate beats it."""
    made = Baseline(
        name="most frequent",
        score=score,
        low=score - 0.01,
        high=score + 0.01,
        beaten_by=(LEADER, RIVAL, LAST),
        beats=(),
    )
    return replace(made, **changes)


def judgement(standings: Iterable[Standing] | None = None, **changes: Any) -> Judgement:
    """A clear leader on 2,000 rows; `best_set`, `leader`, `winner` and `recommended` follow from the standings."""
    lines = (
        (
            standing(LEADER, 0.96, Verdict.BEST, simplicity=3),
            standing(RIVAL, 0.91, simplicity=2),
            standing(LAST, 0.88, simplicity=1),
        )
        if standings is None
        else tuple(standings)
    )
    best_set = tuple(s.candidate for s in lines if s.in_set)
    good = [s for s in lines if s.cost_bound <= 0.02]
    made = Judgement(
        metric="accuracy",
        higher_is_better=True,
        bounded=True,
        n=2000,
        truth=TRUTH,
        alpha=0.05,
        useful_gain=0.02,
        useful_gain_assumed=False,
        standings=lines,
        best_set=best_set,
        leader=lines[0].candidate if lines else "",
        winner=best_set[0] if len(best_set) == 1 else None,
        recommended=min(good, key=lambda s: s.simplicity or 99).candidate if good else None,
        rows_needed=None,
        rows_needed_for_gain=None,
        smallest_gain=0.015,
        flattery=0.001,
        looks=len(lines),
        smallest_class=200,
        baselines=(baseline(),),
    )
    return replace(made, **changes)


def undecided(**changes: Any) -> Judgement:
    """The leader and its rival cannot be told apart: 4,000 rows would do for the gap, 3,000 for the useful gain."""
    lines = (
        standing(LEADER, 0.96, Verdict.CANT_TELL, simplicity=3),
        standing(RIVAL, 0.95, Verdict.CANT_TELL, simplicity=2, behind=0.01, rows_needed=4000),
        standing(LAST, 0.88, simplicity=1),
    )
    return judgement(lines, **{"rows_needed": 4000, "rows_needed_for_gain": 3000, "smallest_gain": 0.025, **changes})


def coverage(
    present: int = 10, expected: int = 10, thinnest_rows: int | None = 200, share: float | None = None
) -> Coverage:
    """What the sample holds of the population; `share` is a frame's weight, or unseen where no kinds are expected."""
    return Coverage(
        source="product",
        kinds_expected=expected,
        kinds_present=present,
        rows=2000,
        thinnest="tea",
        thinnest_rows=thinnest_rows,
        weight=share if expected > 0 else None,
        heaviest_missing="milk" if share is not None and expected > 0 else None,
        unseen=share if expected <= 0 else None,
        unseen_low=share - 0.03 if share is not None and expected <= 0 else None,
        unseen_high=share + 0.03 if share is not None and expected <= 0 else None,
    )


def sample_facts(**changes: Any) -> SampleFacts:
    """2,000 test rows apart from 6,000 training rows, independent, spread over the whole, no column that tells all."""
    made = SampleFacts(
        rows=2000,
        shared=SharedRows(test_rows=2000, train_rows=6000, shared=0),
        order=TimeOrder(train_last="2026-01-31", test_first="2026-02-01", late=0, train_rows=6000),
        alike=(Alike(by="neighbours", kinds=0, n=2000, effective_n=2000.0),),
        slices=(),
        giveaway=Giveaway(column="weight", score=0.31, guessing=0.1, n=2000),
    )
    return replace(made, **changes)


def decided(name: str | None) -> Decision:
    """A decision made now."""
    return Decision(candidate=name, because="it does what we need", at=NOW)


def extension(by: timedelta = 2 * HOUR, at: datetime = NOW) -> Extension:
    """More time, for a reason."""
    return Extension(by=by, because="the forest is not tried yet", at=at)


def version(number: int, agreed: Charter, at: datetime, because: str | None = "we learned more") -> CharterVersion:
    """One version of the charter."""
    return CharterVersion(version=number, charter=agreed, at=at, because=because)


def span(start: datetime, end: datetime, name: str | None = None) -> Span:
    """Cells that ran back to back."""
    return Span(kernel="kernel-1", candidate=name, start=start, end=end)


HONEST: Any = object()  # "the part the honest experiment has"


def evidence(
    *,
    agreed: Charter = HONEST,
    budget: timedelta | None = 6 * HOUR,
    used: timedelta = HOUR,
    extensions: Sequence[Extension] = (),
    decision: Decision | None = None,
    closed_at: datetime | None = None,
    candidates: Sequence[Candidate] = HONEST,
    results: Sequence[Result] = HONEST,
    judgements: Sequence[Judgement] = HONEST,
    truths: Sequence[Truth] = HONEST,
    declared_truth: Truth | None = HONEST,
    coverage: Coverage | None = HONEST,
    versions: Sequence[CharterVersion] = HONEST,
    active: Mapping[str, timedelta] | None = None,
    spans: Sequence[Span] = (),
    ignores: Sequence[Ignore] = (),
    trace: Sequence[TraceEntry] = (),
    twins: Sequence[tuple[str, str]] = (),
    strangers: Mapping[str, float] | None = None,
    settings: Mapping[str, Any] | None = None,
    notebook: NotebookFacts | None = None,
    sample: SampleFacts | None = HONEST,
    now: datetime = NOW,
) -> Evidence:
    """The honest experiment, with the parts replaced that a test names. Efforts are counted from the results.

    Args:
        active: time spent by candidate; half an hour each by default for those with results.
        versions: every version of the charter; the one agreed on at the start by default.
    """
    agreed = charter() if agreed is HONEST else agreed
    people = _honest_candidates() if candidates is HONEST else tuple(candidates)
    lines = _honest_results() if results is HONEST else tuple(results)
    known = (truth(),) if truths is HONEST else tuple(truths)
    experiment = Experiment(
        id=1,
        name="shelf",
        charter=agreed,
        budget=budget,
        deadline=None,
        opened_at=OPENED,
        closed_at=closed_at,
        truth_name="y_test",
        decision=decision,
        extensions=tuple(extensions),
    )
    records = Records(
        experiment=experiment,
        charters=(version(1, agreed, OPENED, None),) if versions is HONEST else tuple(versions),
        candidates=people,
        results=lines,
        truths={t.fingerprint: t for t in known},
        spans=tuple(spans),
        pauses=(),
        ignores=tuple(ignores),
        trace=tuple(trace),
    )
    return Evidence(
        now=now,
        records=records,
        used=used,
        efforts={c.name: _effort(lines, c.name, active or {}) for c in people},
        judgements=(judgement(),) if judgements is HONEST else tuple(judgements),
        declared_truth=truth() if declared_truth is HONEST else declared_truth,
        coverage=_honest_coverage() if coverage is HONEST else coverage,
        twins=tuple(twins),
        strangers=dict(strangers or {}),
        settings=dict(settings or {}),
        notebook=notebook,
        sample=_honest_sample() if sample is HONEST else sample,
        estimates=estimates_in_hours(agreed.estimates),
    )


_honest_candidates, _honest_results, _honest_coverage, _honest_sample = candidates, results, coverage, sample_facts


def _effort(lines: Sequence[Result], name: str, active: Mapping[str, timedelta]) -> Effort:
    mine = [line for line in lines if line.candidate == name]
    good = [line for line in mine if line.outcome == RunOutcome.OK and line.metric is not None]
    return Effort(
        variants=len({line.variant_id for line in good}),
        runs=len({line.run_id for line in mine}),
        failed_runs=len({line.run_id for line in mine if line.outcome != RunOutcome.OK}),
        active=active.get(name, timedelta(minutes=30) if mine else timedelta()),
        last_at=mine[-1].started_at if mine else None,
    )
