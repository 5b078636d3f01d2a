"""A second opinion on the prover, which shares no code with it: are the values that it called identical the same?

The notebook runs in a real kernel (nbclient) with one more cell that writes its variables as text; the package runs in
a plain process with a profile hook that catches the locals of its stage functions. Numbers are written with ten digits,
tables as CSV, models by what they learned and by what they predict for fixed inputs. Only variables that both sides can
write are compared.

    python -m benchmarks.convert_independent NOTEBOOK PACKAGE_FOLDER PROBES.json
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.short import Short

SHORT = Short(
    arguments=("{notebooks}/small.ipynb", "{package}", "{probes}"),
    columns=("checked", "wrong"),
    row=r"\{'checked': (\d+), 'wrong': (\[.*\]), 'error': ''\}",
)

WRITE = r"""
def _second_opinion(variables, target):
    import json, sys
    def number(x):
        return "%.9e" % x if isinstance(x, float) else str(x)
    def tell(v, depth=0):
        np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
        if depth > 4:
            return None
        if isinstance(v, type):
            return None
        if v is None or isinstance(v, (bool, int, str)):
            return repr(v)[:5000]
        if isinstance(v, float):
            return number(float(v))
        if np is not None and isinstance(v, np.generic):
            return tell(v.item(), depth)
        if pd is not None and isinstance(v, (pd.DataFrame, pd.Series)):
            if v.size > 500000:
                v = v.iloc[:2000]
            return str(v.shape) + v.to_csv(float_format="%.9e")
        if pd is not None and isinstance(v, pd.Index):
            return tell(list(v[:20000]), depth)
        if np is not None and isinstance(v, np.ndarray):
            if v.dtype.kind not in "biufUS":
                return None
            return str(v.shape) + " ".join(number(x) for x in v.ravel()[:50000].tolist())
        if isinstance(v, (list, tuple)) and len(v) < 100000:
            told = [tell(x, depth + 1) for x in v]
            return None if None in told else "[" + ", ".join(told) + "]"
        if type(v) is dict and len(v) < 10000:
            told = [(repr(k), tell(x, depth + 1)) for k, x in v.items()]
            return None if any(t is None or " at 0x" in k for k, t in told) else str(sorted(told))
        if hasattr(v, "get_params") and hasattr(v, "fit"):
            names = [k for k in sorted(vars(v)) if k.endswith("_") and k[0] != "_" and "time" not in k]
            learned = [(k, tell(vars(v)[k], depth + 1)) for k in names]
            if hasattr(v, "n_features_in_") and hasattr(v, "predict") and depth == 0:
                import warnings
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    try:
                        state = np.random.RandomState(11)
                        rows = state.normal(size=(25, v.n_features_in_))
                        learned.append(("predicts", tell(np.asarray(v.predict(rows)))))
                    except Exception as fault:
                        learned.append(("predicts", type(fault).__name__))
            return type(v).__name__ + str(learned)
        return None
    told = {}
    for name, value in list(variables.items()):
        if name.startswith("_"):
            continue
        try:
            text = tell(value)
        except Exception:
            continue
        if text is not None and " at 0x" not in text:
            told[name] = text
    with open(target, "w") as file:
        json.dump(told, file)
"""

PACKAGE = r"""
import json, sys
job = json.load(open(sys.argv[1]))
sys.path.insert(0, job["source"])
import importlib
frames = {}
wanted = {(f"{job['name']}.{m}", f) for m, f, _ in job["probes"].values()}
def hook(frame, event, argument):
    if event == "return" and (frame.f_globals.get("__name__"), frame.f_code.co_name) in wanted:
        frames[(frame.f_globals["__name__"], frame.f_code.co_name)] = dict(frame.f_locals)
from importlib.util import find_spec
has_config = find_spec(job["name"] + ".config") is not None
config = importlib.import_module(job["name"] + ".config").load_config() if has_config else None
run = importlib.import_module(job["name"] + ".pipeline").run
sys.setprofile(hook)
results = run(config) if has_config else run()
sys.setprofile(None)
variables = {}
for name, (module, function, local) in job["probes"].items():
    if module == "config":
        value = config
        for part in local.split("."):
            value = getattr(value, part)
        variables[name] = value
    elif local in frames.get((f"{job['name']}.{module}", function), {}):
        variables[name] = frames[(f"{job['name']}.{module}", function)][local]
