"""What lines of commands and magics say in their words: surely harmless ones, options in front."""

from __future__ import annotations

import os
import posixpath
import re
import shlex

_READING = frozenset({"ls", "cat", "head", "wc", "echo"})
_HARMLESS = _READING | {"mkdir", "cp", "mv", "rm", "unzip"}
_WORD = re.compile(r"^[\w.,:=@%+ -]+(?:/[\w.,:=@%+ -]+)*/?$")
_PATTERN = re.compile(r"^[\w.,:=@%+ *?-]+(?:/[\w.,:=@%+ *?-]+)*/?$")
_SHELL = re.compile(r"^(?:/bin/|/usr/bin/|/usr/local/bin/)?(?:ba|da|z|k)?sh$")
_OWN_SHELL = os.environ.get("SHELL", "")  # as it is before a notebook runs: it may lie anywhere
_ATTACHED = re.compile(r"-\w/")  # -t/tmp


def is_harmless(command: object) -> bool:
    """Whether a command surely stays in its folder: mkdir, ls, cp and the like, on literal relative paths.

    Args:
        command: a shell line, or the words of a command (as `subprocess` takes them).
    """
    if isinstance(command, (list, tuple)) and all(isinstance(word, str) for word in command):
        words = list(command)
        is_own = words[:1] == [_OWN_SHELL] and bool(_SHELL.match(posixpath.basename(_OWN_SHELL)))
        if words[1:2] == ["-c"] and (is_own or _SHELL.match(words[0])):
            return len(words) == 3 and is_harmless(words[2])
    elif isinstance(command, str):
        try:
            words = shlex.split(command)
        except ValueError:
            return False
        if any(mark in command for mark in "|&;<>$`(){}\\!#~\n"):
            return False
    else:
        return False
    if not words or words[0] not in _HARMLESS:
        return False
    form = _PATTERN if words[0] in _READING else _WORD
    return all(
        form.match(w) and ".." not in w.split("/") and "=/" not in w and not _ATTACHED.match(w) for w in words[1:]
    )


def without_options(rest: str) -> str:
    """What a line magic is given, less the options in front: `-n 10 f(x)` is `f(x)`."""
    while (option := re.match(r"-\w+(?:\s+|$)(?:[^\s=(]+\.\w+\s+)?", rest)) is not None:
        rest = rest[option.end() :]
    return rest
