"""The pictures and the recording of README and docs, from a real JupyterLab: `python docs/make_screenshots.py`.

Runs the quickstart in a JupyterLab of its own (own settings, own store) and takes every screen of the extension, light
and dark, in a window of 1280 pixels and one of 800: docs/images/screens, with docs/screens.md that shows them all. Then
the pictures that README and docs use by themselves, and docs/images/tour.webp, a short recording.

Needs `pip install ".[browser]"` and a chromium on the PATH.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

PARTS = ("screens", "heads", "tour")


def main() -> int:
    """Take all of them, or some."""
    from docs.pictures import heads, sheet, taking, tour
    from tests.browser.serving import lacking

    parser = argparse.ArgumentParser(description="Pictures and recording of README and docs.")
    parser.add_argument("parts", nargs="*", choices=(*PARTS, []), help="screens, heads (README), tour; nothing: all")
    parser.add_argument(
        "--since", help="begin with this screen, one that opens a page of its own: convert_save, menu, form, notebook7"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "images")
    options = parser.parse_args()
    if missing := lacking():
        print(missing, file=sys.stderr)
        return 1
    parts = options.parts or PARTS
    failed: list[str] = []
    if "screens" in parts:
        failed = taking.take_all(options.output / "screens", options.since)
        sheet.write(ROOT / "docs" / "screens.md")
    if "heads" in parts:
        heads.take(options.output)
    if "tour" in parts:
        tour.record(options.output / "tour.webp")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
