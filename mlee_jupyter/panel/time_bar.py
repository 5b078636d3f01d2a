"""The time box as a bar: one segment a candidate, what was spent on nobody in particular, what is left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mlee_jupyter.domain import Evidence
from mlee_jupyter.domain.text.names import count, label, whole
from mlee_jupyter.domain.text.numbers import time_text

MOST_SEGMENTS = 8  # candidates drawn one by one; the rest share one


def segments(evidence: Evidence) -> list[dict[str, Any]]:
    """Segments from the left, in per cent of the box (or of what was used, where that is more)."""
    used, box = evidence.used, evidence.experiment.box or timedelta()
    whole_bar = max(used, box)
    if not whole_bar:
        return []
    spent = sorted(
        ((effort.active, name) for name, effort in evidence.efforts.items() if effort.active),
        key=lambda pair: (-pair[0], pair[1]),
    )
    parts = [_part("candidate", whole(name), label(name, 60), active) for active, name in spent[:MOST_SEGMENTS]]
    if rest := spent[MOST_SEGMENTS:]:
        parts.append(_part("others", None, count(len(rest), "more candidate"), sum((a for a, _ in rest), timedelta())))
    attributed = sum((part["spent"] for part in parts), timedelta())
    if used > attributed:
        parts.append(_part("shared", None, "not on one candidate", used - attributed))
    total = max(whole_bar, attributed)
    return [{**part, "spent": part["spent"].total_seconds(), "width": round(100 * (part["spent"] / total), 2)}
            for part in parts]  # fmt: skip


def _part(kind: str, candidate: str | None, shown: str, spent: timedelta) -> dict[str, Any]:
    return {"kind": kind, "candidate": candidate, "label": shown, "spent": spent, "text": time_text(spent)}
