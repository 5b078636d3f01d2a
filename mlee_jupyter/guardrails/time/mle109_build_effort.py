"""MLE109 build-effort: an approach is dear to build and gains too little over a cheap one.

What it sees: planned candidates with the time to build them ([candidates.NAME] build = "15d"), of which one takes more
than five times as long as another in play, and gains less than the useful gain over it: as measured on the same
rows, or, before it has a score, as hoped for (gain = 0.01). Another number of times:
[tool.mlee.rules.build-effort] limit = 10.

Why it misleads: a comparison of scores does not show what it takes to get one into use. Weeks of building are decided
with it all the same, and are asked for when the money is gone.

What to do: build the cheaper one first; it is in use while the other would still be built, and what it lacks is known
by then.

Reference: the useful gain is yours; five times is a judgement.
"""

from collections.abc import Mapping
from datetime import timedelta

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import limit
from mlee_jupyter.guardrails.rule_words import gain_of, points, short, typed
from mlee_jupyter.stats.metrics.metric_names import is_bounded

TIMES = 5


def check(evidence: Evidence) -> Finding:
    """Hold the time to build each planned candidate against what it gains over cheaper ones."""
    build = {
        c.name: planned.build
        for c in evidence.in_play
        if (planned := evidence.estimates.get(c.name)) is not None and planned.build
    }
    if len(build) < 2:
        return not_applicable(RULE, "fewer than two times to build are planned", 'Write [candidates.NAME] build = "3d"')
    if evidence.judgement is not None and evidence.judgement.wrong is not None:
        return not_applicable(RULE, "an error stands first", "Mend it: %mlee_check")
    times, least = limit(evidence, RULE.name, TIMES), _useful(evidence)
    if least is None:
        return not_applicable(RULE, "no useful gain is named", "Write useful_gain = ... into the charter")
    chosen = evidence.experiment.decision
    dear = [name for name in build if chosen is None or name == chosen.candidate]
    for name in sorted(dear, key=lambda one: -build[one]):
        cheap, gain, seen = _rival(evidence, name, build, times)
        if cheap is not None and gain < least:
            return _said(evidence, name, cheap, build, gain, seen)
    return ok(RULE, facts={"build": build})


def _said(
    evidence: Evidence, name: str, cheap: str, build: Mapping[str, timedelta], gain: float, seen: bool
) -> Finding:
    judgement, metric = evidence.judgement, evidence.charter.metric or ""
    by = gain_of(judgement, gain) if judgement is not None else points(gain, is_bounded(metric), metric)
    gains = f"gains {by} over {short(cheap)}" if gain > 0 else f"gains nothing over {short(cheap)}"
    if not seen:
        gains = f"is hoped to gain {by} over the others"
    first = f"%mlee_experiment decide {typed(cheap)} --because ..." if seen else f"%%mlee_candidate {typed(cheap)}"
    return finding(
        RULE,
        f"{short(name)} takes {show(build[name])} to build and {gains}; {short(cheap)} takes {show(build[cheap])}",
        f"The cheaper one first: {first}",
        facts={"candidate": name, "cheaper": cheap, "build": dict(build), "gain": gain, "measured": seen},
    )


def _rival(
    evidence: Evidence, name: str, build: Mapping[str, timedelta], times: float
) -> tuple[str | None, float, bool]:
    """Of those that are so much cheaper to build the best one, the gain over it, and whether that was measured."""
    judgement = evidence.judgement
    cheaper = [other for other in build if build[name] > times * build[other]]
    mine = judgement.of(name) if judgement is not None else None
    scored = [s for other in cheaper if judgement is not None and (s := judgement.of(other)) is not None]
    if judgement is not None and mine is not None and scored:
        sign = 1 if judgement.higher_is_better else -1
        best = max(scored, key=lambda s: sign * s.score)
        return best.candidate, sign * (mine.score - best.score), True
    hoped = evidence.estimates[name].gain
    if mine is not None or hoped is None or not cheaper:
        return None, 0.0, False
    return min(cheaper, key=lambda other: build[other]), hoped, False


def _useful(evidence: Evidence) -> float | None:
    """The useful gain: the judgement's, else the charter's."""
    return evidence.charter.useful_gain if evidence.judgement is None else evidence.judgement.useful_gain


RULE = Rule(code="MLE109", name="build-effort", level=Level.ADVICE, check=check)
