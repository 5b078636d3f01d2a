"""The story that README and docs tell: the quickstart notebook, really run. `python docs/readme_story.py` writes it.

A comment `<!-- cells: start knn -->` names cells of the notebook, and the block below shows them as printed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "example_notebooks" / "quickstart.ipynb"
PAGES = (ROOT / "README.md", ROOT / "docs" / "reading_the_board.md")
BLOCK = re.compile(r"(<!-- cells: ([\w -]+?) -->\n```\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)
INDENT = " " * 8  # as IPython's prompt is wide

# what depends on the machine and the hour, and the blanks that make room for it
MEASURED = (
    (re.compile(r"\d\d:\d\d"), "HH:MM"),
    (re.compile(r", or keep \w+ (?:if answer time matters: .*|for a reason of its own)"), ""),  # who answers quicker
    (re.compile(r"<?\b[\d.,]+(?:e\+\d+)? (?:ms|s|min|h(?: \d\d)?|days?)\b"), "TIME"),
    (re.compile(r" +"), " "),
)


def transcript() -> dict[str, str]:
    """Each code cell of the notebook by its id: how it is typed, and what it prints."""
    cells = [cell for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    told = {}
    with _shell() as shell:
        for number, cell in enumerate(cells, 1):
            source, printed = "".join(cell["source"]), io.StringIO()
            with contextlib.redirect_stdout(printed):
                shell.run_cell(source, store_history=True).raise_error()
            told[cell["id"]] = _shown(number, source, printed.getvalue())
    return told


@contextlib.contextmanager
def _shell() -> Iterator[Any]:
    """A new IPython in a new project folder."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from mlee_jupyter.session import current

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    before = {name: os.environ.pop(name) for name in ("MLEE_STORE", "JPY_SESSION_NAME") if name in os.environ}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("pyproject.toml").touch()
        before["IPYTHONDIR"], os.environ["IPYTHONDIR"] = os.environ.get("IPYTHONDIR", ""), folder
        InteractiveShell.clear_instance()
        current.forget_session()
        try:
            yield InteractiveShell.instance(config=config)
        finally:
            current.forget_session()
            InteractiveShell.clear_instance()
            del os.environ["IPYTHONDIR"]
            os.environ.update({name: value for name, value in before.items() if value})


def _shown(number: int, source: str, printed: str) -> str:
    prompt = f"In [{number}]: "
    first, *rest = source.splitlines()
    typed = [prompt + first, *(" " * len(prompt) + line for line in rest)]
    said = ["", *(INDENT + line for line in printed.rstrip().splitlines())] if printed.strip() else []
    return "\n".join(line.rstrip() for line in (*typed, *said))


def written(text: str, told: Mapping[str, str]) -> str:
    """A page with its blocks written anew.

    Raises:
        KeyError: a block names a cell that is not in the notebook.
    """

    def block(found: re.Match[str]) -> str:
        return found[1] + "\n\n".join(told[name] for name in found[2].split()) + "\n" + found[4]

    return BLOCK.sub(block, text)


def lasting(text: str) -> str:
    """A text without what depends on the machine and the hour."""
    for pattern, word in MEASURED:
        text = pattern.sub(word, text)
    return text


def main() -> None:
    """Write the pages anew, or with --print show the whole transcript."""
    parser = argparse.ArgumentParser(description="The story of README and docs, from the quickstart notebook.")
    parser.add_argument("--print", action="store_true", help="show the whole transcript; write nothing")
    sys.path.insert(0, str(ROOT))
    if parser.parse_args().print:
        print("\n\n".join(transcript().values()))
        return
    told = transcript()
    for page in PAGES:
        page.write_text(written(page.read_text("utf-8"), told), "utf-8")


if __name__ == "__main__":
    main()
