"""Passwords that a person chose: words, which only the place tells from a label, a type or a form to be filled in."""

from __future__ import annotations

import re

from .secret_words import Called, called, is_password

_LETTERS = re.compile(r"[^\W\d_A-Z]{6,40}|[^\W\d_a-z][^\W\d_A-Z]{5,39}")  # rosenkohl, Rosenkohl; not CharField, MASKED
_SAID = re.compile(r"(password|passwd|passwort|kennwort|pass_?phrase|_pwd)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_NO_SECRET = re.compile(
    r"pass|pwd|secret|token|key|your|enter|test|admin|exampl|user|login|word|hidden|mask|default|field|type|label|demo|sampl"
    r"|strong|weak|valid|correct|hash|crypt|hello|value|string|config|credential|foo|bar(?:baz)?$",
    re.IGNORECASE,
)
# What a form, a table or an image's page writes where a password goes, and what half the world has chosen.
_EVERYDAY_TEXT = """
my abc dev local guest root anna dummy fake stub mock placeholder change replace insert changeme letmein welcome
iloveyou monkey dragon sunshine princess football baseball master shadow superman batman michael jordan hunter
swordfish opensesame sesame python jupyter rosebud computer internet qwerty qwertz asdfgh asdfghjkl zxcvbn abcdef
postgres mysql oracle mongo mariadb airflow grafana rabbitmq minio kafka redis elastic clickhouse exasol superset
metabase
hadoop spark hive neo4j docker
unknown missing removed deleted empty blank nothing something anything private public wrong simple complex short long
plain plaintext cleartext input prompt column feature target object number integer double boolean category nullable
basic digest bearer static dynamic random generated automatic manual server client host database account environment
environ vault settings none null true false required optional string text unset forgotten protected
oauth ssh sha bcrypt scrypt argon md utf iso float int uint datetime timedelta varchar char column columns
version peak http https port nist
"""
_EVERYDAY = frozenset(_EVERYDAY_TEXT.split())


def is_stand_in(text: str) -> bool:
    """Whether a text says what goes there, or is everybody's: "my-key-1", "admin123", "float64"."""
    return bool(_NO_SECRET.search(text)) or any(word.lower() in _EVERYDAY for word in _WORD.findall(text))


def is_own(text: str) -> bool:
    """Whether a text is a password with digits or signs in it, and nobody's stand-in for one."""
    return len(text) >= 8 and is_password(text) and any(c.isdigit() for c in text) and not is_stand_in(text)


def is_chosen(text: str, name: str) -> bool:
    """Whether a word given to a name is a password by that name alone: one that says password, and whole.

    Args:
        text: letters; what has digits or signs is told without this.
        name: `password`, `db_password`, `PGPASSWORD`; not `pwd`, a folder, nor `passwords`, a list of words.
    """
    return (
        bool(_LETTERS.fullmatch(text) and _SAID.search(name))
        and called(name) is Called.PASSWORD
        and not called(text)
        and text.lower() not in name.lower()
        and is_password(text, sure=True)
        and not is_stand_in(text)
    )


__all__ = ["is_chosen", "is_own", "is_stand_in"]
