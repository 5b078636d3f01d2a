"""Takes every screen in every look, small enough to be kept with the source."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Error as PlaywrightError

from tests.browser.lab import Lab

from .screens import SCREENS, file_name
from .stage import LOOKS, look, stage


def take_all(folder: Path, since: str | None = None, said: Callable[[str], None] = print) -> list[str]:
    """Take every screen in every look, `since` one that opens its own page; gives back those that were not reached."""
    folder.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    names = [screen.name for screen in SCREENS]
    with stage() as lab:
        for screen in SCREENS[names.index(since or names[0]) :]:
            try:
                screen.reach(lab)
            except PlaywrightError as fault:  # the others are taken all the same
                failed.append(screen.name)
                said(f"{screen.name:<18}not reached: {str(fault)[:300]}")
                lab.page.keyboard.press("Escape")
                continue
            size = take(lab, folder, screen.name)
            said(f"{screen.name:<18}{size / 1e3:>6.0f} kB")
    return failed


def take(lab: Lab, folder: Path, name: str) -> int:
    """One screen in every look; gives back the bytes. The window is left light and wide."""
    size = 0
    for theme, width in LOOKS:
        look(lab, theme, width)
        file = folder / file_name(name, theme, width)
        save(lab.page.screenshot(), file)
        size += file.stat().st_size
    look(lab, *LOOKS[0])
    return size


def save(picture: bytes, file: Path, colours: int = 40) -> None:
    """Write a picture with few colours: a page has few, and its text stays sharp."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    few = image.quantize(palette=_palette(image, colours), dither=Image.Dither.NONE)
    if file.suffix == ".webp":
        few.convert("RGB").save(file, lossless=True, quality=75, method=4)
    else:
        few.save(file, optimize=True)


def _palette(image: Image.Image, colours: int) -> Image.Image:
    """The most frequent colours, and half as many vivid ones: those are few pixels, and say what is good or bad."""
    points = np.asarray(image).reshape(-1, 3)
    vivid = points[np.ptp(points, axis=1) > 60]
    chosen = [image.quantize(colours)]
    if len(vivid):
        chosen.append(Image.fromarray(vivid[None, :, :].copy()).quantize(colours // 2))
    values = [value for one in chosen for value in one.getpalette() or []]
    palette = Image.new("P", (1, 1))
    palette.putpalette(values[: 3 * 256])
    return palette
