"""A judgement without an experiment, as a board has it: its rows, the line above them, the sentences below."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.text import numbers
from mlee_jupyter.domain.text.names import clean, count, cut, label
from mlee_jupyter.report.text.plain_json import JSON

from .judged_rows import failed_row, is_simplicity_declared, standing_row

_NAME = 40  # columns


def compared(judgement: Judgement, remarks: Sequence[str] = ()) -> JSON:
    """What is drawn of it; `remarks` come after its own sentences.

    Returns:
        caption: what was compared on how much; range_head: what the ranges are; rows: best score first, then what could
        not be judged; words: sentences, most important first.
    """
    return {
        "caption": _caption(judgement),
        "range_head": f"{100 * (1 - judgement.alpha):.4g}% range",
        "rows": [
            *(standing_row(judgement, standing) for standing in judgement.standings),
            *(failed_row(name, why) for name, why in judgement.failed.items()),
        ],
        "words": [clean(line, 1000) for line in (*_words(judgement), *remarks)],
    }


def _caption(judgement: Judgement) -> str:
    gain = numbers.gain_text(judgement.useful_gain, judgement.bounded)
    said = [
        f"{clean(judgement.metric, 60)} on {count(judgement.n, 'fold' if judgement.by == 'folds' else 'row')}",
        f"{'higher' if judgement.higher_is_better else 'lower'} is better",
        *(["scores in %"] if judgement.bounded else []),
        f"differences below {gain}{' (assumed)' if judgement.useful_gain_assumed else ''} do not count",
    ]
    return ", ".join(said)


def _words(judgement: Judgement) -> list[str]:
    lines = [_winner(judgement), _recommended(judgement), _rows_needed(judgement)]
    if judgement.nothing_beats_guessing:
        lines.append("Nothing beats guessing yet.")
    lines.append(judgement.caveat or "")
    return [line for line in lines if line]


def _winner(judgement: Judgement) -> str:
    if judgement.winner is not None:
        return "" if len(judgement.standings) == 1 else f"{_name(judgement.winner)} is best."
    if judgement.no_winner_reason:
        return judgement.no_winner_reason
    several = len(judgement.best_set)
    return f"No winner: {several} candidates cannot be told from the best." if several > 1 else ""


def _recommended(judgement: Judgement) -> str:
    name = judgement.recommended
    if name is None and judgement.leader in judgement.worse_than_guessing:
        return f"Nothing is recommended: guessing does better than {_name(judgement.leader)}."
    if name is None or name == judgement.winner:
        return ""
    if not is_simplicity_declared(judgement):
        why = "the best score of those that are as good"
    elif name == judgement.leader:
        why = "no simpler one is sure to be as good"
    else:
        why = "the simplest of those that are as good"
    return f"Recommended: {_name(name)}, {why}."


def _rows_needed(judgement: Judgement) -> str:
    needed = judgement.rows_needed
    if needed is None or needed <= judgement.n:
        return ""
    if judgement.by == "time":
        return "Forecasts from several origins would tell more than waiting for rows."
    return f"About {needed:,} rows would tell the first two apart, if the gap is real."


def _name(candidate: str) -> str:
    return cut(label(candidate), _NAME)
