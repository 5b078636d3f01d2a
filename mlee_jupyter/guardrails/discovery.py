"""Which rules there are: every module beside this one whose name starts with `mle` and holds a RULE."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from dataclasses import replace
from functools import cache
from inspect import cleandoc
from pathlib import Path

from mlee_jupyter.domain import Rule
from mlee_jupyter.domain.errors import MleeError

from .rule_words import short


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, sorted by code, each with its manual page."""
    found = []
    for module in pkgutil.walk_packages([str(Path(__file__).parent)], f"{__package__}."):
        if module.name.rpartition(".")[2].startswith("mle"):
            loaded = importlib.import_module(module.name)
            rule: Rule = loaded.RULE
            found.append(replace(rule, page=cleandoc(loaded.__doc__ or "")))
    return tuple(sorted(found, key=lambda rule: rule.code))


def find_rule(name_or_code: str) -> Rule:
    """The rule of a name or a code, as people type it: "MLE201", "mle201", "201", "test-set-too-small".

    Raises:
        MleeError: there is no such rule; the nearest names are given.
    """
    wanted = "-".join(name_or_code.strip().lower().replace("_", "-").split())
    for rule in rules():
        if wanted in (rule.name, rule.code.lower(), rule.code.lower().removeprefix("mle")):
            return rule
    known = [form for rule in rules() for form in (rule.name, rule.code.lower())]
    near = [form.upper() if form.startswith("mle") else form for form in difflib.get_close_matches(wanted[:80], known)]
    hint = f"Nearest: {', '.join(near)}." if near else "%mlee_check lists them all."
    raise MleeError(f"{short(name_or_code, 40)!r} is not a rule.", hint)


def headline(rule: Rule) -> str:
    """The fault in one sentence: the first line of the page without code and name."""
    first = rule.page.partition("\n")[0]
    return first.removeprefix(f"{rule.code} {rule.name}:").strip()


def page(rule: Rule, *, wrapped: bool = True) -> str:
    """The manual page of a rule as text: its docstring, and how to mute it.

    `wrapped`: in lines of a terminal's width; else a line a paragraph, for a place that wraps by itself.
    """
    about = rule.page or f"{rule.code} {rule.name}"
    in_cell = [f"Mute it in one cell, by a comment there: # mlee: ignore[{rule.name}] reason"] if rule.notebook else []
    preview = [f"A preview: switch it on with [tool.mlee.rules.{rule.name}] preview = true"] if rule.preview else []
    return "\n".join(
        [
            about if wrapped else re.sub(r"(?<=\S)\n(?=[^\n-]|-[^ ])", " ", about),
            "",
            f"Level: {rule.level}.",
            *preview,
            *in_cell,
            f'Ignore it here: %mlee_experiment ignore {rule.name} --because "..." [--until 2026-12-01]',
            f"Switch it off for a project, in pyproject.toml: [tool.mlee.rules.{rule.name}] off = true",
        ]
    )


def index() -> str:
    """The table of all rules in Markdown, as docs/rules.md holds it."""
    rows = [
        f"| {rule.code} | `{rule.name}` | {rule.level}{', preview' if rule.preview else ''} | {headline(rule)} |"
        for rule in rules()
    ]
    return "\n".join(
        [
            "# The rules",
            "",
            "Written by `python -m mlee_jupyter.guardrails > docs/rules.md`; a test holds the two together.",
            "`mlee explain RULE`, or `%mlee_check RULE` in a notebook, prints the whole page of a rule.",
            "",
            "An **error** means that the comparison or the result is wrong, a **warning** that it cannot carry the",
            "decision, **advice** is craft. Only errors fail `mlee check`.",
            "",
            "| code | name | level | what it sees |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
