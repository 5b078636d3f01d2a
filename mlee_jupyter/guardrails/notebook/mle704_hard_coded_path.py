"""MLE704 hard-coded-path: a path that exists on one machine only stands in the code.

What it sees: absolute paths in text literals: from the root, a home folder, a drive or a mount. Relative paths, URLs
and folders that every system has (/tmp, /dev) do not count.

Why it misleads: the notebook runs for its author alone, and nobody else can see which file was meant.

What to do: write the path relative to the notebook, or read the folder from one variable at the top.

Reference: in the study of Pimentel and others (MSR 2019) missing files are among the three most frequent reasons why
notebooks fail on another machine.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, notebook_of, open_spots
from mlee_jupyter.guardrails.rule_words import short


def check(evidence: Evidence) -> Finding:
    """Look for absolute paths."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    spots = [Spot(p.cell, p.line, f"{short(p.what, 50)} exists on one machine only") for p in notebook.paths]
    if not spots:
        return ok(RULE)
    shown = open_spots(RULE, notebook, spots) or spots
    return found(
        RULE,
        notebook,
        spots,
        f"Cell {shown[0].cell}: {shown[0].words}{and_more(shown)}",
        "Write it relative to the notebook, or once in a variable at the top",
    )


RULE = Rule(code="MLE704", name="hard-coded-path", level=Level.WARNING, check=check, notebook=True)
