"""MLE408 time-travel: training rows are from the time that is to be predicted.

What it sees: the charter's time (time = "date"), a column or row labels of both the test rows and the training rows.
The last training row is at or after the first test row.

Why it misleads: a model that has seen Wednesday predicts Tuesday well. In use it will not have seen Wednesday. Random
splits of rows in time order do this on every row.

What to do: split by date, with everything before the first test row in train; leave a gap as long as the forecast.

Reference: comparing two dates, no estimate. Why it matters: R. J. Hyndman, G. Athanasopoulos (2021), Forecasting:
Principles and Practice, section 5.8. Text counts as dates only where all of it is ISO 8601.
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.rule_words import several, short


def check(evidence: Evidence) -> Finding:
    """Hold the end of the training rows against the beginning of the test rows."""
    if evidence.charter.time is None:
        return not_applicable(RULE, "the charter names no time", 'If rows are in time order, write time = "date"')
    order = evidence.sample.order if evidence.sample is not None else None
    if order is None:
        name = short(evidence.charter.time, 20)
        return not_applicable(
            RULE,
            evidence.sample.unseen["order"]
            if evidence.sample is not None and "order" in evidence.sample.unseen
            else f"the time of test and training rows is not at hand as dates or numbers ({name})",
            f"Keep {name} as a column or the row labels of both: %mlee_experiment change train=X_train",
        )
    facts = {"train_last": order.train_last, "test_first": order.test_first, "late": order.late}
    if order.late <= 0:
        return ok(RULE, f"training ends {short(order.train_last, 20)}, before the test's {order.test_first}", facts)
    share = order.late / max(order.train_rows, 1)
    return finding(
        RULE,
        f"The test begins at {short(order.test_first, 20)}, but training runs to {short(order.train_last, 20)}: "
        f"{several(order.late, 'training row')} from the test's time",
        "Split by date: train on what lies before the first test row, then record again",
        facts=facts,
        severity=1 + min(10.0, math.log2(1 + 100 * share)) / 4,
    )


RULE = Rule(code="MLE408", name="time-travel", level=Level.ERROR, check=check)
