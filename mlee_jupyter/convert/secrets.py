"""Keys, tokens and passwords, found by name, shape or entropy; they become environment variables."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .draft import Draft
from .facts import Source
from .rewrite import Editor, out_of_reach
from .types import Cell, Secret, Statement

SHAPES = (
    ("an AWS key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,})\b")),
    ("a GitLab token", re.compile(r"\bglpat-[\w-]{18,}")),
    ("a Slack token", re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}")),
    ("a Slack hook", re.compile(r"https://hooks\.slack\.com/services/[\w/]+")),
    ("a Google key", re.compile(r"\bAIza[\w-]{33,}")),
    ("a Stripe key", re.compile(r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}")),
    ("a model service's key", re.compile(r"\bsk-[A-Za-z0-9_-]{20,}")),
    ("a Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{30,}")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{30,}")),
    ("a PyPI token", re.compile(r"\bpypi-[\w-]{30,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[\w-]{16,}\.[\w-]{16,}")),
    ("a JSON web token", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")),
    (
        "a private key",
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----)?", re.DOTALL),
    ),
    ("a password in a URL", re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"{}]+:[^\s/@'\"{}]+@[^\s'\"]+")),
    ("a storage account key", re.compile(r"\bAccountKey=[A-Za-z0-9+/=]{40,}")),
    ("a bearer token", re.compile(r"\bBearer\s+[A-Za-z0-9._~+/-]{16,}=*")),
)
_NAMED = re.compile(
    r"(^|_)(password|passwd|pwd|passphrase|secret|secret_?key|api_?key|apikey|access_?key|access_?token|auth_?token|private_?key"
    r"|client_?secret|bearer|credentials?|token|app_?key|account_?key|connection_?string)s?$",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"^(|<.*>|\[.*\]|\{.*\}|x{3,}|\*+|\.+|your.*|my.?(key|token|password)|changeme|none|null|test|todo.*|secret|password|token|\w{1,5})$",
    re.IGNORECASE,
)
_DENSE = re.compile(r"^[A-Za-z0-9+/_=.-]{24,200}$")


@dataclass(frozen=True)
class Found:
    """A secret's text and why it is taken for one."""

    text: str
    why: str


def shape_of(text: str) -> str:
    """Which known shape a text holds; empty when none."""
    return next((what for what, pattern in SHAPES if pattern.search(text)), "")


def looks_random(text: str) -> bool:
    """Whether a dense text has the entropy of a key: 24 or more characters, all classes mixed, over 4 bits each."""
    if not _DENSE.match(text) or "/" in text[:2] or text.count(".") > 1 or text.count("-") > 3 or text.count("_") > 3:
        return False
    classes = (any(c.islower() for c in text), any(c.isupper() for c in text), sum(c.isdigit() for c in text) >= 3)
    return all(classes) and entropy(text) > 4.0 and not re.search(r"[A-Za-z]{9,}", text)


