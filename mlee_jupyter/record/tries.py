"""What a search or a study tried, as variants of one candidate: written together, said in one line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from mlee_jupyter.domain import Experiment, Measured, Recording, ResultKind, RunOutcome, Truth, settings_tag
from mlee_jupyter.domain.audits import Tried, TriesTold, Try
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import cut
from mlee_jupyter.stats.metrics.catalogue import metric_facts

from .cell_output import Handed
from .charter_metric import is_known
from .fold_signs import of_one_sign
from .score import score
from .scored_run import Run, ScoredRun
from .written_run import recording

LONGEST = 120  # characters of a variant's name
STOPPED = frozenset({"pruned"})  # ended early on purpose; whatever else has no score has failed


@dataclass(frozen=True, kw_only=True)
class PreparedTries:
    """Tries, ready to be written."""

    recordings: tuple[Recording, ...]
    told: TriesTold


def metric_of(tried: Tried, metric: str | None) -> str | None:
    """The metric of what was tried: as it says itself, in the experiment's own word for it.

    Args:
        tried: as it was read.
        metric: of the experiment.
    """
    return metric if metric is not None else tried.metric


def prepare(
    candidate: str,
    tried: Tried,
    run: Run,
    *,
    experiment: Experiment,
    truth: Truth | None,
    names: Mapping[str, Any],
    others: Sequence[np.ndarray] = (),
    n: int | None = None,
    kernel: str,
    notebook: str | None,
) -> PreparedTries:
    """Judge all of them; nothing is written.

    Args:
        candidate: whose variants they become.
        tried: one or more tries; those without a key are told apart by name and score.
        run: when they were handed over, and what was said of all.
        experiment: as it stands.
        truth: as it is declared, so that scores of another metric are seen.
        names: the user's namespace.
        others: fold scores of other candidates, as they came.
        n: rows behind each bare score, where they were said.
        kernel: which kernel hands them over.
        notebook: which notebook, when known.

    Raises:
        MleeError: a score that cannot be.
    """
    charter = experiment.charter
    metric = metric_of(tried, charter.metric)
    sign, higher = _direction(tried, metric, charter.higher_is_better)
    named = metric if tried.metric is not None else None
    most = max((one.trained_on for one in tried.tries if one.trained_on is not None), default=None)
    recordings: list[Recording] = []
    best: tuple[float, Measured, str] | None = None
    for one in tried.tries:
        scored = None
        if not one.lacking:
            handed = _handed(one, named, sign, n)
            if handed.kind is ResultKind.FOLDS:
                handed = of_one_sign(handed, metric, others)
            scored = score(handed, truth, charter, metric, names, keep_rows=True)
        written = _recording(candidate, one, run, scored, kernel, notebook)
        recordings.append(written)
        if scored is not None and scored.measured.value is not None and one.trained_on == most:
            rank = scored.measured.value * (1 if higher else -1)
            if best is None or rank > best[0]:
                best = (rank, scored.measured, written.variant)
    told = TriesTold(
        thing=tried.thing,
        count=len(recordings),
        scored=sum(not one.lacking for one in tried.tries),
        lacking=dict(Counter(one.lacking for one in tried.tries if one.lacking)),
        best=None if best is None else best[1],
        best_variant="" if best is None else best[2],
        higher_is_better=higher,
    )
    return PreparedTries(recordings=tuple(recordings), told=told)


def _handed(one: Try, metric: str | None, sign: float, n: int | None) -> Handed:
    if one.folds:
        return Handed(kind=ResultKind.FOLDS, rows=sign * np.array(one.folds, np.float64), metric=metric)
    return Handed(kind=ResultKind.NUMBER, number=sign * float(one.score or 0.0), metric=metric, n=n)


def _direction(tried: Tried, metric: str | None, declared: bool | None) -> tuple[float, bool]:
    """What scores are multiplied by to be of the metric, and whether more of it is better.

    Raises:
        MleeError: what the search takes for best is worst by the metric.
    """
    if metric is None or not is_known(metric):
        wanted = declared if declared is not None else tried.higher_is_better
        return 1.0, wanted is not False
    facts = metric_facts(metric)
    if tried.higher_is_better is None or tried.higher_is_better == facts.higher_is_better:
        return 1.0, facts.higher_is_better
    scores = [one.score for one in tried.tries if one.score is not None]
    if scores and max(scores) > 0:
        does, wants = ("maximizes", "lower") if tried.higher_is_better else ("minimizes", "higher")
        raise MleeError(
            f"The study {does}, and {facts.label} is better the {wants}.",
            "Return the score itself, with the study's direction to match, or minus it.",
        )
    return -1.0, facts.higher_is_better


def _recording(
    candidate: str, one: Try, run: Run, scored: ScoredRun | None, kernel: str, notebook: str | None
) -> Recording:
    pruned = one.lacking in STOPPED
    outcome = RunOutcome.OK if not one.lacking else RunOutcome.INTERRUPTED if pruned else RunOutcome.ERROR
    own = replace(
        run,
        started_at=one.began or run.started_at,
        duration=one.took or timedelta(),
        outcome=outcome,
        error=one.lacking or None,
        source=None,
        source_key=None,
        trained_on=one.trained_on,
    )
    written = recording(candidate, own, [] if scored is None else [scored], (), kernel=kernel, notebook=notebook)
    told = ", ".join(f"{name}={value}" for name, value in one.settings.items())
    label = one.name if not one.name.startswith("trial ") or not told else f"{one.name}: {told}"
    tags = (*written.tags, settings_tag(one.settings)) if one.settings else written.tags
    said = " ".join(part for part in (run.variant, label) if part)
    key = hashlib.sha256(f"try\n{run.variant or ''}\n{one.key or said}".encode("utf-8", "surrogatepass")).hexdigest()
    return replace(written, variant=cut(said, LONGEST), variant_key=key, tags=tags)
