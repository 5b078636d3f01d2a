"""Keys, tokens and passwords: found wherever people put them, never written, never said; what is none is left alone."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mlee_jupyter.convert.package import package, package_value, plan_notebook, plan_text
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.secrets.secret_places import secrets_of
from mlee_jupyter.convert.types import Sameness
from mlee_jupyter.domain import Finding, Outcome
from mlee_jupyter.session.notebook_check import check_notebook
from mlee_jupyter.session.packaging import outcome_lines

from .makers import both, packaged, write_notebook
from .secret_harmless import HARMLESS
from .secret_makers import (
    ANY,
    PLACES,
    SHAPED,
    SPACE,
    Place,
    filled,
    mixed,
    password,
    planted,
    private_key,
    remains,
    shaped,
    stream,
)

IN_CODE = [n for n, p in PLACES.items() if not p.outputs and not p.metadata and not p.notebook]
SHELL = ("!", "%%bash", "#md ")


def secret_of(answers: tuple[Finding, ...]) -> Finding:
    """The answer of MLE705."""
    return next(f for f in answers if f.rule == "MLE705")


def nothing_said(path: Path, *texts: str) -> None:
    """Neither the check nor the plan shows a part of any of the texts."""
    said = repr(check_notebook(path)) + plan_text(plan_notebook(path))
    for text in texts:
        assert not remains(text, said)


def nothing_written(folder: Path, *texts: str) -> None:
    """No file below a folder holds a part of any of the texts; every program there is one."""
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        content = file.read_text("utf-8")
        for text in texts:
            assert not remains(text, content), f"{remains(text, content)} of {text} stands in {file.name}"
        if file.suffix == ".py":
            ast.parse(content)


@pytest.mark.parametrize("kind", ANY)
@pytest.mark.parametrize("place", PLACES)
def test_found_wherever_it_stands(place: str, kind: str, tmp_path: Path) -> None:
    draw = random.Random(f"{place} {kind}")
    for number in range(3):
        secret = ANY[kind](draw)
        path = planted(tmp_path / str(number), PLACES[place], secret, before=draw.choice(["", SPACE]))
        found = secret_of(check_notebook(path))
        assert found.outcome is Outcome.FINDING, secret
        nothing_said(path, secret)
    packaged(path, tmp_path / "package")
    nothing_written(tmp_path / "package", secret)


@pytest.mark.parametrize("place", [n for n, p in PLACES.items() if "assword" in f"{p.cells}{p.outputs}"])
def test_a_password_is_found_where_one_is_meant(place: str, tmp_path: Path) -> None:
    secret = password(random.Random(place))
    path = planted(tmp_path, PLACES[place], secret)
    assert secret_of(check_notebook(path)).outcome is Outcome.FINDING
    nothing_said(path, secret)
    packaged(path, tmp_path / "package")
    nothing_written(tmp_path / "package", secret)


@pytest.mark.parametrize("kind", SHAPED)
def test_a_service_s_key_is_found_under_any_name(kind: str, tmp_path: Path) -> None:
    draw = random.Random(kind)
    places = {
        "a variable": Place(("x = '{S}'",)),
        "in two parts": Place(("x = '{A}' + '{B}'",)),
        "among others": Place(("xs = ['a', \"{S}\", 'b']",)),
        "a comment": Place(("n = 1  # {S}",)),
        "prose": Place(("#md Use {S} here.", "n = 1")),
        "an argument": Place(("n = len('{S}')",)),
        "another language": Place(("%%javascript\nvar x = '{S}';",)),
        "an output": Place(("n = 1",), outputs=(stream("found {S}.\n"),)),
        "metadata": Place(("n = 1",), metadata={"x": ["{S}"]}),
    }
    for name, place in places.items():
        secret = shaped(kind, draw)
        path = planted(tmp_path / name, place, secret)
        assert secret_of(check_notebook(path)).outcome is Outcome.FINDING, f"{name}: {secret}"
        nothing_said(path, secret)
    packaged(path, tmp_path / "package")
    nothing_written(tmp_path / "package", secret)


KEY_SPELLINGS = {
    "in three quotes": "key = '''{lines}\n'''",
    "indented": "def f():\n    return '''{lines}'''\nn = f()",
    "with \\n": "key = '{escaped}'",
    "joined": "key = '\\n'.join([{quoted}])",
    "side by side": "key = ({ended})",
    "added": "key = {added}",
    "in json": "import json\nkey = json.loads('''{{\"private_key\": \"{double}\"}}''')",
    "a comment": "{commented}\nn = 1",
    "prose": "#md ```\n{lines}\n```",
    "bash": "%%bash\ncat > /dev/null <<EOF\n{lines}\nEOF",
}


@pytest.mark.parametrize("kind", ["RSA ", "", "EC ", "OPENSSH ", "ENCRYPTED "])
@pytest.mark.parametrize("spelling", KEY_SPELLINGS)
def test_a_key_in_several_lines(spelling: str, kind: str, tmp_path: Path) -> None:
    lines = private_key(random.Random(spelling + kind), kind)
    source = KEY_SPELLINGS[spelling].format(
        lines="\n".join(lines),
        escaped="\\n".join(lines),
        double="\\\\n".join(lines),
        quoted=", ".join(map(repr, lines)),
        ended="\n".join(repr(line + "\n") for line in lines),
        added=" + ".join(repr(line + "\n") for line in lines),
        commented="\n".join("# " + line for line in lines),
    )
    path = write_notebook(tmp_path, source, "result = 2")
    assert secret_of(check_notebook(path)).outcome is Outcome.FINDING
    nothing_said(path, *lines[1:-1])
    packaged(path, tmp_path / "package")
    nothing_written(tmp_path / "package", *lines[1:-1])


def test_a_key_in_several_lines_that_was_printed(tmp_path: Path) -> None:
    lines = private_key(random.Random(3))
    place = Place(("n = 1",), outputs=(stream("\n".join(lines)),))
    assert secret_of(check_notebook(planted(tmp_path, place, ""))).outcome is Outcome.FINDING


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_none_is_left_alone(name: str, tmp_path: Path) -> None:
    path = planted(tmp_path, HARMLESS[name], "")
    assert secret_of(check_notebook(path)).outcome is Outcome.OK
    plan = plan_notebook(path)
    assert not plan.secrets
    written = packaged(path, tmp_path / "package")[1]
    assert not any("***" in text for file, text in written.files.items() if name != "stars")


def test_words_of_programs_are_no_keys() -> None:
    from mlee_jupyter.convert.secrets.secret_words import named

    words = sorted(
        {w for n in sys.stdlib_module_names if n[0] != "_" for w in (n, f"{n}_version_2", f"my_{n}_column", f"{n}.txt")}
    )
    accused = [w for w in words for name in ("api_key", "token", "client_secret") if named(w, name)]
    assert len(accused) < 3 * len(words) * 0.005, accused


@pytest.mark.parametrize(
    "name", ["password_length", "token_count", "primary_key", "sort_key", "keyboard", "author", "compass"]
)
def test_a_name_that_only_sounds_so_says_nothing(name: str) -> None:
    from mlee_jupyter.convert.secrets.secret_words import called

    assert not called(name)


def test_with_a_proof_nothing_is_written_or_said_and_the_values_are_the_same(tmp_path: Path) -> None:
    draw = random.Random(1)
    secrets: list[str] = []
    cells: list[str] = []
    for name in IN_CODE:
        place = PLACES[name]
        if any(c.startswith(SHELL) for c in place.cells) or name in ("compared", "over cells"):
            continue
        secrets.append(mixed(draw))
        cells += [filled(c, secrets[-1]) for c in place.cells]
    path = write_notebook(tmp_path, *cells, "result = len(api_key) + len(url)\nprint(api_key, url)\nresult")
    outcome = package(path, tmp_path / "package")
    assert outcome.verdict is Sameness.IDENTICAL, outcome_lines(outcome)
    nothing_written(tmp_path / "package", *secrets)
    nothing_said(path, *secrets)
    said = json.dumps(package_value(outcome)) + "\n".join(outcome_lines(outcome))
    assert not [s for s in secrets if remains(s, said)]
    assert "os.environ" in "".join(f.read_text() for f in (tmp_path / "package" / "src").rglob("*.py"))


def test_a_failing_cell_does_not_say_the_secret(tmp_path: Path) -> None:
    from mlee_jupyter.domain.errors import MleeError

    secret = mixed(random.Random(2))
    path = write_notebook(tmp_path, f"api_key = '{secret}'", "raise ValueError('x' * 280 + api_key)")
    with pytest.raises(MleeError) as refusal:
        package(path, tmp_path / "package")
    assert not remains(secret, str(refusal.value))


def test_a_secret_becomes_one_variable_named_in_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = mixed(random.Random(4))
    path = write_notebook(tmp_path, f"password = '{secret}'\nagain = '{secret}'", "n = len(password + again)")
    plan = plan_notebook(path)
    assert [s.variable for s in plan.secrets] == ["NB_PASSWORD"]
    package(path, tmp_path / "package", run=False)
    assert "NB_PASSWORD" in (tmp_path / "package" / "README.md").read_text("utf-8")
    monkeypatch.setattr("mlee_jupyter.convert.secrets.secret_places._variable", lambda *_: "NB_PASSWORD")
    monkeypatch.setenv("NB_PASSWORD", secret)
    _, original, found = both(path, tmp_path / "again")
    assert found["n"] == original["n"] == 2 * len(secret)


@pytest.mark.parametrize("spelling", ['os.getenv("SOME_KEY", "{S}")', 'os.getenv("SOME_KEY") or "{S}"'])
def test_a_default_becomes_the_variable_it_is_a_default_of(spelling: str, tmp_path: Path) -> None:
    secret = mixed(random.Random(5))
    path = write_notebook(tmp_path, f"import os\napi_key = {spelling.format(S=secret)}", "n = len(api_key)")
    plan, written = packaged(path, tmp_path / "package")
    assert [s.variable for s in plan.secrets] == ["SOME_KEY"]
    assert plan.environment == {"SOME_KEY": secret}
    assert 'api_key = os.environ["SOME_KEY"]' in "".join(written.files.values())


def test_an_everyday_default_stays(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "import os\nmode = os.getenv('MODE', 'fast')\npassword = os.getenv('PW', '')")
    plan, written = packaged(path, tmp_path / "package")
    assert not plan.secrets
    assert "'fast'" in "".join(written.files.values())


ENVIRONMENT = """import os
import base64
word = os.environ['DB_PASSWORD']
config = {'user': 'ann', 'password': word, 'rows': 3}
url = f'postgresql://ann:{word}@db.firm.net/x'
letters = list(word)
keyed = {word: 1}
nested = [[1, {'a': ('b', word)}]]
setting = os.getenv('SOME_SETTING')
long = 'x' * 30 + setting
pin = int(os.environ['SOME_PIN'])
print(word, setting, url)"""


def test_values_of_the_environment_are_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(6)
    hidden = {"DB_PASSWORD": mixed(draw), "SOME_SETTING": "north sea 77", "SOME_PIN": "83920175"}
    for name, value in hidden.items():
        monkeypatch.setenv(name, value)
    cells = [
        ENVIRONMENT,
        "def short(text):\n    return text[:3]\nshown = short(word)\nother = short('abc')",
        "names = ['Alice', 'Bob']\ntitle = 'About Alice'\nscore = 0.5\ncounts = {'a': 1, 'b': 2}\nprint(title)",
    ]
    results = (
        "config",
        "url",
        "letters",
        "keyed",
        "nested",
        "setting",
        "long",
        "pin",
        "shown",
        "other",
        "names",
        "title",
        "score",
        "counts",
    )
    outcome = package(write_notebook(tmp_path, *cells), tmp_path / "package", keep_variables=results)
    assert outcome.verdict is Sameness.IDENTICAL, outcome_lines(outcome)
    nothing_written(tmp_path / "package", *hidden.values())
    golden = json.loads((tmp_path / "package" / "tests" / "golden.json").read_text("utf-8"))["results"]
    assert golden["score"] == 0.5
    assert golden["counts"] == {"a": 1, "b": 2}
    assert texts_in({n: golden[n] for n in ("names", "title", "other")}) <= {"sha256"}
    assert not {"config", "url", "letters", "keyed", "nested", "setting", "long", "pin"} & golden.keys()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "."],
        cwd=tmp_path / "package", capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def texts_in(told: Any) -> set[str]:
    """The first words of the texts in a golden value."""
    if isinstance(told, Mapping):
        return {t for v in told.values() for t in texts_in(v)}
    if isinstance(told, list):
        return {t for v in told for t in texts_in(v)}
    return {told.partition(" ")[0]} if isinstance(told, str) else set()


def test_another_text_is_noticed_by_the_package_s_tests(tmp_path: Path) -> None:
    package(
        write_notebook(tmp_path, "title = 'About Alice'\nscore = 0.5\nprint(title, score)"),
        tmp_path / "package",
        keep_variables=("title", "score"),
    )
    module = next(f for f in (tmp_path / "package").rglob("*.py") if "About Alice" in f.read_text("utf-8"))
    module.write_text(module.read_text("utf-8").replace("About Alice", "About Bob"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "."],
        cwd=tmp_path / "package", capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert "sha256" in done.stdout


def test_every_secret_is_told_once_by_cell_and_line(tmp_path: Path) -> None:
    """Several in one notebook, two in a cell, one twice: each place once, in order."""
    keys = [f"AKIA{random.Random(seed).randbytes(8).hex().upper()}" for seed in range(4)]
    cells = (
        f"a = 1\none = '{keys[3]}'",
        f"#md the key is {keys[1]}",
        f"two = '{keys[0]}'\n\nthree = '{keys[2]}'  # {keys[2]}",
        f"one = '{keys[3]}'",
    )
    found = secrets_of(read_facts(write_notebook(tmp_path, *cells)))
    places = [(1, 2, keys[3]), (2, 1, keys[1]), (3, 1, keys[0]), (3, 3, keys[2]), (4, 1, keys[3])]
    assert [(f.cell, f.line, f.text) for f in found] == places
