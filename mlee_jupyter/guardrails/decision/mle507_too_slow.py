"""MLE507 too-slow: an answer takes longer than was agreed.

What it sees: `serving = {max_answer_ms = ...}` in the charter, and what a row took when an estimator predicted all test
rows at once: of the candidate decided for, before a decision of every one in play. One row asked for alone takes
longer than its share of many, so what is too slow here is too slow there as well; what is quick here may not be.

Why it misleads: a score is the same however long one waits for it. That an approach cannot answer in time is found
when it is built, unless somebody asks before.

What to do: take a quicker one, answer beforehand (in batches), or correct the charter: %%mlee_experiment change.

Reference: the limit is yours; the time is that of one call on this machine, divided by its rows.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import chosen
from mlee_jupyter.guardrails.rule_words import listed, number


def check(evidence: Evidence) -> Finding:
    """Hold the measured time a row against the time agreed."""
    serving = evidence.charter.serving
    most = None if serving is None else serving.max_answer_ms
    if most is None:
        return not_applicable(RULE, "no time for an answer is named", "Write serving = {max_answer_ms = 50}")
    name = chosen(evidence)
    if evidence.experiment.decision is not None and name is None:
        return ok(RULE, "decided against all of them")
    asked = {c.name for c in evidence.in_play} if name is None else {name}
    measured = {
        line.candidate: 1000 * line.answer_seconds
        for line in evidence.on_board
        if line.candidate in asked and line.answer_seconds is not None
    }
    if not measured:
        return not_applicable(RULE, "no answer was timed", "Hand over an estimator: it predicts, and is timed")
    slow = sorted((c for c, took in measured.items() if took > most), key=lambda c: -measured[c])
    if not slow:
        return ok(RULE, facts={"milliseconds": measured, "limit": most})
    longest = number(measured[slow[0]])
    took = f"takes {longest} ms a row" if len(slow) == 1 else f"take {longest} ms a row at most"
    return finding(
        RULE,
        f"{listed(slow)} {took}, even for many at once; {number(most)} ms were agreed",
        "Take a quicker one, answer beforehand in batches, or correct the charter: %%mlee_experiment change",
        facts={"milliseconds": measured, "limit": most},
        severity=float(len(slow)),
    )


RULE = Rule(code="MLE507", name="too-slow", level=Level.WARNING, check=check)
