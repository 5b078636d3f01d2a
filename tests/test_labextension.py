"""The JupyterLab extension as it is shipped: in the wheel where npm is there, left out and said where it is not."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from mlee_jupyter.cli import doctor

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "mlee_jupyter" / "labextension"
INSTALLED = "share/jupyter/labextensions/mlee-jupyter/"
LIVE = [f"mlee_jupyter/magics/live/built/scoreboard.{kind}" for kind in ("js", "css")]
LEFT_OUT = shutil.ignore_patterns(
    "node_modules", ".venv", ".git", "labextension", "__pycache__", "tests", "docs", "benchmarks", ".*_cache"
)
needs_built = pytest.mark.skipif(
    not BUILT.is_dir() and os.environ.get("MLEE_E2E") != "1",
    reason="the extension is not built: cd labextension && npm ci && npm run build",
)


def build(folder: Path, wheels: Path, target: str = "wheel", /, **variables: str) -> subprocess.CompletedProcess[str]:
    """Build a wheel (or sdist) of the project in a folder, as pip does, with further environment variables."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "hatchling", "build", "-t", target, "-d", str(wheels)],
        cwd=folder,
        env={**os.environ, "MLEE_REQUIRE_LABEXTENSION": "0", "MLEE_SKIP_LABEXTENSION": "0", **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def names_in(wheels: Path) -> list[str]:
    (wheel,) = wheels.glob("*.whl")
    assert wheel.stat().st_size < 1_600_000  # our sources and the panel: nothing else slipped in
    return zipfile.ZipFile(wheel).namelist()


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The project's source as it is checked out, and an environment in which there is no npm."""
    copy = tmp_path / "source"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    shutil.copytree(ROOT / "labextension", copy / "labextension", ignore=shutil.ignore_patterns("node_modules", "lib"))
    return copy


@pytest.mark.slow
def test_without_npm_the_wheel_has_everything_else_and_says_what_it_lacks(bare: Path, tmp_path: Path) -> None:
    done = build(bare, tmp_path / "wheels", PATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    said = [line for line in (done.stdout + done.stderr).splitlines() if "JupyterLab extension" in line]
    assert len(said) == 1
    assert "npm not found" in said[0]
    names = names_in(tmp_path / "wheels")
    parts = {"magics/magics.py", "magics/live/live.py", "report/render/style.css"}
    assert {f"mlee_jupyter/{part}" for part in parts} <= set(names)
    assert not [name for name in names if "labextension" in name or "live/built" in name]
    assert "mlee_jupyter/py.typed" in names, "without it a type checker reads nothing of an installed package"


@pytest.mark.slow
def test_without_npm_a_required_extension_is_an_error(bare: Path, tmp_path: Path) -> None:
    done = build(bare, tmp_path / "wheels", PATH=str(tmp_path), MLEE_REQUIRE_LABEXTENSION="1")
    assert done.returncode != 0
    assert "npm not found" in done.stderr


@pytest.mark.slow
@needs_built
def test_skipping_leaves_built_files_out(tmp_path: Path) -> None:
    done = build(ROOT, tmp_path / "wheels", MLEE_SKIP_LABEXTENSION="1")
    assert done.returncode == 0, done.stderr
    assert not [name for name in names_in(tmp_path / "wheels") if "labextension/" in name or "live/built" in name]


@pytest.mark.slow
@needs_built
def test_the_wheel_brings_the_extension_and_jupyterlab_enables_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = build(ROOT, tmp_path / "wheels", MLEE_REQUIRE_LABEXTENSION="1")
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    assert wheel.stat().st_size < 1_600_000  # our sources and the panel: nothing else slipped in
    with zipfile.ZipFile(wheel) as opened:
        assert set(LIVE) <= set(opened.namelist())
        shared = [name for name in opened.namelist() if INSTALLED in name]
        opened.extractall(tmp_path, shared)
    data = next(tmp_path.glob("*.data")) / "data" / "share" / "jupyter"
    monkeypatch.setenv("JUPYTER_PATH", str(data))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    listed = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "jupyterlab.labextensions", "list"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    (line,) = [line for line in (listed.stdout + listed.stderr).splitlines() if "mlee-jupyter" in line]
    assert "enabled" in line
    assert "OK" in line
    (told,) = [line for line in doctor.examine()[0] if line.startswith("labextension")]
    assert told.endswith("enabled")
    assert str(data) in told


@pytest.mark.slow
@needs_built
def test_the_sdist_carries_the_built_files_and_needs_no_node(tmp_path: Path) -> None:
    done = build(ROOT, tmp_path / "sdist", "sdist", MLEE_REQUIRE_LABEXTENSION="1")
    assert done.returncode == 0, done.stderr
    (sdist,) = (tmp_path / "sdist").glob("*.tar.gz")
    assert sdist.stat().st_size < 2_000_000
    with tarfile.open(sdist) as opened:
        assert not [name for name in opened.getnames() if "node_modules" in name]
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # not in every 3.11
        opened.extractall(tmp_path, **safely)  # type: ignore[arg-type]
    (source,) = tmp_path.glob("mlee_jupyter-*")
    done = build(source, tmp_path / "wheels", PATH=str(tmp_path), MLEE_REQUIRE_LABEXTENSION="1")
    assert done.returncode == 0, done.stderr
    names = names_in(tmp_path / "wheels")
    assert [name for name in names if name.endswith(f"{INSTALLED}package.json")]
    assert [name for name in names if INSTALLED in name and "remoteEntry" in name]
    assert set(LIVE) <= set(names)
    assert not [name for name in names if "axe-core" in name or "axe.min" in name], (
        "what only the tests need is not shipped"
    )


def test_the_doctor_says_where_the_extension_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *parts: [str(tmp_path)])
    (told,) = [line for line in doctor.examine()[0] if line.startswith("labextension")]
    assert "not installed" in told


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "labextension" / "package-lock.json").read_text("utf-8"))
    assert len(lock["packages"]) > 100
    assert [name for name, package in lock["packages"].items() if {"resolved", "link"} & package.keys()] == []
    kept = (ROOT / "labextension" / ".npmrc").read_text("utf-8").split()
    assert "omit-lockfile-registry-resolved=true" in kept, "the next npm install would write them"


