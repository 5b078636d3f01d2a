"""The rows of one board, best first, each with its numbers and the same as ready text."""

from __future__ import annotations

from collections.abc import Iterable

from mlee_jupyter.domain import (
    Baseline,
    Candidate,
    CandidateState,
    Effort,
    Evidence,
    Judgement,
    ResultKind,
    Standing,
)
from mlee_jupyter.domain.text import numbers
from mlee_jupyter.domain.text.names import clean, count, label, whole
from mlee_jupyter.domain.text.numbers import number, whole_number
from mlee_jupyter.domain.text.units import WITHOUT_ROWS
from mlee_jupyter.report.text.plain_json import JSON
from mlee_jupyter.report.text.states import SYMBOLS, State, state_of
from mlee_jupyter.stats.metrics.metric_names import is_bounded, metric_label

from .history import History

_MARKED = {
    CandidateState.CHOSEN: "chosen",
    CandidateState.PARKED: "parked",
    CandidateState.DROPPED: "dropped",
}


SUGGESTIONS = ("simplest as good", "as good, and safe", "suggested")


def judged(evidence: Evidence, judgement: Judgement, history: History) -> list[JSON]:
    """Candidates judged on one truth and its free baselines."""
    return [
        *(_standing_row(evidence, judgement, standing, history) for standing in judgement.standings),
        *(_baseline_row(baseline, judgement) for baseline in judgement.baselines),
    ]


def unjudged(evidence: Evidence, history: History, seen: Iterable[str], bounded: bool) -> list[JSON]:
    """Candidates on no board: scores that cannot be compared, failures, and what was never tried."""
    judged_names = set(seen)
    left = [c for c in evidence.records.candidates if c.name not in judged_names]
    failures = {name: why for j in evidence.judgements for name, why in j.failed.items() if j.by not in WITHOUT_ROWS}
    unlike = {name: why for j in evidence.judgements for name, why in j.failed.items() if j.by in WITHOUT_ROWS}
    apart, failed, untouched = [], [], []
    for candidate in left:
        if candidate.name in failures:
            failed.append(_failed_row(evidence, candidate, failures[candidate.name]))
        elif candidate.name in history.best:
            apart.append(_apart_row(evidence, candidate, history, bounded, unlike.get(candidate.name)))
        elif candidate.name in history.faults:
            ending = history.endings[candidate.name]
            failed.append(_failed_row(evidence, candidate, history.faults[candidate.name], ending))
        else:
            untouched.append(_untouched_row(evidence, candidate))
    sign = -1.0 if history.higher_is_better else 1.0
    apart.sort(key=lambda row: (row["score"] is None, sign * (row["score"] or 0.0)))
    return [*apart, *failed, *untouched]


def _standing_row(evidence: Evidence, judgement: Judgement, standing: Standing, history: History) -> JSON:
    state = state_of(judgement, standing)
    bounded = judgement.bounded
    row = _row(evidence, standing.candidate, state)
    key = (standing.candidate, standing.variant)
    answer = history.answers.get(key)
    needed = whole_number(standing.rows_needed)
    row.update(
        variant=clean(standing.variant),
        kind=history.kinds.get(key),
        score=number(standing.score),
        score_text=numbers.score_text(standing.score, bounded),
        low=number(standing.low),
        high=number(standing.high),
        range_text=numbers.range_text(standing.low, standing.high, bounded),
        verdict=standing.verdict.value,
        against_text=_against(judgement, standing, state),
        in_set=bool(standing.in_set),
        p_value=number(standing.p_value),
        cost_bound=number(standing.cost_bound),
        cost_bound_text=numbers.gain_text(standing.cost_bound, bounded),
        behind=number(standing.behind),
        behind_low=number(standing.behind_low),
        behind_high=number(standing.behind_high),
        behind_text=numbers.gain_text(standing.behind, bounded),
        rows_needed=needed,
        rows_needed_text="" if needed is None else count(needed, "case"),
        disagreements=whole_number(standing.disagreements),
        answer_ms=None if answer is None else number(1000 * answer),
        answer_text=numbers.answer_text(answer),
    )
    if standing.candidate == judgement.recommended and _simplicity_declared(judgement):
        row["recommended"] = True
        row["notes"].insert(0, SUGGESTIONS[0 if standing.simplicity is not None else 1])
        if standing.candidate == judgement.leader:
            row["notes"][0] = SUGGESTIONS[2]
    return row


def _simplicity_declared(judgement: Judgement) -> bool:
    """Whether simplicity was said of two candidates at least; else "simplest" says nothing."""
    return sum(standing.simplicity is not None for standing in judgement.standings) > 1


