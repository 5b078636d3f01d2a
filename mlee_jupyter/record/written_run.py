"""A run as it is written, and what its record turned out to be: a new variant, or a repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from mlee_jupyter.domain import TRAINED_ON, Recording, Result
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.array_codec import content_hash

from .scored_run import Recorded, Run, ScoredRun


def recording(
    candidate: str,
    run: Run,
    scored: Sequence[ScoredRun],
    earlier: Sequence[Result],
    *,
    kernel: str,
    notebook: str | None,
) -> Recording:
    """One run, ready to be written.

    The same variant is the same code under the same label; where no code is known, the same answers.

    Args:
        candidate: the approach.
        run: when, how long, and what the user said of it.
        scored: its results; empty for a run that failed.
        earlier: the experiment's results so far.
        kernel: which kernel ran it.
        notebook: which notebook, when known.
    """
    measured = tuple(one.measured for one in scored)
    handed_label = scored[0].variant if scored else None
    label = " ".join(part for part in (run.variant, handed_label) if part)
    answers = "".join(
        content_hash(m.rows) if m.rows is not None else f"{m.metric} {_digits(m.value)}" for m in measured
    )
    identity = "\n".join((label, run.source_key or answers or run.source or ""))
    number = len({r.variant_id for r in earlier if r.candidate == candidate}) + 1
    return Recording(
        candidate=candidate,
        variant=label or f"variant {number}",
        variant_key=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest(),
        outcome=run.outcome,
        started_at=run.started_at,
        duration=run.duration,
        simplicity=run.simplicity,
        source=run.source,
        source_hash=run.source_key,
        idea=run.idea,
        stage=run.stage,
        tags=(*run.tags, *_size_tag(run.trained_on), *_seen_tags(scored)),
        note=run.note,
        error=run.error,
        answer_seconds=scored[0].answer_seconds if scored else None,
        kernel=kernel,
        notebook=notebook,
        measured=measured,
    )


def _digits(value: float | None) -> str:
    """A score without the last digits, in which runs of the same code may differ."""
    return "" if value is None else f"{value:.11e}"


def _size_tag(size: int | None) -> tuple[str, ...]:
    if size is None:
        return ()
    if isinstance(size, bool) or not isinstance(size, int | np.integer) or not 0 < size < 10**15:
        raise MleeError(f"trained on {size!r} rows?", "Give the number of training rows, as 500.")
    return (f"{TRAINED_ON}{int(size)}",)


def _seen_tags(scored: Sequence[ScoredRun]) -> tuple[str, ...]:
    seen = (scored[0].model, scored[0].machine) if scored else ()
    return tuple(one.tag() for one in seen if one is not None)


def recorded(
    run_id: int, written: Recording, scored: Sequence[ScoredRun], earlier: Sequence[Result], now: Sequence[Result]
) -> Recorded:
    """What a record was: a new variant, another run of one, or the very same again."""
    own = [r for r in now if r.run_id == run_id]
    before = [r for r in earlier if r.candidate == written.candidate]
    variant_id = own[0].variant_id if own else None
    answers = {(r.metric, _digits(r.value), r.rows, r.truth) for r in own}
    repeat = bool(own) and answers <= {
        (r.metric, _digits(r.value), r.rows, r.truth) for r in before if r.variant_id == variant_id
    }
    return Recorded(
        run_id=run_id,
        candidate=written.candidate,
        variant=own[0].variant if own else written.variant,
        variants=len({r.variant_id for r in before} | ({variant_id} if own else set())),
        repeat=repeat,
        first=scored[0],
        others=tuple(scored[1:]),
    )
