"""MLE706 unseeded: random numbers are drawn and no seed was set.

What it sees: draws from numpy, random and torch, and splits, folds and models of scikit-learn that use chance,
without a random_state and before any seed of their generator. A row sample only counts when it is kept.

Why it misleads: the result changes with each run. A difference between two candidates may be nothing but two
different splits, and nobody can get the saved numbers again.

What to do: give random_state=0 to the call, or set the seed once at the top.

Reference: the spread over seeds is often as large as the gains that are reported (Bouthillier and others, "Accounting
for variance in machine learning benchmarks", MLSys 2021).
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, notebook_of, open_spots
from mlee_jupyter.guardrails.rule_words import short


def check(evidence: Evidence) -> Finding:
    """Look for draws that no seed precedes."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    first: dict[str, tuple[int, int]] = {}
    for seed in notebook.seeds:
        first.setdefault(seed.what, (seed.cell, seed.line))
    spots = []
    for draw in notebook.randoms:
        starts = [first[name] for name in (draw.more, "all") if name in first]
        if not starts or (draw.cell, draw.line) < min(starts):
            spots.append(Spot(draw.cell, draw.line, f"{short(draw.what, 40)} draws at random without a seed"))
    if not spots:
        return ok(RULE)
    shown = open_spots(RULE, notebook, spots) or spots
    return found(
        RULE,
        notebook,
        spots,
        f"Cell {shown[0].cell}: {shown[0].words}{and_more(shown)}: each run gives other numbers",
        "Give it random_state=0, or set a seed at the top",
    )


RULE = Rule(code="MLE706", name="unseeded", level=Level.WARNING, check=check, notebook=True)
