"""MLE404 no-baseline: nothing shows what guessing would score.

What it sees: only fold scores and bare numbers were recorded, so that no free baseline can be computed, and no
candidate is named like one (baseline, dummy, most frequent, mean, last value and their like). Wherever a truth was
declared the baselines are added for you, shown grey on the board, and this rule is content.

Why it misleads: 98% is excellent where guessing gives 50% and useless where it gives 98%.

What to do: hand over predictions on a declared truth; or record a constant rule as a candidate, by the same folds.

Reference: R. J. Hyndman, A. B. Koehler (2006), Another look at measures of forecast accuracy, International Journal
of Forecasting 22, 679-688, which scales every error by that of the naive forecast.
"""

import re

from mlee_jupyter.domain import Evidence, Finding, Level, ResultKind, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER
from mlee_jupyter.guardrails.rule_words import several

WITHOUT_ROWS = (ResultKind.FOLDS.value, ResultKind.NUMBER.value)
NAMED_SO = re.compile(
    r"base.?line|dummy|most.?frequent|majority|constant|last.?value|guess|chance|^naive( forecast)?$|^mean$|^median$",
    re.IGNORECASE,
)


def check(evidence: Evidence) -> Finding:
    """Look whether anything recorded says what guessing scores."""
    lines = evidence.on_board
    if not lines:
        return not_applicable(RULE, "nothing recorded yet", HAND_OVER)
    if any(judgement.baselines for judgement in evidence.judgements):
        return ok(RULE, "baselines were computed from the truth")
    if any(line.kind not in WITHOUT_ROWS for line in lines):
        return not_applicable(
            RULE, "no free baseline is known for this metric", "Record one: %%mlee_candidate baseline"
        )
    if any(NAMED_SO.search(line.candidate[:1000]) for line in lines):
        return ok(RULE, "a baseline was recorded")
    scores = several(len(lines), "result")
    return finding(
        RULE,
        f"{scores} of fold scores or bare numbers: what guessing would score is not known",
        "Record predictions with --truth y_test, or a constant rule: %%mlee_candidate baseline",
        facts={"results": len(lines)},
    )


RULE = Rule(code="MLE404", name="no-baseline", level=Level.WARNING, check=check)
