"""Flaws that make a comparison wrong."""

from __future__ import annotations

from benchmarks.false_alarms.drawing import Healthy, Try
from benchmarks.false_alarms.planting import flaw, labels, of_rows, text


def _handed(one: Healthy, value: str, name: str = "another", before: str = "", options: str = "") -> bool:
    """One more candidate, whose cell ends with something that is wrong."""
    one.style = "handle" if one.style in ("loop", "compare") else one.style
    one.tries.append(Try(name, 3, ends=value, before=before, options=options))
    if "candidates" in one.charter:
        one.charter["candidates"] = [*one.charter["candidates"], name]
    return True


def _fitted(one: Healthy, on: str = "X_test") -> str:
    asks = "predict_proba" if one.metric in ("roc_auc", "log_loss") else "predict"
    return f"{one.tries[-1].model}.fit(X_train, y_train).{asks}({on})"


@flaw("MLE401")
def _other_rows(one: Healthy) -> bool:
    if not of_rows(one) or {"time", "groups"} & set(one.charter):
        return False
    short = "X_short, y_short = X_test.iloc[:-7], y_test.iloc[:-7]"
    value = _fitted(one, "X_short")
    one.style = "magics"
    return _handed(one, value, before=short, options=" --truth y_short")


@flaw("MLE402")
def _coded_otherwise(one: Healthy) -> bool:
    if not labels(one):
        return False
    return _handed(one, f"{_fitted(one)} + 10")


@flaw("MLE403")
def _twin(one: Healthy) -> bool:
    return of_rows(one) and _handed(one, _fitted(one))


@flaw("MLE404")
def _no_dummy(one: Healthy) -> bool:
    if one.kind != "folds":
        return False
    one.tries = [each for each in one.tries if each.candidate != "dummy"]
    if "candidates" in one.charter:
        one.charter.pop("candidates")
    return True


@flaw("MLE405")
def _worse_than_nothing(one: Healthy) -> bool:
    if not of_rows(one) or one.metric == "profit":
        return False
    value = {"numbers": f"60 - 2 * {_fitted(one)}"}.get(one.task, f"1 - {_fitted(one)}")
    if one.task == "many":
        value = f"np.roll({_fitted(one)}, 1, axis=-1)" if one.metric == "log_loss" else f"({_fitted(one)} + 1) % 3"
    return _handed(one, value)


@flaw("MLE406")
def _rare_hidden(one: Healthy) -> bool:
    """Three rows of the rare class in a hundred, and accuracy."""
    if not labels(one) or one.task != "two" or not one.has_charter:
        return False
    common, rare = one.data[one.data["answer"] == 0], one.data[one.data["answer"] == 1]
    kept = one.data.index.isin([*common.index, *rare.index[:: max(1, 33 * len(rare) // max(1, len(common)))]])
    if {"time", "groups"} & set(one.charter):
        return False
    one.data = one.data[kept].reset_index(drop=True)
    one.setup[2] = one.setup[2].replace(f"test_size={one.n}", "test_size=0.5")
    return int((one.data["answer"] == 1).sum()) >= 40


@flaw("MLE407")
def _shared(one: Healthy) -> bool:
    if not of_rows(one) or not one.has_charter or {"time", "groups"} & set(one.charter):
        return False
    one.charter["train"] = "X_train"
    one.setup.append(
        "X_test = pd.concat([X_test, X_train.iloc[: len(X_test) // 10]])\n"
        "y_test = pd.concat([y_test, y_train.iloc[: len(y_test) // 10]])"
    )
    return True


@flaw("MLE408")
def _from_the_future(one: Healthy) -> bool:
    if "time" not in one.charter:
        return False
    one.setup[2] = (
        "X_train, X_test, y_train, y_test = train_test_split("
        f'data.drop(columns="answer").set_index("day"), data["answer"], test_size={one.n}, random_state=0)\n'
        "day = X_test.index.to_numpy()"
    )
    one.charter["train"] = "X_train"
    return True


@flaw("MLE409")
def _given_away(one: Healthy) -> bool:
    if not of_rows(one):
        return False
    one.data["booked"] = one.data["answer"] * 7 + 1
    return True


@flaw("MLE410")
def _fit_on_test(one: Healthy) -> bool:
    if not of_rows(one):
        return False
    asks = "predict_proba" if one.metric in ("roc_auc", "log_loss") else "predict"
    return _handed(one, f"{one.tries[-1].model}.fit(X_test, y_test).{asks}(X_test)")


@flaw("MLE411")
def _seeded_from_test(one: Healthy) -> bool:
    return of_rows(one) and text(one, "def ahead(values):\n    return values\n\n\nforecast(y_test[-12:])")
