"""From what was measured of a model and how it is to be used, to a cost a month: five ways to serve, each by hand.

Machines are counted for the busiest hour and kept at most 60% busy. A month has 730 hours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from mlee_jupyter.domain import Serving
from mlee_jupyter.domain.model_seen import ModelSeen
from mlee_jupyter.domain.month_costs import CostPart, MonthCost, mode_of
from mlee_jupyter.domain.text.periods import DAY, HOUR, MONTH, named_period, period_or_none

from .price_list import Price, PriceList, oldest

BUSY = 0.6  # of a machine's time; beyond it requests wait for each other
PEAK = 4.0  # the busiest hour has so many times the requests of the mean hour
AT_LEAST = 2  # machines behind a balancer: one may fail, or be renewed
START_UP = 300.0  # seconds that a batch needs to find a machine, load and write
BASE_GB = 0.25  # of memory that Python and its libraries take before there is a model
MACHINE_GB = 4.0  # that come with one processor
FUNCTION_GB = 0.125  # the least that a function is given, and the step
FUNCTION_SECONDS = 0.001  # the least that a call is charged
ANSWER_BYTES = 100.0  # of one answer that is kept


def month_cost(serving: Serving | None, model: ModelSeen | None, fit_seconds: float, prices: PriceList) -> MonthCost:
    """What running it costs a month.

    Args:
        serving: what the charter says of its use.
        model: as it was measured; None where no fitted model was handed over.
        fit_seconds: that its run took, as what training it again would take.
        prices: a low and a high one of each thing.
    """
    mode = mode_of(serving.mode) if serving is not None else None
    if serving is None or mode is None:
        named = "no way of serving is named" if serving is None or not serving.mode else f"{serving.mode!r} is none of"
        known = "" if named.startswith("no") else " batch, on demand, real-time, stream, device"
        return MonthCost(missing=(f"{named}{known}, so what running it costs cannot be said",))
    if lacking := _lacking(mode, serving, model):
        return MonthCost(
            mode=mode, missing=tuple(f"{what}, so what running it costs cannot be said" for what in lacking)
        )
    assert model is not None
    missing, value = _left_out(mode, serving, model), serving.value_per_month
    if value is not None and serving.currency and serving.currency != prices.currency:
        missing.append(f"prices are in {prices.currency}, its worth is in {serving.currency}, so no share can be said")
        value = None
    again = _training(serving, fit_seconds, prices)
    found = MonthCost(
        mode=mode,
        parts=(*_WAYS[mode](serving, model, prices), *again),
        currency=prices.currency,
        as_of=oldest(prices),
        missing=tuple(missing),
        value=value,
    )
    if mode not in ("real-time", "stream") or (period_or_none(serving.used_every) or 0.0) < DAY:
        return found
    batch = (*_batch(serving, model, prices), *again)
    return replace(found, in_batch=(sum(part.low for part in batch), sum(part.high for part in batch)))


def _lacking(mode: str, serving: Serving, model: ModelSeen | None) -> list[str]:
    """What there is no figure without."""
    if model is None:
        return ["no fitted model was handed over"]
    lacking = []
    if mode == "device":
        lacking += ["devices is not written"] if serving.devices is None else []
        return lacking + (["its size is not known"] if model.size is None else [])
    if serving.answers_per_month is None:
        lacking.append("answers_per_month is not written")
    if model.one is None and (mode != "batch" or model.many is None):
        lacking.append("it was not timed" if mode == "batch" else "one answer was not timed")
    return lacking


def _left_out(mode: str, serving: Serving, model: ModelSeen) -> list[str]:
    """What the figure is without."""
    missing = []
    if mode != "device" and model.size is None:
        missing.append("its size is not known, so a machine of the usual size is taken")
    if serving.retrain_every is None:
        missing.append("retrain_every is not written, so training it again is left out")
    return missing


def _memory(model: ModelSeen) -> float:
    """GB that a process needs to answer."""
    return BASE_GB + ((model.size or 0) + (model.working or 0)) / 1e9


def _units(model: ModelSeen) -> int:
    """Processors, each with its memory, that a machine must have."""
    return max(1, math.ceil(_memory(model) / MACHINE_GB))


def _rows(serving: Serving) -> float:
    return 1.0 if serving.rows_per_answer is None else serving.rows_per_answer


def _part(what: str, amount: float, price: Price) -> CostPart:
    return CostPart(what, amount * price.low, amount * price.high)


def _batch(serving: Serving, model: ModelSeen, prices: PriceList) -> list[CostPart]:
    """Rows by the time of one in many, and a start for each run; answers are kept for a month."""
    timed = model.many or model.one
    assert timed is not None
    answers = serving.answers_per_month or 0.0
    runs = MONTH / batch_period(serving)
    hours = (answers * _rows(serving) * timed.median / timed.rows + runs * START_UP) / HOUR
    return [
        _part("machines", hours * _units(model), prices["machine_hour"]),
        _part("storage", answers * ANSWER_BYTES / 1e9, prices["storage_gb_month"]),
    ]


def batch_period(serving: Serving) -> float:
    """Seconds from one batch to the next: as somebody uses the answers, as the mode says, else a day."""
    used = period_or_none(serving.used_every)
    return used if used is not None and math.isfinite(used) else named_period(serving.mode) or DAY


def _seconds_an_answer(serving: Serving, model: ModelSeen, *, tail: bool) -> float:
    """An answer of several rows is one call: the first row as if alone, the others as one of many."""
    assert model.one is not None
    first, each = (one.p95 if tail else one.median for one in (model.one, model.many or model.one))
    return first + max(0.0, _rows(serving) - 1) * each / (model.many or model.one).rows


def machines(serving: Serving, model: ModelSeen, least: int) -> int:
    """So many that the busiest hour keeps each at most 60% busy."""
    peak = PEAK * (serving.answers_per_month or 0.0) / MONTH
    return max(least, math.ceil(peak * _seconds_an_answer(serving, model, tail=True) / BUSY))


def _real_time(serving: Serving, model: ModelSeen, prices: PriceList) -> list[CostPart]:
    """Machines that are always on, at least two, and what spreads requests over them."""
    hours = machines(serving, model, AT_LEAST) * _units(model) * MONTH / HOUR
    return [_part("machines", hours, prices["machine_hour"]), _part("balancer", 1, prices["balancer_month"])]


def _stream(serving: Serving, model: ModelSeen, prices: PriceList) -> list[CostPart]:
    """Machines that are always on, at least one; a queue waits for them, so nothing need spread requests."""
    hours = machines(serving, model, 1) * _units(model) * MONTH / HOUR
    return [_part("machines", hours, prices["machine_hour"])]


def _on_demand(serving: Serving, model: ModelSeen, prices: PriceList) -> list[CostPart]:
    """Memory by time of each call, and the call; memory comes in steps."""
    answers = serving.answers_per_month or 0.0
    memory = FUNCTION_GB * math.ceil(_memory(model) / FUNCTION_GB)
    seconds = max(FUNCTION_SECONDS, _seconds_an_answer(serving, model, tail=False))
    return [
        _part("functions", answers * memory * seconds, prices["function_gb_second"]),
        _part("calls", answers, prices["function_call"]),
    ]


def _device(serving: Serving, model: ModelSeen, prices: PriceList) -> list[CostPart]:
    """Answers cost nothing; the model is sent to each device whenever it was trained again, at least once a month."""
    times = max(1.0, MONTH / (period_or_none(serving.retrain_every) or math.inf))
    sent = (serving.devices or 0.0) * times * (model.size or 0) / 1e9
    return [_part("transfer", sent, prices["transfer_gb"])]


def _training(serving: Serving, fit_seconds: float, prices: PriceList) -> list[CostPart]:
    """Fitting it again takes what its run took, on one processor."""
    every = period_or_none(serving.retrain_every)
    if every is None or math.isinf(every):
        return []
    return [_part("training", MONTH / every * (fit_seconds + START_UP) / HOUR, prices["machine_hour"])]


_WAYS: Mapping[str, Callable[[Serving, ModelSeen, PriceList], list[CostPart]]] = {
    "batch": _batch,
    "on demand": _on_demand,
    "real-time": _real_time,
    "stream": _stream,
    "device": _device,
}
