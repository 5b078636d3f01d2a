"""The brief is one sheet of paper, and nothing of it is cut on a phone."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee

from .axe import grave


def fullest(name: str) -> Any:
    """A brief with all of its parts, as long as they come."""
    dice, truth = np.random.default_rng(0), np.arange(400) % 4
    handle = mlee.start(
        name, budget="2h", truth=truth, metric="accuracy", useful_gain=0.02, must_reach=0.9,
        question="Can a camera above the shelf tell which of our products stands where, in every store of ours?",
        decision="whether cameras are bought for 200 stores in the spring", owner="Ann, head of logistics",
        serving={"cost_per_month": 40, "value_per_month": 3_000},
    )  # fmt: skip
    for place in range(12):
        right = dice.random(400) < 0.9 - place / 50
        handle.record(f"an approach with a long name, number {place}", np.where(right, truth, 0), quiet=True)
    for number in range(6):
        handle.extend("10min", because=f"the labels came late, for the {number}th time, and nobody had expected it")
    handle.decide("an approach with a long name, number 0", because="it is the one that the stores can look after")
    return handle


@pytest.fixture
def page(chromium: Any, alone: None) -> Any:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    opened = context.new_page()
    opened.set_content(fullest("shelf").brief("html"))
    yield opened
    context.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_is_one_sheet(page: Any, paper: str) -> None:
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1


def test_nothing_is_cut_on_a_phone_and_axe_finds_nothing_serious(page: Any) -> None:
    page.locator("summary").click()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    assert grave(page, "main") == []
