"""An audit as one JSON value, as lines for a terminal, and as a page."""

from __future__ import annotations

from mlee_jupyter.domain.audits import Audit
from mlee_jupyter.domain.text.names import clean, wrap
from mlee_jupyter.domain.text.numbers import number, whole_number
from mlee_jupyter.report.board.board_findings import finding_value
from mlee_jupyter.report.board.judged_rows import failed_row, standing_row
from mlee_jupyter.report.render.as_html import table_html
from mlee_jupyter.report.render.as_text import table_lines
from mlee_jupyter.report.render.board_columns import COLUMNS
from mlee_jupyter.report.render.marks import safe
from mlee_jupyter.report.render.stylesheet import style
from mlee_jupyter.report.text.plain_json import JSON

from .audit_sentences import answers, heading, scope

VERSION = 1
_SHOWN = 5  # rows of the top
_WIDTH = 100
_FIELDS = tuple(column for column in COLUMNS if column.key in ("label", "score_text", "range_text", "against_text"))
_HEAD = 8  # columns of the heads of answers


def audit_value(audit: Audit) -> JSON:
    """Everything as plain JSON; `rows` are all that were judged one by one, best first.

    Args:
        audit: what was found.
    """
    judgement, tuning = audit.judgement, audit.tuning
    rows = [] if judgement is None else [standing_row(judgement, s) for s in judgement.standings]
    failed = {} if judgement is None else judgement.failed
    best = judgement.of(judgement.leader) if judgement else None
    return {
        "version": VERSION,
        "heading": heading(audit),
        "scope": scope(audit),
        "kind": audit.tried.kind,
        "place": audit.tried.place,
        "name": audit.tried.name,
        "score": audit.tried.score,
        "metric": audit.metric,
        "higher_is_better": audit.higher_is_better,
        "tries": len(audit.tried.tries),
        "judged": audit.scored,
        "lacking": dict(audit.lacking),
        "by": None if judgement is None else judgement.by,
        "n": None if judgement is None else whole_number(judgement.n),
        "best": audit.best.name if audit.best else None,
        "best_score": number(best.score if best else audit.best.score if audit.best else None),
        "winner": None if judgement is None else judgement.winner,
        "top": None if judgement is None else audit.top,
        "top_at_least": audit.at_least,
        "flattery": None if judgement is None else number(judgement.flattery),
        "surely": None if judgement is None else number(judgement.leader_bound),
        "useful_gain": None if judgement is None else number(judgement.useful_gain),
        "useful_gain_assumed": None if judgement is None else judgement.useful_gain_assumed,
        "smallest_gain": None if judgement is None else number(judgement.smallest_gain),
        "rows_needed_for_gain": None if judgement is None else whole_number(judgement.rows_needed_for_gain),
        "tuning": None
        if tuning is None
        else {
            "tries": tuning.tries,
            "luck": number(tuning.luck),
            "steered_from": tuning.steered_from,
            "is_bound": tuning.is_bound,
            "steered": audit.steered,
        },
        "answers": [{"head": head, "text": text} for head, text in answers(audit).items()],
        "findings": [finding_value(finding) for finding in audit.findings],
        "missing": list(audit.missing),
        "rows": [*rows, *(failed_row(name, why) for name, why in failed.items())],
    }


def audit_text(told: JSON) -> str:
    """Lines for a terminal, at most a screen of them.

    Args:
        told: from `audit_value`.
    """
    lines = [*wrap(told["heading"], _WIDTH), *wrap(told["scope"], _WIDTH), ""]
    if shown := told["rows"][:_SHOWN]:
        lines += [line.removeprefix(" ") for line in table_lines(shown, _WIDTH, fields=_FIELDS, is_whole=True)]
        left = len(told["rows"]) - len(shown)
        lines += [f"  {left:,} more below"] * bool(left) + [""]
    for answer in told["answers"]:
        lines += wrap(answer["text"], _WIDTH, first=f"{answer['head']:{_HEAD}}", rest=" " * _HEAD)
    for finding in told["findings"]:
        said = f"{finding['rule']} {finding['name']}: {clean(finding['remedy'], 300)}"
        lines += wrap(said, _WIDTH, first=f"{finding['level']:{_HEAD}}", rest=" " * _HEAD)
    if told["missing"]:
        lines += ["", "To say more:"]
        for one in told["missing"]:
            lines += wrap(one, _WIDTH, first="- ", rest="  ")
    return "\n".join(line.rstrip() for line in lines)


def audit_html(told: JSON) -> str:
    """A fragment of HTML with its style.

    Args:
        told: from `audit_value`.
    """
    parts = [f"<style>{style()}</style>", f"<h2>{safe(told['heading'])}</h2><p>{safe(told['scope'])}</p>"]
    if told["rows"]:
        shown = told["rows"][:20]
        left = len(told["rows"]) - len(shown)
        caption = "The best of them" + (f"; {left:,} more below" if left else "")
        parts.append(f'<div class="mlee-scroll">{table_html(caption, _FIELDS, shown)}</div>')
    said = "".join(f"<dt>{safe(one['head'])}</dt><dd>{safe(one['text'])}</dd>" for one in told["answers"])
    parts.append(f"<dl>{said}</dl>")
    for head, lines in (
        ("Found", [f"{f['level']} {f['rule']} {f['name']}: {f['remedy']}" for f in told["findings"]]),
        ("To say more", told["missing"]),
    ):
        if lines:
            parts.append(f"<h3>{head}</h3><ul>{''.join(f'<li>{safe(line)}</li>' for line in lines)}</ul>")
    return f'<div class="mlee-board mathjax_ignore tex2jax_ignore">{"".join(parts)}</div>'
