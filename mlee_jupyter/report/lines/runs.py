"""Every run with its number, so that a mistaken one can be named."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mlee_jupyter.domain import Records, Result, ResultKind, RunOutcome
from mlee_jupyter.domain.text.names import columns, cut, label, pad
from mlee_jupyter.domain.text.numbers import score_text
from mlee_jupyter.domain.text.numbers import time_text as duration_text
from mlee_jupyter.report.text.as_table import as_table
from mlee_jupyter.stats.metrics.metric_names import is_bounded, metric_label, without_minus

if TYPE_CHECKING:
    import pandas as pd

HEADS = ("run", "when", "candidate", "variant", "took", "result")


def history_text(records: Records, *, width: int = 100) -> str:
    """One line a result, oldest first; the number is what `withdraw` takes.

    Args:
        records: one experiment.
        width: columns of the terminal.
    """
    if not records.results:
        return f"{cut(label(records.experiment.name), 60)}: nothing was run yet."
    table = [HEADS, *(_line(result) for result in records.results)]
    sizes = [max(columns(line[i]) for line in table) for i in range(len(HEADS))]
    return "\n".join(
        cut("  ".join(pad(cell, sizes[i], right=i == 0) for i, cell in enumerate(line)).rstrip(), width)
        for line in table
    )


def history_frame(records: Records) -> pd.DataFrame:
    """One line a result, oldest first, as a pandas table.

    Columns: run, started_at (UTC), candidate, variant, outcome, metric, kind, value, n, minutes, stage, note.
    """
    lines = [
        (r.run_id, r.started_at, r.candidate, r.variant, str(r.outcome), r.metric, r.kind, r.value, r.n,
         r.duration_us / 60e6, r.stage, r.note)
        for r in records.results
    ]  # fmt: skip
    names = ["run", "started_at", "candidate", "variant", "outcome", "metric", "kind", "value", "n", "minutes"]
    table = as_table(lines, [*names, "stage", "note"])
    return table.astype({"run": "int64", "value": "float64", "n": "Int64", "minutes": "float64"})


def _line(result: Result) -> tuple[str, ...]:
    return (
        str(result.run_id),
        f"{result.started_at.astimezone():%d %b %H:%M}",
        cut(label(result.candidate), 28),
        cut(label(result.variant), 20),
        duration_text(timedelta(microseconds=result.duration_us)),
        _said(result),
    )


def _said(result: Result) -> str:
    if result.outcome != RunOutcome.OK:
        return str(result.outcome)
    if result.metric is None or result.value is None:
        return "no result"
    shown = score_text(without_minus(result.value, result.metric), is_bounded(result.metric))
    kind = {ResultKind.FOLDS: " (folds)", ResultKind.NUMBER: " (bare number)"}.get(
        ResultKind(result.kind or "number"), ""
    )
    stage = ", development" if result.stage == "development" else ""
    return f"{cut(metric_label(result.metric), 30)} {shown}{kind}{stage}"
