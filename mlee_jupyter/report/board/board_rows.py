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
from mlee_jupyter.domain.text.names import clean, count
from mlee_jupyter.domain.text.numbers import number
from mlee_jupyter.domain.text.units import WITHOUT_ROWS
from mlee_jupyter.report.text.plain_json import JSON
from mlee_jupyter.report.text.serving_words import cost_text
from mlee_jupyter.report.text.states import State
from mlee_jupyter.stats.metrics.metric_names import is_bounded, metric_label

from .judged_rows import blank_row, failed_row, standing_row
from .run_history import History

_MARKED = {
    CandidateState.CHOSEN: "chosen",
    CandidateState.PARKED: "parked",
    CandidateState.DROPPED: "dropped",
}


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
    row = _known(evidence, standing.candidate, standing_row(judgement, standing))
    key = (standing.candidate, standing.variant)
    if (cost := cost_text(evidence.costs.get(standing.candidate))) != "":
        row["notes"].append(cost)
    return row | {"kind": history.kinds.get(key)} | _answer(history, key)


def _answer(history: History, key: tuple[str, str]) -> JSON:
    """How long one prediction takes."""
    answer = history.answers.get(key)
    return {
        "answer_ms": None if answer is None else number(1000 * answer),
        "answer_text": numbers.answer_text(answer),
    }


def _baseline_row(baseline: Baseline, judgement: Judgement) -> JSON:
    row = blank_row(baseline.name, State.BASELINE)
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
    row.update(
        variant=clean(best.variant),
        kind=best.kind,
        score=number(best.value),
        score_text=numbers.score_text(best.value, bounded),
        against_text="not comparable",
        reason=clean(unlike, 160) if unlike else _why_apart(best.kind, best.n, best.note),
        **_answer(history, (candidate.name, best.variant)),
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
    return _known(evidence, candidate.name, failed_row(candidate.name, why, ending))


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
    return _known(evidence, name, blank_row(name, state))


def _rank_text(candidate: Candidate) -> str:
    """A rank of the user's as it is; "~4" for one that was read from what ran."""
    if candidate.simplicity is None:
        return ""
    return f"~{candidate.simplicity}" if candidate.read_from else str(candidate.simplicity)


def _known(evidence: Evidence, name: str, row: JSON) -> JSON:
    """The row, and what is known of its candidate beside any judgement: what it took, what was said of it."""
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
            simplicity_text=_rank_text(candidate),
            mark=_MARKED.get(candidate.state),
        )
        if row["mark"]:
            row["notes"].append(row["mark"])
            if candidate.because:
                row["because"] = clean(candidate.because)
    return row
