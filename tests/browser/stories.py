"""Small notebooks that the browser's tests run, and pictures of what they show."""

from __future__ import annotations

import os
from pathlib import Path

from .lab import Lab

LOAD = "%load_ext mlee_jupyter\nimport numpy as np\ny_test = np.arange(100) % 2\ngood = y_test.copy(); good[:8] ^= 1"
SHELF = """%%mlee_experiment start shelf --budget 2h --truth y_test
question = "Can a camera tell which product is on the shelf?"
metric = "accuracy"
useful_gain = 0.02
candidates = ["knn", "svm"]"""
KNN = "%%mlee_candidate knn --simplicity 1\ngood"
STORY = (LOAD, SHELF, KNN)


def other(name: str) -> str:
    """The same experiment under another name."""
    return SHELF.replace("start shelf", f"start {name}")


def shot(lab: Lab, name: str) -> None:
    """A picture, where MLEE_SHOTS names a folder for them."""
    if folder := os.environ.get("MLEE_SHOTS"):
        Path(folder).mkdir(exist_ok=True, parents=True)
        lab.page.screenshot(path=str(Path(folder, f"{name}.png")))
