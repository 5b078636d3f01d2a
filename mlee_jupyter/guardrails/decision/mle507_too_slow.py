"""MLE507 too-slow: an answer takes longer than was agreed.

What it sees: `serving = {max_answer_ms = ...}` in the charter, and how long a fitted model took that was handed over:
of the candidate decided for, before a decision of every one in play. Of a row asked for alone, the time that 95 of 100
calls took at most (the median, where there were fewer than 20 calls). In batches, or where no row was asked for alone,
what a row took when all test rows were predicted at once, which is less: what is too slow so is too slow alone as well.

Why it misleads: a score is the same however long one waits for it. That an approach cannot answer in time is found
when it is built, unless somebody asks before.

What to do: take a quicker one, answer beforehand (in batches), or correct the charter: %%mlee_experiment change.

Reference: the limit is yours; the time is that of this machine, with nothing before or after the model: no network, no
reading of features. J. Dean and L. A. Barroso (2013), The tail at scale, Communications of the ACM 56(2), 74-80, on why
the slow calls count and not the mean.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Result, Rule
from mlee_jupyter.domain.month_costs import mode_of
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import chosen
from mlee_jupyter.guardrails.rule_words import listed, number


def check(evidence: Evidence) -> Finding:
    """Hold the measured time of an answer against the time agreed."""
    serving = evidence.charter.serving
    most = None if serving is None else serving.max_answer_ms
    if serving is None or most is None:
        return not_applicable(RULE, "no time for an answer is named", "Write serving = {max_answer_ms = 50}")
    name = chosen(evidence)
    if evidence.experiment.decision is not None and name is None:
        return ok(RULE, "decided against all of them")
    asked = {c.name for c in evidence.in_play} if name is None else {name}
    in_batches = mode_of(serving.mode) == "batch"
    timed = {
        candidate: how_long
        for candidate, result in evidence.served.items()
        if candidate in asked and (how_long := _milliseconds(result, in_batches)) is not None
    }
    if not timed:
        return not_applicable(RULE, "no answer was timed", "Hand over an estimator: it predicts, and is timed")
    measured = {candidate: took for candidate, (took, _, _) in timed.items()}
    slow = sorted((c for c, took in measured.items() if took > most), key=lambda c: -measured[c])
    if not slow:
        return ok(RULE, facts={"milliseconds": measured, "limit": most})
    longest = number(measured[slow[0]])
    _, what, how = timed[slow[0]]
    took = f"takes {longest} ms {what}{how}" if len(slow) == 1 else f"take {longest} ms {what} at most{how}"
    return finding(
        RULE,
        f"{listed(slow)} {took}; {number(most)} ms were agreed",
        "Take a quicker one, answer beforehand in batches, or correct the charter: %%mlee_experiment change",
        facts={"milliseconds": measured, "limit": most},
        severity=float(len(slow)),
    )


def _milliseconds(result: Result, in_batches: bool) -> tuple[float, str, str] | None:
    """How long an answer of what one would serve takes, and of what that time is."""
    one = None if result.model is None else result.model.one
    if one is not None and not in_batches:
        alone = "a row asked for alone"
        return (1000 * one.p95, alone, ", in 95 of 100 calls") if one.tail_known else (1000 * one.median, alone, "")
    if result.answer_seconds is None:
        return None
    return 1000 * result.answer_seconds, "a row", ", even for many at once"


RULE = Rule(code="MLE507", name="too-slow", level=Level.WARNING, check=check)