def entropy(text: str) -> float:
    """Shannon entropy of the characters, in bits each (Shannon 1948)."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def judge(text: str, name: str = "") -> str:
    """Why a literal counts as a secret; empty when it does not.

    Args:
        text: the literal.
        name: the variable, keyword, key or column it is given to.
    """
    if what := shape_of(text):
        return f"has the shape of {what}"
    if name and _NAMED.search(name) and not _HARMLESS.match(text) and " " not in text.strip():
        return f"is named {name}"
    return "looks random" if looks_random(text) else ""


def literals(node: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    """Text literals with the name each is given to."""
    names: dict[int, str] = {}
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Assign, ast.AnnAssign)) and inner.value is not None:
            for target in inner.targets if isinstance(inner, ast.Assign) else [inner.target]:
                names[id(inner.value)] = _target_name(target)
                if isinstance(target, ast.Tuple) and isinstance(inner.value, ast.Tuple):
                    names |= {id(v): _target_name(t) for t, v in zip(target.elts, inner.value.elts, strict=False)}
        elif isinstance(inner, ast.keyword) and inner.arg:
            names[id(inner.value)] = inner.arg
        elif isinstance(inner, ast.Dict):
            names |= {
                id(v): str(k.value)
                for k, v in zip(inner.keys, inner.values, strict=True)
                if isinstance(k, ast.Constant)
            }
        elif isinstance(inner, ast.arguments):
            positional = [*inner.posonlyargs, *inner.args]
            names |= {id(d): a.arg for a, d in zip(positional[::-1], inner.defaults[::-1], strict=False)}
            names |= {id(d): a.arg for a, d in zip(inner.kwonlyargs, inner.kw_defaults, strict=True) if d is not None}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner, names.get(id(inner), "")


def _target_name(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return str(target.slice.value)
    return getattr(target, "id", None) or getattr(target, "attr", "") or ""


def take_out(draft: Draft) -> None:
    """Replace each secret literal by os.environ["NAME"]; what cannot be replaced is blanked when files are written."""
    editor = Editor(draft.facts)
    names: dict[str, str] = {}
    for statement in draft.statements():
        far = out_of_reach(statement.node)
        docstrings = {id(n.value) for n in ast.walk(statement.node) if isinstance(n, ast.Expr)}
        for node, name in literals(statement.node):
            why = judge(str(node.value), name)
            if not why or id(node) in docstrings:
                continue
            text = str(node.value)
            if text not in names:
                variable = _variable(draft.name, name or why.rpartition(" ")[2], set(names.values()))
                names[text] = variable
                draft.secrets.append(
                    Secret(variable=variable, cell=statement.cell, line=_line(statement, node), why=why)
                )
                draft.environment[variable] = text
            if id(node) not in far and not _inside_fstring(statement, node):
                editor.replace(statement, node, f'os.environ["{names[text]}"]')
                editor.need(statement, "os")
    draft.facts = editor.done()


def _line(statement: Statement, node: ast.Constant) -> int:
    return node.lineno if node.lineno else statement.first_line


def _inside_fstring(statement: Statement, node: ast.Constant) -> bool:
    outer = [n for n in ast.walk(statement.node) if isinstance(n, ast.JoinedStr)]
    return any(inner is node for one in outer for inner in ast.walk(one))


def _variable(package: str, name: str, taken: set[str]) -> str:
    stem = f"{package}_{re.sub(r'[^A-Za-z0-9]+', '_', name).strip('_')}".upper()
    variable, number = stem, 2
    while variable in taken:
        variable, number = f"{stem}_{number}", number + 1
    return variable


def planted(cells: Iterable[Cell]) -> set[str]:
    """Every text in a notebook that counts as a secret: code, comments, magics and prose."""
    found: set[str] = set()
    for cell in cells:
        for _, pattern in SHAPES:
            found |= {m.group(0) for m in pattern.finditer(cell.source)}
        for match in re.finditer(r"([\w-]+)[\"']?\s*[=:]\s*[\"']?([^\s\"',;)]{6,})", cell.source):
            if _NAMED.search(match[1].replace("-", "_")) and not _HARMLESS.match(match[2]) and "(" not in match[2]:
                found.add(match[2])
        found |= {w for w in re.findall(r"[A-Za-z0-9+/_=.-]{24,200}", cell.source) if looks_random(w)}
        if cell.kind == "code":
            try:
                tree = ast.parse(cell.python)
            except SyntaxError:
                continue
            found |= {str(node.value) for node, name in literals(tree) if judge(str(node.value), name)}
    return {text for text in found if len(text) >= 6 and not re.match(r"^os\.(environ|getenv)", text)}


def blanked(text: str, secrets: Iterable[str]) -> str:
    """A text without any of the secrets; the last line of defence before a file is written."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    for _, pattern in SHAPES:
        text = pattern.sub("***", text)
    return text


__all__ = ["SHAPES", "Source", "blanked", "judge", "planted", "take_out"]
