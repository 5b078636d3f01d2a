"""`compare` of predictions that stay where they are: files larger than memory, tables of a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.by_sums import judge_table
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.metric_names import meant_in_points
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.rows.columns import shown
from mlee_jupyter.tables.table_frame import as_frame, told_by_the_engine
from mlee_jupyter.tables.table_rows import TableColumns, score_table
from mlee_jupyter.tables.table_source import open_source

from .comparing import check_numbers, simplicity_ranks, without_error
from .result import Comparison

MOST_CANDIDATES = 50
INSTEAD = {"labels": "accuracy", "scores": "log_loss or brier_score", "numbers": "mae, mse or rmse"}


def compare_table(
    table: Any,
    truth: str,
    candidates: Sequence[str],
    metric: str = "accuracy",
    *,
    inside: str | None = None,
    useful_gain: float | None = None,
    alpha: float = 0.05,
    simplicity: Mapping[str, int] | None = None,
    positive: Any = None,
    groups: str | None = None,
    weights: str | None = None,
) -> Comparison:
    """`compare` of columns of a table, which may be larger than memory: sums over its rows are computed where it lies.

    The verdict is that of `compare` on the same rows. Back come sums of products of the candidates, counts, least and
    greatest values, and sums over groups; and of a table of numbers without groups at most 100,000 rows, to see whether
    rows repeat.

    Args:
        table: a Parquet file, a pattern of such files ("scores/*.parquet") or a folder of them, a CSV file; a relation
            of DuckDB, a table of Ibis, a DataFrame of Dask, Spark, polars, pyarrow or pandas; or a table's name, with
            `inside`.
        truth: the column of the right answers.
        candidates: the columns of predictions, 50 at most: labels, numbers, or the positive class's probability.
        metric: a mean over rows, or its root: accuracy, log_loss, brier_score, mae, mse, rmse, mape, msle, rmsle,
            pinball_0.9.
        inside: the database of a table's name: a DuckDB file, or an address as postgresql://host/shop.
        useful_gain: smallest difference worth acting on, in the metric's units, 0 or more; None: 0.02 of a score,
            2% of the leader's loss.
        alpha: chance of leaving a truly best candidate out of the best set, above 0 and at most 0.5.
        simplicity: rank by candidate, 1 is simplest; who has none counts as less simple.
        positive: the positive class; None: as scikit-learn, 1 or else the greater label.
        groups: the column that says which customer, patient or document a row is of, whose rows may be alike.
        weights: the column of a number per row, 0 or more.

    Raises:
        MleeError: a column that is not there, a metric that is no mean over rows, an empty table, and what `compare`
            refuses.
    """
    facts = _mean(metric)
    check_numbers(useful_gain, alpha)
    if facts.bounded and useful_gain is not None and useful_gain >= 1:
        raise meant_in_points("useful_gain", useful_gain, facts.label)
    names = _names(candidates, truth)
    ranks = simplicity_ranks(simplicity, dict.fromkeys(names))
    asked = TableColumns(truth=truth, candidates=names, groups=groups, weights=weights)
    with _opened(table, inside) as opened, told_by_the_engine():
        scored = score_table(as_frame(opened), asked, facts, positive)
        judgement = judge_table(scored, facts, ranks, useful_gain, alpha)
    return Comparison(judgement, judgement.failed, scored.remarks + without_error(judgement))


@contextmanager
def _opened(table: Any, inside: str | None) -> Iterator[Any]:
    if isinstance(table, str | Path):
        with open_source(str(table), inside) as opened:
            yield opened
        return
    if inside is not None:
        raise MleeError("inside is the database of a table that is given by its name.", "Leave it out.")
    yield table


def _names(candidates: Sequence[str], truth: str) -> tuple[str, ...]:
    names = (candidates,) if isinstance(candidates, str) else tuple(candidates)
    if not names:
        raise MleeError("There is nothing to compare.", "Name at least one column of predictions: candidates=[...]")
    if len(names) > MOST_CANDIDATES:
        raise MleeError(f"{len(names)} candidates are too many for a table.", f"Name {MOST_CANDIDATES} at most.")
    for place, name in enumerate(names):
        if name == truth:
            raise MleeError(f"{shown(name, 40)} is the truth, and no candidate.", "Leave it out of candidates.")
        if name in names[:place]:
            raise MleeError(f"Two candidates are called {shown(name, 40)}.", "Name each column once.")
    return names


def _mean(metric: str) -> MetricFacts:
    """A metric that sums over rows tell."""
    if callable(metric):
        raise MleeError(
            "A function of your own cannot be computed by a database.",
            "Name a metric, or call mlee.compare on rows drawn at random.",
        )
    facts = metric_facts(metric)
    if facts.counts_right_rows or facts.table_loss is not None:
        return facts
    if facts.row_mean:
        raise MleeError(
            f"How a database computes {facts.label} is not said.",
            f"Choose {INSTEAD[facts.needs]}, or call mlee.compare on rows drawn at random.",
        )
    raise MleeError(
        f"{facts.label} is no mean over rows, so sums over them do not tell it.",
        f"Choose {INSTEAD[facts.needs]}, or call mlee.compare on rows drawn at random.",
    )
