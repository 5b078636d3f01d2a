"""What the extension costs a kernel: `python -m benchmarks.kernel_costs`.

Figures against a plain IPython of the same run, in turn: the CPU time that `%load_ext mlee_jupyter` adds to a start,
and the CPU time that the hooks add to an ordinary cell while an experiment is open, without and with a JupyterLab
panel that listens (inside IPython's four cell events and in what the panel's wire does after them, in a real kernel).
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys

from benchmarks.short import Short

from .kernels import Kernel, kernel

SHORT = Short(
    arguments=("--loads", "1", "--kernels", "1", "--cells", "10"),
    columns=("events of one cell", "CPU us p50", "CPU us p99", "wall us p50", "wall us p99"),
    row=r"(plain|open \w+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)",
    rows=3,
)

ROUNDS = 9
CELLS = 300
START = "from IPython.core.interactiveshell import InteractiveShell as S; s = S.instance()"
LOAD = "; s.run_line_magic('load_ext', 'mlee_jupyter')"
TIMED = """
import json, statistics, time
_spent = []
_plain = get_ipython().events.trigger
def _trigger(event, *args, **kwargs):
    began, wall = time.thread_time_ns(), time.perf_counter_ns()
    try:
        return _plain(event, *args, **kwargs)
    finally:
        _spent.append((event, time.thread_time_ns() - began, time.perf_counter_ns() - wall))
get_ipython().events.trigger = _trigger
"""
LISTENED = """
from mlee_jupyter.panel import page_comm as _of_page
assert _of_page._link._comms, "no panel listens"
_look = _of_page._link._look
def _timed_look():
    began, wall = time.thread_time_ns(), time.perf_counter_ns()
    try:
        return _look()
    finally:
        _spent.append(("look", time.thread_time_ns() - began, time.perf_counter_ns() - wall))
_of_page._link._look = _timed_look
"""
HELLO = {"version": 1, "kind": "hello", "path": "bench.ipynb"}
READ = f"""
_events = ("look", "pre_execute", "pre_run_cell", "post_execute", "post_run_cell")
_cells, _now = [], dict()
for _event, _cpu, _wall in _spent:
    if _event == "pre_execute" and _now:
        _cells.append(tuple(sum(v[i] for v in _now.values()) / 1000 for i in (0, 1)))
        _now = dict()
    if _event in _events:
        _now[_event] = (_cpu, _wall)
print(json.dumps(_cells[-{CELLS}:]))
"""


def child_cpu(code: str) -> float:
    """CPU milliseconds (user and system) of a Python process that runs some code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def load_cost(rounds: int) -> list[float]:
    """Extra CPU milliseconds of loading, pair by pair."""
    child_cpu(START + LOAD)
    return [child_cpu(START + LOAD) - child_cpu(START) for _ in range(rounds)]


def cell_costs(running: Kernel, cells: int) -> list[tuple[float, float]]:
    """CPU and wall microseconds inside the events of each of the last ordinary cells."""
    for _ in range(cells):
        running.run("1 + 1")
    return [tuple(cell) for cell in json.loads(running.run(READ).printed)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", type=int, default=ROUNDS, help="pairs of processes, with %%load_ext and without")
    parser.add_argument("--cells", type=int, default=CELLS, help="in each kernel")
    parser.add_argument("--kernels", type=int, default=3, help="of each kind")
    asked = parser.parse_args()
    loads = load_cost(asked.loads)
    middle, least, most = statistics.median(loads), min(loads), max(loads)
    print(f"%load_ext, CPU over plain IPython: median {middle:.1f} ms ({least:.1f} to {most:.1f})")
    figures: dict[str, list[tuple[float, float]]] = {"plain": [], "open experiment": [], "open panel": []}
    for _ in range(asked.kernels):
        for name in figures:
            with kernel() as running:
                if name != "plain":
                    running.run("%load_ext mlee_jupyter\n%mlee_experiment start bench --budget 6h")
                if name == "open panel":
                    open_panel(running)
                running.run(TIMED)
                if name == "open panel":
                    assert running.run(LISTENED).status == "ok"
                figures[name] += cell_costs(running, asked.cells)
    print(f"{'events of one cell':<20}{'CPU us p50':>12}{'CPU us p99':>12}{'wall us p50':>13}{'wall us p99':>13}")
    for name, cells in figures.items():
        row = [quantile([cell[i] for cell in cells], q) for i in (0, 1) for q in (0.5, 0.99)]
        print(f"{name:<20}{row[0]:>12.1f}{row[1]:>12.1f}{row[2]:>13.1f}{row[3]:>13.1f}")
    for name in ("open experiment", "open panel"):
        net = [middle_of(figures[name], i) - middle_of(figures["plain"], i) for i in (0, 1)]
        print(
            f"{name}: {net[0]:.1f} us CPU and {net[1]:.1f} us wall more in an ordinary cell"
            f" (p50, {asked.kernels * asked.cells} cells)"
        )


def open_panel(running: Kernel) -> None:
    """Say hello as the page does; nobody need read what comes back."""
    content = {"comm_id": "bench", "target_name": "mlee", "data": HELLO}
    running.client.shell_channel.send(running.client.session.msg("comm_open", content))


def middle_of(cells: list[tuple[float, float]], figure: int) -> float:
    return quantile([cell[figure] for cell in cells], 0.5)


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
