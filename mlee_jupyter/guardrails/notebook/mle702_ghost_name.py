"""MLE702 ghost-name: a name is read that a fresh run from top to bottom does not know.

What it sees: a name that a cell reads for sure when it runs, and that no cell above binds: it is bound further down
only, deleted above, or bound nowhere. Reads in branches, in guarded code and in function bodies do not count, since a
run may pass them by. Where names may be bound unseen (star imports, exec, globals(), %run, magics that set variables,
cells in another language) the rule stays silent.

Why it misleads: the notebook worked because of something a kernel still remembered, from a cell that was deleted,
renamed or moved. Its results cannot be had again from the file.

What to do: move the cell that binds the name up, or write it again. A cell that is meant to fail gets the tag
raises-exception.

Reference: hidden state is the most frequent reason why notebooks fail when run again (Pimentel, Murta, Braganholo and
Freire, MSR 2019).
"""

import re

from mlee_jupyter.domain import Evidence, Finding, Level, NotebookFacts, Rule
from mlee_jupyter.guardrails.answers import not_applicable, ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, notebook_of, open_spots
from mlee_jupyter.guardrails.rule_words import short

_HISTORY = re.compile(r"_+|_i*|_i?\d+|_[iod]h|_exit_code")  # what IPython keeps of earlier cells


def check(evidence: Evidence) -> Finding:
    """Walk reads and bindings as a fresh run would."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    if notebook.open_names:
        return not_applicable(
            RULE, "names are bound unseen: a star import, exec, globals() or %run", "Import the names one by one"
        )
    spots = _ghosts(notebook)
    if not spots:
        return ok(RULE)
    first = (open_spots(RULE, notebook, spots) or spots)[0]
    return found(
        RULE,
        notebook,
        spots,
        f"Cell {first.cell} reads {first.words}{and_more(open_spots(RULE, notebook, spots) or spots, 'name')}",
        "Move the cell that makes it up, or write it again; a fresh run stops here",
    )


def _ghosts(notebook: NotebookFacts) -> list[Spot]:
    """The first surely failing read of each name."""
    first_bound: dict[str, int] = {}
    for seen in notebook.names:
        if seen.what in ("binds", "may bind"):
            first_bound.setdefault(seen.name, seen.cell)
    quiet = {cell.number for cell in notebook.cells if cell.expects_error}
    bound: set[str] = set()
    deleted: dict[str, int] = {}
    spots: dict[str, Spot] = {}
    for seen in notebook.names:
        if seen.what == "reads":
            known = seen.name in bound or seen.name in notebook.known_names or _HISTORY.fullmatch(seen.name)
            if not known and seen.cell not in quiet and seen.name not in spots:
                if seen.name in deleted:
                    why = f"which cell {deleted[seen.name]} deletes"
                elif seen.name in first_bound:
                    there = first_bound[seen.name]
                    why = "before it is made" if there == seen.cell else f"which is made only in cell {there}"
                else:
                    why = "which no cell makes"
                spots[seen.name] = Spot(seen.cell, seen.line, f"{short(seen.name)}, {why}")
        elif seen.what == "deletes":
            bound.discard(seen.name)
            deleted[seen.name] = seen.cell
        else:
            bound.add(seen.name)
    return list(spots.values())


RULE = Rule(code="MLE702", name="ghost-name", level=Level.ERROR, check=check, notebook=True)
