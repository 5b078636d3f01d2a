"""Values written into the code: lists of names, tuned numbers, paths of one machine, secrets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlee_jupyter.domain import ListSeen, Place

from .effects import PLOT_METHODS, dotted
from .health_nodes import Walked
from .paths import is_absolute, is_path
from .secrets import SHAPES, entropy, literals
from .types import Notebook

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

_PLACEHOLDER = re.compile(
    r"your|xxx|\*\*\*|<|>|\.\.\.|example|placeholder|dummy|fake|insert|replace|change_?me|changeit|redacted|todo|secret_?key|api_?key"
    r"|password|passwd|hidden|private_?token|access_?token|my_?token|abcdef|qwerty|0123456|1234567|0000000|11111|sample|\{|\}|%s|\$",
    re.IGNORECASE,
)
_KEY_NAME = re.compile(
    r"(^|_)(secret|secret_?key|api_?key|apikey|access_?key|access_?key_?id|client_?secret|consumer_?(key|secret)|private_?key|account_?key"
    r"|app_?secret|access_?token|access_?token_?secret|auth_?token|bearer|api_?token|token_?secret|subscription_?key)$",
    re.IGNORECASE,
)
_TOKEN_NAME = re.compile(r"(^|_)(token|credentials?)$", re.IGNORECASE)
_PASSWORD_NAME = re.compile(r"(^|_)(password|passwd|pwd|passphrase)$", re.IGNORECASE)
_WEAK_WORDS = """
postgres admin root guest test user neo4j mysql oracle elastic minio default none null true false secret pass
letmein
"""
_WEAK = frozenset(_WEAK_WORDS.split())
_PASSWORD_URL = re.compile(r"://([^\s/:@]+):([^\s/@]+)@([\w.-]+)")


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


def secrets_in(notebook: Notebook, statements: tuple[Walked, ...]) -> Iterator[Place]:
    """Keys, tokens and passwords, by shape in all text and by name and randomness in code. The secret is not kept."""
    seen: set[tuple[int, int]] = set()
    for one in statements:
        if not any(len(str(text.value)) >= 6 for text in one.texts):
            continue
        for node, name in literals(one.statement.node):
            why = named_secret(str(node.value), name)
            if why and (one.cell, node.lineno) not in seen:
                seen.add((one.cell, node.lineno))
                yield Place(one.cell, node.lineno, name, why)
    for cell in notebook.cells:
        for number, line in enumerate(cell.source.split("\n"), start=1):
            if len(line) >= 16 and (cell.number, number) not in seen and (what := shaped_secret(line[:20_000])):
                yield Place(cell.number, number, what, f"has the shape of {what}")


def shaped_secret(text: str) -> str:
    """Which service's key a text holds; empty when none, or when it is an example's."""
    for what, pattern in SHAPES:
        for match in pattern.finditer(text):
            found = match.group(0)
            if what == "a private key":
                # the words alone stand in many a tutorial; a key has a body
                if len(re.sub(r"-----[A-Z ]+-----", "", found)) < 100:
                    continue
                return what
            if what == "a password in a URL":
                if _url_password(found):
                    return what
                continue
            body = found.rpartition("-" if found.startswith(("sk-", "pypi-")) else " ")[2]
            mixed = sum(c.isdigit() for c in body) >= 3 and any(c.isalpha() for c in body)
            if mixed and entropy(body) > 3.0 and not _PLACEHOLDER.search(found):
                return what
    return ""


def _url_password(url: str) -> bool:
    match = _PASSWORD_URL.search(url)
    if match is None:
        return False
    user, password, host = match.groups()
    local = host in ("localhost", "127.0.0.1", "0.0.0.0", "host", "db", "hostname", "server") or "example" in host
    return not local and user != password and _is_password(password)


def named_secret(text: str, name: str) -> str:
    """Why a literal given to a name counts as a secret; empty when it does not."""
    if (
        not name
        or len(text) > 500
        or " " in text.strip()
        or _PLACEHOLDER.search(text)
        or "/" in text[:1]
        or "://" in text
    ):
        return ""
    digits, letters = sum(c.isdigit() for c in text), sum(c.isalpha() for c in text)
    if _KEY_NAME.search(name) or _TOKEN_NAME.search(name):
        longest = 20 if _TOKEN_NAME.search(name) and not _KEY_NAME.search(name) else 14
        if len(text) >= longest and digits >= 2 and letters >= 4 and entropy(text) >= 3.0:
            return f"{name} holds a text that looks random"
        return ""
    return f"{name} holds a text" if _PASSWORD_NAME.search(name) and _is_password(text) else ""


def _is_password(text: str) -> bool:
    letters = any(c.isalpha() for c in text)
    other = any(c.isdigit() or (not c.isalnum() and c != "_") for c in text)
    return len(text) >= 6 and letters and other and text.lower() not in _WEAK and not _PLACEHOLDER.search(text)
