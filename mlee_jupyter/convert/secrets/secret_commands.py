"""Passwords that stand on a command line without a name: which option, or which place, of which program holds one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from .secret_words import KEYS, Called, called, is_key, is_password, is_strong

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
        + r"[\"']?\s{0,3}\|\s{0,3}(?:sudo\s{1,3}-S|\S{0,40}passwd|(?:docker|podman|gh|helm registry|oras) login"
        r"|gcloud secrets (?:create|versions add)|(?:docker|podman|gh|wrangler) secret (?:create|set|put)|kinit)\b",
    )
)
_REST = r"\b[^\n]{0,300}?\s"  # other options on the line
_USER_AND = r"[\"']?[^\s\"':$/]{1,80}:([^\s\"':$\0]{6,200})"
# Where letters alone will do: nothing else goes there.
_SURELY = tuple(
    (words.split(), re.compile(pattern))
    for words, pattern in (
        ("keyvault", r"\baz\s{1,3}keyvault\s{1,3}secret\s{1,3}set" + _REST + r"--value[ =]{1,3}" + _WORD),
        (
            "put-parameter",
            r"\bssm\s{1,3}put-parameter\b(?=[^\n]{0,400}SecureString)" + _REST + r"--value[ =]{1,3}" + _WORD,
        ),
        (
            "secretsmanager",
            r"\bsecretsmanager\s{1,3}(?:create|put|update)-secret" + _REST + r"--secret-string[ =]{1,3}" + _WORD,
        ),
        ("gh", r"\bgh\s{1,3}secret\s{1,3}set" + _REST + r"(?:-b|--body)[ =]{1,3}" + _WORD),
        (
            "docker podman nerdctl buildah skopeo oras helm",
            r"\b(?:docker|podman|nerdctl|buildah|skopeo|oras|helm\s{1,3}registry)\s{1,3}login"
            + _REST
            + r"-p[ ]?"
            + _WORD,
        ),
        ("login", r"\baz\s{1,3}(?:acr\s{1,3})?login" + _REST + r"-p[ =]?" + _WORD),
        ("az", r"\baz\s{1,3}(?:sql|mysql|postgres|mariadb)\b" + _REST + r"(?:-p|--admin-password)[ =]{1,3}" + _WORD),
        ("gpg", r"\bgpg2?" + _REST + r"--passphrase[ =]{1,3}" + _WORD),
        (
            "keytool jarsigner",
            r"\b(?:keytool|jarsigner)" + _REST + r"-(?:src|dest|new)?(?:store|key)pass(?:wd)?[ ]{1,3}" + _WORD,
        ),
        (
            "App. IdentityProvider.",
            r"\b(?:NotebookApp|ServerApp|LabApp|IdentityProvider|PasswordIdentityProvider)\.(?:token|(?:hashed_)?password)"
            r"[ ]{0,2}=[ ]{0,2}" + _WORD,
        ),
        ("JUPYTER_TOKEN=", r"\bJUPYTER_TOKEN=" + _WORD),
        (
            "mc",
            r"\bmc\s{1,3}(?:alias\s{1,3}set|config\s{1,3}host\s{1,3}add)\s{1,3}\S{1,80}\s{1,3}\S{1,200}\s{1,3}\S{1,80}\s{1,3}"
            + _WORD,
        ),
        ("lftp", r"\blftp" + _REST + r"-u[ ]?[\"']?[^\s,\"']{1,80},([^\s,;&|\"'$\0]{6,200})"),
        ("http xh", r"\b(?:https?|xhs?)" + _REST + r"(?:-a|--auth)[ =]{1,3}" + _USER_AND),
        (
            "mongo cqlsh twine beeline",
            r"\b(?:mongo(?:sh|dump|restore|import|export)?|cqlsh|twine|beeline)" + _REST + r"-p[ ]{1,3}" + _WORD,
        ),
        ("sqlcmd osql bcp", r"\b(?:sqlcmd|osql|bcp)" + _REST + r"-P[ ]?" + _WORD),
        ("ldap", r"\bldap(?:search|modify|add|delete|whoami|passwd)" + _REST + r"-w[ ]{1,3}" + _WORD),
        ("plink pscp psftp putty", r"\b(?:plink|pscp|psftp|putty)(?:\.exe)?" + _REST + r"-pw[ ]{1,3}" + _WORD),
        ("ssh-keygen", r"\bssh-keygen" + _REST + r"-[NP][ ]{1,3}" + _WORD),
        ("smbclient", r"\bsmbclient" + _REST + r"-U[ ]{0,3}[\"']?[^\s%\"']{1,80}%([^\s\"'$\0]{6,200})"),
        (
            "chpasswd",
            r"\becho\s{1,3}[\"']?[\w.-]{1,40}:([^\s:\"'$\0]{6,200})[\"']?\s{0,3}\|\s{0,3}(?:sudo\s{1,3})?chpasswd\b",
        ),
        ("curl", r"\bcurl" + _REST + r"-[A-Za-z#]{1,8}u[ ]{0,3}" + _USER_AND),
        (
            "sqlplus sqlldr expdp impdp",
            r"\b(?:sqlplus|sqlldr|expdp|impdp)" + _REST + r"[\"']?\w{1,40}/([^\s/@\"'$\0]{6,200})(?=[@\s\"']|$)",
        ),
        ("jdbc:oracle:", r"\bjdbc:oracle:(?:thin|oci8?):\w{1,40}/([^\s/@\"'{$\0]{6,200})@"),
    )
)
_TOKENS = (  # drawn, never chosen
    re.compile(r"\bngrok\b[^\n]{0,80}?authtoken\s{1,3}" + _WORD),
    re.compile(
        r"\b(?:https?|xhs?)" + _REST + r"(?:-A|--auth-type)[ =]{1,3}bearer" + _REST + r"(?:-a|--auth)[ =]{1,3}" + _WORD
    ),
)
# Programs whose settings are written as words: `dvc remote modify --local store password ...`
_SETTERS = re.compile(
    r"\b(?:dvc\s{1,3}remote\s{1,3}modify|rclone\s{1,3}config\s{1,3}(?:create|update|password)|(?:git|npm|pip|conda|poetry|snow)"
    r"\s{1,3}config|aws\s{1,3}configure\s{1,3}set|kaggle\s{1,3}config\s{1,3}set)\b([^\n;|&]{0,400})"
)
_PART = re.compile(r"[^\s\"']+")
_HINT = re.compile(r"zip|7z|rar\b|openssl|gpg|pdf|redis-cli|htpasswd|sudo|passwd|docker login|secret|kinit")
PROGRAMS = (
    "put-parameter", "lftp ", "mc alias", "mc config", "http ", "https ", "xh ", "curl ", "sqlplus", "sqlldr", "expdp",
    "impdp", "jdbc:", "mongo", "cqlsh", "twine", "beeline", "sqlcmd", "osql", "bcp", "ldap", "plink", "pscp", "psftp",
    "putty", "ssh-keygen", "smbclient", "kinit", "crypt", "git ", "og in ", "ign in ",
)  # fmt: skip
# Programs that take a password behind an option, apart or attached: `subprocess.run(["mysql", "-psecret"])`.
_OPTIONS = {
    "-p": frozenset({"mysql", "mysqldump", "mysqladmin", "sshpass", "7z", "7za", "rar", "unrar", "mongo", "mongosh"}),
    "-P": frozenset({"zip", "unzip"}),
    "-a": frozenset({"redis-cli"}),
    "-k": frozenset({"openssl"}),
}


def on_command_lines(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each password in a text that holds commands."""
    yield from _matched(_PATTERNS if _HINT.search(text) else (), text, is_password)
    there = [pattern for words, pattern in _SURELY if any(word in text for word in words)]
    yield from _matched(there, text, lambda word: is_password(word, sure=True))
    yield from _matched(_TOKENS if "ngrok" in text or "bearer" in text else (), text, lambda word: is_key(word, 16))
    for match in _SETTERS.finditer(text) if "config" in text or "dvc" in text else ():
        yield from _set(match[1], match.start(1))


def _matched(
    patterns: Sequence[re.Pattern[str]], text: str, is_one: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        yield from (match.span(1) for match in pattern.finditer(text) if is_one(match[1]))


def _set(words: str, begin: int) -> Iterator[tuple[int, int]]:
    """The words behind a name such as password or key."""
    parts = list(_PART.finditer(words))
    for name, value in pairwise(parts):
        how = Called.KEY if name[0] == "key" else called(name[0])
        if (how is Called.PASSWORD and is_password(value[0])) or (how in KEYS and is_key(value[0], 14)):
            yield begin + value.start(), begin + value.end()


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
