"""The same values in every container that people hand over."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl


class Tensor:
    """Behaves as torch's: it has a gradient, lives on a device, and refuses to be read before it is taken from both."""

    def __init__(self, values: Any, requires_grad: bool = True, device: str = "cuda") -> None:
        self.values, self.requires_grad, self.device = np.asarray(values), requires_grad, device
        self.shape = self.values.shape

    def detach(self) -> Tensor:
        return Tensor(self.values, False, self.device)

    def cpu(self) -> Tensor:
        return Tensor(self.values, self.requires_grad, "cpu")

    def numpy(self) -> np.ndarray:
        if self.requires_grad or self.device != "cpu":
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        return self.values

    def item(self) -> Any:
        return self.values.item()

    def __float__(self) -> float:
        return float(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array(self.numpy(), dtype=dtype)


class Arrow:
    """Behaves as pyarrow's Array and ChunkedArray: a length, an iterator, __array__, to_pylist; no shape, no dtype."""

    def __init__(self, values: np.ndarray) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, place: Any) -> Any:
        return self._values[place]

    def to_pylist(self) -> list[Any]:
        return self._values.tolist()  # type: ignore[no-any-return]

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array(self._values, dtype=dtype)


def _frozen(array: np.ndarray) -> np.ndarray:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


Wrap = Callable[[np.ndarray], Any]
_ANY: dict[str, Wrap] = {
    "list": lambda a: a.tolist(),
    "tuple": lambda a: tuple(a.tolist()),
    "objects": lambda a: a.astype(object),
    "one column": lambda a: a.reshape(-1, 1),
    "view with a stride": lambda a: np.repeat(a, 2)[::2],
    "Series": pd.Series,
    "Series of categories": lambda a: pd.Series(a).astype("category"),
    "Series of objects": lambda a: pd.Series(a.astype(object), dtype=object),
    "frame of one column": lambda a: pd.DataFrame({"prediction": a}),
    "Index": pd.Index,
    "polars": lambda a: pl.Series("prediction", a.tolist()),
    "polars frame of one column": lambda a: pl.DataFrame({"prediction": a.tolist()}),
    "arrow": Arrow,
}
OF_TEXT: dict[str, Wrap] = {
    **_ANY,
    "numpy text": lambda a: a.astype(str),
    "numpy bytes": lambda a: a.astype("S"),
    "pandas text": lambda a: pd.Series(a.tolist(), dtype="string"),
    "polars categories": lambda a: pl.Series("prediction", a.tolist(), dtype=pl.Categorical),
}
OF_INTEGERS: dict[str, Wrap] = {
    **_ANY,
    "int8": lambda a: a.astype(np.int8),
    "uint64": lambda a: a.astype(np.uint64),
    "float64": lambda a: a.astype(np.float64),
    "float32": lambda a: a.astype(np.float32),
    "nullable": lambda a: pd.Series(a, dtype="Int64"),
    "nullable small": lambda a: pd.Series(a, dtype="UInt8"),
    "polars small": lambda a: pl.Series("prediction", a.tolist(), dtype=pl.UInt8),
    "tensor": Tensor,
    "column tensor": lambda a: Tensor(a.reshape(-1, 1)),
    "list of numpy integers": list,
    "range index": lambda a: pd.Series(a, index=pd.RangeIndex(len(a))),
}
OF_NUMBERS: dict[str, Wrap] = {
    **_ANY,
    "nullable": lambda a: pd.Series(a, dtype="Float64"),
    "tensor": Tensor,
    "column tensor": lambda a: Tensor(a.reshape(-1, 1)),
    "decimals": lambda a: [Decimal(repr(float(value))) for value in a],
    "list of numpy numbers": list,
    "long double": lambda a: a.astype(np.longdouble),
    "big-endian": lambda a: a.astype(">f8"),
    "read-only": _frozen,
}
OF_MATRICES: dict[str, Wrap] = {
    "list of lists": lambda a: a.tolist(),
    "list of arrays": list,
    "Fortran's order": np.asfortranarray,
    "frame": pd.DataFrame,
    "polars frame": lambda a: pl.DataFrame(a.tolist(), orient="row"),
    "tensor": Tensor,
    "objects": lambda a: a.astype(object),
}


def wraps(values: np.ndarray) -> dict[str, Wrap]:
    """The containers that can hold these values without changing one."""
    if values.ndim == 2:
        return OF_MATRICES
    if values.dtype == object:
        return OF_TEXT
    if values.dtype.kind not in "iu":
        return OF_NUMBERS
    small = {"int8", "nullable small", "polars small"}
    return {name: way for name, way in OF_INTEGERS.items() if name not in small or values.max() < 128}
