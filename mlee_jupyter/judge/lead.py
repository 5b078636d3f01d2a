"""How far one column is ahead of another, as sure as the board would be of the two."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.stats.compare.caution import with_caution
from mlee_jupyter.stats.compare.dependence import Sampling
from mlee_jupyter.stats.compare.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.compare.scales import comparable
from mlee_jupyter.stats.compare.unseen import with_room
from mlee_jupyter.stats.looking.ladder import Lead
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target


def cautious_pairs(together: Sequence[Scored], facts: MetricFacts, target: Target | None, sampling: Sampling) -> Pairs:
    """Columns pair by pair, with room for what was not seen and caution where rows are skewed.

    Args:
        together: weighted, on the scale on which they are compared.
        facts: the metric.
        target: the prepared truth, where it is kept.
        sampling: how the rows were drawn.
    """
    collapsed = sampling.collapsed(together)
    pairs = compare_pairs(collapsed, facts.counts_all_or_nothing and sampling.is_plain)
    pairs = with_room(pairs, together, facts, target, sampling)
    return pairs if sampling.by == "time" else with_caution(pairs, collapsed, facts)


def lead(best: Scored, new: Scored, facts: MetricFacts, target: Target | None, sampling: Sampling) -> Lead:
    """How far a new column is ahead of the best.

    Args:
        best: weighted.
        new: weighted, on the same rows.
        facts: the metric.
        target: the prepared truth.
        sampling: how the rows were drawn.
    """
    as_shown = compare_pairs(sampling.collapsed([best, new]))
    surely = cautious_pairs(comparable(facts, [best, new], target), facts, target, sampling)
    return Lead(gain=new.theta - best.theta, spread=float(as_shown.spread[0, 1]), z=float(surely.z[0, 1]))
