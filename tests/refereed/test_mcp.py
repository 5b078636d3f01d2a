"""The tools over the Model Context Protocol, end to end with the client of the official SDK."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from mlee_jupyter.session import current
from mlee_jupyter.session.tools.experiment_tools import ABOUT, tools
from mlee_jupyter.session.tools.package_tool import package_tool
from mlee_jupyter.session.tools.refereed_table import refereed_tools
from mlee_jupyter.wire.bearer import token_of
from mlee_jupyter.wire.mcp_door import mcp_server
from mlee_jupyter.wire.referee_client import referee

from .served import TOKEN, referee_of, right, served

mcp = pytest.importorskip("mcp")
pytestmark = pytest.mark.filterwarnings("ignore::Warning:(mcp|anyio|httpx2|uvicorn|websockets|starlette).*")
ROWS = 300
VERBS = {"start", "record", "scoreboard", "why", "check", "plan", "package"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a truth, a notebook, and a session of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLEE_STORE", raising=False)
    current.forget_session()
    (tmp_path / "truth.csv").write_text("y\n" + "\n".join(str(row % 3) for row in range(ROWS)) + "\n")
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1\nprint(a)")]), "small.ipynb")
    return tmp_path


def of_store(folder: Path) -> Any:
    """A server of the tools on this folder's own store."""
    return mcp_server([*tools(current.session, folder), package_tool(folder)], ABOUT, "1")


async def calls(server: Any, *asked: tuple[str, dict[str, Any]]) -> list[Any]:
    """The results of calls, one after the other."""
    async with mcp.Client(server) as client:
        listed = await client.list_tools()
        assert {tool.name for tool in listed.tools} == VERBS
        return [await client.call_tool(name, told) for name, told in asked]


def values(results: list[Any]) -> list[dict[str, Any]]:
    """Their values: one short JSON each, the same in text and in structure."""
    found = []
    for one in results:
        (text,) = one.content
        assert json.loads(text.text) == one.structured_content
        assert set(one.structured_content) & {"said", "error"}
        assert one.is_error == ("error" in one.structured_content)
        found.append(one.structured_content)
    return found


def story(random: np.random.Generator) -> list[tuple[str, dict[str, Any]]]:
    """An experiment from its start to the plan of a package."""
    truth = np.arange(ROWS) % 3
    return [
        ("start", {"name": "shelf", "truth_file": "truth.csv", "metric": "accuracy", "useful_gain": 0.02}),
        ("record", {"candidate": "knn", "predictions": right(random, truth, 0.7), "variant": "k=3"}),
        ("record", {"candidate": "svm", "predictions": right(random, truth, 0.9), "simplicity": 2}),
        ("scoreboard", {}),
        ("why", {"name": "svm"}),
        ("check", {}),
        ("check", {"notebook": "small.ipynb"}),
        ("plan", {"useful_gain": 0.02, "expected_score": 0.9, "expected_correlation": 0.5}),
        ("package", {"notebook": "small.ipynb"}),
    ]


def held(found: list[dict[str, Any]]) -> None:
    start, knn, svm, board, why, check, text, plan, package = found
    assert start["said"] == "shelf is open; candidates are judged on 300 rows."
    assert knn["said"].startswith("knn recorded: ")
    assert svm["score"] == pytest.approx(0.9, abs=0.06)
    assert board["boards"][0]["winner"] == "svm"
    assert board["said"].startswith("svm is best")
    assert "svm is right on" in why["said"]
    assert isinstance(check["findings"], list)
    assert text["said"].startswith("No findings in small.ipynb")
    assert plan["rows"] > 300
    assert "nothing was run or written" in package["said"]


def test_an_experiment_by_the_tools_alone(folder: Path) -> None:
    server = of_store(folder)
    held(values(asyncio.run(calls(server, *story(np.random.default_rng(1))))))
    current.forget_session()
    again = asyncio.run(
        calls(
            of_store(folder),
            ("start", {"name": "shelf"}),
            ("record", {"candidate": "mlp", "predictions": [0] * ROWS}),
        )
    )
    start, mlp = values(again)
    assert start["resumed"]
    assert mlp["score"] == pytest.approx(1 / 3)


def test_over_a_pipe(folder: Path) -> None:
    command = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "mlee_jupyter", "mcp"], cwd=str(folder), env=dict(os.environ)
    )
    held(values(asyncio.run(calls(command, *story(np.random.default_rng(1))))))


