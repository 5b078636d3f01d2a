"""Nothing outside the copied folder is written, deleted or reached by a proof, whatever form a command takes."""

from __future__ import annotations

import hashlib
import itertools
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlee_jupyter.convert.analyse.reaches import commands_to_hold_back, reaches
from mlee_jupyter.convert.child import confine
from mlee_jupyter.convert.child.command_lines import is_harmless
from mlee_jupyter.convert.package import package
from mlee_jupyter.convert.prove.observe import FreshProcesses
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.types import Sameness
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.packaging import outcome_lines

from .makers import write_notebook

HARM = (  # each is tried with PLACE being a folder outside, PORT a socket that listens
    "rm -rf PLACE/a.txt",
    "echo harm > PLACE/a.txt",
    "echo harm > PLACE/new.txt",
    "mv PLACE/a.txt PLACE/moved.txt",
    "chmod 777 PLACE/a.txt",
    "touch -d 2001-01-01 PLACE/a.txt",
    "ln -sf /etc/passwd PLACE/b.txt",
    "mkdir PLACE/folder",
    "rm -rf $HOME/../PLACE/*",
    "python3 -c \"open('PLACE/a.txt', 'w').write('harm')\"",
    "(setsid sh -c 'sleep 1; echo late > PLACE/late.txt' &)",
    "bash -c 'exec 3<>/dev/tcp/127.0.0.1/PORT && echo sent >&3'",
    "python3 -c \"import socket; socket.create_connection(('127.0.0.1', PORT)).send(b'sent')\"",
    "python3 -c \"import socket; s = socket.socket(2, 2); s.sendto(b'sent', ('127.0.0.1', PORT))\"",
    "python3 -c \"import socket; s = socket.socket(1); s.connect('PLACE/service'); s.send(b'sent')\"",
    "kill -9 OWNER",
)
FORMS = {
    "!": "!COMMAND || true",
    "x = !": "got = !COMMAND",
    "!!": "!!COMMAND",
    "%sx": "%sx COMMAND",
    "%system": "got = %system COMMAND",
    "%%bash": "%%bash --no-raise-error\nCOMMAND\n",
    "%%sh": "%%sh --no-raise-error\nCOMMAND\n",
    "%%script": "%%script --no-raise-error bash\nCOMMAND\n",
    "%%sx": "%%sx\nCOMMAND\n",
    "run_cell_magic": "get_ipython().run_cell_magic('bash', '--no-raise-error', QUOTED)",
    "get_ipython().system": "get_ipython().system(QUOTED)",
    "subprocess": "import subprocess\nsubprocess.run(QUOTED, shell=True)",
    "Popen": "import subprocess\nsubprocess.Popen(['sh', '-c', QUOTED]).wait()",
    "os.system": "import os\nos.system(QUOTED)",
    "asyncio": "import asyncio\nasync def go():\n    await (await asyncio.create_subprocess_shell(QUOTED)).wait()\n"
    "runner = __import__('threading').Thread(target=lambda: asyncio.run(go()))\nrunner.start()\nrunner.join()",
    "in a loop": "for turn in range(2):\n    !COMMAND\n",
    "in a function": "def f():\n    !COMMAND\nf()",
}
PYTHON = {
    "open": "open('PLACE/a.txt', 'w').write('harm')",
    "remove": "import os\nos.remove('PLACE/a.txt')",
    "rmtree": "import shutil\nshutil.rmtree('PLACE/inner')",
    "rename": "import os\nos.rename('PLACE/a.txt', 'PLACE/moved.txt')",
    "chmod": "import os\nos.chmod('PLACE/a.txt', 0o777)",
    "a link in the folder": "import os\nos.symlink('PLACE', 'there')\nopen('there/a.txt', 'w').write('harm')",
    "home": "import os\nopen(os.path.expanduser('~/.bashrc'), 'a').write('harm')",
    "C code": "import ctypes\nctypes.CDLL(None).unlink(b'PLACE/a.txt')",
    "a descriptor": "import os\nos.close(os.open('PLACE/a.txt', os.O_WRONLY | os.O_TRUNC))",
    "SQLite": "import sqlite3\nsqlite3.connect('PLACE/new.db').execute('create table t (x)')",
    "network": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:PORT/', timeout=2)",
    "datagram": "import socket\nsocket.socket(2, 2).sendto(b'sent', ('127.0.0.1', PORT))",
    "a service's socket": "import socket\ns = socket.socket(1)\ns.connect('PLACE/service')\ns.send(b'sent')",
    "a socket by another name": "import os, socket\nos.chdir('PLACE')\nsocket.socket(1).connect('renamed')",
    "a pipe": "import os\nos.write(os.open('PLACE/fifo', os.O_WRONLY | os.O_NONBLOCK), b'sent')",
    "a limit of another process": "import resource\nresource.prlimit(OWNER, resource.RLIMIT_CPU, (1, 1))",
    "another's turn": "import os\nos.sched_setaffinity(OWNER, {0})\nos.setpriority(os.PRIO_PROCESS, OWNER, 19)",
    "a keyring": "import ctypes\nif ctypes.CDLL(None).syscall(248, b'user', b'mlee_key', b'x', 1, -4) > 0:\n"
    "    open('PLACE/key', 'w')",
    "a signal": "import os, signal\nos.kill(OWNER, signal.SIGUSR2)",
    "a pool": "from multiprocessing import Pool\nimport os\nPool(1).map(os.remove, ['PLACE/a.txt'])",
}


