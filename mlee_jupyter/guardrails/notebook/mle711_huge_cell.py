"""MLE711 huge-cell: a cell has more lines than a reader can keep in mind.

What it sees: code cells of more than 50 lines (`limit` in [tool.mlee.rules.huge-cell] sets another number).

Why it misleads: a long cell does several things; none of them can be run, timed or tested alone, and what it changes
on the way stays hidden.

What to do: cut it where a comment says what comes next, or make functions.

Reference: a judgement; off by default until its rate of false alarms is known.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, notebook_of, open_spots
from mlee_jupyter.guardrails.readings import limit
from mlee_jupyter.guardrails.rule_words import number, several

LINES = 50


def check(evidence: Evidence) -> Finding:
    """Look for long cells."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    most = limit(evidence, RULE.name, LINES)
    long = sorted((c for c in notebook.cells if c.length > most), key=lambda c: -c.length)
    spots = [Spot(c.number, 1, f"Cell {c.number} has {several(c.length, 'line')}") for c in long]
    if not spots:
        return ok(RULE)
    shown = open_spots(RULE, notebook, spots) or spots
    return found(
        RULE,
        notebook,
        spots,
        f"{shown[0].words}{and_more(shown, 'cell')}; more than {number(most)} hide what happens",
        "Cut it where a comment says what comes next, or make functions",
    )


RULE = Rule(code="MLE711", name="huge-cell", level=Level.ADVICE, check=check, preview=True, notebook=True)
