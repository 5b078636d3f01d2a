"""`compare` of rows that have scores by themselves: grades, a Dice per picture, a return per seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.by_row_scores import whose
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.own_scores.row_score import row_score_facts
from mlee_jupyter.stats.own_scores.row_scores import as_row_scores
from mlee_jupyter.stats.rows.columns import shown
from mlee_jupyter.stats.rows.row_index import first_of_another_order


def judge_named_rows(
    named: Mapping[str, Any],
    ranks: Mapping[str, int],
    metric: Any,
    higher_is_better: bool | None,
    beside: Mapping[str, Any],
    **how: Any,
) -> tuple[Judgement, dict[str, str], tuple[str, ...]]:
    """The judgement of row scores, who could not be judged and why, and what else there is to say.

    Args:
        named: by candidate, a column, or a matrix with a column for each rater.
        ranks: simplicity by candidate.
        metric: what the scores are called; None: nobody said.
        higher_is_better: the direction, where the name does not tell it.
        beside: groups, time and weights of the rows.
        **how: as `judge` takes it.

    Raises:
        MleeError: no scores, unlike rows or raters, or a direction that nobody told.
    """
    if callable(metric):
        raise MleeError("A row's own score needs no function.", 'Name it: metric="grade", higher_is_better=True.')
    if (two := first_of_another_order({**named, **{k: v for k, v in beside.items() if v is not None}})) is not None:
        raise MleeError(
            f"{shown(two[0])} and {shown(two[1])} have unlike indexes.",
            "Bring them into one order, or pass .to_numpy() if they are.",
        )
    entries, failed, remarks = [], {}, []
    for name, values in named.items():
        try:
            read = as_row_scores(values, name)
        except MleeError as fault:  # of this one alone: the others stand
            failed[name] = str(fault)
            continue
        row_scores = ResultKind.ROW_SCORES
        simplicity = ranks.get(name)
        entries.append(Entry(candidate=name, rows=read.values, kind=row_scores, note=read.note, simplicity=simplicity))
        remarks += all_alike(f"{shown(name)}'s", read.values)
    if not entries:
        raise MleeError("No candidate could be judged.", next(iter(failed.values())))
    _demand_alike(entries)
    facts = row_score_facts(metric, higher_is_better)
    judgement = judge(None, entries, metric=facts, baselines=False, **beside, **how)
    return judgement, {**failed, **judgement.failed}, tuple(remarks)


def all_alike(whose_scores: str, values: np.ndarray) -> list[str]:
    """That all scores of a candidate are the same: a judge that answered nothing more often than a feat.

    Args:
        whose_scores: as a sentence begins: "These", "knn's".
        values: NaN where there is none.
    """
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    return [f"{whose_scores} scores are {least:.4g} on every row: did the scorer run?"] if least == most else []


def _demand_alike(entries: list[Entry]) -> None:
    """Refuse candidates of unlike length, or scored by other raters.

    Raises:
        MleeError: two that differ.
    """
    first = entries[0]
    for entry in entries[1:]:
        if len(entry.rows) != len(first.rows):
            raise MleeError(
                f"{shown(entry.candidate)} has {len(entry.rows):,} row scores, {shown(first.candidate)} "
                f"{len(first.rows):,}.",
                "Give one for each row, NaN where there is none.",
            )
        if whose(entry) != whose(first):
            raise MleeError(
                f"{shown(entry.candidate)} has {whose(entry)}, {shown(first.candidate)} {whose(first)}: raters that "
                "differ would be compared too.",
                "Hand over the same of all.",
            )
