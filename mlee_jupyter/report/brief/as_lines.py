"""The brief for a terminal and as Markdown."""

from __future__ import annotations

from mlee_jupyter.domain.text.names import wrap
from mlee_jupyter.report.render.as_markdown import literal
from mlee_jupyter.report.text.plain_json import JSON

from .brief_value import HEADS

LISTS = (
    ("Still open", "risks"),
    ("Accepted, with the reason", "accepted"),
    ("Not written", "not_said"),
)
MARK = "<!-- mlee brief -->"
_WIDTH = 88


def headline(told: JSON) -> str:
    """The question, or what the experiment is called."""
    return str(told["question"] or told["label"])


def under(told: JSON) -> str:
    """Of what and when; for whom and for which decision, where that was written."""
    parts = [f"{told['label']}, {told['at_text']}" if told["question"] else told["at_text"]]
    parts += [f"for {told['owner']}"] if told["owner"] else []
    parts += [f"to decide: {told['decision']}"] if told["decision"] else []
    return "; ".join(parts)


def numbers_line(told: JSON) -> str:
    """What the numbers are, in one line; empty where there are none."""
    numbers = told["numbers"]
    if not numbers["rows"]:
        return ""
    gain = f"; {numbers['useful_gain']} matter" if numbers["useful_gain"] else ""
    return f"{numbers['metric']}, {numbers['direction']}, {numbers['cases']}{gain}"


def brief_text(told: JSON) -> str:
    """Lines for a terminal."""
    lines = [*wrap(headline(told), _WIDTH), *wrap(under(told), _WIDTH), ""]
    for answer in told["answers"]:
        lines += [answer["head"], *wrap(answer["text"], _WIDTH, first="  ", rest="  ")]
    for head, key in LISTS:
        if told[key]:
            lines.append(head)
        for one in told[key]:
            lines += wrap(one, _WIDTH, first="  - ", rest="    ")
    if said := numbers_line(told):
        lines += ["", *wrap(f"Numbers: {said}", _WIDTH)]
        for row in told["numbers"]["rows"]:
            lines.append(f"  {row['label'][:40]}: {row['score_text']} ({row['range_text']}), {row['against_text']}")
        lines += _left(told)
    return "\n".join(line.rstrip() for line in lines)


def brief_markdown(told: JSON) -> str:
    """Markdown, for a wiki or a pull request."""
    lines = [MARK, f"# {literal(headline(told))}", "", literal(under(told)), ""]
    for answer in told["answers"]:
        lines += [f"**{answer['head']}** {literal(answer['text'])}", ""]
    for head, key in LISTS:
        if told[key]:
            lines += [f"**{head}**", "", *(f"- {literal(one)}" for one in told[key]), ""]
    if said := numbers_line(told):
        lines += [f"**Numbers**: {literal(said)}", "", _row(list(HEADS.values())), _row(["---", "---:", "---", "---"])]
        lines += [_row([literal(row[key]) for key in HEADS]) for row in told["numbers"]["rows"]]
        lines += ["", *_left(told)]
    return "\n".join(lines).rstrip() + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _left(told: JSON) -> list[str]:
    left = told["numbers"]["rows_left"]
    return [f"And {left:,} more."] if left else []
