"""The one family of errors: what went wrong, and what to type next.

Doors turn a MleeError into what their world shows in one line (a UsageError in a notebook, a line on
stderr and exit code 2 on the command line). Anything else that escapes is a fault of ours.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

_LONGEST = 1_500  # characters of one message: names and paths in it may be anything
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # controls, half surrogate pairs, what turns the reading order
_KEPT = "\u200c\u200d\n\t"  # parts of words and of emoji, and what parts lines


class MleeError(Exception):
    """Bad input, said in one line: the value given, the bound it breaks, and the next step.

    Args:
        message: what was wrong; one sentence, no line break needed.
        remedy: what to type or change next; appended to the message.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = written_out(message)
        self.remedy = written_out(remedy)
        super().__init__(f"{self.message} {self.remedy}".strip())


def written_out(text: str) -> str:
    """The text in one line that every terminal shows as it is: what cannot be seen is written out."""
    text = without_control(" ".join(text[: 2 * _LONGEST].split()))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def without_control(text: str) -> str:
    """The same of a text of several lines, whole: names from a stranger's file move no cursor and clear no screen."""
    if text.isascii() and text.isprintable():
        return text
    hidden = {c for c in set(text) if c not in _KEPT and unicodedata.category(c) in _UNSEEN}
    return "".join(ascii(c)[1:-1] if c in hidden else c for c in text) if hidden else text


class NameTaken(MleeError):
    """Another one has this name already."""


class OtherLanguage(MleeError):
    """A notebook is of another language than Python."""


class StoreError(MleeError):
    """The store cannot be read or written; the file is left as it was found."""


class TimeBoxExpired(KeyboardInterrupt):
    """A hard limit that the user asked for was reached inside a synchronous cell.

    A KeyboardInterrupt, so that `except Exception: pass` in a loop does not swallow it.
    """


class TimeBoxExceeded(Exception):
    """The same limit in an asynchronous cell, where a KeyboardInterrupt would end the kernel's event loop."""


def did_you_mean(wrong: str, known: Iterable[object]) -> str:
    """A question that names the one or two nearest of the known names, or nothing; ends in a space."""
    names = [name for name in known if isinstance(name, str) and not name.startswith("_") and name != wrong]
    lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(wrong[:80].lower(), lower, n=2, cutoff=0.6)
    return f"Did you mean {' or '.join(lower[name][:40] for name in near)}? " if near else ""
