"""One flaw put into a healthy experiment; whether it could be."""
from __future__ import annotations
from collections.abc import Callable
from .drawing import Healthy
FLAWS: dict[str, Callable[[Healthy], bool]] = {}
NOT_PLANTED: dict[str, str] = {}
