"""MLE708 repeated-constant: one tuned number is written in several places.

What it sees: the same number given to the same setting (test_size, n_estimators, random_state and others that people
tune) in two or more places. 0 and 1 do not count, nor do the settings of drawings.

Why it misleads: a number that is tuned in one place and forgotten in another makes two candidates unlike in more than
what is compared.

What to do: give it a name at the top and use that; `mlee package` lifts it into the configuration.

Reference: a judgement, no statistic is involved; the advice is as old as named constants (Kernighan and Plauger, "The
elements of programming style", 1974).
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Place, Rule
from mlee_jupyter.guardrails.answers import ok
from mlee_jupyter.guardrails.in_cells import Spot, found, in_cells, notebook_of, open_spots
from mlee_jupyter.guardrails.rule_words import several, short


def check(evidence: Evidence) -> Finding:
    """Group settings by name and number."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    groups: dict[tuple[str, str], list[Place]] = {}
    for one in notebook.constants:
        groups.setdefault((one.what, one.more), []).append(one)
    spots = [
        Spot(one.cell, one.line, f"{short(name)}={short(value, 20)} again")
        for (name, value), places in groups.items()
        if len(places) > 1
        for one in places
    ]
    if not spots:
        return ok(RULE)
    left = {(s.cell, s.line) for s in open_spots(RULE, notebook, spots) or spots}
    (name, value), places = max(groups.items(), key=lambda g: (sum((p.cell, p.line) in left for p in g[1]), len(g[1])))
    many = sum(len(g) > 1 for g in groups.values())
    others = f"; {several(many - 1, 'other number')} too" if many > 1 else ""
    where = in_cells([p.cell for p in places])
    return found(
        RULE,
        notebook,
        spots,
        f"{short(name)}={short(value, 20)} is written {len(places)} times, {where}{others}",
        "Give the number a name at the top and use that",
    )


RULE = Rule(code="MLE708", name="repeated-constant", level=Level.ADVICE, check=check, notebook=True)
