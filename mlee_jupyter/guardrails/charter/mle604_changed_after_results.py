"""MLE604 changed-after-results: the goal was moved after a result was known, without a reason.

What it sees: a version of the charter made after the first result that changes the question, the decision, the
metric or how it is computed, the useful gain, the target or the population, and gives no reason. A reason given
with a later version covers the ones before it. Planned candidates, owner and serving may change freely, and so may
what nobody had chosen: a metric, positive class, averaging or useful gain that was our default until then.

Why it misleads: a target set after the score is always reached. Most changes of goal are right, since one learns;
the reason is what tells them from the others.

What to do: say why, once, with --because at the next %mlee_experiment change; the value may stay as it is.

Reference: B. A. Nosek and others (2018), The preregistration revolution, PNAS 115, 2600-2606.
"""

from datetime import UTC, datetime

from mlee_jupyter.domain import Charter, Evidence, Finding, Level, Rule, RunOutcome
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.rule_words import listed

GOAL = (
    "question",
    "decision",
    "metric",
    "positive",
    "average",
    "higher_is_better",
    "useful_gain",
    "must_reach",
    "population",
    "time",
    "groups",
)
OURS = ("metric", "positive", "average", "higher_is_better", "useful_gain", "time", "groups")  # where nothing is named


def check(evidence: Evidence) -> Finding:
    """Look for versions of the charter that move the goal after the first result."""
    first = _first_result(evidence)
    if first is None:
        return not_applicable(RULE, "no result yet", "Record one: %%mlee_candidate NAME")
    moved: list[str] = []
    count = 0
    before: Charter | None = None
    for version in sorted(evidence.records.charters, key=lambda v: v.version):
        changed = [] if before is None else _changes(before, version.charter)
        if (version.because or "").strip():
            moved, count = [], 0  # a reason covers what was changed up to here
        elif changed and version.at > first:
            moved, count = moved + changed, count + 1
        before = version.charter
    if not count:
        return ok(RULE, "the goal stands as it was, or a reason was given")
    fields = list(dict.fromkeys(moved))
    return finding(
        RULE,
        f"{listed(fields)} changed after the first result, without a reason",
        f"Say why, once: %mlee_experiment change {_assignment(evidence.charter, fields[-1])} --because ...",
        facts={"fields": tuple(fields), "versions": count},
        severity=float(count),
    )


def _assignment(charter: Charter, field: str) -> str:
    """The field as it stands now, in the form `change` takes."""
    value = getattr(charter, field)
    plain = isinstance(value, (int, float, bool)) or (
        isinstance(value, str) and value.isidentifier() and len(value) <= 40
    )
    return f"{field}={str(value).lower() if isinstance(value, bool) else value}" if plain else "KEY=VALUE"


def _first_result(evidence: Evidence) -> datetime | None:
    """When the first score was known: at the end of its run."""
    for line in evidence.records.results:  # in the order they were recorded
        if line.outcome == RunOutcome.OK and line.metric is not None:
            return datetime.fromtimestamp((line.started_us + line.duration_us) / 1e6, UTC)
    return None


def _changes(before: Charter, after: Charter) -> list[str]:
    return [
        field
        for field in GOAL
        if getattr(before, field) != getattr(after, field) and not (field in OURS and getattr(before, field) is None)
    ]


RULE = Rule(code="MLE604", name="changed-after-results", level=Level.WARNING, check=check)
