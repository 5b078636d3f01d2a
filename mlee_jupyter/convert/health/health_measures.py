"""What is measured on which rows: a score, a loss, predictions; told by calls, and by loops over the rows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlee_jupyter.domain import Rows
from mlee_jupyter.domain.notebooks import OWN

from .health_row_words import PREDICTS, names_in, short_name
from .health_rows_known import RowsKnown

Measured = frozenset[Rows]
NOTHING: Measured = frozenset()
_SCORES = re.compile(
    r"(^|_)(score|error|err|loss|losses|report|auc|acc|accuracy|rmse|mse|mae|mape|r2|f1|logloss|rmsle|metric|criterion|cost|score_func"
    r"|eval|evaluate|evaluation|test|validate|correct)(_fn|_func|_score)?(_\w+)?$|^(auc|compute_\w+|calc\w*|get_(acc|loss|score|error)\w*)$",
    re.IGNORECASE,
)
_CURVES = frozenset(
    {"roc_curve", "precision_recall_curve", "det_curve", "staged_predict", "staged_predict_proba", "staged_score"}
)
_MODEL = re.compile(
    r"(^|_)(model|net|network|mlp|cnn|rnn|lstm|gru|clf|cls|classifier|regressor|reg|estimator|module)\d*(_\w+)?$",
    re.IGNORECASE,
)
_SUMS = frozenset({"mean", "sum", "average", "item", "count_nonzero", "nanmean", "median"})
_ABOUT = frozenset({"len", "range", "shape", "print", "type", "size", "enumerate", "zip", "isinstance"})
_MAKERS = re.compile(
    r"split|transform|Dataset|Loader|concat|stack|copy|head|describe|info|unique|value_counts|plot|scatter|show|summary"
)


class Measures:
    """The names that hold what was measured, by now."""

    def __init__(self, known: RowsKnown) -> None:
        self._known = known
        self.scores: dict[str, Measured] = {}  # a score, or scores of the batches of one pass
        self.predictions: dict[str, Measured] = {}
        self.batches: dict[str, Rows] = {}  # loop variable -> the rows that the loop passes over

    def forget(self, name: str) -> None:
        """The variable is something else from now on."""
        for table in (self.scores, self.predictions, self.batches):
            table.pop(name, None)

    def rows_in(self, node: ast.AST) -> Measured:
        """The rows that an expression holds or is made of, where names tell."""
        if isinstance(node, ast.Name):
            if node.id in self.batches:
                return frozenset({self.batches[node.id]})
            made = node.id in self.scores or node.id in self.predictions
            known = node.id in self._known.by_name or _says_rows(node.id)
            return self._named(node) if known and not made else NOTHING
        if isinstance(node, ast.Constant):
            return NOTHING
        whole = self._known.rows_of(node) if _is_plain(node) else None
        if whole is not None and _is_rows(whole):
            return frozenset({whole})
        if isinstance(node, (ast.Attribute, ast.Starred)):
            return (
                self.rows_in(node.value) if getattr(node, "attr", "") not in ("shape", "columns", "index") else NOTHING
            )
        if isinstance(node, ast.Subscript):
            return self.rows_in(node.value)
        if isinstance(node, ast.Call) and short_name(node) not in _ABOUT | PREDICTS:
            parts = [*node.args, *(k.value for k in node.keywords)]
            if isinstance(node.func, ast.Attribute):
                parts.append(node.func.value)
            return frozenset().union(*(self.rows_in(p) for p in parts)) if parts else NOTHING
        if isinstance(node, (ast.Tuple, ast.List)):
            return frozenset().union(*(self.rows_in(p) for p in node.elts)) if node.elts else NOTHING
        return NOTHING

    def _named(self, node: ast.Name) -> Measured:
        rows = self._known.rows_of(node)
        return frozenset({rows}) if rows is not None and _is_rows(rows) else NOTHING

    def score(self, node: ast.AST) -> Measured:
        """The rows on which a value was measured, if it is a score; all of them, training rows too."""
        return frozenset().union(*self._scores_in(node))

    def _scores_in(self, node: ast.AST) -> Iterator[Measured]:
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if isinstance(one, (ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)):
                continue
            if isinstance(one, ast.Name):
                yield self.scores.get(one.id, NOTHING)
            elif isinstance(one, ast.Call) and (found := self._by_call(one)) is not None:
                yield found
            else:
                waiting += ast.iter_child_nodes(one)

    def _by_call(self, call: ast.Call) -> Measured | None:
        short = short_name(call)
        given = [*call.args, *(k.value for k in call.keywords if k.arg != "sample_weight")]
        if short in _ABOUT or _MAKERS.search(short):
            return NOTHING
        if short in _SUMS:
            held = [call.func.value] if isinstance(call.func, ast.Attribute) else []
            parts = [part for whole in (*held, *given) for part in ast.walk(whole)]
            against = any(
                isinstance(p, ast.Compare) or (isinstance(p, ast.BinOp) and isinstance(p.op, ast.Sub)) for p in parts
            )
            found = frozenset().union(*(self.prediction(whole) for whole in (*held, *given))) if against else NOTHING
            return found or None
        if _SCORES.search(short):
            rows = frozenset().union(*(self.rows_in(a) | self.prediction(a) for a in given)) if given else NOTHING
            return rows or None
        return None

    def prediction(self, node: ast.AST) -> Measured:
        """The rows behind the predictions in an expression."""
        found: set[Rows] = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id in self.predictions:
                found |= self.predictions[inner.id]
            elif isinstance(inner, ast.Call) and inner.args and self.predicts(inner):
                found |= self.rows_in(inner.args[0])
        return frozenset(found)

    def predicts(self, call: ast.Call) -> bool:
        """Whether a call gives predictions: m.predict(x), model(x)."""
        if short_name(call) in PREDICTS:
            return True
        if isinstance(call.func, ast.Attribute):
            return call.func.attr in ("forward", "apply") and bool(_MODEL.search(short_name_of(call.func.value)))
        return isinstance(call.func, ast.Name) and bool(_MODEL.search(call.func.id.partition(OWN)[0]))

    def curve(self, node: ast.AST) -> Measured:
        """The rows behind many scores at once: roc_curve(y_test, p), m.staged_predict(X_test)."""
        found: set[Rows] = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and short_name(inner) in _CURVES:
                for part in inner.args:
                    found |= self.rows_in(part) | self.prediction(part)
        return frozenset(found)


def test_rows(measured: Measured) -> Rows | None:
    """The test rows that something was measured on, if on nothing else."""
    if not measured or not all(rows.test for rows in measured):
        return None
    return min(measured, key=lambda rows: (_answers(rows.name), rows.id))


def short_name_of(node: ast.AST) -> str:
    """The last name of an expression: `model` of `self.model`."""
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _answers(name: str) -> bool:
    return bool(re.match(r"y(?![a-z])|labels?|targets?", name, re.IGNORECASE))


def _says_rows(name: str) -> bool:
    return bool(re.search(r"test|train|val|hold|dev", name, re.IGNORECASE))


def _is_rows(rows: Rows) -> bool:
    """Whether a name that is known holds rows: it came from a split, or says so."""
    return bool(
        rows.test or rows.held or rows.within or _says_rows(rows.name) or re.match(r"^[xXyY](?![a-z])", rows.name)
    )


def _is_plain(node: ast.AST) -> bool:
    return isinstance(node, (ast.Subscript, ast.Attribute, ast.Call)) and len(names_in(node)) < 4
