"""What a secret is called, and what its text looks like: names such as api_key, and texts that no person chose."""

from __future__ import annotations

import math
import re
from collections import Counter
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_BEHIND = re.compile(
    r"_(prod|production|dev|development|testing|staging|live|value|val|str|string|raw|plain|text|txt|b64|base64|default|old|new"
    r"|current|env|var|hex|bytes|encoded|db|database|server|service|\d+|[a-z])$"
)
_PASSWORD = re.compile(
    r"(^|_|db|pg|my|user|admin|root|ftp|smtp|mail|imap|mysql|sql|redis|mongo|login|ssh)"
    r"(password|passwd|pwd|pass_?phrase|pass_?code|passwort|kennwort)s?$"
    r"|(^|_)(pass|pw|pword)$"
)
# The word of other languages, whole: what a person calls it who writes comments in them.
_FOREIGN = re.compile(
    r"^(?:\w+_)?(mot_?de_?passe|contrase[nñ]a|contrasenya|senha|parola_?chiave|wachtwoord|l[oö]senord|has[lł]o|adgangskode|passord"
    r"|salasana|heslo|jelsz[oó]|şifre|пароль|パスワード|密码|密碼|口令|비밀번호)(_\w+)?$",
    re.IGNORECASE,
)
_FOREIGN_WEAK = re.compile(r"(^|_)(mdp|clave|parola|sifre)$")  # also a decision process, a code
_PHRASE = re.compile(r"pass_?phrase|(seed|recovery|backup)_?phrase|mnemonic", re.IGNORECASE)
_KEY = re.compile(
    r"(^|_)(secrets?|bearer|api_?keys?|api_?tokens?|jwt|x_amz_signature|x_goog_signature"
    r"|secret(_access)?_?(key|token|value|string)s?|access_?key_?id"
    r"|(api|access|private|account|client|consumer|app|application|auth|sign|signing|encryption|encrypt|master|service|storage|shared"
    r"|shared_access|subscription|license|deploy|session|webhook|bot|server|admin|ingest|account_access|openai|anthropic|hf|huggingface"
    r"|github|gitlab|slack|telegram|discord|stripe|wandb|neptune|comet|kaggle|aws|azure|gcp|google|refresh|bearer|security|sas"
    r"|personal_access|twilio|sendgrid|cohere|pinecone|mapbox|rapid_?api|oauth|id)_?(key|secret|token)s?)$"
)
_SECRET = re.compile(r"(^|_)(secrets?|secret_?key)$")
_INSIDE = re.compile(r"\.(account|secret|access|api)\.?key\b", re.IGNORECASE)  # a setting: fs.s3a.secret.key
_WEAK = re.compile(
    r"^appid$|(^|_)(tokens?|credentials?|creds?|auth|authorization|cookies?|sas|signature|sig|sid|[a-z]{2,}_key)$"
)
# keys that open nothing, and tokens of a language
_NO_KEY = re.compile(
    r"(^|_)(primary|foreign|sort|sorting|partition|group|dict|row|column|col|merge|join|index|cache|object|file|sheet|doc|document"
    r"|public|dataset|model|bucket|data|map|lookup|hash|natural|composite|surrogate|by|id|s3|gs|translation|random|prng|rng|pad|unk"
    r"|eos|bos|cls|sep|mask|oov|start|end|stop|special|max|min|num|n)_(key|token)s?$"
)
_PLACEHOLDER = re.compile(
    r"your|(?-i:x{4}|X{4})|\*\*\*|\.\.\.|example|placeholder|dummy|fake|insert|replace|change_?me|changeit|redacted|todo|secret_?key|api_?key"
    r"|password|passwd|passwort|hidden|private_?token|access_?token|my_?token|abcdef|qwerty|0123456|123456|0000000|11111|sample|%\(|%s|_here"
    r"|•••|#####",
    re.IGNORECASE,
)
_FILLED_IN = re.compile(r"^<.*>$|^\[.*\]$|\{.*\}|^\$\(?\{?[A-Za-z_]\w*[})]?$|^%\w+%$", re.DOTALL)
_PATTERN = re.compile(r"\\[dwsDWSb.]|\[\^|\[(a-z|A-Z|0-9)|\(\?|\.[*+](\?|\)|$)|\{\d+,\d*\}")
_WORDS = re.compile(r"^([a-z]{1,11}([_.-][a-z]{0,11})+|[A-Z]{1,11}([_.-][A-Z]{0,11})+)\d{0,2}$")
_HEX = re.compile(r"^(?=.*\d.*\d)(?=.*[a-fA-F])[0-9a-fA-F]{16,}$")
_DIGEST = re.compile(r"^(md5|sha-?\d{1,3}|blake2\w?|crc32|xxh\d+)[:=-]", re.IGNORECASE)  # a sum of other bytes
_RESOURCE = re.compile(r"^arn:[\w-]+:[\w-]+:")  # the name of a thing at Amazon, keys among them
_DOTTED = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$")
_PATH = re.compile(
    r"^[~./\\]{0,3}[/\\]|^[A-Za-z]:[\\/]|^[\w .-]+(/[\w .-]+)*/?[\w-]+\.[a-z]{2,5}$|^(\.?[\w-]*[a-z_-]{3,}[\w-]*/)+"
)
_WORDS_OF_A_PHRASE = re.compile(r"^[a-z]{3,9}(?: [a-z]{3,9}){3,23}$")  # correct horse battery staple
_MOLECULE = re.compile(r"^[A-Z]{14}-[A-Z]{10}-[A-Z]$")  # InChIKey: which molecule it is
_PAIRWISE = re.compile(r"(^|_)(pw|pass|pword)$", re.IGNORECASE)  # also a width, a pass over data
_SPELLED = re.compile(r"^[a-z]+(_[a-z]+)+(_?\d{1,2})?$")
_APP_PASSWORD = re.compile(r"^[a-z]{4}(?: [a-z]{4}){3}$")  # as a mail service draws them for programs
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_EVERYDAY_WORDS = """
postgres admin root guest test user neo4j mysql oracle elastic minio default none null true false secret pass
letmein string text str varchar object category unicode bytes int float bool boolean masked required optional
invalid forbidden unauthorized anonymous
"""
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
_FOLLOWERS_TEXT = """
abcdgilmnprstuy baeilorsu caehiklortu daeiorsu eacdefgilmnprstvwx faefiloru gaeirs haeio iabcdefglmnoprstvz ke
ladeilostuy mabeimopsu nacdefgiknostuv obcdglmnoprstuvw paeiloprstuy qu racdegimnorstuy sacehilopstu tacehiloprstuy
uabeilmnprst vaei waei xit yp ze
"""
# The 210 pairs of letters that make 88% of the pairs in 19,000 words of Python's and two libraries' sources.
_FOLLOWERS = {line[0]: frozenset(line[1:]) for line in _FOLLOWERS_TEXT.split()}
LONGEST = 4_000  # characters of one text that is still looked at as a key
SAMPLE = 200  # characters of it that are weighed


