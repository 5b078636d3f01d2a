"""Findings for a page: folded under a board, or on their own for `%mlee_check`."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain import Finding
from mlee_jupyter.report.board.board_findings import grouped
from mlee_jupyter.report.lines.finding_lines import ignored_text, quiet_text
from mlee_jupyter.report.text.plain_json import JSON

from .as_text import found_text
from .marks import safe
from .stylesheet import style

_KIND = {"error": "mlee-bad", "warning": "mlee-open", "advice": "mlee-first"}


def findings_html(findings: Sequence[Finding], *, all: bool = False) -> str:
    """Errors, warnings and advice as a list; with `all` also what was fine, not applicable or ignored, and why."""
    groups = grouped(findings)
    parts = [
        f"<style>{style()}</style>",
        _list(_open(groups)) or f"<p>{'Nothing found.' if findings else 'No rule has been asked yet.'}</p>",
    ]
    if all:
        parts.append(_quiet("ignored", [ignored_text(entry) for entry in groups["ignored"]]))
        said = [f"{e['rule']} {e['name']}: {e['message']} {e['remedy']}".strip() for e in groups["not_applicable"]]
        parts.append(_quiet("not applicable", said))
        parts.append(_quiet("ok", [f"{e['rule']} {e['name']}" for e in groups["ok"]]))
    elif tail := quiet_text(groups):
        parts.append(f"<p>{safe(tail)}</p>")
    return f'<div class="mlee-board mathjax_ignore tex2jax_ignore">{"".join(parts)}</div>'


def errors_html(groups: JSON) -> str:
    """Errors, to stand above a board: what is wrong comes before what it seems to say."""
    return _list(groups["errors"])


def found_html(groups: JSON) -> str:
    """Warnings and advice folded under a board."""
    found = [*groups["warnings"], *groups["advice"]]
    if not found:
        return ""
    return f"<details><summary>{safe(found_text({**groups, 'errors': []}))}</summary>{_list(found)}</details>"


def _open(groups: JSON) -> list[JSON]:
    return [*groups["errors"], *groups["warnings"], *groups["advice"]]


def _list(found: list[JSON]) -> str:
    if not found:
        return ""
    return f'<ul class="mlee-findings">{"".join(_item(entry) for entry in found)}</ul>'


def _item(entry: JSON) -> str:
    remedy = f'<br><span class="mlee-remedy">{safe(entry["remedy"])}</span>' if entry["remedy"] else ""
    return (
        f'<li class="{_KIND[entry["level"]]}"><strong>{entry["level"]}</strong> '
        f'<code title="{safe(entry["name"])}">{safe(entry["rule"])}</code> {safe(entry["message"])}{remedy}</li>'
    )


def _quiet(head: str, said: list[str]) -> str:
    if not said:
        return ""
    items = "".join(f"<li>{safe(line)}</li>" for line in said)
    return f'<details><summary>{len(said)} {head}</summary><ul class="mlee-findings">{items}</ul></details>'
