"""From what a run handed over to what is written: the declared truth, our own score, the variant it belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from mlee_jupyter.domain import (
    TRAINED_ON,
    Charter,
    Experiment,
    Measured,
    Recording,
    Result,
    ResultKind,
    RunOutcome,
    Truth,
)
from mlee_jupyter.domain.audits import TriesTold
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.model_seen import MachineSeen, ModelSeen
from mlee_jupyter.judge.by_folds import of_two_signs
from mlee_jupyter.judge.by_scores import impossible_share
from mlee_jupyter.judge.entries import (
    Entry,
    baseline_score,
    class_looked_at,
    class_scores,
    like_labels,
    measure,
    unknown_labels,
    without_a_chance,
)
from mlee_jupyter.stats.compare.folds import read_folds
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.metric_names import meant_in_points, target_as_shown
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.rows.array_codec import content_hash
from mlee_jupyter.stats.rows.row_index import index_contradicts, index_mismatch

from .cell_output import Handed
from .row_score_record import measured_rows, remarks_of_rows

FAR_BELOW = 0.05  # of the error of the mean as a forecast; an R2 of 0.9975
MOSTLY = 0.8  # share of the rows from which a class is not likely the one looked for
LIKELY_TRUTHS = ("y_test", "y_valid", "y_val", "y_true", "y_holdout", "y")


@dataclass(frozen=True, kw_only=True)
class Run:
    """What is known of one execution, whoever timed it."""

    started_at: datetime
    duration: timedelta
    outcome: RunOutcome = RunOutcome.OK
    source: str | None = None  # the code as written
    source_key: str | None = None  # the same for code that differs in comments and spacing only
    error: str | None = None
    variant: str | None = None
    simplicity: int | None = None
    idea: str | None = None
    stage: str | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None
    trained_on: int | None = None  # training rows it was fitted on; fewer than the candidate's most: off the board


@dataclass(frozen=True, kw_only=True)
class ScoredRun:
    """One result, with the interval of its score where there is one."""

    measured: Measured
    variant: str | None = None  # the key it was handed over under
    low: float | None = None
    high: float | None = None
    answer_seconds: float | None = None
    model: ModelSeen | None = None  # the fitted model behind it
    machine: MachineSeen | None = None  # what it ran on beside one processor


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One run as it was recorded, with what to say about it."""

    run_id: int
    candidate: str
    variant: str
    variants: int  # how many of this candidate there are now
    repeat: bool  # the same variant gave the very same answers: no new look
    first: ScoredRun
    others: tuple[ScoredRun, ...] = ()
    remarks: tuple[str, ...] = ()  # further sentences about this record
    tries: TriesTold | None = None  # of a search or a study: what is said of all of them in one line


def is_known(metric: str) -> bool:
    """Whether we can compute this metric ourselves."""
    try:
        metric_facts(metric)
    except MleeError:
        return False
    return True


def demand_scale(charter: Charter, facts: MetricFacts) -> None:
    """A score in 0..1 has gains and targets in 0..1, and a target lies where the metric can be.

    Raises:
        MleeError: a value that was meant in points, or that no score can reach or miss.
    """
    gain, target = charter.useful_gain, target_as_shown(charter.must_reach, charter.metric)
    if facts.bounded and gain is not None and gain >= 1:
        raise meant_in_points("useful_gain", gain, facts.label, " = ")
    if facts.bounded and target is not None and target > 1:
        raise meant_in_points("must_reach", target, facts.label, " = ")
    least, most = facts.limits
    if target is not None and not least <= target <= most:
        side = f"is at least {least:g}" if target < least else f"is at most {most:g}"
        raise MleeError(f"must_reach = {target:g}, but {facts.label} {side}.", "Write it as the board shows the score.")


