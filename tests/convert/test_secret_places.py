# ruff: noqa: E501
"""How a secret leaves the code, exactly: what stands there instead, which variable it is, and where it was told of."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.secrets import secret_places
from mlee_jupyter.convert.secrets.secret_places import secrets_of, take_out

from .makers import write_notebook
from .secret_makers import Place, mixed, password, planted, stream

DRAW = random.Random(11)
KEY, WORD, OTHER = mixed(DRAW), password(DRAW), mixed(DRAW)
HALF = len(KEY) // 2
DRAWN = {"S": KEY, "P": WORD, "T": OTHER, "A": KEY[:HALF], "B": KEY[HALF:]}


def filled(text: str) -> str:
    for name, secret in DRAWN.items():
        text = text.replace(f"{{{name}}}", secret)
    return text


def hidden(text: str) -> str:
    for name, secret in DRAWN.items():
        text = text.replace(secret, f"{{{name}}}")
    return text


# cell -> what it becomes; the environment; variables with their lines; what is found, by line
TAKEN = {
    "api_key = '{S}'":
        ('api_key = os.environ["NB_API_KEY"]',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "api_key = b'{S}'":
        ('api_key = os.environ["NB_API_KEY"].encode("latin-1")',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "x = '{S}'; api_key = x":
        ('x = os.environ["NB_API_KEY"]\napi_key = x',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "api_key = 'Bearer {S}'":
        ('api_key = (\'Bearer \' + os.environ["NB_API_KEY"])',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "h = 'Bearer {S}'":
        ('h = (\'Bearer \' + os.environ["NB_H"])',
         'NB_H={S}', 'NB_H:1', '1:{S}'),
    "h = b'Bearer {S}'":
        ('h = (b\'Bearer \' + os.environ["NB_H"].encode("latin-1"))',
         'NB_H={S}', 'NB_H:1', '1:{S}'),
    "h = f'Bearer {S} {n}'":
        ('h = ((\'Bearer \' + os.environ["NB_H"] + \' \') + f\'{n}\')',
         'NB_H={S}', 'NB_H:1', '1:{S}'),
    "h = f'{n:>5}Bearer {S}'":
        ('h = (f\'{n:>5}\' + (\'Bearer \' + os.environ["NB_H"]))',
         'NB_H={S}', 'NB_H:1', '1:{S}'),
    "h = 'Bearer ' + '{S}'":
        ('h = \'Bearer \' + os.environ["NB_H"]',
         'NB_H={S}', 'NB_H:1', '1:{S}'),
    "url = 'https://ann:{P}@firm.net/x'":
        ('url = (\'https://ann:\' + os.environ["NB_URL"] + \'@firm.net/x\')',
         'NB_URL={P}', 'NB_URL:1', '1:{P}'),
    "url = f'https://ann:{P}@{host}/x'":
        ('url = ((\'https://ann:\' + os.environ["NB_URL"] + \'@\') + f\'{host}\' + \'/x\')',
         'NB_URL={P}', 'NB_URL:1', '1:{P}'),
    "url = 'https://ann:{P}@firm.net/x?token={S}'":
        ('url = (\'https://ann:\' + os.environ["NB_URL"] + \'@firm.net/x?token=\' + os.environ["NB_URL_2"])',
         'NB_URL={P} NB_URL_2={S}', 'NB_URL:1 NB_URL_2:1', '1:{P} 1:{S}'),
    "url = f'https://ann:{P}@firm.net/x?token={S}&n={n}'":
        ('url = ((\'https://ann:\' + os.environ["NB_URL"] + \'@firm.net/x?token=\' + os.environ["NB_URL_2"] + \'&n=\') + f\'{n}\')',
         'NB_URL={P} NB_URL_2={S}', 'NB_URL:1 NB_URL_2:1', '1:{P} 1:{S}'),
    "a = '{A}'; b = '{B}'; api_key = a + b":
        ('a = os.environ["NB_API_KEY"]\nb = os.environ["NB_API_KEY_2"]\napi_key = a + b',
         'NB_API_KEY={A} NB_API_KEY_2={B}', 'NB_API_KEY:1 NB_API_KEY_2:1', '1:{S}'),
    "api_key = '{A}' + '{B}'":
        ('api_key = os.environ["NB_API_KEY"]',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "api_key = '{A}' '{B}'":
        ('api_key = os.environ["NB_API_KEY"]',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "api_key = ''.join(['{A}', '{B}'])":
        ('api_key = os.environ["NB_API_KEY"]',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    'api_key = f\'{A}{"{B}"}\'':
        ('api_key = (os.environ["NB_API_KEY"] + os.environ["NB_API_KEY_2"])',
         'NB_API_KEY={A} NB_API_KEY_2={B}', 'NB_API_KEY:1 NB_API_KEY_2:1', '1:{S}'),
    "api_key = 'abc' + x + '{B}'":
        ("api_key = 'abc' + x + '{B}'",
         '', '', ''),
    "key = os.getenv('API_KEY', '{S}')":
        ('key = os.environ["API_KEY"]',
         'API_KEY={S}', 'API_KEY:1', '1:{S}'),
    "key = os.getenv('API_KEY') or '{S}'":
        ('key = os.environ["API_KEY"]',
         'API_KEY={S}', 'API_KEY:1', '1:{S}'),
    "key = os.getenv('1_API_KEY', '{S}')":
        ('key = os.getenv(\'1_API_KEY\', os.environ["NB_1_API_KEY"])',
         'NB_1_API_KEY={S}', 'NB_1_API_KEY:1', '1:{S}'),
    "api_key = os.getenv('API_KEY', '{S}'); other_key = os.getenv('API_KEY', '{T}')":
        ('api_key = os.getenv(\'API_KEY\', os.environ["NB_API_KEY"])\nother_key = os.getenv(\'API_KEY\', os.environ["NB_API_KEY_2"])',
         'NB_API_KEY={S} NB_API_KEY_2={T}', 'NB_API_KEY:1 NB_API_KEY_2:1', '1:{S} 1:{T}'),
    "api_key = '{S}'; token = '{S}'":
        ('api_key = os.environ["NB_API_KEY"]\ntoken = os.environ["NB_API_KEY"]',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "api_key = '{S}'; api_keys = ['{T}', 'x']":
        ('api_key = os.environ["NB_API_KEY"]\napi_keys = [os.environ["NB_API_KEYS"], \'x\']',
         'NB_API_KEY={S} NB_API_KEYS={T}', 'NB_API_KEY:1 NB_API_KEYS:1', '1:{S} 1:{T}'),
    "def f():\n    'api_key={S}'\n    return 1":
        ("def f():\n    'api_key={S}'\n    return 1",
         '', '', '2:{S}'),
    "match x:\n    case '{S}': api_key = 1":
        ("match x:\n    case '{S}': api_key = 1",
         '', '', ''),
    "def f(api_key='{S}'): return'{S}'":
        ('def f(api_key=os.environ["NB_API_KEY"]): return\'{S}\'',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "api_key = '{S}' if x else'{T}'":
        ('api_key = os.environ["NB_API_KEY"] if x else os.environ["NB_API_KEY_2"]',
         'NB_API_KEY={S} NB_API_KEY_2={T}', 'NB_API_KEY:1 NB_API_KEY_2:1', '1:{S} 1:{T}'),
    "f(password='{P}', user='ann')":
        ('f(password=os.environ["NB_PASSWORD"], user=\'ann\')',
         'NB_PASSWORD={P}', 'NB_PASSWORD:1', '1:{P}'),
    'f\'{d["a"]} api_key={S}\'':
        ('(f"{d[\'a\']}" + (\' api_key=\' + os.environ["NB_RANDOM"]))',
         'NB_RANDOM={S}', 'NB_RANDOM:1', '1:{S}'),
    "class A:\n    password: str = '{P}'":
        ('class A:\n    password: str = os.environ["NB_PASSWORD"]',
         'NB_PASSWORD={P}', 'NB_PASSWORD:2', '2:{P}'),
    "d = {'password': '{P}', '{S}': 1}":
        ('d = {\'password\': os.environ["NB_PASSWORD"], \'{S}\': 1}',
         'NB_PASSWORD={P}', 'NB_PASSWORD:1', '1:{P}'),
    'api_key = f\'{A}{"{B}":>5}\'':
        ('api_key = (os.environ["NB_API_KEY"] + f"{\'{B}\':>5}")',
         'NB_API_KEY={A} NB_API_KEY_2={B}', 'NB_API_KEY:1 NB_API_KEY_2:1', '1:{S}'),
    "x = f'{n}'; api_key = f'{S}{x}'":
        ("x = f'{n}'\napi_key = f'{S}{x}'",
         '', '', ''),
    "password = '{P}'\\\n  '1'":
        ('password = os.environ["NB_PASSWORD"]',
         'NB_PASSWORD={P}1', 'NB_PASSWORD:1', '1:{P}1'),
    "password = '''a\n  {P}'''":
        ("password = '''a\n  {P}'''",
         '', '', ''),
    "word = 'my {P} here'":
        ("word = 'my {P} here'",
         '', '', ''),
    "url = f'redis://:{P}@{host}'":
        ('url = ((\'redis://:\' + os.environ["NB_URL"] + \'@\') + f\'{host}\')',
         'NB_URL={P}', 'NB_URL:1', '1:{P}'),
    "api_key = '%s' % '{S}'":
        ('api_key = os.environ["NB_API_KEY"]',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "api_key = '{S}'.strip()":
        ('api_key = os.environ["NB_API_KEY"]',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "api_key = lambda: '{S}'":
        ('api_key = lambda: os.environ["NB_API_KEY"]',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
    "keys = dict(api_key='{S}', n=1)":
        ('keys = dict(api_key=os.environ["NB_API_KEY"], n=1)',
         'NB_API_KEY={S}', 'NB_API_KEY:1', '1:{S}'),
}  # fmt: skip


def taken(folder: Path, *cells: str, elsewhere: tuple[str, ...] = ()) -> Draft:
    facts = read_facts(write_notebook(folder, *map(filled, cells)))
    draft = Draft(name="nb", facts=facts, original=facts, flow=[s.index for s in facts.statements])
    take_out(draft, elsewhere)
    return draft


def code(draft: Draft) -> str:
    return hidden("\n".join(s.code for s in draft.statements()))


@pytest.mark.parametrize(("cell", "told"), TAKEN.items(), ids=TAKEN)
def test_what_stands_there_instead(cell: str, told: tuple[str, str, str, str], tmp_path: Path) -> None:
    draft = taken(tmp_path, cell)
    environment = " ".join(hidden(f"{name}={text}") for name, text in draft.environment.items())
    variables = " ".join(f"{s.variable}:{s.line}" for s in draft.secrets)
    found = " ".join(f"{f.line}:{hidden(f.text)}" for f in secrets_of(draft.original))
    assert (code(draft), environment, variables, found) == told


def test_what_was_found_elsewhere_leaves_every_literal(tmp_path: Path) -> None:
    draft = taken(tmp_path, "x = 'a {S} b'", "y = ['{S}', '{T}', 3, b'{S}']", elsewhere=(KEY, "short12"))
    name = 'os.environ["NB_SECRET"]'
    assert code(draft) == f"x = ('a ' + {name} + ' b')\ny = [{name}, '{{T}}', 3, b'{{S}}']"
    assert [s.why for s in draft.secrets] == ["stands elsewhere as a secret"]


def test_the_longest_that_stands_elsewhere_goes_first(tmp_path: Path) -> None:
    draft = taken(tmp_path, "x = '{S}'", elsewhere=(KEY[:8], KEY, KEY[:12]))
    assert draft.environment == {"NB_SECRET": KEY}
    assert taken(tmp_path, "x = '{S}'", elsewhere=(KEY[:8],)).environment == {"NB_SECRET": KEY[:8]}
    assert taken(tmp_path, "x = '{S}'", elsewhere=(KEY[:7],)).environment == {}


def test_docstrings_and_patterns_stay(tmp_path: Path) -> None:
    cells = ("def f():\n    '{S}'", "match x:\n    case '{S}': pass")
    assert code(taken(tmp_path, *cells, elsewhere=(KEY,))) == "\n".join(cells)


def test_what_is_in_the_environment_already_is_not_handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "mine")
    draft = taken(tmp_path, "key = os.getenv('API_KEY', '{S}')")
    assert ([s.variable for s in draft.secrets], draft.environment) == (["API_KEY"], {})


def test_with_too_many_in_one_text_the_whole_of_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_places, "MOST_CUTS", 1)
    assert code(taken(tmp_path, "x = 'token={S} and'")) == "x = ('token=' + os.environ[\"NB_X\"] + ' and')"
    assert code(taken(tmp_path, "x = 'token={S} password={P} z'")) == 'x = os.environ["NB_X"]'


def test_a_short_piece_of_a_secret_stays(tmp_path: Path) -> None:
    short, rest = KEY[:3], KEY[3:]
    assert code(taken(tmp_path, f"a = '{short}'; api_key = a + '{rest}'")).startswith(f"a = '{short}'")
    assert code(taken(tmp_path, f"a = '{KEY[:4]}'; api_key = a + '{KEY[4:]}'")).startswith("a = os.environ")


NAMES = {"api_key": "NB_API_KEY", "clientSecret": "NB_CLIENTSECRET", "d['the key-1_token']": "NB_THE_KEY_1_TOKEN",
         "d['__token']": "NB_TOKEN", f"d['{'x' * 50}_token']": f"NB_{'X' * 40}"}  # fmt: skip


@pytest.mark.parametrize(("target", "variable"), NAMES.items(), ids=NAMES)
def test_what_the_variable_is_called(target: str, variable: str, tmp_path: Path) -> None:
    assert [s.variable for s in taken(tmp_path, f"{target} = '{{S}}'").secrets] == [variable]


def test_variables_are_numbered(tmp_path: Path) -> None:
    keys = [mixed(random.Random(seed)) for seed in range(3)]
    draft = taken(tmp_path, *(f"api_key = '{key}'" for key in keys))
    assert draft.environment == dict(zip(("NB_API_KEY", "NB_API_KEY_2", "NB_API_KEY_3"), keys, strict=True))


def told(path: Path) -> list[tuple[int, int, str]]:
    return [(f.cell, f.line, f"{hidden(f.text)} {f.why}") for f in secrets_of(read_facts(path))]


# name -> place, what is told of its first cell: line, text and why
BESIDE_CODE: dict[str, tuple[Place, list[tuple[int, str]]]] = {
    "a comment": (Place(("n = 1\n\nm = 2  # api_key = {S}",)), [(3, "{S} api_key holds a text that looks random")]),
    "a comment that is code as well": (Place(("api_key = '{S}'  # api_key = {S}",)),
                                       [(1, "{S} api_key holds a text that looks random")]),
    "a comment with another": (Place(("n = 1\napi_key = '{S}'  # password = tiger77",)),
                               [(2, "{S} api_key holds a text that looks random"), (2, "tiger77 password holds a text")]),
    "a short comment": (Place(("n = 1  # pw=abc1",)), []),
    "prose": (Place(("#md One\n\napi_key: {S}",)), [(3, "{S} api_key holds a text that looks random")]),
    "a magic": (Place(("n = 1\n%env API_KEY={S}",)), [(2, "{S} API_KEY holds a text that looks random")]),
    "a shell line": (Place(("n = 1\n!true --api-key={S}",)), [(2, "{S} api-key holds a text that looks random")]),
    "another language": (Place(("%%bash\n\nexport API_KEY={S}",)), [(1, "{S} API_KEY holds a text that looks random")]),
    "a timed cell": (Place(("%%time\napi_key = '{S}'",)), [(2, "{S} api_key holds a text that looks random")]),
    "an output": (Place(("n = 1",), outputs=(stream("a\napi_key={S}\n"),)),
                  [(1, "{S} in output, api_key holds a text that looks random")]),
    "a shape in an output": (Place(("n = 1",), outputs=(stream("Bearer {S}"),)),
                             [(1, "{S} its output has the shape of a bearer token")]),
    "a command in an output": (Place(("n = 1",), outputs=(stream("login -p {P}"),)),
                               [(1, "{P} its output is a password or a key")]),
    "metadata": (Place(("n = 1",), metadata={"a": "Bearer {S}"}), [(1, "{S} its metadata has the shape of a bearer token")]),
    "a packed line": (Place(("n = 1",), outputs=(stream("function(){};" * 77 + "api_key='{S}'"),)), []),
    "a line that is not long enough": (Place(("n = 1",), outputs=(stream("function(){};" * 60 + "api_key='{S}'"),)),
                                       [(1, "{S} in output, api_key holds a text that looks random")]),
    "beside a packed line": (Place(("n = 1",), outputs=(stream("(e)=>e;" * 150 + "\napi_key='{S}'"),)),
                             [(1, "{S} in output, api_key holds a text that looks random")]),
    "a long line with few functions": (Place(("n = 1",), outputs=(stream("function " * 4 + "a" * 999 + " api_key='{S}'"),)),
                                       [(1, "{S} in output, api_key holds a text that looks random")]),
    "a shape in a packed line": (Place(("n = 1",), outputs=(stream("function(){};" * 77 + "ghp_{S}"),)),
                                 [(1, "ghp_{S} its output has the shape of a GitHub token")]),
}  # fmt: skip


@pytest.mark.parametrize(("place", "wanted"), BESIDE_CODE.values(), ids=BESIDE_CODE)
def test_what_is_told_of_it(place: Place, wanted: list[tuple[int, str]], tmp_path: Path) -> None:
    cells: Any = Place(tuple(map(filled, place.cells)), place.outputs, place.metadata)
    assert told(planted(tmp_path, _with(cells), "")) == [(1, *one) for one in wanted]


def _with(place: Place) -> Place:
    def through(value: Any) -> Any:
        if isinstance(value, str):
            return filled(value)
        if isinstance(value, dict):
            return {k: through(v) for k, v in value.items()}
        return [through(v) for v in value] if isinstance(value, (list, tuple)) else value

    return Place(place.cells, tuple(through(place.outputs)), through(place.metadata))


def test_so_much_of_the_outputs_is_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = f"api_key={KEY}"
    path = planted(tmp_path, Place(("n = 1",), outputs=(stream("x" * 10), stream(said))), "")
    monkeypatch.setattr(secret_places, "MOST_ATTACHED", 10 + len(said))
    assert len(told(path)) == 1
    monkeypatch.setattr(secret_places, "MOST_ATTACHED", 10 + len(said) - len(KEY))
    assert told(path) == []
