"""MLE791 ignore-without-reason: a finding is muted and nobody said why.

What it sees: an ignore in force whose reason is missing or empty; `%mlee_experiment ignore` asks for one, the table
`[tool.mlee] ignore` in pyproject.toml and the comment `# mlee: ignore[RULE]` in a cell can lack it.

Why it misleads: ignored findings stand in the brief with their reason. Without one the reader cannot tell a weighed
decision from a warning that was in the way.

What to do: add the reason: [tool.mlee] ignore = [{rule = "...", reason = "..."}], or behind the brackets of the
comment.

Reference: the habit of asking for a reason beside every suppression, for example in clippy
(allow_attributes_without_reason).
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.asking import in_force
from mlee_jupyter.guardrails.in_cells import and_more
from mlee_jupyter.guardrails.rule_words import listed, several, short

NO_IGNORES = "nothing is ignored"
IGNORE = "%mlee_experiment ignore RULE --because ..."


def check(evidence: Evidence) -> Finding:
    """Look for ignores in force without a reason."""
    ignores = [ignore for ignore in evidence.records.ignores if in_force(ignore, evidence.now.date())]
    in_cells = evidence.notebook.ignores if evidence.notebook is not None else ()
    if not ignores and not in_cells:
        return not_applicable(RULE, NO_IGNORES, IGNORE)
    bare = {ignore.rule: ignore.where for ignore in ignores if not (ignore.because or "").strip()}
    cells = tuple(sorted({one.cell for one in in_cells if not one.because.strip()}))
    if not bare and cells:
        return finding(
            RULE,
            f"A comment in cell {cells[0]} mutes a rule without a reason{and_more(cells, 'cell')}",
            "Write the reason behind the brackets: # mlee: ignore[RULE] reason",
            facts={"cells": cells, "places": tuple((c, 1, "a rule is muted without a reason") for c in cells)},
            severity=float(len(cells)),
        )
    if not bare:
        return ok(RULE, f"{several(len(ignores) + len(in_cells), 'ignore')}, each with its reason")
    first = short(next(iter(bare)))
    here = f"%mlee_experiment ignore {first} --because ..."
    return finding(
        RULE,
        f"{listed(list(bare))} {'is' if len(bare) == 1 else 'are'} ignored without a reason",
        'Add reason = "..." to its line of [tool.mlee] ignore' if next(iter(bare.values())) == "config" else here,
        facts={"rules": tuple(bare)},
        severity=float(len(bare)),
    )


RULE = Rule(code="MLE791", name="ignore-without-reason", level=Level.ADVICE, check=check, notebook=True)