BEYOND_PYTHON = {  # what Python alone cannot hold back
    "C code", "a signal", "a pool", "a pipe", "a limit of another process", "another's turn", "a keyring",
}  # fmt: skip


class Outside:
    """A folder, a home and sockets that nothing may touch; says what touched them."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "outside"
        (self.place / "inner").mkdir(parents=True)
        for name in ("a.txt", "b.txt", "inner/c.txt", ".bashrc"):
            (self.place / name).write_text(f"planted {name}", "utf-8")
        self.heard: list[str] = []
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.unix = socket.socket(socket.AF_UNIX)
        self.unix.bind(str(self.place / "service"))
        self.unix.listen()
        renamed = socket.socket(socket.AF_UNIX)
        renamed.bind(str(self.place / "first"))
        renamed.listen()
        os.rename(self.place / "first", self.place / "renamed")
        self.renamed = renamed
        os.mkfifo(self.place / "fifo")
        self.fifo = os.open(self.place / "fifo", os.O_RDONLY | os.O_NONBLOCK)
        for one in (self.tcp, self.udp, self.unix, self.renamed):
            threading.Thread(target=self._listen, args=(one,), daemon=True).start()
        self.owner = subprocess.Popen(["sleep", "600"])
        self.before = self.look()

    def _listen(self, one: socket.socket) -> None:
        while True:
            try:
                if one.type == socket.SOCK_DGRAM:
                    one.recv(10)
                else:
                    one.accept()[0].close()
            except OSError:
                return
            self.heard.append(str(one))

    def look(self) -> dict[str, tuple[str, float, int]]:
        found = {}
        for path in [self.place, *sorted(self.place.rglob("*"))]:
            state = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            found[path.relative_to(self.place).as_posix()] = (content, state.st_mtime, state.st_mode)
        return found

    def of(self, text: str) -> str:
        place = text.replace("PLACE", str(self.place)).replace("PORT", str(self.port))
        return place.replace("OWNER", str(self.owner.pid))

    def check(self) -> None:
        assert self.look() == self.before
        assert self.heard == []
        assert self.owner.poll() is None
        assert os.read(self.fifo, 10) == b""
        assert os.sched_getaffinity(self.owner.pid) == os.sched_getaffinity(0)
        assert os.getpriority(os.PRIO_PROCESS, self.owner.pid) == os.getpriority(os.PRIO_PROCESS, 0)
        assert "mlee_key" not in Path("/proc/keys").read_text()

    def close(self) -> None:
        for one in (self.tcp, self.udp, self.unix, self.renamed):
            one.close()
        os.close(self.fifo)
        self.owner.kill()
        self.owner.wait()


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    found = Outside(tmp_path)
    monkeypatch.setenv("HOME", str(found.place))
    yield found
    found.close()


WHOLE = pytest.mark.skipif(confine.level() != confine.WHOLE, reason="this system cannot confine a process")


def test_this_machine_is_one_that_confines_or_says_so() -> None:
    assert confine.level() in (confine.WHOLE, confine.FILES, confine.NONE)
    assert not os.environ.get("CI") or confine.level() == confine.WHOLE, "the gate's machine must try the real thing"


def cells_of(outside: Outside) -> list[str]:
    """Every form with three harms, every harm in one form, and Python of every kind; none stops the notebook."""
    pairs = [*itertools.product(FORMS.values(), HARM[:3]), *itertools.product([FORMS["!"], FORMS["%%bash"]], HARM[3:])]
    cells = [
        form.replace("QUOTED", repr(one)).replace("COMMAND", one)
        for form, one in ((form, outside.of(harm)) for form, harm in pairs)
    ]
    return cells + [tried(outside.of(code)) for code in PYTHON.values()]


def tried(code: str) -> str:
    return "try:\n" + "".join(f"    {line}\n" for line in code.splitlines()) + "except Exception:\n    pass"


@WHOLE
def test_no_form_of_a_command_and_no_python_reaches_outside(outside: Outside, tmp_path: Path) -> None:
    path = write_notebook(tmp_path, *cells_of(outside), "left = 1\nprint(left)", name="it.ipynb")
    made = package(path, tmp_path / "made", accept="only what is touched counts", prover=FreshProcesses(limit=300))
    assert "left" in {v.name for v in made.proof.values}, made.proof  # type: ignore[union-attr]
    time.sleep(1.2)  # what would come late
    outside.check()


def test_the_harm_is_real(outside: Outside) -> None:
    """The no-op twin: run without a proof, each of them does touch something."""
    for harm in HARM[1:8]:
        subprocess.run(outside.of(harm), shell=True, check=False, capture_output=True)
    with pytest.raises(AssertionError):
        outside.check()


@pytest.mark.parametrize("level", [confine.FILES, confine.NONE])
def test_python_is_held_back_where_the_system_does_not_confine(level: str, outside: Outside, tmp_path: Path) -> None:
    if level == confine.FILES and confine.level() == confine.NONE:
        pytest.skip("no Landlock here")
    codes = [code for name, code in PYTHON.items() if name not in BEYOND_PYTHON]
    path = write_notebook(tmp_path, *(tried(outside.of(c)) for c in codes), "left = 1", name="it.ipynb")
    package(path, tmp_path / "made", prover=FreshProcesses(limit=60, level=level))
    outside.check()


@pytest.mark.parametrize("level", [confine.FILES, confine.NONE])
def test_a_command_is_not_run_where_nothing_holds_it(level: str, outside: Outside, tmp_path: Path) -> None:
    harm = outside.of(HARM[1])
    path = write_notebook(tmp_path, "n = 3", f"!{harm}", "print(n)", name="it.ipynb")
    made = package(path, tmp_path / "made", prover=FreshProcesses(limit=60, level=level))
    outside.check()
    assert made.verdict is Sameness.NOT_PROVEN
    assert [v.name for v in made.proof.values] == ["cell 2"]  # type: ignore[union-attr]
    assert "--allow-effects" in made.proof.reason  # type: ignore[union-attr]


@pytest.mark.parametrize("level", [confine.FILES, confine.NONE])
@pytest.mark.parametrize("shell", ["", "/bin/sh", "/bin/bash", "/usr/bin/bash"])
def test_a_harmless_command_runs_where_nothing_holds_it(
    level: str, shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHELL", raising=False)
    if shell:
        monkeypatch.setenv("SHELL", shell)
    kept = write_notebook(tmp_path, "n = 3", "!mkdir -p made_here\n!cp it.ipynb made_here/copy.txt", name="it.ipynb")
    made = package(kept, tmp_path / "two", prover=FreshProcesses(limit=60, level=level))
    assert made.verdict is Sameness.IDENTICAL, made.proof


@pytest.mark.parametrize("level", [confine.FILES, confine.NONE])
def test_a_shell_that_lies_elsewhere_is_one(level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "opt" / "bash"
    place.parent.mkdir()
    place.symlink_to("/bin/bash")
    monkeypatch.setenv("SHELL", str(place))
    (tmp_path / "work").mkdir()
    kept = write_notebook(tmp_path / "work", "n = 3", "!mkdir -p made_here", name="it.ipynb")
    made = package(kept, tmp_path / "two", prover=FreshProcesses(limit=60, level=level))
    assert made.verdict is Sameness.IDENTICAL, made.proof
    assert not is_harmless([str(place), "-c", "ls"]), "no other program of that name is"


HARMLESS = (
    "mkdir -p data/raw",
    "ls -l *.csv",
    "cat a.txt",
    "echo hello",
    "rm old.bin",
    "unzip -o data.zip",
    "wc -l a.txt",
)
NOT_HARMLESS = (
    "rm -rf /", "rm -rf $x/*", "rm -rf ~/x", "rm -rf ../x", "cat a.txt > /etc/x", "ls; rm x", "ls && rm x", "ls | sh",
    "cp a.txt /tmp/b", "cp -t/tmp a", "curl http://x", "python train.py", "mkdir `pwd`", "rm {a,b}", "git push",
    "cp --target-directory=/tmp a", "unzip a.zip -d /tmp", "wget x", "rm *.txt", "rm a/../../b",
)  # fmt: skip


@pytest.mark.parametrize("command", HARMLESS)
def test_plainly_harmless(command: str) -> None:
    assert is_harmless(command)


@pytest.mark.parametrize("command", NOT_HARMLESS)
def test_not_plainly_harmless(command: str) -> None:
    assert not is_harmless(command)


def test_what_a_notebook_reaches_is_listed(tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path,
        "import requests, smtplib, os, shutil, pandas as pd, sqlalchemy\n!curl -O http://example.org/a.csv",
        "df = pd.read_csv('https://example.org/a.csv')\nrequests.post('https://example.org', data={})",
        "smtplib.SMTP('mail').sendmail('a', 'b', 'c')",
        "engine = sqlalchemy.create_engine('postgresql://user:hunter2secret@host/db')",
        "df.to_csv('/var/data/out.csv')\nshutil.rmtree(df.folder)",
        "inside = pd.read_csv('a.csv')\ninside.to_csv('b.csv')\nlocal = sqlalchemy.create_engine('sqlite:///a.db')",
    )
    found = [(r.cell, r.kind) for r in reaches(read_facts(path))]
    assert found == [
        (1, "runs a command"), (2, "reaches the network"), (2, "reaches the network"), (3, "sends or reads mail"),
        (4, "reaches a database"), (5, "writes outside its folder"), (5, "deletes files"),
    ]  # fmt: skip
    assert not any("hunter2secret" in r.text for r in reaches(read_facts(path)))
    assert [r.cell for r in commands_to_hold_back(read_facts(path))] == [1]


@WHOLE
def test_a_cell_that_needs_the_network_is_told_how(tmp_path: Path) -> None:
    code = "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/')"
    with pytest.raises(MleeError, match=r"reaches the network.*--allow-effects"):
        package(write_notebook(tmp_path, code), tmp_path / "made", prover=FreshProcesses(limit=60))


@WHOLE
def test_with_leave_the_network_is_there_and_files_outside_are_still_safe(outside: Outside, tmp_path: Path) -> None:
    code = f"import socket\ns = socket.create_connection(('127.0.0.1', {outside.port}))\ns.close()\nok = True"
    path = write_notebook(tmp_path, code, outside.of("!echo harm > PLACE/a.txt"))
    made = package(path, tmp_path / "made", prover=FreshProcesses(limit=60, effects=True))
    assert outside.heard
    assert made.verdict is Sameness.IDENTICAL, made.proof
    assert outside.look() == outside.before


@WHOLE
def test_what_libraries_need_works_inside(tmp_path: Path) -> None:
    cells = (
        "import multiprocessing, tempfile, os, socket, threading\nfrom concurrent.futures import ProcessPoolExecutor",
        "with ProcessPoolExecutor(2) as pool:\n    doubled = list(pool.map(abs, [-1, 2]))",
        "with tempfile.TemporaryDirectory() as place:\n    size = len(os.listdir(place))",
        "open('/tmp/mine.txt', 'w').write('here')\nmine = open('/tmp/mine.txt').read()",
        "server = socket.create_server(('127.0.0.1', 0))\nsocket.create_connection(server.getsockname())\nok = True",
        "open(os.path.expanduser('~/notes.txt'), 'w').write('x')\nnotes = os.path.exists(os.environ['HOME'])",
    )
    made = package(write_notebook(tmp_path, *cells), tmp_path / "made", prover=FreshProcesses(limit=60))
    assert made.verdict is Sameness.IDENTICAL, made.proof
    assert not Path("/tmp/mine.txt").exists()


def test_what_commands_print_and_write_is_compared(tmp_path: Path) -> None:
    if confine.level() != confine.WHOLE:
        pytest.skip("commands are not run here")
    cells = ("name = 'a'", "!printf 'x,1\\n' > {name}.csv; cat {name}.csv", '%%bash -s "$name"\necho got $1\n', "n = 1")
    made = package(write_notebook(tmp_path, *cells), tmp_path / "made", prover=FreshProcesses(limit=60))
    verdicts = {v.name: v.verdict for v in made.proof.values}  # type: ignore[union-attr]
    assert verdicts["what commands print"] is Sameness.IDENTICAL
    assert verdicts["file a.csv"] is Sameness.IDENTICAL
    shaky = write_notebook(tmp_path, "n = 1", "!date +%N", name="two.ipynb")
    made = package(shaky, tmp_path / "two", prover=FreshProcesses(limit=60))
    told = {v.name: v for v in made.proof.values}["what commands print"]  # type: ignore[union-attr]
    assert told.verdict is Sameness.NOT_PROVEN
    assert "cell 2" in told.detail


def test_a_candidates_own_limit_holds_in_the_proof(tmp_path: Path) -> None:
    slow = "%%mlee_candidate slow --minutes 0.005 --hard\nimport time\ntime.sleep(60)\n[1]"
    with pytest.raises(MleeError, match=r"Cell 1 .*stopped at its own limit of 0\.3 s"):
        package(write_notebook(tmp_path, slow), tmp_path / "made", prover=FreshProcesses(limit=50))


def test_a_magic_may_be_called_by_the_names_of_its_arguments(tmp_path: Path) -> None:
    shell = "get_ipython().run_"
    cells = (
        f"{shell}line_magic(magic_name='cd', line='.')",
        f"{shell}cell_magic('sh', line='', cell='echo a')",
        "n = 1",
    )
    made = package(write_notebook(tmp_path, *cells), tmp_path / "made", prover=FreshProcesses(limit=60))
    assert made.verdict is Sameness.IDENTICAL, made.proof


def test_a_cell_that_fails_under_capture_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(MleeError, match=r"Cell 1 fails under %%capture, where a notebook goes on: .*Mend it, or write"):
        package(write_notebook(tmp_path, "%%capture\n1 / 0", "n = 1"), tmp_path / "made")
    with pytest.raises(MleeError, match=r"Cell 1 fails when the notebook runs from the top: .*Restart and Run All"):
        package(write_notebook(tmp_path, "1 / 0", "n = 1"), tmp_path / "made")


def test_cells_that_nothing_kept_needs_are_not_run(tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path,
        "rows = [3, 1, 2]",
        "%%mlee_candidate quick\nquick_rows = sorted(rows)\nquick_rows",
        "%%mlee_candidate slow\nraise RuntimeError('eight hours')\n",
        "best = quick_rows[0]",
    )
    made = package(path, tmp_path / "made", keep="quick", prover=FreshProcesses(limit=60))
    assert made.verdict is Sameness.IDENTICAL
    assert made.plan.not_run == (3,)
    report = (tmp_path / "made" / "report.md").read_text("utf-8")
    assert "Not run in the proof: cell 3 (slow); nothing kept needs them" in report
    with pytest.raises(MleeError, match="Cell 3 fails"):
        package(path, tmp_path / "all", prover=FreshProcesses(limit=60))


@pytest.mark.parametrize("level", [confine.WHOLE, confine.FILES, confine.NONE])
@pytest.mark.parametrize("below", ["", "tmp", "a/b"])
def test_a_notebook_may_lie_where_temporary_files_do(
    level: str, below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder then holds the folder of its own proof: that is neither copied into itself nor forbidden."""
    levels = (confine.NONE, confine.FILES, confine.WHOLE)
    if levels.index(confine.level()) < levels.index(level):
        pytest.skip("this system confines less")
    temporary = tmp_path / below
    temporary.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    (tmp_path / "data.csv").write_text("a\n1\n")
    path = write_notebook(
        tmp_path, "text = open('data.csv').read()", "open('out.txt', 'w').write(text)", "print(text)", name="it.ipynb"
    )
    prover = FreshProcesses(limit=60, level=level)
    made = package(path, tmp_path / "made", prover=prover)
    assert made.verdict is Sameness.IDENTICAL, made.proof
    assert not (tmp_path / "out.txt").exists()
    (root,) = temporary.glob("mlee-proof-*")
    assert not [p for p in root.rglob("mlee-proof-*") if p.is_dir()], "a copy of itself in itself"


