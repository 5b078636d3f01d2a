"""MLE790 dead-ignore: an ignore mutes nothing any more.

What it sees: in [tool.mlee] ignore, an entry whose date has passed or that names no rule there is; and an ignore of
this experiment, or a comment in a cell, whose rule looked and found nothing there. A rule that could not look yet
does not count. An entry for the whole project may be meant for another experiment, so that its rule finds nothing
here is no fault. An ignore of this experiment that has reached its date has done its work: the finding is said again
if it is still there.

Why it misleads: an ignore that is left behind mutes the next finding of its rule, which nobody has looked at.

What to do: take the line out of pyproject.toml, or give it a new date if it is still meant; give an ignore of this
experiment a last day with --until.

Reference: unused suppressions are reported by most analysers of code, for example ruff's RUF100.
"""

from dataclasses import replace

from mlee_jupyter.domain import Evidence, Finding, Ignore, Level, Outcome, Rule
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.asking import in_force
from mlee_jupyter.guardrails.discovery import find_rule
from mlee_jupyter.guardrails.in_cells import and_more
from mlee_jupyter.guardrails.rule_words import several, short

NO_IGNORES = "nothing is ignored"
IGNORE = "%mlee_experiment ignore RULE --because ..."


def check(evidence: Evidence) -> Finding:
    """Ask the rule of every ignore whether there is anything to mute."""
    ignores = evidence.records.ignores
    in_cells = evidence.notebook.ignores if evidence.notebook is not None else ()
    if not ignores and not in_cells:
        return not_applicable(RULE, NO_IGNORES, IGNORE)
    dead = [(ignore, why) for ignore in ignores if (why := _why_dead(evidence, ignore))]
    if not dead and (places := _dead_comments(evidence)):
        cell, _, words = places[0]
        return finding(
            RULE,
            f"The comment in cell {cell} mutes nothing: {words}{and_more(places, 'comment')}",
            "Take the comment out",
            facts={"cells": tuple(sorted({place[0] for place in places})), "places": tuple(places)},
            severity=float(len(places)),
        )
    if not dead:
        return ok(RULE, f"{several(len(ignores) + len(in_cells), 'ignore')}, none of them dead")
    ignore, why = dead[0]
    more = f" (and {len(dead) - 1} more)" if len(dead) > 1 else ""
    today, rule = evidence.now.date(), short(ignore.rule)
    end = f"Give it a last day: %mlee_experiment ignore {rule} --because ... --until {today}"
    return finding(
        RULE,
        f"The ignore of {rule} mutes nothing: {why}{more}",
        "Take its line out of [tool.mlee] ignore, or give it a new date" if ignore.where == "config" else end,
        facts={"dead": {one.rule: reason for one, reason in dead}},
        severity=float(len(dead)),
    )


def _dead_comments(evidence: Evidence) -> list[tuple[int, int, str]]:
    """Cell, line and reason of the comments that mute nothing."""
    if evidence.notebook is None:
        return []
    unmuted = replace(evidence, notebook=replace(evidence.notebook, ignores=()))
    found: dict[str, Finding] = {}
    dead = []
    for one in evidence.notebook.ignores:
        try:
            rule = find_rule(one.rule)
        except MleeError:
            dead.append((one.cell, one.line, "there is no such rule"))
            continue
        if rule.code not in found and rule.code != RULE.code:
            found[rule.code] = rule.check(unmuted)
        answer = found.get(rule.code)
        if answer is not None and rule.notebook and one.cell not in answer.facts.get("cells", ()):
            dead.append((one.cell, one.line, f"{rule.name} finds nothing there"))
    return dead


def _why_dead(evidence: Evidence, ignore: Ignore) -> str | None:
    try:
        rule = find_rule(ignore.rule)
    except MleeError:
        return "there is no such rule"
    over = not in_force(ignore, evidence.now.date())
    if ignore.where == "config":
        return f"it ended on {ignore.until}" if over else None
    if over or ignore.until == evidence.now.date() or rule.code == RULE.code:
        return None
    return "the rule finds nothing now" if rule.check(evidence).outcome is Outcome.OK else None


RULE = Rule(code="MLE790", name="dead-ignore", level=Level.ADVICE, check=check, notebook=True)
