"""MLE410 fit-on-test: something learns from the rows it is judged on.

What it sees: error, when a transformer is fitted on the training rows and again on the test rows, or on the test rows
alone, and a model learns from, predicts from or is judged on what it gives; when a model, or a search over settings, is
fitted on the rows that judge it, or on all of which they are a part (np.vstack, pd.concat); when early stopping, a
kept best round, a threshold, a loop over settings or epochs, or a search by Optuna, hyperopt or scikit-optimize looks
at the rows that then judge, or when the best of such tries is told as a score. Rows are followed from the split, or
from --features, and into the notebook's own functions where these end in one return; what a candidate's cell ends with
and what is recorded is judged. Rows for choosing beside other rows for judging are fine, and so are a comparison of
models in a loop and cross-validation within the test rows. Before the split: warning for selectors, features ranked by
the target, its means by group, oversampling and rows drawn twice; advice for scalers, imputers and others that do not
look at the target.

Why it misleads: the score then says how well the test rows were learned, or compares rows that were scaled by two
different rules. What is measured is not what will happen on new rows.

What to do: put the transformer and the model in one Pipeline and fit that on the training rows; transform the test
rows. Stop and choose on a third part of the rows, cut from the training rows.

Reference: Yang, Brower-Sinning, Lewis and Kastner, "Data leakage in notebooks" (ASE 2022). Choosing features by the
target before the split makes random data look predictable (Ambroise and McLachlan, PNAS 2002); scalers before the
split change little.
"""

import re

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.notebooks import OWN
from mlee_jupyter.guardrails.answers import not_applicable, ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, muted_by, notebook_of
from mlee_jupyter.guardrails.leakage import fits_before_split, fits_on_test, learns_from_its_test, rules_of_test
from mlee_jupyter.guardrails.rule_words import short

_ORDER = (Level.ERROR, Level.WARNING, Level.ADVICE)
_REMEDY = {
    Level.ERROR: "Fit, stop and choose on training rows only; keep the test rows for the end",
    Level.WARNING: "Split first; put it in a Pipeline that is fitted on the training rows",
    Level.ADVICE: "Split first, then fit on the training rows; a Pipeline does both",
}


def check(evidence: Evidence) -> Finding:
    """Follow the rows from split to fit."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    if not notebook.fits and not notebook.searches and not any(step.what == "fit" for step in notebook.steps):
        return not_applicable(RULE, "the notebook fits nothing", "Nothing to do")
    spots: list[tuple[Level, Spot]] = []
    for leak in fits_on_test(notebook.steps):
        spots.append((Level.ERROR, Spot(leak.step.cell, leak.step.line, _plain(leak.words))))
    for leak in rules_of_test(notebook.steps, notebook.on_test):
        spots.append((Level.ERROR, Spot(leak.step.cell, leak.step.line, _plain(leak.words))))
    for place in learns_from_its_test(notebook.fits, notebook.searches):
        spots.append((Level.ERROR, Spot(place.cell, place.line, _plain(place.words))))
    for leak, strong in fits_before_split(notebook.steps):
        level = Level.WARNING if strong else Level.ADVICE
        spots.append((level, Spot(leak.step.cell, leak.step.line, _plain(leak.words))))
    spots = list({(level, spot.cell, spot.line): (level, spot) for level, spot in reversed(spots)}.values())[::-1]
    if not spots:
        return ok(RULE)
    muted = muted_by(RULE, notebook)
    left = [(level, spot) for level, spot in spots if spot.cell not in muted] or spots
    worst = min((level for level, _ in left), key=_ORDER.index)
    shown = [spot for level, spot in left if level is worst]
    return found(
        RULE,
        notebook,
        shown,
        f"Cell {shown[0].cell}: {shown[0].words}{and_more(shown)}",
        _REMEDY[worst],
        level=worst,
    )


def _plain(words: str) -> str:
    """Words of one place, a function's own names as they are written."""
    return short(re.sub(rf"{OWN}\d+", "", words), 90)


RULE = Rule(code="MLE410", name="fit-on-test", level=Level.ERROR, check=check, notebook=True)
