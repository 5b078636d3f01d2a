"""MLE710 copy-paste: the same lines of code stand in two places.

What it sees: six or more lines in a row that are equal in two places. Comments, blank lines, imports and lines with
nothing but brackets do not count.

Why it misleads: a fault mended in one copy lives on in the other, and a change to one of them makes candidates unlike
that were meant to be treated alike.

What to do: make a function of them.

Reference: Juergens, Deissenboeck, Hummel and Wagner, "Do code clones matter?" (ICSE 2009). Six lines is a usual lower
bound of clone detectors.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, NotebookFacts, Rule
from mlee_jupyter.guardrails.answers import ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, notebook_of, open_spots
from mlee_jupyter.guardrails.rule_words import several

LINES = 6


def check(evidence: Evidence) -> Finding:
    """Look for runs of equal lines."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    spots = _copies(notebook)
    if not spots:
        return ok(RULE)
    shown = open_spots(RULE, notebook, spots) or spots
    return found(
        RULE,
        notebook,
        spots,
        f"{shown[0].words[:1].upper()}{shown[0].words[1:]}{and_more(shown)}",
        "Make a function of these lines",
    )


def _copies(notebook: NotebookFacts) -> list[Spot]:
    """Where a run of lines begins that stood further up already; one spot a run."""
    seen: dict[tuple[str, ...], tuple[int, int]] = {}  # six lines -> cell and position
    spots = []
    for cell in notebook.cells:
        lines = [(n, t) for n, t in cell.lines if not t.lstrip().startswith(("import ", "from "))]
        texts = [text for _, text in lines]
        here = [(k, tuple(texts[k : k + LINES])) for k in range(len(texts) - LINES + 1)]
        covered = 0  # the end of the run reported last
        for k, block in here:
            at = seen.get(block)
            if at is not None and k >= covered and (at[0] != cell.number or at[1] + LINES <= k):
                end = k + LINES
                while end < len(texts) and tuple(texts[end - LINES + 1 : end + 1]) in seen:
                    end += 1
                words = f"{several(end - k, 'line')} of cell {cell.number} stand in cell {at[0]} already"
                spots.append(Spot(cell.number, lines[k][0], words))
                covered = end
            seen.setdefault(block, (cell.number, k))
    return spots


RULE = Rule(code="MLE710", name="copy-paste", level=Level.ADVICE, check=check, notebook=True)
