"""What happened in an experiment, newest first, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mlee_jupyter.domain import Records, Result, RunOutcome
from mlee_jupyter.domain.text.names import clean, cut, label
from mlee_jupyter.domain.text.numbers import score_text, time_text
from mlee_jupyter.report.text.plain_json import iso
from mlee_jupyter.stats.metrics.metric_names import is_bounded

MOST_ENTRIES = 100


def timeline(records: Records) -> list[dict[str, Any]]:
    """At most 100 entries: what was run, changed, ignored and decided, each with its reason."""
    entries = sorted(_entries(records), key=lambda entry: entry[0], reverse=True)[:MOST_ENTRIES]
    return [
        {"at": iso(at), "at_text": f"{at.astimezone():%d %b %H:%M}", "kind": kind, "text": cut(clean(text), 240)}
        for at, kind, text in entries
    ]


def _entries(records: Records) -> Iterator[tuple[datetime, str, str]]:
    experiment = records.experiment
    yield experiment.opened_at, "start", f"{label(experiment.name, 60)} started"
    for version in records.charters[1:]:
        yield version.at, "change", "charter changed" + _because(version.because)
    for extension in experiment.extensions:
        yield extension.at, "time", f"{time_text(extension.by)} more" + _because(extension.because)
    for ignore in records.ignores:
        if ignore.at is not None:
            yield ignore.at, "ignore", f"{ignore.rule} ignored" + _because(ignore.because)
    decided = set()
    for entry in records.trace:
        if entry.what == "decide":
            decided.add(entry.at)
            yield entry.at, "decide", f"decided: {label(entry.detail, 60)}" + _because(entry.because)
            continue
        what = " ".join(part for part in (entry.what, label(entry.subject, 60), entry.detail) if part)
        yield entry.at, "change", what + _because(entry.because)
    if experiment.decision is not None and experiment.decision.at not in decided:
        chosen = experiment.decision.candidate
        shown = "none of the candidates" if chosen is None else label(chosen, 60)
        yield experiment.decision.at, "decide", f"decided: {shown}" + _because(experiment.decision.because)
    if experiment.closed_at is not None:
        yield experiment.closed_at, "close", "closed"
    runs = {result.run_id: result for result in reversed(records.results)}
    for result in sorted(runs.values(), key=lambda r: r.started_us)[-MOST_ENTRIES:]:
        yield result.started_at, "run", _run(result)


def _run(result: Result) -> str:
    named = f"{label(result.candidate, 60)} ({label(result.variant, 40)})"
    if result.outcome != RunOutcome.OK:
        return f"{named} {'failed' if result.outcome == RunOutcome.ERROR else result.outcome}"
    if result.metric is None or result.value is None:
        return f"{named} ran"
    return f"{named} {score_text(result.value, is_bounded(result.metric), unit=True)}"


def _because(reason: str | None) -> str:
    return f": {clean(reason, 160)}" if reason else ""
