"""MLE790 dead-ignore: an ignore mutes nothing any more.

What it sees: an ignore whose date has passed, one that names no rule there is, and, for those of this experiment,
one whose rule looked and found nothing. A rule that could not look yet does not count, and neither does an ignore
of the whole project ([tool.mlee] ignore), which may be meant for another experiment.

Why it misleads: an ignore that is left behind mutes the next finding of its rule, which nobody has looked at.

What to do: take it out, or give it a new date if it is still meant.

Reference: unused suppressions are reported by most analysers of code, for example ruff's RUF100.
"""

from mlee_jupyter.domain import Evidence, Finding, Ignore, Level, Outcome, Rule
from mlee_jupyter.errors import MleeError

from .answers import finding, not_applicable, ok
from .discovery import find_rule
from .judging import in_force
from .wording import several, short

NO_IGNORES = "nothing is ignored"
IGNORE = "%mlee_experiment ignore RULE --because ..."


def check(evidence: Evidence) -> Finding:
    """Ask the rule of every ignore whether there is anything to mute."""
    ignores = evidence.records.ignores
    if not ignores:
        return not_applicable(RULE, NO_IGNORES, IGNORE)
    dead = {ignore.rule: why for ignore in ignores if (why := _why_dead(evidence, ignore))}
    if not dead:
        return ok(RULE, f"{several(len(ignores), 'ignore')} in force")
    first, why = next(iter(dead.items()))
    more = f" (and {len(dead) - 1} more)" if len(dead) > 1 else ""
    return finding(
        RULE,
        f"The ignore of {short(first)} mutes nothing: {why}{more}",
        "Take it out",
        facts={"dead": dead},
        severity=float(len(dead)),
    )


def _why_dead(evidence: Evidence, ignore: Ignore) -> str | None:
    try:
        rule = find_rule(ignore.rule)
    except MleeError:
        return "there is no such rule"
    if not in_force(ignore, evidence.now.date()):
        return f"it ended on {ignore.until}"
    if ignore.where == "config" or rule.code == RULE.code:
        return None
    return "the rule finds nothing now" if rule.check(evidence).outcome is Outcome.OK else None


RULE = Rule(code="MLE790", name="dead-ignore", level=Level.ADVICE, check=check)
