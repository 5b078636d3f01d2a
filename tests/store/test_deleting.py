"""Deleted is deleted: looked for in the bytes of the file, not only in the tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlee_jupyter.domain import CandidateState, Charter, Measured, Recording, ResultKind, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.store import Store, open_store

from .makers import ANSWERS, NOON, TRUTH, measured, recording, span, start

SECRET_ANSWERS = np.random.default_rng(7).random(300)
SECRET_GUESSES = np.random.default_rng(8).random(300)
SECRET_TRUTH = Truth(fingerprint="s" * 64, name="salaries", n=300, kind="numbers", rows=SECRET_ANSWERS)


def on_disk(place: str) -> bytes:
    """Every byte that the store has on disk, its log included."""
    return b"".join(file.read_bytes() for file in Path(place).parent.iterdir() if file.name != ".gitignore")


def secret_recording(candidate: str) -> Recording:
    return recording(
        candidate,
        measured(SECRET_GUESSES, truth=SECRET_TRUTH.fingerprint, note="private note"),
        source="read('private.csv')",
    )


TRACES_OF_SECRETS = (SECRET_ANSWERS[100:110].tobytes(), SECRET_GUESSES[:10].tobytes(), b"private.csv", b"private note")


def test_an_experiment_is_deleted_for_good(store: Store) -> None:
    start(store, "kept")
    store.record("kept", recording(), TRUTH)
    start(store, "gone", charter=Charter(question="private question"))
    store.record("gone", secret_recording("knn"), SECRET_TRUTH)
    store.record("gone", recording("shares the other's truth"), TRUTH)
    assert store.delete_experiment("gone", "asked to", NOON) is None
    assert [e.name for e in store.experiments()] == ["kept"]
    assert [(t.what, t.subject, t.because) for t in store.trace()] == [("delete experiment", "gone", "asked to")]
    assert store.truth_rows(SECRET_TRUTH.fingerprint) is None
    kept = store.truth_rows(TRUTH.fingerprint)
    assert kept is not None
    np.testing.assert_array_equal(kept, ANSWERS)
    assert len(store.export()["arrays"]) == 1
    assert store.export()["sources"] == {}
    with pytest.raises(MleeError, match="no experiment"):
        store.delete_experiment("gone", None, NOON)


def test_a_candidate_is_deleted_for_good(store: Store) -> None:
    start(store)
    store.record("shelf", secret_recording("knn"), SECRET_TRUTH)
    store.record("shelf", recording("svm"), TRUTH)
    store.put_spans("shelf", [span(0, 1, "knn"), span(2, 3, "svm")])
    store.decide("shelf", "knn", "best", NOON)
    store.delete_candidate("shelf", "knn", "asked to", NOON)
    records = store.records("shelf")
    assert [c.name for c in records.candidates] == ["svm"]
    assert [s.candidate for s in records.spans] == [None, "svm"]  # the time is spent all the same
    assert records.experiment.decision is None
    assert set(records.truths) == {TRUTH.fingerprint}
    assert store.truth_rows(SECRET_TRUTH.fingerprint) is None
    assert [(t.what, t.subject) for t in records.trace] == [("decide", "shelf"), ("delete candidate", "knn")]
    with pytest.raises(MleeError, match="no candidate"):
        store.delete_candidate("shelf", "knn", None, NOON)


def test_what_was_told_of_a_candidate_goes_with_it(store: Store) -> None:
    start(store)
    for name in ("patient 7", "svm", "old"):
        store.record("shelf", recording(name), TRUTH)
    store.set_candidate("shelf", "patient 7", state=CandidateState.PARKED, because="of patient 7", at=NOON)
    store.rename_candidate("shelf", "patient 7", "k9", "she asked", NOON)
    store.rename_candidate("shelf", "old", "patient 7", None, NOON)  # another one of that name
    store.set_candidate("shelf", "patient 7", state=CandidateState.DROPPED, because="too slow", at=NOON)
    store.set_candidate("shelf", "svm", state=CandidateState.PARKED, because="later", at=NOON)
    store.delete_candidate("shelf", "k9", None, NOON)
    assert [(t.what, t.subject, t.because) for t in store.records("shelf").trace] == [
        ("rename candidate", "patient 7", None),
        ("candidate dropped", "patient 7", "too slow"),
        ("candidate parked", "svm", "later"),
        ("delete candidate", "k9", None),
    ]


@pytest.mark.parametrize("what", ["experiment", "candidate"])
def test_no_byte_of_it_stays_on_disk(file_place: str, what: str) -> None:
    with open_store(file_place, fallback=False) as store, open_store(file_place, fallback=False) as other:
        start(other, "kept")
        start(store)
        for number in range(30):  # several pages, split and joined
            store.record("shelf", recording(f"c{number}", source="x" * 100 * number), TRUTH)
        store.record("shelf", secret_recording("knn"), SECRET_TRUTH)
        other.records("shelf")
        before = on_disk(file_place)
        assert all(secret in before for secret in TRACES_OF_SECRETS)  # the search can find them
        if what == "experiment":
            assert store.delete_experiment("shelf", None, NOON) is None
        else:
            assert store.delete_candidate("shelf", "knn", None, NOON) is None
        after = on_disk(file_place)
        assert [secret for secret in TRACES_OF_SECRETS if secret in after] == []


def test_a_reader_who_holds_the_store_is_said(file_place: str) -> None:
    with open_store(file_place, fallback=False) as store, open_store(file_place, fallback=False) as other:
        start(store)
        store.record("shelf", secret_recording("knn"), SECRET_TRUTH)
        store._database.patience = 0.05
        with other._database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM mlee_run").fetchone()
            said = store.delete_experiment("shelf", None, NOON)
        assert said is not None
        assert "another program" in said
        assert store.experiments() == ()


def test_what_the_statistics_need_is_not_what_a_person_said(file_place: str) -> None:
    """`store_rows = false`: influence values and a truth without rows."""
    with open_store(file_place, fallback=False) as store:
        start(store)
        influence = (SECRET_GUESSES - SECRET_ANSWERS) ** 2
        result = Measured(
            metric="mse",
            kind=ResultKind.INFLUENCE,
            value=float(influence.mean()),
            n=300,
            truth=SECRET_TRUTH.fingerprint,
            rows=influence,
            df=299.0,
        )
        bare = Truth(fingerprint=SECRET_TRUTH.fingerprint, name="salaries", n=300, kind="numbers")
        store.record("shelf", recording("knn", result), bare)
        after = on_disk(file_place)
        assert influence[:10].tobytes() in after
        assert SECRET_ANSWERS[100:110].tobytes() not in after
        assert SECRET_GUESSES[:10].tobytes() not in after
        assert store.truth_rows(SECRET_TRUTH.fingerprint) is None
        assert store.records("shelf").results[0].df == 299.0