def score(
    handed: Handed,
    truth: Truth | None,
    charter: Charter,
    metric: str | None,
    names: Mapping[str, Any],
    *,
    keep_rows: bool,
) -> ScoredRun:
    """Judge one thing that was handed over.

    Raises:
        MleeError: it cannot be judged, or does not fit the truth.
    """
    if handed.kind is ResultKind.NUMBER:
        named = handed.metric or metric or "score"
        _demand_range(named, handed.number)
        _demand_share(named, handed)
        if handed.number is not None and is_known(named) and metric_facts(named).own is None:
            _demand_own_metric(np.array([abs(handed.number)]), metric_facts(named).name, handed, truth)
        return ScoredRun(
            measured=Measured(metric=named, kind=handed.kind, value=handed.number, n=handed.n), variant=handed.variant
        )
    rows = handed.rows
    if rows is None:
        raise MleeError("Nothing was handed over.", "End the cell with the predictions.")
    if handed.kind is ResultKind.ROW_SCORES and truth is not None:
        measured, low, high = measured_rows(handed, truth, metric, charter)
        return ScoredRun(measured=measured, variant=handed.variant, low=low, high=high)
    if handed.kind is ResultKind.FOLDS:
        facts = metric_facts(metric) if metric is not None and is_known(metric) else None
        scores = read_folds(rows, facts).scores
        if facts is not None:
            _demand_own_metric(scores, facts.name, handed, truth)
        mean = float(np.mean(scores))
        measured = Measured(metric=metric or "score", kind=handed.kind, value=mean, n=len(rows), rows=rows)
        return ScoredRun(measured=measured, variant=handed.variant)
    if truth is None:
        raise MleeError(
            "No truth is declared, so predictions cannot be judged.", f"Add --truth NAME.{_likely(names, len(rows))}"
        )
    _demand_fit(handed, rows, truth, names.get(truth.name))
    if metric is None or not is_known(metric):
        raise MleeError(
            f"{metric!r} is your own metric, so predictions cannot be scored here.",
            "Register it with mlee_jupyter.metric(name, function, higher_is_better=...), or give a number.",
        )
    if handed.kind is ResultKind.SCORES:
        facts = metric_facts(metric, charter.average)
        rows = class_scores(truth.rows, rows, handed.classes, facts, charter.positive, of_estimator=handed.of_estimator)
    found = measure(truth.rows, rows, handed.kind, metric=metric, positive=charter.positive, average=charter.average)
    measured = Measured(
        metric=metric,
        kind=handed.kind if keep_rows else ResultKind.INFLUENCE,
        value=found.value,
        n=found.n,
        truth=truth.fingerprint,
        rows=rows if keep_rows else found.influence,
        df=found.df,
        claimed=handed.claimed,
    )
    return ScoredRun(
        measured=measured, variant=handed.variant, low=found.low, high=found.high, answer_seconds=handed.answer_seconds
    )


def scored_again(scored: ScoredRun, measured: Measured, truth: Truth | None, charter: Charter) -> ScoredRun:
    """The score of the rows as they were first given, so that a repeat has the very same one.

    Beside a score of the user's own, who took it of the rows at hand, ours is of those as well.

    Args:
        scored: of the rows at hand.
        measured: the same result with the rows given first, which differ in their last bits at the most.
        truth: of both.
        charter: as it stands.
    """
    if measured is scored.measured or measured.claimed is not None:
        return replace(scored, measured=measured)
    if measured.kind is ResultKind.FOLDS:
        facts = metric_facts(measured.metric) if is_known(measured.metric) else None
        value = float(np.mean(read_folds(measured.rows, facts).scores))
        return replace(scored, measured=replace(measured, value=value))
    if truth is None or measured.kind in (ResultKind.INFLUENCE, ResultKind.ROW_SCORES):
        return replace(scored, measured=measured)
    found = measure(
        truth.rows,
        measured.rows,
        measured.kind,
        metric=measured.metric,
        positive=charter.positive,
        average=charter.average,
    )
    return replace(scored, measured=replace(measured, value=found.value, df=found.df), low=found.low, high=found.high)


