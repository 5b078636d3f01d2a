"""Pages of the site that are made from the code at each build, so that none can be stale; mkdocs calls `on_...`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

DOCS = Path(__file__).parent
ROOT = DOCS.parent
SCHEMAS = {
    "The board": "mlee_jupyter/report/board/board.schema.json",
    "The panel's snapshot": "mlee_jupyter/panel/snapshot.schema.json",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """A folder in the contents stands for its pages, so that a new decision is in no list."""
    config.nav = with_folders(config.nav)
    return config


def with_folders(entry: Any) -> Any:
    """The contents, with the pages of a folder for its name."""
    if isinstance(entry, list):
        return [with_folders(one) for one in entry]
    if isinstance(entry, dict):
        return {title: with_folders(one) for title, one in entry.items()}
    if isinstance(entry, str) and entry.endswith("/") and "://" not in entry:
        return [page.relative_to(DOCS).as_posix() for page in sorted((DOCS / entry).glob("*.md"))]
    return entry


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them to the files of the site."""
    from mkdocs.structure.files import File

    for name, text in pages().items():
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files


def pages() -> dict[str, str]:
    """The made pages, by name."""
    return {"magics": magics(), "commands": commands(), "rule_pages": rule_pages(), "schemas": schemas()}


def magics() -> str:
    """Each magic's own help, as `?` prints it, and what each verb does."""
    from mlee_jupyter.magics.magics import MleeMagics
    from mlee_jupyter.report import help_text
    from mlee_jupyter.session.verbs import every_verb

    parts = [
        "# Magics",
        "",
        "`%load_ext mlee_jupyter` brings them; `?` after a name prints its help.",
        "",
        fenced(help_text(every_verb.verbs())),
    ]
    for name in sorted(set(MleeMagics.magics["line"]) | set(MleeMagics.magics["cell"])):
        magic = getattr(MleeMagics, name)
        if not hasattr(magic, "parser"):
            continue
        parts += ["", f"## {name}", "", fenced(magic.parser.format_help())]
    parts += ["", "## Verbs", "", "| `%mlee_experiment` | what it does |", "| --- | --- |"]
    parts += [f"| `{verb.name}` | {verb.about} |" for verb in every_verb.verbs().values()]
    return "\n".join(parts) + "\n"


def commands() -> str:
    """Each command's own help."""
    from mlee_jupyter.cli.main import _parser

    parser = _parser()
    parts = ["# Command line", "", fenced(parser.format_help())]
    for action in parser._subparsers._group_actions:
        for name, command in action.choices.items():
            parts += ["", f"## {name}", "", fenced(command.format_help())]
    return "\n".join(parts) + "\n"


def rule_pages() -> str:
    """The docstring of each rule, which is its manual."""
    from mlee_jupyter.guardrails import page, rules

    parts = ["# Pages of the rules", "", "`mlee explain RULE` prints one of them. [All rules in a table](../rules.md)."]
    for rule in rules():
        head, _, text = page(rule, wrapped=False).partition("\n")
        parts += ["", f"## {head.partition(':')[0]}", "", head.partition(":")[2].strip(), *paragraphs(text)]
    return "\n".join(parts) + "\n"


def paragraphs(text: str) -> Iterator[str]:
    """Markdown of a page's text: its four parts with bold heads, its lists, its closing lines as a list."""
    for line in text.splitlines():
        plain = re.sub(r"([<>*_\[\]])", r"\\\1", line) if "`" not in line else line
        yield re.sub(r"^(What it sees|Why it misleads|What to do|Reference|Level):", r"**\1:**", plain)
        yield ""


def schemas() -> str:
    """The two contracts with front ends, and the tables of the store."""
    from mlee_jupyter.store.tables.schema import metadata

    parts = ["# Schemas"]
    for title, place in SCHEMAS.items():
        schema: dict[str, Any] = json.loads((ROOT / place).read_text("utf-8"))
        parts += ["", f"## {title}", "", schema.get("description", ""), "", f"`{place}`:", ""]
        parts += [fenced(json.dumps(schema, indent=1), "json")]
    parts += [
        "",
        "## The store",
        "",
        "SQLite or PostgreSQL; an older store is lifted to these tables when it is opened.",
    ]
    for table in metadata.sorted_tables:
        parts += ["", f"### {table.name}", "", "| column | type | may be empty |", "| --- | --- | --- |"]
        parts += [f"| `{c.name}` | {c.type!r} | {'yes' if c.nullable else 'no'} |" for c in table.columns]
    return "\n".join(parts) + "\n"


def fenced(text: str, language: str = "text") -> str:
    """A block of code."""
    return f"```{language}\n{text.strip()}\n```"
