"""From every old schema upward; and a new store has the tables that the migrations would have made."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from mlee_jupyter.domain.errors import StoreError
from mlee_jupyter.store import open_store
from mlee_jupyter.store.io import open_database as opening
from mlee_jupyter.store.io import probing
from mlee_jupyter.store.io.database import Database
from mlee_jupyter.store.io.open_database import create, open_database, url_of
from mlee_jupyter.store.migrations import alembic_lift
from mlee_jupyter.store.migrations.alembic_lift import configuration, upgrade
from mlee_jupyter.store.tables.schema import SCHEMA, metadata

from .makers import TRUTH, recording, start

OLD = range(1, SCHEMA + 1)


def make_old(place: str, schema: int) -> Database:
    """A store as version `schema` of the tables left it."""
    if "://" not in place:
        Path(place).parent.mkdir(exist_ok=True)
    database = Database(url_of(place))
    with database.migrating() as connection:
        upgrade(connection, f"m{schema:03}")
    return database


def test_the_last_migration_is_the_schema() -> None:
    script = ScriptDirectory.from_config(configuration())
    assert script.get_heads() == [f"m{SCHEMA:03}"]
    assert [revision.revision for revision in script.walk_revisions()] == [f"m{n:03}" for n in reversed(OLD)]


def statements(place: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(place)) as connection, connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    connection.close()
    return [(name, " ".join(sql.split())) for name, sql in rows]


def test_a_new_file_is_what_the_migrations_make(tmp_path: Path) -> None:
    migrated, made = str(tmp_path / "migrated.db"), str(tmp_path / "made.db")
    make_old(migrated, SCHEMA).close()
    open_store(made, fallback=False).close()
    assert statements(migrated) == statements(made)


@pytest.mark.parametrize("way", ["made", "migrated"])
def test_both_back_ends_have_the_tables(place: str, way: str) -> None:
    if way == "migrated":
        make_old(place, SCHEMA).close()
    database = open_database(url_of(place))
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "version_table": "mlee_schema"})
        assert compare_metadata(context, metadata) == []
        assert connection.scalar(text("SELECT version_num FROM mlee_schema")) == f"m{SCHEMA:03}"
    database.close()


@pytest.mark.parametrize("schema", OLD)
def test_an_old_store_is_lifted(place: str, schema: int) -> None:
    make_old(place, schema).close()
    with open_store(place, fallback=False) as store:
        start(store)
        store.record("shelf", recording(), TRUTH)
        assert len(store.records("shelf").results) == 1


@pytest.mark.parametrize("schema", OLD)
def test_an_old_store_keeps_what_is_in_it(place: str, schema: int) -> None:
    database = make_old(place, schema)
    with database.migrating() as connection:
        for line in (
            "INSERT INTO mlee_experiment (id, name, opened_us) VALUES (7, 'shelf', 1)",
            "INSERT INTO mlee_charter (experiment_id, version, charter, at_us) VALUES (7, 1, '{}', 1)",
            "INSERT INTO mlee_candidate (id, experiment_id, name, state, planned) VALUES (3, 7, 'k', 'active', false)",
            "INSERT INTO mlee_variant (id, candidate_id, variant_key, label) VALUES (4, 3, 'k', 'default')",
            (
                "INSERT INTO mlee_run (id, experiment_id, variant_id, outcome, started_us, duration_us) "
                "VALUES (5, 7, 4, 'ok', 1, 1)"
            ),
            "INSERT INTO mlee_result (id, run_id, metric, kind, value) VALUES (6, 5, 'accuracy', 'number', 0.9)",
        ):
            connection.execute(text(line))
    database.close()
    with open_store(place, fallback=False) as store:
        (result,) = store.records("shelf").results
    assert (result.candidate, result.variant, result.value) == ("k", "default", 0.9)


def test_a_lift_that_fails_changes_nothing(place: str) -> None:
    database = make_old(place, SCHEMA)

    def lift() -> None:
        with database.migrating() as connection:
            connection.execute(text("CREATE TABLE mlee_new (id INTEGER)"))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        lift()
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "mlee_schema"})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_a_rebuilt_table_does_not_take_its_children_along(file_place: str) -> None:
    with open_store(file_place, fallback=False) as store:
        start(store)
        database = store._database
        with database.migrating() as connection:
            connection.execute(text("CREATE TABLE copy AS SELECT * FROM mlee_experiment"))
            connection.execute(text("DELETE FROM mlee_experiment"))
            connection.execute(text("INSERT INTO mlee_experiment SELECT * FROM copy"))
            connection.execute(text("DROP TABLE copy"))
        assert len(store.records("shelf").candidates) == 2
        store.delete_experiment("shelf", None, start(store, "other").opened_at)  # and after it they go again
        with database.reading() as connection:
            assert connection.scalar(text("SELECT count(*) FROM mlee_candidate WHERE experiment_id = 1")) == 0


def test_creating_twice_at_once_is_not_possible(place: str) -> None:
    with open_store(place, fallback=False) as store:
        with pytest.raises(Exception, match="exists"), store._database.writing() as connection:
            create(connection)
        start(store)


@pytest.mark.parametrize("before", ["new", "current"])
def test_alembic_is_left_alone(file_place: str, before: str) -> None:
    if before == "current":
        open_store(file_place, fallback=False).close()
    program = """
import sys
from mlee_jupyter.store import open_store
open_store(sys.argv[1], fallback=False).close()
print([name for name in ("alembic", "pandas", "scipy", "psycopg", "IPython") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program, file_place], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_sqlalchemy_waits_for_the_store() -> None:
    program = """
import sys, mlee_jupyter, mlee_jupyter.domain
from mlee_jupyter.domain import working_time, errors, settings
print("sqlalchemy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


NEXT = '''"""A step that is still to come."""
import sqlalchemy as sa
from alembic import op

revision = "m{next:03}"
down_revision = "m{schema:03}"


def upgrade():
    op.add_column("mlee_run", sa.Column("mood", sa.Text()))
    op.execute("UPDATE mlee_run SET mood = 'calm'")
'''


def test_the_next_version_lifts_and_this_one_then_refuses(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(place, fallback=False) as store:
        start(store)
        store.record("shelf", recording(), TRUTH)
    future = tmp_path / "migrations"
    shutil.copytree(alembic_lift.HERE, future)
    (future / "versions" / "next.py").write_text(NEXT.format(schema=SCHEMA, next=SCHEMA + 1))
    with monkeypatch.context() as later:
        later.setattr(alembic_lift, "HERE", future)
        later.setattr(opening, "SCHEMA", SCHEMA + 1)
        later.setattr(probing, "SCHEMA", SCHEMA + 1)
        with open_store(place, fallback=False) as store:
            assert len(store.records("shelf").results) == 1
            store.record("shelf", recording(), TRUTH)
            with store._database.reading() as connection:
                moods = connection.scalars(text("SELECT mood FROM mlee_run ORDER BY id")).all()
        assert moods == ["calm", None]
    with pytest.raises(StoreError, match="newer version"):
        open_store(place, fallback=False)
