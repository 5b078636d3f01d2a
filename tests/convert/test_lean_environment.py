"""A proof says the same in whatever environment it is asked for: in a bare one, a strange one, one of no user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .makers import write_notebook

ROOT = Path(__file__).parents[2]
CELLS = (
    "import time, os\nn = 3\nzone = time.strftime('%Z', time.gmtime(0))",
    "!echo shown {n}\nlines = !printf 'a\\nb\\n'",
    "%%bash --out said\necho in bash\n",
    "if n:\n    !mkdir -p made/{{x,y}}",
    "with open('note.txt', 'w', encoding='utf-8') as note:\n    note.write('café')",
    "letters = !printf 'caf\\303\\251\\n'",
    "home = os.path.isdir(os.path.expanduser('~'))\nhere = len(lines)",
)
ENVIRONMENTS: dict[str, dict[str, str]] = {  # what is strange in several ways differs in unlike things
    "a bare one": {},
    "a home, and a zone on the other side": {"HOME": "HERE", "TZ": "Pacific/Apia"},
    "a home and a shell that are not there": {"HOME": "/no/such", "SHELL": "/no/such/zsh"},
    "an empty shell, and a locale that is not there": {"SHELL": "", "LC_ALL": "xx_YY.ISO-8859-1"},
    "a shell that lets nobody in, and a zone that is none": {"SHELL": "/usr/sbin/nologin", "TZ": "nowhere"},
    "a program that says no, in the C locale": {"SHELL": "/bin/false", "LANG": "C"},
    "a plain shell, in the C locale for all": {"SHELL": "/bin/sh", "LC_ALL": "C"},
    "a place for files that is not there, and a dumb terminal": {"TMPDIR": "/no/such", "TERM": "dumb", "COLUMNS": "1"},
}
PROVE = """
import sys
from pathlib import Path
from mlee_jupyter.convert.package import package
made = package(Path(sys.argv[1]), Path(sys.argv[2]))
wrong = [v for v in made.proof.values if str(v.verdict) != "identical"]
sys.stdout.buffer.write(f"{made.verdict} {made.proof.reason} {wrong}".encode())
"""


def proven(folder: Path, environment: dict[str, str]) -> str:
    """What a proof of the cells says in an environment that holds nothing else."""
    path = write_notebook(folder, *CELLS, name="it.ipynb")
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | environment
    command = [sys.executable, "-c", PROVE, str(path), str(folder / "made")]
    done = subprocess.run(command, env=given, capture_output=True, check=False, timeout=600, cwd=folder)
    return (done.stdout or done.stderr[-600:]).decode("utf-8", "replace")


@pytest.mark.slow
@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_a_proof_says_the_same_in_any_environment(environment: dict[str, str], tmp_path: Path) -> None:
    said = proven(tmp_path, {k: v.replace("HERE", str(tmp_path)) for k, v in environment.items()})
    assert said.startswith("identical"), said


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_a_home_for_a_user_that_the_system_does_not_know() -> None:
    program = (
        "import os, sys, tempfile\nfrom pathlib import Path\nfrom mlee_jupyter.convert.prove import folders\n"
        "os.setuid(54321)\n"
        "with tempfile.TemporaryDirectory() as place:\n"
        "    made = folders.prepare_home(Path(place) / 'home', ['open(\"~/a\")'])\n"
        "    assert os.path.isdir(made['HOME'])\n"
    )
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], env=bare, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
