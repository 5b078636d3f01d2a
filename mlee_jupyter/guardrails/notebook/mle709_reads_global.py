"""MLE709 reads-global: a function reads a variable of the notebook.

What it sees: a function or class whose body reads a name that the notebook assigns, instead of taking it as an
argument. Imports and other functions do not count.

Why it misleads: what the function gives back hangs on which cell ran last, and nothing in its call shows it. It
cannot be tested or moved without the notebook.

What to do: make the variable an argument; `mlee package` does so.

Reference: a judgement; the coupling is "common coupling" in Stevens, Myers and Constantine, "Structured design"
(1974).
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import not_applicable, ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, notebook_of, open_spots
from mlee_jupyter.guardrails.rule_words import listed, short


def check(evidence: Evidence) -> Finding:
    """Look for functions that read notebook variables."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    if not notebook.definitions:
        return not_applicable(RULE, "the notebook defines no function or class", "Nothing to do")
    spots = [
        Spot(one.cell, one.line, f"{short(one.name)} reads {listed(one.reads)} of the notebook")
        for one in notebook.definitions
        if one.reads
    ]
    if not spots:
        return ok(RULE)
    shown = open_spots(RULE, notebook, spots) or spots
    return found(
        RULE,
        notebook,
        spots,
        f"Cell {shown[0].cell}: {shown[0].words}{and_more(shown, 'function')}",
        "Make it an argument, so that a call shows what it hangs on",
    )


RULE = Rule(code="MLE709", name="reads-global", level=Level.ADVICE, check=check, notebook=True)
