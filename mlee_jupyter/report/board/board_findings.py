"""Findings as plain JSON, by what they ask of the reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlee_jupyter.domain import Finding, Level, Outcome
from mlee_jupyter.domain.text.names import clean, line_or_none
from mlee_jupyter.report.text.plain_json import JSON, iso, plain


def grouped(findings: Sequence[Finding]) -> JSON:
    """Findings by what they ask of the reader; within a group in the order of their codes."""
    groups: dict[str, list[JSON]] = {
        "errors": [], "warnings": [], "advice": [], "ok": [], "not_applicable": [], "ignored": []
    }  # fmt: skip
    names = {Level.ERROR: "errors", Level.WARNING: "warnings", Level.ADVICE: "advice"}
    others = {Outcome.OK: "ok", Outcome.NOT_APPLICABLE: "not_applicable", Outcome.IGNORED: "ignored"}
    for finding in sorted(findings, key=lambda f: f.rule):
        groups[others.get(finding.outcome) or names[finding.level]].append(finding_value(finding))
    return groups


def finding_value(finding: Finding) -> JSON:
    """One finding as plain JSON."""
    ignored: dict[str, Any] | None = None
    if finding.ignored is not None:
        ignored = {
            "because": line_or_none(finding.ignored.because),
            "until": iso(finding.ignored.until),
            "where": finding.ignored.where,
        }
    return {
        "rule": finding.rule,
        "name": finding.name,
        "level": finding.level.value,
        "outcome": finding.outcome.value,
        "message": clean(finding.message, 1000),
        "remedy": clean(finding.remedy, 1000),
        "facts": plain(dict(finding.facts)),
        "ignored": ignored,
    }
