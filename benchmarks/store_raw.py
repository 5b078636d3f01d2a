"""The yardstick: the store's own tables, written and read with nothing but sqlite3 at the same durability."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from typing import Any

RESULTS = (
    "SELECT r.id, c.name, v.id, v.label, r.outcome, r.started_us, r.duration_us, r.stage, r.answer_seconds, s.metric,"
    " s.kind, s.value, s.n, s.truth, s.array, s.df, s.claimed, s.note, r.tags FROM mlee_run r JOIN mlee_variant v"
    " ON v.id = r.variant_id JOIN mlee_candidate c ON c.id = v.candidate_id LEFT JOIN mlee_result s ON s.run_id = r.id"
    " WHERE r.experiment_id = 1 AND r.withdrawn_us IS NULL ORDER BY r.id, s.id"
)


def connect(place: str, synchronous: str = "FULL") -> sqlite3.Connection:
    connection = sqlite3.connect(place, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def copy_tables(connection: sqlite3.Connection, like: str) -> None:
    """The same tables and indices as in another store."""
    with sqlite3.connect(like) as other:
        for (statement,) in other.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
            connection.execute(statement)
    other.close()


def begin(connection: sqlite3.Connection) -> None:
    """One experiment with one candidate."""
    connection.execute("INSERT INTO mlee_experiment (id, name, opened_us) VALUES (1, 'shelf', 0)")
    connection.execute(
        "INSERT INTO mlee_candidate (id, experiment_id, name, state, planned) VALUES (1, 1, 'knn', 'active', 0)"
    )


def record(connection: sqlite3.Connection, number: int, rows: bytes, source: str, settings: Sequence[str]) -> None:
    """One run of a new variant with one result and its array: what the store writes, in one transaction."""
    kept, code = hashlib.sha256(rows).hexdigest(), hashlib.sha256(source.encode()).hexdigest()
    connection.execute("BEGIN IMMEDIATE")
    variant = connection.execute(
        "INSERT INTO mlee_variant (candidate_id, variant_key, label) VALUES (1, ?, ?)", (f"key {number}", f"v{number}")
    ).lastrowid
    connection.execute(
        "INSERT INTO mlee_source (hash, code) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING", (code, source)
    )
    run = connection.execute(
        "INSERT INTO mlee_run (experiment_id, variant_id, outcome, started_us, duration_us, source, source_hash, tags,"
        " note, kernel, notebook) VALUES (1, ?, 'ok', ?, 2000000, ?, ?, ?, 'a note', 'k1', 'n.ipynb')",
        (variant, number, code, code, json.dumps(settings)),
    ).lastrowid
    connection.execute(
        "INSERT INTO mlee_array (hash, content) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING", (kept, rows)
    )
    connection.execute(
        "INSERT INTO mlee_result (run_id, metric, kind, value, n, truth, array)"
        " VALUES (?, 'accuracy', 'predictions', 0.9, 360, ?, ?)",
        (run, "f" * 64, kept),
    )
    connection.execute("COMMIT")


def board(connection: sqlite3.Connection) -> list[Any]:
    """What a board reads."""
    return connection.execute(RESULTS).fetchall()
