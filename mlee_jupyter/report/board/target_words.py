"""Whether the target is reached, in a word or two, with the reason where nobody can tell."""

from __future__ import annotations

from mlee_jupyter.domain import Evidence, Standing


def reached(evidence: Evidence, yet: str) -> str:
    """Where the 95% range of the candidate decided for, else of the best one, lies against the target.

    Args:
        evidence: the experiment as it stands.
        yet: how it is said that nobody can tell.

    Returns:
        "Yes, in this test", "No", "No, not yet", or `yet` with a reason behind a colon.
    """
    judgement, target, decision = evidence.judgement, evidence.charter.must_reach, evidence.experiment.decision
    if judgement is None:
        return f"{yet}: nothing has been scored"
    if target is None:
        return f"{yet}: no score was named that solves it (must_reach)"
    standing = looked_at(evidence)
    if standing is None:
        return f"{yet}: it has no score here"
    sign = 1 if judgement.higher_is_better else -1
    sure, hoped = sorted((sign * standing.low, sign * standing.high))
    if sure >= sign * target:
        return "Yes, in this test"
    return "No, not yet" if hoped < sign * target and decision is None else "No" if hoped < sign * target else yet


def looked_at(evidence: Evidence) -> Standing | None:
    """The candidate that the answer is about: the one decided for, else the best; None where it has no score."""
    judgement, decision = evidence.judgement, evidence.experiment.decision
    if judgement is None:
        return None
    return judgement.of(judgement.leader if decision is None else decision.candidate or "")
