"""What the arms differ by, metric by metric: tea-tasting's means, ratios and values from before, on sums alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import clean
from mlee_jupyter.stats.distributions import normal_quantile, normal_tail

from .arm_table import ROWS_OF_A_UNIT, ArmTable

if TYPE_CHECKING:
    from tea_tasting.aggr import Aggregates

FEWEST_UNITS = 30  # of an arm; below, a mean of anything skewed is far from normal
FEWEST_EVENTS = 10  # of a yes-or-no metric, in both arms together, of either kind


@dataclass(frozen=True, kw_only=True)
class ArmEffect:
    """One metric in two arms.

    Attributes:
        metric: its column.
        control: mean (or ratio) without the change.
        treatment: mean with it.
        value: treatment minus control.
        low: end of the range.
        high: end of the range.
        error: standard error of the value.
        z: the value in standard errors, with few units pulled in to where a normal deviate is as rare.
        relative: value over control, and its range; None where control is not above 0.
        is_rate: whether each unit is a yes or a no.
        too_few: why nothing can be said yet; "" where something can.
        held_back: share of the squared error that values from before took away.
    """

    metric: str
    control: float
    treatment: float
    value: float
    low: float
    high: float
    error: float
    z: float
    relative: tuple[float, float, float] | None
    is_rate: bool
    too_few: str
    held_back: float


class Effects:
    """The sums of a table, read once, and each metric's effect at any level."""

    def __init__(self, table: ArmTable) -> None:
        self.table = table
        self.columns = table.columns
        self._sums = self._read()

    def of(self, metric: str, bound: float) -> ArmEffect:
        """A metric's effect, its range as wide as a normal deviate that passes `bound` is rare.

        Args:
            metric: a column of the table.
            bound: of |Z|, at most 7.

        Raises:
            MleeError: the metric never differs between units.
        """
        key = self.table.keys[metric]
        control, treatment = (self._sums[arm] for arm in (self.table.control, self.table.treatment))
        level = 1 - 2 * normal_tail(bound)
        below = self._metric(key).denom
        if below is not None and min(float(sums.mean(below)) for sums in (control, treatment)) <= 0:
            raise MleeError(
                f"What {clean(metric, 40)} is divided by adds up to 0 or less.", "Name another denominator."
            )
        if all(self._spread(key, sums) <= 0 for sums in (control, treatment)):
            raise MleeError(f"{clean(metric, 40)} is the same for every unit.", "Name a metric that differs.")
        seen = self._analyzed(key, control, treatment, confidence_level=level, use_t=True)
        plain = self._analyzed(key, control, treatment, confidence_level=0.95, use_t=False)
        error = (plain.effect_size_ci_upper - plain.effect_size_ci_lower) / 2 / normal_quantile(0.975)
        if not (error > 0 and math.isfinite(seen.effect_size) and math.isfinite(error)):
            raise MleeError(
                f"{clean(metric, 40)} has no difference that can be computed.",
                "Look at its numbers, and its denominator.",
            )
        held = (seen.control, seen.rel_effect_size, seen.rel_effect_size_ci_lower, seen.rel_effect_size_ci_upper)
        above = min(seen.control, seen.treatment) > 0 and all(map(math.isfinite, held))
        is_rate = self._is_rate(key)
        return ArmEffect(
            metric=metric,
            control=float(seen.control),
            treatment=float(seen.treatment),
            value=float(seen.effect_size),
            low=float(seen.effect_size_ci_lower),
            high=float(seen.effect_size_ci_upper),
            error=error,
            z=_deviate(float(seen.statistic), float(seen.pvalue)),
            relative=(float(held[1]), float(held[2]), float(held[3])) if above else None,
            is_rate=is_rate,
            too_few=self._too_few(key, is_rate),
            held_back=self._held_back(key, error),
        )

    def _metric(self, name: str, *, before: bool = True, **settings: Any) -> Any:
        import tea_tasting as tt

        denominator = self.columns.denominators.get(name)
        if denominator is None and self.table.clustered and self.columns.per == "row":
            denominator = ROWS_OF_A_UNIT
        covariate = self.columns.covariates.get(name) if before else None
        return tt.RatioOfMeans(name, denominator, covariate, equal_var=False, alternative="two-sided", **settings)

    def _analyzed(
        self, key: str, control: Aggregates, treatment: Aggregates, *, before: bool = True, **level: Any
    ) -> Any:
        """The effect as tea-tasting has it; means near 0, where its relative range overflows, are moved."""
        metric = self._metric(key, before=before, **level)
        with np.errstate(all="ignore"):
            try:
                return metric.analyze_aggregates(control, treatment)
            except (OverflowError, ZeroDivisionError):
                pass
            away = 10 * max(abs(sums.mean(key)) + math.sqrt(sums.var(key)) for sums in (control, treatment))
            denominator = metric.denom
            found = metric.analyze_aggregates(*(_moved(sums, key, denominator, away) for sums in (control, treatment)))
            return found._replace(
                control=found.control - away, treatment=found.treatment - away, rel_effect_size=math.nan
            )

    def _spread(self, key: str, sums: Aggregates) -> float:
        return float(sums.ratio_var(key, self._metric(key).denom))

    def _read(self) -> Mapping[Any, Aggregates]:
        from tea_tasting.metrics.base import AggrCols, aggregate_by_variants

        asked = AggrCols(has_count=True)
        for name in self.columns.metrics:
            asked = asked | self._metric(name).aggr_cols
        sums: dict[Any, Any] = aggregate_by_variants(self.table.native, aggr_cols=asked, variant=self.columns.arm)
        return sums

    def _is_rate(self, metric: str) -> bool:
        """0 and 1 alone: the variance of such a column is told by its mean."""
        if metric in self.columns.denominators or self.table.clustered:
            return False
        if (self.table.low[metric], self.table.high[metric]) != (0.0, 1.0):
            return False
        for key in (self.table.control, self.table.treatment):
            sums = self._sums[key]
            mean, count = float(sums.mean(metric)), sums.count()
            if count < 2 or not math.isclose(
                sums.var(metric), mean * (1 - mean) * count / (count - 1), rel_tol=1e-6, abs_tol=1e-12
            ):
                return False
        return True

    def _too_few(self, metric: str, is_rate: bool) -> str:
        counts = [self._sums[key].count() for key in (self.table.control, self.table.treatment)]
        if min(counts) < FEWEST_UNITS:
            return f"{min(counts):,} units in an arm are too few for a range; {FEWEST_UNITS} are the least"
        if is_rate:
            keys = (self.table.control, self.table.treatment)
            yes = sum(self._sums[key].mean(metric) * self._sums[key].count() for key in keys)
            rarer = round(min(yes, sum(counts) - yes))
            if rarer < FEWEST_EVENTS:
                return f"{rarer} of the rarer outcome are too few for a range; {FEWEST_EVENTS} are the least"
        return ""

    def _held_back(self, metric: str, error: float) -> float:
        if metric not in self.columns.covariates:
            return 0.0
        control, treatment = (self._sums[key] for key in (self.table.control, self.table.treatment))
        plain = self._analyzed(metric, control, treatment, before=False, confidence_level=0.95, use_t=False)
        wide = (plain.effect_size_ci_upper - plain.effect_size_ci_lower) / 2 / normal_quantile(0.975)
        return max(0.0, 1 - (error / wide) ** 2) if wide > 0 else 0.0


