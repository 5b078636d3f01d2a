"""MLE402 wrong-truth: the predictions do not belong to the declared truth.

What it sees: two signs. At least half of the labels a candidate predicts occur nowhere in the truth: two codings
(1 and "yes", 0-based and 1-based) rather than a class that happens to be missing from the test rows, which seldom
makes up half of the answers. Or a score you computed yourself differs from ours, on the same metric, by more than
the rounding of what you wrote: half a unit of its last digit, or 1 part in a million of a full number, 1 in 10,000
where it was computed in single precision. A score in per cent and a loss with its sign turned are taken as meant.
A wrong length or an index that does not match is refused before anything is recorded.

Why it misleads: the score is a number like any other, but it compares answers with the wrong questions.

A score that also hangs on the positive class or on averaging over classes (f1, precision, recall, ROC AUC) may differ
for that reason alone, so there the second sign is a warning. Where the charter names weights, your own score may be
weighted, so it is not compared.

What to do: check that predictions and truth come from the same rows in the same order and coding; record again.

Reference: a comparison, no estimate. The limits are set so that honest rounding never fires; a shift that moves the
score less than its rounding is not seen.
"""

import math
import struct
from decimal import Decimal

from mlee_jupyter.domain import CandidateState, Evidence, Finding, Level, Result, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER
from mlee_jupyter.guardrails.rule_words import listed, number, short, typed
from mlee_jupyter.stats.metrics.metric_names import hangs_on_a_choice

STRANGE = 0.5  # share of predicted labels that the truth does not know
DOUBLE, SINGLE = 1e-6, 1e-4  # relative error of a score computed in double and in single precision


def check(evidence: Evidence) -> Finding:
    """Look for labels of another coding, and for scores of yours that are not ours."""
    lines = evidence.on_board
    if not lines:
        return not_applicable(RULE, "nothing recorded yet", HAND_OVER)
    known = {c.name for c in evidence.records.candidates if c.state is not CandidateState.DROPPED}
    strange = {name: share for name, share in evidence.strangers.items() if STRANGE <= share <= 1 and name in known}
    weighed = evidence.charter.weights is not None
    claims = {
        line.candidate: line for line in lines if line.claimed is not None and line.value is not None and not weighed
    }
    wrong = {name: line for name, line in claims.items() if name not in strange and not _same(line)}
    if not strange and not wrong:
        return ok(RULE, facts={"claims": len(claims)})
    facts = {"strangers": strange, "claims": {name: (line.claimed, line.value) for name, line in wrong.items()}}
    severity = float(len(strange) + len(wrong))
    if strange:
        first = max(strange, key=lambda name: strange[name])
        truth = short(evidence.declared_truth.name, 20) if evidence.declared_truth else "the truth"
        many = f" (and {listed([name for name in strange if name != first])})" if len(strange) > 1 else ""
        return finding(
            RULE,
            f"{100 * strange[first]:.0f}% of the labels {short(first)} predicts do not occur in {truth}{many}",
            f"Use the same coding of labels on both sides, then record again: %%mlee_candidate {typed(first)}",
            facts=facts,
            severity=severity,
        )
    first, line = next(iter(wrong.items()))
    by_class = all(hangs_on_a_choice(one.metric) for one in wrong.values())
    return finding(
        RULE,
        f"You scored {short(first)} at {_full(line.claimed)}, its predictions give {_full(line.value)}: "
        f"other rows or another order{', positive class or averaging' if by_class else ''}",
        f"Check that predictions and truth are the same rows in the same order: %%mlee_candidate {typed(first)}",
        facts=facts,
        severity=severity,
        level=Level.WARNING if by_class else Level.ERROR,
    )


def _same(line: Result) -> bool:
    """Whether the user's number is ours, as far as it was written out."""
    ours, claimed = line.value, line.claimed
    if ours is None or claimed is None or not (math.isfinite(ours) and math.isfinite(claimed)):
        return True  # nothing to compare
    written = Decimal(repr(claimed))
    exponent = int(written.as_tuple().exponent)
    whole = claimed == int(claimed)
    # 12.0 may be a 12 that was typed; a share such as 1.0 or 0.0 was hardly rounded to whole numbers.
    last_digit = 1.0 if whole and abs(claimed) > 1 else 10.0**exponent
    relative = SINGLE if _single(claimed) else DOUBLE
    allowed = max(0.5 * last_digit * (1 + 1e-9), relative * abs(ours))
    as_said = any(abs(ours - sign * claimed) <= allowed for sign in (1, -1))
    in_per_cent = abs(ours - claimed / 100) <= max(allowed / 100, relative * abs(ours))
    return as_said or in_per_cent


def _single(value: float) -> bool:
    """Whether the number came from single precision: it survives the way there and back."""
    try:
        return bool(struct.unpack("f", struct.pack("f", value))[0] == value)
    except OverflowError:
        return False


def _full(value: float | None) -> str:
    return number(value, 4) if value is not None else "nothing"


RULE = Rule(code="MLE402", name="wrong-truth", level=Level.ERROR, check=check)
