"""The brief as a page of its own: one sheet of A4 or letter, readable on a phone, without a script."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from mlee_jupyter.report.render.marks import safe
from mlee_jupyter.report.text.plain_json import JSON

from .as_lines import LISTS, MARK, headline, numbers_line, under
from .brief_value import HEADS


def brief_html(told: JSON) -> str:
    """A whole page, self-contained."""
    parts = [f"<h1>{safe(headline(told))}</h1><p class=under>{safe(under(told))}</p>"]
    said = "".join(f"<dt>{safe(one['head'])}</dt><dd>{safe(one['text'])}</dd>" for one in told["answers"])
    parts.append(f"<dl>{said}</dl>")
    for head, key in LISTS:
        if told[key]:
            parts.append(f"<h2>{head}</h2><ul>{''.join(f'<li>{safe(one)}</li>' for one in told[key])}</ul>")
    if line := numbers_line(told):
        parts.append(f"<details><summary>Numbers</summary><p>{safe(line)}</p>{_table(told)}</details>")
    return (
        f'<!doctype html>{MARK}<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{safe(headline(told))}</title><style>{_style()}</style></head>"
        f'<body><main class="mathjax_ignore tex2jax_ignore">{"".join(parts)}</main></body></html>\n'
    )


def _table(told: JSON) -> str:
    heads = "".join(f"<th scope=col>{head}</th>" for head in HEADS.values())
    rows = "".join(
        f"<tr><th scope=row><bdi>{safe(row['label'])}</bdi></th><td>{safe(row['score_text'])}</td>"
        f"<td>{safe(row['range_text'])}</td><td>{safe(row['against_text'])}</td></tr>"
        for row in told["numbers"]["rows"]
    )
    left = told["numbers"]["rows_left"]
    more = f"<p>And {left:,} more.</p>" if left else ""
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{more}"


@cache
def _style() -> str:
    return " ".join(files(__package__).joinpath("brief.css").read_text("utf-8").split())
