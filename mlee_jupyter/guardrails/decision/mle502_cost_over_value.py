"""MLE502 cost-over-value: running it costs more than half of what it is said to be worth.

What it sees: `serving = {cost_per_month = ..., value_per_month = ...}` in the charter. Where no cost is written, the
lower end of what running the candidate in question is likely to cost, from its measured answer time, how it is to be
served (mode, answers_per_month, ...) and the list of prices: %mlee_experiment costs shows how it comes about. Another
share: [tool.mlee.rules.cost-over-value] limit = 0.8.

Why it misleads: a good score says nothing of what an answer costs. The figures are guesses before anything runs, and
cost grows more often than value does: at half of it there is no room for being wrong by a factor of two.

What to do: look for what makes it dear. Answers once a day instead of at once, a smaller approach, fewer rows; or stop,
which costs nothing. Correct the figures if they are wrong: %%mlee_experiment change.

Reference: B. Flyvbjerg and A. Budzier (2011), Why your IT project may be riskier than you think, Harvard Business
Review 89, 23-25: one project in six cost three times its plan. The half is a judgement.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.text.numbers import money_range_text, money_text
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import in_question, limit
from mlee_jupyter.guardrails.rule_words import short

LIMIT = 0.5  # of the value
DEAR = "Answer less often, take a smaller approach, or stop; or correct the charter: %%mlee_experiment change"


def check(evidence: Evidence) -> Finding:
    """Hold what running it costs against what it is worth, as the charter says, or as it was measured."""
    serving = evidence.charter.serving
    cost = None if serving is None else serving.cost_per_month
    value = None if serving is None else serving.value_per_month
    if cost is None and value is not None:
        return _as_measured(evidence)
    if cost is None or value is None:
        return not_applicable(
            RULE,
            "cost and worth are not named",
            "Write serving = {cost_per_month = 40, value_per_month = 3000} into the charter",
        )
    share = limit(evidence, RULE.name, LIMIT)
    if cost <= share * value:
        return ok(RULE, facts={"cost": cost, "value": value})
    said = f"Running it costs {money_text(cost)} a month and is worth {money_text(value)}"
    if 0 < cost <= value:
        part = f"{100 * cost / value:.0f}% of the {money_text(value)} it is worth"
        said = f"Running it costs {money_text(cost)} a month, {part}"
    return finding(RULE, said, DEAR, facts={"cost": cost, "value": value, "limit": share})


def _as_measured(evidence: Evidence) -> Finding:
    standing = None if evidence.judgement is None else in_question(evidence, evidence.judgement)
    cost = None if standing is None else evidence.costs.get(standing.candidate)
    if standing is None or cost is None or not cost.known or cost.value is None:
        why = cost.missing[0] if cost is not None and cost.missing else "cost is not named, and none was measured"
        return not_applicable(RULE, why, "Write serving = {cost_per_month = 40}, or hand over the fitted model")
    share = limit(evidence, RULE.name, LIMIT)
    facts = {"candidate": standing.candidate, "cost": (cost.low, cost.high), "value": cost.value, "limit": share}
    if cost.low <= share * cost.value:
        return ok(RULE, facts=facts)
    said = money_range_text(cost.low, cost.high, cost.currency)
    worth = f"it is said to be worth {money_text(cost.value)}"
    return finding(RULE, f"Running {short(standing.candidate)} costs {said} a month; {worth}", DEAR, facts=facts)


RULE = Rule(code="MLE502", name="cost-over-value", level=Level.WARNING, check=check)
