"""Every rule that `benchmarks.peers` asks: a sample in, the candidates it leaves as possibly best out.

Peers are called as their own documentation does; where they stop at a table of p-values, the set is what a reader
takes from it: the leader, and whoever is not significantly worse.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge

from .peer_samples import Sample

ALPHA = 0.05
RESAMPLES = 1000
EXACT_BELOW = 25  # disagreements under which mlxtend's manual asks for the exact test

Rule = Callable[[Sample], np.ndarray]  # (K,) bool


def anything(_: Sample) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A rule, where it applies, and whether it takes so long that fewer samples must do."""

    rule: Rule
    applies: Callable[[Sample], bool] = anything
    slow: bool = False
    package: str | None = None  # that has to be installed, down to the module that is imported


# ---------------------------------------------------------------- ours, and what everybody does


def ours(sample: Sample) -> np.ndarray:
    columns: Any = sample.predictions
    if sample.of_folds:
        columns = [scores.reshape(sample.runs, -1) if sample.runs > 1 else scores for scores in sample.gains.T]
    entries = [Entry(candidate=f"c{k:02d}", rows=rows, kind=sample.kind) for k, rows in enumerate(columns)]
    truth = None if sample.of_folds else sample.truth
    found = judge(truth, entries, metric=sample.metric, alpha=ALPHA, baselines=False)
    return np.isin([entry.candidate for entry in entries], found.best_set)


def argmax(sample: Sample) -> np.ndarray:
    return _alone(sample, int(sample.gains.mean(axis=0).argmax()))


def _alone(sample: Sample, place: int) -> np.ndarray:
    return np.arange(sample.gains.shape[1]) == place


# ---------------------------------------------------------------- one test a pair, corrected


def p_values(sample: Sample) -> np.ndarray:
    """(K, K) two-sided: exact McNemar for right or wrong rows, else t over rows or folds (for AUC: DeLong)."""
    from scipy.stats import binom, t

    gains = sample.gains
    n, count = gains.shape
    if sample.metric == "accuracy" and not sample.of_folds:
        better = gains.T @ (1 - gains)  # rows on which i is right and j is wrong
        fewer = np.minimum(better, better.T)
        return np.minimum(1.0, 2 * binom.cdf(fewer, better + better.T, 0.5))
    covariance = np.cov(gains, rowvar=False).reshape(count, count)
    own = np.diag(covariance)
    spread = np.sqrt(np.maximum(own[:, None] + own[None, :] - 2 * covariance, 0) / n)
    gap = np.abs(gains.mean(axis=0)[:, None] - gains.mean(axis=0)[None, :])
    ratio = np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0)
    return np.asarray(2 * t.sf(ratio, n - 1))


def holm(p: np.ndarray) -> np.ndarray:
    """Adjusted p-values."""
    order = np.argsort(p)
    adjusted = np.maximum.accumulate((len(p) - np.arange(len(p))) * p[order])
    back = np.empty_like(p)
    back[order] = np.minimum(1.0, adjusted)
    return back


def holm_to_the_leader(sample: Sample) -> np.ndarray:
    leader = int(sample.gains.mean(axis=0).argmax())
    others = ~_alone(sample, leader)
    kept = np.ones(len(others), dtype=bool)
    kept[others] = holm(p_values(sample)[leader, others]) > ALPHA
    return kept


def holm_all_pairs(sample: Sample) -> np.ndarray:
    scores = sample.gains.mean(axis=0)
    first, second = np.triu_indices(len(scores), 1)
    worse = holm(p_values(sample)[first, second]) <= ALPHA
    kept = np.ones(len(scores), dtype=bool)
    kept[np.where(scores[first] < scores[second], first, second)[worse]] = False
    return kept


# ---------------------------------------------------------------- packages


def autorank(sample: Sample) -> np.ndarray:
    import pandas as pd
    from autorank import autorank as rank

    found = rank(pd.DataFrame(sample.gains, columns=list(range(sample.gains.shape[1]))), alpha=ALPHA)
    if not found.pvalue < ALPHA:
        return np.ones(sample.gains.shape[1], dtype=bool)
    table = found.rankdf.sort_index()
    if found.cd is not None:
        return np.asarray(table.meanrank <= table.meanrank.min() + found.cd)
    if sample.gains.shape[1] == 2:
        by_mean = found.omnibus == "ttest"
        order = table["mean"].rank(ascending=False) if by_mean else table.meanrank
        return _alone(sample, int(order.to_numpy().argmin()))
    best = table.loc[table["mean"].idxmax()]  # Tukey: intervals that overlap are not apart
    return np.asarray(table.ci_upper >= best.ci_lower)


