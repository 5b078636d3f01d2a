"""What of an experiment another tool is shown: one run a variant, with its score and how its candidate stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mlee_jupyter.bridges.mlflow_mirror import MirrorRun
from mlee_jupyter.domain import Experiment, Records, Result, ResultKind, RunOutcome
from mlee_jupyter.domain.text.names import clean, cut
from mlee_jupyter.stats.metrics.metric_names import without_minus

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

_STATUS = {RunOutcome.OK: "FINISHED", RunOutcome.ERROR: "FAILED"}
NOT_THE_BEST = "another variant is better"
OFF_THE_BOARD = "development"


def identity_of(experiment: Experiment) -> str:
    """What an experiment is known by, whatever it is renamed to and wherever it is copied."""
    return f"{experiment.opened_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"


def mirror_runs(here: Session, records: Records, board: Mapping[str, Any]) -> list[MirrorRun]:
    """The runs, the oldest first.

    Args:
        here: the session.
        records: of the experiment.
        board: of the same, as it stands.
    """
    rows: dict[str, dict[str, Any]] = {}
    for one in board["boards"]:
        for row in one["rows"]:
            if row["state"] != "free baseline":
                rows.setdefault(row["candidate"], row)
    codes = here.store.sources(records.experiment.name)
    variants: dict[int, list[Result]] = {}
    for result in records.results:
        variants.setdefault(result.variant_id, []).append(result)
    found: dict[str, MirrorRun] = {}
    for results in variants.values():
        first, key = results[0], _key(results[0].started_us, results[0].variant)
        if key in found:  # of two candidates that began at once
            key = _key(first.started_us, f"{first.variant}\n{first.candidate}")
        found[key] = _run(records, key, results[-1], results, rows.get(first.candidate, {}), codes)
    return list(found.values())


def _key(started_us: int, variant: str) -> str:
    return hashlib.sha256(f"{started_us}\n{variant}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _run(
    records: Records,
    key: str,
    last: Result,
    results: list[Result],
    row: Mapping[str, Any],
    codes: Mapping[int, str],
) -> MirrorRun:
    """A variant, by its newest run."""
    newest = [one for one in results if one.run_id == last.run_id]
    scores = {one.metric: _shown(one) for one in newest if one.metric is not None and one.value is not None}
    main = next((one for one in newest if one.metric == records.experiment.charter.metric), last)
    truth = records.truths.get(main.truth or "")
    began = last.started_us // 1000
    return MirrorRun(
        key=key,
        name=cut(clean(f"{last.candidate} {last.variant}"), 60),
        began_ms=began,
        ended_ms=began + last.duration_us // 1000,
        status=_STATUS.get(RunOutcome(last.outcome), "KILLED"),
        metrics=scores,
        settings=last.settings,
        tags=_tags(main, row, codes.get(last.run_id, "")),
        truth="" if truth is None else clean(truth.name, 100),
        fingerprint=main.truth or "",
        rows=main.n if main.kind != ResultKind.FOLDS else None,
    )


def _shown(result: Result) -> float:
    value = without_minus(result.value, result.metric)
    return float("nan") if value is None else float(value)


def _tags(result: Result, row: Mapping[str, Any], code: str) -> dict[str, str]:
    """What is known of a variant beside its score; how its candidate stands, on the variant that stands for it."""
    tried = result.outcome == RunOutcome.OK
    stands = tried and row.get("variant") == clean(result.variant)
    off = result.stage == "development"
    stood = str(row.get("state", "")) if stands else NOT_THE_BEST
    verdict = result.outcome if not tried else OFF_THE_BOARD if off else stood
    took = result.duration_us / 1e6
    told = {
        "mlee.candidate": result.candidate,
        "mlee.variant": result.variant,
        "mlee.verdict": verdict,
        "mlee.against": row["against_text"] if stands else "",
        "mlee.suggested": str(bool(stands and row["recommended"])).lower(),
        "mlee.range": row["range_text"] if stands else "",
        "mlee.mark": row.get("mark") or "",
        "mlee.kind": result.kind or "",
        "mlee.folds" if result.kind == ResultKind.FOLDS else "mlee.rows": "" if result.n is None else str(result.n),
        "mlee.code": code,
        "mlee.began": f"{datetime.fromtimestamp(result.started_us / 1e6, UTC):%Y-%m-%d %H:%M:%S} UTC",
        "mlee.seconds": f"{took:.6g}",
        "mlee.answer_seconds": "" if result.answer_seconds is None else f"{result.answer_seconds:.3g}",
        "mlee.outcome": result.outcome,
        "mlee.note": result.note or "",
    }
    return {key: clean(value, 1000) for key, value in told.items() if value}


def mirror_tags(records: Records) -> dict[str, str]:
    """What is said of the experiment itself."""
    charter, decision = records.experiment.charter, records.experiment.decision
    told = {
        "mlee.name": records.experiment.name,
        "mlee.question": charter.question,
        "mlee.metric": charter.metric,
        "mlee.useful_gain": None if charter.useful_gain is None else json.dumps(charter.useful_gain),
        "mlee.decided": None if decision is None else decision.candidate or "none of them",
        "mlee.because": None if decision is None else decision.because,
    }
    return {key: clean(value, 1000) for key, value in told.items() if value}
