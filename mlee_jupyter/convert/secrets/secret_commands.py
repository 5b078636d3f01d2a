"""Passwords that stand on a command line without a name: which option, or which place, of which program holds one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .secret_words import is_password, is_strong

_WORD = r"[\"']?([^\s\"'`;&<>|$()\0-][^\s\"'`;&<>|()\0]{5,200})"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:zip|unzip)\b[^\n]{0,200}?\s-P[ ]?" + _WORD,
        r"\b(?:7za?|7zr|rar|unrar)\b[^\n]{0,200}?\s-(?:p|hp)" + _WORD,
        r"\b(?:openssl)\b[^\n]{0,200}?\s-(?:k|K)\s{1,3}" + _WORD,
        r"\b(?:openssl|gpg|qpdf|pdftk)\b[^\n]{0,200}?[\s=]pass(?:word)?[:= ]" + _WORD,
        r"\bredis-cli\b[^\n]{0,200}?\s-a[ ]?" + _WORD,
        r"\bhtpasswd\s{1,3}-\w{0,4}n\w{0,4}\s{1,3}\S{1,80}\s{1,3}" + _WORD,
        r"\bhtpasswd\s{1,3}-(?!\w{0,4}n)\w{1,5}\s{1,3}\S{1,200}\s{1,3}\S{1,80}\s{1,3}" + _WORD,
        r"\b(?:echo|printf)\s{1,3}(?:-n\s)?"
        + _WORD
        + r"[\"']?\s{0,3}\|\s{0,3}(?:sudo\s{1,3}-S|\S{0,40}passwd|docker login)\b",
    )
)
_HINT = re.compile(r"zip|7z|rar\b|openssl|gpg|pdf|redis-cli|htpasswd|sudo|passwd|docker login")
# Programs that take a password behind an option, apart or attached: `subprocess.run(["mysql", "-psecret"])`.
_OPTIONS = {
    "-p": frozenset({"mysql", "mysqldump", "mysqladmin", "sshpass", "7z", "7za", "rar", "unrar", "mongo", "mongosh"}),
    "-P": frozenset({"zip", "unzip"}),
    "-a": frozenset({"redis-cli"}),
    "-k": frozenset({"openssl"}),
}


def on_command_lines(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each password in a text that holds commands."""
    if not _HINT.search(text):
        return
    for pattern in _PATTERNS:
        yield from (match.span(1) for match in pattern.finditer(text) if is_password(match[1]))


def in_command_words(words: Sequence[str]) -> Iterator[int]:
    """Places of the words of a command, as `subprocess` takes them, that are a password or hold one."""
    program = words[0].rpartition("/")[2] if words else ""
    taking = {option for option, programs in _OPTIONS.items() if program in programs}
    for place, word in enumerate(words[1:], start=1):
        attached = word[:2] in taking and is_password(word[2:])
        apart = words[place - 1] in taking and is_strong(word)
        if attached or apart:
            yield place


__all__ = ["in_command_words", "on_command_lines"]
