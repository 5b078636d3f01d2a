"""A project's own prices, as its settings have them; what is no price is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.domain import settings
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.settings import PRICED
from mlee_jupyter.serving.price_list import price_list


def read(folder: Path, text: str) -> settings.Settings:
    (folder / "pyproject.toml").write_text(f"[tool.mlee.prices]\n{text}\n", "utf-8")
    return settings.read(folder)


def test_one_price_or_a_low_and_a_high(tmp_path: Path) -> None:
    found = read(tmp_path, 'machine_hour = [0.03, 0.05]\nbalancer_month = 12\ncurrency = "EUR"')
    assert found.prices == {"machine_hour": (0.03, 0.05), "balancer_month": (12.0, 12.0), "currency": "EUR"}
    assert price_list(found.prices).currency == "EUR"


def test_the_names_are_those_of_the_list() -> None:
    assert set(PRICED) == set(price_list().prices)


@pytest.mark.parametrize("text", ["machine = 1", "machine_hour = [2, 1]", "machine_hour = 'x'", "machine_hour = -1"])
def test_what_is_no_price_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(MleeError, match=r"is no price|has no 'machine'"):
        read(tmp_path, text)