@pytest.mark.parametrize("folder", ["src", "test"])
def test_no_typescript_file_is_long(folder: str) -> None:
    files = list((ROOT / "labextension" / folder).rglob("*.ts"))
    assert len(files) > 5
    assert {f.name: n for f in files if (n := len(f.read_text("utf-8").splitlines())) > 200} == {}


@pytest.mark.slow
@pytest.mark.parametrize("script", ["test", "lint"])
def test_typescript(script: str) -> None:
    npm, modules = shutil.which("npm"), ROOT / "labextension" / "node_modules"
    if npm is None or not modules.is_dir():
        assert os.environ.get("MLEE_E2E") != "1"
        pytest.skip("no npm, or no node_modules: cd labextension && npm ci")
    done = subprocess.run(
        [npm, "run", script], cwd=ROOT / "labextension", capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


CHANGED = {
    "the scoreboard": ("labextension/src/scoreboard.ts", True),
    "a script of the build": ("labextension/generate.mjs", True),
    "what the types are made of": ("mlee_jupyter/report/board/board.schema.json", True),
    "the live view's contract": ("mlee_jupyter/magics/live/live.schema.json", True),
    "the board's own sheet": ("mlee_jupyter/report/render/style.css", True),
    "the kernel's side": ("mlee_jupyter/magics/live/view.py", False),
    "the tests of the extension": ("labextension/test/table.test.ts", False),
}


@pytest.mark.parametrize(("changed", "is_old"), CHANGED.values(), ids=CHANGED)
def test_what_was_built_is_old_when_a_source_of_it_is_newer(changed: str, is_old: bool, tmp_path: Path) -> None:
    made = ["mlee_jupyter/labextension/package.json", *LIVE]
    for at, name in enumerate([*(name for name, _ in CHANGED.values()), *made]):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        os.utime(file, (1000, 1000 + 10 * (at >= len(CHANGED))))
    hook = runpy.run_path(str(ROOT / "hatch_build.py"))
    assert hook["_is_current"](tmp_path)
    os.utime(tmp_path / changed, (2000, 2000))
    assert hook["_is_current"](tmp_path) is not is_old
    (tmp_path / LIVE[0]).unlink()
    assert not hook["_is_current"](tmp_path), "the extension alone is not all"


CIRCLES = {
    "of values": ("dom.ts", "import { walk } from './walking.js';\nexport const again = walk;\n", True),
    "of types alone": (
        "format.ts",
        "import type { Home } from './home.js';\nexport type Again = Home<string>;\n",
        True,
    ),
    "none, one more import": ("walking.ts", "import { name } from './dom.js';\nexport const again = name;\n", False),
}


@pytest.mark.slow
@pytest.mark.parametrize(("file", "added", "is_circle"), CIRCLES.values(), ids=CIRCLES)
def test_a_circle_of_imports_is_refused(file: str, added: str, is_circle: bool, tmp_path: Path) -> None:
    source = ROOT / "labextension"
    if shutil.which("node") is None or not (source / "node_modules" / "dependency-cruiser").is_dir():
        pytest.skip("no node_modules: cd labextension && npm ci")
    for folder in ("src", "style"):
        shutil.copytree(source / folder, tmp_path / folder)
    for kept in ("tsconfig.json", "package.json", ".dependency-cruiser.js"):
        shutil.copy(source / kept, tmp_path)
    (tmp_path / "node_modules").symlink_to(source / "node_modules")
    changed = tmp_path / "src" / file
    changed.write_text(added + changed.read_text("utf-8"), "utf-8")
    if file == "dom.ts":
        other = tmp_path / "src" / "walking.ts"
        other.write_text(
            "import { el } from './dom.js';\nexport const made = el;\n" + other.read_text("utf-8"), "utf-8"
        )
    command = [str(source / "node_modules" / ".bin" / "depcruise"), "src", "--config", ".dependency-cruiser.js"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode != 0, "no-circle" in done.stdout) == (is_circle, is_circle), done.stdout + done.stderr
