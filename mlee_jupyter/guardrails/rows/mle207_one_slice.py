"""MLE207 one-slice: the test rows are one part of the whole, not a draw from it.

What it sees: the test rows against the population's own (population = {frame = "stores"}, a variable) and against their
time (time = "date"). They stand in one half of the frame or less, as the head of a file does; they are all of one day,
or of less than a week; they hold fewer than half of the months that a frame of a year or more has; a column has one
value on every row where at most 80% of the frame have it; or a column is drawn differently, beyond chance over all
columns, so that at least a tenth of the rows would have to move. With a time, the last rows of the frame are the right
ones to test on, and only its first half is not.

Why it misleads: a score from one site, one date or the top of a sorted file is about that part. The rest may be harder.

What to do: draw at random, or in strata, over the whole; or narrow the question to the part you have, in the charter.

Reference: W. G. Cochran (1977), Sampling Techniques. Of 30 rows drawn at random, all fall into one half in one of 10^9
samples. Drift: Kolmogorov and Smirnov's test for numbers, Pearson's chi-squared for kinds, Bonferroni over the columns:
at 1%, it fires on 0.4% and 0.6% of 500 random draws (docs/sample_size.md). The tenth is a judgement.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule, Slice
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.rule_words import listed, short

DRAW = "Draw test rows over the whole, at random or in strata; or narrow the question to this part"
IN_ORDER = "Draw test rows at random over the whole; if it is in time order, say so: %mlee_experiment change time=date"
ORDER = ("place", "date", "span", "season", "kind", "drift")


def check(evidence: Evidence) -> Finding:
    """Name the plainest way in which the sample is a slice."""
    sample = evidence.sample
    if sample is None or sample.slices is None:
        return not_applicable(
            RULE,
            "nothing to hold the test rows against",
            'Name the whole or the time: population = {frame = "all_rows"}, time = "date"',
        )
    if not sample.slices:
        return ok(RULE, "the test rows are spread over the whole")
    found = sorted(sample.slices, key=lambda one: (ORDER.index(one.what) if one.what in ORDER else 9, one.share))
    same = [one for one in found if one.what == found[0].what]
    more = [one.column for one in found if one.what in ("kind", "drift") and one is not found[0]]
    also = f" (also {listed(more, 2, 15)})" if more else ""
    return finding(
        RULE,
        f"{_said(found[0])}{also}",
        IN_ORDER if found[0].what == "place" and evidence.charter.time is None else DRAW,
        facts={"slices": tuple((one.what, one.column, one.words) for one in found)},
        severity=float(len({one.what for one in found}) + (len(same) > 1)),
    )


def _said(one: Slice) -> str:
    words, column = short(one.words, 60), short(one.column, 20)
    if one.what == "drift":
        return f"{column} is drawn differently in your test rows than in the population: {words}"
    if one.what == "kind":
        return f"Every test row has the same {column}: {words}"
    return f"Your test rows are {words}" + ("" if one.what == "place" else f" ({column})")


RULE = Rule(code="MLE207", name="one-slice", level=Level.WARNING, check=check)
