"""What running a model costs a month, each way of serving worked out by hand; and what cannot be said."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from mlee_jupyter.domain import Serving
from mlee_jupyter.domain.model_seen import ModelSeen, Timed
from mlee_jupyter.domain.month_costs import mode_of
from mlee_jupyter.serving.month_cost import month_cost
from mlee_jupyter.serving.price_list import Price, PriceList, price_list

EXAMPLE = {
    "machine_hour": (0.04, 0.06),
    "function_gb_second": (0.00001, 0.00002),
    "function_call": (0.0000002, 0.0000004),
    "storage_gb_month": (0.02, 0.026),
    "balancer_month": (16.0, 25.0),
    "transfer_gb": (0.05, 0.12),
}
PRICES = PriceList(
    currency="USD",
    prices={name: Price(low=low, high=high, as_of="2026-11", source="") for name, (low, high) in EXAMPLE.items()},
)
# 10 ms for one row, 20 ms at the most for 95 of 100; 2 s for a thousand; 100 MB, and 50 MB to work in
MODEL = ModelSeen(one=Timed(1, 100, 0.010, 0.020), many=Timed(1000, 5, 2.0, 2.5), size=100_000_000, working=50_000_000)


def cost(fit: float = 600.0, model: ModelSeen | None = MODEL, **serving: Any) -> Any:
    return month_cost(Serving(**serving), model, fit, PRICES)


def parts(found: Any) -> dict[str, tuple[float, float]]:
    return {what: (low, high) for what, low, high in found.parts}


def test_batch_by_hand() -> None:
    """Weekly, 400,000 answers of 3 rows.

    Rows: 1,200,000 at 2 s a thousand: 2,400 s. Starts: 730 h / 168 h = 4.345 runs of 300 s: 1,303.6 s. Together
    3,703.6 s = 1.02877 h, on one processor: at 0.04 and 0.06 that is 0.04115 and 0.06173.
    Kept: 400,000 answers of 100 bytes, 0.04 GB: 0.0008 and 0.00104.
    """
    found = cost(mode="weekly batch", answers_per_month=400_000, rows_per_answer=3, retrain_every="never")
    assert parts(found)["machines"] == pytest.approx((0.041151, 0.061726), rel=1e-4)
    assert parts(found)["storage"] == pytest.approx((0.0008, 0.00104))
    assert found.low == pytest.approx(0.041951, rel=1e-4)
    assert found.mode == "batch"


def test_real_time_by_hand() -> None:
    """26,280,000 answers a month: 10 a second, 40 in the busiest hour.

    40 answers of 20 ms are 0.8 s of work a second; at 60% busy that is 1.33, so 2 machines, which are the least
    anyway. 2 x 730 h = 1,460 h: 58.40 and 87.60. The balancer: 16 and 25. Together 74.40 and 112.60.
    """
    found = cost(mode="real-time", answers_per_month=26_280_000)
    assert parts(found) == {"machines": pytest.approx((58.4, 87.6)), "balancer": (16.0, 25.0)}
    assert (found.low, found.high) == pytest.approx((74.4, 112.6))


def test_real_time_with_many_requests_by_hand() -> None:
    """Ten times as many: 400 a second at 20 ms are 8 s of work, 13.3 at 60%: 14 machines, 10,220 h."""
    found = cost(mode="an API", answers_per_month=262_800_000)
    assert parts(found)["machines"] == pytest.approx((408.8, 613.2))


def test_an_answer_of_many_rows_is_one_call_by_hand() -> None:
    """10 a second of 801 rows, 40 in the busiest hour: 20 ms and 800 rows of 2.5 ms, 2.02 s each.

    80.8 s of work a second, 134.7 at 60%: 135 machines, 98,550 h. Without the time of many each row is one alone:
    801 x 20 ms = 16.02 s, 1,068 machines.
    """
    found = cost(mode="live", answers_per_month=26_280_000, rows_per_answer=801)
    assert parts(found)["machines"] == pytest.approx((3942.0, 5913.0))
    found = cost(mode="live", answers_per_month=26_280_000, rows_per_answer=801, model=replace(MODEL, many=None))
    assert parts(found)["machines"] == pytest.approx((31185.6, 46778.4))


def test_a_large_model_needs_larger_machines_by_hand() -> None:
    """9 GB and what Python takes: 9.3 GB, three processors of 4 GB each; two machines: 4,380 h."""
    found = cost(mode="online", answers_per_month=1_000, model=replace(MODEL, size=9_000_000_000))
    assert parts(found)["machines"] == pytest.approx((175.2, 262.8))


def test_stream_by_hand() -> None:
    """The same 10 a second as above: 1.33 machines, so 2, without a balancer. A tenth of it: one, 730 h."""
    assert cost(mode="stream", answers_per_month=26_280_000).low == pytest.approx(58.4)
    found = cost(mode="streaming", answers_per_month=2_628_000)
    assert (found.low, found.high) == pytest.approx((29.2, 43.8))


def test_on_demand_by_hand() -> None:
    """A million calls of 10 ms with 0.25 + 0.15 = 0.40 GB, which is given in steps of 0.125: 0.5 GB.

    5,000 GB seconds: 0.05 and 0.10. Calls: 0.20 and 0.40.
    """
    found = cost(mode="serverless", answers_per_month=1_000_000)
    assert parts(found) == {"functions": pytest.approx((0.05, 0.1)), "calls": pytest.approx((0.2, 0.4))}


def test_device_by_hand() -> None:
    """0.1 GB to 10,000 phones, 4.345 times a month: 4,345 GB, 217.26 and 521.43; training 4.345 x 900 s = 1.086 h."""
    found = cost(mode="on the phone", devices=10_000, retrain_every="weekly")
    assert parts(found)["transfer"] == pytest.approx((217.262, 521.429), rel=1e-4)
    assert parts(found)["training"] == pytest.approx((0.043452, 0.065179), rel=1e-4)


MODES = {
    "weekly batch": "batch",
    "Nightly": "batch",
    "real time": "real-time",
    "near-real-time": "real-time",
    "REST api": "real-time",
    "serverless": "on demand",
    "cloud functions": "on demand",
    "Kafka stream": "stream",
    "edge": "device",
    "in the browser": "device",
    "": None,
    "by pigeon": None,
    "deliver": None,
}


@pytest.mark.parametrize("words", MODES)
def test_modes_in_any_words(words: str) -> None:
    assert mode_of(words) == MODES[words]


UNSAID = {
    "no profile": (None, MODEL, "no way of serving is named"),
    "no mode": (Serving(answers_per_month=1), MODEL, "no way of serving is named"),
    "another mode": (Serving(mode="by pigeon"), MODEL, "'by pigeon' is none of batch"),
    "no model": (Serving(mode="batch", answers_per_month=1), None, "no fitted model was handed over"),
    "no answers": (Serving(mode="batch"), MODEL, "answers_per_month is not written"),
    "no devices": (Serving(mode="device"), MODEL, "devices is not written"),
    "not timed": (Serving(mode="stream", answers_per_month=1), ModelSeen(size=1), "one answer was not timed"),
    "no size": (Serving(mode="device", devices=1), ModelSeen(one=MODEL.one), "its size is not known"),
}


@pytest.mark.parametrize("case", UNSAID)
def test_what_is_missing_is_named_with_what_cannot_be_said(case: str) -> None:
    serving, model, why = UNSAID[case]
    found = month_cost(serving, model, 1.0, PRICES)
    assert not found.known
    assert why in found.missing[0]
    assert all("cannot be said" in one for one in found.missing)


def test_what_a_figure_is_without_is_named() -> None:
    found = cost(mode="batch", answers_per_month=10, model=replace(MODEL, size=None))
    assert found.known
    assert found.missing == (
        "its size is not known, so a machine of the usual size is taken",
        "retrain_every is not written, so training it again is left out",
    )


def test_worth_in_another_currency_is_not_held_against_it() -> None:
    asked = {"mode": "batch", "answers_per_month": 10, "value_per_month": 300.0, "retrain_every": "never"}
    assert cost(**asked).value == 300
    found = cost(**asked, currency="EUR")
    assert found.value is None
    assert found.missing == ("prices are in USD, its worth is in EUR, so no share can be said",)


def test_the_list_has_a_date_and_a_source_for_each_price() -> None:
    listed = price_list()
    assert set(listed.prices) == set(EXAMPLE)
    for price in listed.prices.values():
        assert 0 < price.low <= price.high < 3 * price.low
        assert re.fullmatch(r"20\d\d-[01]\d", price.as_of)
        assert len(price.source) > 10


def test_a_projects_own_prices_go_before() -> None:
    listed = price_list({"machine_hour": (0.01, 0.02), "currency": "EUR"})
    assert (listed["machine_hour"].low, listed["machine_hour"].high, listed.currency) == (0.01, 0.02, "EUR")
    assert listed["transfer_gb"] == price_list()["transfer_gb"]


def test_the_same_answers_in_batches_where_they_are_used_once_a_day_or_less() -> None:
    asked = {"answers_per_month": 400_000, "retrain_every": "never"}
    weekly = cost(mode="real-time", used_every="weekly", **asked)
    assert weekly.in_batch == pytest.approx(
        (cost(mode="weekly batch", **asked).low, cost(mode="weekly batch", **asked).high)
    )
    assert weekly.low > 100 * weekly.in_batch[1]
    assert cost(mode="real-time", used_every="1h", **asked).in_batch is None
    assert cost(mode="real-time", **asked).in_batch is None
