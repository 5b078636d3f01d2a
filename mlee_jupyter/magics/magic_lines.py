"""A magic's line: comment left out, variables expanded as IPython does, words split as a shell does."""

from __future__ import annotations

import shlex
import string
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from IPython.utils.text import DollarFormatter

from mlee_jupyter.domain.errors import MleeError, did_you_mean

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_CALLERS = ("run_line_magic", "run_cell_magic")


def words(line: str, shell: InteractiveShell | None) -> list[str]:
    """The line's words, so that `--because "two words"` loses its quotes and `{name}` is the variable's value.

    Raises:
        MleeError: quotes that do not match, or a name in braces that means nothing.
    """
    line = without_comment(line)
    if shell is not None and ("{" in line or "$" in line):
        line = expanded(line, _names_at_call(shell))
    try:
        return shlex.split(line)
    except ValueError:
        raise MleeError("The quotes in this line do not match.", 'Write --because "...".') from None


def without_comment(line: str) -> str:
    """The line up to a `#` that begins a word; one inside of quotes or of a word is no comment."""
    quote, escaped, begins = "", False, True
    for place, sign in enumerate(line):
        if escaped:
            escaped, begins = False, False
        elif sign == "\\" and quote != "'":
            escaped, begins = True, False
        elif quote:
            quote, begins = ("" if sign == quote else quote), False
        elif sign in "'\"":
            quote, begins = sign, False
        elif sign == "#" and begins:
            return line[:place]
        else:
            begins = sign.isspace()
    return line


def expanded(line: str, names: Mapping[str, Any]) -> str:
    """The line with `{expression}` and `$name` worked out by IPython's own formatter.

    Where one of them cannot be, IPython leaves the whole line as it is. So do we, unless a name in braces was meant.

    Raises:
        MleeError: a `{name}` would stay in the line as it is typed.
    """
    formatter = DollarFormatter()
    try:
        return formatter.vformat(line, [], dict(names))
    except Exception as fault:
        wrong = _first_wrong(line, names) or (type(fault).__name__, str(fault))
        if meant := _names_in_braces(line):
            field, why = wrong
            shown = f"{{{field[:40]}}}" if field in meant else field[:40]
            raise MleeError(
                f"{shown} cannot be filled in: {' '.join(why.split())[:120].rstrip('.?')}{'?' if '?' in why else '.'}",
                f"Define it, or write {{{{{meant[0][:40]}}}}} where the braces themselves are meant.",
            ) from None
    return line


def _first_wrong(line: str, names: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first field that cannot be worked out, and why."""
    try:
        for _, name, rest, _ in DollarFormatter().parse(line):
            field = f"{name}:{rest}" if rest else name  # IPython reads a colon as a slice, not as a format
            if field is not None:
                try:
                    str(eval(field, {}, dict(names)))
                except NameError as fault:
                    missing = fault.name or field
                    return field, f"there is no variable {missing[:40]!r}. {did_you_mean(missing, names)}"
                except Exception as fault:
                    return field, f"{type(fault).__name__}: {fault}"
    except ValueError:  # braces that do not match
        return None
    return None


def _names_in_braces(line: str) -> list[str]:
    """What stands in braces and begins with a name: `{name}`, `{row.name}`, `{rows[0]}`, not `{raw,clean}`."""
    found = []
    try:
        for _, field, _, _ in string.Formatter().parse(line):
            if field and field.replace(".", "").replace("[", "").replace("]", "").isidentifier():
                found.append(field)
    except ValueError:
        return found
    return found


def _names_at_call(shell: InteractiveShell) -> dict[str, Any]:
    """The user's variables where the magic was called: in a function, its own come first."""
    names: dict[str, Any] = dict(shell.user_ns)
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_name in _CALLERS and frame.f_locals.get("self") is shell:
            caller = frame.f_back
            return names if caller is None else {**names, **caller.f_locals}
    return names
