"""What is recorded comes back, on both back ends."""

from __future__ import annotations

import gc
import threading
from datetime import timedelta

import numpy as np
import pytest

from mlee_jupyter.domain import CandidateState, ResultKind, RunOutcome, Truth
from mlee_jupyter.domain.errors import MleeError, StoreError
from mlee_jupyter.stats.rows.array_codec import content_hash
from mlee_jupyter.store import Store, open_store

from .makers import ANSWERS, NOON, TRUTH, measured, minutes, recording, span, start


def test_a_record_comes_back_as_it_was(store: Store) -> None:
    start(store)
    scores = np.linspace(0, 1, 360, dtype=np.float32)
    first = store.record(
        "shelf",
        recording(
            "knn",
            measured(claimed=0.91, df=358.5, note="n"),
            measured(scores, metric="roc_auc", kind=ResultKind.SCORES, value=float("inf")),
            simplicity=2,
            source="knn.fit(X)",
            stage="development",
            tags=("a", "b"),
            answer_seconds=0.0003,
        ),
        TRUTH,
    )
    second = store.record("shelf", recording("svm", outcome=RunOutcome.ERROR, error="ValueError: x", measured=()))
    records = store.records("shelf")
    one, two, failed = records.results
    assert (one.run_id, two.run_id, failed.run_id) == (first, first, second)
    assert (one.candidate, one.variant, one.outcome, one.stage) == ("knn", "k=3", "ok", "development")
    assert (one.started_us, one.duration_us) == (1777896060123457, 2_000_005)
    assert one.answer_seconds == 0.0003
    assert (one.metric, one.kind, one.value, one.n) == ("accuracy", "predictions", 0.9, 360)
    assert (one.df, one.claimed, one.note, one.truth) == (358.5, 0.91, "n", TRUTH.fingerprint)
    assert (two.metric, two.value) == ("roc_auc", float("inf"))
    assert (failed.candidate, failed.outcome, failed.metric, failed.rows) == ("svm", "error", None, None)
    assert one.rows is not None
    assert two.rows is not None
    np.testing.assert_array_equal(store.rows(one.rows), ANSWERS)
    assert store.rows(two.rows).dtype == np.float32
    assert records.candidates[0].simplicity == 2
    known = records.truths[TRUTH.fingerprint]
    assert (known.rows, known.classes, known.n_classes) == (None, TRUTH.classes, 10)
    kept = store.truth_rows(TRUTH.fingerprint)
    assert kept is not None
    np.testing.assert_array_equal(kept, ANSWERS)


def test_nan_is_nothing_on_both(store: Store) -> None:
    start(store)
    store.record("shelf", recording("knn", measured(value=float("nan"), claimed=np.float64("nan"), df=None)), TRUTH)
    result = store.records("shelf").results[0]
    assert (result.value, result.claimed, result.df) == (None, None, None)


@pytest.mark.parametrize("text", ["a\0b", "lone \ud800 half", "x" * 100_000, "🎉\r\n'\"%s:x", ""], ids=range(5))
def test_any_text_can_be_noted(store: Store, text: str) -> None:
    start(store)
    noted = recording(
        "knn", note=text, error=text, source=text, idea=text, variant=text, variant_key=text, tags=(text,)
    )
    store.record("shelf", noted, TRUTH)
    store.record("shelf", noted, TRUTH)
    first, second = store.records("shelf").results
    assert first.variant_id == second.variant_id
    if text.isprintable():
        assert first.variant == text


def test_labels_may_hold_anything(store: Store) -> None:
    start(store)
    labels = np.array(["a\0", "\ud800", "x" * 10_000, "<b>", ""] * 10, dtype=object)
    truth = Truth(fingerprint="t", name="y", n=50, kind="labels", classes={"a\0": 10, "\ud800": 10}, rows=labels)
    store.record("shelf", recording("knn", measured(labels, truth="t")), truth)
    records = store.records("shelf")
    assert records.truths["t"].classes == truth.classes
    kept = store.truth_rows("t")
    assert kept is not None
    assert kept.tolist() == labels.tolist()


def test_arrays_and_truths_are_kept_once(store: Store) -> None:
    start(store)
    for _ in range(3):
        store.record("shelf", recording(), TRUTH)
    records = store.records("shelf")
    assert {result.rows for result in records.results} == {content_hash(ANSWERS)}
    assert len({result.variant_id for result in records.results}) == 1
    assert store.looks(TRUTH.fingerprint) == 1  # the same variant with the same predictions is no new look
    assert len(store.export()["arrays"]) == 1


def test_rows_of_a_truth_may_come_later(store: Store) -> None:
    bare = Truth(fingerprint="t", name="y", n=360, kind="labels")
    store.put_truth(bare)
    assert store.truth_rows("t") is None
    start(store)
    store.record(
        "shelf",
        recording("knn", measured(truth="t")),
        Truth(fingerprint="t", name="y", n=360, kind="labels", rows=ANSWERS),
    )
    assert store.truth_rows("t") is not None
    store.put_truth(bare)
    assert store.truth_rows("t") is not None
    assert store.truth_rows("unknown") is None


