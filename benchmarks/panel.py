"""What 5,000 results cost the panel in JupyterLab: `python -m benchmarks.panel [--minutes 10] [--rounds N]`.

A real JupyterLab and the machine's own chromium (`pip install -e ".[browser]"`). Two notebooks of one store, with 50
results (10 candidates of 5 variants) and 5,000 (1,000 of 5), in turn: from the message's arrival to the painted frame,
from a click on a column's head to the painted frame, the size of the message and the kernel's CPU time for it, how
often 1,000 updates are painted, and with --minutes what the page's memory grows by.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat

from benchmarks.short import Short
from mlee_jupyter.domain.settings import read
from tests.browser.lab import Lab
from tests.browser.serving import browsing, lacking, serving

from . import panel_probe as probe
from .panel_store import KINDS, ROWS, fill

SHORT = Short(
    arguments=("--rounds", "1", "--candidates", "20", "--no-floods"),
    columns=("what", "50 results", "more results", "difference", "ratio", "target"),
    row=r"(\S.*?) {2,}([\d.]+ \([\d.]+\)) +([\d.]+ \([\d.]+\)) +([\d.-]+) +([\d.]+)(?: +(< .*))?",
    rows=4,
    needs=("chromium", "playwright", "jupyterlab", "mlee_jupyter/labextension/package.json"),
)

SHAPES = {"fifty": (10, 5), "thousands": (1_000, 5)}
PAGE_ROWS = 5_000
UPDATES = 1_000
COLUMNS = ("Candidate", "Score")  # a second click turns the order
LOAD = f"%load_ext mlee_jupyter\nimport numpy as np\ny_test = np.arange({ROWS}) % {KINDS}"
START = "%mlee_experiment start {}"
COST = """
import json, statistics, time
from mlee_jupyter.panel import page_comm as _link
_spent = []
for _ in range(9):
    _began = time.thread_time()
    _value = _link._link._snapshot()
    _spent.append(1e3 * (time.thread_time() - _began))
_began = time.thread_time(); _text = json.dumps(_value); _packed = 1e3 * (time.thread_time() - _began)
print("figures", json.dumps([len(_text) / 1e3, statistics.median(_spent), _packed]))
"""
FLOOD = f"""
import time
from mlee_jupyter.panel import page_comm as _link
_value = _link._link._snapshot()
for _k in range({UPDATES}):
    _value["board"]["words"] = [f"update {{_k + 1}}"]
    for _comm in _link._link._comms.values():
        _comm.send(_value)
    time.sleep(0.002)  # Jupyter Server drops what comes faster than 1,000 messages a second
"""
TRICKLE = """
import asyncio
from mlee_jupyter.panel import page_comm as _link
async def _trickle(value, seconds, apart):
    for k in range(int(seconds / apart)):
        value["board"]["words"] = [f"update {{k + 1}}"]
        for comm in list(_link._link._comms.values()):
            comm.send(value)
        await asyncio.sleep(apart)
_task = asyncio.create_task(_trickle(_link._link._snapshot(), {seconds}, {apart}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="What 5,000 results cost the panel in JupyterLab.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--candidates", type=int, default=SHAPES["thousands"][0], help="with five results each")
    parser.add_argument("--no-floods", action="store_true", help="without many updates at once")
    parser.add_argument("--minutes", type=float, default=0, help="how long memory is watched; 0: not at all")
    options = parser.parse_args()
    SHAPES["thousands"] = (options.candidates, 5)
    if missing := lacking():
        raise SystemExit(missing)
    with tempfile.TemporaryDirectory(prefix="mlee-bench-") as place:
        root, home = Path(place, "work"), Path(place, "home")
        (root / "bench").mkdir(parents=True)
        home.mkdir()
        prepare(root / "bench")
        with serving(root, home) as server, browsing() as chromium:
            page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
            page.set_default_timeout(120_000)
            page.add_init_script(probe.WATCH)
            lab = Lab(page, server.url, root / "bench", root)
            measure(lab, options.rounds)
            if not options.no_floods:
                floods(lab)
            if options.minutes:
                grows(lab, options.minutes)
            lab.shut_kernels()


def prepare(folder: Path) -> None:
    """A project with one store of both experiments, and a notebook for each."""
    (folder / "pyproject.toml").touch()
    store = Path(read(folder).store_location)
    store.parent.mkdir(parents=True, exist_ok=True)
    for name, (candidates, variants) in SHAPES.items():
        began = time.monotonic()
        fill(store, name, candidates, variants)
        print(f"{name}: {candidates * variants:,} results written in {time.monotonic() - began:.0f} s", flush=True)
        cells = [nbformat.v4.new_code_cell(cell) for cell in (LOAD, START.format(name))]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / f"{name}.ipynb")


