"""A referee from the outside: what is shown, what is refused, what survives a restart, and whose the whole board is."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.session import Session
from mlee_jupyter.wire.bearer import read_token, token_of

from .served import TOKEN, asked, referee_of, right, served

SEED = 20261130


def test_a_score_is_shown_where_it_is_ahead_by_a_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(SEED)
    truth = random.integers(0, 3, 600)
    monkeypatch.chdir(tmp_path)
    with served(referee_of(tmp_path, truth, metric="accuracy")) as door:
        shelf = mlee.referee(f"http://127.0.0.1:{door.server_port}", TOKEN)
        assert shelf.rules()["rows"] == 600
        assert shelf.board()["said"] == "Nothing was handed in yet."
        first = shelf.hand_in("knn", np.array(right(random, truth, 0.7)))
        little = shelf.hand_in("svm", right(random, truth, 0.72), variant="C=1")
        much = shelf.hand_in("svm", right(random, truth, 0.95), variant="C=10")
        again = shelf.hand_in("copy", right(np.random.default_rng(SEED), truth, 0.7))
        board = shelf.board()
    assert first["step"] == 0.02
    assert first["said"].startswith("knn: ")
    assert little["score"] is None
    assert little["said"].startswith("svm is not ahead of knn by a step")
    assert much["score"] == pytest.approx(0.95, abs=0.03)
    assert "more than the luck of 3 looks" in much["said"]
    assert not again["repeated"]
    assert board["leader"] == "svm"
    assert board["handed_in"] == {"knn": 1, "svm": 2, "copy": 1}
    assert [one["look"] for one in board["shown"]] == [3, 1]
    assert not (tmp_path / ".mlee").exists(), "a client keeps nothing"


def test_the_same_answers_again_are_no_look_and_the_answer_is_the_same(tmp_path: Path) -> None:
    truth = np.arange(300) % 3
    referee = referee_of(tmp_path, truth, metric="accuracy")
    told = {"candidate": "knn", "predictions": right(np.random.default_rng(1), truth, 0.8)}
    first, again = referee.hand_in(told), referee.hand_in({**told, "candidate": "other"})
    assert again["repeated"]
    assert (again["look"], again["score"]) == (first["look"], first["score"])
    assert referee.board()["looks"] == 1


def test_what_was_shown_survives_a_restart_and_the_looks_go_on(tmp_path: Path) -> None:
    random = np.random.default_rng(SEED)
    truth = random.integers(0, 3, 400)
    before = referee_of(tmp_path, truth, metric="accuracy")
    for share in (0.6, 0.62, 0.9, 0.61):
        before.hand_in({"candidate": "a", "predictions": right(random, truth, share)})
    after = referee_of(tmp_path, truth, metric="accuracy")
    assert after.board() == before.board()
    assert after.hand_in({"candidate": "b", "predictions": right(random, truth, 0.5)})["look"] == 5


def test_another_truth_in_the_same_store_is_refused(tmp_path: Path) -> None:
    truth = np.arange(300) % 3
    referee_of(tmp_path, truth, metric="accuracy").hand_in({"candidate": "a", "predictions": [0] * 300})
    with pytest.raises(MleeError, match="opened with another truth"):
        referee_of(tmp_path, truth[::-1], metric="accuracy")


def test_whoever_runs_it_has_the_whole_board(tmp_path: Path) -> None:
    random = np.random.default_rng(SEED)
    truth = random.integers(0, 3, 400)
    referee = referee_of(tmp_path, truth, metric="accuracy")
    for name, share in (("knn", 0.7), ("svm", 0.72)):
        referee.hand_in({"candidate": name, "predictions": right(random, truth, share)})
    done = subprocess.run(
        [sys.executable, "-m", "mlee_jupyter", "scoreboard", "shelf"],
        env={**os.environ, "MLEE_STORE": str(tmp_path / "own" / "referee.db")},
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "svm" in done.stdout
    assert "400 test cases" in done.stdout


@pytest.mark.parametrize(
    ("truth", "metric", "good"),
    [
        (["cat", "dog"] * 50, "accuracy", ["cat"] * 100),
        ([0, 1] * 50, "roc_auc", list(np.linspace(0, 1, 100))),
        ([0, 1, 2, 1] * 25, "log_loss", [[0.2, 0.3, 0.5]] * 100),
        (list(np.linspace(1, 9, 100)), "rmse", list(np.linspace(1.5, 9, 100))),
    ],
    ids=["text", "ranks", "probabilities", "numbers"],
)
def test_every_kind_of_answer_is_taken(tmp_path: Path, truth: list, metric: str, good: list) -> None:
    referee = referee_of(tmp_path, truth, metric=metric)
    assert referee.hand_in({"candidate": "a", "predictions": good})["look"] == 1
    assert referee.board()["leader"] == "a"
    assert json.dumps(referee.board(), allow_nan=False)


def test_rows_that_belong_together_are_judged_so(tmp_path: Path) -> None:
    """400 rows of 8 customers are far from 400: what looks like a step is none."""
    truth, hits = np.arange(400) % 3, np.repeat(np.arange(8) < 5, 50)
    better = np.repeat(np.arange(8) < 7, 50)
    columns = {"customer": np.repeat(np.arange(8), 50)}
    shown = []
    for folder, told in ((tmp_path / "rows", {}), (tmp_path / "groups", {"columns": columns, "groups": "customer"})):
        folder.mkdir()
        referee = referee_of(folder, truth, metric="accuracy", **told)
        for rows in (hits, better):
            given = np.where(rows, truth, (truth + 1) % 3).tolist()
            answer = referee.hand_in({"candidate": "a", "predictions": given})
        shown.append(answer["score"] is not None)
    assert shown == [True, False]


REFUSED = {
    "no token": ("GET", "/board", None, {}, 401, "The token is missing or wrong."),
    "wrong token": ("GET", "/board", None, {"Authorization": "Bearer no"}, 401, "The token is missing or wrong."),
    "another path": ("GET", "/truth", None, None, 404, "There is nothing at this path."),
    "another method": ("POST", "/board", b"{}", None, 405, "/board answers GET alone."),
    "no JSON": ("POST", "/predictions", b"[1, 2", None, 400, "The body is not JSON in UTF-8."),
    "NaN": ("POST", "/predictions", b'{"predictions": [NaN]}', None, 400, "The body is not JSON in UTF-8."),
    "a key twice": ("POST", "/predictions", b'{"variant": 1, "variant": 2}', None, 400, "The body is not JSON"),
    "a list": ("POST", "/predictions", b"[]", None, 400, "The body is no JSON object."),
    "deep": ("POST", "/predictions", b"[" * 30_000, None, 400, "The body is not JSON"),
    "unknown key": ("POST", "/predictions", b'{"truth": 1}', None, 400, "There is no key 'truth'."),
    "no name": ("POST", "/predictions", b'{"predictions": []}', None, 400, "The candidate has no name"),
    "no rows": ("POST", "/predictions", b'{"candidate": "a"}', None, 400, "There are no predictions."),
    "few rows": (
        "POST",
        "/predictions",
        b'{"candidate": "a", "predictions": [1]}',
        None,
        400,
        "There are 1 predictions",
    ),
    "another host": (
        "GET",
        "/board",
        None,
        {"Host": "evil.example", "Authorization": f"Bearer {TOKEN}"},
        403,
        "This door",
    ),
    "too large": ("POST", "/predictions", b"x" * 200_000, None, 413, "The body is larger than"),
}


@pytest.mark.parametrize("value", [None, "2", [1], {}, 10**400, -(2**1000), float("inf"), float("nan")], ids=repr)
@pytest.mark.parametrize("metric", ["accuracy", "roc_auc", "log_loss"])
def test_a_value_that_is_none_is_named_by_its_place(tmp_path: Path, metric: str, value: object) -> None:
    referee = referee_of(tmp_path, np.arange(300) % 2, metric=metric)
    with pytest.raises(MleeError, match=r"predictions\[7\] is no "):
        referee.hand_in({"candidate": "a", "predictions": [0] * 7 + [value] + [1] * 292})
    assert referee.board()["looks"] == 0


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory):
    truth = np.arange(300) % 3
    with served(referee_of(tmp_path_factory.mktemp("referee"), truth, metric="accuracy")) as found:
        yield found


@pytest.mark.parametrize(("method", "path", "body", "headers", "status", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_said_in_one_line(door, method, path, body, headers, status, said) -> None:
    found, value, sent = asked(door, method, path, body, headers)
    assert found == status
    assert value["error"].startswith(said)
    assert "\n" not in value["error"]
    assert set(value) == {"error"}
    assert {"Server", "Date"}.isdisjoint(sent), "nothing that tells of the time it took"


def test_a_fault_of_ours_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    referee = referee_of(tmp_path, np.arange(300) % 3, metric="accuracy")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the truth is 0 1 2 0 1 2")

    monkeypatch.setattr(Session, "record", broken)
    body = json.dumps({"candidate": "a", "predictions": [0] * 300}).encode()
    with served(referee) as found:
        status, value, _ = asked(found, "POST", "/predictions", body)
    assert status == 500
    assert "truth" not in value["error"]


def test_a_token_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "own" / "token"
    token = token_of(place)
    assert token_of(place) == token == read_token(place)
    if os.name == "posix":
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
    place.write_text("short")
    with pytest.raises(MleeError, match="holds no token"):
        read_token(place)


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("http://127.0.0.1:9", None, "asks for its token"),
        ("127.0.0.1:9", TOKEN, "is no address of a referee"),
        ("http://127.0.0.1:9", TOKEN, "No referee answers"),
    ],
)
def test_a_client_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, url: str, token: str | None, said: str) -> None:
    monkeypatch.delenv("MLEE_REFEREE_TOKEN", raising=False)
    with pytest.raises(MleeError, match=said):
        mlee.referee(url, token).board()


@pytest.mark.parametrize("value", ["text", 3, [float("nan")], [object()]])
def test_a_client_refuses_what_no_json_holds(value: object) -> None:
    with pytest.raises(MleeError):
        mlee.referee("http://127.0.0.1:9", TOKEN).hand_in("a", value)