def test_what_only_looks_like_a_proofs_folder_is_copied(tmp_path: Path) -> None:
    """The no-op twin."""
    (tmp_path / "mlee-proof-notes").mkdir()
    (tmp_path / "mlee-proof-notes" / "a.txt").write_text("7")
    path = write_notebook(tmp_path, "n = int(open('mlee-proof-notes/a.txt').read())\nprint(n)", name="it.ipynb")
    assert package(path, tmp_path / "made", prover=FreshProcesses(limit=60)).verdict is Sameness.IDENTICAL


def test_the_verdict_says_what_lies_outside(tmp_path: Path) -> None:
    asks = (
        "import urllib.request\n"
        "try:\n    n = len(urllib.request.urlopen('http://127.0.0.1:9/').read())\nexcept OSError:\n    n = 7"
    )
    path = write_notebook(tmp_path, "!mkdir -p made_here", asks, "print(n)", name="it.ipynb")
    made = package(path, tmp_path / "made", prover=FreshProcesses(limit=60, level=confine.NONE))
    assert made.verdict is Sameness.IDENTICAL, made.proof
    said = "Not proven is what happens outside the folder: cell 2 reaches the network."
    assert said in outcome_lines(made)
    assert said in (tmp_path / "made" / "report.md").read_text("utf-8")
    at_home = write_notebook(tmp_path, "!mkdir -p made_here", "n = 7\nprint(n)", name="home.ipynb")
    made = package(at_home, tmp_path / "home_made", prover=FreshProcesses(limit=60))
    assert not [line for line in outcome_lines(made) if "outside" in line]
