"""Text from strangers, made safe and measurable: cleaned, shortened, padded by what a terminal shows of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

LONGEST_LABEL = 300  # characters kept of a name that is only shown
_JOINERS = "\u200c\u200d"  # keep: they hold scripts and emoji together
_MARKS_IN_A_ROW = 4  # more combining marks on one letter are noise that climbs over the neighbouring lines


def whole(text: object) -> str:
    """A name as a key: unchanged, but for halves of characters, which no file could hold."""
    return "".join("\ufffd" if 0xD800 <= ord(char) <= 0xDFFF else char for char in str(text))


def clean(text: object, longest: int = LONGEST_LABEL) -> str:
    """One printable line: no control characters, no marks that reverse the reading order, no pile of accents.

    Args:
        text: anything; `str()` is taken of it.
        longest: at most so many characters come back, the last of them an ellipsis when something was cut.
    """
    raw = str(text)
    if len(raw) <= longest and raw.isascii() and raw.isprintable():
        return " ".join(raw.split())  # what most texts are
    cut = len(raw) > 4 * longest
    kept: list[str] = []
    marks = 0
    for char in raw[: 4 * longest]:
        if char.isascii() and char.isprintable():
            kept.append(char)
            marks = 0
            continue
        kind = unicodedata.category(char)
        if kind in ("Mn", "Me"):
            marks += 1
            if marks <= _MARKS_IN_A_ROW:
                kept.append(char)
            continue
        marks = 0
        if char in _JOINERS:
            kept.append(char)
        elif kind == "Cs":
            kept.append("\ufffd")
        elif kind in ("Cc", "Zl", "Zp", "Zs"):
            kept.append(" ")
        elif kind not in ("Cf", "Co", "Cn"):
            kept.append(char)
    line = " ".join("".join(kept).split())
    return line[: longest - 1].rstrip() + "…" if cut or len(line) > longest else line


def one_line(text: str) -> str:
    """The text without line breaks, control or direction marks, and runs of spaces; nothing is cut."""
    if text.isprintable() and "  " not in text:
        return text.strip()  # what nearly all texts are
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def label(name: object, longest: int = LONGEST_LABEL) -> str:
    """A name to show; never empty."""
    return clean(name, longest) or "(no name)"


def columns(text: str) -> int:
    """How many columns a terminal gives to a text: two for East Asian wide characters and most emoji."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth, wcwidth  # 15 ms, and most texts are ASCII

    whole_text = wcswidth(text)
    return whole_text if whole_text >= 0 else sum(max(0, wcwidth(char)) for char in text)  # control characters: none


def cut(text: str, width: int) -> str:
    """At most `width` columns of a text; the last one an ellipsis when something was cut."""
    if columns(text) <= width:
        return text
    return _fitting(text, width - 1).rstrip(_JOINERS + " ") + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """A text filled with blanks to `width` columns."""
    blanks = " " * max(0, width - columns(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `width` columns, broken between words; a word that is too long is broken too.

    textwrap counts characters, and a wide one takes two columns.
    """
    lines, line, empty = [], first, True
    for word in text.split(" "):
        part = word
        if not empty and columns(line) + 1 + columns(part) > width:
            lines.append(line.rstrip())
            line, empty = rest, True
        while columns(line) + columns(part) > width and empty:
            head = _fitting(part, max(2, width - columns(line))) or part[:1]
            lines.append(line + head)
            line, part = rest, part[len(head) :]
        line += part if empty else f" {part}"
        empty = False
    return [*lines, line.rstrip()]


def _fitting(text: str, width: int) -> str:
    """The longest beginning of a text that takes at most `width` columns."""
    end = len(text) if text.isascii() else 0
    while end < len(text) and columns(text[: end + 1]) <= width:
        end += 1
    return text[:width] if text.isascii() else text[:end]


def listed(names: Sequence[str], *, most: int = 4, joint: str = "and") -> str:
    """Names as a sentence has them: "a", "a and b", "a, b and c", "a, b, c and 4 more"."""
    shown = [cut(label(name), 40) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown[: most - 1])} {joint} {len(names) - most + 1} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joint} {shown[-1]}" if shown else ""


def count(number: int, thing: str, things: str | None = None) -> str:
    """A number with its noun: "1 variant", "1,200 cases"."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def sentences(parts: Iterable[str]) -> str:
    """Sentences one after the other, each closed by a full stop."""
    return " ".join(part if part.endswith((".", "!", "?", "…")) else part + "." for part in parts if part)


def line_or_none(text: str | None) -> str | None:
    """Text on one line, at most 1,000 characters; None for none and for nothing but blanks."""
    return None if text is None else clean(text, 1000) or None
