"""MLE403 twins: two candidates give the same predictions, to 12 digits.

What it sees: identical arrays of predictions or scores under two names. Labels count only on more than 50 rows and
when not all of them are right, since two good classifiers may well agree on a few easy rows. In a notebook's text
(advice): one prediction stored under two names with nothing changed between.

Why it misleads: most often a cell was copied and a name left unchanged, so one of the two was never tried. The board
then seems to compare more approaches than it does.

What to do: look at the cell of the second one. If the two really are the same by construction, drop one of them.

Reference: an exact comparison of hashes. Numbers agree in every bit by chance practically never.
"""

from mlee_jupyter.domain import CandidateState, Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, open_spots
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT
from mlee_jupyter.guardrails.rule_words import short, typed


def check(evidence: Evidence) -> Finding:
    """Look for pairs of the same predictions."""
    if len({line.candidate for line in evidence.on_board}) < 2:
        nothing = not_applicable(RULE, NO_JUDGEMENT + ", or of one candidate only", HAND_OVER)
        return _in_text(evidence) if evidence.notebook is not None else nothing
    dropped = {c.name for c in evidence.records.candidates if c.state is CandidateState.DROPPED}
    pairs = [pair for pair in evidence.twins if not dropped.intersection(pair)]
    if not pairs:
        return _in_text(evidence)
    one, other = pairs[0]
    having = len({name for pair in pairs for name in pair})
    more = f" ({having} candidates have such a twin)" if len(pairs) > 1 else ""
    return finding(
        RULE,
        f"{short(one)} and {short(other)} give the same predictions{more}: one may be a copy",
        f"Look at the cell of {short(other)}, or drop it: %mlee_experiment drop {typed(other)} --because ...",
        facts={"pairs": tuple(pairs)},
        severity=float(len(pairs)),
    )


def _in_text(evidence: Evidence) -> Finding:
    """Look for one prediction under two names."""
    notebook = evidence.notebook
    if notebook is None or not notebook.same_values:
        return ok(RULE)
    spots = [
        Spot(
            s.cell,
            s.line,
            f"{short(s.name)} is {short(s.first_name)} of cell {s.first_cell} again ({short(s.text, 40)})",
        )
        for s in notebook.same_values
    ]
    shown = open_spots(RULE, notebook, spots) or spots
    return found(
        RULE,
        notebook,
        spots,
        f"Cell {shown[0].cell}: {shown[0].words}{and_more(shown)}",
        "If another model was meant, mend the copied line",
        level=Level.ADVICE,
    )


RULE = Rule(code="MLE403", name="twins", level=Level.WARNING, check=check, notebook=True)
