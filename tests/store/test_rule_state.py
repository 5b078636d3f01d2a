from __future__ import annotations

from datetime import date

import pytest

from mlee_jupyter.domain import Ignore
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.store import Store

from .makers import NOON, start


def test_what_was_said(store: Store) -> None:
    start(store)
    assert store.said("shelf") == {}
    store.mark_said("shelf", {}, NOON)
    store.mark_said("shelf", {"MLE201": 1.0, "MLE302": 21.0}, NOON)
    store.mark_said("shelf", {"MLE302": 30.0}, NOON)
    assert store.said("shelf") == {"MLE201": 1.0, "MLE302": 30.0}
    store.forget_said("shelf", ["MLE201", "MLE999"])
    assert store.said("shelf") == {"MLE302": 30.0}
    start(store, "another")
    assert store.said("another") == {}


def test_ignores(store: Store) -> None:
    start(store)
    muted = Ignore(rule="MLE201", because="known", until=date(2026, 12, 1), at=NOON)
    store.add_ignore("shelf", Ignore(rule="MLE201", because=None))
    store.add_ignore("shelf", muted)
    assert store.records("shelf").ignores == (muted,)
    store.remove_ignore("shelf", "MLE201", NOON)
    assert store.records("shelf").ignores == ()
    with pytest.raises(MleeError, match="not ignored"):
        store.remove_ignore("shelf", "MLE201", NOON)
    assert [entry.what for entry in store.trace("shelf")] == ["ignore rule", "heed rule"]
