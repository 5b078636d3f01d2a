# ruff: noqa: E501
"""Secrets for tests: drawn at run time, so that no scanner takes this repository for a leak."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_BOTH = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"


def drawn(draw: random.Random, alphabet: str, length: int) -> str:
    """Characters of an alphabet."""
    return "".join(draw.choice(alphabet) for _ in range(length))


def mixed(draw: random.Random) -> str:
    """A key as many services draw it."""
    return draw.choice(string.ascii_letters) + drawn(draw, _BOTH, draw.randint(23, 39)) + str(draw.randint(0, 9))


def letters(draw: random.Random) -> str:
    """A key of letters alone."""
    return drawn(draw, string.ascii_letters, draw.randint(24, 40))


def hexadecimal(draw: random.Random) -> str:
    """A key in hexadecimal."""
    return drawn(draw, _HEX, draw.choice([32, 40, 64]))


def password(draw: random.Random) -> str:
    """A password: letters, digits, a sign that needs no escape."""
    return (
        drawn(draw, string.ascii_letters, 6) + draw.choice("!_-+") + drawn(draw, _BOTH, 5) + str(draw.randint(10, 99))
    )


ANY: Mapping[str, Callable[[random.Random], str]] = {
    "mixed": mixed, "letters": letters, "hexadecimal": hexadecimal
}  # fmt: skip

# A service's own shape stands for itself, wherever it is. "*N" is drawn from letters and digits, "xN" in hexadecimal.
SHAPED = {
    "aws": ("AKIA", 16, string.ascii_uppercase + "234567"),
    "aws for a session": ("ASIA", 16, string.ascii_uppercase + "234567"),
    "github": ("ghp_", 36, _BOTH),
    "github app": ("ghs_", 36, _BOTH),
    "github fine": ("github_pat_", 70, _BOTH),
    "gitlab": ("glpat-", 20, _BOTH),
    "slack": ("xoxb-", 40, _BOTH),
    "slack hook": ("https://hooks.slack.com/services/", 40, _BOTH),
    "discord hook": ("https://discord.com/api/webhooks/123456789012345678/", 68, _BOTH),
    "google": ("AIza", 35, _BOTH),
    "google secret": ("GOCSPX-", 28, _BOTH),
    "stripe": ("sk_live_", 24, _BOTH),
    "stripe test": ("rk_test_", 24, _BOTH),
    "model": ("sk-proj-", 48, _BOTH),
    "another model": ("sk-ant-api03-", 90, _BOTH),
    "groq": ("gsk_", 52, _BOTH),
    "hugging face": ("hf_", 34, string.ascii_letters),
    "npm": ("npm_", 36, _BOTH),
    "pypi": ("pypi-", 120, _BOTH),
    "sendgrid": ("SG." + "a1B2c3D4e5F6g7H8i9J0k1" + ".", 43, _BOTH),
    "telegram": ("6123456789:AA", 33, _BOTH),
    "databricks": ("dapi", 32, _HEX),
    "digital ocean": ("dop_v1_", 64, _HEX),
    "shopify": ("shpat_", 32, _HEX),
    "twilio": ("SK", 32, _HEX),
    "vault": ("hvs.", 90, _BOTH),
    "notion": ("ntn_", 46, _BOTH),
    "docker": ("dckr_pat_", 27, _BOTH),
    "figma": ("figd_", 40, _BOTH),
    "replicate": ("r8_", 37, _BOTH),
}


def shaped(kind: str, draw: random.Random) -> str:
    """A key in a service's shape."""
    begin, length, alphabet = SHAPED[kind]
    return begin + drawn(draw, alphabet, length)


def web_token(draw: random.Random) -> str:
    """A JSON web token."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()).decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps({"sub": drawn(draw, _BOTH, 12)}).encode()).decode().rstrip("=")
    return f"{head}.{body}.{drawn(draw, _BOTH, 43)}"


def private_key(draw: random.Random, kind: str = "RSA ") -> list[str]:
    """The lines of a private key."""
    lines = [drawn(draw, _BOTH + "+/", 64) for _ in range(draw.randint(4, 12))]
    dashes = "-" * 5
    return [f"{dashes}BEGIN {kind}PRIVATE KEY{dashes}", *lines, f"{dashes}END {kind}PRIVATE KEY{dashes}"]


@dataclass(frozen=True)
class Place:
    """Where a secret stands: cells with {S} for it, {A} and {B} for its halves; outputs and metadata of the first."""

    cells: tuple[str, ...]
    outputs: tuple[Any, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    notebook: Mapping[str, Any] = field(default_factory=dict)
    keys: tuple[str, ...] = ("mixed", "letters", "hexadecimal")


def at(*cells: str, **more: Any) -> Place:
    """A place in these cells."""
    return Place(cells, **more)


def stream(text: str) -> dict[str, Any]:
    """An output of text."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(**data: Any) -> dict[str, Any]:
    """An output of a value."""
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/"): v for k, v in data.items()}}


