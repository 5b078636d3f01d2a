"""MLE205 fewer-than-it-looks: the test rows are alike, so that fewer of them count.

What it sees: the leader's errors row by row. Rows of one group (the charter's groups = "patient", read from the
features or a variable of that name) whose errors go together, or neighbours whose errors do: beyond what one shuffle in
a thousand would show, and so far that the rows tell as much as fewer than 80% of them would. Neighbours are compared
within each class, so rows that are merely sorted by class do not count. And rows that stand there several times, with
the same answer: oversampled before the split, or multiplied by a join. Rows of few different values are no copies;
copies that only the features show are an error, since the board could not count them once. It
is silent where the board is judged by groups or by time already: there the ranges count it.

Why it misleads: a range from 1,000 rows of 80 patients looks as narrow as one from 1,000 patients, and is not. The best
set then drops candidates that are as good.

What to do: name the groups or the time, and candidates are judged by them; split by whole groups or blocks of time.
Rows that are sorted by something else are no time series: shuffle them first. Split before you oversample, and score
on each row once.

Reference: L. Kish (1965), Survey Sampling: design effect 1 + (m - 1) rho; for neighbours n (1 - phi) / (1 + phi). Held
against shuffled rows as P. A. P. Moran (1950), Biometrika 37, 17-23. On 2,000 samples of independent rows it fires in
0.1% (docs/sample_size.md); where errors hang on fewer than ten rows it says nothing. The 80% is a judgement: ranges are
then 12% too narrow.
"""

import math

from mlee_jupyter.domain import COPIES, Alike, Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT
from mlee_jupyter.guardrails.rule_words import several, short, typed

ENOUGH = 0.8


def check(evidence: Evidence) -> Finding:
    """Hold the rows that count against the rows there are."""
    judgement, sample = evidence.judgement, evidence.sample
    if judgement is not None and judgement.by in ("groups", "time"):
        return ok(RULE, f"judged by {judgement.by}: the ranges count how alike rows are")
    copies = _copies(evidence)
    if copies is not None and _share(copies) < ENOUGH:
        return _of_copies(copies, counted=judgement is None or judgement.different is not None)
    if sample is None or not sample.alike:
        if judgement is None and (sample is None or sample.alike is None):
            return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
        return not_applicable(RULE, "too few rows, or none that could be read", "Keep truth and features in variables")
    worst = min(sample.alike, key=_share)
    facts = {"n": worst.n, "effective_n": worst.effective_n, "by": worst.by, "groups": worst.kinds}
    if _share(worst) >= ENOUGH:
        return ok(RULE, f"{several(worst.n, 'test case')}, about as many count", facts)
    count = _rows(worst)
    if worst.by == "neighbours":
        message = f"Neighbouring test rows err alike: the {worst.n:,} tell as much as about {count} independent ones"
        remedy = "If they are in time order, say so: %mlee_experiment change time=date; if merely sorted, shuffle them"
    else:
        alike = "err alike" if worst.of == "errors" else "have alike answers"
        name = short(worst.by, 25)
        message = f"{worst.n:,} test rows of {worst.kinds:,} {name} groups {alike}: they tell as much as about {count}"
        known = evidence.charter.groups is not None
        remedy = (
            f"Keep {name} in the notebook when you record, pass groups= to mlee.compare, and split by whole groups"
            if known
            else f"Name them, and split by whole groups: %mlee_experiment change groups={typed(worst.by, 25)}"
        )
    return finding(RULE, message, remedy, facts=facts, severity=_severity(worst))


def _copies(evidence: Evidence) -> Alike | None:
    """Rows that stand several times, by their features or else by what was predicted of them."""
    judgement, sample = evidence.judgement, evidence.sample
    seen = next((one for one in (sample.alike if sample else None) or () if one.by == COPIES), None)
    if seen is not None or judgement is None or judgement.different is None:
        return seen
    effective = judgement.effective_n or float(judgement.different)
    return Alike(by=COPIES, kinds=judgement.different, n=judgement.n, effective_n=effective, of="rows")


def _of_copies(copies: Alike, counted: bool) -> Finding:
    """Where only the features show them, the board took each copy for a case of its own."""
    facts = {"n": copies.n, "effective_n": copies.effective_n, "by": COPIES, "groups": copies.kinds}
    return finding(
        RULE,
        f"{copies.n:,} test rows are copies of {copies.kinds:,}: they tell as much as about {_rows(copies)}",
        "Split before you oversample or join, and score on each row once",
        facts=facts,
        severity=_severity(copies),
        level=None if counted else Level.ERROR,
    )


def _rows(one: Alike) -> str:
    return f"{max(1.0, one.effective_n):,.0f}"


def _severity(one: Alike) -> float:
    return 1 + math.log2(ENOUGH / max(_share(one), 1e-6))


def _share(one: Alike) -> float:
    share = one.effective_n / one.n if one.n > 0 else 1.0
    return share if math.isfinite(share) and share >= 0 else 1.0


RULE = Rule(code="MLE205", name="fewer-than-it-looks", level=Level.WARNING, check=check)
