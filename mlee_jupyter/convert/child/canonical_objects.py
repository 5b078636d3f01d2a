"""Values of libraries as nodes: arrays, tables, models, figures; and any other object as its class and state."""

from __future__ import annotations

import copyreg
import functools
import io
from typing import Any

from .canonical import Node, PlainCanon

_DERIVED = frozenset({"_cache", "__networkx_cache__", "_item_cache", "_sklearn_output_config", "__weakref__"})


def outside(canon: PlainCanon, value: Any) -> Node | None:
    """The node of a value that some library is known to make; None for others."""
    for kind in type(value).__mro__:
        reader = _READERS.get(kind.__module__.partition(".")[0])
        if reader is not None:
            found = reader(canon, value)
            if found is not None:
                return found
    return None


def state_of(canon: PlainCanon, value: Any) -> Node:
    """Any object: its attributes where it is a plain one, what it would be rebuilt from otherwise."""
    kind = type(value)
    own = {name for k in kind.__mro__[:-1] for name in k.__dict__}
    plain = not own & {"__reduce_ex__", "__reduce__"}
    learns = any(k.__module__.startswith("sklearn.") and k.__name__ == "BaseEstimator" for k in kind.__mro__)
    if hasattr(value, "__dict__") and plain and (learns or "__getstate__" not in own):
        return canon.record(value, _attributes(value))
    try:
        reduced = value.__reduce_ex__(4)
    except Exception:
        if vars_of := _attributes(value):
            return canon.record(value, vars_of)
        return canon.hole(value, "holds something outside of Python")
    if isinstance(reduced, str):
        return {"k": "plain", "t": canon.label(kind), "v": reduced}
    parts = [*reduced, None, None, None][:5]
    function, arguments, state, items, pairs = parts
    if function is copyreg.__newobj__:  # type: ignore[attr-defined]
        arguments = arguments[1:]  # the class is told by the label
    elif function is getattr(copyreg, "_reconstructor", None):
        arguments = ()
    told: list[tuple[str, Any]] = [(f"[{n}]", a) for n, a in enumerate(arguments)]
    if isinstance(state, dict):
        told += [(f".{n}", v) for n, v in state.items() if not _is_derived(kind, str(n))]
    elif state is not None:
        told.append(("state", state))
    if items is not None:
        told.append(("items", list(items)))
    if pairs is not None:
        told.append(("pairs", dict(pairs)))
    if not told and not plain:
        told.append(("made by", function))
    return canon.record(value, told)


def _attributes(value: Any) -> list[tuple[str, Any]]:
    kind = type(value)
    found = {n: v for n, v in getattr(value, "__dict__", {}).items() if not _is_derived(kind, n)}
    for parent in kind.__mro__:
        slots = parent.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                found.setdefault(name, getattr(value, name))
    if "__wrapped__" in found:  # it is told as the function; what was copied from that names the module it lies in
        found = {n: v for n, v in found.items() if n not in functools.WRAPPER_ASSIGNMENTS}
    return [(f".{n}", v) for n, v in found.items()]


def _is_derived(kind: type, name: str) -> bool:
    """Whether an attribute is only remembered: it may have been asked for on one side and not on the other."""
    return name in _DERIVED or any(isinstance(k.__dict__.get(name), functools.cached_property) for k in kind.__mro__)


def _numpy(canon: PlainCanon, value: Any) -> Node | None:
    import numpy as np

    if isinstance(value, np.ma.MaskedArray):
        return canon.record(value, [("data", np.asarray(value.filled(0))), ("mask", np.ma.getmaskarray(value))])
    if isinstance(value, np.ndarray):
        return _array(canon, value, "" if type(value) is np.ndarray else canon.label(type(value)))
    if isinstance(value, np.generic):
        return canon.record(value, [("", np.asarray(value))])
    if isinstance(value, np.ufunc):
        return {"k": "name", "t": "function", "v": f"numpy.{value.__name__}", "mine": False}
    if isinstance(value, np.dtype):
        return {"k": "plain", "t": "numpy.dtype", "v": repr(value)}
    return None


def _array(canon: PlainCanon, value: Any, kind: str = "") -> Node:
    if value.dtype.names:  # field by field: the bytes between fields mean nothing
        return {"k": "object", "t": "structured", "p": [[n, canon.of(value[n])] for n in value.dtype.names]}
    if value.dtype.kind in "biufcmM" and value.dtype.itemsize <= 16:
        return canon.array(value, kind)
    items = canon.values(value.ravel().tolist())
    if items["k"] == "seq":
        canon.pool.append(items)
        items = {"r": len(canon.pool) - 1}
    return {
        "k": "object",
        "t": kind or "array",
        "p": [["shape", canon.of(value.shape)], ["dtype", canon.of(value.dtype.str)], ["", items]],
    }