def _against(judgement: Judgement, standing: Standing, state: State) -> str:
    if state is State.AS_GOOD:
        return f"AS GOOD (within {numbers.gain_text(judgement.useful_gain, judgement.bounded)})"
    if state is State.CANT_TELL:
        return "CAN'T TELL"
    if state is State.WORSE:
        return f"worse by {numbers.gains_text(standing.behind_low, standing.behind_high, judgement.bounded)}"
    return state.value


def _baseline_row(baseline: Baseline, judgement: Judgement) -> JSON:
    row = _blank(baseline.name, State.BASELINE)
    row.update(
        kind="baseline",
        score=number(baseline.score),
        score_text=numbers.score_text(baseline.score, judgement.bounded),
        low=number(baseline.low),
        high=number(baseline.high),
        range_text=numbers.range_text(baseline.low, baseline.high, judgement.bounded),
    )
    if baseline.beats:
        row["notes"].append(f"better than {count(len(baseline.beats), 'candidate')}")
    return row


def _apart_row(
    evidence: Evidence, candidate: Candidate, history: History, bounded: bool, unlike: str | None = None
) -> JSON:
    best = history.best[candidate.name]
    if best.metric != history.metric:
        bounded = is_bounded(best.metric)
    row = _row(evidence, candidate.name, State.APART)
    answer = history.answers.get((candidate.name, best.variant))
    row.update(
        variant=clean(best.variant),
        kind=best.kind,
        score=number(best.value),
        score_text=numbers.score_text(best.value, bounded),
        against_text="not comparable",
        reason=clean(unlike, 160) if unlike else _why_apart(best.kind, best.n, best.note),
        answer_ms=None if answer is None else number(1000 * answer),
        answer_text=numbers.answer_text(answer),
    )
    if best.metric != history.metric:
        row["notes"].append(clean(metric_label(best.metric), 40))
    row["notes"].insert(0, row["reason"])
    return row


def _why_apart(kind: str | None, n: int | None, note: str | None) -> str:
    if kind == ResultKind.FOLDS:
        return count(n, "fold") if n else "folds"
    if kind == ResultKind.NUMBER:
        return "bare number"
    return clean(note, 80) if note else "not judged"


def _failed_row(evidence: Evidence, candidate: Candidate, why: str, ending: str = "failed") -> JSON:
    row = _row(evidence, candidate.name, State.FAILED)
    row.update(against_text=ending, reason=clean(why, 160))
    row["notes"].insert(0, row["reason"])
    return row


def _untouched_row(evidence: Evidence, candidate: Candidate) -> JSON:
    state = {CandidateState.PARKED: State.PARKED, CandidateState.DROPPED: State.DROPPED}.get(
        candidate.state, State.PLANNED
    )
    row = _row(evidence, candidate.name, state)
    row["against_text"] = state.value
    if state is not State.PLANNED:
        row["notes"] = [note for note in row["notes"] if note != state.value]
    return row


def _row(evidence: Evidence, name: str, state: State) -> JSON:
    """A candidate's row with what does not depend on a judgement."""
    row = _blank(name, state)
    candidate = evidence.candidates.get(name)
    effort: Effort | None = evidence.efforts.get(name)
    if effort is not None:
        row.update(
            spent_seconds=max(0.0, effort.active.total_seconds()),
            spent_text=numbers.time_text(effort.active) if effort.runs else "",
            variants=effort.variants,
            variants_text=count(effort.variants, "variant"),
            runs=effort.runs,
            runs_text=count(effort.runs, "run"),
        )
        if effort.failed_runs:
            row["failed_runs"] = effort.failed_runs
    if candidate is not None:
        row.update(
            simplicity=candidate.simplicity,
            simplicity_text="" if candidate.simplicity is None else str(candidate.simplicity),
            mark=_MARKED.get(candidate.state),
        )
        if row["mark"]:
            row["notes"].append(row["mark"])
            if candidate.because:
                row["because"] = clean(candidate.because)
    return row


def _blank(name: str, state: State) -> JSON:
    return {
        "candidate": whole(name),
        "label": label(name),
        "symbol": SYMBOLS[state],
        "state": state.value,
        "mark": None,
        "recommended": False,
        "variant": None,
        "kind": None,
        "score": None,
        "score_text": "",
        "low": None,
        "high": None,
        "range_text": "",
        "bar": None,
        "verdict": None,
        "against_text": state.value,
        "in_set": None,
        "p_value": None,
        "cost_bound": None,
        "cost_bound_text": "",
        "behind": None,
        "behind_low": None,
        "behind_high": None,
        "behind_text": "",
        "rows_needed": None,
        "rows_needed_text": "",
        "disagreements": None,
        "simplicity": None,
        "simplicity_text": "",
        "answer_ms": None,
        "answer_text": "",
        "spent_seconds": None,
        "spent_text": "",
        "variants": 0,
        "variants_text": "",
        "runs": 0,
        "runs_text": "",
        "failed_runs": 0,
        "reason": None,
        "because": None,
        "notes": [],
    }