def test_a_rerun_does_not_unsay_a_state(store: Store) -> None:
    start(store)
    for state in (CandidateState.PARKED, CandidateState.DROPPED, CandidateState.CHOSEN, CandidateState.ACTIVE):
        store.set_candidate("shelf", "knn", state=state, because="said", at=NOON)
        store.record("shelf", recording("knn"), TRUTH)
        assert store.records("shelf").candidates[0].state == state
    store.record("shelf", recording("svm", simplicity=4), TRUTH)
    svm = store.records("shelf").candidates[1]
    assert (svm.state, svm.simplicity, svm.planned) == (CandidateState.ACTIVE, 4, True)


def test_a_record_that_cannot_be_kept_leaves_nothing(store: Store) -> None:
    start(store)
    cube, objects = np.zeros((2, 2, 2)), np.array([object()])
    for bad in (measured(cube), measured(objects), measured(np.array([1j])), measured(n=10**30)):
        with pytest.raises(MleeError) as refusal:
            store.record("shelf", recording("new", measured(), bad), TRUTH)
        assert "\n" not in str(refusal.value)
    assert [c.name for c in store.records("shelf").candidates] == ["knn", "svm"]
    assert store.export()["arrays"] == {}


def test_an_unknown_array_is_said(store: Store) -> None:
    with pytest.raises(StoreError, match="No array"):
        store.rows("0" * 64)


def test_a_span_grows(store: Store) -> None:
    start(store)
    store.put_spans("shelf", [])
    store.put_spans("shelf", [span(0, 1, "knn"), span(0, 1, kernel="k2")])
    store.put_spans("shelf", [span(0, 5, "knn"), span(7, 8)])
    store.put_spans("shelf", [span(0, 3, "knn")])  # an older word that arrives late
    assert store.records("shelf").spans == (span(0, 5, "knn"), span(0, 1, kernel="k2"), span(7, 8))


def test_spans_from_another_thread(store: Store) -> None:
    start(store)
    store.record("shelf", recording(), TRUTH)
    faults: list[BaseException] = []

    def write() -> None:
        try:
            for minute in range(20):
                store.put_spans("shelf", [span(0, minute)])
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        store.record("shelf", recording(), TRUTH)
    for thread in threads:
        thread.join()
    assert faults == []
    assert store.records("shelf").spans == (span(0, 19),)
    assert len(store.records("shelf").results) == 21


def test_a_result_is_there_for_the_next_kernel(place: str) -> None:
    with open_store(place, fallback=False) as first, open_store(place, fallback=False) as second:
        start(first)
        run = second.record("shelf", recording(), TRUTH)
        assert [result.run_id for result in first.records("shelf").results] == [run]
        first.mark_said("shelf", {"MLE201": 1.0}, NOON)
        assert second.said("shelf") == {"MLE201": 1.0}
    with open_store(place, fallback=False) as third:
        assert len(third.records("shelf").results) == 1


def test_results_are_in_the_order_of_recording(store: Store) -> None:
    start(store)
    ids = [store.record("shelf", recording(f"c{i % 3}", started_at=NOON - minutes(i)), TRUTH) for i in range(9)]
    assert [result.run_id for result in store.records("shelf").results] == ids == sorted(ids)


def test_a_store_that_is_not_closed_leaves_nothing_loose(file_place: str) -> None:
    store = open_store(file_place, fallback=False)
    start(store)
    del store
    gc.collect()
    with open_store(file_place, fallback=False) as again:
        assert again.find_experiment("shelf") is not None


def test_long_durations(store: Store) -> None:
    start(store, budget=timedelta(days=4000))
    store.record("shelf", recording("knn", duration=timedelta(days=3000)), TRUTH)
    assert store.records("shelf").results[0].duration_us == 3000 * 86400 * 10**6


def test_the_code_of_each_run_is_kept_once_and_found_by_run(store: Store) -> None:
    start(store)
    first = store.record("shelf", recording("knn", source="knn.fit(X)  # näher \U0001f600"))
    again = store.record("shelf", recording("knn", source="knn.fit(X)  # näher \U0001f600"))
    other = store.record("shelf", recording("svm", source="svm.fit(X)"))
    store.record("shelf", recording("by hand", source=None))
    gone = store.record("shelf", recording("svm", source="a mistake"))
    store.withdraw_run("shelf", gone, "a mistake", NOON)
    sources = store.sources("shelf")
    assert sorted(sources) == [first, again, other]
    assert sources[first] == sources[again] != sources[other]
    assert store.codes({sources[first], sources[other], "0" * 64}) == {
        sources[first]: "knn.fit(X)  # näher \U0001f600",
        sources[other]: "svm.fit(X)",
    }
    assert store.codes(()) == {}
