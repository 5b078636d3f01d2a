"""Secrets by the form of a file or a sentence: a name on one line and its value on the next, "pw for the db is ...".

What people write in words is looked at strictly: the text must have digits, stand at the end, and be no stand-in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .secret_chosen import is_chosen, is_own, is_stand_in
from .secret_words import Called, called, is_key, is_password, named

_NAME = r"([A-Za-z][\w.-]{2,80})"
_VALUE = r"[\"']?([^\s\"'`;&<>|()\0]{6,4000})"
# A name and its value in the files of programs, and rows of two in what is shown.
_PAIRED = tuple(
    (words.split(), re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for words, pattern in (
        ("env arg", rf"^[ \t]{{0,8}}(?:ENV|ARG)[ \t]{{1,4}}{_NAME}[ \t=]{{1,4}}{_VALUE}"),
        ("setx setenv env", rf"^[ \t]{{0,8}}(?:setx|setenv|%env|%set_env)[ \t]{{1,4}}{_NAME}[ \t=]{{1,4}}{_VALUE}"),
        ("value", rf"\bname[\"']?:[ ]{{0,3}}[\"']?{_NAME}[\"']?,?\s{{1,40}}[\"']?value[\"']?:[ ]{{0,3}}{_VALUE}"),
        (
            "<name>",
            rf"<name>\s{{0,20}}{_NAME}\s{{0,20}}</name>\s{{0,40}}<value>\s{{0,20}}([^\s<]{{6,400}})\s{{0,20}}</value>",
        ),
        ("value=", rf"\b(?:key|name)=[\"']{_NAME}[\"']\s{{1,10}}value=[\"']([^\"'\s<>]{{6,400}})[\"']"),
        ("<!--", rf"<!--\s{{0,4}}{_NAME}[:=]?\s{{1,4}}(\S{{6,400}})\s{{0,4}}-->"),
    )
)
_ROW = re.compile(
    rf"<t[hd][^<>]{{0,80}}>\s{{0,20}}{_NAME}\s{{0,20}}</t[hd]>\s{{0,40}}<td[^<>]{{0,80}}>\s{{0,20}}([^\s<]{{6,400}})\s{{0,20}}</td>\s{{0,40}}(?=</tr)",
    re.IGNORECASE,
)
# Letters alone: behind an option or a variable of the environment that says password.
_OPTION = re.compile(
    r"(?<![\w-])--?(?!-|no-)((?:[A-Za-z][\w.-]{0,60})?(?:password|passwd|passphrase))=[\"']?([^\s\"'`;&<>|()\0]{6,40})"
)
_VARIABLE = re.compile(
    r"(?<![\w.$])([A-Z][A-Z0-9_]{0,60}(?:PASSWORD|PASSWD|_PWD)|PASSWORD)=[\"']?([^\s\"'`;&<>|()\0]{6,40})"
)
# password = "...", password <- "...": of a file or a cell of another language
_QUOTED = re.compile(
    r"(?<![\w.$-])([A-Za-z]\w{3,40})[ ]{0,3}(?:=|<-)[ ]{0,3}(?:\"([^\s\"]{6,40})\"|'([^\s']{6,40})')(?![\w\"'+])"
)
_SAYS = ("passw", "pw ", "pw:", "passphrase", "kennwort", "log", "sign in", "anmelde", "user")
_PW = r"(?:password|passwd|pw|passphrase|passwort|kennwort)"
_THING = (  # that a password opens; "pw for HeLa cells is ..." is another pw
    r"(?:[\w-]{0,20}(?:db|database|server|vpn|wi-?fi|wlan|account|user|login|zip|archive|file|site|portal|cluster|box|host|router"
    r"|nas|root|admin|api|s?ftp|ssh|mail|jupyter|hub|vm|machine|share|drive|pdf|datei|datenbank|konto|rechner|netz|cloud|app))"
)
_IS = r"[ ](?:is|was|lautet|ist)[ ]"
_OWN = r"[\"'`]?([^\s\"'`<>()\0]{8,200}?)[\"'`]?"
_END = r"(?=[.!]?[ \t]{0,4}(?:$|\n))"
_SENTENCES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_PW}[ ](?:for|to|on|für|zu[mr]?|vom)[ ](?:\w{{1,12}}[ ]){{0,2}}{_THING}{_IS}{_OWN}{_END}",
        rf"\((?:{_PW})[:=]?[ ]{{1,2}}{_OWN}\)",
        (
            rf"\b(?:(?:log|sign) ?(?:in|on)|anmelde\w{{0,3}}|einlogg\w{{0,3}})\b[^\n:]{{0,40}}[ ](?:with|as|mit|als)[ ]"
            rf"(?!(?:ssh|oauth|google|github|port|method|key|https?):)[\w.@-]{{1,40}}:{_OWN}{_END}"
        ),
        (
            rf"\b(?:user(?:name)?|login|benutzer)[ ]?/[ ]?(?:{_PW}|pass|pwd)[ ]?[:=][ ]?[\w.@-]{{1,40}}[ ]?/[ ]?"
            rf"{_OWN}(?=[\s,;.)]|$)"
        ),
    )
)
_HEADER = re.compile(
    r"(?:-H|--header)[ =]{1,3}[\"']?X-(?:Auth|Access|Api)-?(?:Token|Key):[ ]{0,3}([^\s\"'`$<>\0]{8,400})", re.IGNORECASE
)
_SQL = (
    re.compile(r"\bidentified\s{1,3}by\s{1,3}\"([^\"\n\0]{6,200})\"", re.IGNORECASE),
    re.compile(
        r"\b(?:pgp_sym_(?:de|en)crypt(?:_bytea)?|aes_(?:de|en)crypt)\s{0,3}\([^()\n]{1,200},\s{0,3}'([^'\n\0]{6,200})'",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:de|en)cryptbypassphrase\s{0,3}\(\s{0,3}N?'([^'\n\0]{6,200})'", re.IGNORECASE),
)
_COOKIES = re.compile(r"(?:\bcookie[\"']?\s{0,3}[:=]|\s(?:-b|--cookie)[ =]{1,2})([^\n]{12,2000})", re.IGNORECASE)
_SESSION = re.compile(
    r"\b([\w.-]{0,40}(?:sess(?:ion)?_?id|sessid|\.sid|session|(?:auth|access)_?token))=([^\s;\"'&]{12,1000})",
    re.IGNORECASE,
)


def in_forms(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each secret stands, and why."""
    small = text.lower()
    for words, pattern in _PAIRED:
        if any(word in small for word in words):
            yield from _paired(pattern, text)
    if "<td" in small:
        yield from (found for found in _paired(_ROW, text) if not is_stand_in(text[found[0] : found[1]]))
    if any(word in small for word in ("passw", "passphrase", "pwd", "kennwort")):
        yield from _words(text)
    if any(word in small for word in _SAYS):
        for pattern in _SENTENCES:
            yield from _those(pattern, text, is_own)
    if "-H" in text or "--header" in text:
        yield from _those(_HEADER, text, is_own)
    if "identified" in small or "crypt" in small:
        for pattern in _SQL:
            yield from _those(pattern, text, is_password if pattern is _SQL[0] else is_own)
    if "cookie" in small or " -b" in text:
        yield from _of_cookies(text)


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    for pattern in (_OPTION, _VARIABLE):
        for match in pattern.finditer(text):
            if is_chosen(match[2], match[1].lower()):
                yield *match.span(2), f"{match[1]} holds a word"
    for match in _QUOTED.finditer(text):
        place = 2 if match[2] else 3
        if is_chosen(match[place], match[1]):
            yield *match.span(place), f"{match[1]} holds a word"


def _of_cookies(text: str) -> Iterator[tuple[int, int, str]]:
    for cookies in _COOKIES.finditer(text):
        for match in _SESSION.finditer(text, *cookies.span(1)):
            if is_key(match[2], 12):
                yield *match.span(2), f"{match[1]} holds a text that looks random"


def _paired(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int, str]]:
    for match in pattern.finditer(text):
        name, value = match.groups()
        if called(name) and (why := named(value, name)):
            yield *match.span(2), why
        elif called(name) is Called.PASSWORD and is_chosen(value, name) and pattern is not _ROW:
            yield *match.span(2), f"{name} holds a word"


def _those(pattern: re.Pattern[str], text: str, is_one: Callable[[str], bool]) -> Iterator[tuple[int, int, str]]:
    yield from ((*match.span(1), "is a password") for match in pattern.finditer(text) if is_one(match[1]))


__all__ = ["in_forms"]
