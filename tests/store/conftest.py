"""Every test that takes `place` or `store` runs on SQLite and on PostgreSQL.

MLEE_TEST_POSTGRES names a server (tests/postgres.sh starts one); without it that half is skipped, or fails where
MLEE_REQUIRE_POSTGRES=1 asks for it. Each test has a schema of its own.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from mlee_jupyter.store import Store, open_store
from mlee_jupyter.store.io.open_database import url_of


@pytest.fixture
def server_place() -> Iterator[str]:
    """The URL of an empty schema on a real server."""
    server = os.environ.get("MLEE_TEST_POSTGRES")
    if not server:
        missing = "MLEE_TEST_POSTGRES names no PostgreSQL server; tests/postgres.sh starts one"
        if os.environ.get("MLEE_REQUIRE_POSTGRES") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(url_of(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    yield f"{server}?options=-csearch_path%3D{name}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


@pytest.fixture
def file_place(tmp_path: Path) -> str:
    return str(tmp_path / ".mlee" / "experiments.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("file_place" if request.param == "sqlite" else "server_place"))


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    with open_store(place, fallback=False) as opened:
        yield opened
