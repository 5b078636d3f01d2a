"""`mlee ab`, `%mlee_ab` and their twins, as a user types them: on files, variables and databases."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from mlee_jupyter.cli.main import main
from tests.conftest import Shell

from .tables import visits

PLANNED = ("ab", "plan", "--baseline", "0.1", "--gain", "0.05", "--design", "looks", "--output", "shop.json")
READ = ("--arm", "arm", "--metric", "bought", "--unit", "user")


def says(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        code = main(arguments)
    except SystemExit as end:  # argparse's own refusal
        code = int(end.code or 0)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture
def shop(project: Path) -> Path:
    table = visits(1_600)
    table["bought"] = table["bought"].astype(int)
    table.to_csv("visits.csv", index=False)
    table.to_csv("visits.tsv", index=False, sep="\t")
    table.to_parquet("visits.parquet")
    with duckdb.connect("shop.duckdb") as database:
        database.register("shown", table)
        database.execute("create table visits as select * from shown")
    return project


def test_a_plan_then_readings_that_are_remembered(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = says(capsys, *PLANNED)
    assert code == 0
    assert "units:" in out
    assert "Kept in shop.json." in out
    told = []
    for table in (
        ("visits.csv",),
        ("visits.tsv",),
        ("visits.parquet",),
        ("visits", "--in", "shop.duckdb"),
        ("main.visits", "--in", "duckdb://shop.duckdb"),
    ):
        code, out, err = says(capsys, "ab", "read", *table, *READ, "--plan", "shop.json")
        assert (code, err) == (0, "")
        told.append(out)
    assert len(set(told)) == 1
    assert "1,600" not in told[0]
    assert '"units": 1600' in (shop / "shop.json").read_text()
    assert (shop / "shop.json").read_text().count('"z"') == 1


def test_broken_arms_end_with_1_and_the_rule(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = visits(1_600)
    table[(table["arm"] == "new") | (table["user"] % 4 != 0)].to_csv("broken.csv")
    code, out, _ = says(capsys, "ab", "read", "broken.csv", *READ)
    assert code == 1
    assert "MLE607" in out
    assert "more" not in out
    (shop / "pyproject.toml").write_text("[tool.mlee.rules.sample-ratio]\noff = true\n")
    code, out, _ = says(capsys, "ab", "read", "broken.csv", *READ)
    assert (code, "more" in out) == (0, True)


def test_a_short_test_is_said_to_be_one(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weeks = ("--units-per-week", "5000", "--weeks", "2")
    _, out, _ = says(capsys, "ab", "plan", "--baseline", "0.1", "--gain", "0.01", *weeks)
    assert "warning MLE606  10,000 units come, 30,000 are needed (6 weeks)" in out


REFUSED = {
    "no table": (("ab", "read"), "TABLE"),
    "no columns": (("ab", "read", "visits.csv"), "--arm and --metric"),
    "no such file": (("ab", "read", "visit.csv", *READ), "There is no file visit.csv"),
    "another kind of file": (("ab", "read", "pyproject.toml", *READ), "no CSV or Parquet file"),
    "an empty file": (("ab", "read", "empty.csv", *READ), "empty.csv cannot be read"),
    "no Parquet": (("ab", "read", "broken.parquet", *READ), "broken.parquet cannot be read"),
    "no database": (("ab", "read", "visits", "--in", "none.duckdb", *READ), "There is no database none.duckdb"),
    "a file that is none": (("ab", "read", "visits", "--in", "visits.csv", *READ), "visits.csv cannot be opened"),
    "no such table": (("ab", "read", "visit", "--in", "shop.duckdb", *READ), "has no table 'visit'"),
    "a statement": (("ab", "read", "visits; drop table visits", "--in", "shop.duckdb", *READ), "has no table"),
    "no server": (("ab", "read", "v", "--in", "postgresql://me:secret@127.0.0.1:1/x", *READ), "cannot be opened"),
    "no scheme": (("ab", "read", "v", "--in", "nosuch://x", *READ), "cannot be opened"),
    "no gain": (("ab", "plan", "--baseline", "0.1"), "A plan needs --gain."),
    "no baseline": (("ab", "plan", "--gain", "0.1"), "A plan needs --baseline."),
    "nothing": (("ab",), "plan|read"),
    "two directions": (("ab", "read", "visits.csv", *READ, "--plan", "x", "--lower-is-better"), "The plan says"),
}


@pytest.mark.parametrize(("typed", "words"), REFUSED.values(), ids=REFUSED)
def test_one_line_says_what_to_type(
    typed: tuple[str, ...], words: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "empty.csv").touch()
    (shop / "broken.parquet").write_bytes(b"PAR1 no")
    code, out, err = says(capsys, *typed)
    assert (code, out) == (2, "")
    assert words in err
    assert "secret" not in err
    assert "Traceback" not in err
    with duckdb.connect("shop.duckdb", read_only=True) as database:
        assert database.execute("select count(*) from visits").fetchone() == (1_600,)


def test_the_magic_reads_variables_and_files(shell: Shell, shop: Path) -> None:
    shell.names["visits"] = visits(1_600)
    out = shell.run("%mlee_ab plan --baseline 0.1 --gain 0.05 --design looks --output shop.json")
    assert "units:" in out
    by_name = shell.run("%mlee_ab read visits --arm arm --metric bought --unit user --plan shop.json")
    assert "bought:" in by_name
    assert shell.run("%mlee_ab read visits.csv --arm arm --metric bought --unit user --plan shop.json") == by_name
    in_database = "%mlee_ab read visits --in shop.duckdb --arm arm --metric bought --unit user --plan shop.json"
    assert shell.run(in_database) == by_name
    assert "Did you mean visits?" in shell.refused("%mlee_ab read visit --arm arm --metric bought")
    assert "--sd does not go with read" in shell.refused("%mlee_ab read visits --sd 3 --arm arm --metric bought")
    assert "neither plan nor read" in shell.refused("%mlee_ab red visits")
    assert "needs TABLE" in shell.refused("%mlee_ab read --arm arm --metric bought")
    assert "%mlee_ab" in shell.refused("%mlee_ab")
    assert "no text" not in shell.refused("%mlee_ab plan --baseline much --gain 1")


def test_help_is_there(shell: Shell) -> None:
    assert "--design" in shell.ipython.find_line_magic("mlee_ab").__self__.mlee_ab.parser.format_help()


def test_tables_of_postgresql_are_read_where_they_are(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = os.environ.get("MLEE_TEST_POSTGRES")
    if not server:
        pytest.skip("MLEE_TEST_POSTGRES names no PostgreSQL server; tests/postgres.sh starts one")
    import sqlalchemy as sa

    engine = sa.create_engine(server.replace("postgresql://", "postgresql+psycopg://"))
    visits(1_600).to_sql("mlee_ab_visits", engine, index=False, if_exists="replace")
    try:
        _, here, _ = says(capsys, "ab", "read", "visits.csv", *READ, "--guard", "spent", "--before", "spent_before")
        there = says(
            capsys,
            "ab",
            "read",
            "mlee_ab_visits",
            "--in",
            server,
            *READ,
            "--guard",
            "spent",
            "--before",
            "spent_before",
        )
        assert there == (0, here, "")
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text("drop table mlee_ab_visits"))
        engine.dispose()
        engine.dispose()
