"""`--why`: the headline, a candidate, a free baseline or a number of the board, asked for by name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from mlee_jupyter.domain import Evidence, Finding, Judgement, Level, Outcome, held
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import cut, label, sentences
from mlee_jupyter.domain.text.units import source
from mlee_jupyter.report.board import contents
from mlee_jupyter.report.lines.said import Said
from mlee_jupyter.report.text.plain_json import JSON
from mlee_jupyter.report.text.serving_words import cost_text, measured_text
from mlee_jupyter.report.text.states import State

from . import board_numbers
from .explaining import of_baseline, of_candidate, of_headline

_NEAR = 3


def explanation(evidence: Evidence, asked: str | None = None, findings: Sequence[Finding] = ()) -> Said:
    """Why, in plain words; one sentence a line.

    Args:
        evidence: the experiment as it stands.
        asked: a candidate, a free baseline, or a number such as "range"; None or empty: the headline.
        findings: every rule's answer; while an error stands, nothing is suggested.

    Raises:
        MleeError: nothing of that name is there; the nearest names are given.
    """
    evidence = held(evidence, findings)
    held_by = [f.rule for f in findings if f.outcome is Outcome.FINDING and f.level is Level.ERROR]
    target = evidence.charter.must_reach
    if not asked or not asked.strip():
        return _headlines(evidence, held_by)
    found = of_judgements(evidence.judgements, asked, must_reach=target, held_by=held_by)
    if found is not None:
        return Said(f"{found}{_rank_read(evidence, asked)}{_to_serve(evidence, asked)}")
    rows = [row for part in contents.board(evidence)["boards"] for row in part["rows"]]
    row = next((row for row in rows if row["candidate"] == asked), None)
    if row is not None:
        return of_unjudged(row)
    if (number := board_numbers.find(asked)) is not None:
        raise MleeError(f"There is no {number} to explain: nothing is judged yet.", "Record a candidate first.")
    raise _unknown(asked, [row["candidate"] for row in rows])


def _to_serve(evidence: Evidence, candidate: str) -> str:
    """What it takes to put a candidate to use, as a line of its own; empty where nothing was measured."""
    result = evidence.served.get(candidate)
    measured = measured_text(result.model) if result is not None else ""
    if not measured:
        return ""
    cost = cost_text(evidence.costs.get(candidate))
    said = sentences([f"To use it: {measured}", f"Running it costs about {cost}" if cost else ""])
    return f"\n{said}"


def _rank_read(evidence: Evidence, candidate: str) -> str:
    """A rank that nobody gave: what it was read from, or why it could not be."""
    known = evidence.candidates.get(candidate)
    if known is None or not known.read_from:
        return ""
    if known.simplicity is None:
        return f"\nHow simple it is cannot be told: {known.read_from}. Say it with --simplicity N."
    return f"\nSimplicity {known.simplicity}, read from what ran: {known.read_from}. --simplicity N says otherwise."


def of_comparison(judgement: Judgement, asked: str | None = None) -> Said:
    """The same for a judgement that belongs to no experiment.

    Raises:
        MleeError: nothing of that name is in it.
    """
    if not asked or not asked.strip():
        return _said(of_headline(judgement))
    found = of_judgements((judgement,), asked)
    if found is None and asked in judgement.failed:
        found = _said([f"{label(asked)} could not be judged: {sentences([judgement.failed[asked]])}"])
    if found is None:
        raise _unknown(asked, [*(s.candidate for s in judgement.standings), *judgement.failed])
    return found


def of_judgements(
    judgements: Sequence[Judgement], asked: str, *, must_reach: float | None = None, held_by: Sequence[str] = ()
) -> Said | None:
    """What is asked for on the first judgement that has it: a candidate, a baseline, then a number."""
    for judgement in judgements:
        if (standing := judgement.of(asked)) is not None:
            return _said(of_candidate(judgement, standing, must_reach=must_reach, held_by=held_by))
        for baseline in judgement.baselines:
            if baseline.name == asked:
                return _said(of_baseline(judgement, baseline))
    number = board_numbers.find(asked)
    if number is not None and judgements:
        return _said(board_numbers.NUMBERS[number](judgements[0]))
    return None


def _headlines(evidence: Evidence, held_by: Sequence[str]) -> Said:
    if not evidence.judgements:
        raise MleeError("There is nothing to explain yet: no candidate is judged.", "Record predictions first.")
    if len(evidence.judgements) == 1:
        return _said(of_headline(evidence.judgements[0], held_by=held_by))
    parts = []
    for judgement in evidence.judgements:
        known = evidence.records.truths.get(judgement.truth or "")
        head = source(judgement, known.name if known else None)
        parts.append("\n".join([f"{head[:1].upper()}{head[1:]}:", *of_headline(judgement, held_by=held_by)]))
    return Said("\n\n".join(parts))


def of_unjudged(row: JSON) -> Said:
    """Why a row of the board has no place among the judged ones."""
    return _said(_unjudged(row))


def _unjudged(row: JSON) -> list[str]:
    name, reason = cut(label(row["label"]), 60), row["reason"] or ""
    because = f": {sentences([row['because']])}" if row["because"] else "."
    if row["state"] == State.FAILED:
        return [f"{name} has no score: its last run failed ({reason}).", "Mend its cell and run it again, or drop it."]
    if row["state"] == State.APART:
        return [
            f"{name} stands apart with {row['score_text']} ({reason}).",
            "A score without its rows has no range, and nothing to be compared by.",
            "Record its predictions; or say on how many rows it was taken, as (0.91, 500).",
        ]
    if row["state"] == State.DROPPED:
        return [f"{name} was dropped{because}", "It competes no longer; %mlee_experiment take brings it back."]
    if row["state"] == State.PARKED:
        return [f"{name} is parked without a result{because}", "%mlee_experiment take brings it back."]
    return [f"{name} was not tried yet, so there is nothing to say of it.", "Record it, or drop it with a reason."]


def _unknown(asked: str, names: Sequence[str]) -> MleeError:
    known = {name.lower(): name for name in names}
    near = difflib.get_close_matches(asked.lower()[:200], [*known, *board_numbers.NUMBERS], n=_NEAR, cutoff=0.5)
    shown = [cut(label(known.get(name, name)), 40) for name in near]
    if shown:
        hint = f"Did you mean {' or '.join(shown)}?"
    else:
        listed = [cut(label(name), 40) for name in names[:8]]
        hint = f"Candidates: {', '.join(listed) or 'none yet'}. Numbers: {', '.join(board_numbers.NUMBERS)}."
    return MleeError(f"Nothing on the board is called {cut(label(asked), 40)!r}.", hint)


def _said(lines: Sequence[str]) -> Said:
    return Said("\n".join(lines))
