"""The brief: what it says in each state of an experiment, that it says nothing else, and that any text stays text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.cli import main
from mlee_jupyter.domain.errors import MleeError
from tests.conftest import Shell

pytestmark = pytest.mark.usefixtures("alone")


TRUTH = np.arange(400) % 4
AGREED = {
    "question": "Can a camera tell which product is on the shelf?",
    "today": "a count by hand, once a week",
    "decision": "cameras for 20 stores",
    "owner": "Ann",
    "metric": "accuracy",
    "useful_gain": 0.02,
    "must_reach": 0.9,
}
JARGON = (
    "p-value", "accuracy", "auc", "f1", "rmse", "confidence", "interval", "hypothesis", "significan", "variance",
    "standard error", "overfit", "hyperparameter", "cross-validation", "null", "baseline", "metric", "predict", "model",
    "must_reach", "useful_gain", "charter", "mle2", "mle3", "95%",
)  # fmt: skip


def right_in(share: float, seed: int) -> np.ndarray:
    """Answers of which that share is right."""
    dice = np.random.default_rng(seed)
    return np.where(dice.random(400) < share, TRUTH, (TRUTH + 1) % 4)


def begun(name: str = "shelf", **more: Any) -> Any:
    return mlee.start(name, budget="2h", truth=TRUTH, **{**AGREED, **more})


def scored(handle: Any, **shares: float) -> None:
    for seed, (name, share) in enumerate(shares.items()):
        handle.record(name, right_in(share, seed), quiet=True)


def answers(handle: Any) -> dict[str, str]:
    return {one["head"]: one["text"] for one in json.loads(handle.brief("json"))["answers"]}


def test_before_anything_was_scored_nothing_is_claimed(project: Path) -> None:
    said = answers(begun())
    assert said["Is it solved?"] == "Nobody can tell yet: nothing has been scored."
    assert said["What do we suggest?"] == "Nothing yet: nothing has been scored."
    assert "How sure is that?" not in said


@pytest.mark.parametrize(
    ("shares", "target", "word"),
    [
        ({"one": 0.97, "other": 0.5}, 0.9, "Yes, in this test. "),
        ({"one": 0.7, "other": 0.5}, 0.9, "No, not yet. "),
        ({"one": 0.9, "other": 0.5}, 0.9, "Nobody can tell yet. "),
        ({"one": 0.97, "other": 0.5}, None, "Nobody can tell yet. "),
    ],
    ids=["reached", "missed", "in between", "no target"],
)
def test_it_is_solved_where_the_whole_range_is(
    shares: dict[str, float], target: float | None, word: str, project: Path
) -> None:
    handle = begun(must_reach=target)
    scored(handle, **shares)
    said = answers(handle)["Is it solved?"]
    assert said.startswith(word), said
    row = handle.board()["boards"][0]["rows"][0]
    low, high = row["range_text"].split("–")
    assert f'"one" was right in {row["score_text"]} of 100 test cases ({low} to {high})' in said
    assert ("nobody wrote what would be good enough" in said) == (target is None)


def test_a_loss_is_said_with_its_direction(project: Path) -> None:
    dice = np.random.default_rng(0)
    truth = dice.normal(size=300)
    handle = mlee.start("loss", truth=truth, metric="rmse", must_reach=0.5)
    handle.record("near", truth + 0.1 * dice.normal(size=300), quiet=True)
    said = answers(handle)["Is it solved?"]
    assert re.match(
        r'Yes, in this test\. "near" scored 0\.\d+ in the test \(.* to .*, lower is better\); 0\.5 would', said
    )


def test_what_is_decided_is_said_with_what_it_costs(project: Path) -> None:
    handle = begun()
    scored(handle, good=0.97, bad=0.6)
    assert answers(handle)["What do we suggest?"] == '"good", the best.'
    handle.decide("bad", because="it runs on the old scanner")
    said = answers(handle)
    assert re.match(
        r'Decided on .*: "bad", because it runs on the old scanner\. Another is better, by [\d.]+ to [\d.]+ points\.',
        said["What do we suggest?"],
    )
    assert said["Is it solved?"].startswith('No. "bad" was right in')
    assert said["How long does it take?"].startswith("It is decided, after")


def test_against_all_of_them(project: Path) -> None:
    handle = begun()
    scored(handle, good=0.97, bad=0.6)
    handle.decide(None, because="too dear")
    assert answers(handle)["Is it solved?"] == "No: none of the approaches was taken."
    assert "None of the approaches, because too dear." in answers(handle)["What do we suggest?"]


def test_an_error_that_stands_goes_first(project: Path) -> None:
    handle = begun()
    scored(handle, good=0.97, bad=0.6)
    handle.record("shorter", right_in(0.9, 5)[:300], truth=TRUTH[:300], quiet=True)
    wrong = [f for f in mlee.check() if f.outcome == "finding" and f.level == "error"]
    said = answers(handle)
    assert said["Is it solved?"].startswith("Nobody can tell yet: something is wrong with the comparison.") == bool(
        wrong
    )
    assert (said["What do we suggest?"] == "Nothing, until what is wrong is mended.") == bool(wrong)
    assert wrong, "candidates of unlike rows are an error"


def test_what_was_accepted_stands_with_its_reason_and_is_no_risk(project: Path) -> None:
    handle = begun()
    scored(handle, one=0.9, other=0.9)
    before = json.loads(handle.brief("json"))
    assert before["risks"]
    assert before["accepted"] == []
    handle.ignore("MLE201", because="a first look")
    handle.extend("1h", because="the labels came late")
    after = json.loads(handle.brief("json"))
    assert any("a first look" in line for line in after["accepted"])
    assert any(line == "More time (1 h): the labels came late." for line in after["accepted"])
    assert len(after["risks"]) < len(before["risks"])


def test_what_nobody_wrote_is_named_with_what_it_costs(project: Path) -> None:
    handle = mlee.start("bare", truth=TRUTH)
    bare = json.loads(handle.brief("json"))
    assert len(bare["not_said"]) == 5
    assert json.loads(begun("whole").brief("json"))["not_said"] == []
    assert "Nobody wrote what it is worth" in answers(handle)["What does it cost, and what is it worth?"]
    told = begun("priced", serving={"cost_per_month": 40, "value_per_month": 2_000})
    assert answers(told)["What does it cost, and what is it worth?"].endswith("That is 2% of its worth.")
    dear = begun("dear", serving={"cost_per_month": 4_000, "value_per_month": 2_000})
    assert answers(dear)["What does it cost, and what is it worth?"].endswith("It costs more than it is worth.")


@pytest.mark.parametrize("shares", [{}, {"a": 0.97, "b": 0.6}, {"a": 0.9, "b": 0.9, "c": 0.89}, {"a": 0.26, "b": 0.2}])
@pytest.mark.parametrize("decided", [False, True])
def test_no_jargon_of_ours(shares: dict[str, float], decided: bool, project: Path) -> None:
    handle = begun()
    scored(handle, **shares)
    if decided:
        handle.decide("a" if shares else None)
    said = " ".join([*answers(handle), *answers(handle).values()]).lower()
    assert [word for word in JARGON if word in said] == []


HOSTILE = (
    "</dd><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "](javascript:alert(1))", "| a | b |", "`x`",
    "\u202egnp", "a\n# b", "{{constructor}}", "&lt;b&gt;", "\x1b[31mred", "*" * 300, "x" * 3_000,
)  # fmt: skip


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")], (tag, attrs)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_stays_text(text: str, project: Path) -> None:
    handle = begun(question=text, owner=text, decision=text)
    scored(handle, **{text[:60]: 0.9, "b": 0.6})
    handle.decide(text[:60], because=text)
    tags = Tags()
    tags.feed(handle.brief("html"))
    assert set(tags.seen) <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "dl", "dt", "dd", "ul", "li",
        "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "bdi",
    }  # fmt: skip
    assert "\x1b" not in handle.brief("text") + handle.brief("html")
    heads = [line for line in handle.brief("md").splitlines() if line.startswith("#")]
    assert len(heads) == 1
    assert not re.search(r"(?<!\\)[<`]", handle.brief("md").removeprefix("<!-- mlee brief -->"))


def test_every_door_says_the_same(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run("%%mlee_experiment start shelf --budget 2h\nquestion = 'Which product is it?'")
    shell.run("%%mlee_candidate knn\n0.9")
    told = shell.run("%mlee_experiment brief")
    assert "Which product is it?" in told
    assert "Written to brief.html." in shell.run("%mlee_experiment brief --output brief.html")
    assert Path("brief.html").read_text("utf-8").startswith("<!doctype html>")
    assert main.main(["brief", "shelf"]) == 0
    out = capsys.readouterr().out
    assert out.split("How long")[0] == told.split("How long")[0]
    assert main.main(["brief", "shelf", "--format", "md"]) == 0
    assert capsys.readouterr().out.startswith("<!-- mlee brief -->\n# Which product is it?")
    assert main.main(["brief", "nothing"]) == 2


def test_only_a_brief_of_ours_is_written_over(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begun()
    for ending in ("html", "md", "json"):
        assert main.main(["brief", "shelf", "--output", f"b.{ending}"]) == 0
        assert main.main(["brief", "shelf", "--output", f"b.{ending}"]) == 0
    Path("notes.md").write_text("mine")
    Path("link.md").symlink_to("notes.md")
    Path("folder.html").mkdir()
    for name in ("notes.md", "link.md", "folder.html", "b.docx", "b"):
        capsys.readouterr()
        assert main.main(["brief", "shelf", "--output", name]) == 2, name
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert Path("notes.md").read_text() == "mine"


def test_a_form_that_is_none_is_one_line(project: Path) -> None:
    with pytest.raises(MleeError, match="There is no form 'pdf'"):
        begun().brief("pdf")


def test_what_is_done_today_stands_before_what_is_suggested(project: Path) -> None:
    handle = begun(today="one send time for all", by_hand="a query over time zones")
    told = json.loads(handle.brief("json"))
    heads = [one["head"] for one in told["answers"]]
    assert heads.index("What is done today?") < heads.index("What do we suggest?")
    assert answers(handle)["What is done today?"] == (
        "one send time for all. Without anything learned from data one would: a query over time zones."
    )
    assert not [line for line in told["not_said"] if "today" in line]