exec(job["write"])
_second_opinion(variables, job["target"])
"""

ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TQDM_DISABLE": "1",
}


def notebook_values(notebook: Path, limit: float) -> dict[str, str]:
    """What the notebook's variables are in a real kernel, as text."""
    import nbclient
    import nbformat

    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / "told.json"
        book = nbformat.read(notebook, as_version=4)
        # In a namespace of its own: a notebook may have given `list` or `print` another meaning.
        more = f"import builtins as _b\n_told = {{'__builtins__': _b}}\n_b.exec({WRITE!r}, _told)\n"
        more += f"_told['_second_opinion'](_b.dict(_b.globals()), {str(target)!r})"
        book.cells.append(nbformat.v4.new_code_cell(more))
        place = _copied(notebook.parent, Path(name))
        os.environ.update(ENVIRONMENT)
        nbclient.NotebookClient(
            book, timeout=limit, kernel_name="python3", resources={"metadata": {"path": str(place)}}
        ).execute()
        told: dict[str, str] = json.loads(target.read_text("utf-8"))
        return told


def package_values(
    notebook: Path, folder: Path, name: str, probes: dict[str, list[str]], limit: float
) -> dict[str, str]:
    """What the package's variables are, as text."""
    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary) / "told.json"
        job = {"source": str(folder / "src"), "name": name, "probes": probes, "write": WRITE, "target": str(target)}
        written = Path(temporary) / "job.json"
        written.write_text(json.dumps(job), "utf-8")
        place = _copied(notebook.parent, Path(temporary))
        done = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-c", PACKAGE, str(written)],
            cwd=place, env={**os.environ, **ENVIRONMENT, "MPLBACKEND": "agg"},
            capture_output=True, text=True, timeout=limit, check=False,
        )  # fmt: skip
        if not target.exists():
            raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no values")
        told: dict[str, str] = json.loads(target.read_text("utf-8"))
        return told


def _copied(home: Path, temporary: Path) -> Path:
    """The folder again, beside links to its neighbours."""
    above = temporary / "above" / "above" / home.name
    above.parent.mkdir(parents=True)
    shutil.copytree(home, above, symlinks=True, ignore=shutil.ignore_patterns(".git", ".ipynb_checkpoints"))
    for level, folder in ((above.parent, home.parent), (above.parent.parent, home.parent.parent)):
        for other in folder.iterdir():
            if not (level / other.name).exists():
                (level / other.name).symlink_to(other)
    return above


def apart(one: str, other: str) -> bool:
    """Whether two texts differ by more than the ninth digit of some number."""
    if one == other:
        return False
    pattern = re.compile(r"-?\d\.\d{9}e[-+]\d+")
    if pattern.sub("#", one) != pattern.sub("#", other):
        return True
    pairs = zip(pattern.findall(one), pattern.findall(other), strict=True)
    return any(not math.isclose(float(x), float(y), rel_tol=1e-8) for x, y in pairs)


def second_opinion(
    notebook: Path, folder: Path, name: str, probes: dict[str, list[str]], identical: list[str], limit: float = 200
) -> dict[str, Any]:
    """Variables that the prover called identical and that are not: `wrong`; and how many could be checked.

    A variable that differs between two runs in the kernel is not held against anybody.
    """
    try:
        first = notebook_values(notebook, limit)
        found = package_values(notebook, folder, name, probes, limit)
    except Exception as fault:
        return {"checked": 0, "wrong": [], "error": f"{type(fault).__name__}: {str(fault)[-200:]}"}
    both = [n for n in identical if n in first and n in found]
    wrong = [n for n in both if apart(first[n], found[n])]
    if wrong:
        again = notebook_values(notebook, limit)
        wrong = [n for n in wrong if n in again and not apart(first[n], again[n])]
    return {"checked": len(both), "wrong": wrong, "error": ""}


def main() -> None:
    probes = json.loads(Path(sys.argv[3]).read_text("utf-8"))
    print(
        second_opinion(Path(sys.argv[1]), Path(sys.argv[2]), probes["name"], probes["probes"], list(probes["probes"]))
    )


if __name__ == "__main__":
    main()
