"""Passwords without a name of ours: other languages, options of programs, addresses with a variable in them."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest

from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.secrets.secret_places import secrets_of

from .makers import write_notebook

WAYS = {
    "a variable for a host": 'url = f"https://ann:{0}@{{host}}/"',
    "variables around": 'url = f"postgresql://{{user}}:{0}@{{host}}:5432/db"',
    "a variable for a user": 'url = f"https://{{user}}:{0}@shop.com/"',
    "filled in": 'url = "https://{{}}:{0}@{{}}/".format(a, b)',
    "filled in with %": 'url = "https://ann:{0}@%s/" % host',
    "put together": 'url = "postgresql://app:" + "{0}" + "@db/x"',
    "a proxy": 'p = "http://bob:{0}@proxy:8080"',
    "words": 'passphrase = "correct horse battery staple"',
    "a mail service's": 'server.login("me@gmail.com", "zkcd qfgh ijwl mnop")',
    "a ring of keys": 'keyring.set_password("svc", "me", "{0}")',
    "words of a command": 'subprocess.run(["mysql", "-u", "root", "-p{0}"])',
    "words apart": 'subprocess.run(["/usr/bin/sshpass", "-p", "{0}", "ssh", "shop"])',
    "zip": "!zip -P {0} a.zip b",
    "unzip": "!unzip -P {0} a.zip",
    "7z": "!7z x -p{0} a.7z",
    "openssl": "!openssl enc -aes-256-cbc -k {0} -in a",
    "openssl, by word": "!openssl rsa -passin pass:{0} -in a",
    "htpasswd": "!htpasswd -b f bob {0}",
    "htpasswd, printed": "!htpasswd -nb bob {0}",
    "sudo": "!echo {0} | sudo -S ls",
    "redis": "!redis-cli -h shop -a {0} get x",
    "a basic authorization": 'h = base64.b64encode(b"bob:{0}")',
    "french": 'mot_de_passe = "{0}"',
    "french, short": 'mdp = "{0}"',
    "spanish": 'contraseña = "{0}"',
    "portuguese": 'senha = "{0}"',
    "german": 'passwort = "{0}"',
    "japanese": 'パスワード = "{0}"',
    "russian": 'пароль = "{0}"',
    "prose": "#md Use the password `{0}` to log in",
    "a comment": "x = 1  # mot_de_passe = {0}",
}
HARMLESS = {
    "a proxy's example": 'p = "http://user:pass@proxy:8080"',
    "an image's database": 'u = "postgresql://postgres:postgres@db/x"',
    "asked for": 'passphrase = "enter your pass phrase"',
    "a decision process": 'mdp = "gridworld-v0"',
    "a column's key": 'clave = "columna_1"',
    "another option": 'subprocess.run(["grep", "-p", "abcd1234x"])',
    "no password behind it": 'subprocess.run(["mysql", "-u", "root", "-p"])',
    "a pipe": "!unzip -p data.zip sales2024.csv",
    "a variable": "!zip -P $PASSWORD a.zip b",
    "a name": "!zip -r results_2024.zip out/run_2024_11",
    "no text for sudo": "!echo ready2024 | tee log.txt",
    "a label": 'h = base64.b64encode(b"label:value")',
    "a form": "#md Use the password `password` to log in",
    "a column in prose": "#md The password column is `user_name`",
    "seed words": 'seed_words = "good nice excellent friendly"',
    "an encoding": 'mnemonic_code = "add_1"',
}


def found_in(code: str, folder: Path) -> list[str]:
    return [one.text for one in secrets_of(read_facts(write_notebook(folder, code))) if not one.example]


def password(draw: random.Random) -> str:
    """Nobody's: letters and digits in no order that words have."""
    pairs = "".join(draw.choice("bcdfghjkmpqrtvwxz") + draw.choice(string.digits) for _ in range(5))
    return draw.choice("KMPQX") + pairs + draw.choice("kmpqx")


@pytest.mark.parametrize("way", WAYS)
def test_each_way_is_seen(way: str, tmp_path: Path) -> None:
    for seed in range(3):
        drawn = password(random.Random(f"{way} {seed}"))
        code = WAYS[way].format(drawn)
        found = found_in(code, tmp_path)
        meant = drawn if "{0}" in WAYS[way] else code.rpartition('"')[0].rpartition('"')[2]
        assert any(meant in text or (text and text in meant and len(text) > 8) for text in found), (code, found)


@pytest.mark.parametrize("case", HARMLESS)
def test_what_opens_nothing_is_not_accused(case: str, tmp_path: Path) -> None:
    assert found_in(HARMLESS[case], tmp_path) == []
