"""The lists of metrics outside of Python, made from the metrics' own files: `python docs/metric_lists.py` writes them.

The table of docs/metrics.md, and what JupyterLab's start form offers, which opens before any kernel runs.
"""

from __future__ import annotations

import re
from pathlib import Path

from mlee_jupyter.stats.metrics.catalogue import found_metrics, offered_metrics
from mlee_jupyter.stats.metrics.traits import MetricFacts

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "metrics.md"
FORM = ROOT / "labextension" / "src" / "metrics.ts"
TABLE = re.compile(r"(<!-- metrics -->\n).*?(<!-- end -->)", re.DOTALL)


def table() -> str:
    """Every metric with its variants, as Markdown."""
    lines = [
        "| metric | also | needs | what it is | a candidate's error comes from |",
        "| --- | --- | --- | --- | --- |",
    ]
    for facts, *variants in found_metrics():
        names = [f"{facts.name}_0.9" if facts.takes_level else facts.name, *(one.name for one in variants)]
        cells = (
            _code(names),
            _code(facts.also),
            _needs(facts),
            facts.about.partition(": ")[2].rstrip("."),
            _rests_on(facts),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def form() -> str:
    """The metrics that JupyterLab's start form offers, as TypeScript."""
    names = ",\n".join(f"  '{name}'" for name in offered_metrics())
    head = "/** What the start form offers. Written by docs/metric_lists.py: do not edit. */"
    return f"{head}\nexport const METRICS = [\n{names}\n];\n"


def page(text: str) -> str:
    """The page with its table as it is now."""
    return TABLE.sub(lambda found: found[1] + table() + found[2], text)


def _code(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _needs(facts: MetricFacts) -> str:
    if facts.needs != "scores":
        return facts.needs
    return "probabilities" if facts.probabilities else "scores or probabilities"


def _rests_on(facts: MetricFacts) -> str:
    if facts.hangs_on_classes:
        return "the scarcest class"
    if facts.counts_right_rows:
        return "rows; two candidates from the rows on which they differ"
    if facts.is_root:
        return "rows; compared as their squares are"
    return "rows; compared as MSE is" if facts.over_variance else "rows"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    FORM.write_text(form(), "utf-8")
