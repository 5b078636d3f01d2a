"""Which variables hold the same rows, or a part of others; told by what keeps every row and what does not."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from mlee_jupyter.domain import Rows

from .health_declared import HandedOver
from .health_row_words import MODULES, drops_columns, is_test_name, laid_under, short_name

_KEEPS_ROWS = re.compile(
    r"^(copy|astype|to_numpy|to_frame|fillna|reshape|ravel|flatten|squeeze|toarray|todense|assign|rename|reset_index|float"
    r"|to|cpu|cuda|numpy|values|tolist|to_list|batch|cache|prefetch|repeat)$"
)
_CARRIES_ROWS = re.compile(
    r"transform|preprocess|scale|normali[sz]e|encode|vectori[sz]e|pad_sequences|texts_to_|to_categorical|expand_dims"
    r"|^(array|asarray|DataFrame|Series|tensor|FloatTensor|from_numpy|DMatrix|QuantileDMatrix|Dataset|Pool|csr_matrix|get_dummies"
    r"|add_constant|hstack_one|list|from_tensor_slices|convert_to_tensor|TensorDataset|DataLoader)$"
)
_PARTS = frozenset({"sample", "head", "tail", "query", "dropna", "drop_duplicates", "take"})
_COLUMNS = re.compile(r"col|feat|predictor|variables|inputs|target|label", re.IGNORECASE)
_FIRST = frozenset({"X", "x", "data", "dataset"})


class RowsKnown:
    """The rows of each variable by now."""

    def __init__(self, handed: HandedOver) -> None:
        self._handed = handed
        self._joins: dict[frozenset[int], Rows] = {}  # of rows laid one under the other
        self._number = 0
        self.by_name: dict[str, Rows] = {}
        self.modules: set[str] = set(MODULES)
        self.columns: set[str] = set()  # names of column lists
        self.places: dict[str, Rows] = {}  # names that hold the numbers of rows, and the rows that are numbered

    def rows_of(self, node: ast.AST) -> Rows | None:
        """The rows an expression holds all of, where that can be told."""
        if isinstance(node, ast.Name):
            if node.id in self.modules:
                return None
            if node.id not in self.by_name:  # made elsewhere
                test = node.id in self._handed.features or is_test_name(node.id)
                self.by_name[node.id] = Rows(self.fresh(), node.id, test=test)
            return self.by_name[node.id]
        if isinstance(node, ast.Attribute):
            return None if node.attr in ("shape", "columns", "index", "T", "iloc", "loc") else self.rows_of(node.value)
        if (parts := laid_under(node)) is not None:
            return self._joined([self.rows_of(part) or self.part_of(part) for part in parts])
        if isinstance(node, ast.Subscript):
            if (part := self._numbered(node)) is not None:
                return part
            return self.rows_of(node.value) if self._is_columns(node.slice) else None
        if isinstance(node, ast.BinOp):
            sides = [r for side in (node.left, node.right) if (r := self.rows_of(side)) is not None]
            if isinstance(node.op, ast.Add) and _are_lists(sides):
                return self._joined(sides)
            split = [r for r in sides if r.test or r.held] or sides  # X_test - mean
            return split[0] if split and len({r.id for r in split}) == 1 and not isinstance(node.op, ast.Add) else None
        if isinstance(node, ast.Tuple):
            return self.rows_of(node.elts[0]) if node.elts else None
        if isinstance(node, ast.Call):
            short = short_name(node)
            if isinstance(node.func, ast.Attribute) and (_KEEPS_ROWS.match(short) or drops_columns(node)):
                if isinstance(node.func.value, ast.Name) and node.func.value.id in self.modules:
                    return self.rows_of(node.args[0]) if node.args else None  # np.reshape(X, ...)
                return self.rows_of(node.func.value)
            if _CARRIES_ROWS.search(short) and not any((k.arg or "").endswith("sampler") for k in node.keywords):
                given = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg in _FIRST), None)
                return self.rows_of(given) if given is not None else None
        return None

    def numbers_of(self, node: ast.AST) -> Rows | None:
        """The rows whose numbers an expression holds: np.arange(len(X)), range(X.shape[0]), X.index."""
        if isinstance(node, ast.Name):
            return self.places.get(node.id)
        if isinstance(node, ast.Attribute) and node.attr == "index":
            return self.rows_of(node.value)
        if isinstance(node, ast.Call) and short_name(node) in ("arange", "range", "permutation", "list", "array"):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and short_name(inner) == "len" and inner.args:
                    return self.rows_of(inner.args[0])
                if isinstance(inner, ast.Attribute) and inner.attr in ("shape", "index"):
                    return self.rows_of(inner.value)
        return None

    def _numbered(self, node: ast.Subscript) -> Rows | None:
        """The rows behind X[test], X.iloc[test], X[test, :] where a split of the rows' numbers made `test`."""
        places = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        return self.by_name.get(places.id) if isinstance(places, ast.Name) and places.id in self.places else None

    def _joined(self, parts: Sequence[Rows | None]) -> Rows | None:
        """Rows laid one under the other; every part lies within them from now on."""
        found = [rows for rows in parts if rows is not None]
        held = frozenset(rows.id for rows in found)
        if len(held) < 2:
            return found[0] if found and len(parts) == 1 else None
        if held not in self._joins:
            name = " with ".join(dict.fromkeys(rows.name for rows in found))
            self._joins[held] = Rows(self.fresh(), name)
        whole = self._joins[held]
        for name, rows in self.by_name.items():
            if held & {rows.id, *rows.within} and whole.id not in rows.within and rows.id != whole.id:
                self.by_name[name] = rows._replace(within=(*rows.within, whole.id))
        return whole

    def _is_columns(self, index: ast.expr) -> bool:
        if isinstance(index, ast.Constant):
            return isinstance(index.value, str)
        if isinstance(index, ast.List):
            return all(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in index.elts)
        if isinstance(index, ast.Name):
            return index.id in self.columns or bool(_COLUMNS.search(index.id))
        return isinstance(index, ast.Attribute) and index.attr == "columns"

    def part_of(self, node: ast.AST) -> Rows | None:
        """The rows an expression holds a part of."""
        if isinstance(node, ast.Subscript):
            base = node.value
            if isinstance(base, ast.Attribute) and base.attr in ("iloc", "loc"):
                base = base.value
            return self.rows_of(base) or self.part_of(base)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _PARTS:
                return self.rows_of(node.func.value)
            if _KEEPS_ROWS.match(node.func.attr) or drops_columns(node):
                return self.part_of(node.func.value)
        if isinstance(node, ast.Attribute):
            return self.part_of(node.value)
        return None

    def fresh(self) -> int:
        """The number of rows seen for the first time."""
        self._number += 1
        return self._number


def _are_lists(added: Sequence[Rows]) -> bool:
    """Training rows + test rows: arrays of two lengths cannot be added, so these are lists."""
    return any(rows.test for rows in added) and any(rows.held == "train" for rows in added)
