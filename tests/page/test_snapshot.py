"""The contract with the page: one rich snapshot, its JSON, and the parts that no board has.

`MLEE_RENEW_GOLDEN=1 pytest tests/page/test_snapshot.py` writes the file anew; read the difference.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mlee_jupyter.domain import Decision, Finding, Level, Outcome
from mlee_jupyter.panel import requests
from mlee_jupyter.panel.code_fingerprints import fingerprint
from mlee_jupyter.panel.notebook_path import notebook_file
from mlee_jupyter.panel.places import where
from mlee_jupyter.panel.snapshot import MOST_ROWS, empty, snapshot
from tests.present import example

GOLDEN = Path(__file__).parents[1] / "golden" / "snapshot.json"
SCHEMA = json.loads(files("mlee_jupyter.panel").joinpath("snapshot.schema.json").read_text("utf-8"))
REPLY = json.loads(files("mlee_jupyter.panel").joinpath("reply.schema.json").read_text("utf-8"))
BOARD = json.loads(files("mlee_jupyter.report.board").joinpath("board.schema.json").read_text("utf-8"))
CODE = "KNeighborsClassifier(3).fit(X_train, y_train)  # «näher» \U0001f600\n"


def made() -> dict[str, Any]:
    codes = {r.run_id: fingerprint(CODE) for r in example.evidence().records.results if r.candidate == "knn"}
    return snapshot(example.evidence(), example.findings(), notebook="shelf.ipynb", codes=codes, notices=["Read only."])


def test_the_snapshot_is_the_one_that_was_reviewed() -> None:
    boardless = {**made(), "board": None}  # the board has a golden file of its own
    shown = json.dumps(boardless, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if os.environ.get("MLEE_RENEW_GOLDEN"):
        GOLDEN.write_text(shown, "utf-8")
    assert shown == GOLDEN.read_text("utf-8")


def test_snapshots_keep_the_contract() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(made(), SCHEMA)
    jsonschema.validate(made()["board"], BOARD)
    jsonschema.validate(empty(example.NOW), SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**made(), "surprise": 1}, SCHEMA)


def test_segments_fill_what_was_used_and_no_more() -> None:
    parts = made()["segments"]
    box = example.evidence().experiment.box
    assert box is not None
    assert sum(part["width"] for part in parts) == pytest.approx(100 * example.evidence().used / box, abs=0.1)
    assert [part["kind"] for part in parts][-1] in ("others", "shared")
    assert all(part["width"] > 0 for part in parts)


def test_without_a_box_the_bar_is_what_was_used() -> None:
    evidence = example.evidence()
    free = replace(evidence.experiment, budget=None, extensions=())
    parts = snapshot(replace(evidence, records=replace(evidence.records, experiment=free)), ())["segments"]
    assert sum(part["width"] for part in parts) == pytest.approx(100, abs=0.1)


def test_an_error_answers_the_first_question() -> None:
    assert made()["answers"][0]["answer"].startswith("Can't tell yet: Your data has 2 of the 10 kinds")
    calm = snapshot(example.evidence(), ())["answers"]
    assert calm[0]["answer"].startswith("Yes, in this test. svm scored best")
    assert "2 h 20 left" in calm[1]["answer"]
    assert "2 more take about 49 min, in time" in calm[1]["answer"]


SAID_BY = {
    "MLE201": "About 870 cases would settle boosting.",
    "MLE202": "svm reaches the target of 95% with its whole range.",
    "MLE305": "Choosing the best of 29 flatters svm",
    "MLE306": "41 looks at y_test",
}


@pytest.mark.parametrize(("rule", "sentence"), SAID_BY.items(), ids=SAID_BY)
def test_a_sentence_that_is_a_finding_is_not_said_again_under_the_board(rule: str, sentence: str) -> None:
    one = Finding(rule=rule, name=rule, level=Level.WARNING, outcome=Outcome.FINDING, message="said", remedy="do")
    for findings, times in ((), 1), ((one,), 0), ((replace(one, outcome=Outcome.IGNORED),), 1):
        words = snapshot(example.evidence(), findings)["board"]["boards"][0]["words"]
        assert sum(line.startswith(sentence) for line in words) == times, findings
        assert words[0].startswith("svm scored best")


SOLVED = {
    "the whole range reaches it": (0.95, None, "Yes, in this test."),
    "the range holds it": (0.99, None, "Can't tell yet."),
    "the range ends before it": (0.9999, None, "No, not yet."),
    "no target": (None, None, "Can't tell yet: no score was named"),
    "decided, reached": (0.95, "svm", "Yes, in this test. Decided: svm"),
    "decided, missed": (0.9999, "svm", "No. Decided: svm"),
    "decided for another, which does not reach it": (0.99, "mlp", "No. Decided: mlp"),
    "decided for none": (0.95, None, "No. Decided: none"),
}


@pytest.mark.parametrize(("target", "chosen", "expected"), SOLVED.values(), ids=SOLVED)
def test_the_first_answer_is_yes_no_or_cant_tell(target: float | None, chosen: str | None, expected: str) -> None:
    evidence = example.evidence()
    charter = replace(evidence.charter, must_reach=target)
    decision = Decision(candidate=chosen, because="so", at=example.NOW) if "Decided" in expected else None
    experiment = replace(evidence.experiment, charter=charter, decision=decision)
    shown = snapshot(replace(evidence, records=replace(evidence.records, experiment=experiment)), ())
    assert shown["answers"][0]["answer"].startswith(expected)


CHIPS = {
    "an error stands": (0.95, None, True, ("Can't tell yet", "open", "", "Your data has 2 of the 10 kinds")),
    "the whole range reaches it": (
        0.95,
        None,
        False,
        (
            "Yes, in this test",
            "good",
            "svm 99.4%",
            "leads; knn is as good for your purpose; 1 other could be as good. The target of 95% is reached.",
        ),
    ),
    "the range holds it": (0.99, None, False, ("Can't tell yet", "open", "svm 99.4%", "leads;")),
    "the range ends before it": (0.9999, None, False, ("No, not yet", "bad", "svm 99.4%", "leads;")),
    "no target": (None, None, False, ("Can't tell yet", "open", "svm 99.4%", "leads;")),
    "decided": (0.95, "svm", False, ("Yes, in this test", "good", "", "Decided: svm, because so.")),
    "decided for none": (0.95, "", False, ("No", "bad", "", "Decided: none of the candidates, because so.")),
}


@pytest.mark.parametrize(("target", "chosen", "errors", "expected"), CHIPS.values(), ids=CHIPS)
def test_the_first_chip_says_the_answer_in_short(
    target: float | None, chosen: str | None, errors: bool, expected: tuple[str, str, str, str]
) -> None:
    evidence = example.evidence()
    decision = None if chosen is None else Decision(candidate=chosen or None, because="so", at=example.NOW)
    charter = replace(evidence.charter, must_reach=target)
    experiment = replace(evidence.experiment, charter=charter, decision=decision)
    looked = replace(evidence, records=replace(evidence.records, experiment=experiment))
    shown = snapshot(looked, example.findings() if errors else ())["answers"][0]
    assert (shown["chip"], shown["mood"], shown["lead"]) == expected[:3]
    assert shown["clause"].startswith(expected[3])


def test_no_clause_says_the_time_that_ticks() -> None:
    shown = snapshot(example.evidence(), ())
    assert "2 more take about 49 min." in shown["answers"][1]["clause"]
    assert " left" not in shown["answers"][1]["clause"]
    assert shown["status"]["needed_seconds"] == pytest.approx(49 * 60, abs=60)


def test_runs_with_the_same_code_are_known_once_at_their_last_time() -> None:
    evidence = example.evidence()
    (svm,) = [r for r in evidence.records.results if r.candidate == "svm"]
    times = {1: ("a" * 8, 0), 2: ("b" * 8, 60), 3: ("a" * 8, 120), 4: ("c" * 8, 180)}  # run: code, seconds later
    runs = [svm._replace(run_id=run, started_us=svm.started_us + at * 10**6) for run, (_, at) in times.items()]
    runs[3] = runs[3]._replace(outcome="error", metric=None)
    looked = replace(evidence, records=replace(evidence.records, results=tuple(runs)))
    codes = {run: code for run, (code, _) in times.items()}
    (known,) = [c for c in snapshot(looked, (), codes=codes)["candidates"] if c["candidate"] == "svm"]
    assert [one["code"] for one in known["codes"]] == ["b" * 8, "a" * 8], "what failed was not recorded"
    assert known["codes"][1]["at"] == "2026-05-04T09:14:00+00:00"


def test_what_is_wrong_with_the_notebooks_text_is_listed_and_leaves_the_board_alone() -> None:
    secret = Finding(rule="MLE705", name="secret", level=Level.ERROR, outcome=Outcome.FINDING, message="a key")
    shown = snapshot(example.evidence(), (), listed=(secret,))
    assert [finding["rule"] for finding in shown["findings"]] == ["MLE705"]
    assert shown["board"] == snapshot(example.evidence(), ())["board"]
    assert shown["answers"][0]["answer"].startswith("Yes, in this test. svm scored best")


def test_a_long_board_is_cut_and_says_so() -> None:
    evidence = example.evidence()
    first = evidence.records.candidates[-1]
    many = tuple(replace(first, id=1000 + i, name=f"planned {i}") for i in range(MOST_ROWS + 50))
    records = replace(evidence.records, candidates=(*evidence.records.candidates, *many))
    effort = next(iter(evidence.efforts.values()))
    efforts = {**evidence.efforts, **{c.name: replace(effort, runs=0, variants=0) for c in many}}
    (part,) = snapshot(replace(evidence, records=records, efforts=efforts), ())["board"]["boards"]
    assert len(part["rows"]) == MOST_ROWS
    assert part["rows_hidden"] > 0


PLACES = {
    "cells of a notebook": ({"places": ((3, 2, "df is read"),)}, [{"cell": 3, "line": 2, "text": "df is read"}]),
    "a candidate": ({"candidate": "svm", "variants": 21}, [{"candidate": "svm"}]),
    "several candidates": ({"worse": ("a", "b")}, [{"candidate": "a"}, {"candidate": "b"}]),
    "a number is no candidate": ({"worse": (0.1, 2)}, []),
    "the charter": ({"missing": ("owner",)}, []),
}


@pytest.mark.parametrize(("facts", "expected"), PLACES.values(), ids=PLACES)
def test_places_to_go_to(facts: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    finding = Finding(rule="MLE001", name="x", level=Level.ADVICE, outcome=Outcome.FINDING, facts=facts)
    assert where(finding) == expected


SAME = {
    "itself": ("a = 1\nb", True),
    "blanks at the ends of lines": ("a = 1  \nb\t\n\n", True),
    "the line ends of another system": ("a = 1\r\nb\r\n", True),
    "blank lines around it": ("\n\na = 1\nb", True),
    "another indent": (" a = 1\nb", False),
    "another value": ("a = 2\nb", False),
}


@pytest.mark.parametrize(("code", "same"), SAME.values(), ids=SAME)
def test_fingerprints(code: str, same: bool) -> None:
    assert (fingerprint(code) == fingerprint("a = 1\nb")) is same


def test_half_a_character_has_a_fingerprint() -> None:
    assert len(fingerprint("'\ud800'")) == 8


def test_a_renamed_notebook_is_found_and_a_foreign_path_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    new = tmp_path / "work" / "new.ipynb"
    new.touch()
    monkeypatch.chdir(tmp_path / "work")
    old = str(tmp_path / "work" / "old.ipynb")
    assert notebook_file("work/new.ipynb", str(tmp_path), old) == str(new)
    assert notebook_file("RTC:work/new.ipynb", str(tmp_path), old) == str(new)
    assert notebook_file("elsewhere/new.ipynb", "/nowhere", old) == str(new), "beside the one that was known"
    assert notebook_file("work/new.ipynb", None, None) == str(new), "in the working folder"
    for strange in ("work/gone.ipynb", "../../etc/passwd", "", "x" * 10_000 + ".ipynb", "a\0b.ipynb", "work/new.txt"):
        assert notebook_file(strange, str(tmp_path), old) == old


REPLIES = {
    "an explanation": ({"ask": "explain", "rule": "MLE201"}, {}),
    "something unknown": ({"ask": "juggle"}, {}),
    "no ask at all": ({}, {}),
    "a conversion": ({"ask": "write"}, {"verdict": "identical", "report": "shelf/report.md"}),
    "a conversion that wrote no report": ({"ask": "write"}, {"verdict": "different", "report": None}),
}


@pytest.mark.parametrize(("asked", "more"), REPLIES.values(), ids=REPLIES)
def test_replies_keep_the_contract(
    asked: dict[str, Any], more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = requests.Answer(lines=("Written.",), more=more)
    monkeypatch.setattr(requests, "ASKS", {**requests.ASKS, "write": lambda *_: done})
    jsonschema.Draft202012Validator.check_schema(REPLY)
    jsonschema.validate(requests.answer(asked, print), REPLY)


def test_a_snapshots_findings_may_be_ignored_with_a_reason_and_with_nothing_else() -> None:
    ignored = {"because": "as agreed", "until": None, "where": "here"}
    found = {**made()["findings"][0], "outcome": "ignored", "ignored": ignored}
    jsonschema.validate({**made(), "findings": [found]}, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**made(), "findings": [{**found, "ignored": {**ignored, "who": "me"}}]}, SCHEMA)
