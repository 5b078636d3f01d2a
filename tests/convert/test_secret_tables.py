# ruff: noqa: E501
"""Cells of a table under a column called so, and arguments that are keys by their place: with twins that are none."""

from __future__ import annotations

import ast

import pytest

from mlee_jupyter.convert.secrets import secret_tables
from mlee_jupyter.convert.secrets.secret_code import Reader
from mlee_jupyter.convert.secrets.secret_tables import in_tables
from mlee_jupyter.convert.secrets.secret_takers import given_by_place, given_by_word

KEY, WORD, LONG = "q7Wz2Kf9Xp4Lm8Rt3Vb6", "tiger7", "q7Wz2Kf9Xp4Lm8Rt3Vb6Nc1H"
# text -> the secrets in its tables, each with what its column is called
TABLES = {
    "user,password\nann,tiger7": ["tiger7 password"],
    "user,password\nann,tiger7\nbob,tiger8\n": ["tiger7 password", "tiger8 password"],
    "user;password\nann;tiger7": ["tiger7 password"],
    "user\tpassword\nann\ttiger7": ["tiger7 password", "tiger7 password"],  # also as a printed frame
    "| user | password |\n| --- | --- |\n| ann | `tiger7` |": ["tiger7 password", "`tiger7` password"],
    "id, 'user', \"password\", n\n1, ann, 'tiger7', 3": ["tiger7 password"],
    "user,password,token\nann,tiger7,q7Wz2Kf9Xp4Lm8Rt3Vb6": ["tiger7 password", "q7Wz2Kf9Xp4Lm8Rt3Vb6 token"],
    "   user  password\n0   ann    tiger7": ["tiger7 password"],
    "user  password\n ann    tiger7": ["tiger7 password"],
    "  user  password\n0 1 ann    tiger7": [],
    "password\ntiger7": [],
    "rows,password\nann,tiger7": [],
    "user,rows\nann,tiger7": [],
    "user,password": [],
    "a line before\n\nuser,password\nann,tiger7": ["tiger7 password"],
    "ann,tiger7\nuser,password\nbob,tigers": [],
    "user,password\nann,tiger7\nx\nbob,tiger8": ["tiger7 password"],
    "user,password\nann,tiger7\nuser,rows\nbob,tiger8": ["tiger7 password", "tiger8 password"],
    "user,password\nann,tiger7\n\nhost,token\na,tiger8": ["tiger7 password"],
    "user,password\nann,x,tiger7": ["tiger7 password"],
    "user,password\nann,x,y,tiger7": [],
    "<table><tr><th>user</th><th>password</th></tr><tr><td>ann</td><td>tiger7</td></tr></table>": ["tiger7 password"],
    "<TABLE><TR><TH>user</TH><TH class='a'>password</TH></TR><TR><TD>ann</TD><TD> tiger7 </TD></TR>": ["tiger7 password"],
    "<tr><th></th><th>user</th><th>password</th></tr><tr><th>0</th><td>ann</td><td>tiger7</td></tr>": [
        "tiger7 password"
    ],
    "<tr><th>user</th><th>password</th></tr><tr><td>ann</td><td><b>tiger7</b></td></tr>": [],
    "<tr><th>user</th><th>password</th><tr><td>ann</td><td>tiger7</td>": ["tiger7 password"],
    "<tr></td><th>user</th><th>password</th></tr><tr><td>ann</td><td>tiger7</td></tr>": ["tiger7 password"],
    "<td>user</td><td>password</td><tr><td>ann</td><td>tiger7</td></tr>": ["tiger7 password"],
}  # fmt: skip


def found(text: str) -> list[str]:
    return [f"{text[start:end]} {why.partition(' ')[0]}" for start, end, why in in_tables(text)]


@pytest.mark.parametrize(("text", "secrets"), TABLES.items(), ids=TABLES)
def test_secrets_in_tables(text: str, secrets: list[str]) -> None:
    assert found(text) == secrets


