"""MLE712 package-behind: the notebook has changed since its package was made.

What it sees: packages in the notebook's folder, one or two levels below or one above it, that `mlee package` made from
this notebook, and whose record of its code cells is another than the notebook's now. Prose and outputs do not count.

Why it misleads: the package still gives the old numbers, and its tests still pass; nobody is told that the two say
different things.

What to do: make the package again with --refresh; files that were edited by hand are kept, the new version lies beside
them. Or carry the change over by hand, and refresh when both agree.

Reference: a judgement.
"""

from pathlib import Path

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import ok
from mlee_jupyter.guardrails.in_cells import Spot, found, in_cells, notebook_of
from mlee_jupyter.guardrails.rule_words import several


def check(evidence: Evidence) -> Finding:
    """Look for packages that are behind."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    behind = [p for p in notebook.packages if p.behind]
    if not behind:
        return ok(RULE)
    first = behind[0]
    name = Path(first.folder).name
    where = f" {in_cells(first.cells)}" if first.cells else ""
    more = f" (and {several(len(behind) - 1, 'more package')})" if len(behind) > 1 else ""
    edited = f"; {several(len(first.edited), 'file')} of it edited by hand" if first.edited else ""
    spots = [
        Spot(cell, 1, f"The package {Path(p.folder).name} does not know this cell as it is now")
        for p in behind
        for cell in (p.cells or tuple(c.number for c in notebook.cells[:1]) or (1,))
    ]
    return found(
        RULE,
        notebook,
        spots,
        f"{name} was made before the notebook changed{where}{more}{edited}",
        f"mlee package {Path(notebook.path).name} --output {first.folder} --refresh",
        facts={"packages": tuple(p.folder for p in behind)},
    )


RULE = Rule(code="MLE712", name="package-behind", level=Level.WARNING, check=check, notebook=True)
