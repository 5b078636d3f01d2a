"""MLE703 redefined: one name stands for two different functions or classes.

What it sees: two definitions of one name at the top level whose code differs. Comments, layout and docstrings do not
count; overloads, registered cases and a class that extends itself are meant to stand twice.

Why it misleads: a call means another function above the second definition than below it, and another one again after
cells were run out of order. Two results that seem to come from the same function do not.

What to do: give the second one a name of its own, or delete the first.

Reference: the same fault in modules is pyflakes' F811, redefinition of an unused name.
"""

from mlee_jupyter.domain import Definition, Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import not_applicable, ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, notebook_of, open_spots
from mlee_jupyter.guardrails.rule_words import short


def check(evidence: Evidence) -> Finding:
    """Look for names with two bodies."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    if not notebook.definitions:
        return not_applicable(RULE, "the notebook defines no function or class", "Nothing to do")
    last: dict[str, Definition] = {}
    spots = []
    for one in notebook.definitions:
        before = last.get(one.name)
        if before is not None and before.body != one.body and not (one.again or before.again):
            spots.append(Spot(one.cell, one.line, f"{short(one.name)} is defined again, unlike in cell {before.cell}"))
        last[one.name] = one
    if not spots:
        return ok(RULE)
    shown = open_spots(RULE, notebook, spots) or spots
    return found(
        RULE,
        notebook,
        spots,
        f"Cell {shown[0].cell}: {shown[0].words}{and_more(shown)}",
        "Give it another name, or delete the one that is not meant",
    )


RULE = Rule(code="MLE703", name="redefined", level=Level.WARNING, check=check, notebook=True)