def step_down(
    effects: Effects, metrics: tuple[str, ...], bound: Callable[[float], float], alpha: float
) -> dict[str, ArmEffect]:
    """Several metrics, each with a range at the level of its step (Holm 1979): the clearest first, as if alone of all.

    Args:
        effects: of the table.
        metrics: columns.
        bound: of |Z|, for a chance of a false alarm.
        alpha: for all of them together.
    """
    shown: dict[str, ArmEffect] = {}
    order = sorted(metrics, key=lambda name: -abs(effects.of(name, 2.0).z))
    left = len(order)
    for name in order:
        found = effects.of(name, bound(alpha / left))
        shown[name] = found
        if left > 1 and not found.low <= 0 <= found.high:
            left -= 1  # once one fails, the rest stay at its level
    return {name: shown[name] for name in metrics}


def _moved(sums: Aggregates, key: str, denominator: str | None, away: float) -> Aggregates:
    """The same sums of numerator + away * denominator: the ratio moves, what it scatters by does not."""
    from tea_tasting.aggr import Aggregates

    def with_all(other: str | None) -> float:
        return float(sums.var(key) if other == key else sums.cov(key, other))

    def of_denominator(other: str) -> float:
        if denominator is None:
            return 0.0
        return float(sums.var(denominator) if other == denominator else sums.cov(denominator, other))

    others = [name for name in sums.mean_ if name != key]
    variance = sums.var(key)
    if denominator is not None:
        variance += 2 * away * sums.cov(key, denominator) + away**2 * sums.var(denominator)
    return Aggregates(
        count_=sums.count_,
        mean_={**sums.mean_, key: sums.mean(key) + away * sums.mean(denominator)},
        var_={**sums.var_, key: variance},
        cov_={
            **sums.cov_,
            **{(key, one): with_all(one) + away * of_denominator(one) for one in others if _has(sums, key, one)},
        },
    )


def _has(sums: Aggregates, one: str, other: str) -> bool:
    return tuple(sorted((one, other))) in sums.cov_


def _deviate(statistic: float, rare: float) -> float:
    """A t statistic as the normal deviate that is as rare; far out, where nothing is left, as it is."""
    from scipy.special import ndtri

    if not rare > 1e-300:
        return statistic
    return math.copysign(-float(ndtri(rare / 2)), statistic)