def test_how_much_of_a_table_is_read() -> None:
    assert (secret_tables.MOST_CELLS, secret_tables.MOST_CELL) == (200, 400)
    wide = "," * 197
    assert found(f"user,password{wide},x\nann,tiger7{wide},y") == ["tiger7 password"]
    assert found(f"user,password{wide},x,\nann,tiger7{wide},y,") == []
    page = "<tr><td>user</td><td>password</td></tr><tr><td>ann</td><td>{}tiger7</td></tr>"
    assert found(page.format(" " * 394)) == ["tiger7 password"]
    assert found(page.format(" " * 395)) == []
    printed = "user " + " " * 1_980 + " password"
    assert found(f"{printed}\nann tiger7") == ["tiger7 password"]
    assert found(f"{printed.replace(' ', '  ', 9)}\nann tiger7") == []


# call -> what each argument is given to
PLACES = {
    f"connect('x', '{WORD}!')": ["", "password"],
    f"connect('{WORD}!', 'x')": ["", ""],
    f"db.connection(1, '{WORD}!')": ["", "password"],
    f"Redis('x', 1, '{WORD}!')": ["", "", "password"],
    f"weather_client('x', '{WORD}!')": ["", "password"],
    f"create_engine('x', '{WORD}!')": ["", "password"],
    f"FTP('x', '{WORD}!')": ["", "password"],
    f"connect('x', '{WORD}')": ["", ""],
    "connect('x', 'ann@firm.net7')": ["", ""],
    "connect('x', 'db7.firm.net')": ["", ""],
    "connect('x', 'a7.txt!')": ["", ""],
    f"connect('x', '{'a1!b' * 50}')": ["", "password"],
    f"connect('x', '{'a1!b' * 50}c')": ["", ""],
    f"other('x', '{WORD}!')": ["", ""],
    f"uuid_client('x', '{WORD}!')": ["", ""],
    f"decrypt('{WORD}!')": ["password"],
    f"Fernet('{WORD}!')": ["password"],
    f"hmac.new('{WORD}!')": ["password"],
    f"jwt.encode(d, '{WORD}!')": ["", "password"],
    f"jwt.decode(d, '{WORD}!')": ["", "password"],
    f"Weather('{LONG}')": ["password"],
    f"Weather('{LONG[:23]}')": [""],
    f"Weather('x', '{LONG}')": ["", ""],
    f"weather('{LONG}')": [""],
    f"Model('{LONG}')": [""],
    f"DataFrame('{LONG}')": [""],
    f"Document_id('{LONG}')": [""],
    f"Query('{LONG}')": [""],
    "f('password', 'x', 'y')": ["", "password", ""],
    "f('rows', 'x')": ["", ""],
    "set_token('token', 'x')": ["set_token", "token"],
    "login('x')": ["token"],
    "login('x', 'y')": ["token", "password"],
    "basic_auth('x', 'y', 'z')": ["", "password", ""],
    "credentials('x')": ["credentials"],
    "the_author('x')": [""],
    "str('x')": ["name"],
    "str(1, 'x')": ["name", ""],
}  # fmt: skip


@pytest.mark.parametrize(("code", "given"), PLACES.items(), ids=PLACES)
def test_what_an_argument_is_by_its_place(code: str, given: list[str]) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert list(given_by_place(call, "name")) == given


def test_parameters_say_more_than_places() -> None:
    call = ast.parse("login('x', 'y', 'z')", mode="eval").body
    assert isinstance(call, ast.Call)
    assert list(given_by_place(call, "", ["api_key", "rows"])) == ["api_key", "password", ""]
    assert list(given_by_place(call, "", ["a", "b", "token"])) == ["token", "password", "token"]


WORDS = {
    ("Password", "value"): "Password", ("Field", "value"): "value", ("login", "key"): "api_key", ("Maps", "key"): "api_key",
    ("maps", "key"): "key", ("Model", "key"): "key", ("GeoSeries", "key"): "key", ("Column", "key"): "key",
    ("Maps", "rows"): "rows", ("login", "value"): "value", ("", "key"): "key",
}  # fmt: skip


@pytest.mark.parametrize(("call", "word", "given"), [(c, w, g) for (c, w), g in WORDS.items()])
def test_what_a_keyword_says(call: str, word: str, given: str) -> None:
    assert given_by_word(call, word) == given


def test_a_secret_in_a_frame_by_its_column() -> None:
    code = f"pd.DataFrame([['ann', '{WORD}']], columns=['user', 'password'])"
    assert [one.written.text for one in Reader().secrets(ast.parse(code))] == [WORD]