OS = "import os\n"
PLACES: dict[str, Place] = {
    # by the name it is given to
    "a variable": at("api_key = '{S}'"),
    "in capitals": at('OPENAI_API_KEY = "{S}"'),
    "camel case": at("clientSecret = '{S}'"),
    "with an annotation": at("auth_token: str = '{S}'"),
    "an attribute": at("import types\nopenai = types.SimpleNamespace()\nopenai.api_key = '{S}'"),
    "several names": at("api_key = token = '{S}'"),
    "unpacked": at("user, password = 'ann', '{S}'"),
    "a walrus": at("if (secret_key := '{S}'):\n    n = 1"),
    "bytes": at("secret_key = b'{S}'"),
    "raw": at("access_token = r'{S}'"),
    "a class": at("class Settings:\n    api_key = '{S}'\n    timeout = 10"),
    "a parameter's default": at("def ask(question, api_key='{S}'):\n    return len(question + api_key)\nn = ask('x')"),
    "a keyword-only default": at("def ask(*, token='{S}'):\n    return len(token)\nn = ask()"),
    "what a function returns": at("def get_token():\n    return '{S}'\nn = len(get_token())"),
    "an argument": at("n = len(dict(api_key='{S}'))"),
    "a dictionary": at("config = {'host': 'db', 'password': '{S}'}"),
    "a dictionary in a dictionary": at("config = {'db': {'user': 'ann', 'password': '{S}'}}"),
    "a list of pairs": at("config = dict([('user', 'ann'), ('password', '{S}')])"),
    "keys by service": at("API_KEYS = {'weather': '{S}'}"),
    "several tokens": at("tokens = ['{S}']"),
    "an item": at("config = {}\nconfig['api_key'] = '{S}'"),
    "compared": at("given = 'x'\nif given != 'x' and password == '{S}':\n    n = 1", "password = ''"),
    "a conditional": at("debug = True\napi_key = '{S}' if debug else None"),
    "a lambda": at("get_key = lambda: 1\napi_key = lambda: '{S}'"),
    "a setter": at("class C:\n    pass\nc = C()\nsetattr(c, 'api_key', '{S}')"),
    "a config parser": at("import configparser\nc = configparser.ConfigParser()\nc['a'] = {}\nc.set('a', 'password', '{S}')"),
    "a call named so": at("def set_api_key(k):\n    return len(k)\nn = set_api_key('{S}')"),
    "a wrapper": at("api_key = str('{S}')"),
    # by its place in a call, or a word beside it
    "the third of a connection": at("def connect(host, user, word):\n    return 1\nn = connect('db.firm.net', 'ann', '{S}')"),
    "the fifth of a server": at("class Redis:\n    def __init__(self, *given):\n        pass\nr = Redis('10.0.0.1', 6379, 0, '{S}')"),
    "a service's client": at("class Weather:\n    def __init__(self, key):\n        pass\nw = Weather('{S}')"),
    "a login's key": at("def login(**given):\n    return 1\nn = login(key='{S}')"),
    "a client's key": at("class Maps:\n    def __init__(self, key):\n        pass\nm = Maps(key='{S}')"),
    "a parameter called so": at("def ask(word, password):\n    return len(password)\nn = ask('x', '{S}')"),
    "a class's parameter called so": at("class C:\n    def __init__(self, who, api_key):\n        pass\nc = C('ann', '{S}')"),
    "an option and its value": at("given = ['--user', 'ann', '--password', '{S}']"),
    "yaml with a table": at('config = """\napi:\n  key: {S}\n"""'),
    "decoded from a variable": at("def b64decode(text):\n    return text\nblob = '{S}'\napi_key_db = b64decode(blob).strip()"),
    "a lock": at("def decrypt(file, word):\n    return 1\nn = decrypt('a.xlsx', '{S}')"),
    "a widget for a password": at("class Password:\n    def __init__(self, value):\n        pass\nw = Password(value='{S}')"),
    "a user and a key": at("kaggle = {'username': 'ann', 'key': '{S}'}"),
    "a user and a key in a text": at("!echo '{\"username\":\"ann\",\"key\":\"{S}\"}' > /dev/null"),
    "turned round": at("api_key = '{S}'[::-1]"),
    "SECRET": at("SECRET = '{S}'"),
    "a setting of many words": at("class C:\n    def set(self, *given):\n        pass\nC().set('fs.azure.account.key.a.blob.core.windows.net', '{S}')"),
    "decoded": at("def b64decode(text):\n    return text\napi_key = b64decode('{S}').strip()"),
    "encoded for a header": at("import base64\nh = {'Authorization': 'Basic ' + base64.b64encode(b'ann:{S}').decode()}"),
    "appid": at("url = 'https://api.firm.net/weather?q=Rome&appid={S}'"),
    "two words of a command": at("!true configure set aws_secret_access_key {S}"),
    "a login on the command line": at("!true login {S}"),
    "a login with a flag": at("!true login -u ann -p {S}"),
    # by what holds it
    "pairs under a name": at("passwords = [('ann', '{S}')]"),
    "pairs made a dictionary": at("passwords = dict([('ann', '{S}')])"),
    "a dictionary by keywords": at("api_keys = dict(ann='{S}')"),
    "an item by a person": at("passwords = {}\npasswords['ann'] = '{S}'"),
    "an item by a variable": at("tokens = {}\nwho = 'ann'\ntokens[who] = '{S}'"),
    "an item of an item": at("api_keys = {'prod': {}}\napi_keys['prod']['ann'] = '{S}'"),
    "appended": at("api_keys = []\napi_keys.append('{S}')"),
    "extended": at("api_keys = []\napi_keys.extend(['{S}'])"),
    "updated by a name": at("passwords = {}\npasswords.update(ann='{S}')"),
    "updated by a dictionary": at("passwords = {}\npasswords.update({'ann': '{S}'})"),
    "set where there is none": at("passwords = {}\npasswords.setdefault('ann', '{S}')"),
    "zipped": at("passwords = dict(zip(['ann'], ['{S}']))"),
    "a pair in a dictionary": at("passwords = {'ann': ('admin', '{S}')}"),
    "a column of a frame": at("import pandas as pd\nd = pd.DataFrame({'user': ['ann'], 'password': ['{S}']})"),
    "rows of a frame": at("import pandas as pd\nd = pd.DataFrame([['ann', '{S}']], columns=['user', 'password'])"),
    "data of a frame": at("import pandas as pd\nd = pd.DataFrame(columns=['user', 'password'], data=[('ann', '{S}')])"),
    "csv in a text": at('t = """user,password\nann,{S}\n"""'),
    "csv with spaces": at('t = """id; user; api_key\n1; ann; {S}\n"""'),
    "a table in prose": at("#md | user | password |\n|---|---|\n| ann | `{S}` |", "n = 1"),
    "a frame printed": at("n = 1", outputs=(stream("  user   password\n0  ann  {S}\n"),)),
    "a frame printed without an index": at("n = 1", outputs=(stream("user   password\n ann  {S}\n"),)),
    "a frame shown": at(
        "n = 1",
        outputs=(
            shown(
                text_html="<table><thead><tr><th></th><th>user</th><th>password</th></tr></thead><tbody>"
                "<tr><th>0</th><td>ann</td><td>{S}</td></tr></tbody></table>"
            ),
        ),
    ),
    # the environment
    "a default of getenv": at(OS + 'key = os.getenv("SOME_API_KEY", "{S}")'),
    "a default by name": at(OS + 'key = os.getenv("SOME_API_KEY", default="{S}")'),
    "a default of get": at(OS + 'key = os.environ.get("SOME_TOKEN", "{S}")'),
    "setdefault": at(OS + 'os.environ.setdefault("SOME_API_KEY", "{S}")'),
    "or": at(OS + 'key = os.getenv("SOME_API_KEY") or "{S}"'),
    "set in the environment": at(OS + 'os.environ["SOME_API_KEY"] = "{S}"'),
    "putenv": at(OS + 'os.putenv("SOME_API_KEY", "{S}")'),
    "updated": at(OS + 'os.environ.update({"SOME_API_KEY": "{S}"})'),
    "updated by name": at(OS + 'os.environ.update(SOME_API_KEY="{S}")'),
    "%env": at("%env SOME_API_KEY={S}"),
    "%env with a space": at("%env SOME_API_KEY {S}"),
    "%set_env": at("%set_env SOME_API_KEY={S}"),
    "export": at("!export SOME_API_KEY={S}"),
    "a variable for one command": at("!SOME_API_KEY={S} true"),
    # headers, URLs, connection strings, commands
    "a header": at('headers = {"Authorization": "Bearer {S}"}'),
    "another scheme": at('headers = {"Authorization": "token {S}"}'),
    "a header of its own": at('headers = {"X-Api-Key": "{S}"}'),
    "a header set later": at("headers = {}\nheaders['Authorization'] = 'Bearer ' + '{S}'"),
    "a header as a keyword": at("headers = dict(Authorization=f'Bearer {S}')"),
    "a URL": at("url = 'postgresql://ann:{S}@db.firm.net:5432/sales'"),
    "a URL with https": at("url = 'https://ann:{S}@git.firm.net/x.git'"),
    "a URL without a user": at("url = 'redis://:{S}@cache.firm.net:6379/0'"),
    "a query": at("url = 'https://api.firm.net/v1/data?city=Rome&api_key={S}'"),
    "a query with password": at("url = 'https://api.firm.net/login?user=ann&password={S}&x=1'"),
    "a query with token": at("url = 'https://raw.firm.net/x.csv?token={S}'"),
    "a signature": at("url = 'https://b.s3.amazonaws.com/x?X-Amz-Date=20240101T000000Z&X-Amz-Signature={S}'"),
    "a Google signature": at("url = 'https://storage.googleapis.com/b/x?X-Goog-Signature={S}'"),
    "a shared access signature": at("url = 'https://a.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig={S}%3D'"),
    "an old signature": at("url = 'https://b.s3.amazonaws.com/x?AWSAccessKeyId=x&Expires=1&Signature={S}'"),
    "a connection string": at("conn_str = 'Server=db;Database=x;User Id=sa;Password={S};'"),
    "pwd": at("conn = 'DRIVER={ODBC Driver 17};SERVER=db;UID=sa;PWD={S}'"),
    "libpq": at('dsn = "host=db.firm.net dbname=x user=ann password={S}"'),
    "xml": at('x = """<server><user>ann</user><password>{S}</password></server>"""'),
    "jdbc": at("url = 'jdbc:postgresql://db.firm.net/x?user=ann&password={S}'"),
    "jdbc with semicolons": at("url = 'jdbc:sqlserver://db.firm.net;user=sa;password={S};encrypt=true'"),
    "an account key": at("c = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey={S}==;EndpointSuffix=core.windows.net'"),
    "a shared access key": at("c = 'Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=R;SharedAccessKey={S}='"),
    "a pair": at("auth = ('ann', '{S}')"),
    "a pair as an argument": at("n = len(dict(auth=('ann', '{S}')))"),
    "a basic authorization": at("class HTTPBasicAuth:\n    def __init__(self, a, b):\n        pass\na = HTTPBasicAuth('ann', '{S}')"),
    "curl": at('!curl -s -H "Authorization: Bearer {S}" https://127.0.0.1:1/x'),
    "curl with its own header": at("!curl -s -H 'X-Api-Key: {S}' https://127.0.0.1:1/x"),
    "curl with a user": at("!curl -s -u ann:{S} https://127.0.0.1:1/x"),
    "a flag": at("!true --token {S}"),
    "a flag with =": at("!true --api-key={S}"),
    "bash": at("%%bash\nexport SOME_API_KEY={S}\ntrue"),
    "bash with quotes": at('%%bash\nexport SOME_API_KEY="{S}"\ntrue'),
    "a file that is written": at("%%writefile settings.ini\n[db]\npassword = {S}\n"),
    "a program's arguments": at("import subprocess\nsubprocess.run(['true', '--api-key={S}'])"),
    "json in a text": at("import json\nconfig = json.loads('{\"user\": \"ann\", \"password\": \"{S}\"}')"),
    "yaml in a text": at('config = """\ndb:\n  user: ann\n  password: {S}\n"""'),
    # put together
    "plus": at("api_key = '{A}' + '{B}'"),
    "three parts": at("api_key = '{A}' + '' + '{B}'"),
    "side by side": at("api_key = '{A}' '{B}'"),
    "over lines": at("api_key = ('{A}'\n           '{B}')"),
    "join": at("api_key = ''.join(['{A}', '{B}'])"),
    "an f-string": at("api_key = f'{A}{\"{B}\"}'"),
    "percent": at("api_key = '%s%s' % ('{A}', '{B}')"),
    "format": at("api_key = '{}{}'.format('{A}', '{B}')"),
    "over variables": at("first = '{A}'\nsecond = '{B}'\napi_key = first + second"),
    "over cells": at("first = '{A}'", "second = '{B}'", "api_key = f'{first}{second}'"),
    "added later": at("api_key = '{A}'\napi_key += '{B}'"),
    "a variable that hides it": at("x = '{S}'\nconfig = dict(api_key=x)"),
    "a URL from parts": at("who = 'ann'\nword = '{S}'\nurl = f'postgresql://{who}:{word}@db.firm.net/x'"),
    "a header from parts": at("t = '{S}'\nheaders = {'Authorization': 'Bearer ' + t}"),
    "stripped": at("api_key = ' {S} '.strip()"),
    # no code
    "a comment": at("n = 1  # api_key = {S}"),
    "a comment with quotes": at("# old: password='{S}'\nn = 1"),
    "prose": at("#md The api_key is `{S}`, tell nobody.", "n = 1"),
    "prose with a colon": at("#md **API key:** {S}", "n = 1"),
    "a code block in prose": at("#md ```\nexport SOME_TOKEN={S}\n```", "n = 1"),
    "a docstring": at('def f():\n    """Ask with api_key={S}."""\n    return 1\nn = f()'),
    "printed": at("n = 1", outputs=(stream("api_key={S}\n"),)),
    "shown": at("n = 1", outputs=(shown(text_plain="{'user': 'ann', 'password': '{S}'}"),)),
    "shown as a page": at("n = 1", outputs=(shown(text_html="<p>password: {S}</p>"),)),
    "shown as json": at("n = 1", outputs=(shown(application_json={"access_token": "{S}"}),)),
    "shown beside a picture": at(
        "n = 1", outputs=(shown(text_html="<img src='data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=='> api_key={S}"),)
    ),
    "shown by a script": at("n = 1", outputs=(shown(application_javascript="window.api_key = '{S}';\n"),)),
    "shown beside a library": at(
        "n = 1",
        outputs=(shown(text_html="n.a=function(e){return e};" * 100 + "\nvar settings = {'api_key': '{S}'};\n"),),
    ),
    "in an error": at(
        "n = 1",
        outputs=({"output_type": "error", "ename": "E", "evalue": "bad password={S}", "traceback": ["password={S}"]},),
    ),
    "in a cell's metadata": at("n = 1", metadata={"settings": {"api_key": "{S}"}}),
    "in the notebook's metadata": at("n = 1", notebook={"papermill": {"parameters": {"api_key": "{S}"}}}),
}  # fmt: skip
SPACE = "n_estimators = 3\ntotal = n_estimators + 1"