def remarks(
    experiment: Experiment, scored: Sequence[ScoredRun], earlier: Sequence[Result], truth: Truth | None
) -> tuple[str, ...]:
    """What else there is to say of a record: the assumed positive class (once), labels for scores, a closed book."""
    said = []
    if experiment.closed_at is not None and experiment.decision is None:
        said.append(f"{experiment.name[:60]} is closed; recorded all the same. %mlee_experiment reopen lets time run.")
    said += _rank_said(scored, earlier)
    measured = scored[0].measured if scored else None
    if measured is not None and truth is not None and measured.kind is ResultKind.ROW_SCORES:
        return (*said, *remarks_of_rows(measured, truth.n, earlier))
    if measured is None or truth is None or not is_known(measured.metric):
        return tuple(said)
    facts = metric_facts(measured.metric)
    if truth.rows is not None and measured.rows is not None and measured.kind is ResultKind.PREDICTIONS:
        said += unknown_labels("It", Entry(candidate="", rows=measured.rows), truth.rows, facts)
    first = not any(r.metric is not None for r in earlier)
    open_choice = first and experiment.charter.positive is None and truth.rows is not None
    if open_choice and (taken := class_looked_at(truth.rows, facts, usual=False)) is not None:
        said.append(f"Positive class taken: {taken[:40]!r}. Another one: %mlee_experiment change positive=LABEL")
    if measured.kind is ResultKind.SCORES and measured.rows is not None:
        said += like_labels("These", measured.rows, facts) or without_a_chance("These", measured.rows, facts)
    return tuple(said)


def _rank_said(scored: Sequence[ScoredRun], earlier: Sequence[Result]) -> list[str]:
    """A rank that was read and not given is said, the first time each is."""
    model = scored[0].model if scored else None
    if model is None or model.rank is None:
        return []
    told = {(known.rank, known.rank_reason) for r in earlier if (known := r.model) is not None}
    if (model.rank, model.rank_reason) in told:
        return []
    return [f"Simplicity {model.rank}: {model.rank_reason} (--simplicity N says otherwise)."]


def _demand_own_metric(scores: np.ndarray, metric: str, handed: Handed, truth: Truth | None) -> None:
    """Refuse fold scores that look like another metric's.

    Raises:
        MleeError: fold scores that nobody named are far too small for this metric on such a truth.
    """
    facts = metric_facts(metric)
    if handed.metric is not None or truth is None:
        return
    mean = float(np.mean(scores))
    these = "These fold scores look like" if len(scores) > 1 else "This score looks like"
    if _may_be_r2(mean, facts, truth):
        named = f"{these} R2: guessing the mean errs {1 / FAR_BELOW:.0f} times as much and more."
        raise MleeError(named, _named_way_out("R2", facts))
    if (guess := _may_be_accuracy(mean, facts, truth)) is not None:
        named = f"{these} accuracy: guessing alone has a {facts.label} of {guess:.3g}, and less is better."
        raise MleeError(named, _named_way_out("accuracy", facts))


def _named_way_out(what: str, facts: MetricFacts) -> str:
    return (
        f'score() and cross_val_score give {what} unless told scoring="{facts.scorer}". If it is right, hand over '
        f'predictions, cross_validate\'s answer, which names its metric, or {{"{facts.name}": ...}}.'
    )


def of_one_sign(handed: Handed, metric: str | None, others: Sequence[np.ndarray]) -> Handed:
    """Fold scores of an error with the sign that the others' have, where their metric was named.

    Args:
        handed: about to be recorded.
        metric: of the experiment.
        others: fold scores of the other candidates, as they came.

    Raises:
        MleeError: nobody named them, their sign is another, and they may be R2.
    """
    if handed.rows is None or metric is None or not is_known(metric) or metric_facts(metric).higher_is_better:
        return handed
    if handed.metric is not None and metric_facts(metric).own is None:
        minus = any(rows.max() <= 0 for rows in others) or (not others and handed.rows.max() <= 0)
        return replace(handed, rows=-np.abs(handed.rows) if minus else np.abs(handed.rows))
    mine = Entry(candidate="", rows=handed.rows, kind=ResultKind.FOLDS)
    rest = [Entry(candidate=str(place), rows=rows, kind=ResultKind.FOLDS) for place, rows in enumerate(others)]
    if (why := of_two_signs([mine, *rest], metric_facts(metric)).get(mine)) is not None:
        raise MleeError(why, "Or hand over cross_validate's answer, which names its metric.")
    return handed


