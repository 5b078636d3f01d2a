"""What is never written or printed: a notebook's secrets, and what its environment holds."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mlee_jupyter.convert.types import Facts

from .secret_places import Found, secrets_of
from .secret_text import spans_in
from .secret_words import Called, called, is_key, named

STARS = "***"
SHORTEST = 6  # characters of a text that is blanked
SHORTEST_LINE = 16  # characters of a line of a key that is blanked on its own
SHORTEST_CUT = 10  # characters of a secret that are blanked where it was cut off
SHORTEST_FREE = 12  # characters of a text that is blanked inside a longer word as well
_ENVIRONMENT = re.compile(
    r"(?:environ(?:\.get|\.setdefault|\.pop)?|getenv)\s*[\[(]\s*[rbu]*[\"'](\w+)[\"']|%(?:set_)?env\s+(\w+)|\$\{?(\w+)|%(\w+)%"
)
_EVERYDAY = frozenset(
    {"PATH", "HOME", "PWD", "OLDPWD", "SHELL", "LANG", "TERM", "TZ", "PYTHONPATH", "SHLVL", "_", "VIRTUAL_ENV"}
)


def environment_secrets() -> frozenset[str]:
    """Values of this process's environment that are secrets by their name or their shape."""
    found: set[str] = set()
    for name, value in os.environ.items():
        if len(value) < SHORTEST or name in _EVERYDAY:
            continue
        how = called(name)
        if how >= Called.KEY or named(value, name):
            found.add(value)
        elif len(value) < 20_000:
            found |= {value[s.start : s.end] for s in spans_in(value)}
    return frozenset(v for v in found if len(v) >= SHORTEST)


def environment_read(facts: Facts) -> frozenset[str]:
    """Values of the environment variables that a notebook names, six or more characters long."""
    names = {
        name
        for c in facts.notebook.code
        for match in _ENVIRONMENT.finditer(c.source)
        for name in match.groups()
        if name
    }
    values = {os.environ.get(n, "") for n in names - _EVERYDAY}
    return frozenset(v for v in values if len(v) >= SHORTEST)


def never_written(facts: Facts) -> frozenset[str]:
    """What may stand in no golden value, test, report or message: secrets, and what the notebook reads from outside."""
    return texts_of(secrets_of(facts)) | environment_secrets() | environment_read(facts)


def texts_of(found: Iterable[Found]) -> frozenset[str]:
    """What is blanked of secrets that were found: each, and the literals that it is put together from."""
    texts: set[str] = set()
    for secret in found:
        texts.add(secret.text)
        texts |= {p for p in secret.pieces if len(p) >= SHORTEST and not _is_word(p)}
    return frozenset(t for t in texts if len(t) >= SHORTEST)


def _is_word(piece: str) -> bool:
    return piece.isalpha() and not is_key(piece, SHORTEST) and len(piece) < SHORTEST_FREE


class Blanker:
    """Replaces secrets in texts by stars, however they are written there.

    Args:
        texts: the secrets.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = sorted(set(texts), key=len, reverse=True)
        forms = sorted({f for t in self.texts for f in _forms(t)}, key=len, reverse=True)
        self._forms = forms
        self._cuts = [t for t in self.texts if len(t) >= SHORTEST_LINE]

    def __call__(self, text: str) -> str:
        """The text with stars for each secret; what has the shape of a key goes as well."""
        there = [f for f in self._forms if f in text]
        if there:
            text = re.sub("|".join(map(_bounded, there)), STARS, text)
        parts, position = [], 0
        for span in spans_in(text, named_too=False):
            parts += [text[position : span.start], STARS]
            position = span.end
        return "".join([*parts, text[position:]]) if parts else text

    def said(self, text: str) -> str:
        """The same for what is printed: also where a secret was cut off, and what follows a name such as password."""
        text = self(text)
        for secret in self._cuts:
            text = _without_cut(text, secret)
        parts, position = [], 0
        for span in spans_in(text):
            parts += [text[position : span.start], STARS]
            position = span.end
        return "".join([*parts, text[position:]]) if parts else text

    def program(self, text: str) -> str:
        """The same for Python source: where a plain replacement would break it, in its texts and comments alone."""
        blank = self(text)
        if blank == text or _parses(blank):
            return blank
        lines = text.splitlines(keepends=True)
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        except (tokenize.TokenError, SyntaxError):
            return blank
        for token in reversed(tokens):
            if token.type in (tokenize.STRING, tokenize.COMMENT) and (told := self(token.string)) != token.string:
                (first, start), (last, end) = token.start, token.end
                lines[first - 1 : last] = [lines[first - 1][:start] + told + lines[last - 1][end:]]
                lines[first:first] = [""] * (last - first)
        return "".join(lines)

    def value(self, value: Any) -> Any:
        """A JSON value with every text in it blanked."""
        if isinstance(value, str):
            return self.said(value)
        if isinstance(value, Mapping):
            return {self.said(str(k)): self.value(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            items = [self.value(v) for v in value]
            if isinstance(value, tuple):
                return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
            return items
        return value

    def files(self, files: Mapping[str, str]) -> dict[str, str]:
        """Files by name, each as what it is."""
        return {name: (self.program if name.endswith(".py") else self)(text) for name, text in files.items()}


def _forms(text: str) -> Iterator[str]:
    """How a secret may be written: as it is, in quotes of Python or JSON, its lines one by one."""
    yield text
    yield repr(text)[1:-1]
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    if "\n" in text or "\\n" in text:
        for line in re.split(r"\\n|\\r|[\r\n\"']", text):
            bare = line.strip(" \t#>+,")
            if len(bare) >= SHORTEST_LINE and not bare.startswith("-----"):
                yield bare


def _bounded(form: str) -> str:
    if len(form) >= SHORTEST_FREE:
        return re.escape(form)
    return rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])"


def _without_cut(text: str, secret: str) -> str:
    """A text without the beginning or the end of a secret that was cut off in the middle."""
    head = secret[:SHORTEST_CUT]
    at = text.find(head)
    while at >= 0:
        length = _alike(secret, text[at : at + len(secret)])
        text = text[:at] + STARS + text[at + length :]
        at = text.find(head, at + len(STARS))
    tail = secret[-SHORTEST_CUT:]
    at = text.find(tail)
    while at >= 0:
        end = at + len(tail)
        back = _alike(secret[::-1], text[max(0, end - len(secret)) : end][::-1])
        text = text[: end - back] + STARS + text[end:]
        at = text.find(tail, end - back + len(STARS))
    return text


def _alike(one: str, other: str) -> int:
    """How many characters two texts share from the beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


__all__ = ["Blanker", "environment_read", "environment_secrets", "never_written", "texts_of"]
