"""A row's own score as a metric: a judge's grade, a Dice per picture, an NDCG per query, a return per seed.

The score of a candidate is the mean over rows, in the score's own units. Which way is better is known of some names;
of any other it must be told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.catalogue import REGISTERED, metric_facts
from mlee_jupyter.stats.metrics.row_losses import loss_spread
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target
from mlee_jupyter.stats.rows.columns import shown

UNNAMED = "score"
ALIKE = 1e-12  # of the score
_SHARE, _FROM_0, _ANY = (0.0, 1.0), (0.0, math.inf), (-math.inf, math.inf)
_KNOWN: dict[str, tuple[str, bool, tuple[float, float]]] = {
    "dice": ("Dice", True, _SHARE),
    "iou": ("IoU", True, _SHARE),
    "jaccard": ("Jaccard", True, _SHARE),
    "ndcg": ("NDCG", True, _SHARE),
    "mrr": ("reciprocal rank", True, _SHARE),
    "reciprocal_rank": ("reciprocal rank", True, _SHARE),
    "hit_rate": ("hit rate", True, _SHARE),
    "exact_match": ("exact match", True, _SHARE),
    "rouge": ("ROUGE", True, _SHARE),
    "rouge_l": ("ROUGE-L", True, _SHARE),
    "bleu": ("BLEU", True, _SHARE),
    "return": ("return", True, _ANY),
    "reward": ("reward", True, _ANY),
    "psnr": ("PSNR", True, _ANY),
    "wer": ("word error rate", False, _FROM_0),
    "cer": ("character error rate", False, _FROM_0),
    "perplexity": ("perplexity", False, _FROM_0),
    "regret": ("regret", False, _ANY),
    "latency": ("latency", False, _FROM_0),
    "cost": ("cost", False, _ANY),
}


def row_score_facts(name: str | None, higher_is_better: bool | None, scores: Iterable[np.ndarray] = ()) -> MetricFacts:
    """What is known of scores that rows have by themselves.

    Args:
        name: what the scores are called; None: nobody said.
        higher_is_better: the direction, where it was told.
        scores: all that are compared, NaN where there is none: limits that they pass are none, and where all are 0 or
            1 their mean is a share of rows.

    Raises:
        MleeError: which way is better is not known, or told against what everybody means by the name.
    """
    called = (name or UNNAMED).strip() or UNNAMED
    known = _known(called)
    if known is not None and higher_is_better not in (None, known.higher_is_better):
        way = "more" if known.higher_is_better else "less"
        raise MleeError(
            f"Of {known.label} {way} is better.", "Leave higher_is_better out, or name the scores otherwise."
        )
    if known is None and not isinstance(higher_is_better, bool):
        of = f"the {shown(called, 40)}" if called != UNNAMED else "these row scores"
        raise MleeError(
            f"Which way is better of {of} was not told.",
            "Say higher_is_better=True or False; in an experiment: %mlee_experiment change higher_is_better=true.",
        )
    facts = known or _plain(called, called.replace("_", " "), bool(higher_is_better), _ANY)
    least, most = facts.limits
    ends = [(float(np.nanmin(one)), float(np.nanmax(one))) for one in scores]
    if any(low < least or high > most for low, high in ends):
        facts = replace(facts, limits=_ANY)
    if facts.higher_is_better and ends and _are_right_or_wrong(scores):
        return replace(metric_facts("accuracy"), name=facts.name, label=facts.label, also=(), short=None, usual=None)
    return facts


def names_row_score(name: str) -> bool:
    """Whether a name is that of a score which rows have by themselves, whose direction everybody knows.

    Args:
        name: any.
    """
    return _key(name) in _KNOWN


def _key(name: str) -> str:
    return "_".join(name.lower().replace("-", "_").split())


def _known(name: str) -> MetricFacts | None:
    own = REGISTERED.get(name)
    if own is not None:
        return _plain(own.name, own.label, own.higher_is_better, _ANY)
    if names_row_score(name):
        label, higher, limits = _KNOWN[_key(name)]
        return _plain(name, label, higher, limits)
    try:
        facts = metric_facts(name)
    except MleeError:
        return None
    return _plain(facts.name, facts.label, facts.higher_is_better, facts.limits)


def _plain(name: str, label: str, higher_is_better: bool, limits: tuple[float, float]) -> MetricFacts:
    return MetricFacts(
        name=name,
        label=label,
        higher_is_better=higher_is_better,
        limits=limits,
        needs="anything",
        score=_unused,
        row_mean=True,
        best_is_exact=False,
        spread=loss_spread(),
    )


def _unused(target: Target, rows: np.ndarray) -> Scored:
    raise MleeError("Row scores are no predictions.", "Record the scores: --row-scores VARIABLE.")


def _are_right_or_wrong(scores: Iterable[np.ndarray]) -> bool:
    return all(one.ndim == 1 and bool(np.all((one == 0) | (one == 1) | np.isnan(one))) for one in scores)


def scored_rows(facts: MetricFacts, scores: np.ndarray) -> Scored:
    """One candidate's row scores by themselves, rows without a score left out.

    Args:
        facts: of `row_score_facts`.
        scores: (n,) or (n, raters), NaN where there is none.

    Raises:
        MleeError: fewer than two rows have a score.
    """
    rows = facts.sign * mean_of_row(scores)
    there = ~np.isnan(rows)
    count = int(np.count_nonzero(there))
    if count < 2:
        raise MleeError(f"{count} row(s) have a score, on which nothing can be judged.", "Score more rows.")
    theta = float(rows[there].mean())
    # a row without a score says nothing; those that have one say so much more for the mean
    psi = np.where(there, (rows - theta) * (len(rows) / count), 0.0)
    alike = float(np.abs(psi).max()) <= ALIKE * abs(theta)  # but for rounding
    return Scored(theta=theta, psi=np.zeros_like(psi) if alike else psi, df=count - 1.0)


def mean_of_row(scores: np.ndarray) -> np.ndarray:
    """The mean score of each row, NaN where it has none.

    Args:
        scores: (n,) or (n, raters), NaN where there is none.
    """
    if scores.ndim == 1:
        return scores
    there = ~np.isnan(scores)
    counts = there.sum(axis=1)
    sums = np.where(there, scores, 0.0).sum(axis=1)
    return np.asarray(np.divide(sums, counts, out=np.full(len(scores), np.nan), where=counts > 0))
