"""MLE203 population-missed: the sample lacks kinds of thing that the answer must hold for.

What it sees: the kinds in your test rows against the number of kinds the charter declares. Fewer than half of them
is an error, fewer than 90% a warning, and so is a kind with fewer than 5 rows. With population = {column = "product",
frame = "stores"} the kinds are those of the frame, and they count by their weight there: by its rows, or by its column
weight = "sales". With a column alone, nobody knows how many kinds there are: then it estimates how many of the next
rows would be of a kind not in your data, and warns where that is surely more than 10%.

Why it misleads: a score is about the kinds it was measured on and says nothing about the others. With 2 of 10
kinds a perfect score may mean 20% in use, if the kinds are equally common and the missing ones all fail.

What to do: add rows of the missing kinds, or narrow the question to the kinds you have and say so in the charter.

Reference: counting, no estimate, where the kinds are declared or in the frame. 50%, 90% and 5 rows are judgements;
with 5 rows of a kind the share that is right is known to about 33 points either way (Wilson interval at one half).
Unknown kinds: I. J. Good (1953), The population frequencies of species, Biometrika 40, 237-264; its bounds by W. W.
Esty (1983), Annals of Statistics 11, 905-912. The upper one holds in 92 to 100% of simulated samples
(docs/sample_size.md).
"""

import math

from mlee_jupyter.domain import Coverage, Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.rule_words import number, several, short

HALF, MOST, THIN = 0.5, 0.9, 5


def check(evidence: Evidence) -> Finding:
    """Hold the kinds in the sample against the kinds declared."""
    seen = evidence.coverage
    if seen is not None and seen.kinds_expected <= 0 and seen.unseen is not None:
        return _unknown(seen)
    if seen is None or seen.kinds_expected <= 0:
        return not_applicable(
            RULE, "no population declared, or no kinds to count", 'Write population = {column = "product", kinds = 10}'
        )
    declared = evidence.charter.population
    kinds_of = short((declared.column if declared else None) or seen.source, 25)
    present, expected = seen.kinds_present, seen.kinds_expected
    share, missing = present / expected, expected - present
    if seen.weight is not None and 0 <= seen.weight <= 1:
        return _weighed(seen, kinds_of, seen.weight)
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


def _weighed(seen: Coverage, kinds_of: str, weight: float) -> Finding:
    """Against a frame: kinds count by their weight."""
    missing = seen.kinds_expected - seen.kinds_present
    facts = {"present": seen.kinds_present, "expected": seen.kinds_expected, "weight": weight}
    held = f"{seen.kinds_present:,} of the {seen.kinds_expected:,} kinds of {kinds_of}"
    if weight >= MOST:
        return ok(RULE, f"{held}, with {_percent(weight)} of the population's weight", facts)
    most = f", {short(seen.heaviest_missing, 20)} first" if seen.heaviest_missing is not None else ""
    return finding(
        RULE,
        f"Your data has {held}: {_percent(weight)} of the population's weight",
        f"Add rows of the other {missing:,}{most}, or narrow the question to these {seen.kinds_present:,}",
        facts=facts,
        severity=3 + math.log2(HALF / max(weight, 1e-3)) if weight < HALF else 2.0,
        level=Level.ERROR if weight < HALF else Level.WARNING,
    )


def _unknown(seen: Coverage) -> Finding:
    """Without a frame: how often the next row would be of a kind never seen."""
    mass, low, high = seen.unseen or 0.0, seen.unseen_low or 0.0, seen.unseen_high or 1.0
    facts = {"unseen": mass, "low": low, "high": high, "present": seen.kinds_present}
    kinds_of = short(seen.source, 25)
    if not low > 1 - MOST:
        return ok(RULE, f"at most {_percent(high)} of new rows would be of {kinds_of} kinds not in your data", facts)
    return finding(
        RULE,
        f"About {_percent(mass)} of new rows (at most {_percent(high)}) would be of {kinds_of} kinds not in your data",
        'Add rows, or name the whole: population = {column = "product", frame = "all_products"}',
        facts=facts,
        severity=1 + mass,
    )


def _percent(share: float) -> str:
    return f"{number(100 * share)}%" if share >= 1e-4 or share == 0 else "under 0.01%"


RULE = Rule(code="MLE203", name="population-missed", level=Level.WARNING, check=check)
