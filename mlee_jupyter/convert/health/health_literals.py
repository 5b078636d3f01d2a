"""Values written into the code: lists of names, tuned numbers, paths of one machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlee_jupyter.convert.read.effects import PLOT_METHODS, dotted
from mlee_jupyter.convert.read.paths import is_absolute, is_path
from mlee_jupyter.domain import ListSeen, Place

from .health_nodes import Walked

_TUNED_WORDS = """
test_size train_size validation_split n_estimators max_depth min_samples_split min_samples_leaf max_leaf_nodes
min_child_weight learning_rate lr eta n_neighbors n_clusters n_components n_splits cv C gamma alpha reg_alpha
reg_lambda l1_ratio epochs batch_size dropout threshold momentum max_features max_iter num_leaves subsample
colsample_bytree degree window lags n_iter num_epochs weight_decay random_state seed num_boost_round
early_stopping_rounds num_words maxlen hidden_layer_sizes l1 l2 ngram_range min_df max_df eps min_samples
"""
_TUNED = frozenset(_TUNED_WORDS.split())
_NO_TUNING = re.compile(
    r"^(plt|sns|px|go|alt|fig|ax\w*|pyplot|plotly|pd|widgets|print)\b|(^|\.)(plot|draw|show|scatter|fill|display)\w*$"
)
_OBVIOUS = frozenset({0, 1, -1})
_ROOTED = re.compile(
    r"^(~[/\\]\w|/(home|Users|content|kaggle|mnt|media|root|data|datasets?|opt|srv|scratch|work|workspace|Volumes|dbfs|gpfs|nfs|projects?"
    r"|storage|gdrive|drive|FileStore)/\w|[A-Za-z]:[\\/]{1,2}\w|\\\\\w+\\\w)"
)
_PORTABLE = re.compile(r"^/(tmp|dev|etc|usr|bin|proc|sys|api|var)(/|$)|^[A-Za-z]:/{2}|[<>|*{}$\n]|^/[/*]")
_FILE_END = re.compile(r"/[\w. -]+/[\w. -]+\.\w{2,8}$")


def lists_in(one: Walked) -> Iterator[ListSeen]:
    """Lists, tuples and sets of three or more different texts; single letters (colours, marks) do not count."""
    if len(one.texts) < 3:
        return
    slices = {id(n.slice) for n in one.nodes if isinstance(n, ast.Subscript)}
    for node in one.nodes:
        if not isinstance(node, (ast.List, ast.Tuple, ast.Set)) or len(node.elts) < 3:
            continue
        if isinstance(node, ast.Tuple) and id(node) in slices:
            continue
        items = [e.value for e in node.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
        if len(items) == len(node.elts) and len(set(items)) >= 3 and sum(len(i) > 2 for i in items) * 2 > len(items):
            yield ListSeen(one.cell, node.lineno, tuple(items))


def constants_in(one: Walked) -> Iterator[Place]:
    """Numbers given to settings that people tune, outside of drawings."""
    for call in one.calls:
        name = dotted(call.func)
        if _NO_TUNING.search(name) or name.rpartition(".")[2] in PLOT_METHODS:
            continue
        for keyword in call.keywords:
            if keyword.arg in _TUNED and (text := _number(keyword.value)):
                yield Place(one.cell, keyword.value.lineno, keyword.arg, text)


def _number(node: ast.expr) -> str:
    sign, inner = ("-", node.operand) if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else ("", node)
    if (
        not isinstance(inner, ast.Constant)
        or isinstance(inner.value, bool)
        or not isinstance(inner.value, (int, float))
    ):
        return ""
    return "" if inner.value in _OBVIOUS else (sign + repr(inner.value))[:40]


def paths_in(one: Walked) -> Iterator[Place]:
    """Absolute paths: they name a folder of one machine."""
    prose = {id(n.value) for n in one.nodes if isinstance(n, ast.Expr)} | _ends(one)
    for node in one.texts:
        text = str(node.value)
        if id(node) in prose or len(text) > 300 or not (_ROOTED.match(text) or _FILE_END.search(text)):
            continue
        if is_absolute(text) and is_path(text.strip()) and not _PORTABLE.search(text):
            yield Place(one.cell, node.lineno, text)


def _ends(one: Walked) -> set[int]:
    """Texts that are put behind another: in `root + "/a/b.csv"` and f"{root}/a/b.csv" they begin no path."""
    found: set[int] = set()
    for node in one.nodes:
        if isinstance(node, ast.JoinedStr):
            found |= {id(part) for part in node.values[1:]}
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            found.add(id(node.right))
    return found
