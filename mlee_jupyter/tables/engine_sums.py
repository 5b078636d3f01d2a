"""Sums over the rows of a table, computed by whatever holds it: one question each, no row comes back.

The scores of a row are centred before they are multiplied, by the table itself, so that nothing is lost where all of
them are large; what the first mean missed by rounding is put back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlee_jupyter.stats.sums.summed import Scaled

from .order_statistics import quantile
from .table_frame import as_flag, computed_once, rows_of

AT_ONCE = 300  # sums asked in one question: PostgreSQL answers 1,664 columns at most
WEIGHT, GAIN, CENTRED, SHARED, WHOLE = "weight", "gain {}", "centred {}", "shared", "group"


class EngineSums:
    """Centred scores of K columns of a table, and sums over them."""

    def __init__(self, frame: Any, count: int, n: int, copies: int = 1) -> None:
        """Two questions: the means, then what is left beside them.

        Args:
            frame: lazy, with a column of gains for each place, higher is better, and of weights with mean 1.
            count: K.
            n: rows.
            copies: every row stands so often, and counts once.
        """
        import narwhals as nw

        self.frame, self.count, self._rows, self._copies = frame, count, n, copies
        weight, gains = nw.col(WEIGHT), [nw.col(GAIN.format(place)) for place in range(count)]
        asked: dict[str, Any] = {}
        for k, gain in enumerate(gains):
            asked |= {f"sum {k}": (weight * gain).sum(), f"low {k}": gain.min(), f"high {k}": gain.max()}
        found = self._asked(frame, asked)
        self._means = [  # exact where all rows are alike
            found[f"low {k}"] if found[f"low {k}"] == found[f"high {k}"] else found[f"sum {k}"] / n
            for k in range(count)
        ]
        with_centred = frame.with_columns(
            *((weight * (gain - mean)).alias(CENTRED.format(k)) for k, (gain, mean) in self._usable(gains))
        )
        self._centred = computed_once(with_centred, n)
        self._read_powers(nw)
        self._crossed: np.ndarray | None = None
        self._leads: dict[tuple[Scaled, Scaled], float] = {}
        self._apart: dict[tuple[Scaled, Scaled], tuple[float, float, float]] = {}

    def _usable(self, gains: Sequence[Any]) -> list[tuple[int, tuple[Any, float]]]:
        finite = [mean if math.isfinite(mean) else 0.0 for mean in self._means]
        return list(enumerate(zip(gains, finite, strict=True)))

    def _read_powers(self, nw: Any) -> None:
        asked: dict[str, Any] = {}
        for k in range(self.count):
            x = nw.col(CENTRED.format(k))
            asked |= {f"rest {k}": x.sum(), f"squares {k}": (x * x).sum(), f"cubes {k}": (x * x * x).sum()}
            asked |= {f"low {k}": x.min(), f"high {k}": x.max()}
        found = self._asked(self._centred, asked)
        ks = range(self.count)
        self.means = [self._means[k] + found[f"rest {k}"] / self._rows for k in ks]
        self._powers = [(found[f"squares {k}"] / self._copies, found[f"cubes {k}"] / self._copies) for k in ks]
        self._largest = [max(abs(found[f"low {k}"]), abs(found[f"high {k}"])) for k in ks]

    @property
    def n(self) -> int:
        """Rows that count."""
        return self._rows // self._copies

    def powers(self, place: int) -> tuple[float, float]:
        """The sums of squares and of third powers of a column.

        Args:
            place: of the column.
        """
        return self._powers[place]

    def largest(self, place: int) -> float:
        """The largest value of a column, in size.

        Args:
            place: of the column.
        """
        return self._largest[place]

    def gram(self, columns: Sequence[Scaled], shares: np.ndarray) -> np.ndarray:
        """Sums of products (K, K) of columns less their mean with given shares.

        Args:
            columns: places and factors.
            shares: (K,) of each in what is taken off.
        """
        import narwhals as nw

        terms = [
            float(share * column.factor) * nw.col(CENTRED.format(column.place))
            for share, column in zip(shares, columns, strict=True)
            if share * column.factor != 0
        ]
        frame = self._centred
        if terms:
            frame = frame.with_columns(sum(terms[1:], terms[0]).alias(SHARED))
        own = [column.factor * nw.col(CENTRED.format(column.place)) for column in columns]
        less = [(one - nw.col(SHARED) if terms else one).alias(f"x {k}") for k, one in enumerate(own)]
        some = computed_once(frame.select(*less), self._rows)
        pairs = [(i, j) for i in range(len(columns)) for j in range(i, len(columns))]
        found = self._asked(some, {f"{i} {j}": (nw.col(f"x {i}") * nw.col(f"x {j}")).sum() for i, j in pairs})
        gram = np.zeros((len(columns), len(columns)))
        for i, j in pairs:
            gram[i, j] = gram[j, i] = found[f"{i} {j}"] / self._copies
        return gram

    def crossed(self, places: Sequence[int]) -> np.ndarray:
        """Sums of x_i^2 x_j (K, K).

        Args:
            places: of the columns.
        """
        import narwhals as nw

        if self._crossed is None:
            x = [nw.col(CENTRED.format(k)) for k in range(self.count)]
            asked = {f"{i} {j}": (x[i] * x[i] * x[j]).sum() for i in range(self.count) for j in range(self.count)}
            found = self._asked(self._centred, asked)
            whole = [[found[f"{i} {j}"] / self._copies for j in range(self.count)] for i in range(self.count)]
            self._crossed = np.array(whole)
        return self._crossed[np.ix_(list(places), list(places))]

    def leads(self, wanted: Sequence[tuple[Scaled, Scaled]]) -> list[float]:
        """By how much the first of a pair is above the second at the most.

        Args:
            wanted: the pairs.
        """
        new = [pair for pair in dict.fromkeys(wanted) if pair not in self._leads]
        if new:
            asked = {str(k): self._difference(*pair).max() for k, pair in enumerate(new)}
            found = self._asked(self._centred, asked)
            self._leads |= {pair: found[str(k)] for k, pair in enumerate(new)}
        return [self._leads[pair] for pair in wanted]

    def apart(self, one: Scaled, other: Scaled) -> tuple[float, float, float]:
        """Of the difference of two columns the sums of second and fourth powers, and the largest square.

        Args:
            one: a column.
            other: another one.
        """
        if (one, other) not in self._apart:
            squared = self._difference(one, other) ** 2
            asked = {"squares": squared.sum(), "fourths": (squared * squared).sum(), "most": squared.max()}
            found = self._asked(self._centred, asked)
            sums = (found["squares"] / self._copies, found["fourths"] / self._copies, found["most"])
            self._apart[one, other] = sums
        return self._apart[one, other]

    def rows_apart(self, one: Scaled, other: Scaled, least: float) -> int:
        """Rows on which the squared difference of two columns is above a limit.

        Args:
            one: a column.
            other: another one.
            least: the limit.
        """
        apart = as_flag(self._difference(one, other) ** 2 > least).sum()
        return round(self._asked(self._centred, {"rows": apart})["rows"]) // self._copies

    def hits(self, places: Sequence[int], most_rows: int, most_kinds: int) -> tuple[np.ndarray, np.ndarray] | None:
        """Which columns are right (K, P) where not all are alike, and on how many rows (P,).

        Args:
            places: of columns whose gains are 0 or 1.
            most_rows: such rows.
            most_kinds: kinds of them.
        """
        import narwhals as nw

        gains = [GAIN.format(place) for place in places]
        right = sum((nw.col(one) for one in gains[1:]), nw.col(gains[0]))
        mixed = self.frame.with_columns(right.alias("right")).filter(
            (nw.col("right") > 0.5) & (nw.col("right") < len(gains) - 0.5)
        )
        rows = round(rows_of(mixed.select(nw.len().alias("rows")))[0]["rows"])
        if rows > most_rows * self._copies:
            return None
        kinds = rows_of(mixed.group_by(*dict.fromkeys(gains)).agg(nw.len().alias("rows")).head(most_kinds + 1))
        if len(kinds) > most_kinds:
            return None
        patterns = np.array([[kind[one] > 0.5 for kind in kinds] for one in gains], dtype=bool)
        return patterns.reshape(len(gains), -1), np.array([int(kind["rows"]) // self._copies for kind in kinds])

    def group_sums(self, most: int) -> tuple[np.ndarray, np.ndarray] | None:
        """Sums of each column over groups (K, G), and the rows of each (G,).

        Args:
            most: groups; of more, nothing is told.
        """
        import narwhals as nw

        asked = [nw.col(CENTRED.format(k)).sum().alias(str(k)) for k in range(self.count)]
        grouped = self._centred.group_by(WHOLE).agg(nw.len().alias("rows"), *asked)
        if round(rows_of(grouped.select(nw.len().alias("groups")))[0]["groups"]) > most:
            return None
        found = grouped.sort(WHOLE).collect().to_arrow()
        sums = np.array([found[str(k)].to_numpy().astype(np.float64) for k in range(self.count)])
        return sums, found["rows"].to_numpy().astype(np.float64)

    def median(self, place: int) -> float:
        """The median of a column.

        Args:
            place: of the column.
        """
        return quantile(self._centred, CENTRED.format(place), 0.5, self._rows)

    def _difference(self, one: Scaled, other: Scaled) -> Any:
        import narwhals as nw

        first, second = (f.factor * nw.col(CENTRED.format(f.place)) for f in (one, other))
        return first - second

    def _asked(self, frame: Any, wanted: Mapping[str, Any]) -> dict[str, float]:
        """The answers, as numbers: what a database gives as a decimal, too."""
        found: dict[str, float] = {}
        names = list(wanted)
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            (answer,) = rows_of(frame.select(*(wanted[name].alias(name) for name in some)))
            found |= {name: math.nan if answer[name] is None else float(answer[name]) for name in some}
        return found