def rare_class(truth: Truth | None, charter: Charter) -> str | None:
    """Whether the rare class is the one that matters, asked where a metric of one class takes the frequent one."""
    if truth is None or truth.rows is None or charter.positive is not None or len(truth.classes) != 2:
        return None
    facts = metric_facts(charter.metric) if charter.metric is not None and is_known(charter.metric) else None
    taken = None if facts is None else class_looked_at(truth.rows, facts)
    if taken is None or truth.classes[taken] < MOSTLY * truth.n:
        return None
    rare = next(label for label in truth.classes if label != taken)
    share = 100 * truth.classes[taken] / truth.n
    return (
        f"{taken[:40]!r} is {share:.0f}% of the rows; is {rare[:40]!r} the one that matters? "
        f"%mlee_experiment change positive={rare[:40]}"
    )


def _may_be_r2(mean: float, facts: MetricFacts, truth: Truth) -> bool:
    """Whether fold scores of an error metric are as small as R2, and far below what the mean as a forecast gives."""
    if facts.higher_is_better or facts.needs != "numbers" or truth.rows is None or not 0 < mean <= 1:
        return False
    answers = np.asarray(truth.rows, np.float64)
    guess = measure(answers, np.full(len(answers), answers.mean()), ResultKind.PREDICTIONS, metric=facts.name)
    return guess.value is not None and mean < FAR_BELOW * guess.value


def _may_be_accuracy(mean: float, facts: MetricFacts, truth: Truth) -> float | None:
    """What guessing the classes' shares scores, where a loss of probabilities is worse than it and may be a share."""
    if facts.higher_is_better or facts.needs != "scores" or truth.rows is None or not 0 < mean <= 1:
        return None
    try:
        guess = baseline_score(truth.rows, facts)
    except MleeError:
        return None
    return guess if guess is not None and mean > guess else None


def _demand_range(metric: str, number: float | None) -> None:
    if number is None or not is_known(metric) or not metric_facts(metric).bounded or 0 <= number <= 1:
        return
    label = metric_facts(metric).label
    per_cent = f"If it is per cent, hand over {number / 100:g}." if 1 < number <= 100 else "Look at how it was made."
    raise MleeError(f"{number:g} is no {label}, which lies between 0 and 1.", per_cent)


def _demand_share(metric: str, handed: Handed) -> None:
    if handed.n is None or handed.number is None or not is_known(metric) or not metric_facts(metric).counts_right_rows:
        return
    if (fault := impossible_share(handed.number, handed.n)) is not None:
        raise fault


def _demand_fit(handed: Handed, rows: np.ndarray, truth: Truth, answers: Any) -> None:
    if len(rows) != truth.n:
        raise MleeError(
            f"{len(rows)} predictions for {truth.n} rows of {truth.name}; nothing was recorded.",
            f"Predict on the rows that {truth.name} holds the answers of.",
        )
    if index_mismatch(answers, handed.value):
        raise MleeError(
            f"The predictions' index is not the index of {truth.name}; nothing was recorded.",
            f"Align them: predictions.loc[{truth.name}.index]; or hand over plain values if the order is right.",
        )
    if index_contradicts(answers, handed.beside):
        raise MleeError(
            f"The features' rows are not those of {truth.name}, or in another order; nothing was recorded.",
            f"Align them: features.loc[{truth.name}.index]; or predict yourself if the order is right.",
        )


def _likely(names: Mapping[str, Any], length: int) -> str:
    """Variables that could be the truth: a usual name and the right length."""
    fits = [name for name in LIKELY_TRUTHS if getattr(names.get(name), "__len__", None) and len(names[name]) == length]
    return f" It could be {' or '.join(fits[:2])}." if fits else ""


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
