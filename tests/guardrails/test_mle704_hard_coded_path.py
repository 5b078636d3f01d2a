from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "a home folder": (
        FINDING,
        seen("import pandas as pd\ndf = pd.read_csv('/home/ann/houses.csv')"),
        "Cell 1: /home/ann/houses.csv exists on one machine only",
    ),
    "a drive": (FINDING, seen("open(r'C:\\Users\\ann\\x.csv')"), "exists on one machine only"),
    "a cloud notebook's mount": (FINDING, seen("open('/content/drive/x.csv')"), "exists on one machine only"),
    "an f-string": (FINDING, seen("a = 1\nopen(f'/home/ann/{a}.csv')"), "exists on one machine only"),
    "in two cells": (FINDING, seen("open('~/Downloads/a.csv')", "open('~/Downloads/b.csv')"), "(and 1 more place)"),
    "relative": (OK, seen("open('data/houses.csv')", "open('../data/houses.csv')"), ""),
    "a URL": (OK, seen("open('https://example.org/home/ann/x.csv')"), ""),
    "what every system has": (OK, seen("open('/tmp/x.csv'), open('/dev/null')"), ""),
    "behind a root": (
        OK,
        seen("open(root + '/data/houses/a.csv')", "open(f'{root}/data/houses/a.csv')", "root = '.'"),
        "",
    ),
    "a web route": (OK, seen("route = '/api/v1/users'", "xpath = '//div/span'"), ""),
    "prose": (OK, seen('"""/home/ann/x.csv"""'), ""),
    "muted": (IGNORED, seen("open('/home/ann/x')  # mlee: ignore[hard-coded-path] the lab's only disk"), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (OK, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE704", case)
