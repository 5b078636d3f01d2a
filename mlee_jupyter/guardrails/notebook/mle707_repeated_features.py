"""MLE707 repeated-features: one list of names is written out in several places.

What it sees: lists, tuples and sets of three or more texts, of which at least 80% are the same, in two or more
places.

Why it misleads: sooner or later one copy is changed and the other is not; a model is then trained on other columns
than it is judged on, and no error tells of it. Two people who add a field each must edit, and merge, every copy.

What to do: write it once and give it a name; `mlee package` lifts it into the configuration.

Reference: a judgement; duplicated code that drifts apart is described in Juergens and others, "Do code clones
matter?" (ICSE 2009): more than half of the inconsistent copies they met were faults that nobody had meant.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, ListSeen, Rule
from mlee_jupyter.guardrails.answers import ok
from mlee_jupyter.guardrails.in_cells import Spot, found, in_cells, notebook_of
from mlee_jupyter.guardrails.in_cells import open_spots as _open
from mlee_jupyter.guardrails.rule_words import listed, several

SAME = 0.8  # share of the longer list that both must have
_MOST = 400  # different lists compared; more than this is data written as code


def check(evidence: Evidence) -> Finding:
    """Group lists that are nearly the same."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    groups = [group for group in _groups(notebook.lists) if len(group) > 1]
    spots = [Spot(one.cell, one.line, f"the list {listed(one.items, 2, 15)} again") for g in groups for one in g]
    if not spots:
        return ok(RULE)
    left = {(s.cell, s.line) for s in _open(RULE, notebook, spots) or spots}
    group = max(groups, key=lambda g: sum((one.cell, one.line) in left for one in g))
    alike = "" if len({one.items for one in group}) == 1 else "nearly "
    others = f"; {several(len(groups) - 1, 'other list')} too" if len(groups) > 1 else ""
    where = in_cells([one.cell for one in group])
    return found(
        RULE,
        notebook,
        spots,
        f"The {alike}same {several(len(group[0].items), 'name')} ({listed(group[0].items, 2, 15)}) stand "
        f"{len(group)} times, {where}{others}",
        "Write the list once and name it; the copies drift apart",
        facts={"lists": len(groups)},
    )


def _groups(lists: tuple[ListSeen, ...]) -> list[list[ListSeen]]:
    """Lists that share most of their items with the first of their group, in order of appearance."""
    groups: list[tuple[frozenset[str], list[ListSeen]]] = []
    by_items: dict[frozenset[str], list[ListSeen]] = {}
    for one in lists:
        items = frozenset(one.items)
        if (home := by_items.get(items)) is None:
            near = (g for known, g in groups[:_MOST] if len(known & items) >= SAME * max(len(known), len(items)))
            home = next(near, None)
            if home is None:
                home = []
                groups.append((items, home))
            by_items[items] = home
        home.append(one)
    return [group for _, group in groups]


RULE = Rule(code="MLE707", name="repeated-features", level=Level.WARNING, check=check, notebook=True)
