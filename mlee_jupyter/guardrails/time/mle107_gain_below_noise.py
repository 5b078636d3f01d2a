"""MLE107 gain-below-noise: the last five tries of one approach gained less than its score is uncertain by.

What it sees: six variants or more of an active candidate, scored on the same truth. The best of them is better than
the best before the last five by less than the standard error of its score; and so is what five more are expected to
bring, were they of the same kind. Tries of a search that improves steadily are not: it goes on.

Why it misleads: a best score that creeps up by less than its own error looks like progress. On other rows the order
of these tries would be another, and the time they take is missing where it could tell something.

What to do: park the approach and give its time to another one, or to more test rows.

Reference: A. Makarova and others (2022), Automatic termination for hyperparameter optimization, AutoML Conference, who
stop where the gain still possible is below the error of the estimate. The expected gain is that of five of these tries
in any order, which five more do not exceed on average.
"""

from mlee_jupyter.domain import CandidateState, Evidence, Finding, Judgement, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT
from mlee_jupyter.guardrails.rule_words import gain_of, short, typed
from mlee_jupyter.stats.distributions import normal_quantile
from mlee_jupyter.stats.time.further_tries import brought_by

LAST = 5
_WIDTH = 2 * normal_quantile(0.975)  # of a 95% range, in standard errors


def check(evidence: Evidence) -> Finding:
    """Hold what the last tries gained against the error of the score."""
    judgement = evidence.judgement
    if judgement is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    if judgement.wrong is not None:
        return not_applicable(RULE, "an error stands first", "Mend it: %mlee_check")
    if not evidence.experiment.is_open:
        return ok(RULE)
    active = {c.name for c in evidence.in_play if c.state is CandidateState.ACTIVE}
    stalled = {}
    for standing in judgement.standings:
        noise = abs(standing.high - standing.low) / _WIDTH
        tries = _tries(evidence, judgement, standing.candidate)
        if standing.candidate not in active or len(tries) <= LAST:
            continue
        gained = max(0.0, max(tries) - max(tries[:-LAST]))
        ahead = brought_by(tries, LAST)
        if gained < noise and ahead < noise:
            stalled[standing.candidate] = (gained, noise, ahead, len(tries))
    if not stalled:
        return ok(RULE)
    name = max(stalled, key=lambda one: stalled[one][3])
    gained, noise, ahead, tried = stalled[name]
    won = f"gained {gain_of(judgement, gained)}" if gained > 0 else "gained nothing"
    more = f"Five more would bring {gain_of(judgement, ahead)} at most, on average" if ahead > 0 else "All are alike"
    return finding(
        RULE,
        f"The last five of {tried} tries of {short(name)} {won}; its score is uncertain by {gain_of(judgement, noise)}",
        f"{more}. Give its time to another one: %mlee_experiment park {typed(name)}",
        facts={"candidate": name, "gained": gained, "noise": noise, "expected": ahead, "tries": tried},
        severity=float(len(stalled)),
    )


def _tries(evidence: Evidence, judgement: Judgement, candidate: str) -> list[float]:
    """The first score of each variant, in the order of the tries, turned so that higher is better."""
    sign = 1 if judgement.higher_is_better else -1
    first: dict[int, float] = {}
    for line in evidence.on_board:
        told = (line.candidate, line.metric, line.truth) == (candidate, judgement.metric, judgement.truth)
        if told and line.value is not None and abs(line.value) < float("inf"):
            first.setdefault(line.variant_id, sign * line.value)
    return list(first.values())


RULE = Rule(code="MLE107", name="gain-below-noise", level=Level.ADVICE, check=check)
