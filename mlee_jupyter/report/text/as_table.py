"""Rows as a pandas table, whatever text they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def as_table(rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a DataFrame; text that Arrow cannot hold (half a surrogate pair in a name) stays as Python has it."""
    import pandas as pd  # heavy: only when a table is asked for

    def column(place: int) -> pd.Series[Any]:
        values = [row[place] for row in rows]
        try:
            return pd.Series(values)
        except UnicodeEncodeError:
            return pd.Series(values, dtype=object)

    return pd.DataFrame({name: column(place) for place, name in enumerate(columns)}, columns=list(columns))
