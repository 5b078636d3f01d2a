"""MLE306 test-set-worn: the test rows were looked at so often that they can prove nothing any more.

What it sees: looks at the declared truth by everyone who shares the store: other notebooks and experiments,
overwritten cells, withdrawn runs and dropped candidates too. It speaks when the luck that steering by earlier scores
is expected to give exceeds the useful gain (and what a single comparison would have to show), unless the progress over
the first look is beyond it. Looks fixed beforehand do not wear rows out: what is handed over together first, and the
first look of candidates that the charter named before any score was known.

Why it misleads: whoever keeps what scores better learns the test rows by heart, score by score. After 50 small changes
without any true effect a test of the last against the first finds progress nearly always.

What to do: one of four. Confirm the choice on rows that nobody has looked at; seal them early:
%mlee_experiment change --fresh y_final. Tune on by fold scores of the training rows, which wear nothing out. Name a
greater useful gain, if only that would change the decision. Or promise no gain over the first look, and say so in the
reason of an ignore. Next time, name the candidates in the charter, or hand them over in one cell.

Reference: C. Dwork and others (2015), The reusable holdout, Science 349, 636-638. The luck expected of a look is
0.4 times the error of its difference to the best so far; the derivation stands in stats/compare/wear.py.
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT
from mlee_jupyter.guardrails.rule_words import gain_of, several, short


def check(evidence: Evidence) -> Finding:
    """Hold the luck that earlier looks can have given against the useful gain."""
    judgement = evidence.judgement
    if judgement is None or judgement.wear is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    wear = judgement.wear
    facts = {"looks": wear.looks, "steered": wear.steered, "budget": wear.budget, "gain": wear.gain}
    looks = f"{several(wear.looks, 'look')}, {wear.steered:,} steered by earlier scores"
    if not wear.spent(judgement.useful_gain) or wear.proven:
        return ok(RULE, looks, facts)
    fresh = evidence.records.fresh
    if fresh is not None and fresh.opened_at is not None:
        return ok(RULE, f"{looks}; confirmed on {short(fresh.name)}", facts)
    where = f" in {wear.notebooks} notebooks" if wear.notebooks > 1 else ""
    sealed = fresh is not None and fresh.fingerprint is not None
    small = f"on these rows a gain below {gain_of(judgement, wear.budget)} proves nothing"
    return finding(
        RULE,
        f"{looks}{where}: {'no gain on these rows proves anything now' if judgement.beyond_proof else small}",
        "Confirm on fresh rows"
        + (" (sealed: decide, then confirm)" if sealed else ": %mlee_experiment change --fresh y_final")
        + "; or tune on by folds of the training rows, or %mlee_experiment ignore MLE306 --because ...",
        facts=facts,
        severity=1 + max(0.0, math.log2(wear.expected_luck / max(judgement.useful_gain, wear.one_look, 1e-12))),
    )


RULE = Rule(code="MLE306", name="test-set-worn", level=Level.WARNING, check=check)
