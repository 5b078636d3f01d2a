"""MLE606 ab-too-small: the A/B test that is planned is too short to see the gain that matters.

What it sees: the units that come in the weeks that were given, against the units that the plan needs for the useful
gain.

Why it misleads: a test that is too small mostly ends without an answer, and when it does call a winner, the
difference it shows is far too large: only large accidents pass its bar.

What to do: give it the weeks it needs, name a larger gain as the smallest that matters, use the same unit's value
from before (correlation), or measure what moves more. If none of that can be done, do not run it.

Reference: A. Gelman and J. Carlin (2014), Beyond power calculations, Perspectives on Psychological Science 9, 641-651,
for how much a small test exaggerates. The chance is that of the planned design at the units that come.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.rule_words import about

SLACK = 0.99  # of the units needed: weeks are whole, units are not


def check(evidence: Evidence) -> Finding:
    """Hold the units that come against those needed."""
    seen = evidence.trial
    if seen is None or seen.needed is None or seen.expected is None:
        return not_applicable(
            RULE, "no A/B test with its weeks was planned", "mlee ab plan --units-per-week N --weeks M"
        )
    if seen.expected >= SLACK * seen.needed:
        return ok(RULE, f"{about(seen.expected)} units come, {about(seen.needed)} are needed")
    chance = max(0.0, min(1.0, seen.chance or 0.0))
    weeks = "" if seen.weeks_needed is None else f" ({about(seen.weeks_needed)} weeks)"
    return finding(
        RULE,
        f"{about(seen.expected)} units come, {about(seen.needed)} are needed{weeks}: "
        f"a gain that matters is seen {100 * chance:.0f} times in 100",
        "Give it the weeks, name a larger useful gain, or use values from before: mlee ab plan --correlation R",
        facts={"expected": seen.expected, "needed": seen.needed, "chance": chance},
    )


RULE = Rule(code="MLE606", name="ab-too-small", level=Level.WARNING, check=check)
