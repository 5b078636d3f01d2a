"""Rows that have scores by themselves, brought to what all candidates answered, so that they are judged in pairs.

A row counts where every candidate has a score on it, and of several scores of a row those count that every candidate
has: else who skips what is hard, or has the milder raters, would look better. What is left out is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.metric_names import is_bounded
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.own_scores.rater_noise import RaterNoise, rater_noise, tastes_may_decide
from mlee_jupyter.stats.own_scores.row_score import mean_of_row, row_score_facts, scored_rows
from mlee_jupyter.stats.own_scores.row_scores import raters_note
from mlee_jupyter.stats.rows.columns import shown

from .entries import Entry

LEAST_ANSWERED = 0.5  # of what the most diligent candidate answered
MOST_NAMED = 3
CLEAR = 2.0  # standard errors
ROWS_THAT_SHOW_FAILURES = 60  # a failure in twenty is in 95% of samples of so many
UNSEEN = 3.0  # failures that so few rows may have missed, at 95% (Hanley and Lippman-Hand 1983)


@dataclass(frozen=True, kw_only=True, eq=False)
class Answered:
    """The rows that are judged, and what is said of them."""

    entries: list[Entry]  # with influence values
    facts: MetricFacts
    kept: np.ndarray  # (n,) bool
    scores: dict[Entry, np.ndarray]  # by these entries, of the scores handed over what all have; NaN elsewhere
    failed: dict[str, str]
    left_out: str | None

    def of(self, values: Any, what: str) -> Any:
        """What stands beside the rows, of those that are judged.

        Args:
            values: (n,) groups, times or weights; None: none.
            what: how a message calls them.

        Raises:
            MleeError: not one per row.
        """
        if values is None or self.kept.all():
            return values
        if len(values) != len(self.kept):
            raise MleeError(f"{what} has {len(values):,} values for {len(self.kept):,} rows.", "Give one per row.")
        places = np.flatnonzero(self.kept)
        if hasattr(values, "iloc"):
            return values.iloc[places]
        return [values[place] for place in places.tolist()] if isinstance(values, list | tuple) else values[places]

    def doubts(self, ranked: Sequence[Entry], alpha: float) -> dict[str, str]:
        """Candidates that the leader may not be told from, whatever the rows say, with the reason.

        Args:
            ranked: the judged entries, best first.
            alpha: of the judgement.
        """
        leader, found = ranked[0], dict[str, str]()
        for other in ranked[1:]:
            if other.candidate != leader.candidate and other.candidate not in found:
                why = self._doubt(leader, other, alpha)
                if why is not None:
                    found[other.candidate] = why
        return found

    def _doubt(self, leader: Entry, other: Entry, alpha: float) -> str | None:
        first, second = (self.facts.sign * self.scores[entry] for entry in (leader, other))
        if first.ndim == 2 and tastes_may_decide(first, second, alpha):
            return "The raters differ in whom they prefer, and other raters may prefer another; no winner is named."
        n, worst = len(first), self.facts.comparable_limits[0]
        if not self.facts.has_both_limits or n >= ROWS_THAT_SHOW_FAILURES or self.facts.counts_right_rows:
            return None
        if np.nanmean(first) - np.nanmean(second) > UNSEEN * (np.nanmean(first) - worst) / n:
            return None
        return f"On {n} rows a failure in twenty may go unseen, which would undo the lead; no winner is named."

    def noted(self, judgement: Judgement) -> Judgement:
        """The judgement with what it rests on."""
        said = (judgement.caveat, self.left_out, self._of_raters(judgement))
        return replace(
            judgement,
            bounded=is_bounded(judgement.metric),
            failed={**self.failed, **judgement.failed},
            caveat=" ".join(part for part in said if part) or None,
        )

    def _of_raters(self, judgement: Judgement) -> str | None:
        if len(judgement.standings) < 2 or next(iter(self.scores.values())).ndim == 1:
            return None
        first, second = ((s.candidate, s.variant) for s in judgement.standings[:2])
        by_name = {(entry.candidate, entry.variant): rows for entry, rows in self.scores.items()}
        names = _names_of(next(iter(self.scores)).note)
        return _said_of(
            rater_noise(self.facts.sign * by_name[first], self.facts.sign * by_name[second]), names, first[0]
        )


def judge_row_scores(
    judge_it: Callable[..., Judgement], entries: Sequence[Entry], metric: MetricFacts, **how: Any
) -> Judgement:
    """What row scores can carry.

    Args:
        judge_it: judges influence values, as `judge` does.
        entries: row scores; anything else is failed.
        metric: of `row_score_facts`.
        **how: as `judge` takes it.

    Raises:
        MleeError: no entry could be judged.
    """
    answered = rows_all_answered(entries, metric)
    beside = {what: answered.of(how.pop(what, None), what) for what in ("groups", "time", "weights")}
    judgement = judge_it(None, answered.entries, metric=answered.facts, doubts=answered.doubts, **beside, **how)
    return answered.noted(judgement)


def rows_all_answered(entries: Sequence[Entry], metric: MetricFacts) -> Answered:
    """The rows, and of each row the scores, that all candidates have.

    Args:
        entries: row scores; anything else is failed, and so is who was scored by other raters or answered less than
            half of what others did.
        metric: of `row_score_facts`.

    Raises:
        MleeError: nothing is left to judge.
    """
    faults: dict[Entry, str] = {}
    fit = _answering(_of_one_shape(entries, faults), faults)
    if not fit:
        raise MleeError("No candidate could be judged.", next(iter(faults.values()), ""))
    cells = np.array([entry.rows if entry.rows.ndim == 2 else entry.rows[:, None] for entry in fit])
    there = ~np.isnan(cells)
    common = there.all(axis=0)
    kept = common.any(axis=1)
    if np.count_nonzero(kept) < 2:
        raise MleeError(
            f"Only {int(np.count_nonzero(kept))} of {len(kept):,} rows have a score of every candidate.",
            "Score the rows that are missing, or leave out who skipped most.",
        )
    facts = row_score_facts(metric.name, metric.higher_is_better, [entry.rows for entry in fit])
    scores, judged = {}, []
    for entry, own in zip(fit, cells, strict=True):
        mine = np.where(common, own, np.nan)
        scored, kind = scored_rows(facts, mean_of_row(mine)[kept]), ResultKind.INFLUENCE
        value = facts.sign * scored.theta
        judged.append(replace(entry, rows=scored.psi, kind=kind, value=value, df=scored.df))
        scores[judged[-1]] = (mine if entry.rows.ndim == 2 else mine[:, 0])[kept]
    return Answered(
        entries=judged,
        facts=facts,
        kept=kept,
        scores=scores,
        failed=_by_name(faults, fit),
        left_out=_left_out(fit, there.any(axis=2), kept, cells),
    )


def _of_one_shape(entries: Sequence[Entry], faults: dict[Entry, str]) -> list[Entry]:
    """Those scored by the raters that scored most; the others are at fault."""
    of_rows = [entry for entry in entries if entry.kind is ResultKind.ROW_SCORES]
    for entry in entries:
        if entry.kind is not ResultKind.ROW_SCORES:
            faults[entry] = f"It has {entry.kind.value}, the others scores of rows. Record its row scores."
    by = Counter((len(entry.rows), whose(entry)) for entry in of_rows)
    usual, _ = by.most_common(1)[0] if by else ((0, ""), 0)
    for entry in of_rows:
        if (len(entry.rows), whose(entry)) != usual:
            faults[entry] = (
                f"It has {whose(entry)} on {len(entry.rows):,} rows, the others {usual[1]} on {usual[0]:,}: "
                "raters that differ would be compared too. Hand over the same of all."
            )
    return [entry for entry in of_rows if entry not in faults]


def whose(entry: Entry) -> str:
    """How many scores a row has, and whose they are.

    Args:
        entry: of row scores.
    """
    columns = entry.rows.shape[1] if entry.rows.ndim == 2 else 1
    return (entry.note or raters_note(columns)) if columns > 1 else "1 score a row"


def _names_of(note: str | None) -> list[str]:
    _, told, names = (note or "").partition(": ")
    return names.split(", ") if told else []


def _answering(entries: list[Entry], faults: dict[Entry, str]) -> list[Entry]:
    """Without those that would leave too few rows to the others."""
    answered = {entry: int(np.count_nonzero(~np.isnan(mean_of_row(entry.rows)))) for entry in entries}
    most = max(answered.values(), default=0)
    for entry, count in answered.items():
        if count < LEAST_ANSWERED * most:
            faults[entry] = (
                f"It has a score on {count:,} of {len(entry.rows):,} rows, less than half of the others': "
                "they are judged without it. Score it on all rows."
            )
    return [entry for entry in entries if entry not in faults]


def _by_name(faults: Mapping[Entry, str], judged: Sequence[Entry]) -> dict[str, str]:
    """Of a candidate with another variant that could be judged only the variant is named."""
    stand = {entry.candidate for entry in judged}
    return {
        f"{entry.candidate} ({entry.variant})" if entry.candidate in stand else entry.candidate: why
        for entry, why in faults.items()
    }


# ---------------------------------------------------------------- what is said of it


def _left_out(entries: Sequence[Entry], there: np.ndarray, kept: np.ndarray, cells: np.ndarray) -> str | None:
    """Which rows are left out, on whose account, and whether they were the hard ones."""
    out = ~kept
    if not out.any():
        return None
    lacking = {entry.candidate: int(np.count_nonzero(~mine)) for entry, mine in zip(entries, there, strict=True)}
    lacking = {name: count for name, count in lacking.items() if count}
    who = [f"{shown(name, 30)} has none on {count:,}" for name, count in list(lacking.items())[:MOST_NAMED]]
    more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
    said = f"Judged on the {int(kept.sum()):,} of {len(kept):,} rows that all have a score on ({'; '.join(who)}{more})."
    return f"{said} {_of_those_left_out(there, out, kept, cells)}"


def _of_those_left_out(there: np.ndarray, out: np.ndarray, kept: np.ndarray, cells: np.ndarray) -> str:
    sums = np.where(np.isnan(cells), 0.0, cells).sum(axis=(0, 2))
    counts = (~np.isnan(cells)).sum(axis=(0, 2))
    seen = out & (counts > 0)
    if not seen.any():
        return f"On the {int(out.sum()):,} left out nobody has one."
    rows = np.divide(sums, counts, out=np.zeros(len(sums)), where=counts > 0)
    # of whoever answered there, on both sides: else another candidate's level would be compared
    answering = there[:, seen].any(axis=1)
    some = np.where(np.isnan(cells[answering]), 0.0, cells[answering]).sum(axis=(0, 2))
    many = (~np.isnan(cells[answering])).sum(axis=(0, 2))
    here = np.divide(some, many, out=np.zeros(len(some)), where=many > 0)
    apart, rest = rows[seen], here[kept]
    both = f"There those who have one average {apart.mean():.4g}, on the rest {rest.mean():.4g}"
    if len(apart) < 2:
        return f"{both}."
    error = float(np.sqrt(apart.var(ddof=1) / len(apart) + rest.var(ddof=1) / len(rest)))
    if abs(apart.mean() - rest.mean()) <= CLEAR * error:
        return f"{both}: no clear difference."
    return f"{both}: what was left out is another kind of row, and nothing is said of it."


def _said_of(noise: RaterNoise | None, names: Sequence[str], leader: str) -> str | None:
    """Whether more scores a row would tell more, and who of the raters sees it the other way."""
    if noise is None:
        return None
    said = f"{noise.a_row:.3g} scores a row were averaged; within a row they differ by {noise.spread:.3g}"
    share = f" (standard deviation), {100 * noise.share:.0f}% of the first two's uncertainty."
    against = [names[place] if place < len(names) else f"rater {place + 1}" for place in noise.against]
    if not against:
        return said + share
    many = f" and {len(against) - MOST_NAMED} more" if len(against) > MOST_NAMED else ""
    listed = ", ".join(shown(name, 30) for name in against[:MOST_NAMED])
    return f"{said}{share} By {listed}{many} alone, {shown(leader, 40)} is not ahead of the second."
