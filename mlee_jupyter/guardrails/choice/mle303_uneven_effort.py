"""MLE303 uneven-effort: one approach got many tries, another that is compared with it hardly any.

What it sees: ten variants or more of one candidate in play, and of another one with a result fewer than a fifth as
many. A candidate of simplicity 1, a constant or a rule, has nothing to tune and does not count. It gives way to
MLE302, which speaks of tuning before the choice. Another number of times: [tool.mlee.rules.uneven-effort] limit = 10.

Why it misleads: the best of many settings is held against the first one of another. What is compared then is the care
that each got, and a fair trial of the other might turn the order round.

What to do: give the others about five tries each, or compare first tries with first tries.

Reference: X. Bouthillier and others (2021), Accounting for variance in machine learning benchmarks, MLSys 3, 747-769.
Five times and ten tries are judgements, so it is a preview: [tool.mlee.rules.uneven-effort] preview = true.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import effort, limit
from mlee_jupyter.guardrails.rule_words import several, short, typed

TIMES, MANY = 5, 10
TUNING, FEW = 20, 5  # where MLE302 speaks


def check(evidence: Evidence) -> Finding:
    """Hold the number of variants of each tried candidate against each other."""
    times = limit(evidence, RULE.name, TIMES)
    tried = {
        c.name: effort(evidence, c.name).variants
        for c in evidence.in_play
        if c.simplicity != 1 and effort(evidence, c.name).variants
    }
    if len(tried) < 2:
        return not_applicable(RULE, "fewer than two candidates have a result", "Record another: %%mlee_candidate NAME")
    most, least = max(tried, key=lambda one: tried[one]), min(tried, key=lambda one: tried[one])
    uneven = tried[most] >= MANY and tried[most] > times * tried[least]
    of_302 = tried[most] > TUNING and tried[least] < FEW and evidence.experiment.is_open
    if not uneven or of_302:
        return ok(RULE, facts={"variants": tried, "limit": times})
    return finding(
        RULE,
        f"{several(tried[most], 'variant')} of {short(most)}, {tried[least]} of {short(least)}: the care is compared",
        f"Give the others a few tries: %%mlee_candidate {typed(least)}",
        facts={"most": most, "least": least, "variants": tried, "limit": times},
        severity=1.0 + tried[most] // (2 * MANY),
    )


RULE = Rule(code="MLE303", name="uneven-effort", level=Level.ADVICE, check=check, preview=True)