def show(lab: Lab, name: str) -> None:
    """Open a notebook with its panel, its experiment running."""
    lab.open(f"{name}.ipynb")
    lab.run_all(f"{name}.ipynb")
    panel = lab.show_panel()
    panel.get_by_role("heading", name=name).wait_for()
    lab.page.wait_for_timeout(2_000)


def printed(lab: Lab, source: str) -> list[float]:
    """The figures that a cell prints."""
    lab.insert_and_run(source)
    said = lab.page.locator(".jp-OutputArea-output").filter(has_text="figures").last.text_content()
    found: list[float] = json.loads(str(said).split("figures", 1)[1])
    return found


def measure(lab: Lab, rounds: int) -> None:
    figures: dict[str, dict[str, list[float]]] = {}
    for name in SHAPES:
        show(lab, name)
        mine = figures[name] = {}
        mine["first paint, ms"] = lab.page.evaluate(probe.FIRST_PAINTS, rounds)
        mine["sort, ms"] = [probe.clicked(lab.page, column) for column in COLUMNS for _ in range(rounds)]
        size, made, packed = printed(lab, COST)
        mine["message, kB"], mine["kernel CPU to make it, ms"], mine["  to pack it, ms"] = [size], [made], [packed]
    mine = figures[f"{PAGE_ROWS:,} rows"] = {}
    mine["first paint, ms"] = lab.page.evaluate(probe.FIRST_PAINTS_OF_ROWS, [rounds, PAGE_ROWS])
    mine["sort, ms"] = [probe.clicked(lab.page, column) for column in COLUMNS for _ in range(rounds)]
    few, many, rows = figures.values()
    many_results = f"{math.prod(SHAPES['thousands']):,} results"
    print(f"\n{'median (worst)':<28}{'50 results':>18}{many_results:>18}{'more':>9}{'ratio':>8}   target")
    for what in few:
        a, b = statistics.median(few[what]), statistics.median(many[what])
        target = {"first paint, ms": "< 100 ms more", "sort, ms": "< 100 ms"}.get(what, "")
        cells = [f"{middle:.1f} ({max(each):.1f})" for middle, each in ((a, few[what]), (b, many[what]))]
        print(f"{what:<28}{cells[0]:>18}{cells[1]:>18}{b - a:>9.1f}{b / a:>8.1f}   {target}")
    for what, each in rows.items():
        a, b = statistics.median(few[what]), statistics.median(each)
        cell = f"{b:.1f} ({max(each):.1f})"
        print(
            f"{what:<28}{f'of {PAGE_ROWS:,} rows':>18}{cell:>18}{b - a:>9.1f}{b / a:>8.1f}   message made in the page"
        )


def floods(lab: Lab) -> None:
    """How often many updates are painted."""
    page = lab.page
    print(f"\n{f'{UPDATES:,} updates':<34}{'sent in, s':>11}{'paints':>8}{'closest, s':>12}   target: 1 s apart")
    for name in SHAPES:
        show(lab, name)
        for door in ("through the model", "from the kernel"):
            if door == "from the kernel" and name != "fifty":
                continue  # a gigabyte
            page.wait_for_timeout(2_500)
            page.evaluate(probe.COUNT)
            began = time.monotonic()
            if door == "from the kernel":
                lab.insert_and_run(FLOOD)
                sent = time.monotonic() - began
            else:
                sent = page.evaluate(probe.FLOOD, UPDATES) / 1e3
            page.locator(".mleelab-words").get_by_text(f"update {UPDATES}", exact=True).wait_for()
            page.wait_for_timeout(2_500)
            paints = page.evaluate(probe.COUNTED)
            gaps = [later - earlier for earlier, later in pairwise(paints)]
            closest = f"{min(gaps) / 1e3:.2f}" if gaps else "-"
            print(f"{f'{door}, {name}':<34}{sent:>11.1f}{len(paints):>8}{closest:>12}", flush=True)


def grows(lab: Lab, minutes: float, apart: float = 0.5) -> None:
    """What the page holds while updates of 5,000 results come over the wire, and after them."""
    show(lab, "thousands")
    lab.insert_and_run(TRICKLE.format(seconds=60 * minutes, apart=apart))
    memory: Any = probe.Memory(lab.page)
    print(f"\nupdates of 5,000 results every {apart} s\n{'minute':>8}{'heap, MB':>10}{'nodes':>8}{'listeners':>11}")
    began, readings = time.monotonic(), []
    while (now := time.monotonic() - began) < 60 * minutes:
        readings.append(memory.reading())
        heap, nodes, listeners = readings[-1]
        print(f"{now / 60:>8.1f}{heap:>10.1f}{nodes:>8}{listeners:>11}", flush=True)
        lab.page.wait_for_timeout(30_000)
    half = len(readings) // 2
    early, late = (statistics.median(r[0] for r in part) for part in (readings[1 : half + 1], readings[half + 1 :]))
    print(f"median of the first half {early:.1f} MB, of the second {late:.1f} MB: {late - early:+.1f} MB")


if __name__ == "__main__":
    main()
