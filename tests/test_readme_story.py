"""The story of README and docs is what the quickstart prints: only hours and durations may differ."""

from __future__ import annotations

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from docs import readme_story
from mlee_jupyter.domain.text import numbers

TEXT = (readme_story.ROOT / "README.md").read_text("utf-8")


def test_the_story_is_what_is_printed() -> None:
    told = readme_story.transcript()
    for page in readme_story.PAGES:
        text = page.read_text("utf-8")
        assert readme_story.BLOCK.search(text), page
        assert readme_story.lasting(readme_story.written(text, told)) == readme_story.lasting(text), (
            f"{page.name}: run python docs/readme_story.py"
        )


def test_no_other_page_shows_cells_that_nobody_writes() -> None:
    pages = [readme_story.ROOT / "README.md", *(readme_story.ROOT / "docs").rglob("*.md")]
    assert {page for page in pages if "<!-- cells:" in page.read_text("utf-8")} == set(readme_story.PAGES)


def test_the_story_is_one_experiment_from_its_start_to_its_decision() -> None:
    shown = [name for block in readme_story.BLOCK.finditer(TEXT) for name in block[2].split()]
    assert shown[0] == "start"
    assert {"decide", "scoreboard"} < set(shown)
    assert len(set(shown)) == len(shown)
    assert set(re.findall(r"^In \[(\d+)\]", TEXT, re.MULTILINE)) == set(
        re.findall(r"^In \[(\d+)\]", "".join(block[3] for block in readme_story.BLOCK.finditer(TEXT)), re.MULTILINE)
    ), "no cell stands in README that is not written by the script"


def test_a_changed_number_would_be_seen_and_a_slow_machine_would_not() -> None:
    line = "knn recorded: 98.9% on 450 cases (97.4 to 99.5). 1 s used, 2 h left."
    assert readme_story.lasting(line.replace("1 s", "17 s")) == readme_story.lasting(line)
    slower = line.replace("1 s used, 2 h left", "2 min used, 1 h 58 left")
    assert readme_story.lasting(slower) == readme_story.lasting(line)
    assert readme_story.lasting(line.replace("98.9", "98.8")) != readme_story.lasting(line)
    assert readme_story.lasting(line.replace("450", "1,000")) != readme_story.lasting(line)
    remedy = "%mlee_experiment decide knn --because ..., or keep svm"
    quick, slow = f"{remedy} if answer time matters: 0.1 against 0.21 ms", f"{remedy} for a reason of its own"
    assert readme_story.lasting(quick) == readme_story.lasting(slow)
    assert readme_story.lasting(quick) != readme_story.lasting(quick.replace("decide knn", "decide forest"))


@given(st.floats(min_value=1e-9, max_value=1e8))
def test_no_duration_of_any_machine_is_taken_for_another_story(seconds: float) -> None:
    def row(answer: float, spent: float) -> str:
        return f"* svm  99.1  {numbers.answer_text(answer):>8}  {numbers.time_text(timedelta(seconds=spent)):>5}"

    assert readme_story.lasting(row(seconds, seconds)) == readme_story.lasting(row(0.00004, 0))
