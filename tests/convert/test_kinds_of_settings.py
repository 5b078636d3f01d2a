"""What a number is for decides whether it is a setting; the same numbers as settings stand beside each kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.types import Plan

from .makers import both, same, write_notebook

START = "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt"
DATA = "rows = pd.DataFrame({'a': np.arange(12.0), 'b': np.arange(12.0) ** 2})\nvalues = rows.to_numpy()"

# a use of {n} that is no setting
PLAIN = {
    "an index": "found = values[{n}]",
    "an index behind a comma": "found = values[0, {n} - 1]",
    "an index from the end": "found = values[-{n}]",
    "a place of iloc": "found = rows.iloc[{n}].sum()",
    "a part": "found = values[{n}:].sum()",
    "a part behind a comma": "found = values[{n}:{n} + 2, 0].sum()",
    "a step of a part": "found = values[::{n}].sum()",
    "rows by iloc": "found = rows.iloc[:{n}].sum().sum()",
    "an axis": "found = values.sum(axis={n} - 1)",
    "an axis that goes round": "where = {n} - 1\nfound = values.sum(axis=where)",
    "digits": "found = round(values.mean(), {n})",
    "digits of a method": "found = rows.mean().round({n})",
    "digits of numpy": "found = np.round(values, {n}).sum()",
    "digits by name": "found = np.round(values, decimals={n}).sum()",
    "the size of a figure": "fig = plt.figure(figsize=({n}, {n}))\nfound = values.sum()",
    "the size of a figure, computed": "wide = {n} * 2\nfig, ax = plt.subplots(figsize=(wide, 3))\nfound = values.sum()",
    "a limit of an axis": "plt.plot(values)\nplt.xlim(0, {n})\nfound = values.sum()",
    "a limit of axes": "fig, ax = plt.subplots()\nax.set_ylim(0, {n})\nfound = values.sum()",
    "bars of a histogram": "plt.hist(values[:, 0], bins={n})\nfound = values.sum()",
    "pictures in a row": "for row in range({n}):\n    part = values[row] * 2\n    plt.plot(part)\nfound = values.sum()",
    "in a function that draws": "def draw():\n    w = {n} * 2\n    plt.plot([1], lw=w)\ndraw()\nfound = values.sum()",
    "for a function that draws": "def draw(w):\n    plt.plot(values, lw=w)\ndraw({n})\nfound = values.sum()",
    "rows to look at": "print(rows.head({n}))\nfound = values.sum()",
    "rows that a table shows": "pd.set_option('display.max_rows', {n})\nfound = values.sum()",
    "an option by attribute": "pd.options.display.max_rows = {n}\nfound = values.sum()",
    "a grid of pictures": "fig, axes = plt.subplots({n}, {n} + 1)\nfound = values.sum()",
    "in text": "print(f'{values.sum():.{{n}}f}', {n})\nfound = values.sum()",
    "printed": "print({n})\nfound = values.sum()",
}  # fmt: skip
# the same shapes, with a number that steers the result
STEERING = {
    "a size": "found = np.zeros({n}).sum()",
    "how often": "found = sum(place for place in range({n}))",
    "a bound": "found = values[values > {n}].sum()",
    "a bound within an index": "found = rows[rows.a > {n}].b.sum()",
    "a factor": "found = values.sum() * {n}",
    "a power": "found = (values ** {n}).sum()",
    "a factor that is rounded": "found = round(values.mean() * {n}, 2)",
    "a window": "found = rows.rolling({n}).mean().sum().sum()",
    "in a loop that draws as well": "found = 0\nfor row in range({n}):\n    found = found + row\n    plt.plot([row])",
    "in a function that draws as well": "def both():\n    plt.plot([1])\n    return values.sum() * {n}\nfound = both()",
    "for a function that draws as well": "def both(n):\n    plt.plot([1])\n    return values[0] * n\nfound = both({n})",
    "an index and a factor": "found = values[{n}].sum() * {n}",
    "of a result that is only printed": "twice = values.sum() * {n}\nprint(twice)\nfound = values.sum()",
    "of a result that is only drawn": "twice = values * {n}\nplt.plot(twice)\nfound = values.sum()",
    "of a window that is only drawn": "mean = rows.rolling({n}).mean()\nmean.plot()\nfound = values.sum()",
    "of a place that is computed": "here = int(len(values) * {n} / 4)\nfound = values[:here].sum()",
    "of an element that is computed": "here = int(values.mean() / {n})\nfound = values[here % 5].sum()",
    "into a list that a function takes": "sides = [{n}, 3]\ndef area(s):\n    return s[0] * s[1]\nfound = area(sides)",
    "through another variable": "twice = {n} * 2\nfound = values.sum() * twice",
}  # fmt: skip
NAMES = ("place", "start", "digits", "width_inches", "offset", "which")


def planned(folder: Path, *cells: str) -> Plan:
    folder.mkdir(exist_ok=True)
    return plan_notebook(write_notebook(folder, START, DATA, *cells), name="made_here")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("use", PLAIN.values(), ids=PLAIN)
def test_a_number_that_steers_nothing_stays_in_the_code(use: str, name: str, tmp_path: Path) -> None:
    assert not planned(tmp_path, f"{name} = 2", use.replace("{n}", name)).constants


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("use", STEERING.values(), ids=STEERING)
def test_a_number_that_steers_is_a_setting_whatever_it_is_called(use: str, name: str, tmp_path: Path) -> None:
    plan = planned(tmp_path, f"{name} = 2", use.replace("{n}", name))
    assert {one.key: one.value for one in plan.constants.values()} == {name: 2}


@pytest.mark.parametrize("name", ["n_train", "split", "horizon", "window_size", "test_rows", "cutoff", "ROWS"])
def test_a_bound_of_a_part_is_a_setting_where_its_name_says_so(name: str, tmp_path: Path) -> None:
    plan = planned(tmp_path, f"{name} = 8", f"train = values[:{name}].sum()\ntest = values[{name}:].sum()")
    assert [one.value for one in plan.constants.values()] == [8]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    uses=st.lists(st.sampled_from([*PLAIN, *STEERING]), min_size=1, max_size=5, unique=True),
    value=st.integers(1, 2),
)
def test_mixed_notebooks_keep_their_results(tmp_path: Path, uses: list[str], value: int) -> None:
    """Each number is judged alone, and what the package gives is what the notebook gave."""
    everything = {**PLAIN, **STEERING}
    cells = []
    for place, use in enumerate(uses):
        text = everything[use].replace("{n}", f"number_{'abcde'[place]}").replace("found", f"found_{'abcde'[place]}")
        cells.append(f"number_{'abcde'[place]} = {value}\n{text}")
    folder = tmp_path / "out"
    plan, original, found = both(write_notebook(tmp_path, START, DATA, *cells), folder)
    wanted = {f"number_{'abcde'[place]}" for place, use in enumerate(uses) if use in STEERING}
    assert set(plan.constants) == wanted
    for name in original.keys() & found.keys():
        if name.startswith(("found_", "number_")):
            assert same(found[name], original[name]), name


MODELS = (
    "from sklearn.datasets import load_iris, make_blobs\nfrom sklearn.cluster import KMeans\n"
    "from sklearn.tree import DecisionTreeClassifier, plot_tree\nfrom sklearn.model_selection import cross_val_score\n"
    "import matplotlib.pyplot as plt\nX, y = load_iris(return_X_y=True)"
)
# name -> (cells, settings)
KEYS: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
    "one seed everywhere": (
        ("a = KMeans(n_clusters=3, random_state=7).fit(X)", "b = DecisionTreeClassifier(random_state=7).fit(X, y)"),
        {"n_clusters": 3, "seed": 7},
    ),
    "another seed in one place": (
        (
            "first = KMeans(random_state=7).fit(X)",
            "second = KMeans(random_state=7).fit(X)",
            "third = KMeans(random_state=8).fit(X)",
        ),
        {"seed": 7, "third_seed": 8},
    ),
    "a seed for each part": (
        ("import numpy as np\nnp.random.seed(1)", "a = np.random.rand()", "np.random.seed(2)", "b = np.random.rand()"),
        {"seed": 1},
    ),
    "three seeds of one variable": (
        tuple(f"rng = np.random.default_rng({seed})\nv{seed} = rng.normal()" for seed in (4, 5, 6)),
        {"seed": 4},
    ),
    "one variable made anew": (
        ("m = DecisionTreeClassifier(max_depth=2)", "m = DecisionTreeClassifier(max_depth=3)", "f = m.fit(X, y)"),
        {},
    ),
    "by position": (("few = KMeans(3)", "many = KMeans(9)"), {"few_n_clusters": 3, "many_n_clusters": 9}),
    "two models with an argument each": (
        (
            "tree = DecisionTreeClassifier(max_depth=2).fit(X, y)",
            "from sklearn.tree import ExtraTreeClassifier\nextra = ExtraTreeClassifier(max_depth=4).fit(X, y)",
        ),
        {"max_depth": 2, "extra_tree_classifier_max_depth": 4},
    ),
    "how a tree is drawn": (
        ("tree = DecisionTreeClassifier().fit(X, y)", "plot_tree(tree, max_depth=2, fontsize=8, filled=True)"),
        {},
    ),
    "two files of one name": (
        ("import pandas as pd\na = pd.read_csv('train/points.csv')", "b = pd.read_csv('test/points.csv')"),
        {"points_path": "train/points.csv", "test_points_path": "test/points.csv"},
    ),
    "three files of one name": (
        tuple(f"import pandas as pd\nt{n} = pd.read_csv('part_{n}/points.csv')" for n in "123"),
        {f"{w}points_path": f"part_{n}/points.csv" for n, w in (("1", ""), ("2", "part_2_"), ("3", "part_3_"))},
    ),
    "one name in two sizes": (("alpha = 2\nALPHA = 3", "found = alpha * ALPHA"), {"alpha": 2}),
    "numbered by hand": (("x_1 = 3\nx_2 = 4\nx_3 = 5", "found = x_1 + x_2 + x_3"), {}),
    "colours by name": (
        ("few = ['red', 'green', 'blue']\nplt.plot([1], c=few[0])", "KINDS = ['red', 'green', 'blue']\nn = len(KINDS)"),
        {},
    ),
    "fruits are no colours": (
        ("KINDS = ['orange', 'pear', 'plum']", "found = len(KINDS)"),
        {"kinds": ["orange", "pear", "plum"]},
    ),
    "colours by way of a variable": (
        ("HUES = ['r', 'g', 'b']", "chosen = HUES[:2]", "plt.bar([1, 2], [1, 2], color=chosen)", "found = len(X)"),
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "wanted"), KEYS.values(), ids=KEYS)
def test_keys_say_what_they_set(cells: tuple[str, ...], wanted: dict[str, object], tmp_path: Path) -> None:
    plan = plan_notebook(write_notebook(tmp_path, f"{MODELS}\nimport numpy as np", *cells), name="made_here")
    found = {one.key: one.value for one in plan.constants.values()}
    assert found == wanted


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_key_is_numbered_whatever_the_values_are(tmp_path: Path, data: st.DataObject) -> None:
    """Seeds, depths, files and sizes in any order, with any repetition."""
    shapes = [
        "{o} = DecisionTreeClassifier(max_depth={n}, random_state={m}).fit(X, y)",
        "{o} = KMeans({n}, random_state={m}).fit(X)",
        "{o} = cross_val_score(DecisionTreeClassifier(max_depth={n}), X, y, cv={m})",
        "np.random.seed({n})\n{o} = np.random.rand({m})",
        "{o} = np.random.default_rng({n}).normal(size={m})",
        "{o} = pd.read_csv('part_{n}/points_{m}.csv')",
        "size = {n}\n{o} = np.zeros(size)",
        "{o} = sum([{n}, {m}, 5])",
        "SIZE_{n} = {m}\n{o} = SIZE_{n} * 2",
    ]
    chosen = data.draw(st.lists(st.tuples(st.sampled_from(shapes), st.integers(2, 4), st.integers(2, 4)), max_size=8))
    owners = data.draw(st.lists(st.sampled_from(["model", "few", "m", "part_2"]), min_size=8, max_size=8))
    cells = [shape.format(o=owner, n=n, m=m) for (shape, n, m), owner in zip(chosen, owners, strict=False)]
    plan = plan_notebook(
        write_notebook(tmp_path, f"{MODELS}\nimport numpy as np\nimport pandas as pd", *cells, "found = len(X)"),
        name="made_here",
    )
    keys = [one.dotted for one in plan.constants.values()]
    assert len(set(keys)) == len(keys)
    assert not [key for key in keys if re.search(r"_?\d+$", key)]
