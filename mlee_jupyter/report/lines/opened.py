"""What is said when an experiment is opened or resumed."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain import Evidence
from mlee_jupyter.domain.text.names import clean, count, cut, label, listed, sentences
from mlee_jupyter.domain.text.numbers import time_text
from mlee_jupyter.report.board.contents import left_text


def opening_lines(
    evidence: Evidence,
    *,
    resumed: bool,
    changes: Sequence[str] = (),
    remarks: Sequence[str] = (),
    notice: str | None = None,
) -> list[str]:
    """The first lines under `start`: the box, the plan, and what the store has to say.

    Args:
        evidence: the experiment as it stands.
        resumed: it was there already.
        changes: of the charter, where the cell's differs from the one in the store.
        remarks: further sentences.
        notice: the store's standing notice.
    """
    experiment = evidence.experiment
    name = cut(label(experiment.name), 60)
    lines = [clean(notice, 400)] if notice else []
    lines.append(f"{name}: {_resumed(evidence) if resumed else _opened(evidence)}")
    if changes:
        lines.append(sentences([f"The charter changed: {clean('; '.join(changes), 300)}"]))
    return [*lines, *(clean(remark, 300) for remark in remarks)]


def _opened(evidence: Evidence) -> str:
    experiment = evidence.experiment
    box = experiment.box
    since = f"from {experiment.opened_at.astimezone():%H:%M}"
    said = [f"{time_text(box)} of active work, {since}" if box else f"no time box ({since}); --budget 6h sets one"]
    planned = len(evidence.records.candidates)
    if planned:
        share = f", about {time_text(box / planned)} each" if box else ""
        said.append(f"{count(planned, 'candidate')}{share}")
    if experiment.deadline:
        said.append(f"Deadline {experiment.deadline:%d %b %Y}")
    if experiment.truth_name and evidence.declared_truth is None:
        said.append(
            f"{cut(label(experiment.truth_name), 40)} is not there yet; it is read when a candidate is recorded"
        )
    return sentences(said)


def _resumed(evidence: Evidence) -> str:
    experiment, box = evidence.experiment, evidence.experiment.box
    time = f"{time_text(evidence.used)} used" + (f", {left_text(box - evidence.used)}" if box else "")
    known = [c.name for c in evidence.records.candidates if evidence.efforts[c.name].runs]
    said = [f"resumed, {time}"]
    if known:
        said.append(f"{listed(known)} {'is' if len(known) == 1 else 'are'} on record")
    if experiment.decision is not None:
        chosen = experiment.decision.candidate
        said.append(
            f"Decided: {cut(label(chosen), 40) if chosen else 'none of them'}; %mlee_experiment reopen takes that back"
        )
    elif experiment.closed_at is not None:
        said.append("It is closed; %mlee_experiment reopen lets time run again")
    return sentences(said)
