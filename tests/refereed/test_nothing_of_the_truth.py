"""Two truths on which the same steps were shown cannot be told apart by anything that a referee says.

That is the whole promise: an answer is made of the steps that were shown and of what anybody may know. So a truth is
replaced by another one, requests are repeated, and every answer must be the same to the byte.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.refereeing.referee import Referee

from .served import referee_of

ROWS = 120


def said(referee: Referee, told: dict[str, Any]) -> str:
    """An answer, or an error, as it goes out."""
    try:
        return json.dumps(referee.answer("POST", "/predictions", json.dumps(told).encode()))
    except MleeError as fault:
        return str(fault)


def requests(seed: int) -> list[dict[str, Any]]:
    """Hand-overs and nonsense, drawn without a look at any truth."""
    random = np.random.default_rng(seed)
    found: list[dict[str, Any]] = []
    for number in range(25):
        rows: Any = random.integers(0, 3, ROWS).tolist()
        spoilt = random.random()
        if spoilt < 0.1:
            rows = rows[: int(random.integers(0, ROWS))]
        elif spoilt < 0.2:
            rows[int(random.integers(ROWS))] = [None, "2", 1e300, {}, [1]][number % 5]
        elif spoilt < 0.3:
            rows[int(random.integers(ROWS))] = int(random.integers(5, 1000))  # a label that no truth has
        elif spoilt < 0.4 and found:
            rows = found[-1]["predictions"]
        found.append({"candidate": f"c{number % 4}", "predictions": rows})
    return found


@pytest.mark.parametrize("seed", range(4))
def test_answers_depend_on_the_steps_alone(tmp_path: Path, seed: int) -> None:
    told, first = requests(seed), np.array(requests(seed)[0]["predictions"])
    by_steps: dict[str, list[list[str]]] = {}
    for number in range(6):
        random = np.random.default_rng([seed, number])
        truth = random.permutation(np.arange(ROWS) % 3)
        if len(first) == ROWS:
            truth[:60] = [int(one) % 3 if isinstance(one, int) else 0 for one in first[:60].tolist()]
        folder = tmp_path / str(number)
        folder.mkdir()
        referee = referee_of(folder, truth, metric="accuracy")
        answers = [said(referee, one) for one in told]
        steps = json.dumps([(one["look"], one["score"]) for one in referee.board()["shown"]])
        by_steps.setdefault(steps, []).append([*answers, json.dumps(referee.board())])
    assert any(len(alike) > 1 for alike in by_steps.values()), "no two truths to compare"
    for alike in by_steps.values():
        assert all(one == alike[0] for one in alike)


def test_no_number_of_the_truth_and_no_exact_score_is_ever_said(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    truth = np.round(random.normal(50, 10, ROWS), 6)
    referee = referee_of(tmp_path, truth, metric="mae")
    out = [json.dumps(referee.answer("GET", path, b"")) for path in ("/rules", "/board")]
    exact = set()
    for number in range(30):
        rows = truth + random.normal(0, 12 / (1 + number), ROWS)
        exact.add(f"{np.abs(rows - truth).mean():.4f}")
        out.append(said(referee, {"candidate": f"c{number}", "predictions": rows.tolist()}))
    out.append(json.dumps(referee.board()))
    numbers = set(re.findall(r"\d+\.\d+", " ".join(out)))
    grid = referee.board()["step"]
    assert numbers.isdisjoint(f"{one:.6f}".rstrip("0") for one in truth)
    assert numbers.isdisjoint(exact)
    assert len(referee.board()["shown"]) > 1
    assert all(abs(float(one) / grid - round(float(one) / grid)) < 1e-6 for one in numbers), "whole steps alone"
