"""MLE607 sample-ratio: units did not fall into the arms of an A/B test as they were to.

What it sees: the units of both arms against the planned split, by the chi-square test. It speaks where a split as it
was planned would be so far off less than once in a thousand tests.

Why it misleads: whatever moved units from one arm to the other (a redirect that loses some, a filter that looks at
what came after, an assignment with a fault) rarely picks them at random. The arms then differ before the change does
anything, and the effect that is shown may be all of that. It is not shown.

What to do: find where units go missing, by day, browser, country, version, and whether they are missing at the
assignment or afterwards. Mend that, and start again. Leaving out units until the split looks right mends nothing.

Reference: A. Fabijan and others (2019), Diagnosing sample ratio mismatch in online controlled experiments, KDD 2019,
2156-2164. One in a thousand is usual there. A sound test that is read twenty times is told off at most twenty times
as often.
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.stats.distributions import normal_tail

RARE = 0.001
FEWEST = 5  # units that were to be in the smaller arm, for the approximation


def check(evidence: Evidence) -> Finding:
    """Hold the counts against the split."""
    seen = evidence.trial
    if seen is None or seen.control is None or seen.treatment is None:
        return not_applicable(RULE, "no A/B test was read", "mlee ab read TABLE --arm COLUMN --metric COLUMN")
    units = seen.control + seen.treatment
    if not 0 < seen.share < 1 or units * min(seen.share, 1 - seen.share) < FEWEST:
        return not_applicable(
            RULE, f"{max(units, 0):,} units are too few to see the split", "Read again with more units."
        )
    off = (seen.treatment - units * seen.share) / math.sqrt(units * seen.share * (1 - seen.share))
    chance = 2 * normal_tail(abs(off))
    if chance >= RARE:
        return ok(RULE, f"{seen.control:,} and {seen.treatment:,} units, as planned")
    found, planned = 100 * seen.treatment / units, 100 * seen.share
    return finding(
        RULE,
        f"{found:.3g}% of {units:,} units got the change, {planned:.3g}% were to: the assignment is broken",
        "Do not read the effect. Find where units get lost, and start again: mlee explain sample-ratio",
        facts={"control": seen.control, "treatment": seen.treatment, "share": seen.share, "chance": chance},
    )


RULE = Rule(code="MLE607", name="sample-ratio", level=Level.ERROR, check=check)
