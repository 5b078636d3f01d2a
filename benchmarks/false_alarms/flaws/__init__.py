"""The flaws of each rule, by what they spoil, in files as the rules themselves are."""

from benchmarks.false_alarms.planting import FLAWS, Flaw

from . import on_charter, on_choice, on_comparison, on_decision, on_rows, on_text, on_time

__all__ = ["flaws", "on_charter", "on_choice", "on_comparison", "on_decision", "on_rows", "on_text", "on_time"]


def flaws() -> dict[str, Flaw]:
    """How the fault of each rule is planted, by its code."""
    return dict(sorted(FLAWS.items()))
