"""MLE411 seeded-from-test: a forecast starts from values of the test period.

What it sees: calls that forecast, or that put differences back, and are given a variable of the test rows. Lengths,
indexes and shapes do not count, nor do known future inputs (exog, X).

Why it misleads: a forecast that is given the last true value before each step is a forecast of one step. Its error
says nothing about the whole period, and looks far smaller.

What to do: start from the last value of the training period, and carry the forecast itself on.

Reference: Hewamalage, Ackermann and Bergmeir, "Forecast evaluation for data scientists: common pitfalls and best
practices" (Data Mining and Knowledge Discovery, 2023). By names, so off by default.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import not_applicable, ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, notebook_of, open_spots
from mlee_jupyter.guardrails.leakage import starts_from_test
from mlee_jupyter.guardrails.rule_words import short


def check(evidence: Evidence) -> Finding:
    """Look for forecasts that are given test values."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    if not any(step.what == "forecast" for step in notebook.steps):
        return not_applicable(RULE, "the notebook forecasts nothing", "Nothing to do")
    spots = [Spot(k.step.cell, k.step.line, short(k.words, 90)) for k in starts_from_test(notebook.steps)]
    if not spots:
        return ok(RULE)
    shown = open_spots(RULE, notebook, spots) or spots
    return found(
        RULE,
        notebook,
        spots,
        f"Cell {shown[0].cell}: {shown[0].words}, which the forecast cannot know{and_more(shown)}",
        "Start from the last values of the training period",
    )


RULE = Rule(code="MLE411", name="seeded-from-test", level=Level.WARNING, check=check, preview=True, notebook=True)
