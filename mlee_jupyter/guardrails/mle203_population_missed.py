"""MLE203 population-missed: the sample lacks kinds of thing that the answer must hold for.

What it sees: the kinds in your test rows against the number of kinds the charter declares. Fewer than half of them
is an error, fewer than 90% a warning, and so is a kind with fewer than 5 rows.

Why it misleads: a score is about the kinds it was measured on and says nothing about the others. With 2 of 10
kinds a perfect score may mean 20% in use, if the kinds are equally common and the missing ones all fail.

What to do: add rows of the missing kinds, or narrow the question to the kinds you have and say so in the charter.

Reference: counting, no estimate: the kinds are declared by you. 50%, 90% and 5 rows are judgements; with 5 rows of
a kind the share that is right is known to about 33 points either way (Wilson interval at one half).
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Level, Rule

from .answers import finding, not_applicable, ok
from .wording import number, several, short

HALF, MOST, THIN = 0.5, 0.9, 5


def check(evidence: Evidence) -> Finding:
    """Hold the kinds in the sample against the kinds declared."""
    seen = evidence.coverage
    if seen is None or seen.kinds_expected <= 0:
        return not_applicable(
            RULE, "no population declared, or no kinds to count", 'Write population = {column = "product", kinds = 10}'
        )
    declared = evidence.charter.population
    kinds_of = short((declared.column if declared else None) or seen.source, 25)
    present, expected = seen.kinds_present, seen.kinds_expected
    share, missing = present / expected, expected - present
    facts = {"present": present, "expected": expected, "thinnest": seen.thinnest, "thinnest_rows": seen.thinnest_rows}
    if share < HALF:
        worst = f"{number(100 * share)}%" if share >= 0.01 or not present else "under 1%"
        narrower = f", or narrow the question to these {present:,}" if present else ""
        return finding(
            RULE,
            f"Your data has {present:,} of the {expected:,} kinds of {kinds_of}. "
            f"A perfect score here could be {worst} in use",
            f"Add rows of the other {missing:,}{narrower}",
            facts=facts,
            severity=3 + math.log2(HALF / max(share, HALF / expected)),
            level=Level.ERROR,
        )
    if share < MOST:
        return finding(
            RULE,
            f"{missing:,} of the {expected:,} kinds of {kinds_of} are not in your data: nothing is known about them",
            "Add rows of the missing kinds, or narrow the question to the kinds you have",
            facts=facts,
            severity=2.0,
        )
    if seen.thinnest_rows is not None and seen.thinnest_rows < THIN:
        return finding(
            RULE,
            f"{short(seen.thinnest)} has {several(seen.thinnest_rows, 'test case')}: how it does is hardly known",
            f"Add rows until every kind of {kinds_of} has {THIN} or more, or narrow the question",
            facts=facts,
        )
    return ok(RULE, f"{present:,} of {expected:,} kinds of {kinds_of}", facts)


RULE = Rule(code="MLE203", name="population-missed", level=Level.WARNING, check=check)
