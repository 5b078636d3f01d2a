"""Whether a bare number is meant as a score, and a few numbers as fold scores; what cannot be told is asked.

A cell may end in `z = 1` or in np.zeros(5) for reasons of its own. What is on the board was never looked at again, so
nothing goes there that may not have been meant.
"""

from __future__ import annotations

import ast
import re

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.rows.columns import shown

FEWEST_PLAIN, MOST_PLAIN = 5, 10  # scores of one usual cross-validation
_SCORE = re.compile(
    r"score|acc|auc|f1|rmse|mae|mse|mape|r2|loss|err|precision|recall|kappa|mcc|corr|brier|metric|eval|valu?e|result"
    r"|cv|mean|average|median|share|rate|pred|right|hits|==",
    re.IGNORECASE,
)
_FOLDS = re.compile(r"cross_val|fold|split|cv", re.IGNORECASE)


def demand_score(number: float, metric: str | None, source: str | None, *, whole: bool) -> None:
    """Refuse a bare number that may be no score.

    Args:
        number: the value.
        metric: of the experiment.
        source: the cell that ended with it; None: it was handed over on purpose.
        whole: it is a whole number by its type.

    Raises:
        MleeError: it may be no score.
    """
    called = shown(metric or "score", 40)
    way_out = f'If it is, hand over {{"{called}": {number:g}}}; else end with the predictions.'
    if whole and (metric is None or _is_ours(metric)):
        raise MleeError(f"{number:g} is a whole number: a count, or the {called}?", way_out)
    last = None if source is None else _last_statement(source)
    if last is not None and not _says_score(last, metric):
        raise MleeError(f"The cell ended with {shown(last, 40)}: is that the {called}?", way_out)


def demand_folds(numbers: np.ndarray, n: int | None, needs: str, source: str | None) -> None:
    """Refuse a few bare numbers that may be no fold scores.

    Args:
        numbers: two or more.
        n: rows of the truth, where one is declared.
        needs: what the metric judges: "labels", "scores" or "numbers".
        source: the cell that ended with them.

    Raises:
        MleeError: they may be predictions for other rows, a loss and a score, or nothing of the kind.
    """
    if source is not None and _FOLDS.search(source):
        return
    count = len(numbers)
    if count == 2:
        raise MleeError(
            "Two numbers: fold scores, a mean and its spread, or loss and score of a network?",
            'Hand over the score alone, or with its rows as (0.87, 500); two folds as {"folds": [...]}.',
        )
    labels = bool(np.all(numbers == np.floor(numbers))) and (needs != "numbers" or np.ptp(numbers) == 0)
    if FEWEST_PLAIN <= count <= MOST_PLAIN and not labels:
        return
    rows = "and no truth" if n is None else f"for {n:,} rows"
    raise MleeError(
        f"{count} numbers {rows}: fold scores, or predictions for other rows?",
        'Fold scores: hand over {"folds": them}; else predict on the rows of the truth.',
    )


def _says_score(statement: str, metric: str | None) -> bool:
    """Whether a statement speaks of a score, or is nothing but a number that somebody typed."""
    if _SCORE.search(statement) or (metric is not None and metric.lower() in statement.lower()):
        return True
    try:
        ast.literal_eval(statement)
    except (ValueError, SyntaxError):
        return False
    return True


def _last_statement(source: str) -> str | None:
    """The last statement of a cell as it stands there; None where it cannot be read."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a magic, or a shell line
        lines = [line.strip() for line in source.splitlines() if line.strip()]
        return lines[-1] if lines else None
    return ast.unparse(body[-1]) if body else None


def _is_ours(metric: str) -> bool:
    try:
        return metric_facts(metric).own is None
    except MleeError:
        return False
