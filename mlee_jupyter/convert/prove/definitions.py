"""A notebook that only defines functions and classes has no values to compare: then their code is held together."""

from __future__ import annotations

import ast

from mlee_jupyter.convert.types import Kind, Sameness, ValueVerdict, Written


def same_definitions(written: Written) -> tuple[ValueVerdict, ...]:
    """A verdict for each function and class, by the syntax trees of notebook and package.

    Returns:
        nothing, when the package runs any statement besides imports and definitions.
    """
    plan = written.plan
    facts = plan.original or plan.facts
    homes = {h.statement: h for h in plan.hoisted}
    rest = [i for i in plan.flow if i not in homes and facts.statements[i].kind is not Kind.IMPORT]
    if rest:
        return ()
    found = []
    for i, home in homes.items():
        same = _code(written, home.module, home.name) == ast.dump(facts.statements[i].node)
        verdict = Sameness.IDENTICAL if same else Sameness.NOT_PROVEN
        found.append(ValueVerdict(name=home.name, verdict=verdict, detail="its code; nothing called it"))
    return tuple(found)


def _code(written: Written, module: str, name: str) -> str:
    """The definition as the package has it; empty: it is not there."""
    text = written.files.get(f"src/{written.plan.name}/{module}.py", "")
    found = [n for n in ast.parse(text).body if getattr(n, "name", None) == name]
    return ast.dump(found[0]) if len(found) == 1 else ""
