"""What computing costs: a low and a high price of each thing, with its date and source; a project's own go before."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """One thing's."""

    low: float
    high: float
    as_of: str  # the month it is meant for
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceList:
    """Prices by name, all in one currency."""

    currency: str
    prices: Mapping[str, Price]

    def __getitem__(self, name: str) -> Price:
        return self.prices[name]


def oldest(prices: PriceList) -> str:
    """The month of the oldest price; empty where all are the project's own."""
    return min((one.as_of for one in prices.prices.values() if one.as_of), default="")


def price_list(own: Mapping[str, Any] | None = None) -> PriceList:
    """The list that comes with the project, with a project's own prices in their places.

    Args:
        own: of `[tool.mlee.prices]`: name -> (low, high), and perhaps the currency.
    """
    listed = _listed()
    if not own:
        return listed
    mine = {
        name: Price(low=value[0], high=value[1], as_of="", source="the project's own")
        for name, value in own.items()
        if name != "currency"
    }
    return PriceList(currency=own.get("currency", listed.currency), prices={**listed.prices, **mine})


@cache
def _listed() -> PriceList:
    told = tomllib.loads(files(__package__).joinpath("price_list.toml").read_text("utf-8"))
    currency = told.pop("currency")
    return PriceList(currency=currency, prices={name: Price(**entry) for name, entry in told.items()})
