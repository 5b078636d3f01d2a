"""Secrets never reach a written file, nothing is written outside the folder, and reading never executes anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlee_jupyter.convert import secrets
from mlee_jupyter.convert.package import package, plan_notebook
from mlee_jupyter.errors import MleeError

from .makers import both, write_notebook

# Ten usual shapes, put together here so that no scanner takes this file for a leak.
PLANTED = {
    "aws": "AKIA" + "IOSFODNN7EXAMPLE",
    "github": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "gitlab": "glpat-" + "x9Yz8Wv7Ut6Sr5Qp4On3",
    "slack": "xoxb-" + "123456789012-abcdefGHIJKL",
    "google": "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
    "stripe": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "model": "sk-" + "proj1234567890abcdefGHIJKLMNOP",
    "web token": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N",
    "url": "postgresql://reader:" + "s3cr3tpw" + "@db.example.org:5432/sales",
    "password": "hunter2" + "horse",
}


def test_ten_shapes_leave_none_in_any_written_file(tmp_path: Path) -> None:
    cells = [
        f"#md The key is {PLANTED['aws']} and never tell.",
        f"aws_key = '{PLANTED['aws']}'",
        f"tokens = ['{PLANTED['github']}', \"{PLANTED['gitlab']}\"]",
        f"settings = {{'slack': '{PLANTED['slack']}', 'google': '{PLANTED['google']}'}}",
        f"# old key: {PLANTED['stripe']}\ncharge = '{PLANTED['stripe']}'",
        f"def ask(key='{PLANTED['model']}'):\n    return len(key)\nn = ask()",
        f'header = f"Bearer {PLANTED["web token"]}"',
        f"%env DB={PLANTED['url']}\nurl = '{PLANTED['url']}'",
        f"password = '{PLANTED['password']}'\nlength = len(password)",
        f"!curl -H 'Authorization: Bearer {PLANTED['web token']}' https://example.org",
        "result = len(aws_key) + len(tokens) + len(settings) + len(charge) + len(url) + length + n + len(header)",
    ]
    package(write_notebook(tmp_path, *cells), tmp_path / "package", run=False)
    texts = {p: p.read_text("utf-8") for p in (tmp_path / "package").rglob("*") if p.is_file()}
    assert len(texts) > 8
    for what, secret in PLANTED.items():
        for path, text in texts.items():
            assert secret not in text, f"{what} is in {path.name}"
            assert json.dumps(secret)[1:-1] not in text


def test_a_secret_becomes_an_environment_variable_named_in_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_notebook(tmp_path, f"password = '{PLANTED['password']}'", "n = len(password)")
    plan = plan_notebook(path)
    assert [s.variable for s in plan.secrets] == ["NB_PASSWORD"]
    package(path, tmp_path / "package", run=False)
    assert "NB_PASSWORD" in (tmp_path / "package" / "README.md").read_text("utf-8")
    for name in ("MADE", *plan.environment):
        monkeypatch.setenv(name, PLANTED["password"])
    monkeypatch.setattr("mlee_jupyter.convert.secrets._variable", lambda *_: "NB_PASSWORD")
    _, original, found = both(path, tmp_path / "again")
    assert found["n"] == original["n"] == len(PLANTED["password"])


HARMLESS = {
    "a file": ("train.csv", "path"),
    "a column": ("token", "column"),
    "a placeholder": ("<your key>", "api_key"),
    "a padding": ("<pad>", "pad_token"),
    "prose": ("the password is forgotten", "text"),
    "a hash": ("d41d8cd98f00b204e9800998ecf8427e", "checksum"),
    "a long word": ("sepal_length_sepal_width_petal_length", "name"),
    "a URL": ("https://example.org/data/2024/houses.csv", "url"),
    "a date": ("2024-01-01T00:00:00.000000Z", "when"),
}


@pytest.mark.parametrize(("text", "name"), HARMLESS.values(), ids=HARMLESS)
def test_harmless_text_is_left_alone(text: str, name: str) -> None:
    assert not secrets.judge(text, name)


def test_headings_tags_and_names_stay_inside_the_folder(tmp_path: Path) -> None:
    cells = ["#md # ../../etc/passwd", "#tag mlee:../../../up\nx = 1", "#md ## /root/.ssh\n\n`rm -rf`", "y = x + 1"]
    package(write_notebook(tmp_path, *cells), tmp_path / "a" / "package", run=False)
    outside = [p for p in tmp_path.rglob("*") if p.is_file() and (tmp_path / "a" / "package") not in p.parents]
    assert [p.name for p in outside] == ["nb.ipynb"]


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "x = 1")
    package(path, tmp_path / "package", run=False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for file in (tmp_path / "package" / "src" / "nb").iterdir():
        file.unlink()
    (tmp_path / "package" / "src" / "nb").rmdir()
    (tmp_path / "package" / "src" / "nb").symlink_to(elsewhere)
    with pytest.raises(MleeError, match="is a link"):
        package(path, tmp_path / "package", run=False)
    assert not list(elsewhere.iterdir())


def test_reading_and_writing_never_execute_the_notebook(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    cells = [
        f"open({str(trap)!r}, 'w').write('x')",
        f"!touch {trap}",
        f"import os; os.system('touch {trap}')\nclass A:\n    open({str(trap)!r}, 'w')",
        f"def f(x=open({str(trap)!r}, 'w')):\n    return x\ny = f()",
    ]
    path = write_notebook(tmp_path, *cells)
    (tmp_path / "helper.py").write_text(f"open({str(trap)!r}, 'w')")
    write_notebook(tmp_path, "import helper\nx = helper.x", name="second.ipynb")
    plan_notebook(path)
    package(path, tmp_path / "one", run=False)
    package(tmp_path / "second.ipynb", tmp_path / "two", run=False)
    assert not trap.exists()
