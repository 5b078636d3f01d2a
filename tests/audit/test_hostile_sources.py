"""Damaged, hostile and half-meant sources: one clear line each, and nothing is run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlee_jupyter.bridges.addresses import without_password
from mlee_jupyter.cli import main

from .asking import refused, says, told

FILES = {
    "empty.csv": b"",
    "head.csv": b"model,accuracy\n",
    "zeros.parquet": bytes(400),
    "cut.json": b'{"model": ["a", "b"',
    "deep.json": b"[" * 100_000,
    "number.json": b"3",
    "text.json": b'["a", "b"]',
    "uneven.json": b'{"a": [1, 2], "b": [1]}',
    "latin.csv": "modèle,accuracy\nà,0.5\n".encode("latin-1"),
    "binary.csv": bytes(range(256)) * 20,
    "words.csv": b"model,accuracy\na,good\nb,bad\n",
    "ragged.csv": b"a,b\n1,2\n1,2,3,4,5\n",
    "model.pkl": b"cos\nsystem\n(S'touch hacked'\ntR.",
    "model.joblib": b"",
    "notes.txt": b"svm is best",
}


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(FILES[name])
    refused(capsys, tmp_path / name, "--rows", 100)
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize(
    ("source", "says_"),
    [
        ("absent.csv", "There is no file"),
        ("a\0b.csv", ""),
        ("mlflow:sqlite:///", "There is no file"),
        ("mlflow:sqlite:////absent/x.db", "There is no file"),
        ("optuna:", "Which storage?"),
        ("optuna:absent.log", "There is no file"),
        ("optuna:nosuch://host/x", "Optuna cannot read"),
        ("sqlite:///x.db", "Write mlflow:sqlite:///x.db or optuna:sqlite:///x.db"),
        ("postgresql://me:hunter2@host/x", "me:***@host"),
    ],
)
def test_a_source_that_is_not_there(source: str, says_: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, source)
    assert says_ in said
    assert "hunter2" not in said
    assert sorted(path.name for path in project.iterdir()) == ["pyproject.toml"]  # nothing was made


def table(tmp_path: Path, **columns: object) -> Path:
    pd.DataFrame(columns).to_csv(tmp_path / "runs.csv", index=False)
    return tmp_path / "runs.csv"


def test_what_cannot_be_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = table(tmp_path, model=["a", "b"], accuracy=[91.2, 90.1])
    assert "--percent" in refused(capsys, file, "--rows", 1000)
    assert told(capsys, file, "--rows", 1000, "--percent")["best_score"] == pytest.approx(0.912)
    file = table(tmp_path, model=["a", "b"], accuracy=[0.9123, 0.9])
    assert "no share of 10 rows" in str(told(capsys, file, "--rows", 10)["rows"])
    assert "no number of rows" in refused(capsys, file, "--rows", 0)
    assert "write 0.02" in refused(capsys, file, "--rows", 10, "--useful-gain", 2)
    assert "is not 0 or more" in refused(capsys, file, "--useful-gain", "nan")
    assert "Did you mean accuracy?" in refused(capsys, file, "--score", "acuracy")
    assert "better the higher" in refused(capsys, file, "--lower-is-better")
    assert "no log loss" in refused(capsys, table(tmp_path, model=["a", "b"], log_loss=[-0.5, 0.4]))
    assert "Several numbers may be accuracy" in refused(
        capsys, table(tmp_path, model=["a"], test_accuracy=[0.9], val_accuracy=[0.8]), "--metric", "accuracy"
    )
    assert "--metric" in refused(capsys, table(tmp_path, model=["a"], quality=[0.95]))
    assert "None of the 1 rows has a score (failed)" in refused(
        capsys, table(tmp_path, model=["a"], state=["failed"], accuracy=[0.9])
    )


def test_names_from_strangers_stay_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["<script>alert(1)</script>", "\x1b[31mred\x1b[0m", "a\nb", "\u202egnp.exe", "x" * 5000]
    file = table(tmp_path, model=names, accuracy=[0.9, 0.8, 0.7, 0.6, 0.5])
    for form in ("text", "html", "json"):
        code, out, err = says(capsys, file, "--rows", 100, "--format", form)
        assert code == 0, err
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert form == "json" or "<script>" not in out or form == "text"
        assert form != "text" or all(len(line) <= 100 for line in out.splitlines())


def test_passwords_are_stars() -> None:
    assert (
        without_password("postgresql://me:pw@host/x?password=pw&a=b") == "postgresql://me:***@host/x?password=***&a=b"
    )
    assert without_password("http://me:p%40w@host and x://a:b@c") == "http://me:***@host and x://a:***@c"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)),
    ending=st.sampled_from(["csv", "json", "parquet", "tsv"]),
)
def test_any_bytes_are_one_line_or_an_answer(
    content: bytes, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"any.{ending}"
    file.write_bytes(content)
    capsys.readouterr()
    code = main.main(["audit", str(file), "--rows", "100"])
    said = capsys.readouterr()
    assert code in (0, 2), said.err
    assert code == 0 or len(said.err.strip().splitlines()) == 1, said.err


CELLS = st.one_of(st.floats(), st.integers(-5, 200), st.text(max_size=8), st.none(), st.booleans())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    columns=st.dictionaries(
        st.sampled_from(
            ["model", "accuracy", "test_auc", "rmse", "truth", "params", "split0_test_accuracy", "id", "x"]
        ),
        st.lists(CELLS, min_size=4, max_size=4),
        min_size=1,
    ),
    more=st.sampled_from([[], ["--metric", "accuracy"], ["--metric", "rmse"], ["--score", "x", "--metric", "f1"]]),
)
def test_any_table_is_one_line_or_an_answer(
    columns: dict[str, list[object]], more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "any.csv"
    file.write_bytes(pd.DataFrame(columns).to_csv(index=False).encode("utf-8", "replace"))
    capsys.readouterr()
    code = main.main(["audit", str(file), "--rows", "100", *more])
    said = capsys.readouterr()
    assert code in (0, 2), said.err
    assert code == 0 or len(said.err.strip().splitlines()) == 1, said.err
