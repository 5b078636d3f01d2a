"""What is said under a candidate's cell when its run is in the store: one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from mlee_jupyter.domain import Evidence, ResultKind, RunOutcome

from .contents import left_text
from .figures import is_bounded, metric_label, range_text, score_text, time_text
from .wording import clean, count, cut, label, ordinal, sentences

_MOST_NUMBERS = 4  # bare numbers shown of a dict


class RecordedRun(Protocol):
    """A run as it was recorded; what the session hands over."""

    @property
    def candidate(self) -> str: ...  # noqa: D102
    @property
    def variant(self) -> str: ...  # noqa: D102
    @property
    def variant_number(self) -> int: ...  # noqa: D102
    @property
    def repeat(self) -> bool: ...  # noqa: D102
    @property
    def same_answers(self) -> bool: ...  # noqa: D102
    @property
    def kind(self) -> ResultKind | None: ...  # noqa: D102
    @property
    def metric(self) -> str | None: ...  # noqa: D102
    @property
    def bounded(self) -> bool: ...  # noqa: D102
    @property
    def value(self) -> float | None: ...  # noqa: D102
    @property
    def low(self) -> float | None: ...  # noqa: D102
    @property
    def high(self) -> float | None: ...  # noqa: D102
    @property
    def n(self) -> int | None: ...  # noqa: D102
    @property
    def numbers(self) -> Mapping[str, float]: ...  # noqa: D102


def recorded_line(run: RecordedRun, evidence: Evidence) -> str:
    """Score, rows, range and time of a run: "knn recorded: 98.9% on 360 cases (97.2 to 99.6). 10 min used, ..."."""
    opening = f"{cut(label(run.candidate), 60)} {_what_happened(run)}"
    others = {name: value for name, value in run.numbers.items() if name != run.metric}
    said = []
    if run.kind is None and not run.numbers:
        said.append(f"{opening}, without a result")
    elif run.kind is None or (run.kind is ResultKind.NUMBER and others):
        said += [f"{opening}: {_numbers_text(run.numbers)}", "Bare numbers have no range and cannot be compared"]
        said.append("Record predictions for that")
        others = {}
    else:
        said += [f"{opening}: {_result_text(run)}", *_cannot_be_said(run.kind)]
    if others:
        said.append(f"Also {_numbers_text(others)}")
    said.append(time_said(evidence))
    return sentences(said)


def failed_line(candidate: str, outcome: RunOutcome, duration: timedelta) -> str:
    """A run that ended without a result: "cnn failed after 2 min; the run is recorded as failed."."""
    ended = {
        RunOutcome.ERROR: ("failed", "failed"),
        RunOutcome.INTERRUPTED: ("was interrupted", "interrupted"),
        RunOutcome.OUT_OF_TIME: ("was stopped at its limit", "out of time"),
    }.get(outcome, ("ended", str(outcome)))
    name = cut(label(candidate), 60)
    return f"{name} {ended[0]} after {time_text(duration)}; the run is recorded as {ended[1]}, earlier results stay."


def time_said(evidence: Evidence) -> str:
    """ "10 min used, 5 h 50 left"; without a box only what is used."""
    box = evidence.experiment.box
    left = "" if box is None else f", {left_text(box - evidence.used)}"
    return f"{time_text(evidence.used)} used{left}"


def _what_happened(run: RecordedRun) -> str:
    if run.repeat and run.same_answers:
        return "repeated, the same predictions as before"
    if run.repeat:
        return "repeated"
    if run.variant_number > 1:
        return f"recorded ({ordinal(run.variant_number)} variant, {cut(label(run.variant), 40)})"
    return "recorded"


def _result_text(run: RecordedRun) -> str:
    shown = "no score" if run.value is None else score_text(run.value, run.bounded, unit=True)
    if not run.bounded and run.metric:
        shown = f"{cut(clean(metric_label(run.metric)), 40)} {shown}"
    if run.kind is ResultKind.FOLDS:
        return f"{shown} over {count(run.n, 'fold')}" if run.n else f"{shown} over folds"
    if run.kind is ResultKind.NUMBER:
        return f"{shown}, a bare number"
    on = f" on {count(run.n, 'case')}" if run.n else ""
    known = run.low is not None and run.high is not None
    return f"{shown}{on}" + (f" ({range_text(run.low, run.high, run.bounded, joint=' to ')})" if known else "")


def _cannot_be_said(kind: ResultKind) -> list[str]:
    if kind is ResultKind.FOLDS:
        return [
            "Folds share their training rows, so they give no honest range and no comparison",
            "Record predictions for both",
        ]
    if kind is ResultKind.NUMBER:
        return ["It has no range and cannot be compared", "Record predictions for both"]
    return []


def _numbers_text(numbers: Mapping[str, float]) -> str:
    shown = [
        f"{cut(clean(metric_label(name)), 40)} {score_text(value, is_bounded(name), unit=True)}"
        for name, value in list(numbers.items())[:_MOST_NUMBERS]
    ]
    more = len(numbers) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
