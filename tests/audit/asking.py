"""The command as somebody types it, and what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlee_jupyter.cli import main


def says(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main.main(["audit", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    code, out, err = says(capsys, *arguments, "--format", "json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def answer(found: dict[str, Any], head: str) -> str:
    return next((str(one["text"]) for one in found["answers"] if one["head"] == head), "")


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    code, out, err = says(capsys, *arguments)
    assert code == 2, out + err
    assert out == ""
    assert len(err.strip().splitlines()) == 1, err
    assert err.startswith("mlee: "), err
    return err
