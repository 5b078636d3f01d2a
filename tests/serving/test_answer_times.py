"""A model is asked again to see how long it takes: it is measured, and nothing of the user's is disturbed."""

from __future__ import annotations

import random
import threading
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from mlee_jupyter.domain.model_seen import ModelSeen, Timed, model_seen
from mlee_jupyter.serving.answer_times import MANY
from mlee_jupyter.serving.model_look import LONGEST, look
from mlee_jupyter.session import current
from mlee_jupyter.store.tables.column_values import to_json
from tests.conftest import Shell

ROWS = np.arange(6000.0).reshape(1500, 4)


class Model:
    """It keeps what it was asked, and does what it is told to."""

    def __init__(self, also: Any = lambda rows: None) -> None:
        self.asked: list[Any] = []
        self._also = also

    def predict(self, rows: Any) -> Any:
        self.asked.append(rows)
        self._also(rows)
        return np.zeros(rows.shape[0] if hasattr(rows, "shape") else len(rows))


def seen(model: Any, features: Any = ROWS, whole: float = 0.001, run: float = 0.1) -> ModelSeen:
    return look(model, model.predict, features, whole=whole, run=run)


def test_one_row_and_many_are_timed() -> None:
    found = seen(Model())
    assert found.one is not None
    assert found.many is not None
    assert (found.one.rows, found.many.rows) == (1, MANY)
    assert 0 < found.one.median <= found.one.p95
    assert found.one.calls > 1
    assert found.many.calls > 1


def test_a_slow_model_is_not_asked_for_long() -> None:
    began = time.perf_counter()
    found = seen(Model(lambda rows: time.sleep(0.3)), whole=0.3)
    assert time.perf_counter() - began < 10 * LONGEST, "on a machine that does much besides"
    assert found.one is not None
    assert found.one.median >= 0.3
    assert not found.one.tail_known


def test_what_took_long_for_all_is_not_asked_again_and_said() -> None:
    model = Model()
    found = seen(model, whole=75.0)
    assert model.asked == []
    assert found.one is None
    assert found.many == (1500, 1, 75.0, 75.0), "what it took is known"
    assert "all rows at once took 1 min, and one more call may" in found.unmeasured[-1]
    assert seen(Model(), whole=5.0, run=100.0).one is not None, "beside a run of 100 s, 5 more are few"


FORMS = {
    "numpy": (ROWS, np.ndarray),
    "pandas": (pd.DataFrame(ROWS, index=range(5, 1505)), pd.DataFrame),
    "polars": (pl.DataFrame(ROWS), pl.DataFrame),
    "list": (ROWS.tolist(), list),
    "sparse": (sparse.csr_matrix(ROWS), sparse.csr_matrix),
    "texts": (["a mail"] * 1500, list),
}


@pytest.mark.parametrize("form", FORMS)
def test_rows_come_in_the_form_they_had(form: str) -> None:
    features, kind = FORMS[form]
    model = Model()
    found = seen(model, features)
    assert found.one is not None, found.unmeasured
    assert all(isinstance(rows, kind) for rows in model.asked)
    assert {rows.shape[0] if hasattr(rows, "shape") else len(rows) for rows in model.asked} <= {1, MANY}


def test_nothing_is_disturbed(capsys: pytest.CaptureFixture[str]) -> None:
    def rude(rows: np.ndarray) -> None:
        rows += 1
        print("1/1 ======")
        warnings.warn("old", stacklevel=1)
        np.random.random()
        random.random()

    features = ROWS.copy()
    np.random.seed(3)
    random.seed(3)
    found = seen(Model(rude), features)
    drawn = np.random.random(), random.random()
    np.random.seed(3)
    random.seed(3)
    assert found.one is not None
    assert drawn == (np.random.random(), random.random())
    assert np.array_equal(features, ROWS)
    assert capsys.readouterr() == ("", "")


