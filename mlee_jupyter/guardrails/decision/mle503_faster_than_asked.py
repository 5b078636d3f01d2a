"""MLE503 faster-than-asked: answers are to be given at once, and are used once a day or less.

What it sees: `serving = {mode = "real-time", used_every = "weekly"}` in the charter: a mode that keeps machines waiting
(real-time or stream), and a new answer that somebody acts on once a day or less often.

Why it misleads: "real time" sounds better and is rarely asked what for. Machines that wait are paid for all month, must
be watched, and break at night; a batch that runs before the answers are read needs none of that.

What to do: answer in batches, just before they are used. If somebody does act sooner, say so: %%mlee_experiment change.

Reference: the day is a judgement. The costs are those of %mlee_experiment costs, where the model was measured.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, MonthCost, Rule
from mlee_jupyter.domain.month_costs import mode_of
from mlee_jupyter.domain.text.numbers import money_range_text
from mlee_jupyter.domain.text.periods import DAY, period_or_none, period_text
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import in_question

AT_ONCE = ("real-time", "stream")
WRITE = 'Write serving = {mode = "real-time", used_every = "1h"} into the charter'


def check(evidence: Evidence) -> Finding:
    """Hold how answers are given against how often they are used."""
    serving = evidence.charter.serving
    mode = "" if serving is None else (serving.mode or "").lower()
    if serving is None or not mode:
        return not_applicable(RULE, "how answers are to be given is not named", WRITE)
    if mode_of(mode) not in AT_ONCE:
        return ok(RULE, "answers are not asked for at once")
    used = period_or_none(serving.used_every)
    if used is None:
        return not_applicable(RULE, "how often an answer is used is not named", WRITE)
    if used < DAY:
        return ok(RULE, f"answers are used {period_text(used)}")
    said = "never used" if used == float("inf") else f"used {period_text(used)}"
    return finding(
        RULE,
        f"Answers in {mode[:30]} are {said}{_dearer(_cost(evidence))}",
        "Answer in batches, before they are used; or say who acts sooner: %%mlee_experiment change",
        facts={"mode": serving.mode, "used_every": serving.used_every},
    )


def _cost(evidence: Evidence) -> MonthCost | None:
    standing = None if evidence.judgement is None else in_question(evidence, evidence.judgement)
    return None if standing is None else evidence.costs.get(standing.candidate)


def _dearer(cost: MonthCost | None) -> str:
    if cost is None or cost.in_batch is None or cost.low <= 2 * cost.in_batch[1]:
        return ""
    at_once = money_range_text(cost.low, cost.high, cost.currency)
    return f": {at_once} a month, {money_range_text(*cost.in_batch, cost.currency)} in batches"


RULE = Rule(code="MLE503", name="faster-than-asked", level=Level.ADVICE, check=check)
