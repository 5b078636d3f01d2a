"""What was measured of a model, and what running it costs, as people read it: one reading on every surface."""

from __future__ import annotations

from mlee_jupyter.domain import ModelSeen, MonthCost
from mlee_jupyter.domain.text.numbers import answer_text, bytes_text, money_range_text


def cost_text(cost: MonthCost | None) -> str:
    """A likely cost and its part of the worth: "40 to 90 USD a month, 3% of its worth"; empty where none is known."""
    if cost is None or not cost.known:
        return ""
    return f"{money_range_text(cost.low, cost.high, cost.currency)} a month{_share(cost)}"


def _share(cost: MonthCost) -> str:
    if cost.value is None or not cost.value > 0:
        return ""
    share = 100 * cost.high / cost.value
    if share > 100:
        return ", more than its worth" if cost.low > cost.value else ", perhaps more than its worth"
    return f", at most {share:.0f}% of its worth" if share >= 1 else ", under 1% of its worth"


def measured_text(model: ModelSeen | None) -> str:
    """What was measured: "one answer takes 12 ms (95 of 100 at most 20 ms), ..."; empty where nothing was."""
    if model is None:
        return ""
    said = []
    if model.one is not None:
        tail = f" (95 of 100 at most {answer_text(model.one.p95)})" if model.one.tail_known else ""
        said.append(f"one answer takes {answer_text(model.one.median)}{tail}")
    if model.many is not None:
        said.append(f"{model.many.rows:,} at once {answer_text(model.many.median)}")
    if model.size is not None:
        said.append(f"its size is {bytes_text(model.size)}")
    if model.working is not None:
        said.append(f"it works in {bytes_text(model.working)} more")
    return ", ".join(said)
