"""Secrets in any text: keys in the shape of a service's, and what stands behind a name, in a URL, header or command.

One pass a pattern, each bounded, so that the time grows with the text's length and no faster.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .secret_commands import PROGRAMS, on_command_lines
from .secret_forms import in_forms
from .secret_tables import in_tables
from .secret_words import KEYS, Called, called, is_key, is_password, is_placeholder, is_random, is_strong, named


@dataclass(frozen=True, order=True)
class TextSpan:
    """Where a secret stands in a text, and why it is taken for one."""

    start: int
    end: int
    why: str
    example: bool = False  # in shape, but a documented example: never written, and nobody is accused


# What it is, a word that such a key holds (looked for first: most texts hold none), its pattern.
SHAPES = tuple(
    (what, word, re.compile(pattern))
    for what, word, pattern in (
        ("an AWS key", "A", r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"),
        ("a GitHub token", "gh", r"\bgh[pousr]_[A-Za-z0-9]{30,255}\b"),
        ("a GitHub token", "github_pat_", r"\bgithub_pat_\w{22,255}"),
        ("a GitLab token", "gl", r"\bgl(?:pat|dt|rt|cbt|ptt|soat|ft)-[\w-]{18,300}"),
        ("a Slack token", "xox", r"\bxox[abeoprs](?:\.xox[abp])?-[A-Za-z0-9-]{10,300}"),
        ("a Slack token", "xapp-", r"\bxapp-[A-Za-z0-9-]{20,300}"),
        ("a Slack hook", "hooks.slack.com", r"https://hooks\.slack\.com/(?:services|workflows)/[\w/]{10,200}"),
        ("a Discord hook", "/api/webhooks/", r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,200}"),
        ("a Teams hook", "webhook.office.com", r"https://[\w.-]{1,80}webhook\.office\.com/[\w/@-]{20,400}"),
        ("a Google key", "AIza", r"\bAIza[\w-]{33,60}"),
        ("a Google secret", "GOCSPX-", r"\bGOCSPX-[\w-]{20,80}"),
        ("a Google token", "ya29.", r"\bya29\.[\w-]{20,400}"),
        ("a Stripe key", "_", r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,300}"),
        ("a Stripe hook", "whsec_", r"\bwhsec_[A-Za-z0-9+/=]{20,200}"),
        ("a model service's key", "sk-", r"\bsk-[A-Za-z0-9_-]{20,300}"),
        ("a model service's key", "gsk_", r"\bgsk_[A-Za-z0-9]{30,200}"),
        ("a model service's key", "-", r"\b(?:pplx|xai|tgp_v1|fw|nvapi)-[A-Za-z0-9_-]{24,200}"),
        ("a model service's key", "r8_", r"\br8_[A-Za-z0-9]{30,80}"),
        ("a model service's key", "lsv2_", r"\blsv2_(?:pt|sk)_[A-Za-z0-9_]{24,200}"),
        ("a Hugging Face token", "_", r"\b(?:hf|api_org)_[A-Za-z0-9]{30,100}"),
        ("a Pinecone key", "pcsk_", r"\bpcsk_[A-Za-z0-9_]{24,200}"),
        ("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{30,100}"),
        ("a PyPI token", "pypi-", r"\bpypi-[\w-]{30,400}"),
        ("a SendGrid key", "SG.", r"\bSG\.[\w-]{16,80}\.[\w-]{16,80}"),
        ("a Mailgun key", "key-", r"\bkey-[0-9a-z]{32}\b"),
        ("a Mailchimp key", "-us", r"\b[0-9a-f]{32}-us\d{1,2}\b"),
        ("a Twilio key", "SK", r"\bSK[0-9a-f]{32}\b"),
        ("a Telegram token", ":AA", r"(?<!\d)\d{8,10}:AA[\w-]{32,36}"),
        ("a Databricks token", "dapi", r"\bdapi[0-9a-f]{32}(?:-\d)?\b"),
        ("a DigitalOcean token", "_v1_", r"\bdo[opr]_v1_[a-f0-9]{64}\b"),
        ("a Shopify token", "shp", r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b"),
        ("a Notion token", "ntn_", r"\bntn_[A-Za-z0-9]{40,80}"),
        ("a Notion token", "secret_", r"\bsecret_[A-Za-z0-9]{43}\b"),
        ("a Fly token", "fm", r"\bfm[12][ar]?_[A-Za-z0-9+/=_-]{30,1000}"),
        ("a Linear key", "lin_", r"\blin_(?:api|oauth)_[A-Za-z0-9]{30,80}"),
        ("a Postman key", "PMAK-", r"\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
        ("an Airtable token", "pat", r"\bpat[A-Za-z0-9]{14}\.[a-f0-9]{64}\b"),
        ("a Grafana token", "gl", r"\b(?:glsa|glc)_[A-Za-z0-9+/=_]{24,300}"),
        ("a New Relic key", "NR", r"\bNR(?:AK|JS|II)-[A-Za-z0-9-]{19,80}"),
        ("a Sentry token", "sntry", r"\bsntry[su]_[A-Za-z0-9+/=_-]{30,400}"),
        ("a Square token", "sq0", r"\bsq0[a-z]{3}-[\w-]{22,60}"),
        ("a Supabase token", "sbp_", r"\bsbp_[a-f0-9]{40}\b"),
        ("a Netlify token", "nfp_", r"\bnfp_[A-Za-z0-9]{30,80}"),
        ("an Atlassian token", "ATATT3", r"\bATATT3[\w=-]{40,400}"),
        ("an Azure secret", "Q~", r"(?<![\w~])[\w.~-]{3}\dQ~[\w.~-]{31,34}"),
        ("a Docker token", "dckr_", r"\bdckr_(?:pat|oat)_[\w-]{20,80}"),
        ("a Vault token", "hv", r"\bhv[sbr]\.[\w-]{24,300}"),
        ("a Terraform token", ".atlasv1.", r"\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,80}"),
        ("an age key", "AGE-SECRET-KEY-", r"\bAGE-SECRET-KEY-1[0-9A-Z]{50,70}"),
        ("a Figma token", "figd_", r"\bfigd_[\w-]{30,80}"),
        ("a HubSpot token", "pat-", r"\bpat-(?:na|eu)\d-[0-9a-f-]{36}\b"),
        ("a PlanetScale token", "pscale_", r"\bpscale_(?:tkn|pw|oauth)_[\w.-]{30,80}"),
        ("a Facebook token", "EAA", r"\bEAA[A-Za-z0-9]{60,400}"),
        ("a Twitter token", "AAAAAAAAAAAAAAAAAAAA", r"\bA{20,24}[A-Za-z0-9%]{40,200}"),
        ("a Dropbox token", "sl.", r"\bsl\.[\w-]{60,1400}"),
        ("a Mapbox secret", "sk.eyJ", r"\bsk\.eyJ[\w-]{20,200}\.[\w-]{20,100}"),
        ("an Alibaba key", "LTAI", r"\bLTAI[A-Za-z0-9]{16,26}\b"),
        ("a RubyGems key", "rubygems_", r"\brubygems_[a-f0-9]{48}\b"),
        ("a Kaggle token", "KGAT_", r"\bKGAT_[A-Za-z0-9]{24,80}"),
        ("a Doppler token", "dp.", r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{30,100}"),
    )
)
_JWT = re.compile(r"\beyJ[\w-]{8,4000}\.[\w-]{8,8000}\.[\w-]{8,2000}")
_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,30}://([^\s/:@'\"{}<>]{0,100}):([^\s/@'\"{}<>\0]{1,200})@([\w.-]{1,200}|\0)", re.IGNORECASE
)
_IN_PATH = re.compile(
    r"://[\w.-]{0,80}(?:conda|pypi|repo|nexus|artifact)[\w.-]{0,80}(?:/[\w-]{1,40})?/t/([\w-]{16,200})/"
)
_CLONED = re.compile(  # a user alone may be the public half of a key
    r"(?:\bgit(?:[ \t]{1,3}-{0,2}[\w=.-]{1,40}){1,5}[ \t]{1,3}[\"']?|\bgit\+)https?://([\w-]{16,200})@"
)
_LOCAL = re.compile(r"^(localhost|127\.0\.0\.1|0\.0\.0\.0|host|db|hostname|server|proxy)$|example", re.IGNORECASE)
_QUERY = re.compile(r"[?&]([\w.-]{2,60})=([^\s&\"'<>#\\\0]{8,4000})")
_SIGNED = re.compile(
    r"^(x[-_](amz|goog|oss|ms)[-_](signature|security[-_]token)|signature|sig|hmac|code)$", re.IGNORECASE
)
_SCHEME = re.compile(r"\b(Bearer|Basic)\s{1,4}([A-Za-z0-9._~+/=-]{8,4000})", re.IGNORECASE)
_HEADER = re.compile(
    r"\bAuthorization[\"']?\s{0,3}[:=,]\s{0,3}[\"']?"
    r"(?:(?:token|apikey|api-key|key|jwt|digest|splunk|discogs)[ =]\s{0,3})?"
    r"[\"']?([A-Za-z0-9._~+/=:-]{12,4000})",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?<![\w.-])([^\W\d][\w.-]{0,60})[\"'`*\]\\]{0,4}\s{0,3}(?:=>|:=|==?|:|>|<-|(?<=\s)(?:is|was|ist|lautet)(?=\s))[*_]{0,3}\s{0,3}"
)
_VALUE = re.compile(
    r"\\?\"([^\"\n]{6,4000})\"|\\?'([^'\n]{6,4000})'|`([^`\n]{6,4000})`|\{([^}\n]{6,200})\}(?=[;\s\"']|$)"
    r"|([^\s\"'`,;&<>()\[\]{}\0]{6,1000})"
)
_FLAG = re.compile(r"(?<![\w-])--?([A-Za-z][\w.-]{2,60})(?:=|[ =]{1,3}(?!-))[\"']?([^\s\"'`;&<>|()\0]{6,4000})")
_USER = re.compile(r"(?:\s-u|--user|--proxy-user|--http-user)[ =]{0,3}[\"']?([^\s\"':$]{1,80}):([^\s\"':$\0]{6,200})")
_RUNS_AS = re.compile(r"\b(?:docker|podman|nerdctl|kubectl|sudo|setpriv|chroot)\b[^\n]*$")
_SHORT_FLAG = re.compile(
    r"\b(?:mysql|mysqldump|mysqladmin|sshpass)\b[^\n]{0,200}?\s-p[ ]?[\"']?([^\s\"'$\0-][^\s\"'\0]{5,100})"
)
_LOGIN_FLAG = re.compile(r"\blogin\b[^\n]{0,200}?\s-p[ =]?[\"']?([^\s\"'$\0-][^\s\"'\0]{5,200})")
_LOGIN = re.compile(r"\blogin\s{1,3}([A-Za-z0-9]{20,200})(?![\w.@-])")
_SPACED = re.compile(r"(?<![\w-])([A-Za-z]\w{5,60})[ ]{1,3}[\"']?([^\s\"'`;&<>|()=:\0]{16,4000})")
_MEANT = re.compile(
    r"\b(?:password|passwd|pw|passphrase)\b[^\n:=\0]{1,40}[:=]\s{0,3}[\"'`]?([^\s=\"'`\0]{8,200})[\"'`]?(?!\S)",
    re.IGNORECASE,
)
_IN_PROSE = re.compile(  # Use the password `...` to log in
    r"\b(?:password|passwd|passphrase|passcode|passwort|kennwort|mot de passe)\b[^\n`\0]{0,30}`([^`\s\0]{8,200})`",
    re.IGNORECASE,
)
_PARENT = re.compile(r"([A-Za-z][\w-]{0,40}):[ ]{0,3}\r?\n[ \t]{1,20}[\"']?$")
_PGPASS = re.compile(r"(?<![\w:])[\w.*-]{1,80}:(?:\d{2,5}|\*):[\w*-]{1,60}:[\w*-]{1,60}:([^\s:\"']{6,200})")
_NETRC = re.compile(r"\blogin\s{1,3}\S{1,100}\s{1,3}password\s{1,3}(\S{6,200})")
_SQL = re.compile(r"\b(?:identified\s{1,3}by|password)\s{1,3}'([^'\n\0]{6,200})'", re.IGNORECASE)
_CONNECTION = re.compile(
    r"(?:\b|_)(?:server|host|hostname|data source|uid|user id|user|username|dbname|database|driver|initial catalog"
    r"|endpoint|accountname|defaultendpointsprotocol)[\"']?\s{0,2}[=:]",
    re.IGNORECASE,
)
_HINTS = (
    *("pass", "pwd", "pw", "secret", "token", "key", "auth", "cred", "sig", "bearer", "basic", "cookie", "jwt", "sas"),
    *("sid", "://", "code", "-u", "identified", "login", "appid", "mysql", "kennwort", "zip", "7z", "openssl"),
    *("redis-cli", "sudo", "mdp", "contrase", "senha", "parola", "пароль", "パスワード", "密码", "密碼", "비밀번호"),
    *("fm1", "fm2", ":*:"),
)
_RARER_HINT = re.compile(r"rar\b|:\d{2,5}:")
# A picture or film written into a text; its letters are nobody's, whatever they spell.
_DATA = re.compile(r";base64,\s{0,2}[A-Za-z0-9+/]{16,}={0,2}(?:(?:\\n|\\?\r?\n)[A-Za-z0-9+/]+={0,2}(?=[\s\\\"']))*")
_RESOURCE = re.compile(r"\barn:[\w-]{1,20}:[\w-]{1,40}:[^\s\"'`,]{0,400}")  # the name of a thing at Amazon
_BASE64 = re.compile(r"^[A-Za-z0-9+/=_-]+$")
_BREAK = re.compile(r"\\[nrt]|[\s\"'+,\\]")
LONGEST_KEY = 20_000  # characters of a private key without its end


def spans_in(text: str, *, named_too: bool = True) -> list[TextSpan]:
    """The secrets in a text, in order, none inside another.

    Args:
        text: any text: a literal, a comment, prose, an output, a shell line.
        named_too: also what is a secret by the name before it; False for a program's text, where names hold names.
    """
    found = [*_private_keys(text), *_shapes(text)]
    if _may_name_one(text):
        found += _urls(text)
        if named_too:
            found += _pairs(text)
    return _outermost(_outside_others(text, found))


def _may_name_one(text: str) -> bool:
    """Whether a word stands there that secrets are named by; plain searches, which take 5 MB in a tenth of a second."""
    low = text.lower()
    return (
        any(word in low for word in _HINTS)
        or any(word in text for word in PROGRAMS)
        or (("rar" in low or ":" in low) and bool(_RARER_HINT.search(low)))
    )


def _outside_others(text: str, found: list[TextSpan]) -> list[TextSpan]:
    """Those that do not lie in the letters of a picture or in the name of a resource."""
    patterns = [p for word, p in ((";base64,", _DATA), ("arn:", _RESOURCE)) if found and word in text]
    others = [match.span() for pattern in patterns for match in pattern.finditer(text)]
    return [f for f in found if not any(start <= f.start and f.end <= end for start, end in others)]


def _outermost(found: list[TextSpan]) -> list[TextSpan]:
    kept: list[TextSpan] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end, s.example)):
        if kept and span.start < kept[-1].end:
            if span.end > kept[-1].end:
                last = kept[-1]
                kept[-1] = TextSpan(last.start, span.end, last.why, last.example and span.example)
            elif kept[-1].example and not span.example:
                kept[-1] = TextSpan(kept[-1].start, kept[-1].end, span.why)
            continue
        kept.append(span)
    return kept


def _private_keys(text: str) -> Iterator[TextSpan]:
    """Keys in several lines: with line ends, with \\n written out, joined, quoted line by line; also without an end."""
    at = text.find("-----BEGIN ")
    no_end = False
    while at >= 0:
        behind = text.find("-----", at + 11)
        title = text[at + 11 : behind] if behind >= 0 else ""
        if behind < 0 or len(title) > 60 or not title.endswith(("PRIVATE KEY", "PRIVATE KEY BLOCK")):
            at = text.find("-----BEGIN ", at + 11)
            continue
        end = -1 if no_end else text.find("-----END ", behind + 5)
        if end >= 0:
            last = text.find("-----", end + 9)
            stop = last + 5 if 0 <= last - end < 80 else end
            body = text[behind + 5 : min(end, behind + LONGEST_KEY)]
        else:
            no_end = True
            tail = re.match(
                r"(?:[A-Za-z0-9+/=:, -]|\\[nrt]|[\r\n\t\"'+])*", text[behind + 5 : behind + 5 + LONGEST_KEY]
            )
            body = tail[0] if tail else ""
            stop = behind + 5 + len(body)
        dense = _BREAK.sub("", body)
        if len(dense) >= 60 and is_random(dense[:400], 60):  # the words alone stand in many a tutorial
            yield TextSpan(
                at, stop, "has the shape of a private key", bool(is_placeholder(dense[:200]) and len(dense) < 200)
            )
        at = text.find("-----BEGIN ", max(stop, at + 11))


def _shapes(text: str) -> Iterator[TextSpan]:
    for what, word, pattern in SHAPES:
        if word not in text:
            continue
        for match in pattern.finditer(text):
            if what.endswith("hook") or is_random(_body(match[0]), 10):
                yield TextSpan(match.start(), match.end(), f"has the shape of {what}", is_placeholder(match[0][-20:]))
    if "eyJ" in text:
        for match in _JWT.finditer(text):
            if _is_json(match[0].partition(".")[0]):
                yield TextSpan(match.start(), match.end(), "has the shape of a JSON web token")


def _body(key: str) -> str:
    """What was drawn of a key: without the words before it."""
    cut = max(key.rfind("_", 0, 16), key.rfind("-", 0, 16)) if not key.startswith("AKIA") else 3
    return key[cut + 1 :]


def _is_json(part: str) -> bool:
    try:
        return base64.urlsafe_b64decode(part[:400] + "=" * (-len(part[:400]) % 4))[:1] == b"{"
    except (binascii.Error, ValueError):
        return False


def _urls(text: str) -> Iterator[TextSpan]:
    for match in _URL.finditer(text) if "://" in text and "@" in text else ():
        user, password, host = match.groups()
        local = bool(_LOCAL.search(host))
        is_one = user != password and (is_password(password, sure=not local) or is_key(password, 12))
        if is_one:
            tame = local and not (is_random(password, 12) if "example" in host.lower() else is_strong(password))
            yield TextSpan(*match.span(2), "has the shape of a password in a URL", tame)
    for pattern in (_IN_PATH, _CLONED) if "://" in text else ():
        for match in pattern.finditer(text):
            if is_key(match[1], 16):
                yield TextSpan(*match.span(1), "has the shape of a token in a URL")
    for match in _QUERY.finditer(text) if "=" in text else ():
        name, value = match.groups()
        plain = re.sub(r"%[0-9A-Fa-f]{2}", "", value)
        signed = _SIGNED.search(name) and is_key(plain, 20)
        how = called(name)
        if (
            signed
            or (how and is_key(plain, 12))
            or (how is Called.PASSWORD and is_password(plain))
            or (name.lower() in ("key", "sig") and is_key(plain, 16))
        ):
            yield TextSpan(*match.span(2), "has the shape of a signature or key in a URL")


def _pairs(text: str) -> Iterator[TextSpan]:
    yield from _authorizations(text)
    yield from _given_to_names(text)
    yield from _of_commands(text)
    yield from (TextSpan(start, end, why) for start, end, why in (*in_tables(text), *in_forms(text)))


def _authorizations(text: str) -> Iterator[TextSpan]:
    for match in _SCHEME.finditer(text):
        value = match[2].rstrip(".")
        if match[1].lower() == "basic":
            if _is_basic(value):
                yield TextSpan(match.start(2), match.start(2) + len(value), "has the shape of a basic authorization")
        elif is_random(value, 12) or (len(value) >= 16 and is_key(value, 16)):
            yield TextSpan(
                match.start(2), match.start(2) + len(value), "has the shape of a bearer token", is_placeholder(value)
            )
    for match in _HEADER.finditer(text):
        if is_key(match[1], 12) or _is_basic(match[1]):
            yield TextSpan(*match.span(1), "has the shape of an authorization header")


def _given_to_names(text: str) -> Iterator[TextSpan]:
    """`password = "..."` in whatever language or prose."""
    for match in _BEFORE.finditer(text):
        name = match[1]
        if not called(name) and name.lower() in ("key", "code", "phrase"):
            name = _in_full(name, text[max(0, match.start() - 100) : match.start()])
        how = called(name)
        given = _VALUE.match(text, match.end()) if how else None
        if given is None:
            continue
        if match[0].rstrip(" *_\n\t").endswith(">") and "=>" not in match[0] and not text.startswith("</", given.end()):
            continue  # <password>...</password> is one; "login -p <password> HOST" is a form to be filled in
        place = next(n for n in range(1, 6) if given[n] is not None)
        value = given[place].rstrip("\\")
        if place == 5:  # not quoted: prose and code go on behind it
            value = value.rstrip(".:!?*_")
            if text[given.end() : given.end() + 1] in ("(", "["):
                continue
        sure = how is Called.PASSWORD and bool(
            _CONNECTION.search(text[max(0, match.start() - 300) : match.end() + 300])
        )
        if sure and place == 5 and "=" not in match[0]:
            sure = False  # "User: the password: forgotten"
        if why := named(value, name, sure=sure):
            start = given.start(place)
            yield TextSpan(start, start + len(value), why)


def _in_full(name: str, before: str) -> str:
    """What `key` and the like are in full, by what stands before: "api key", a table in YAML, a user beside it."""
    if (word := re.search(r"([\w-]{1,40})[ -]$", before)) and called(f"{word[1]}_{name}"):
        return f"{word[1]}_{name}"
    if not word and name.lower() == "key" and (table := _PARENT.search(before)) and called(f"{table[1]}_key"):
        return f"{table[1]}_key"
    return "api_key" if "user" in before else name  # {"username": "ann", "key": "..."}


def _of_commands(text: str) -> Iterator[TextSpan]:
    """Options of a command line, and what logs in to a server or a database."""
    for match in _FLAG.finditer(text) if "-" in text else ():
        name, value = match.groups()
        if (why := named(value, name)) or (called(name) in KEYS and is_key(value, 12)):
            yield TextSpan(*match.span(2), why or f"{name} holds a text that looks random")
    for match in _SPACED.finditer(text) if "_" in text else ():
        if called(match[1]) in KEYS and is_key(match[2], 16):
            yield TextSpan(*match.span(2), f"{match[1]} holds a text that looks random")
    for pattern, is_one in ((_LOGIN, is_key), (_LOGIN_FLAG, is_strong), (_MEANT, is_strong), (_IN_PROSE, is_strong)):
        yield from (TextSpan(*m.span(1), "is a password or a key") for m in pattern.finditer(text) if is_one(m[1]))
    yield from (TextSpan(*span, "is a password on a command line") for span in on_command_lines(text))
    for pattern in (_USER, _SHORT_FLAG, _NETRC, _PGPASS, _SQL):
        for match in pattern.finditer(text):
            place = pattern.groups
            if (
                pattern is _USER
                and match[2].isalpha()
                and _RUNS_AS.search(text[max(0, match.start() - 200) : match.start()])
            ):
                continue  # a user and a group
            if is_password(match[place], sure=pattern not in (_SQL, _PGPASS)):
                yield TextSpan(
                    *match.span(place), "is a password on a command line" if pattern is not _SQL else "is a password"
                )


def _is_basic(value: str) -> bool:
    """Whether a text is user:password in base64."""
    if not _BASE64.match(value):
        return False
    try:
        told = base64.b64decode(value + "=" * (-len(value) % 4), validate=False).decode("utf-8")
    except (binascii.Error, ValueError):
        return False
    user, mark, password = told.partition(":")
    return bool(mark and user.isprintable() and password.isprintable() and len(password) >= 4 and user != password)


__all__ = ["SHAPES", "TextSpan", "spans_in"]
