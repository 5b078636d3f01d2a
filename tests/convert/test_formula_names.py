"""What a formula names is read where the formula is used: the function that uses it takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook

from .makers import write_notebook


@pytest.mark.parametrize(
    "use",
    [
        "model_matrix('C(g, scheme)', df)",
        "formulaic.Formula('C(g, scheme)').get_model_matrix(df)",
        "patsy.dmatrix('C(g, scheme)', df)",
        "smf.ols('y ~ C(g, scheme)', df).fit()",
        "smf.ols(formula='y ~ C(g, scheme)', data=df).fit()",
        "fitted_by(formula='C(g, scheme)', data=df)",
    ],
)
def test_a_name_in_a_formula_is_an_input(use: str, tmp_path: Path) -> None:
    cells = (
        "import patsy, formulaic\nimport pandas as pd\nimport statsmodels.formula.api as smf",
        "from formulaic import model_matrix\nfrom elsewhere import fitted_by, Coding",
        "#md ## Load the data",
        "df = pd.read_csv('t.csv')",
        "#md ## Coding",
        "scheme = Coding(base='v')",
        "#md ## Evaluate",
        f"wide = {use}",
    )
    plan = plan_notebook(write_notebook(tmp_path, *cells))
    reading = [s for s in plan.stages if any("wide" in plan.facts.statements[i].binds for i in s.statements)]
    names = {n for i in reading[0].statements for n in plan.facts.statements[i].binds}
    assert "scheme" in {*reading[0].inputs, *names}
    assert plan.results[-1] == "wide"
