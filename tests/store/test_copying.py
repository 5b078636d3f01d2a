"""A whole store goes from SQLite to PostgreSQL and back: what both export is the same to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.verbs.records.move import move_to
from mlee_jupyter.store import Store, open_store
from mlee_jupyter.store.tables import schema

from .makers import NOON, TRUTH, recording, start
from .test_moving import fill


def exported(store: Store) -> str:
    return json.dumps(store.export())


def counts(store: Store) -> dict[str, int]:
    """Rows of every table, those of no experiment as well."""
    with store._reading() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in schema.metadata.sorted_tables
        }


@pytest.fixture
def full(tmp_path: Path) -> Store:
    """A store with something in every table, and with looks of an experiment that is gone."""
    store = open_store(str(tmp_path / "first.db"), fallback=False)
    fill(store, "gone")
    fill(store, "first")
    fill(store)
    store.delete_experiment("gone", "asked to", NOON)
    return store


def test_there_and_back_nothing_is_lost(full: Store, server_place: str, tmp_path: Path) -> None:
    before, rows = exported(full), counts(full)
    assert rows["mlee_look"] > 0
    with open_store(server_place, fallback=False) as server:
        full.copy_to(server)
        assert exported(server) == before
        assert counts(server) == rows
        assert server.looks(TRUTH.fingerprint) == full.looks(TRUTH.fingerprint)
        with open_store(str(tmp_path / "back.db"), fallback=False) as back:
            server.copy_to(back)
            assert exported(back) == before
            assert counts(back) == rows
        start(server, "afterwards")  # the server's own numbers go on behind the copied ones
        server.record("afterwards", recording("knn"), TRUTH)
        server.record("shelf", recording("svm", variant_key="new", variant="new"), TRUTH)
    assert exported(full) == before


def test_what_is_not_empty_is_left_as_it_is(full: Store, tmp_path: Path) -> None:
    with open_store(str(tmp_path / "other.db"), fallback=False) as other:
        start(other, "mine")
        before = exported(other)
        with pytest.raises(MleeError, match="There are experiments in that store already"):
            full.copy_to(other)
        assert exported(other) == before


def test_what_arrives_changed_is_not_kept(full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlee_jupyter.store.io import copying

    def lossy(source: object, target: object) -> None:
        copy_all(source, target)  # type: ignore[arg-type]
        target.execute(schema.span.delete())  # type: ignore[attr-defined]

    copy_all = copying.copy_all
    monkeypatch.setattr(copying, "copy_all", lossy)
    with open_store(str(tmp_path / "other.db"), fallback=False) as other:
        with pytest.raises(MleeError, match="first arrived changed"):
            full.copy_to(other)
        assert other.experiments() == ()


def test_the_verb_says_what_it_did_and_no_password(alone: None, tmp_path: Path) -> None:
    from mlee_jupyter.session import current

    here = current.session()
    here.start("shelf")
    said = move_to(here, str(tmp_path / "team.db"))
    assert said[0] == f"1 experiment copied to {tmp_path / 'team.db'}, and what arrived is the same."
    assert f"export MLEE_STORE={tmp_path / 'team.db'}" in said[1]
    for place, why in (
        (str(tmp_path / "team.db"), "There are experiments in that store already"),
        (here.store.location, "is this store"),
        ("postgresql://ann:s3cret@db/mlee", "A password in a command"),
        ("mysql://db/mlee", "is not supported"),
    ):
        with pytest.raises(MleeError, match=why) as refusal:
            move_to(here, place)
        assert "s3cret" not in str(refusal.value)
