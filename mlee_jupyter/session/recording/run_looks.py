"""What is looked at beside a run's score: how a fitted model answers, how simple it is, what machine it used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlee_jupyter.serving import model_look
from mlee_jupyter.serving.machines_used import machines_used

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlee_jupyter.domain import Experiment, Records
    from mlee_jupyter.domain.model_seen import MachineSeen, ModelSeen
    from mlee_jupyter.record.cell_output import Handed
    from mlee_jupyter.record.scored_run import Run


def look_at_model(
    handed: Handed, run: Run, records: Records, names: Mapping[str, Any], *, models: int, measure: bool
) -> ModelSeen | None:
    """How long a fitted model takes to answer and the like, and where nobody says it, how simple a candidate is.

    Args:
        handed: what the run handed over.
        run: what is known of it.
        records: all that is known of the experiment.
        names: the user's namespace.
        models: how many were handed over at once, which share the time there is.
        measure: whether answers are timed at all.
    """
    known, seen = handed.answering, None
    if known is not None and measure:
        seen = model_look.look(
            known.model,
            known.answer,
            known.features,
            whole=known.seconds,
            run=run.duration.total_seconds(),
            models=models,
        )
    if run.simplicity is not None or any(one.simplicity is not None for one in records.candidates):
        return seen
    if known is None and (run.source is None or handed.variant is not None):
        return seen
    return model_look.with_rank(seen, None if known is None else known.model, run.source, names)


def machine_of(handed: Handed, run: Run, experiment: Experiment, names: Mapping[str, Any]) -> MachineSeen | None:
    """What the run used beyond one processor, and how large its tables are."""
    features = experiment.features_name or ""
    train = experiment.charter.train or features.replace("test", "train")
    tables = [names.get(name) for name in dict.fromkeys((features, train)) if name]
    known = handed.answering
    return machines_used(None if known is None else known.model, run.source, names, tables)
