"""What a notebook shows of its results is a field of what a run gives back; what drawing leaves behind is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook

from .makers import packaged, run_cells, run_package, same, write_notebook

DATA = """import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import accuracy_score, confusion_matrix, mean_squared_error, r2_score
x = np.arange(12.0).reshape(-1, 1)
y = 2 * x.ravel() + (np.arange(12) % 3)"""
FIT = "model = LinearRegression()\nmodel.fit(x, y)"

# name -> (cells behind the fit, fields of the results)
SHOWN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "a score that a cell ends on": (("model.score(x, y)",), ("model", "score")),
    "a metric": (("r2_score(y, model.predict(x))",), ("model", "r2")),
    "a metric of the training": (("x_train = x[:5]\nmodel.score(x_train, y[:5])",), ("model", "train_score")),
    "the root of an error": (("np.sqrt(mean_squared_error(y, model.predict(x)))",), ("model", "rmse")),
    "a rounded metric": (("round(r2_score(y, model.predict(x)), 2)",), ("model", "r2")),
    "two at once": (("model.coef_, model.intercept_",), ("model", "coef", "intercept")),
    "the same twice": (("model.score(x, y)", "model.score(x[:4], y[:4])"), ("model", "score", "model_score")),
    "a name that is taken": (("score = 1", "model.score(x, y) + score", "model.score(x, y)"), ("model", "model_score")),
    "a metric in a print": (("print('R2:', r2_score(y, model.predict(x)))",), ("model", "r2")),
    "a metric in a text": (("print('R2: %.2f' % r2_score(y, model.predict(x)))",), ("model", "r2")),
    "two prints in a line": (
        ("print(mean_squared_error(y, model.predict(x)), model.score(x, y), sep=' and ')",),
        ("model", "mse", "score"),
    ),
    "a variable that is only printed": (("total = y.sum()\nprint(f'{total:.1f}')",), ("model", "total")),
    "a table of groups": (
        ("df = pd.DataFrame({'kind': list('ab') * 6, 'y': y})", "df.groupby('kind').mean()"),
        ("model", "mean_by_kind"),
    ),
    "a look at the data": (
        ("df = pd.DataFrame({'y': y})\nend = df.y.sum()", "df.head()", "df.shape"),
        ("model", "end"),
    ),
    "a constant that nothing reads": (("start = 0",), ("model",)),
    "a loop that fills": (
        ("found = []\nfor n in (3, 4):\n    found.append(model.score(x[:n], y[:n]))",),
        ("model", "found"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "fields"), SHOWN.values(), ids=SHOWN)
def test_what_is_shown_is_given_back(cells: tuple[str, ...], fields: tuple[str, ...], tmp_path: Path) -> None:
    plan, written = packaged(write_notebook(tmp_path, DATA, FIT, *cells), tmp_path / "out")
    assert plan.results == fields
    original = run_cells((plan.original or plan.facts).notebook)
    results, _ = run_package(written)
    for name in set(fields) & set(original):
        assert same(getattr(results, name), original[name]), name
    assert "object at 0x" not in "".join(str(getattr(results, n)) for n in fields)


def test_the_value_is_the_one_that_was_shown(tmp_path: Path) -> None:
    """The model changes after its score was shown."""
    path = write_notebook(tmp_path, DATA, FIT, "model.score(x, y)", "model.coef_ = model.coef_ * 0")
    results, _ = run_package(packaged(path, tmp_path / "out")[1])
    assert results.score > 0.9


def test_prints_keep_their_text_and_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_notebook(
        tmp_path, DATA, FIT, "print('first')\nprint('R2', round(model.score(x, y), 3))  # of all rows"
    )
    _, written = packaged(path, tmp_path / "out")
    original = (written.plan.original or written.plan.facts).notebook
    run_cells(original)
    wanted = capsys.readouterr().out
    run_package(written)
    assert capsys.readouterr().out == wanted
    source = "".join(text for name, text in written.files.items() if name.startswith("src/"))
    assert "# of all rows" in source
    assert ":=" not in source


def test_what_drawing_leaves_behind_is_no_result(tmp_path: Path) -> None:
    cells = (
        "import pandas as pd\nimport matplotlib.pyplot as plt",
        "risk = pd.Series(range(30)).rolling(3).mean().dropna()",
        "fig, ax = plt.subplots()\nline = ax.plot(risk)\nlegend = ax.legend(['risk'])\nlimits = ax.set_xlim(0, 9)",
        "other = risk.plot()\nfound = other.get_lines()[0]",
    )
    assert plan_notebook(write_notebook(tmp_path, *cells)).results == ("risk",)


def test_a_library_that_mostly_computes_does_not_draw(tmp_path: Path) -> None:
    cells = (
        "import numpy as np\nimport statsmodels.api as sm",
        "fitted = sm.OLS(np.arange(9.0), sm.add_constant(np.arange(9.0) ** 2)).fit()\nfitted.summary()",
        "fitted.rsquared",
    )
    plan, written = packaged(write_notebook(tmp_path, *cells), tmp_path / "out")
    assert plan.results == ("fitted", "r_squared")
    assert "show_figures" not in "".join(written.files.values())
