"""MLE508 you-can-stop: a candidate reaches the target, and time is left.

What it sees: no decision yet, and the whole 95% range of a candidate in play is at or beyond `must_reach`; for the
leader the luck of being chosen as the best is taken off first. Among several the simplest is named. It is silent when
the sample misses kinds of the declared population, since a target reached on a part is not reached. It says what
stopping now saves: the time that candidates without a result are planned to take ([candidates.NAME] try = "3h"),
where that is not known the rest of the box; and the building of the dearest of them, as far as it is longer than that
of the candidate that reaches the target (build = "15d").

Why it misleads: nothing misleads here. But the target was set before the scores were known, and past it the hours
that are left buy points that nobody asked for.

What to do: decide now, and use the rest of the box elsewhere.

Reference: the target is yours; the range is Wilson's (1927) for shares of rows, a t interval on influence values
otherwise.
"""

import math
from datetime import timedelta
from typing import NamedTuple

from mlee_jupyter.domain import Evidence, Finding, Judgement, Level, Rule, Standing
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT, box_of, populated, simplicity
from mlee_jupyter.guardrails.rule_words import listed, score_of, short, target_of, typed


def check(evidence: Evidence) -> Finding:
    """Look for the simplest candidate whose whole range reaches the target."""
    target, judgement = evidence.charter.must_reach, evidence.judgement
    if target is None:
        return not_applicable(RULE, "no target declared", "Write must_reach = 0.95 into the charter")
    if judgement is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    if judgement.wrong is not None:
        return not_applicable(RULE, "an error stands first", "Mend it: %mlee_check")
    share, box = evidence.share_used, box_of(evidence)
    if not evidence.experiment.is_open or (share is not None and share >= 1) or not populated(evidence):
        return ok(RULE)
    playing = {c.name for c in evidence.in_play}
    reaching = [s for s in judgement.standings if s.candidate in playing and _reaches(judgement, s, target)]
    if not reaching:
        return ok(RULE, f"none reaches {target_of(judgement, target)} for certain yet")
    standing = min(reaching, key=lambda s: _order(evidence, s))
    left = f" with {show(box - evidence.used)} left" if box else ""
    worst = standing.low if judgement.higher_is_better else standing.high
    side = "at least" if judgement.higher_is_better else "at most"
    saved = _saved(evidence, standing.candidate)
    return finding(
        RULE,
        f"{short(standing.candidate)} reaches {target_of(judgement, target)}{left}: its score is {side} "
        f"{score_of(judgement, worst)}",
        f"You can stop{_saving(evidence, saved)}: %mlee_experiment decide {typed(standing.candidate)} --because ...",
        facts={
            "candidate": standing.candidate,
            "target": target,
            "low": standing.low,
            "high": standing.high,
            "saved": saved.time,
            "build_saved": saved.build,
        },
    )


class Saved(NamedTuple):
    """What stopping now saves."""

    time: timedelta | None  # of trying; None: nothing says how much
    of: tuple[str, ...]  # the candidates that it was planned for; empty: it is the rest of the box
    build: timedelta | None  # working time
    by: str  # the candidate that would take it


def _saved(evidence: Evidence, name: str) -> Saved:
    """From the plan where it says so for all that are untried; the box ends what is longer than its rest."""
    box, estimates = box_of(evidence), evidence.estimates
    rest = max(box - evidence.used, timedelta()) if box else None
    tries = {one: estimates[one].first_try for one in evidence.untouched if one in estimates}
    planned = [took for took in tries.values() if took is not None]
    time, of = rest, tuple[str, ...]()
    if planned and len(planned) == len(evidence.untouched):
        total = sum(planned, timedelta())
        time, of = (total if rest is None else min(total, rest)), tuple(tries)
    mine = estimates[name].build if name in estimates else None
    builds = {one: took for one in evidence.untouched if one in estimates and (took := estimates[one].build)}
    dearest = max(builds, key=lambda one: builds[one], default=None)
    if mine is None or dearest is None or builds[dearest] <= mine:
        return Saved(time, of, None, "")
    return Saved(time, of, builds[dearest] - mine, dearest)


def _saving(evidence: Evidence, saved: Saved) -> str:
    parts = []
    if saved.of and saved.time:
        parts.append(f"the {show(saved.time)} of trying {listed(saved.of, most=2)}")
    if saved.build is not None and evidence.estimates[saved.by].build is not None:
        parts.append(f"{show(saved.build)} of building, were it {short(saved.by, 20)}")
    return f" and save {' and '.join(parts)}" if parts else ""


def _reaches(judgement: Judgement, standing: Standing, target: float) -> bool:
    luck = judgement.flattery if standing.candidate == judgement.leader else 0.0
    if judgement.higher_is_better:
        return standing.low - luck >= target
    return standing.high + luck <= target


def _order(evidence: Evidence, standing: Standing) -> float:
    rank = simplicity(evidence, standing)
    return math.inf if rank is None else rank  # standings come best first, so ties go to the better score


RULE = Rule(code="MLE508", name="you-can-stop", level=Level.ADVICE, check=check)
