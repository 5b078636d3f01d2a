"""MLE701 out-of-order: cells were run in another order than they stand in.

What it sees: the execution counts saved in the notebook. A cell whose count is lower than that of a cell above it ran
before that cell did.

Why it misleads: the results in the file may hang on the order in which the cells happened to be run. Whoever runs the
notebook from top to bottom may get other numbers, or none.

What to do: restart the kernel, run all cells, and look at the results again before saving.

Reference: in a study of 863,878 notebooks 36% of those with counts had been run out of order (Pimentel, Murta,
Braganholo and Freire, "A large-scale study about quality and reproducibility of Jupyter notebooks", MSR 2019).
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import not_applicable, ok
from mlee_jupyter.guardrails.in_cells import Spot, found, in_cells, notebook_of, open_spots
from mlee_jupyter.guardrails.rule_words import several


def check(evidence: Evidence) -> Finding:
    """Look for counts that fall from one cell to a later one."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    counted = [(cell.number, cell.execution_count) for cell in notebook.cells if cell.execution_count is not None]
    if not counted:
        return not_applicable(RULE, "no cell of the notebook has been run", "Run all cells and save it")
    highest, above, spots = counted[0][1], counted[0][0], []
    for number, count in counted[1:]:
        if count < highest:
            spots.append(Spot(number, 1, f"ran as number {count}, before cell {above} (number {highest})"))
        else:
            highest, above = count, number
    if not spots:
        return ok(RULE, f"{several(len(counted), 'cell')} run in order")
    shown = open_spots(RULE, notebook, spots) or spots
    late = "cell ran before a cell above it" if len(shown) == 1 else "cells ran before cells above them"
    return found(
        RULE,
        notebook,
        spots,
        f"{len(shown)} {late} ({in_cells([s.cell for s in shown])}): the results may not come back",
        "Restart the kernel, run all cells, and save",
    )


RULE = Rule(code="MLE701", name="out-of-order", level=Level.WARNING, check=check, notebook=True)
