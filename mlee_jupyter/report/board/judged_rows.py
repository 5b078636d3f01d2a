"""Rows of what was judged, by the judgement alone: a board and a comparison without an experiment begin with these."""

from __future__ import annotations

from mlee_jupyter.domain import Judgement, Standing
from mlee_jupyter.domain.text import numbers
from mlee_jupyter.domain.text.names import clean, count, label, whole
from mlee_jupyter.domain.text.numbers import number, whole_number
from mlee_jupyter.report.text.plain_json import JSON
from mlee_jupyter.report.text.states import SYMBOLS, State, state_of

SUGGESTIONS = ("simplest as good", "as good, and safe", "suggested")


def standing_row(judgement: Judgement, standing: Standing) -> JSON:
    """A judged candidate, with its numbers and the same as ready text."""
    state = state_of(judgement, standing)
    bounded = judgement.bounded
    row = blank_row(standing.candidate, state)
    needed = whole_number(standing.rows_needed)
    row.update(
        variant=clean(standing.variant),
        score=number(standing.score),
        score_text=numbers.score_text(standing.score, bounded),
        low=number(standing.low),
        high=number(standing.high),
        range_text=numbers.range_text(standing.low, standing.high, bounded),
        verdict=standing.verdict.value,
        against_text=_against(judgement, standing, state),
        in_set=bool(standing.in_set),
        p_value=number(standing.p_value),
        cost_bound=number(standing.cost_bound),
        cost_bound_text=numbers.gain_text(standing.cost_bound, bounded),
        behind=number(standing.behind),
        behind_low=number(standing.behind_low),
        behind_high=number(standing.behind_high),
        behind_text=numbers.gain_text(standing.behind, bounded),
        rows_needed=needed,
        rows_needed_text="" if needed is None else count(needed, "case"),
        disagreements=whole_number(standing.disagreements),
    )
    if standing.candidate == judgement.recommended and is_simplicity_declared(judgement):
        row["recommended"] = True
        row["notes"].append(SUGGESTIONS[0 if standing.simplicity is not None else 1])
        if standing.candidate == judgement.leader:
            row["notes"][0] = SUGGESTIONS[2]
    return row


def failed_row(name: str, why: str, ending: str = "failed") -> JSON:
    """A candidate that could not be judged, or whose last run did not end well."""
    row = blank_row(name, State.FAILED)
    row.update(against_text=ending, reason=clean(why, 160))
    row["notes"].append(row["reason"])
    return row


def is_simplicity_declared(judgement: Judgement) -> bool:
    """Whether simplicity was said of two candidates at least; else "simplest" says nothing."""
    return sum(standing.simplicity is not None for standing in judgement.standings) > 1


def _against(judgement: Judgement, standing: Standing, state: State) -> str:
    if state is State.AS_GOOD:
        return f"as good (within {numbers.gain_text(judgement.useful_gain, judgement.bounded)})"
    if state is State.CANT_TELL:
        return "can't tell"
    if state is State.WORSE:
        return f"worse by {numbers.gains_text(standing.behind_low, standing.behind_high, judgement.bounded)}"
    return state.value


def blank_row(name: str, state: State) -> JSON:
    """A row of which nothing is known but its name and how it stands."""
    return {
        "candidate": whole(name),
        "label": label(name),
        "symbol": SYMBOLS[state],
        "state": state.value,
        "mark": None,
        "recommended": False,
        "variant": None,
        "kind": None,
        "score": None,
        "score_text": "",
        "low": None,
        "high": None,
        "range_text": "",
        "bar": None,
        "verdict": None,
        "against_text": state.value,
        "in_set": None,
        "p_value": None,
        "cost_bound": None,
        "cost_bound_text": "",
        "behind": None,
        "behind_low": None,
        "behind_high": None,
        "behind_text": "",
        "rows_needed": None,
        "rows_needed_text": "",
        "disagreements": None,
        "simplicity": None,
        "simplicity_text": "",
        "answer_ms": None,
        "answer_text": "",
        "spent_seconds": None,
        "spent_text": "",
        "variants": 0,
        "variants_text": "",
        "runs": 0,
        "runs_text": "",
        "failed_runs": 0,
        "reason": None,
        "because": None,
        "notes": [],
    }
