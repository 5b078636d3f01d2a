"""What the notebook's live variables say of the test rows: training rows among them, time, groups, the population.

`Sight` is what a session looks with; `check_sample` needs no experiment.
"""

from __future__ import annotations

from .check import SampleCheck, check_sample
from .look import Sight

__all__ = ["SampleCheck", "Sight", "check_sample"]
