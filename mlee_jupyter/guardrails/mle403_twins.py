"""MLE403 twins: two candidates give the same predictions, bit for bit.

What it sees: identical arrays of predictions or scores under two names. Labels count only on more than 50 rows and
when not all of them are right, since two good classifiers may well agree on a few easy rows.

Why it misleads: most often a cell was copied and a name left unchanged, so one of the two was never tried. The
board then seems to compare more approaches than it does.

What to do: look at the cell of the second one. If the two really are the same by construction, drop one of them.

Reference: an exact comparison of hashes. Numbers agree in every bit by chance practically never.
"""

from mlee_jupyter.domain import CandidateState, Evidence, Finding, Level, Rule

from .answers import finding, not_applicable, ok
from .readings import HAND_OVER, NO_JUDGEMENT
from .wording import short, typed


def check(evidence: Evidence) -> Finding:
    """Look for pairs of the same predictions."""
    if len({line.candidate for line in evidence.on_board}) < 2:
        return not_applicable(RULE, NO_JUDGEMENT + ", or of one candidate only", HAND_OVER)
    dropped = {c.name for c in evidence.records.candidates if c.state is CandidateState.DROPPED}
    pairs = [pair for pair in evidence.twins if not dropped.intersection(pair)]
    if not pairs:
        return ok(RULE)
    one, other = pairs[0]
    more = f" ({len(pairs)} such pairs)" if len(pairs) > 1 else ""
    return finding(
        RULE,
        f"{short(one)} and {short(other)} give the same predictions, bit for bit{more}: one may be a copy",
        f"Look at the cell of {short(other)}, or drop it: %mlee_experiment drop {typed(other)} --because ...",
        facts={"pairs": tuple(pairs)},
        severity=float(len(pairs)),
    )


RULE = Rule(code="MLE403", name="twins", level=Level.WARNING, check=check)
