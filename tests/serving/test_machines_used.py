"""What a run used beyond one processor, and what only looks like it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from mlee_jupyter.domain import MachineSeen
from mlee_jupyter.domain.model_seen import MACHINE, machine_seen
from mlee_jupyter.serving.machines_used import machines_used
from mlee_jupyter.store.tables.column_values import to_json


def made_by(module: str, name: str, **attributes: Any) -> Any:
    """A value of a class of that name, as another library would define it."""
    return type(name, (), {"__module__": module, **attributes})()


BOOSTED = made_by("xgboost.sklearn", "XGBClassifier", get_params=lambda _: {"device": "cuda:0", "tree_method": "hist"})
PLAIN = made_by("xgboost.sklearn", "XGBClassifier", get_params=lambda _: {"device": "cpu", "tree_method": "hist"})
CAT = made_by("catboost.core", "CatBoostClassifier", get_params=lambda _: {"task_type": "GPU"})
NET = made_by("torch.nn.modules", "Linear", parameters=lambda _: iter([made_by("torch", "Parameter", device="cuda:0")]))
SPARK = made_by("pyspark.sql.dataframe", "DataFrame")
LOCAL = made_by(
    "pyspark.sql.session", "SparkSession", sparkContext=made_by("pyspark", "SparkContext", master="local[*]")
)
CLIENT = made_by("distributed.client", "Client", cluster=None)
AT_HOME = made_by("distributed.client", "Client", cluster=made_by("distributed.deploy.local", "LocalCluster"))
MAYBE = 'net.to("cuda" if torch.cuda.is_available() else "cpu")'

GPU = {
    "a setting": (BOOSTED, None, "cuda:0"),
    "at the end of a pipeline": (make_pipeline("passthrough", BOOSTED), None, "cuda:0"),
    "catboost": (CAT, None, "gpu"),
    "a network": (NET, None, "cuda:0"),
    "cuml": (made_by("cuml.linear_model", "LogisticRegression"), None, "cuML"),
    "written out": (None, 'XGBClassifier(device="cuda").fit(X, y).predict(X_test)', "cuda"),
    "moved": (None, 'net.to("cuda:1")(X_test)', "cuda:1"),
    "moved as of old": (None, "net.cuda()(X_test)", "cuda"),
}
NO_GPU = {
    "the processor": (PLAIN, None),
    "scikit-learn": (LogisticRegression(), None),
    "only where there is one": (None, MAYBE),
    "a word": (None, 'print("cuda"); plot(device_name="cuda")'),
    "a word of another": (None, 'frame.astype("gpu")'),
    "no Python": (None, "def (:"),
}


@pytest.mark.parametrize(("model", "source", "gpu"), GPU.values(), ids=GPU)
def test_a_graphics_processor_that_was_used(model: Any, source: str | None, gpu: str) -> None:
    found = machines_used(model, source, {}, [])
    assert found is not None
    assert (found.gpu, found.cluster) == (gpu, "")


@pytest.mark.parametrize(("model", "source"), NO_GPU.values(), ids=NO_GPU)
def test_what_only_looks_like_one(model: Any, source: str | None) -> None:
    assert machines_used(model, source, {}, []) is None


CLUSTERS = {
    "a Spark table": ({"rows": SPARK}, "rows.count()", "Spark"),
    "a Dask client": ({"client": CLIENT}, "client.submit(fit)", "Dask"),
    "a Spark table here": ({"rows": SPARK, "spark": LOCAL}, "rows.count()", None),
    "a Dask client here": ({"client": AT_HOME}, "client.submit(fit)", None),
    "not in this cell": ({"client": CLIENT}, "model.fit(X, y)", None),
}


@pytest.mark.parametrize(("names", "source", "engine"), CLUSTERS.values(), ids=CLUSTERS)
def test_a_cluster_is_one_of_several_machines(names: dict[str, Any], source: str, engine: str | None) -> None:
    found = machines_used(None, source, names, [])
    assert (None if found is None else found.cluster) == engine


def test_the_tables_that_are_declared_or_read_are_counted_once() -> None:
    X, frame = np.zeros((1000, 10)), pd.DataFrame({"a": np.zeros(500), "word": ["some text"] * 500})
    words = int(frame.memory_usage(index=False, deep=True).sum())
    names = {"X_test": X, "frame": frame, "client": CLIENT, "more": 3}
    found = machines_used(None, "client.submit(fit, X_test, frame, more)", names, [X])
    assert found == MachineSeen("Dask", "", 80_000 + words)


def test_a_table_whose_size_only_computing_would_tell_leaves_it_open() -> None:
    remote = made_by("pyspark.sql.dataframe", "DataFrame", shape=(3, 2))
    found = machines_used(None, "remote.collect()", {"remote": remote}, [np.zeros(10)])
    assert found == MachineSeen("Spark", "", None)


def test_a_value_that_answers_with_an_error_is_no_fault_of_the_run() -> None:
    class Angry:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

    assert machines_used(Angry(), "angry", {"angry": Angry()}, [Angry()]) is None


def test_it_is_read_back_as_it_was_kept() -> None:
    seen = MachineSeen("Dask", "cuda", 80_000)
    assert machine_seen(to_json(["a word", seen.tag()])) == seen
    assert machine_seen(to_json([f"{MACHINE}not JSON"])) is None
    assert machine_seen(None) is None
