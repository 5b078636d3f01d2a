from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, ask, cases, hold
from tests.notebooks import seen, tagged

AWS = "AKIA" + "Z7Q3M5XW2R8T4K6P"  # made up, and put together here so that no scanner stumbles over this file
GITHUB = "ghp_" + "q8Zr71mvBx02LkWdNe4Tz95sYcUa3HoJ6fPi"
CASES = {
    "a key by its name": (
        FINDING,
        seen("api_key = 'rF7sehe51RLzREtYhLf0'"),
        "line 1: api_key holds a text that looks random",
    ),
    "as an argument": (FINDING, seen("connect(client_secret='q8Zr71mvBx02LkWd')"), "client_secret holds"),
    "in a table": (FINDING, seen("head = {'access_token': 'q8Zr71mvBx02LkWdNe4'}"), "access_token holds"),
    "by %env": (FINDING, seen("%env API_KEY=q8Zr71mvBx02LkWd"), "API_KEY"),
    "a password": (FINDING, seen("password = 'tr0ub4dor&3'"), "password holds a text"),
    "an AWS key": (FINDING, seen("key = 'AKIA' + ''", f"k = '{AWS}'"), "has the shape of an AWS key"),
    "in a comment": (FINDING, seen(f"# {GITHUB}"), "has the shape of a GitHub token"),
    "in prose": (FINDING, seen(f"markdown:use {GITHUB}"), "has the shape of a GitHub token"),
    "in a shell line": (FINDING, seen(f"!curl -H 'Authorization: token {GITHUB}' x"), "GitHub token"),
    "in a cell that is no Python": (FINDING, seen(f"%%R\nkey <- '{GITHUB}'"), "GitHub token"),
    "a password in a URL": (FINDING, seen("u = 'postgresql://ann:tr0ub4dor9@db.firm.org/x'"), "password in a URL"),
    "empty": (OK, seen("api_key = ''", "password = None"), ""),
    "placeholders": (
        OK,
        seen(
            "api_key = 'YOUR_KEY'",
            "api_key = 'xxxxxxxxxxxxxxxx1234'",
            "token = '<your token here>'",
            "secret = 'insert-your-secret-123'",
            "password = 'changeme1'",
            "k = 'AKIAIOSFODNN7EXAMPLE'",
        ),
        "",
    ),
    "from the environment": (OK, seen("import os\napi_key = os.environ['API_KEY_9a8b7c6d5e']"), ""),
    "a hash": (OK, seen("sha = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'"), ""),
    "a file's id": (OK, seen("file_id = '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms'"), ""),
    "words of a language model": (OK, seen("pad_token = '[PAD]'", "token = '</s>'", "oov_token = '<OOV>'"), ""),
    "a local database": (OK, seen("u = 'postgresql://postgres:postgres@localhost/x'", "password = 'postgres'"), ""),
    "a name of a column": (OK, seen("password = 'password_column'", "api_key = 'key_of_the_table'"), ""),
    "a long link": (OK, seen("u = 'https://x.org/sk-learn-tutorial-with-many-words'"), ""),
    "muted": (IGNORED, seen("password = 'tr0ub4dor&3'  # mlee: ignore[secret] of a closed demo"), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (OK, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE705", case)


def test_the_finding_never_shows_the_secret() -> None:
    shown = seen(f"# {GITHUB}", "password = 'tr0ub4dor&3'")
    assert shown.notebook is not None
    said = repr(ask("MLE705", shown)) + repr(shown.notebook.secrets)
    assert GITHUB not in said
    assert "tr0ub4dor" not in said


def test_outputs_are_looked_at() -> None:
    cell = tagged("a = 1")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": GITHUB}]
    answer = ask("MLE705", seen(cell))
    assert answer.outcome.name == "FINDING"
    assert "its output" in answer.message
