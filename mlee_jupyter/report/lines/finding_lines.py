"""Findings as lines: under a cell at most two of them, the whole list for `%mlee_check`."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain import Finding, Ignore, Level, Outcome
from mlee_jupyter.domain.text.names import clean, count, cut, sentences, wrap
from mlee_jupyter.report.board.board_findings import grouped
from mlee_jupyter.report.text.plain_json import JSON

_INDENT = " " * 16  # under the message: level, code, two blanks
_LONGEST_LINE = 240
_WEIGHT = {Level.ERROR: 0, Level.WARNING: 1, Level.ADVICE: 2}


def finding_lines(finding: Finding) -> list[str]:
    """A finding in at most two lines: level, code and message; the remedy aligned under the message."""
    lines = [f"{finding.level:<7} {clean(finding.rule, 12):<7} {clean(finding.message, _LONGEST_LINE)}"]
    if remedy := clean(finding.remedy, _LONGEST_LINE):
        lines.append(_INDENT + remedy)
    return lines


def cell_lines(findings: Sequence[Finding], limit: int = 2) -> list[str]:
    """What is printed under a cell: the heaviest findings, and how many more there are.

    Args:
        findings: what became true with this cell; only open findings are shown.
        limit: at most so many findings.
    """
    heaviest = sorted((f for f in findings if f.outcome is Outcome.FINDING), key=lambda f: (_WEIGHT[f.level], f.rule))
    lines = [line for finding in heaviest[:limit] for line in finding_lines(finding)]
    if more := len(heaviest) - limit:
        lines += [f"and {more} more: %mlee_check"] if more > 0 else []
    return lines


def findings_text(findings: Sequence[Finding], *, all: bool = False, width: int = 100) -> str:
    """Errors, warnings and advice; with `all` also what was fine, what could not be asked, what is ignored and why."""
    groups = grouped(findings)
    lines = [line for f in _by_weight(findings) for line in finding_lines(f)]
    if not lines:
        lines = ["Nothing found." if findings else "No rule has been asked yet."]
    if all:
        for entry in groups["ignored"]:
            lines += wrap(ignored_text(entry), width, rest=_INDENT)
        for entry in groups["not_applicable"]:
            said = sentences(part for part in (entry["message"], entry["remedy"]) if part)
            lines += wrap(f"n/a     {entry['rule']:<7} {entry['name']}: {said}", width, rest=_INDENT)
        if groups["ok"]:
            names = ", ".join(f"{entry['rule']} {entry['name']}" for entry in groups["ok"])
            lines += wrap(f"ok      {names}", width, rest=" " * 8)
    elif tail := quiet_text(groups):
        lines.append(tail)
    return "\n".join(lines)


def quiet_text(groups: JSON) -> str:
    """ "18 rules ok, 5 not applicable, 1 ignored: %mlee_check --all" """
    parts = [count(len(groups["ok"]), "rule") + " ok"] if groups["ok"] else []
    if groups["not_applicable"]:
        parts.append(f"{len(groups['not_applicable'])} not applicable")
    if groups["ignored"]:
        parts.append(f"{len(groups['ignored'])} ignored")
    return f"{', '.join(parts)}: %mlee_check --all" if parts else ""


def ignored_text(entry: JSON) -> str:
    """One ignored finding with whose reason, and until when."""
    ignored = entry["ignored"] or {}
    reason = f'"{ignored["because"]}"' if ignored.get("because") else "no reason given"
    until = f", until {ignored['until']}" if ignored.get("until") else ""
    where = " in pyproject.toml" if ignored.get("where") == "config" else ""
    message = f"{entry['message']} " if entry["message"] else ""
    return f"ignored {entry['rule']:<7} {entry['name']}: {message}(ignored{where}{until}: {reason})"


def ignore_line(ignore: Ignore) -> str:
    """One ignore on its own, for a list of what is muted."""
    until = f", until {ignore.until.isoformat()}" if ignore.until else ""
    return f"{clean(ignore.rule, 40)}: {cut(clean(ignore.because or 'no reason given'), 200)}{until}"


def _by_weight(findings: Sequence[Finding]) -> list[Finding]:
    found = [f for f in findings if f.outcome is Outcome.FINDING]
    return sorted(found, key=lambda f: (_WEIGHT[f.level], f.rule))
