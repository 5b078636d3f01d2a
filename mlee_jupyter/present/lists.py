"""What is in the store, as lists: the experiments, and every run of one of them."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain import Experiment, Records, Result, RunOutcome

from .figures import UNKNOWN, is_bounded, metric_label, score_text, time_text
from .wording import clean, columns, cut, label, pad

_MOST_RUNS = 500  # runs listed, the newest


def experiments_text(experiments: Sequence[Experiment], *, width: int = 100) -> str:
    """For `%mlee_experiment list`: one line an experiment."""
    if not experiments:
        return "No experiment yet. Start one: %mlee_experiment start NAME --budget 6h"
    heads = ("experiment", "state", "box", "since", "question or decision")
    lines = [
        (
            cut(label(e.name), 32),
            state_text(e),
            time_text(e.box),
            f"{e.opened_at.astimezone():%d %b %Y}",
            _about(e),
        )
        for e in experiments
    ]
    return _table(heads, lines, right=set(), width=width)


def state_text(experiment: Experiment) -> str:
    """open, paused, decided or closed."""
    if experiment.decision is not None:
        return "decided"
    if experiment.closed_at is not None:
        return "closed"
    return "paused" if experiment.paused_at is not None else "open"


def _about(experiment: Experiment) -> str:
    decision = experiment.decision
    if decision is None:
        return clean(experiment.charter.question or "")
    chosen = "none of them" if decision.candidate is None else cut(label(decision.candidate), 32)
    return f"{chosen}: {clean(decision.because)}" if decision.because else chosen


def history_text(records: Records, *, width: int = 100) -> str:
    """For `%mlee_experiment history`: every result with its run's number, the newest last."""
    if not records.results:
        return "No run yet."
    heads = ("run", "at", "candidate", "variant", "took", "result")
    shown = records.results[-_MOST_RUNS:]
    lines = [
        (
            str(r.run_id),
            f"{r.started_at.astimezone():%d %b %H:%M}",
            cut(label(r.candidate), 24),
            cut(label(r.variant), 24),
            f"{r.duration_us / 1e6:.1f} s" if r.duration_us < 60e6 else f"{r.duration_us / 60e6:.0f} min",
            _result(r),
        )
        for r in shown
    ]
    hidden = len(records.results) - len(shown)
    more = f"\n{hidden:,} older results, not shown here." if hidden else ""
    return _table(heads, lines, right={0, 4}, width=width) + more


def _result(result: Result) -> str:
    if result.outcome != RunOutcome.OK:
        return result.outcome + (f": {clean(result.note, 80)}" if result.note else "")
    if result.metric is None:
        return "nothing recorded"
    shown = UNKNOWN if result.value is None else score_text(result.value, is_bounded(result.metric))
    kind = {"folds": f", {result.n} folds", "number": ", a bare number"}.get(result.kind or "", "")
    stage = f", {clean(result.stage, 20)}" if result.stage else ""
    return f"{clean(metric_label(result.metric), 40)} {shown}{kind}{stage}"


def _table(heads: tuple[str, ...], lines: Sequence[tuple[str, ...]], *, right: set[int], width: int) -> str:
    table = [heads, *lines]
    sizes = [max(columns(line[i]) for line in table) for i in range(len(heads))]
    return "\n".join(
        cut("  ".join(pad(cell, sizes[i], right=i in right) for i, cell in enumerate(line)).rstrip(), width)
        for line in table
    )
