"""The board as a pandas table, with raw numbers: what `exp.scoreboard()` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.report.text.as_table import as_table
from mlee_jupyter.report.text.plain_json import JSON

if TYPE_CHECKING:
    import pandas as pd

_NUMBERS = ("score", "low", "high", "cost_bound", "answer_ms", "spent_minutes")
_COUNTS = ("simplicity", "variants", "runs")


def frame(board: JSON) -> pd.DataFrame:
    """One line a row of the board, best first, in the metric's own units; `truth` is added when there are several.

    Columns: candidate, variant, score, low, high, verdict, cost_bound, simplicity, answer_ms, spent_minutes,
    variants, runs, state, kind.
    """
    lines = []
    for part in board["boards"]:
        for row in part["rows"]:
            spent = row["spent_seconds"]
            line = {key: row[key] for key in ("candidate", "variant", "score", "low", "high", "verdict", "cost_bound")}
            line |= {"simplicity": row["simplicity"], "answer_ms": row["answer_ms"]}
            line |= {"spent_minutes": None if spent is None else spent / 60}
            line |= {key: row[key] for key in ("variants", "runs", "state", "kind")}
            if len(board["boards"]) > 1:
                line["truth"] = part["truth"]["name"] or part["truth"]["fingerprint"] or part["source_text"]
            lines.append(line)
    names = ["candidate", "variant", "score", "low", "high", "verdict", "cost_bound", "simplicity", "answer_ms"]
    names += ["spent_minutes", "variants", "runs", "state", "kind"]
    names += ["truth"] if len(board["boards"]) > 1 else []
    table = as_table([[line[name] for name in names] for line in lines], names)
    return table.astype({**dict.fromkeys(_NUMBERS, "float64"), **dict.fromkeys(_COUNTS, "Int64")})
