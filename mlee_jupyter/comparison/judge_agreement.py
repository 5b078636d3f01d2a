"""How far a judge's grades can be trusted, where people graded a part of the rows."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.own_scores.agreement import FEWEST, Agreed, Favour, agreement, favour_of
from mlee_jupyter.stats.own_scores.row_score import mean_of_row
from mlee_jupyter.stats.own_scores.row_scores import as_row_scores
from mlee_jupyter.stats.rows.columns import shown

from .comparing import demand_one_order, named_predictions

if TYPE_CHECKING:
    import pandas as pd

MOST_SAID = 3
ALPHA = 0.05


@dataclass(frozen=True, kw_only=True)
class JudgeAgreement:
    """How far a judge's grades agree with people's; prints in plain words.

    Attributes:
        rows: graded by both, over all candidates.
        agreement: over all of them; None where nothing varies.
        of_each: the same by candidate; None where too few rows were graded by both.
        favours: how the judge's error differs between each two candidates, on the rows graded of both.
    """

    rows: int
    agreement: Agreed | None
    of_each: Mapping[str, Agreed | None]
    favours: tuple[Favour, ...]

    def __repr__(self) -> str:
        return "\n".join([self._agreed(), *self._of_each(), *self._leaning()])

    def _agreed(self) -> str:
        found = self.agreement
        if found is None:
            return f"On {self.rows:,} rows graded by both nothing varies: agreement cannot be told."
        what = "weighted kappa" if found.graded else "concordance"
        return (
            f"The judge agrees with people by {found.agreement:.2f} ({what}, 95% range {found.low:.2f} to "
            f"{found.high:.2f}; 1 is the same, 0 unrelated) on {found.rows:,} graded answers; "
            f"{100 * found.same:.0f}% have the same grade."
        )

    def _of_each(self) -> list[str]:
        said = [
            f"  {shown(name, 40)}: {one.agreement:.2f} ({one.low:.2f} to {one.high:.2f}) on {one.rows:,}"
            for name, one in self.of_each.items()
            if one is not None
        ]
        return said if len(said) > 1 else []

    def _leaning(self) -> list[str]:
        if not self.favours:
            return [
                f"Fewer than {FEWEST} rows were graded of two candidates: whether the judge favours one is not known."
            ]
        clear = sorted((one for one in self.favours if one.is_clear), key=lambda one: -abs(one.favour))
        if not clear:
            widest = max(max(abs(one.low), abs(one.high)) for one in self.favours)
            up_to = f"; a favour of up to {widest:.2g} cannot be ruled out" if widest > 0 else " on these rows"
            return [f"No candidate is clearly favoured{up_to}."]
        return [
            f"It favours {shown(one.candidate, 40)} over {shown(one.other, 40)} by {one.favour:.2g} "
            f"({one.low:.2g} to {one.high:.2g}) against people: a lead of that size may be the judge's."
            for one in clear[:MOST_SAID]
        ]


def judge_agreement(
    row_scores: Mapping[str, Any] | pd.DataFrame, people: Mapping[str, Any] | pd.DataFrame
) -> JudgeAgreement:
    """How far a judge's grades can be trusted: their agreement with people's, and whom they favour.

    Args:
        row_scores: the judge's grades by candidate, one a row (of several a row the mean).
        people: people's grades of the same answers, NaN or None where nobody graded; of some candidates or all.

    Raises:
        MleeError: no such grades, other rows, an unknown candidate, or fewer than ten rows that both graded.
    """
    judged, graded = named_predictions(row_scores), named_predictions(people)
    strange = next((name for name in graded if name not in judged), None)
    if strange is not None:
        raise MleeError(f"People graded {shown(strange)}, which the judge did not.", "Check the spelling.")
    demand_one_order({**{f"the judge's {name}": v for name, v in judged.items()}, **graded})
    errors: dict[str, np.ndarray] = {}
    pairs: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name, values in graded.items():
        ours = mean_of_row(as_row_scores(judged[name], name).values)
        theirs = mean_of_row(as_row_scores(values, f"people's {name}").values)
        if len(ours) != len(theirs):
            raise MleeError(
                f"People's {shown(name)} has {len(theirs):,} grades, the judge's {len(ours):,}.",
                "Give one for each row, NaN where nobody graded.",
            )
        pairs[name], errors[name] = (ours, theirs), ours - theirs
    rows = sum(int(np.count_nonzero(~np.isnan(error))) for error in errors.values())
    if rows < FEWEST:
        raise MleeError(f"{rows} answers were graded by both; {FEWEST} are needed.", "Let people grade more.")
    ours, theirs = (np.concatenate([pair[place] for pair in pairs.values()]) for place in (0, 1))
    whole = agreement(ours, theirs, np.concatenate([np.arange(len(pair[0])) for pair in pairs.values()]))
    twos = [two for two in itertools.combinations(errors, 2) if len(errors[two[0]]) == len(errors[two[1]])]
    alpha = ALPHA / max(1, len(twos))  # so that among many pairs none is said to be favoured by chance (Bonferroni)
    favours = [favour_of(one, errors[one], other, errors[other], alpha) for one, other in twos]
    turned = tuple(_turned(one) for one in favours if one is not None)
    each = {name: agreement(*pair) for name, pair in pairs.items()}
    return JudgeAgreement(rows=rows, agreement=whole, of_each=each, favours=turned)


def _turned(one: Favour) -> Favour:
    """The same with the favoured candidate first."""
    if one.favour >= 0:
        return one
    return Favour(
        candidate=one.other, other=one.candidate, rows=one.rows, favour=-one.favour, low=-one.high, high=-one.low
    )
