"""MLE302 tuning-too-early: one approach is tuned while others have hardly been tried.

What it sees: more than 20 variants of one active candidate while another one in play has fewer than 5. It is said
at the 21st, and again only when the number has doubled. A repeat of the same cell is no new variant, and a parked
candidate is left alone.

Why it misleads: the best of 21 settings against the best of one is no comparison of approaches, and each further
setting tried on the same rows makes the best score a little luckier.

What to do: park the one that is tuned and give the others a few tries; tune what you chose, after the choice, with
--stage development. Another limit: [tool.mlee.rules.tuning-too-early] limit = 40.

Reference: J. Bergstra, Y. Bengio (2012), Random search for hyper-parameter optimization, Journal of Machine Learning
Research 13, 281-305, for search at random: 20 tries reach the best tenth of the settings with 1 - 0.9^20 = 88%.
"""

import math
from collections.abc import Mapping

from mlee_jupyter.domain import CandidateState, Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import effort, limit
from mlee_jupyter.guardrails.rule_words import listed, several, short, typed

LIMIT = 20  # variants of one approach
FEW = 5  # variants of another that make it tried


def check(evidence: Evidence) -> Finding:
    """Count variants of active candidates against those of the others in play."""
    most = limit(evidence, RULE.name, LIMIT)
    tried = {c.name: effort(evidence, c.name).variants for c in evidence.in_play}
    if len(tried) < 2:
        return not_applicable(RULE, "only one candidate in play", "Record another one: %%mlee_candidate NAME")
    few = {name: count for name, count in tried.items() if count < FEW}
    tuned = {
        c.name: tried[c.name]
        for c in evidence.in_play
        if c.state is CandidateState.ACTIVE and tried[c.name] > most and set(few) - {c.name}
    }
    if not tuned or not evidence.experiment.is_open:
        return ok(RULE, facts={"variants": tried, "limit": most})
    name = max(tuned, key=lambda tuned_one: tuned[tuned_one])
    other = "another" if len(few) == 1 else "others"
    counts = f"{several(tuned[name], 'variant')} of {short(name)}"
    if len(tuned) > 1:
        counts = f"{_range(tuned)} variants each of {listed(list(tuned), width=15)}"
    return finding(
        RULE,
        f"{counts}, {_range(few)} of {other}: 20 random tries reach the best tenth of settings 88 times in 100",
        f"Tuning belongs after the choice: %mlee_experiment park {typed(name)}",
        facts={"candidate": name, "variants": tuned[name], "others": few, "limit": most},
        severity=float(sum(_doublings(count / (math.floor(most) + 1)) for count in tuned.values())),
    )


def _range(few: Mapping[str, int]) -> str:
    """How often the others were tried: "1", "1 or 2", "0 to 4"."""
    least, largest = min(few.values()), max(few.values())
    if least == largest:
        return str(least)
    return f"{least} or {largest}" if largest == least + 1 else f"{least} to {largest}"


def _doublings(times: float) -> int:
    """1 at the limit, 2 at twice the limit: the steps at which it is said again."""
    return 1 + math.floor(math.log2(max(times, 1)))


RULE = Rule(code="MLE302", name="tuning-too-early", level=Level.WARNING, check=check)
