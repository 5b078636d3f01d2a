"""What of a text in code is the secret, and why: all of it by its name, or a part of it by its shape."""

from __future__ import annotations

import ast
import random

import pytest

from mlee_jupyter.convert.secrets.secret_code import Reader

from .secret_makers import mixed, password

DRAW = random.Random(11)
DRAWN = {"S": mixed(DRAW), "P": password(DRAW)}
# code -> the secrets in it, and why
FOUND = {
    "api_key = '{S}'": ["{S} api_key holds a text that looks random"],
    "api_key = ' {S} '": ["{S} api_key holds a text that looks random"],
    "api_key = ' ghp_{S}'": ["ghp_{S} has the shape of a GitHub token"],
    "api_key = 'ghp_{S}'": ["ghp_{S} has the shape of a GitHub token"],
    "api_key = 'Bearer {S}'": ["{S} api_key holds a text that looks random"],
    "api_key = 'token {S}'": ["{S} api_key holds a text that looks random"],
    "api_key = ' Key   {S}'": ["{S} api_key holds a text that looks random"],
    "rows = 'token {S}'": [],
    "auth = 'ann:tiger7'": ["tiger7 is a password"],
    "auth = 'ann:tiger7  '": ["tiger7 is a password"],
    "auth = ':{P}'": [],
    "auth = 'http://ann'": [],
    "auth = 'ann:letters'": [],
    "rows = 'ann:{P}'": [],
    "password = 'ab12c'": [],
    "password = 'ab12c!'": ["ab12c! password holds a text"],
    "password = f'ab12c{n}'": [],
    "password = 'letters'": ["letters password holds a word"],
    "password = 'mypassword'": [],
    "password = ['letters']": [],
    "password == 'letters'": [],
    "passwords = 'letters'": [],
    "pwd = 'letters'": [],
    "x['password'] = 'letters'": [],
    "connect(user='ann', password='letters')": ["letters password holds a text"],
    "connect(rows='ann', password='letters')": ["letters password holds a word"],
    "frame.assign(rows='ann', password='letters')": [],
    "login('ann', 'letters')": ["letters password holds a text"],
    "x = 'see {S} there'": [],
    "x = 'see ghp_{S} there'": ["ghp_{S} has the shape of a GitHub token"],
    "api_key = 'see ghp_{S} there'": ["ghp_{S} has the shape of a GitHub token"],
}


@pytest.mark.parametrize(("code", "secrets"), FOUND.items(), ids=FOUND)
def test_what_is_found_in_a_text(code: str, secrets: list[str]) -> None:
    for name, secret in DRAWN.items():
        code = code.replace(f"{{{name}}}", secret)
    found = []
    for one in Reader().secrets(ast.parse(code)):
        for span in one.spans:
            said = f"{one.written.text[span.start : span.end]} {span.why}"
            for name, secret in DRAWN.items():
                said = said.replace(secret, f"{{{name}}}")
            found.append(said)
    assert found == secrets
