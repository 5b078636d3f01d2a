"""The story of CONTRIBUTING.md, "add a rule in three files", works as written."""

from __future__ import annotations

import tomllib
from typing import Any

from mlee_jupyter.domain import Rule

from .story import ROOT, files_of

STORY = files_of("Add a rule")


def test_the_rule_of_the_story_passes_the_table_of_the_story() -> None:
    rule_file, test_file, _ = STORY.values()
    made: dict[str, Any] = {"__package__": "mlee_jupyter.guardrails", "__name__": "mlee_jupyter.guardrails.mle699"}
    exec(compile(rule_file, "mle699_no_reason.py", "exec"), made)
    tried: dict[str, Any] = {"__name__": "tests.guardrails.test_mle699"}
    exec(compile(test_file, "test_mle699_no_reason.py", "exec"), tried)

    rule: Rule = made["RULE"]
    for part in ("What it sees: ", "Why it misleads: ", "What to do: ", "Reference: "):
        assert part in made["__doc__"]
    assert made["__doc__"].startswith(f"{rule.code} {rule.name}: ")
    for name, (outcome, seen, words) in tried["CASES"].items():
        answer = rule.check(seen)
        assert answer.outcome is outcome, name
        assert words in f"{answer.message} | {answer.remedy}", name


def test_the_fragments_of_the_stories_are_ones_that_a_release_gathers() -> None:
    gathered = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
    for heading in ("Add a rule", "Add a metric"):
        *_, name = files_of(heading)
        folder, _, file = name.partition("/")
        assert folder == gathered["directory"]
        assert file.removesuffix(".md").rpartition(".")[2] in {kind["directory"] for kind in gathered["type"]}
    assert "MLE699 no-reason" in STORY["changelog.d/mle699.added.md"], "as the test of every rule looks for it"
