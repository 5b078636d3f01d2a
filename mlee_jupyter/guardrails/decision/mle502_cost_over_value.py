"""MLE502 cost-over-value: running it is said to cost more than half of what it is said to be worth.

What it sees: `serving = {cost_per_month = ..., value_per_month = ...}` in the charter, both of them named. Another
share: [tool.mlee.rules.cost-over-value] limit = 0.8.

Why it misleads: a good score says nothing of what an answer costs. Both figures are guesses before anything runs, and
cost grows more often than value does: at half of it there is no room for being wrong by a factor of two.

What to do: look for what makes it dear. Answers once a day instead of at once, a smaller approach, fewer rows; or stop,
which costs nothing. Correct the figures if they are wrong: %%mlee_experiment change.

Reference: B. Flyvbjerg and A. Budzier (2011), Why your IT project may be riskier than you think, Harvard Business
Review 89, 23-25: one project in six cost three times its plan. The half is a judgement.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.text.numbers import money_text
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import limit

LIMIT = 0.5  # of the value


def check(evidence: Evidence) -> Finding:
    """Hold what running it costs against what it is worth, as the charter says."""
    serving = evidence.charter.serving
    cost = None if serving is None else serving.cost_per_month
    value = None if serving is None else serving.value_per_month
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
    return finding(
        RULE,
        said,
        "Answer less often, take a smaller approach, or stop; or correct the charter: %%mlee_experiment change",
        facts={"cost": cost, "value": value, "limit": share},
    )


RULE = Rule(code="MLE502", name="cost-over-value", level=Level.WARNING, check=check)
