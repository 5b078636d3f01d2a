"""Somebody else's folder: what was tried, what came of it, and that nothing outside of it was touched."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .world import SAFE, Case, Make, World, attempt

# ---------------------------------------------------------------------- packages

NO_RUN = ("package", "nb.ipynb", "--no-run", "--output", "pkg")
REFRESH = (*NO_RUN, "--refresh")
DEFAULT = ("package", "nb.ipynb", "--no-run")


def changed(world: World) -> None:
    """A package of ours, and its notebook as it is now."""
    world.honest("pkg")
    text = world.honest("nb.ipynb").read_text()
    world.write("nb.ipynb", text.replace("x + 1", "x + 2"))


def in_place_of(relative: str, put: Callable[[Path, World], object], *, edited: str = "") -> Make:
    """A package of ours, something else at one of its paths; `edited`: a file that was changed by hand."""

    def make(world: World) -> None:
        changed(world)
        place = world.folder / "pkg" / relative
        if edited:
            (world.folder / "pkg" / edited).write_text("mine\n")
        if place.is_dir():
            place.rename(world.folder / "away")
        elif place.exists():
            place.unlink()
        put(place, world)

    return make


def to_kept(place: Path, world: World) -> None:
    place.symlink_to(world.kept)


def to_new(place: Path, world: World) -> None:
    place.symlink_to(world.outside / "home" / ".ipython_start.py")


def to_folder(place: Path, world: World) -> None:
    place.symlink_to(world.outside / "empty")


def pipe(place: Path, _: World) -> None:
    os.mkfifo(place)


def folder(place: Path, _: World) -> None:
    place.mkdir()


def marked(**told: Any) -> Make:
    """A package whose marker says odd things."""

    def make(world: World) -> None:
        changed(world)
        marker = world.folder / "pkg" / ".mlee-package.json"
        marker.write_text(json.dumps({**json.loads(marker.read_text()), **told}))

    return make


MARKER, MODULE = ".mlee-package.json", "src/nb/pipeline.py"
PACKAGES: dict[str, Case] = {
    "marker is a link": Case(in_place_of(MARKER, to_kept), REFRESH),
    "marker is a link to nothing": Case(in_place_of(MARKER, to_new), NO_RUN),
    "marker is a pipe": Case(in_place_of(MARKER, pipe), NO_RUN),
    "marker is a folder": Case(in_place_of(MARKER, folder), NO_RUN),
    "module is a link": Case(in_place_of(MODULE, to_kept), REFRESH),
    "module is a link to nothing": Case(in_place_of(MODULE, to_new), REFRESH),
    "module is a pipe": Case(in_place_of(MODULE, pipe), REFRESH),
    "module is a folder": Case(in_place_of(MODULE, folder), REFRESH),
    "src is a link": Case(in_place_of("src", to_folder), REFRESH),
    "tests is a link": Case(in_place_of("tests", to_folder), REFRESH),
    "notebooks is a link": Case(in_place_of("notebooks", to_folder), REFRESH),
    "config is a link": Case(in_place_of("config.toml", to_kept), REFRESH),
    "report is a link": Case(in_place_of("report.md", to_new), REFRESH),
    "NAME.new is a link": Case(in_place_of(f"{MODULE}.new", to_kept, edited=MODULE), REFRESH),
    "NAME.new is a link to nothing": Case(in_place_of(f"{MODULE}.new", to_new, edited=MODULE), REFRESH),
    "NAME.new is a pipe": Case(in_place_of(f"{MODULE}.new", pipe, edited=MODULE), REFRESH),
    "README has a second name outside": Case(
        in_place_of("README.md", lambda place, world: os.link(world.kept, place)), REFRESH, SAFE, untouched=False
    ),
    "output is a link to a folder": Case(
        lambda w: (w.honest("nb.ipynb"), (w.folder / "pkg").symlink_to(w.outside / "empty")), NO_RUN, says="link"
    ),
    "output is a link to nothing": Case(
        lambda w: (w.honest("nb.ipynb"), (w.folder / "pkg").symlink_to(w.outside / "new")), NO_RUN, says="link"
    ),
    "default output is a link": Case(
        lambda w: (w.honest("nb.ipynb"), (w.folder / "nb").symlink_to(w.outside / "empty")), DEFAULT, says="link"
    ),
    "a folder above the output is a link": Case(
        lambda w: (w.honest("nb.ipynb"), (w.folder / "build").symlink_to(w.outside / "empty")),
        ("package", "nb.ipynb", "--no-run", "--output", "build/pkg"),
        says="link",
    ),
    "output is a pipe": Case(lambda w: (w.honest("nb.ipynb"), os.mkfifo(w.folder / "pkg")), NO_RUN),
    "output is somebody's": Case(lambda w: (w.honest("nb.ipynb"), w.write("pkg/mine.txt", "mine")), NO_RUN),
    "a module beside is a pipe": Case(
        lambda w: (
            notebook("import helper", "z = helper.x")(w),
            w.write("helper/__init__.py", "x = 1"),
            os.mkfifo(w.folder / "helper" / "more.py"),
        ),
        DEFAULT,
        SAFE,
        untouched=False,
    ),
    "marker names files outside": Case(
        marked(files={"../../outside/home/.bashrc": hashlib.sha256(b"alias ls='ls --color'\n").hexdigest()}),
        REFRESH,
        says="no package of ours",
    ),
    "marker names a file by its whole path": Case(marked(files={"/etc/passwd": "x"}), REFRESH),
    "marker of odd types": Case(marked(files=[1, 2]), REFRESH),
    "marker of odd hashes": Case(marked(files={"README.md": 3}), REFRESH),
    "marker of odd cells": Case(marked(cells=3, code="x"), ("check", "nb.ipynb"), SAFE),
    "marker names an endless notebook": Case(marked(notebook="/dev/zero"), ("check", "nb.ipynb"), SAFE),
    "marker names a notebook with NUL": Case(marked(notebook="a\0b"), ("check", "nb.ipynb"), SAFE),
    "marker names half a surrogate": Case(marked(notebook="\ud800"), ("check", "nb.ipynb"), SAFE),
    "marker keeps odd things": Case(marked(name=7, keep=["x"], keep_variables={"a": 1}), REFRESH),
    "marker is nested deep": Case(
        lambda w: (changed(w), w.write(f"pkg/{MARKER}", "[" * 100_000)), ("check", "nb.ipynb"), SAFE
    ),
    "marker of a number that is too long": Case(
        lambda w: (changed(w), w.write(f"pkg/{MARKER}", '{"files": {}, "code": ' + "9" * 10_000 + "}")), REFRESH
    ),
    "marker of links in a circle": Case(
        lambda w: (marked(notebook="../loop")(w), (w.folder / "loop").symlink_to(w.folder / "loop")),
        ("check", "nb.ipynb"),
        SAFE,
    ),
}

# ---------------------------------------------------------------------- notebooks


def notebook(*sources: Any, **more: Any) -> Make:
    cells = [
        {"cell_type": "code", "metadata": {}, "source": s, "outputs": [], "execution_count": None} for s in sources
    ]
    return lambda world: world.write("nb.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, **more}))


def raw(content: str | bytes) -> Make:
    return lambda world: world.write("nb.ipynb", content)


def sparse(world: World) -> None:
    with world.write("nb.ipynb", "{}").open("r+b") as file:
        file.truncate(3 * 2**30)


CHECK, PLAN = ("check", "nb.ipynb"), ("package", "nb.ipynb", "--plan")
UNREADABLE: dict[str, Make] = {
    "a folder": lambda w: (w.folder / "nb.ipynb").mkdir(),
    "a pipe": lambda w: os.mkfifo(w.folder / "nb.ipynb"),
    "a link to a device": lambda w: (w.folder / "nb.ipynb").symlink_to("/dev/zero"),
    "a link to itself": lambda w: (w.folder / "nb.ipynb").symlink_to("nb.ipynb"),
    "three gigabytes of nothing": sparse,
    "not UTF-8": raw(b'{"cells": [{"source": "\xff\xfe"}]}'),
    "UTF-16": raw('{"cells": []}'.encode("utf-16")),
    "zero bytes": raw(b"\0" * 1000),
    "nested deep": raw("[" * 200_000),
    "a number that is too long": raw('{"cells": [], "nbformat": ' + "9" * 10_000 + "}"),
    "millions of lists": raw('{"cells": [' + "[]," * 3_000_000 + "[]]}"),
    "cells that are no cells": raw('{"cells": [1, "x", null]}'),
    "a list": raw("[1, 2]"),
    "nothing": raw(""),
}
READABLE: dict[str, Make] = {
    "half a surrogate": notebook("x = '\ud800'", "y = '\udfff' + x"),
    "half a surrogate in a name": notebook("caf\ud800 = 1"),
    "NUL in a cell": notebook("x = 1\0", "y = 2"),
    "bare carriage returns": notebook("x = 1\ry = 2\rprint(y)", "!ls\r%cd ..\r"),
    "odd line ends": notebook("x = 1\x0cy = 2", "# a\u2028b\u2029c\x85d\nz = 3", "x = '''\x1c\x1d'''"),
    "odd nbformat": notebook("x = 1", nbformat="four"),
    "endless nbformat": raw('{"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 1e999}'),
    "sources of odd types": notebook(["x = 1", 2, None, ["y"]], {"a": 1}, 7, None),
    "brackets nested deep": notebook("x = 1", "(" * 5000 + ")" * 5000),
    "operators nested deep": notebook("x = " + "-" * 30_000 + "1"),
    "a sum of ten thousand parts": notebook("x = " + "+".join(["1"] * 10_000)),
    "tags of odd types": raw('{"cells": [{"cell_type": "code", "source": "x = 1", "metadata": {"tags": [[1], {}]}}]}'),
    "metadata of odd types": raw('{"cells": [{"cell_type": "code", "source": "x = 1", "metadata": 3}], "metadata": 4}'),
    "magics of odd shapes": notebook("%%", "%", "!", "%%bash -s", "!!\n", "%%mlee_candidate", "?x??", "%%writefile"),
    "colours of a terminal": notebook("x = 1 # \x1b[31m\x1b]0;owned\x07"),
}
BOTH: dict[str, Case] = {
    **{
        f"{name}, checked": Case(make, CHECK, SAFE if name == "a folder" else "one line")
        for name, make in UNREADABLE.items()
    },
    **{f"{name}, planned": Case(make, PLAN) for name, make in UNREADABLE.items()},
    **{f"{name}, checked": Case(make, CHECK, SAFE) for name, make in READABLE.items()},
    "a name of 300 characters": Case(lambda w: None, ("check", "n" * 300 + ".ipynb")),
    "a name with a line break": Case(lambda w: None, ("check", "a\nb\x1b[31m.ipynb")),
    "a name with NUL": Case(lambda w: None, ("check", "a\0b.ipynb")),
    "a name that is no text": Case(lambda w: None, ("package", "a\udcffb.ipynb", "--plan")),
    "an output with NUL": Case(lambda w: w.honest("nb.ipynb"), ("package", "nb.ipynb", "--no-run", "--output", "a\0b")),
    "an output of 300 characters": Case(
        lambda w: w.honest("nb.ipynb"), ("package", "nb.ipynb", "--no-run", "--output", "o" * 300)
    ),
}

# ---------------------------------------------------------------------- stores


def linked(name: str, target: str) -> Make:
    def make(world: World) -> None:
        file = world.store()
        place = file.parent if name == ".mlee" else file.parent / name
        if place.exists():
            place.rename(world.outside / "moved" if target == "moved" else world.folder / "away")
        place.symlink_to(world.outside / target)

    return make


def array(kind: int, rows: int, columns: int, labels: int, body: bytes, *, packed: bool) -> bytes:
    head = struct.pack("<4sBBBxqqq", b"mla1", kind, packed, 1 + (columns > 0), rows, columns, labels)
    return head + (zlib.compress(body, 9) if packed else body)


BOMB = array(1 + 16 * 8, 600_000_000, 0, 0, b"\0" * 600_000_000, packed=True)  # 0.6 MB that become 4.8 GB


def with_array(content: bytes | str) -> Make:
    def make(world: World) -> None:
        import sqlite3

        connection = sqlite3.connect(world.store())
        connection.execute("UPDATE mlee_array SET content = ?", (content,))
        connection.commit()
        connection.close()

    return make


def with_bytes(name: str, content: bytes) -> Make:
    return lambda world: (world.store(), world.write(f".mlee/{name}", content))


def super_journal(world: World) -> None:
    """A journal that names a file outside, which SQLite may remove when it heals the store."""
    file = world.store("PRAGMA journal_mode=DELETE")
    name = str(world.kept).encode()
    pages = struct.pack(">III", 0xFFFFFFFF, 12345, os.path.getsize(file) // 4096)
    head = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + pages + struct.pack(">II", 512, 4096)
    tail = struct.pack(">I", 2**30 // 4096 + 1) + name + struct.pack(">II", len(name), sum(name)) + head[:8]
    file.with_name("experiments.db-journal").write_bytes(head.ljust(512, b"\0") + tail)


def spoilt(*statements: str) -> Make:
    return lambda world: world.store(*statements)


def replaced(table: str, by: str) -> str:
    return f"PRAGMA foreign_keys=OFF; DROP TABLE {table}; {by}"


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
TAMPERED: dict[str, Make] = {
    "a view that never ends": spoilt(
        replaced("mlee_experiment", f"CREATE VIEW mlee_experiment AS {ENDLESS} SELECT i AS id, 'x' AS name FROM n")
    ),
    "a view for runs": spoilt(replaced("mlee_run", f"CREATE VIEW mlee_run AS {ENDLESS} SELECT i AS id FROM n")),
    "a view for the version": spoilt(
        replaced("mlee_schema", f"CREATE VIEW mlee_schema AS {ENDLESS} SELECT 'm003' AS version_num FROM n")
    ),
    "a trigger": spoilt("CREATE TRIGGER t AFTER INSERT ON mlee_experiment BEGIN DELETE FROM mlee_run; END"),
    "a trigger elsewhere": spoilt("CREATE TABLE o (x); CREATE TRIGGER t AFTER INSERT ON o BEGIN DELETE FROM o; END"),
    "a generated column": spoilt("ALTER TABLE mlee_run ADD COLUMN big AS (hex(zeroblob(1000000000)))"),
    "a check": spoilt(replaced("mlee_source", "CREATE TABLE mlee_source (hash TEXT, code TEXT CHECK (hex(code) > 1))")),
    "a default": spoilt("ALTER TABLE mlee_run ADD COLUMN more TEXT DEFAULT 'x'"),
    "a column too many": spoilt("ALTER TABLE mlee_run ADD COLUMN more TEXT"),
    "a table too few": spoilt("PRAGMA foreign_keys=OFF; DROP TABLE mlee_said"),
    "an index that computes": spoilt("CREATE INDEX i ON mlee_run (length(hex(note)))"),
    "a virtual table": spoilt("CREATE VIRTUAL TABLE words USING fts5(word)"),
    "version zero": spoilt("UPDATE mlee_schema SET version_num = 'm000'"),
    "a version below zero": spoilt("UPDATE mlee_schema SET version_num = 'm-05'"),
    "a version of odd digits": spoilt("UPDATE mlee_schema SET version_num = 'm３'"),
    "a version of 120 MB": spoilt("UPDATE mlee_schema SET version_num = zeroblob(120000000)"),
    "a note of 120 MB": spoilt("UPDATE mlee_run SET note = CAST(zeroblob(120000000) AS TEXT) WHERE id = 1"),
    "two versions": spoilt("INSERT INTO mlee_schema VALUES ('m001')"),
    "an old version, new tables": spoilt("UPDATE mlee_schema SET version_num = 'm001'"),
    "a charter that is no JSON": spoilt("UPDATE mlee_charter SET charter = '{'"),
    "a charter that is a list": spoilt("UPDATE mlee_charter SET charter = '[]'"),
    "a charter of odd types": spoilt("""UPDATE mlee_charter SET charter = '{"useful_gain": "x", "candidates": 3}'"""),
    "a charter nested deep": spoilt(
        "UPDATE mlee_charter SET charter = '{\"metric\": ' || replace(hex(zeroblob(50000)), '00', '[') || '}'"
    ),
    "no charter": spoilt("DELETE FROM mlee_charter"),
    "a time beyond all time": spoilt("UPDATE mlee_experiment SET opened_us = 9223372036854775807"),
    "a time that is text": spoilt("UPDATE mlee_run SET started_us = 'noon'"),
    "a name that is a blob": spoilt("UPDATE mlee_experiment SET name = x'ff00'"),
    "a name that is no UTF-8": spoilt("UPDATE mlee_experiment SET name = CAST(x'ff41' AS TEXT)"),
    "a state that is none": spoilt("UPDATE mlee_candidate SET state = 'owned'"),
    "a kind that is none": spoilt("UPDATE mlee_result SET kind = 'owned'"),
    "tags that are no list": spoilt("UPDATE mlee_run SET tags = '{}'"),
    "classes that are no counts": spoilt('UPDATE mlee_truth SET classes = \'{"a": "b"}\''),
    "a deadline that is no day": spoilt("UPDATE mlee_experiment SET deadline = 'tomorrow'"),
    "a link for the folder": linked(".mlee", "moved"),
    "a link for the folder to an empty one": linked(".mlee", "empty"),
    "a link for the file": linked("experiments.db", "home/.bashrc"),
    "a link for the file to nothing": linked("experiments.db", "new.db"),
    "a link for the log": linked("experiments.db-wal", "home/.bashrc"),
    "a link for the log to nothing": linked("experiments.db-wal", "new"),
    "a link for the index": linked("experiments.db-shm", "new"),
    "a link for the journal": linked("experiments.db-journal", "home/.bashrc"),
    "a journal that names a file": super_journal,
    "a second name outside": lambda w: os.link(w.store(), w.outside / "also.db"),
    "a pipe for the file": lambda w: ((w.folder / ".mlee").mkdir(), os.mkfifo(w.folder / ".mlee" / "experiments.db")),
    "a folder for the file": lambda w: (w.folder / ".mlee" / "experiments.db").mkdir(parents=True),
    "a pipe for the folder": lambda w: os.mkfifo(w.folder / ".mlee"),
    "noise": with_bytes("experiments.db", os.urandom(9000)),
    "a long line": with_bytes("experiments.db", b"x" * 2_000_000),
}
ODD_ARRAYS: dict[str, Make] = {
    "an array that unpacks without end": with_array(BOMB),
    "an array of a shape it has not": with_array(array(3, 2**40, 2**20, 0, b"12345678", packed=False)),
    "an array of negative shape": with_array(array(3, -1, 0, 0, b"", packed=False)),
    "an array cut off": with_array(array(3, 100, 0, 0, b"1234", packed=True)),
    "an array of labels that never end": with_array(array(4, 1, 0, 2**40, b"[]", packed=True)),
    "an array that is text": with_array("text"),
    "an array of nothing": with_array(b""),
}
STORES: dict[str, Case] = {
    **{f"{name}, looked at": Case(make, ("scoreboard", "shelf")) for name, make in TAMPERED.items()},
    **{f"{name}, written to": Case(lambda w, make=make: (make(w), w.honest("all.json")), ("import", "all.json"))
       for name, make in TAMPERED.items() if "link" in name or "names" in name or "outside" in name},
    **{f"{name}, judged": Case(make, ("scoreboard", "shelf"), untouched=False) for name, make in ODD_ARRAYS.items()},
    "the ignore file is a link": Case(
        lambda w: (
            (w.folder / ".mlee").mkdir(mode=0o700),
            (w.folder / ".mlee" / ".gitignore").symlink_to(w.outside / "home" / "new"),
            w.honest("all.json"),
        ),
        ("import", "all.json"),
        SAFE,
        untouched=False,
    ),
}  # fmt: skip

# ---------------------------------------------------------------------- exports


EXPORT = ("export", "out.json")
EXPORTS: dict[str, Case] = {
    "over notes": Case(lambda w: (w.store(), w.write("out.json", '{"my": "notes"}')), EXPORT, says="no export of ours"),
    "over a link": Case(lambda w: (w.store(), (w.folder / "out.json").symlink_to(w.kept)), EXPORT),
    "over a link to nothing": Case(
        lambda w: (w.store(), (w.folder / "out.json").symlink_to(w.outside / "new")), EXPORT
    ),
    "over a pipe": Case(lambda w: (w.store(), os.mkfifo(w.folder / "out.json")), EXPORT),
    "over a folder": Case(lambda w: (w.store(), (w.folder / "out.json").mkdir()), EXPORT),
    "over a file with a second name": Case(lambda w: (w.store(), os.link(w.kept, w.folder / "out.json")), EXPORT),
    "below a link": Case(
        lambda w: (w.store(), (w.folder / "out").symlink_to(w.outside / "empty")), ("export", "out/all.json")
    ),
    "into no folder": Case(lambda w: w.store(), ("export", "no/such/all.json")),
    "a name of 300 characters": Case(lambda w: w.store(), ("export", "x" * 300)),
    "a name with NUL": Case(lambda w: w.store(), ("export", "a\0b")),
    "over our own": Case(lambda w: (w.store(), w.honest("all.json")), ("export", "all.json"), SAFE, untouched=False),
    "the demo over notes": Case(lambda w: w.write("out.ipynb", "notes"), ("demo", "--keep", "out.ipynb")),
}

# ---------------------------------------------------------------------- imports


def document(change: Callable[[dict[str, Any]], object]) -> Make:
    def make(world: World) -> None:
        told = json.loads(world.honest("all.json").read_text())
        change(told)
        world.write("all.json", json.dumps(told))

    return make


def with_arrays(*contents: bytes) -> Make:
    def change(told: dict[str, Any]) -> None:
        told["arrays"].update({f"{n:064}": base64.b64encode(c).decode() for n, c in enumerate(contents)})

    return document(change)


def in_experiment(word: str, value: Any, of: str = "", also: int = 0) -> Make:
    def change(told: dict[str, Any]) -> None:
        one = told["experiments"][0]
        (one[of][also] if of else one)[word] = value

    return document(change)


IMPORTED: dict[str, Make] = {
    "0.6 MB that become 4.8 GB": with_arrays(BOMB),
    "fifty arrays that grow": with_arrays(
        *(array(1 + 128, 16_000_000 - n, 0, 0, b"\0" * (16_000_000 - n), packed=True) for n in range(20))
    ),
    "an array of a shape it has not": with_arrays(array(3, 2**40, 2**20, 0, b"12345678", packed=False)),
    "an array of another content": with_arrays(array(3, 1, 0, 0, b"12345678", packed=False)),
    "labels that never end": with_arrays(array(4, 1, 0, 2**40, b"[]", packed=True)),
    "millions of lists": lambda w: w.write("all.json", "[" + "[]," * 5_000_000 + "[]]"),
    "millions of numbers": lambda w: w.write("all.json", "[" + "0.5," * 15_000_000 + "1]"),
    "nested deep": lambda w: w.write("all.json", "[" * 200_000),
    "a number that is too long": lambda w: w.write("all.json", "9" * 10_000),
    "not UTF-8": lambda w: w.write("all.json", b'{"format": "\xff"}'),
    "a pipe": lambda w: os.mkfifo(w.folder / "all.json"),
    "a folder": lambda w: (w.folder / "all.json").mkdir(),
    "a device": lambda w: (w.folder / "all.json").symlink_to("/dev/zero"),
    "three gigabytes of nothing": lambda w: os.truncate(w.write("all.json", "{}"), 3 * 2**30),
    "another format": document(lambda told: told.update(format="something else")),
    "another version": document(lambda told: told.update(version=[1])),
    "a name of 1,000 characters": in_experiment("name", "x" * 1000),
    "a name of half a surrogate": in_experiment("name", "\ud800"),
    "a time beyond all time": in_experiment("opened_us", 2**62),
    "a number of a thousand digits": in_experiment("opened_us", 10**1000),
    "a useful gain below zero": in_experiment("charter", {"useful_gain": -1.0}, "charters"),
    "a useful gain that is no number": in_experiment("charter", {"useful_gain": float("nan")}, "charters"),
    "a charter of odd types": in_experiment("charter", {"candidates": [[1]]}, "charters"),
    "a charter with an odd train": in_experiment("charter", {"train": [1], "population": {"frame": 3}}, "charters"),
    "a place beyond the list": in_experiment("variant", 10**6, "runs"),
    "a result of no kind": in_experiment("kind", "x", "results"),
    "a table for a list": in_experiment("runs", {}),
}
IMPORTS = {name: Case(make, ("import", "all.json"), untouched=False) for name, make in IMPORTED.items()}

# ---------------------------------------------------------------------- settings

ELSEWHERE = {
    "a whole path": 'store = "OUTSIDE/new.db"',
    "an upward path": 'store = "../outside/new.db"',
    "the home folder": 'store = "~/new.db"',
    "a way round": 'store = "a/../../outside/new.db"',
    "a server": 'store = "postgresql://me:secret@127.0.0.1:PORT/x"',
    "a server with options": 'store = "postgresql://me:secret@127.0.0.1:PORT/x?connect_timeout=1&options=-cx%3Dy"',
    "a file by URL": 'store = "sqlite:////OUTSIDE/new.db"',
    "the project itself": 'store = "."',
    "a name with NUL": 'store = "a\\u0000b"',
    "three thousand folders": f'store = "{"x/" * 3_000}new.db"',
}
LOOKS = {
    "status": ("status",),
    "scoreboard": ("scoreboard", "shelf"),
    "check": ("check", "shelf"),
    "doctor": ("doctor",),
    "import": ("import", "all.json"),
}


def set_to(line: str, port: int) -> Make:
    def make(world: World) -> None:
        world.honest("all.json")
        said = line.replace("OUTSIDE", str(world.outside)).replace("PORT", str(port))
        world.settings(f"[tool.mlee]\n{said}\n")

    return make


def wanted(port: int) -> dict[str, Case]:
    """Each place that a settings file may want, looked at and written to."""
    return {
        f"{place}, {look}": Case(
            set_to(line, port), command, *((SAFE, "PROBLEM") if look == "doctor" else ("one line", "MLEE_STORE"))
        )
        for place, line in ELSEWHERE.items()
        for look, command in LOOKS.items()
    } | {
        "a link in the project": Case(
            lambda w: (
                set_to('store = "data/new.db"', port)(w),
                (w.folder / "data").symlink_to(w.outside / "empty"),
            ),
            ("import", "all.json"),
            says="MLEE_STORE",
        ),
        "inside, only looked at": Case(set_to('store = "data/new.db"', port), ("status",), says="yet"),
        "inside, used": Case(set_to('store = "data/new.db"', port), ("import", "all.json"), SAFE, untouched=False),
        **{
            f"odd settings: {text[:40]!r}": Case(lambda w, text=text: w.settings(text), ("list",))
            for text in ODD_SETTINGS
        },
        "settings are a pipe": Case(_as_pipe, ("list",), SAFE),
        "settings are not UTF-8": Case(lambda w: w.write("pyproject.toml", b"x = '\xff'"), ("list",)),
        "settings of ten megabytes": Case(lambda w: w.write("pyproject.toml", "#" * 10_000_000), ("list",)),
        "no store, explained": Case(lambda w: None, ("explain", "MLE201"), SAFE),
        "no store, planned": Case(lambda w: w.honest("nb.ipynb"), ("package", "nb.ipynb", "--plan"), SAFE),
        "no store, checked": Case(lambda w: w.honest("nb.ipynb"), ("check", "nb.ipynb"), SAFE),
        "no store, history": Case(lambda w: None, ("history",), says="yet"),
        "no store, board": Case(lambda w: None, ("scoreboard",), says="yet"),
    }  # fmt: skip


def _as_pipe(world: World) -> None:
    (world.folder / "pyproject.toml").unlink()
    os.mkfifo(world.folder / "pyproject.toml")


ODD_SETTINGS = (
    "tool.mlee = 3",
    "x = " + "[" * 50_000,
    "[tool.mlee]\nhours_a_day = " + "9" * 10_000,
    "[tool.mlee]\nhours_a_day = nan",
    "[tool.mlee]\nhours_a_day = 0",
    "[tool.mlee]\nuseful_gain = -inf",
    "[tool.mlee]\nstore = 3",
    "[tool.mlee]\nbudget = '999999999999d'",
    "[tool.mlee]\nidle_limit = ''' \u202e'''",
    "[tool.mlee]\nignore = [3]",
    "[tool.mlee]\nignore = [{rule = 'x', until = 'y'}]",
    "[tool.mlee]\nrules = {you-can-stop = 3}",
    '[tool.mlee]\n"\\u001b[31m" = 3',
)

FAMILIES = {"packages": PACKAGES, "notebooks": BOTH, "stores": STORES, "exports": EXPORTS, "imports": IMPORTS}


@pytest.mark.slow
@pytest.mark.parametrize("cases", FAMILIES.values(), ids=FAMILIES)
def test_a_folder_that_means_harm(cases: dict[str, Case], tmp_path: Path) -> None:
    wrong = attempt(cases, tmp_path)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_settings_that_want_the_store_elsewhere(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        wrong = attempt(wanted(server.getsockname()[1]), tmp_path)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert not wrong, "\n".join(wrong)
