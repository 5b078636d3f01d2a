"""What `compare` gives back: the judgement with a table, words and a plain JSON value."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from mlee_jupyter import report
from mlee_jupyter.domain import Judgement
from mlee_jupyter.judge.rows_for import rows_for
from mlee_jupyter.report.text.as_table import as_table
from mlee_jupyter.stats.size.power import POWER

if TYPE_CHECKING:
    import pandas as pd

    from mlee_jupyter.report import Said


class Comparison:
    """Candidates judged on the same rows; prints as a small table.

    Attributes:
        judgement: everything, as a value of `mlee_jupyter.domain`.
        failed: candidates that could not be judged, with the reason.
        remarks: what else there is to say of what was handed over.
    """

    def __init__(
        self, judgement: Judgement, failed: Mapping[str, str] | None = None, remarks: tuple[str, ...] = ()
    ) -> None:
        self.remarks = remarks
        self.judgement = dataclasses.replace(judgement, failed=dict(judgement.failed if failed is None else failed))

    @property
    def failed(self) -> Mapping[str, str]:
        """Candidates that could not be judged, with the reason."""
        return self.judgement.failed

    @property
    def best_set(self) -> tuple[str, ...]:
        """Candidates that cannot be told from the best, best score first."""
        return self.judgement.best_set

    @property
    def leader(self) -> str:
        """The candidate with the best score, which need not be the best."""
        return self.judgement.leader

    @property
    def winner(self) -> str | None:
        """The best candidate, if the rows can tell; else None."""
        return self.judgement.winner

    @property
    def no_winner_reason(self) -> str | None:
        """Why this sample may name no winner at all, in plain words."""
        return self.judgement.no_winner_reason

    @property
    def recommended(self) -> str | None:
        """The simplest candidate that costs at most the useful gain; None if none is sure to."""
        return self.judgement.recommended

    @property
    def rows_needed(self) -> int | None:
        """Rows to separate the leader from the nearest member of the best set at 80% power, if the gap is real."""
        return self.judgement.rows_needed

    def rows_for(self, gain: float | None = None, candidate: Any = None, power: float = POWER) -> int | None:
        """Rows on which the leader would be named the winner, if it truly were better by `gain`.

        What `mlee_jupyter.rows_needed` expects is measured here: how much the candidates differ from row to row.

        Args:
            gain: better than every other member of the best set, in the metric's units, above 0; None: the useful gain.
            candidate: the only one that matters; None: all of the best set, or the next best where it has one member.
            power: chance of naming it, in [0.5, 1).

        Returns:
            None where there are no rows (fold scores), or nobody to compare with.

        Raises:
            MleeError: a number out of its bounds, or no such candidate.
        """
        wanted = None if candidate is None else str(candidate)
        return rows_for(self.judgement, gain, wanted, power)

    @property
    def flattery(self) -> float:
        """How much choosing the best of all that were looked at flatters the leader's score."""
        return self.judgement.flattery

    @property
    def useful_gain(self) -> float:
        """The smallest difference worth acting on, in the metric's units."""
        return self.judgement.useful_gain

    @property
    def useful_gain_assumed(self) -> bool:
        """Whether nobody declared it."""
        return self.judgement.useful_gain_assumed

    @property
    def table(self) -> pd.DataFrame:
        """One row per candidate, best score first."""
        columns = ["candidate", "score", "low", "high", "verdict", "p_value", "cost_bound"]
        columns += ["behind", "behind_low", "behind_high", "rows_needed", "disagreements", "simplicity"]
        rows = [[_plain(getattr(standing, column)) for column in columns] for standing in self.judgement.standings]
        frame = as_table(rows, columns)
        whole = ["rows_needed", "disagreements", "simplicity"]
        return frame.astype({**dict.fromkeys(whole, "Int64"), "p_value": "float64"})

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values (no NaN, no infinity)."""
        plain = _plain(self.judgement)
        assert isinstance(plain, dict)
        return plain

    def explain(self, name: Any = None) -> Said:
        """In plain words why a candidate stands where it does, or what a number means.

        Args:
            name: a candidate, a free baseline, or a number: "score", "range", "behind", ...; None: the headline.

        Raises:
            MleeError: nothing of that name is here; the nearest names are given.
        """

        return report.of_comparison(self.judgement, None if name is None else str(name))

    def figure(self, ax: Any = None) -> Any:
        """Each candidate's difference to the best, with the useful gain as a band.

        Args:
            ax: matplotlib Axes to draw on; None: new ones.

        Returns:
            matplotlib's Axes; where matplotlib is not installed a picture that a notebook shows by itself.
        """
        return report.figure((self.judgement,), ax)

    def __repr__(self) -> str:
        return report.comparison_text(self.judgement, self.remarks)

    def _repr_html_(self) -> str:
        return report.comparison_html(self.judgement, self.remarks)


def _plain(value: Any) -> Any:
    """A value of the domain as JSON knows it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
