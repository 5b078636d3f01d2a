"""The odometer: what counts as a look, which looks were fixed beforehand, and that none is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pytest
from sqlalchemy import text

from mlee_jupyter.domain import Charter, Measured, RunOutcome, Truth
from mlee_jupyter.store import Store, open_store

from .makers import ANSWERS, NOON, TRUTH, measured, minutes, recording, start
from .test_migrations import make_old
from .test_moving import told


def guess(number: int) -> Measured:
    """Answers that nobody else gives."""
    return measured(np.roll(ANSWERS, number) * (number + 1))


def look(
    store: Store,
    number: int,
    candidate: str = "a",
    experiment: str = "shelf",
    at: datetime | None = None,
    results: Sequence[Measured] | None = None,
    **changed: object,
) -> int:
    """One record of answers of their own, begun at its own minute."""
    given = results if results is not None else [guess(number)]
    begun = NOON + minutes(1 + number) if at is None else at
    made = recording(candidate, *given, started_at=begun, variant_key=f"key {number}", **changed)
    return store.record(experiment, made, TRUTH)


def steered(store: Store) -> list[bool]:
    return [one.steered for one in store.looks_at(TRUTH.fingerprint)]


def test_the_same_answers_are_no_new_look_whoever_gives_them(store: Store) -> None:
    for name in ("shelf", "second"):
        start(store, name, charter=Charter())
        look(store, 1, experiment=name)
        look(store, 1, "another", experiment=name)
        look(store, 2, experiment=name)
    assert store.looks(TRUTH.fingerprint) == 2
    assert [one.experiment for one in store.looks_at(TRUTH.fingerprint)] == ["shelf", "shelf"]
    assert store.looks("unknown") == 0


def test_what_measured_nothing_is_no_look(store: Store) -> None:
    start(store)
    store.record("shelf", recording("knn", outcome=RunOutcome.ERROR, error="E", measured=()))
    store.record("shelf", recording("knn", measured(truth=None)))
    assert store.looks(TRUTH.fingerprint) == 0


def test_a_look_cannot_be_unseen(store: Store) -> None:
    start(store, charter=Charter())
    run = look(store, 1, "knn", notebook="n.ipynb")
    look(store, 2, "svm", notebook="m.ipynb")
    store.withdraw_run("shelf", run, "wrong", NOON)
    store.delete_candidate("shelf", "svm", "gone", NOON)
    assert store.looks(TRUTH.fingerprint) == 2
    store.delete_experiment("shelf", "gone", NOON)
    seen = store.looks_at(TRUTH.fingerprint)
    assert [one.experiment for one in seen] == [None, None]
    assert len({one.notebook for one in seen}) == 2
    assert not any("ipynb" in (one.notebook or "") for one in seen), "a hash of the path, not the path"
    start(store, charter=Charter())  # the same name and perhaps the same number: it has looked at nothing
    assert [one.experiment for one in store.looks_at(TRUTH.fingerprint)] == [None, None]
    look(store, 1, "knn")
    assert store.looks(TRUTH.fingerprint) == 2


def test_the_first_hand_over_is_fixed_and_what_follows_is_steered(store: Store) -> None:
    start(store, charter=Charter())
    for number in (1, 2, 3):
        look(store, number, at=NOON, kernel="k1")  # one cell
    look(store, 4, kernel="k1")
    look(store, 5, at=NOON, kernel="k2")  # another kernel, at the very same moment
    assert steered(store) == [False, False, False, True, True]


def test_a_planned_candidates_first_look_is_fixed(store: Store) -> None:
    start(store, charter=Charter(candidates=("knn", "svm")))
    for number, name in enumerate(("other", "knn", "knn", "svm", "forest")):
        look(store, number, name)
    assert steered(store) == [False, False, True, False, True]


def test_only_one_of_many_variants_was_planned(store: Store) -> None:
    start(store, charter=Charter(candidates=("svm",)))
    look(store, 0, "other")
    look(store, 1, "svm", results=[guess(1), guess(2), guess(3)])
    assert steered(store) == [False, False, True, True]


def test_a_plan_made_after_the_first_look_does_not_count(store: Store) -> None:
    start(store, charter=Charter(candidates=("knn",)))
    look(store, 1, "knn")
    store.change_charter("shelf", Charter(candidates=("knn", "svm")), "later", NOON + minutes(30))
    look(store, 40, "svm")
    assert steered(store) == [False, True]


def test_a_plan_of_another_experiment_does_not_count(store: Store) -> None:
    start(store, charter=Charter(candidates=("svm",)))
    start(store, "second", charter=Charter())
    look(store, 1, "knn")
    look(store, 2, "svm", "second")
    assert steered(store) == [False, True]


def test_a_failed_run_uses_no_plan_up(store: Store) -> None:
    start(store, charter=Charter(candidates=("svm",)))
    look(store, 1, "knn")
    look(store, 2, "svm", results=[], outcome=RunOutcome.ERROR, measured=())
    look(store, 3, "svm")
    assert steered(store) == [False, False]


def test_looks_travel_with_their_experiment(store: Store) -> None:
    start(store, charter=Charter(candidates=("svm",)))
    for number, name in enumerate(("knn", "svm", "forest")):
        look(store, number, name)
    store.delete_candidate("shelf", "forest", "gone", NOON)
    document = told(store)
    with open_store(":memory:") as other:
        other.import_(document, rename=False)
        assert steered(other) == [False, False, True]
        assert other.import_(document, rename=True) == []
    del document["experiments"][0]["looks"], document["experiments"][0]["fresh"]  # as an older version wrote it
    with open_store(":memory:") as other:
        other.import_(document, rename=False)
        assert steered(other) == [False, True]


def test_an_old_stores_looks_are_counted_when_it_is_lifted(place: str) -> None:
    database = make_old(place, 1)
    plan = '{"candidates":["svm"]}'
    with database.writing() as connection:
        for statement in (
            "INSERT INTO mlee_experiment (id, name, opened_us) VALUES (1, 'shelf', 0)",
            f"INSERT INTO mlee_charter (experiment_id, version, charter, at_us) VALUES (1, 1, '{plan}', 0)",
            *(
                f"INSERT INTO mlee_candidate (id, experiment_id, name, state, planned) VALUES ({i}, 1, '{n}', 'active',"
                " '0')"
                for i, n in enumerate(("knn", "svm", "forest"), 1)
            ),
            *(
                f"INSERT INTO mlee_variant (id, candidate_id, variant_key, label) VALUES ({i}, {i}, 'k', 'l')"
                for i in (1, 2, 3)
            ),
            *(
                "INSERT INTO mlee_run (id, experiment_id, variant_id, outcome, started_us, duration_us, kernel,"
                f" notebook) VALUES ({i}, 1, {v}, 'ok', {5 + i}, 1, 'k1', 'n.ipynb')"
                for i, v in ((1, 1), (2, 2), (3, 2), (4, 3), (5, 3))
            ),
            *(
                'INSERT INTO mlee_result (run_id, metric, kind, value, n, truth, "array")'
                f" VALUES ({i}, 'accuracy', 'predictions', 0.9, 360, '{TRUTH.fingerprint}', 'a{a}')"
                for i, a in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 4))
            ),
            "INSERT INTO mlee_result (run_id, metric, kind, value) VALUES (5, 'score', 'number', 0.9)",
        ):
            connection.execute(text(statement))
    database.close()
    with open_store(place, fallback=False) as store:
        assert store.looks(TRUTH.fingerprint) == 4
        assert steered(store) == [False, False, True, True]
        assert {one.experiment for one in store.looks_at(TRUTH.fingerprint)} == {"shelf"}


def test_only_new_looks_are_read_again(store: Store) -> None:
    start(store)
    look(store, 1)
    (first,) = store.looks_at(TRUTH.fingerprint)
    look(store, 2)
    assert [one.number for one in store.looks_at(TRUTH.fingerprint, first.number)] == [first.number + 1]


@pytest.mark.parametrize("other", ["o" * 300, "x\0y"])
def test_odd_fingerprints_are_counted_too(store: Store, other: str) -> None:
    start(store)
    store.record(
        "shelf", recording("knn", measured(truth=other)), Truth(fingerprint=other, name="y", n=360, kind="labels")
    )
    assert store.looks(other) == 1


def test_what_was_written_before_the_first_score_is_fixed(store: Store) -> None:
    """A further candidate of the same cell, a cell that was queued, a script."""
    start(store, charter=Charter())
    for number, name in enumerate("abc"):
        look(store, number, name, written_at=NOON + minutes(1))
    look(store, 3, "late", written_at=NOON + minutes(1.1))
    look(store, 4, "unknown")
    assert steered(store) == [False, False, False, True, True]


def test_of_a_candidate_written_in_time_the_first_look_is_fixed(store: Store) -> None:
    """A loop over settings is steered, by whoever chooses the next one."""
    start(store, charter=Charter())
    for number, name in enumerate("aabb"):
        look(store, number, name, written_at=NOON)
    assert steered(store) == [False, True, False, True]


def test_of_one_run_one_look_was_written(store: Store) -> None:
    start(store, charter=Charter())
    look(store, 1, "a")
    look(store, 2, "b", results=[guess(5), guess(6)], written_at=NOON)
    assert steered(store) == [False, False, True]
