"""Findings of notebooks as SARIF 2.1.0, the form in which code hosts and editors read what analysers found.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from mlee_jupyter.domain import Finding, Level, Outcome
from mlee_jupyter.domain.text.names import clean
from mlee_jupyter.report.text.plain_json import JSON

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.ADVICE: "note"}
_HOME = "https://github.com/mlee-jupyter/mlee_jupyter"


def sarif(findings_by_path: Mapping[str, Sequence[Finding]], *, version: str = "") -> JSON:
    """One SARIF log with one run: a result for each place of each finding, ignored ones as suppressed results.

    Args:
        findings_by_path: a notebook's path (relative ones stay relative) and every rule's answer.
        version: of this package.
    """
    answers = [f for findings in findings_by_path.values() for f in findings]
    rules = {f.rule: f for f in answers if f.outcome in (Outcome.FINDING, Outcome.IGNORED)}
    codes = sorted(rules)
    driver: JSON = {
        "name": "mlee",
        "informationUri": _HOME,
        "rules": [
            {
                "id": code,
                "name": rules[code].name,
                "shortDescription": {"text": rules[code].name.replace("-", " ")},
                "helpUri": f"{_HOME}/blob/main/docs/rules.md",
                "defaultConfiguration": {"level": _LEVELS[rules[code].level]},
            }
            for code in codes
        ],
    }
    if version:
        driver["version"] = version
    results = [
        result
        for path, findings in findings_by_path.items()
        for finding in findings
        if finding.outcome in (Outcome.FINDING, Outcome.IGNORED)
        for result in _results(path, finding, codes)
    ]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _results(path: str, finding: Finding, codes: Sequence[str]) -> Iterator[JSON]:
    places: Sequence[Any] = finding.facts.get("places") or [(None, 1, finding.message)]
    for cell, line, words in places:
        where = f" (cell {cell}, line {line})" if cell is not None else ""
        result: JSON = {
            "ruleId": finding.rule,
            "ruleIndex": codes.index(finding.rule),
            "level": _LEVELS[finding.level],
            "message": {"text": f"{clean(words, 400)}{where}. {clean(finding.remedy, 400)}"},
            "locations": [_location(path, cell, line)],
        }
        if finding.outcome is Outcome.IGNORED:
            because = finding.ignored.because if finding.ignored else None
            result["suppressions"] = [{"kind": "inSource", "justification": clean(because or "", 400)}]
        yield result


def _location(path: str, cell: int | None, line: int) -> JSON:
    """The file, and the cell as a logical location: a line of a cell is no line of the file."""
    location: JSON = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(PurePath(path).as_posix())},
            "region": {"startLine": 1},
        }
    }
    if cell is not None:
        name = f"cell {cell}, line {line}"
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": f"{path}: {name}", "kind": "cell"}]
    return location