def baycomp(sample: Sample) -> np.ndarray:
    """The correlated t test of each against the leader: worse with a probability above 95%."""
    from baycomp import two_on_single

    leader = int(sample.gains.mean(axis=0).argmax())
    kept = np.ones(sample.gains.shape[1], dtype=bool)
    for place in np.flatnonzero(~_alone(sample, leader)):
        worse = two_on_single(sample.gains[:, leader], sample.gains[:, place], rope=0, runs=sample.runs)[0]
        kept[place] = worse <= 1 - ALPHA
    return kept


def arch(sample: Sample, method: str) -> np.ndarray:
    from arch.bootstrap import MCS

    # a block of one row is the plain bootstrap
    how = {"size": ALPHA, "reps": RESAMPLES, "block_size": 1, "bootstrap": "mbb", "seed": 1}
    found = MCS(-sample.gains, method=method, **how)
    found.compute()
    return np.isin(np.arange(sample.gains.shape[1]), found.included)


def mlxtend_rows(sample: Sample) -> np.ndarray:
    """Cochran's Q first; where it rejects, McNemar's test of each against the leader."""
    from mlxtend.evaluate import cochrans_q, mcnemar, mcnemar_table

    assert sample.predictions is not None
    kept = np.ones(len(sample.predictions), dtype=bool)
    if len(kept) > 2 and not cochrans_q(sample.truth, *sample.predictions)[1] <= ALPHA:
        return kept
    leader = int(sample.gains.mean(axis=0).argmax())
    for place in np.flatnonzero(~_alone(sample, leader)):
        table = mcnemar_table(sample.truth, sample.predictions[leader], sample.predictions[place])
        kept[place] = mcnemar(table, exact=table[0, 1] + table[1, 0] < EXACT_BELOW)[1] > ALPHA
    return kept


def mlxtend_5x2(sample: Sample) -> np.ndarray:
    from mlxtend.evaluate import paired_ttest_5x2cv

    _, p = paired_ttest_5x2cv(*sample.models, sample.features, sample.truth, scoring="accuracy", random_seed=1)
    return np.ones(2, dtype=bool) if p > ALPHA else argmax(sample)


def statbelt(sample: Sample) -> np.ndarray:
    """Its paired bootstrap of fold differences and Holm over all pairs, its defaults (2,000 resamples)."""
    from statbelt.harness import _apply_pvalue_adjustment, _paired_bootstrap_p_value

    scores = sample.gains
    first, second = np.triu_indices(scores.shape[1], 1)
    raw = [
        _paired_bootstrap_p_value(
            scores[:, i] - scores[:, j], n_resamples=2000, random_state=place, alternative="two-sided"
        )
        for place, (i, j) in enumerate(zip(first, second, strict=True))
    ]
    worse = np.array(_apply_pvalue_adjustment(raw, method="holm")) <= ALPHA
    kept = np.ones(scores.shape[1], dtype=bool)
    means = scores.mean(axis=0)
    kept[np.where(means[first] < means[second], first, second)[worse]] = False
    return kept


PEERS: dict[str, Peer] = {
    "ours": Peer(rule=ours),
    "argmax": Peer(rule=argmax),
    "pairs, Holm K-1": Peer(rule=holm_to_the_leader),
    "pairs, Holm all": Peer(rule=holm_all_pairs),
    "autorank": Peer(rule=autorank, applies=lambda s: s.metric != "roc_auc", slow=True, package="autorank"),
    "baycomp": Peer(rule=baycomp, applies=lambda s: s.metric != "roc_auc", package="baycomp"),
    "arch R": Peer(rule=partial(arch, method="R"), slow=True, package="arch.bootstrap"),
    "arch max": Peer(rule=partial(arch, method="max"), slow=True, package="arch.bootstrap"),
    "mlxtend Q, McNemar": Peer(
        rule=mlxtend_rows,
        applies=lambda s: s.metric == "accuracy" and not s.of_folds,
        slow=True,
        package="mlxtend.evaluate",
    ),
    "mlxtend 5x2cv": Peer(rule=mlxtend_5x2, applies=lambda s: bool(s.models), slow=True, package="mlxtend.evaluate"),
    "statbelt": Peer(rule=statbelt, applies=lambda s: s.of_folds, slow=True, package="statbelt.harness"),
}


def quietly(rule: Rule, sample: Sample) -> np.ndarray:
    hidden = io.StringIO()  # some print what they found
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(hidden):
        warnings.simplefilter("ignore")
        return rule(sample)
