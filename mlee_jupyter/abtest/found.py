"""What the rules found, as lines below a plan or a reading."""

from __future__ import annotations

from collections.abc import Iterable

from mlee_jupyter.domain import Finding, Outcome


def finding_lines(findings: Iterable[Finding]) -> list[str]:
    """Open findings, each in two lines.

    Args:
        findings: answers of rules.
    """
    found = [one for one in findings if one.outcome is Outcome.FINDING]
    return [f"{one.level.value:<8}{one.rule}  {one.message}\n        {one.remedy}" for one in found]
