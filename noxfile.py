"""The suite without its simulations on each Python that is on this machine: `nox`; those that are not are skipped."""

from __future__ import annotations

import nox

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
nox.options.error_on_missing_interpreters = False
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Rules, words, comparison, magics, store; or what is named behind `--`."""
    session.install(".[test]", env={"MLEE_SKIP_LABEXTENSION": "1"})
    named = session.posargs or [
        "tests/guardrails",
        "tests/present",
        "tests/store",
        "tests/test_compare.py",
        "tests/test_magics.py",
    ]
    session.run("python", "-m", "pytest", *named)