FAULTS = {
    "refuses one row": (lambda rows: 1 / (len(rows) - 1), ROWS, "how long one answer takes: it refuses a part"),
    "no rows": (lambda rows: None, ROWS[:0], "there are no rows"),
    "no length": (lambda rows: None, iter([1]), "no length"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_cannot_be_measured_is_said(case: str) -> None:
    also, features, why = FAULTS[case]
    found = seen(Model(also), features)
    assert found.one is None
    assert any(why in one for one in found.unmeasured)


def test_an_interrupt_ends_the_measuring_and_not_the_record() -> None:
    def stopped(rows: Any) -> None:
        raise KeyboardInterrupt

    assert seen(Model(stopped)).unmeasured[-1] == "how long one answer takes: measuring was interrupted"


def test_what_refuses_many_has_been_timed_for_one() -> None:
    def few(rows: Any) -> None:
        if len(rows) > 1:
            raise ValueError("one at a time")

    found = seen(Model(few))
    assert found.one is not None
    assert found.many == (1500, 1, 0.001, 0.001), "the call that went well before"
    assert any("how long many answers take" in one for one in found.unmeasured)


class Sized:
    def __init__(self, held: Any) -> None:
        self.held = held

    def predict(self, rows: Any) -> Any:
        return np.zeros(len(rows))


def test_the_size_is_that_of_the_pickle_and_arrays_are_not_copied() -> None:
    found = seen(Sized(np.zeros(1_000_000)))
    assert found.size == pytest.approx(8e6, rel=0.01)
    assert found.working is not None
    assert found.working < 1e6


def test_what_cannot_be_serialised_is_said() -> None:
    found = seen(Sized(threading.Lock()))
    assert found.size is None
    assert found.unmeasured == ("its size: it cannot be serialised (TypeError)",)
    assert found.one is not None


class Torch:
    """As PyTorch has its modules, told by the name of what made them."""

    __module__ = "torch.nn.modules.module"

    def parameters(self) -> Any:
        return [self, self]

    def numel(self) -> int:
        return 100

    def element_size(self) -> int:
        return 4

    def predict(self, rows: Any) -> Any:
        return rows


def test_a_networks_parameters_are_counted() -> None:
    assert seen(Torch()).size == 800


timed = st.builds(
    lambda rows, calls, median, more: Timed(rows, calls, median, median * (1 + more)),
    st.integers(1, 1000),
    st.integers(1, 200),
    st.floats(1e-9, 1e4),
    st.floats(0, 10),
)


@given(
    st.builds(
        ModelSeen,
        one=st.none() | timed,
        many=st.none() | timed,
        size=st.none() | st.integers(1, 10**12),
        working=st.none() | st.integers(1, 10**12),
        unmeasured=st.lists(st.text()).map(tuple),
        rank=st.none() | st.integers(1, 6),
        rank_reason=st.text(),
    )
)
def test_it_is_read_as_it_was_kept(model: ModelSeen) -> None:
    assert model_seen(to_json(["a tag", model.tag()])) == model


@given(st.text())
def test_what_is_no_such_tag_says_nothing(text: str) -> None:
    assert model_seen(text) is None or "model=" in text
    model_seen(to_json([f"model={text}"]))
    model_seen(f"model={text}")


def test_a_run_keeps_what_was_seen_of_its_model(shell: Shell) -> None:
    shell.run("import numpy as np\nfrom sklearn.naive_bayes import GaussianNB")
    shell.run("X = np.arange(80.0).reshape(40, 2); y = (X[:, 0] > 40).astype(int)")
    shell.run("%mlee_experiment start shelf --truth y --features X")
    shell.run("%%mlee_candidate bayes\nGaussianNB().fit(X, y)")
    shell.run("%%mlee_candidate bare\nGaussianNB().fit(X, y).predict(X)")
    with_model, bare = current.session().records().results
    assert with_model.model is not None
    assert with_model.model.one is not None
    assert with_model.model.size
    assert bare.model is None or bare.model.one is None
