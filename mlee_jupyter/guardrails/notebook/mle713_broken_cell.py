"""MLE713 broken-cell: Python cannot read a cell, so a run from top to bottom stops there.

What it sees: a code cell that is no Python after IPython's own reading of it: magics, shell lines, help and top-level
await are fine, and so is a cell under a magic of another language. Warning only, where a kernel may still read it:
Python 2 in a notebook that does not say Python 3, text that a later Python may read, and a magic without its per cent
sign, which works only alone in its cell.

Why it misleads: the results below the cell cannot be had again from the file, and nothing in the cell itself could be
checked.

What to do: mend the line, or make the cell a raw or markdown cell. A cell that is meant to fail gets the tag
raises-exception.

Reference: IPython's documentation, "Custom input transformation", says how a cell is read.
"""

from mlee_jupyter.domain import BrokenCell, Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, muted_by, notebook_of
from mlee_jupyter.guardrails.rule_words import short

_REMEDY = {
    "broken": "Mend the line, or make it a raw or markdown cell; a run stops here",
    "Python 2": "Bring it to Python 3 (2to3 helps); a Python 3 kernel stops here",
    "newer Python": "Check it with the Python it was written for; this one cannot read it",
    "bare magic": "Write it with %, or alone in its cell; a run stops here",
}


def check(evidence: Evidence) -> Finding:
    """Look for cells that Python cannot read."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    expected = {cell.number for cell in notebook.cells if cell.expects_error}
    broken = [one for one in notebook.broken if one.cell not in expected]
    if not broken:
        return ok(RULE)
    muted = muted_by(RULE, notebook)
    heard = [one for one in broken if one.cell not in muted] or broken
    shown = [one for one in heard if one.kind == "broken"] or heard
    first = shown[0]
    return found(
        RULE,
        notebook,
        [_spot(one) for one in shown],
        f"Cell {first.cell}, line {first.line}: {_words(first)}{and_more(shown, 'cell')}",
        _REMEDY[first.kind],
        level=Level.ERROR if first.kind == "broken" else Level.WARNING,
    )


def _spot(one: BrokenCell) -> Spot:
    return Spot(one.cell, one.line, _words(one))


def _words(one: BrokenCell) -> str:
    if one.kind == "bare magic":
        return "a magic without % beside other lines"
    if one.kind == "Python 2":
        return f"no Python 3, and maybe Python 2 ({short(one.words, 60)})"
    if one.kind == "newer Python":
        return f"this Python cannot read it ({short(one.words, 60)})"
    return f"no Python ({short(one.words, 80)})"


RULE = Rule(code="MLE713", name="broken-cell", level=Level.ERROR, check=check, notebook=True)
