"""The constraints of the lowest versions are read from pyproject.toml: every bound is the pin."""

from __future__ import annotations

import pytest

from . import lowest


def project(*requirements: str, **extras: list[str]) -> str:
    lines = [f"{name} = {values!r}" for name, values in extras.items()]
    return "\n".join(["[project]", f"dependencies = {list(requirements)!r}", "[project.optional-dependencies]", *lines])


CASES = {
    "a bound": (project("numpy>=1.26"), ["numpy==1.26"]),
    "of an extra": (project(lab=["jupyterlab>=4.2"]), ["jupyterlab==4.2"]),
    "with an extra of its own": (project(postgres=["psycopg[binary]>=3.1.4"]), ["psycopg==3.1.4"]),
    "twice: the stricter one, by number": (project("ruff>=0.9", test=["ruff>=0.13"]), ["ruff==0.13"]),
    "ourselves: nothing to pin": (project(test=["mlee_jupyter[lab]"]), []),
}


@pytest.mark.parametrize(("text", "pins"), CASES.values(), ids=CASES)
def test_a_bound_becomes_a_pin(text: str, pins: list[str]) -> None:
    assert lowest.constraints(text) == pins


@pytest.mark.parametrize("requirement", ["numpy", "numpy<3", "numpy>=1.26,<3", "numpy==2", "numpy~=2.0"])
def test_a_requirement_without_a_lower_bound_alone_is_refused(requirement: str) -> None:
    with pytest.raises(ValueError, match="is not a lower bound alone"):
        lowest.constraints(project(requirement))


def test_ours_are_read() -> None:
    pins = lowest.constraints(lowest.PYPROJECT.read_text("utf-8"))
    assert {"numpy", "scipy", "pandas", "sqlalchemy", "ipython", "pytest"} <= {pin.partition("==")[0] for pin in pins}