def filled(value: Any, secret: str) -> Any:
    """A place with the secret in it."""
    if isinstance(value, str):
        half = len(secret) // 2
        return value.replace("{S}", secret).replace("{A}", secret[:half]).replace("{B}", secret[half:])
    if isinstance(value, Mapping):
        return {k: filled(v, secret) for k, v in value.items()}
    return [filled(v, secret) for v in value] if isinstance(value, (list, tuple)) else value


def planted(folder: Path, place: Place, secret: str, *, before: str = "", after: str = "result = 2") -> Path:
    """A notebook file with a secret at a place, and harmless cells around."""
    cells: list[dict[str, Any]] = []
    for number, text in enumerate([before, *place.cells, after]):
        source = filled(text, secret)
        if not source:
            continue
        if source.startswith("#md "):
            cells.append({"cell_type": "markdown", "metadata": {}, "source": source[4:]})
            continue
        own = number == 1
        cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": filled(place.metadata, secret) if own else {},
                "outputs": filled(place.outputs, secret) if own else [],
                "source": source,
            }
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "nb.ipynb"
    whole = {"cells": cells, "metadata": filled(place.notebook, secret), "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(whole), "utf-8")
    return path


def remains(secret: str, text: str, length: int = 10) -> str:
    """The first part of a secret, that long, that stands in a text; empty when none does."""
    parts = (secret[i : i + length] for i in range(max(1, len(secret) - length + 1)))
    return next((p for p in parts if p in text), "")