class Called(IntEnum):
    """How much a name says that its text is a secret."""

    OTHERWISE = 0
    WEAKLY = 1  # token, auth, openai_key: the text must look random
    KEY = 2  # api_key, client_secret
    SECRET = 3  # secret, secret_key: a key or a password
    PASSWORD = 4


KEYS = (Called.KEY, Called.SECRET)  # what a key may be called, a password not always


@lru_cache(maxsize=10_000)
def called(name: str) -> Called:
    """What a variable, key, header or keyword says of its text; `password_length` says nothing."""
    if not name or len(name) > 80:
        return Called.OTHERWISE
    plain = "_".join(_WORD.findall(name)).lower()
    while (shorter := _BEHIND.sub("", plain)) != plain:
        plain = shorter
    if _PASSWORD.search(plain) or _FOREIGN.search(name):
        return Called.PASSWORD
    if _NO_KEY.search(plain):
        return Called.OTHERWISE
    if _SECRET.search(plain) or _FOREIGN_WEAK.search(plain):
        return Called.SECRET
    if _KEY.search(plain) or _INSIDE.search(name):
        return Called.KEY
    return Called.WEAKLY if _WEAK.search(plain) else Called.OTHERWISE


def entropy(text: str) -> float:
    """Shannon entropy of the characters, in bits each (Shannon 1948)."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values()) if text else 0.0


def is_random(text: str, shortest: int = 12) -> bool:
    """Whether a text was drawn and not chosen: few of its neighbouring characters go together in words."""
    text = text[:SAMPLE]
    if len(text) < shortest or entropy(text) < 2.75 or _WORDS.match(text) or not any(c.isalpha() for c in text):
        return False
    unnatural = pairs = 0
    for one, two in pairwise(text):
        if not (one.isalnum() and two.isalnum()) or (one.isdigit() and two.isdigit()):
            continue
        pairs += 1
        if one.isdigit() or two.isdigit() or (one.islower() and two.isupper()):
            unnatural += 1
        else:
            unnatural += two.lower() not in _FOLLOWERS.get(one.lower(), "")
    return pairs >= (8 if len(text) >= 16 else 5) and unnatural > 0.39 * pairs


def is_placeholder(text: str) -> bool:
    """Whether a text stands for a secret that is to be filled in, or is a documented example."""
    text = text[:SAMPLE]
    return bool(_PLACEHOLDER.search(text) or _FILLED_IN.search(text)) or len(set(text)) < 4


def is_password(text: str, *, sure: bool = False) -> bool:
    """Whether a text may be a password: six or more characters, letters with digits or signs, no path, no pattern.

    Args:
        text: what is given to a name such as `password`.
        sure: it certainly stands where a password goes (a connection string): letters alone will do.
    """
    if not 6 <= len(text) <= 200 or any(c.isspace() or c == "\0" for c in text) or is_placeholder(text):
        return False
    if text.lower() in _EVERYDAY or _is_written_for_machines(text):
        return False
    letters = any(c.isalpha() for c in text)
    other = any(c.isdigit() or (not c.isalnum() and c not in "_-.:/,;()[]") for c in text)
    mixed = any(a.islower() and b.isupper() for a, b in pairwise(text))
    return letters and (other or sure or is_random(text, 8 if mixed else 10))


def is_strong(text: str) -> bool:
    """Whether nobody would write a text but as a password or a key: letters, digits and signs, or drawn."""
    if not is_password(text):
        return False
    signs = any(not c.isalnum() and c not in "_-.:/,;()[] " for c in text)
    digits = any(c.isdigit() for c in text)
    return (signs and digits and not _WORDS.match(text)) or is_random(text, 10)


def _is_written_for_machines(text: str) -> bool:
    """A path, a URL, a pattern, a dotted name: texts that name things."""
    if (
        "://" in text
        or _RESOURCE.match(text)
        or _MOLECULE.match(text)
        or _PATTERN.search(text)
        or (_DOTTED.match(text) and not is_random(text, 20))
    ):
        return True
    return bool(_PATH.search(text)) and not is_random(text, 16)


def is_key(text: str, shortest: int = 14) -> bool:
    """Whether a text may be a key: dense, random, no path, no placeholder."""
    if not shortest <= len(text) <= LONGEST or any(c.isspace() or c == "\0" for c in text) or is_placeholder(text):
        return False
    if _is_written_for_machines(text) or _DIGEST.match(text):
        return False
    return is_random(text, shortest) or bool(_HEX.match(text))


def named(text: str, name: str, *, sure: bool = False) -> str:
    """Why a text given to a name counts as a secret; empty when it does not.

    Args:
        text: the text.
        name: the variable, keyword, key, column or header it is given to.
        sure: what stands around it (a user, a host) says that passwords are meant.
    """
    how = called(name)
    if _PHRASE.search(name) and _WORDS_OF_A_PHRASE.match(text) and not is_placeholder(text):
        return f"{name[:40]} holds words that open something"
    if how is Called.PASSWORD and _APP_PASSWORD.match(text):
        return f"{name[:40]} holds a text"
    short = name if len(name) <= 40 else name[:37] + "..."
    if how is Called.PASSWORD and _PAIRWISE.search(name) and _SPELLED.match(text):
        return ""
    if how is Called.PASSWORD and is_password(text, sure=sure):
        return f"{short} holds a text"
    if how is Called.SECRET and is_strong(text):
        return f"{short} holds a text"
    if (how >= Called.KEY and is_key(text)) or (how is Called.WEAKLY and is_key(text, 16) and not _UUID.match(text)):
        return f"{short} holds a text that looks random"
    return ""


__all__ = [
    "KEYS",
    "Called",
    "called",
    "entropy",
    "is_key",
    "is_password",
    "is_placeholder",
    "is_random",
    "is_strong",
    "named",
]
