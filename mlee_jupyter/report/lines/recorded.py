"""What is said under a candidate's cell when its run is in the store: one line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from mlee_jupyter.domain import Measured, ResultKind, RunOutcome
from mlee_jupyter.domain.audits import TriesTold
from mlee_jupyter.domain.text.names import clean, count, cut, label, ordinal, sentences
from mlee_jupyter.domain.text.numbers import gain_text, number, range_text, score_text
from mlee_jupyter.domain.text.numbers import time_text as duration_text
from mlee_jupyter.report.board.contents import left_text
from mlee_jupyter.stats.metrics.metric_names import is_bounded, metric_label, without_minus

_MOST_NAMED = 3  # candidates of a loop that are named
_MOST_OTHERS = 4  # further metrics of one run that are said
_ENDED = {
    RunOutcome.ERROR: "failed",
    RunOutcome.INTERRUPTED: "was interrupted",
    RunOutcome.OUT_OF_TIME: "was stopped at its limit",
}


def recorded_line(
    candidate: str,
    measured: Measured | None,
    *,
    low: float | None = None,
    high: float | None = None,
    bounded: bool | None = None,
    used: timedelta | None = None,
    box: timedelta | None = None,
    variant: str | None = None,
    variants: int = 1,
    repeat: bool = False,
    outcome: RunOutcome = RunOutcome.OK,
    error: str | None = None,
    others: Sequence[Measured] = (),
) -> str:
    """What is said when a run is in the store, on one line: score, rows, range, time.

    Args:
        candidate: its name.
        measured: the result in the experiment's metric; None when the run measured nothing.
        low: lower end of the score's own 95% interval, where there is one.
        high: upper end.
        bounded: whether scores lie in 0..1; None: by the metric's name.
        used: active time of the whole experiment.
        box: its time box; None: no box, so nothing is said of what is left.
        variant: the setting's label, named from the second variant on.
        variants: how many variants of this candidate there are now.
        repeat: the same variant gave the same result again.
        outcome: how the run ended.
        error: exception type and message of a failed run.
        others: further results of the same run, in other metrics.
    """
    name = cut(label(candidate), 60)
    if outcome is not RunOutcome.OK:
        why = f": {cut(clean(error), 100)}" if error else ""
        return sentences([f"{name} {_ENDED[outcome]}, and is recorded so{why}", _time_said(used, box)])
    verb = "recorded"
    if repeat:
        verb = "repeated, the same result as before"
    elif variants > 1:
        setting = f", {cut(clean(variant), 40)}" if variant else ""
        verb = f"recorded ({ordinal(variants)} variant{setting})"
    if measured is None:
        return sentences([f"{name} {verb}, without a result", _time_said(used, box)])
    said = [f"{name} {verb}: {_measured_text(measured, low, high, bounded)}", *_cannot_be_said(measured)]
    if measured.value is None and measured.note:
        said.append(clean(measured.note, 160))
    if others:
        more = len(others) - _MOST_OTHERS
        named = [_measured_text(m, None, None, None, named=True) for m in others[:_MOST_OTHERS]]
        said.append(f"Also {', '.join(named)}" + (f" and {more} more" if more > 0 else ""))
    return sentences([*said, _time_said(used, box)])


def tries_line(candidate: str, told: TriesTold, *, used: timedelta | None = None, box: timedelta | None = None) -> str:
    """What is said of all tries of a search or a study, on one line.

    Args:
        candidate: whose variants they are.
        told: what became of them.
        used: active time of the whole experiment.
        box: its time box.
    """
    name = cut(label(candidate), 60)
    of_all = count(told.count, told.thing)
    if told.known == told.count:
        return f"{name}: nothing new, {of_all} on record already."
    parts = [f"{told.scored:,} scored", *(f"{many:,} {clean(why, 30)}" for why, many in told.lacking.items())]
    before = f", {told.known:,} of them on record before" if told.known else ""
    ended = f" ({', '.join(parts)})" if told.lacking else ""
    said = [f"{name} {'tuned' if told.beside else 'recorded'}: {of_all} as variants{ended}{before}"]
    if told.best is not None:
        said.append(f"The best: {_measured_text(told.best, None, None, None)} ({cut(clean(told.best_variant), 60)})")
        if not told.beside:
            said += _cannot_be_said(told.best)
    return sentences([*said, "" if told.beside else _time_said(used, box)])


def folded_line(candidates: Sequence[str]) -> str:
    """What is said of records of a loop that were not told one by one, a name per record; "" where there are none."""
    if not candidates:
        return ""
    names = [cut(label(name), 40) for name in dict.fromkeys(candidates)]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    of = f"{', '.join(names[:_MOST_NAMED])}{more}"
    return f"{len(candidates):,} more recorded, of {of}: %mlee_scoreboard has them all."


def tuned_line(candidate: str, thing: str, tries: int, steered_from: int, luck: float, bounded: bool) -> str:
    """What is said once of a search that steers by its scores, when luck may give as much as matters.

    Args:
        candidate: what is tuned.
        thing: what a try is called.
        tries: with a score, so far.
        steered_from: from which of them on.
        luck: that it may give: the useful gain, or what one comparison would have to show.
        bounded: whether scores lie in 0..1.
    """
    return (
        f"{cut(label(candidate), 60)}: {count(tries, thing)}, each chosen by the scores before it: from the "
        f"{ordinal(steered_from)} on luck alone may give {gain_text(luck, bounded)}. "
        "More of them prove nothing here: confirm the best on rows that nobody has looked at."
    )


def _measured_text(
    measured: Measured, low: float | None, high: float | None, bounded: bool | None, *, named: bool = False
) -> str:
    bounded = is_bounded(measured.metric) if bounded is None else bounded
    value = without_minus(measured.value, measured.metric)
    shown = score_text(value, bounded, unit=True) if value is not None else "no score"
    if named or not bounded:
        shown = f"{clean(metric_label(measured.metric), 40)} {shown}"
    if named:
        return shown
    if measured.kind is ResultKind.FOLDS:
        return f"{shown} over {count(measured.n, 'fold')}" if measured.n else f"{shown} over folds"
    if measured.kind is ResultKind.NUMBER:
        return f"{shown} on {count(measured.n, 'case')}, without the rows" if measured.n else f"{shown}, a bare number"
    on = f" on {count(measured.n, 'case')}" if measured.n else ""
    known = number(low) is not None and number(high) is not None
    return f"{shown}{on}" + (f" ({range_text(low, high, bounded, joint=' to ')})" if known else "")


def _cannot_be_said(measured: Measured) -> list[str]:
    if measured.kind is ResultKind.FOLDS:
        return [
            "Folds share their training rows, so they are compared among themselves, with a wider error",
            "Predictions would be sharper",
        ]
    if measured.kind is ResultKind.NUMBER and measured.n:
        return ["It is compared with others of its kind, as if on different rows", "Predictions would be sharper"]
    if measured.kind is ResultKind.NUMBER:
        return ["It has no range and cannot be compared", "Record predictions for both"]
    return []


def _time_said(used: timedelta | None, box: timedelta | None) -> str:
    if used is None:
        return ""
    return f"{duration_text(used)} used" + ("" if box is None else f", {left_text(box - used)}")
