"""The mutation runner itself: on a project of one module, whose changes and their fates are known."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.mutants import draw

SMALL = '''"""A module."""

LIMIT = 3


def biggest(values):
    """The biggest, and how many there were."""
    best, left = values[0], len(values)
    for value in values:
        if value > best:
            best = value
    while left > 0:
        left -= 1
    return best


def unseen(value):
    return value + 1
'''
TESTS = """
from mlee_jupyter import small

def test_biggest():
    assert small.biggest([1, 3, 2]) == small.LIMIT == 3
"""
RUN = """
import json, sys
from pathlib import Path
from benchmarks import mutation

mutation.ROOT, mutation.CORE, mutation.LIBRARIES = Path(sys.argv[1]), ("small",), ("pytest", "hypothesis")
mutation.LEAST_LIMIT = 12.0
every, wanted = mutation.draw, json.loads(sys.argv[2])
mutation.draw = lambda *how: [one for one in every(*how) if f"{one.kind} {one.change}" in wanted]
mutation.load_libraries()
known = mutation.survey(["small"], None, False)
fates = mutation.run(["small"], 1000, 1, known, None, False)
print(json.dumps({f"{f.mutant.kind} {f.mutant.change}": f.ended for f in fates}))
print(json.dumps(known["tests/test_small.py"]["failed"]))
"""


FATES = {
    "comparison value > best -> value <= best": "caught",
    "constant LIMIT = 3 -> LIMIT = 4": "caught",  # it runs when the module is imported
    "return return best -> return None": "caught",
    "comparison value > best -> value >= best": "survived",  # as good
    "operator value + 1 -> value - 1": "survived",  # no test runs it
    "operator left -= 1 -> left += 1": "too slow",  # no end
}


@pytest.mark.skipif(sys.platform != "linux", reason="it forks")
def test_fates(tmp_path: Path) -> None:
    for name, text in {
        "mlee_jupyter/__init__.py": "",
        "mlee_jupyter/small.py": SMALL,
        "tests/test_small.py": TESTS,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    command = [sys.executable, "-c", RUN, str(tmp_path), json.dumps(list(FATES))]
    done = subprocess.run(
        command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    fates, failed = map(json.loads, done.stdout.splitlines())
    assert failed == [], "the unchanged tests pass"
    assert fates == FATES


KINDS = {
    "operator": ("x = a + b", ["a + b -> a - b"]),
    "in place": ("a |= b", ["a |= b -> a &= b", "deleted: a |= b"]),
    "sign": ("f(-a)", ["-a -> a", "deleted: f(-a)"]),
    "comparison": ("while a < b: g()", ["a < b -> a <= b", "a < b -> a >= b", "a < b -> not a < b", "deleted: g()"]),
    "connective": ("return_ = a and b", ["a and b -> a or b", "deleted: return_ = a and b"]),
    "constant": ("f(7)", ["f(7) -> f(8)", "f(7) -> f(6)", "f(7) -> f(-7)", "deleted: f(7)"]),
    "zero": ("f(0)", ["f(0) -> f(1)", "f(0) -> f(-1)", "deleted: f(0)"]),
    "text": ("f('a')", ["f('a') -> f('')", "deleted: f('a')"]),
    "a list": ("f([a])", ["[a] -> []", "without a", "deleted: f([a])"]),
    "a set": ("f({a})", ["{a} -> set()", "without a", "deleted: f({a})"]),
    "a dictionary": ("f({a: b})", ["{a: b} -> {}", "without a : b", "deleted: f({a: b})"]),
    "arguments": ("f(a, b)", ["f(a, b) -> f(b, a)", "deleted: f(a, b)"]),
    "a filter": ("x = [v for v in a if v]", [" for v in a if v -> for v in a if not v"]),
    "returned": ("def f(): return a", ["return a -> return None", "deleted: return a"]),
    "nothing returned": ("def f(): return None", []),
    "not code": ('"""A text."""\nimport a\n__all__ = ["b"]\n@c(1)\ndef f(x: d = e) -> g:\n    """Words."""', []),
}


@pytest.mark.parametrize(("code", "wanted"), KINDS.values(), ids=KINDS)
def test_every_change_of_a_line(code: str, wanted: list[str]) -> None:
    found = [one.change for one in draw(code, "m.py", 100, 1)]
    for change in wanted:
        assert [f for f in found if f == change or f == change.strip()], found
    assert wanted or not found


def test_a_seed_draws_the_same_and_every_kind_in_turn() -> None:
    code = "\n".join(f"x{n} = 'a' + 'b' * {n}" for n in range(40)) + "\ny = [1 if x1 else 2]"
    one, again, other = (draw(code, "m.py", 30, seed) for seed in (1, 1, 2))
    assert [m.change for m in one] == [m.change for m in again] != [m.change for m in other]
    assert {m.kind for m in one} >= {"operator", "constant", "statement", "condition", "element", "emptied"}
    assert len({(m.line, m.kind, m.change) for m in one}) == 30