def test_over_http_with_a_token(folder: Path) -> None:
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/mcp"
    started = subprocess.Popen(
        [sys.executable, "-m", "mlee_jupyter", "mcp", "--http", "--port", str(port), "--token-file", "token"],
        cwd=folder, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        for _ in range(600):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert httpx2.post(url, json={}).status_code == 401
        headers = {"Authorization": f"Bearer {token_of(folder / 'token')}"}
        assert httpx2.post(url, json={}, headers={**headers, "Host": "evil.example"}).status_code in (403, 421)

        async def told() -> list[Any]:
            async with httpx2.AsyncClient(headers=headers, timeout=60) as inner:
                return await calls(streamable_http_client(url, http_client=inner), *story(np.random.default_rng(1)))

        held(values(asyncio.run(told())))
    finally:
        started.terminate()
        started.communicate(timeout=30)


def test_a_referee_behind_the_same_tools(folder: Path) -> None:
    truth = np.arange(ROWS) % 3
    with served(referee_of(folder, truth, metric="accuracy")) as door:
        client = referee(f"http://127.0.0.1:{door.server_port}", TOKEN)
        found = values(
            asyncio.run(
                calls(
                    mcp_server([*refereed_tools(client, folder), package_tool(folder)], ABOUT, "1"),
                    *story(np.random.default_rng(1))[1:3],
                    ("start", {}),
                    ("scoreboard", {}),
                    ("why", {"name": "svm"}),
                    ("why", {}),
                    ("check", {}),
                    ("why", {"name": "nobody"}),
                )
            )
        )
    knn, refused, start, board, svm, leads, check, nobody = found
    assert knn["look"] == 1
    assert refused["error"].startswith("record takes no 'simplicity'")
    assert start["rows"] == ROWS
    assert board["leader"] == "knn"
    assert svm["error"].startswith("Nothing of the name 'svm'")
    assert leads["said"] == check["said"] == board["said"]
    assert "error" in nobody


SLIPS = {
    "no such tool": ("truth", {}, "There is no tool 'truth'."),
    "nothing open": ("scoreboard", {}, "No experiment is open. Call start"),
    "missing": ("record", {"predictions": [1]}, "record needs candidate."),
    "unknown": ("start", {"name": "a", "trutth": [1]}, "start takes no 'trutth'. Did you mean truth"),
    "another kind": ("start", {"name": 3}, "name is no string"),
    "outside": ("package", {"notebook": "../../etc/passwd"}, "'../../etc/passwd' is outside the server's folder."),
    "absolute": ("start", {"name": "a", "truth_file": "/etc/passwd"}, "'/etc/passwd' is outside"),
    "zero byte": ("package", {"notebook": "a\0b"}, "is outside the server's folder."),
    "a pickle": ("start", {"name": "a", "truth_file": "x.pkl"}, "x.pkl is a kind of file that may run code"),
    "no such notebook": ("check", {"notebook": "nowhere.ipynb"}, "nowhere.ipynb"),
    "no number of ours": ("start", {"name": "a", "truth": [1, 10**400]}, "truth[1] is no value of a row."),
    "a hole": ("start", {"name": "a", "truth": [1, None]}, "truth[1] is no value of a row."),
    "no gain": ("plan", {"useful_gain": -1}, ""),
    "too large": ("plan", {"useful_gain": 1e301}, "useful_gain is no number"),
}


@pytest.mark.parametrize(("name", "told", "said"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_one_line(folder: Path, name: str, told: dict[str, Any], said: str) -> None:
    (found,) = values(asyncio.run(calls(of_store(folder), (name, told))))
    assert said in found["error"]
    assert "\n" not in found["error"]


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "truth.csv"
    secret.write_text("y\n1\n")
    (folder / "link.csv").symlink_to(secret)
    told = {"name": "a", "truth_file": "link.csv"}
    (found,) = values(asyncio.run(calls(of_store(folder), ("start", told))))
    assert "outside the server's folder" in found["error"]


def test_every_tool_says_what_it_takes() -> None:
    for tool in (*tools(current.session, Path()), package_tool(Path())):
        assert len(tool.about) < 260
        assert all(one.get("description") for one in tool.takes.values())
        assert set(tool.needs) <= set(tool.takes)
