"""Where a reader goes from a finding: to cells, to a candidate's cell, or to the cell that starts the experiment."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import Finding
from mlee_jupyter.domain.text.names import clean, whole

MOST_PLACES = 20
_NAMING = ("candidate", "chosen", "apart", "worse", "leader")  # facts that name a candidate, or several


def where(finding: Finding) -> list[dict[str, Any]]:
    """Places: {cell, line, text} by number, or {candidate} by name; none means the experiment's first cell."""
    places = finding.facts.get("places")
    if isinstance(places, list | tuple):
        return [
            {"cell": int(cell), "line": int(line), "text": clean(words, 200)}
            for cell, line, words in places[:MOST_PLACES]
        ]
    for fact in _NAMING:
        named = finding.facts.get(fact)
        names = named if isinstance(named, list | tuple) else (named,)
        found = [{"candidate": whole(name)} for name in names[:MOST_PLACES] if isinstance(name, str)]
        if found:
            return found
    return []
