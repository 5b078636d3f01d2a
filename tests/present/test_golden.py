"""The contract with every front end: one rich board, its JSON, and what we make of it.

`MLEE_RENEW_GOLDEN=1 pytest tests/present/test_golden.py` writes the files anew; read the difference.
"""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from mlee_jupyter import report

from . import example

GOLDEN = Path(__file__).parents[1] / "golden"
SCHEMA = json.loads(files("mlee_jupyter.report.board").joinpath("board.schema.json").read_text("utf-8"))


def board() -> dict:
    return report.board(example.evidence(), example.findings(), notices=["Kept in memory only."])


@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("board.json", lambda b: json.dumps(b, indent=1, ensure_ascii=False, allow_nan=False) + "\n"),
        ("board.txt", lambda b: report.text(b) + "\n"),
        ("board.html", lambda b: report.html(b) + "\n"),
        ("board.md", report.markdown),
    ],
)
def test_the_board_is_the_one_that_was_reviewed(file, made):
    shown = made(board())
    if os.environ.get("MLEE_RENEW_GOLDEN"):
        (GOLDEN / file).write_text(shown, "utf-8")
    assert shown == (GOLDEN / file).read_text("utf-8")


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_golden_board_keeps_the_contract():
    jsonschema.validate(json.loads((GOLDEN / "board.json").read_text("utf-8")), SCHEMA)


def test_a_key_nobody_described_breaks_the_contract():
    spoilt = board()
    spoilt["boards"][0]["rows"][0]["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, SCHEMA)


def test_the_golden_board_has_a_row_of_every_kind():
    states = {row["state"] for row in board()["boards"][0]["rows"]}
    assert states >= {
        "best score", "as good", "can't tell", "worse", "free baseline", "not comparable", "failed", "not tried yet",
        "dropped",
    }  # fmt: skip
    assert {row["mark"] for row in board()["boards"][0]["rows"]} >= {None, "parked", "dropped"}
