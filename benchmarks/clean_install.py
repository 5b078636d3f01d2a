"""How long `pip install .` takes from a clean clone, with node and without, and what comes of it.

    python -m benchmarks.clean_install

Prints seconds of the wall clock (npm's registry and the load of the machine are in them), the wheel's size, and whether
JupyterLab says that the extension is enabled. One run each; no seed, nothing is drawn.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.short import Short

SHORT = Short(
    arguments=("--offline",),
    columns=("clone", "seconds", "wheel kB", "extension in it"),
    row=r"(clean clone.*?) +([\d.]+) +(\d+) +(yes|no)",
    needs=("git", "hatchling"),
)

ROOT = Path(__file__).parents[1]


def run(*command: str, cwd: Path, path: str | None = None) -> tuple[float, str]:
    """Seconds, and what was printed."""
    began = time.perf_counter()
    environment = {**os.environ, "PATH": path or os.environ["PATH"], "MLEE_REQUIRE_LABEXTENSION": "0"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return time.perf_counter() - began, done.stdout + done.stderr


def without_node(folder: Path) -> str:
    """A PATH with git alone."""
    folder.mkdir()
    (folder / "git").symlink_to(str(shutil.which("git")))
    return str(folder)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offline", action="store_true", help="without node alone, with the hatchling that is here")
    offline = parser.parse_args().offline
    options = ("-q", "--no-deps", *(("--no-build-isolation", "--no-index") if offline else ()))
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        bare = without_node(base / "bin")
        print(f"{'':34} {'seconds':>8} {'wheel kB':>9}  extension in it")
        kinds = (("clean clone, node", None), ("clean clone, node off the PATH", bare))
        for title, path in kinds[1:] if offline else kinds:
            clone, target = base / f"clone {title}", base / f"site {title}"
            run("git", "clone", "-q", str(ROOT), str(clone), cwd=base)
            pip = (sys.executable, "-m", "pip", "install", *options, "--target", str(target), ".")
            seconds, _ = run(*pip, cwd=clone, path=path)
            there = (target / "share" / "jupyter" / "labextensions" / "mlee-jupyter" / "package.json").is_file()
            pip = (sys.executable, "-m", "pip", "wheel", *options, "-w", str(base / title), ".")
            run(*pip, cwd=clone, path=path)
            (wheel,) = (base / title).glob("*.whl")
            print(
                f"{title:34} {seconds:8.1f} {wheel.stat().st_size / 1000:9.0f}  {'yes' if there else 'no'}", flush=True
            )


if __name__ == "__main__":
    main()
