"""Nothing is written through a link, nothing waits for a pipe, nothing is read without end."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError


def link(target: str) -> Callable[[Path], None]:
    return lambda place: place.symlink_to(place.parent.parent / target)


IN_THE_WAY: dict[str, tuple[Callable[[Path], None], str]] = {
    "a link to a file": (link("outside/kept"), "link"),
    "a link to nothing": (link("outside/new"), "link"),
    "a link to a folder": (link("outside"), "link"),
    "a link to itself": (lambda place: place.symlink_to(place), "link"),
    "a folder": (lambda place: place.mkdir(), "a folder"),
    "a pipe": (os.mkfifo, "a pipe"),
    "a device": (lambda place: place.symlink_to("/dev/zero"), "link"),
}


@pytest.mark.parametrize(("make", "word"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_what_is_in_the_way_is_said_and_left(tmp_path: Path, make: Callable[[Path], None], word: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").write_text("kept")
    place = tmp_path / "folder" / "file"
    place.parent.mkdir()
    make(place)
    with pytest.raises(MleeError, match=word) as refusal:
        files.write(place, "new")
    assert "\n" not in str(refusal.value)
    assert [p.name for p in place.parent.iterdir()] == ["file"]
    assert [(p.name, p.read_text()) for p in (tmp_path / "outside").iterdir()] == [("kept", "kept")]


@pytest.mark.parametrize("below", [True, False], ids=["below a folder", "below the working folder"])
def test_a_link_on_the_way_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: bool) -> None:
    (tmp_path / "outside").mkdir()
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "er").symlink_to(tmp_path / "outside")
    if not below:
        monkeypatch.chdir(folder)
    with pytest.raises(MleeError, match="er is a link"):
        files.write(folder / "deep" / "er" / "file", "new", below=folder if below else None)
    assert not list((tmp_path / "outside").iterdir())


def test_a_link_above_is_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "real")
    files.write(tmp_path / "home" / "file", "new", below=tmp_path / "home")
    assert (tmp_path / "real" / "file").read_text() == "new"


def test_another_name_of_the_same_file_keeps_what_it_had(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    os.link(tmp_path / "kept", tmp_path / "file")
    files.write(tmp_path / "file", "new")
    assert ((tmp_path / "kept").read_text(), (tmp_path / "file").read_text()) == ("kept", "new")


def test_rights_are_kept_and_private_is_private(tmp_path: Path) -> None:
    (tmp_path / "run.sh").write_text("old")
    (tmp_path / "run.sh").chmod(0o755)
    files.write(tmp_path / "run.sh", "new")
    files.write(tmp_path / "mine" / "file", "new", below=tmp_path, private=True)
    modes = [stat.S_IMODE((tmp_path / p).stat().st_mode) for p in ("run.sh", "mine", "mine/file")]
    assert modes == [0o755, 0o700, 0o600]


def test_reading_ends(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(MleeError, match="a pipe"):
        files.read(tmp_path / "pipe")
    with pytest.raises(MleeError, match="a device"):
        files.read(Path("/dev/zero"))
    (tmp_path / "large").write_bytes(b"x" * 2_000_000)
    with pytest.raises(MleeError, match="2 MB"):
        files.read(tmp_path / "large", most=1_000_000)
    with pytest.raises(MleeError, match="no name"):
        files.read(Path("a\0b"))


@pytest.mark.parametrize("text", ["[" * 100_000, "[],[]" * 1_000_001, "9" * 10_000])
def test_json_is_bounded(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        files.parse_json(text)


NAMES = {"a.py": True, "src/a.py": True, "../a": False, "/etc/a": False, "a/../../b": False, "": False, "a\0b": False}


@pytest.mark.parametrize(("name", "right"), NAMES.items())
def test_names_that_stay_inside(name: str, right: bool) -> None:
    assert files.is_inside(name) is right
