"""Which argument opens what a call opens: a driver's password by its place, a client's key, what fills a field."""

from __future__ import annotations

import ast
import re

from mlee_jupyter.convert.read.effects import dotted

from .secret_parts import USERS, name_of, text_of
from .secret_words import Called, called

# connect(user, password, ...) of modules that take them by place
_DRIVERS = {
    "oracledb.connect": 1,
    "oracledb.create_pool": 1,
    "oracledb.SessionPool": 1,
    "cx_Oracle.connect": 1,
    "cx_Oracle.SessionPool": 1,
    "pymssql.connect": 2,
    "MySQLdb.connect": 2,
    "pymysql.connect": 2,
    "fdb.connect": 2,
    "ibm_db.connect": 2,
    "ibm_db.pconnect": 2,
    "URL.create": 2,
    "FTP": 2,
    "FTP_TLS": 2,
    "ftplib.FTP": 2,
    "ftplib.FTP_TLS": 2,
    "dbapi.connect": 3,
    "hdbcli.dbapi.connect": 3,
}
ORACLE_LOGIN = "login to Oracle"  # what their first argument is given to
ORACLES = frozenset({"oracledb.connect", "cx_Oracle.connect", "cx_Oracle.Connection"})  # also "scott/...@host/name"
AUTHS = frozenset(  # the second argument is a password
    {"HTTPBasicAuth", "HTTPDigestAuth", "HTTPProxyAuth", "BasicAuth", "login", "basic_auth", "set_credentials"}
)
_SETS = frozenset({"setpassword", "setPassword", "set_password", "passwd"})
# Services' clients whose first argument is a key; of others only a long one counts.
_CLIENTS_TEXT = """
Roboflow TavilyClient NewsApiClient Fred FirecrawlApp Groq Together Mistral MistralClient Anthropic OpenAI TDClient
Tiingo RESTClient OpenCageGeocode OWM SendGridAPIClient WebClient Github Gitlab ElevenLabs Deepgram Replicate
CohereClient ClientV2 NotionClient Airtable GoogleMaps Pinecone Telegram TeleBot Polygon Finnhub CryptoCompare Shodan
Censys VirusTotal Nasdaq Quandl DeepL Translator AsyncOpenAI AsyncAnthropic Apify ApifyClient SerpApiClient
Exa Perplexity
"""
CLIENTS = frozenset(_CLIENTS_TEXT.split())
_FILLS = frozenset({"send_keys", "sendKeys", "fill", "type", "type_text", "set_value", "setText", "insert"})
_BOX = re.compile(r"_?(field|box|input|elem|element|entry|txt|el)$", re.IGNORECASE)
_OPTIONS = frozenset({"add_argument", "add_option", "option", "Option", "argument", "Argument"})
_LABELS = frozenset({"label", "description", "name", "title", "placeholder", "id"})
_HELD = frozenset({"value", "default", "initial", "initial_value", "text"})
_ZIPS = frozenset({"extractall", "extract", "open", "read", "testzip"})
# What is called by a word there is a column or a place in a text.
_SETTERS = frozenset({"getenv", "get", "setdefault", "setattr", "option", "set", "setProperty", "putenv"})
_NAMED_ANEW = frozenset({"columns", "mapper", "index", "labels", "dtype", "dtypes", "converters", "names"})
_LABELLED = re.compile(
    r"label|text|trans|lang|mess|msg|rename|mapp|column|dtype|schema|names|titles|words", re.IGNORECASE
)
_NAMES_THINGS = frozenset({"assign", "rename", "format", "replace", "update_layout", "agg", "query"})
_SETTINGS = re.compile(r"environ|conf|setting|cred|login|param|auth|option|kwargs", re.IGNORECASE)


def place_of_password(call: ast.Call, whole: str) -> int:
    """The place of the argument that can only be a password; -1 where there is none.

    Args:
        call: any call.
        whole: what is called, in full, its module by its own name.
    """
    short = whole.rpartition(".")[2]
    if short in AUTHS:
        return 1
    return 0 if short in _SETS and len(call.args) == 1 else _DRIVERS.get(whole, -1)


def fills_password(call: ast.Call) -> bool:
    """Whether what a call is given is typed into a field for passwords: find_element("name", "pw").send_keys(...)."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _FILLS:
        return False
    field = call.func.value
    words = [text_of(one) for one in field.args] if isinstance(field, ast.Call) else [_BOX.sub("", name_of(field))]
    return any(called(word) is Called.PASSWORD for word in words)


def held_by_label(call: ast.Call, short: str) -> str:
    """What a call's value or default is, by its option or label: add_argument("--password", default=...)."""
    texts = [text_of(one) for one in call.args[:4]]
    if short in _OPTIONS:
        return next((t.lstrip("-") for t in reversed(texts) if called(t.lstrip("-"))), "")
    texts = texts[:1] + [text_of(k.value) for k in call.keywords if k.arg in _LABELS]
    return next((t for t in texts if len(t) <= 40 and called(t) is Called.PASSWORD), "")


def holds_a_value(word: str | None) -> bool:
    """Whether a keyword is what a labelled field or an option holds."""
    return word in _HELD


def is_zips_own(short: str, word: str) -> bool:
    """Whether `pwd` is a password there, and no folder."""
    return word == "pwd" and short in _ZIPS


def given_outright(node: ast.AST) -> list[ast.expr]:
    """The values that a node gives to a name by itself, where a word may be a password: no comparison, no column."""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if not all(_is_own_name(t) for t in targets):
            return []
        return _with_values([node.value, *(node.value.elts if isinstance(node.value, ast.Tuple) else [])])
    if isinstance(node, ast.Call):
        short = dotted(node.func).rpartition(".")[2]
        if short in _NAMES_THINGS:
            return []
        second = node.args[1:2] if short in _SETTERS else []
        held = [k.value for k in node.keywords if k.arg not in _NAMED_ANEW]
        return [*_with_values(held), *second, *_with_values([a for a in node.args if isinstance(a, ast.Dict)])]
    if isinstance(node, ast.arguments):
        return [*node.defaults, *(d for d in node.kw_defaults if d is not None)]
    return []


def _with_values(values: list[ast.expr]) -> list[ast.expr]:
    """The same with what dictionaries among them hold beside a user or a host; not where values repeat, as kinds do."""
    found = list(values)
    for value in found:
        if isinstance(value, ast.Dict):
            texts = [text for one in value.values if (text := text_of(one))]
            is_login = bool(USERS & {text_of(key).lower() for key in value.keys}) and len(texts) == len(set(texts))
            found += [v for v in value.values if is_login or isinstance(v, ast.Dict)]
    return found


def _is_own_name(target: ast.expr) -> bool:
    """A variable or an attribute, or an item of settings; an item of anything else may be a column."""
    if _LABELLED.search(name_of(target)):
        return False
    return not isinstance(target, ast.Subscript) or bool(_SETTINGS.search(dotted(target.value)))


__all__ = [
    "AUTHS",
    "CLIENTS",
    "ORACLES",
    "ORACLE_LOGIN",
    "fills_password",
    "given_outright",
    "held_by_label",
    "holds_a_value",
    "is_zips_own",
    "place_of_password",
]
