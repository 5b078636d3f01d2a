"""MLE106 no-decision: there are results, and nobody has decided.

What it sees: an experiment with a result that was closed without a decision and without a reason, or whose date
(--deadline) is past, or on which nobody has worked for more than seven days. Another number of days:
[tool.mlee.rules.no-decision] limit = 30.

Why it misleads: what nobody decides is decided by whoever asks next, from memory. The same question is then asked
again, and what was learned is not there.

What to do: decide for a candidate; or decide that it is none of them, which is an answer as well:
%mlee_experiment decide none --because "too dear for what it gains".

Reference: a judgement; the seven days are one too.
"""

from datetime import datetime, timedelta

from mlee_jupyter.domain import Evidence, Finding, Level, Rule, RunOutcome
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import limit
from mlee_jupyter.guardrails.rule_words import several

DAYS = 7
REMEDY = "Decide, even if for none of them: %mlee_experiment decide NAME (or none) --because ..."


def check(evidence: Evidence) -> Finding:
    """Look for results that nobody drew a conclusion from."""
    experiment = evidence.experiment
    tried = {r.candidate for r in evidence.records.results if r.outcome == RunOutcome.OK and r.metric is not None}
    if not tried:
        return not_applicable(RULE, "no result yet", "Record one: %%mlee_candidate NAME")
    if experiment.decision is not None:
        return ok(RULE, "decided")
    have = f"{several(len(tried), 'candidate')} {'has' if len(tried) == 1 else 'have'} results"
    if experiment.closed_at is not None:
        if _closed_with_a_reason(evidence):
            return ok(RULE, "closed for a reason")
        return finding(RULE, f"Closed without a decision; {have}", REMEDY)
    due = experiment.deadline
    if due is not None and evidence.now.date() > due:
        return finding(
            RULE, f"It was due on {due:%d %b %Y}, and nobody has decided; {have}", REMEDY, facts={"due": due}
        )
    days, most = (evidence.now - _last_work(evidence)).days, limit(evidence, RULE.name, DAYS)
    if days <= most:
        return ok(RULE, facts={"days": days, "limit": most})
    said = f"Nobody has worked on it for {several(days, 'day')} or decided; {have}"
    return finding(RULE, said, REMEDY, facts={"days": days, "limit": most})


def _last_work(evidence: Evidence) -> datetime:
    """When something was done last: a cell that ran, a run that ended."""
    ends = [span.end for span in evidence.records.spans]
    ends += [r.started_at + timedelta(microseconds=max(0, r.duration_us)) for r in evidence.records.results]
    return max(ends, default=evidence.experiment.opened_at)


def _closed_with_a_reason(evidence: Evidence) -> bool:
    closed = [entry for entry in evidence.records.trace if entry.what == "close"]
    return bool(closed and (closed[-1].because or "").strip())


RULE = Rule(code="MLE106", name="no-decision", level=Level.ADVICE, check=check)