def _pandas(canon: PlainCanon, value: Any) -> Node | None:
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        columns = [(f"[{name!r}]", value.iloc[:, place].array) for place, name in enumerate(value.columns)]
        return canon.record(value, [("columns", value.columns), ("index", value.index), *columns])
    if isinstance(value, pd.Series):
        return canon.record(value, [("name", value.name), ("index", value.index), ("", value.array)])
    if isinstance(value, pd.MultiIndex):
        levels = [(f"level {n}", value.get_level_values(n).array) for n in range(value.nlevels)]
        return canon.record(value, [("names", list(value.names)), *levels])
    if isinstance(value, pd.RangeIndex):
        return canon.record(value, [("name", value.name), ("range", (value.start, value.stop, value.step))])
    if isinstance(value, pd.Index):
        return canon.record(value, [("name", value.name), ("", value.array)])
    if isinstance(value, pd.Categorical):
        held = [("codes", value.codes), ("categories", value.categories), ("ordered", value.ordered)]
        return canon.record(value, held)
    if isinstance(value, pd.api.extensions.ExtensionArray):
        return _column(canon, value)
    if value is pd.NaT or value is pd.NA or isinstance(value, (pd.Timestamp, pd.Timedelta, pd.Period, pd.Interval)):
        return {"k": "plain", "t": canon.label(type(value)), "v": repr(value)}
    if hasattr(value, "obj") and isinstance(getattr(value, "obj", None), (pd.DataFrame, pd.Series)):
        keys = getattr(value, "keys", None)
        return canon.record(value, [("of", value.obj), ("keys", None if callable(keys) else keys)])
    return None


def _column(canon: PlainCanon, value: Any) -> Node:
    """A column's values: as an array where numpy has the type, else one by one with the missing ones told apart."""
    import numpy as np

    kind = np.asarray(value).dtype.kind if type(value).__name__.startswith(("NumpyExtension", "Pandas")) else "O"
    if kind in "biufc":
        return canon.record(value, [("", np.asarray(value))])
    if type(value).__name__ in ("DatetimeArray", "TimedeltaArray"):
        held = [("dtype", str(value.dtype)), ("", np.asarray(value.asi8))]
        return canon.record(value, held)
    missing = np.asarray(value.isna(), dtype=bool)
    items = ["" if gone else item for item, gone in zip(value.astype(object), missing)]
    return canon.record(value, [("dtype", str(value.dtype)), ("missing", missing), ("", items)])


def _polars(canon: PlainCanon, value: Any) -> Node | None:
    import polars as pl

    if isinstance(value, pl.DataFrame):
        return canon.record(value, [("columns", value.columns), *((f"[{c!r}]", value[c]) for c in value.columns)])
    if isinstance(value, pl.Series):
        return canon.record(value, [("name", value.name), ("dtype", str(value.dtype)), ("", value.to_list())])
    if isinstance(value, pl.DataType) or (isinstance(value, type) and issubclass(value, pl.DataType)):
        return {"k": "plain", "t": "polars.dtype", "v": str(value)}
    return canon.hole(value, "a query that did not run") if isinstance(value, pl.LazyFrame) else None


def _scipy(canon: PlainCanon, value: Any) -> Node | None:
    from scipy import sparse

    if not sparse.issparse(value):
        return None
    told = value.tocsr(copy=True) if value.ndim == 2 else value.tocoo(copy=True)
    told.sum_duplicates()
    coordinates = told.tocoo()
    places = [
        (f"axis {n}", axis) for n, axis in enumerate(getattr(coordinates, "coords", (coordinates.row, coordinates.col)))
    ]
    return canon.record(value, [("shape", value.shape), *places, ("values", coordinates.data)])


def _matplotlib(canon: PlainCanon, value: Any) -> Node | None:
    from matplotlib.artist import Artist
    from matplotlib.figure import FigureBase

    if isinstance(value, FigureBase):
        return {"k": "plain", "t": canon.label(type(value)), "v": pixels(value)}
    if isinstance(value, Artist):
        figure = getattr(value, "figure", None)
        return (
            canon.record(value, [("figure", figure)]) if figure is not None else canon.hole(value, "drawn in no figure")
        )
    if type(value).__name__.endswith(("Container", "Plot")) and hasattr(value, "ax"):
        return canon.record(value, [("axes", value.ax)])
    return None


def _seaborn(canon: PlainCanon, value: Any) -> Node | None:
    figure = getattr(value, "figure", None) or getattr(value, "fig", None)
    return canon.record(value, [("figure", figure)]) if figure is not None else None


def _sympy(canon: PlainCanon, value: Any) -> Node | None:
    import sympy  # type: ignore[import-not-found, unused-ignore]

    return (
        {"k": "plain", "t": canon.label(type(value)), "v": sympy.srepr(value)}
        if isinstance(value, sympy.Basic)
        else None
    )


def pixels(figure: Any) -> str:
    """Size and fingerprint of a figure's pixels, as it would be saved."""
    import hashlib

    root = getattr(figure, "get_figure", lambda **_: figure)() or figure
    buffer = io.BytesIO()
    try:
        root.savefig(buffer, format="rgba")
    except Exception as fault:  # what cannot be drawn fails in the same way on both sides
        return f"cannot be drawn: {type(fault).__name__}: {fault}"
    width, height = (int(n) for n in root.bbox.size)
    return f"{width} x {height} {hashlib.sha256(buffer.getvalue()).hexdigest()}"


_READERS = {
    "numpy": _numpy,
    "pandas": _pandas,
    "polars": _polars,
    "scipy": _scipy,
    "matplotlib": _matplotlib,
    "mpl_toolkits": _matplotlib,
    "seaborn": _seaborn,
    "sympy": _sympy,
}


class Canon(PlainCanon):
    """Turns any value into nodes: plain values, those of libraries that are known here, and objects by their state."""

    def _of_library(self, value: Any) -> Node | None:
        return outside(self, value)

    def _of_state(self, value: Any) -> Node:
        return state_of(self, value)
