"""The charter's form in a real Notebook 7: filled in by keyboard, and the cell that it writes runs."""

from __future__ import annotations

from typing import Any

import pytest

from .lab import Lab
from .stories import LOAD, shot

SOURCES = "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].map(c => c.sharedModel.getSource())"


def test_the_form_writes_a_cell_that_runs(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    pytest.importorskip("notebook", reason="Notebook 7 is not installed: pip install '.[browser]'")
    name = notebook("form.ipynb", LOAD, "%mlee_experiment start --form")
    lab.open_in_notebook7(name)
    lab.run_all(name)
    page = lab.page
    write = page.get_by_role("button", name="Write the cell")
    expect(write).to_be_visible()
    write.click()
    expect(page.get_by_role("alert").filter(has_text="The experiment needs a name.").first).to_be_visible()
    page.get_by_label("Name", exact=True).fill("<b>my</b> shelf")
    page.get_by_label("Question").fill("<img src=x onerror='window.hacked = 1'> right?")
    page.get_by_label("Useful gain").fill("2")
    page.get_by_label("Metric").fill("accuracy")
    expect(page.get_by_role("alert").filter(has_text="between 0 and 1")).to_be_visible()
    page.get_by_label("Useful gain").fill("0.02")
    page.get_by_label("Variable with the right answers").fill("y_test")
    expect(page.get_by_role("alert").filter(has_text="between 0 and 1")).to_have_count(0)
    shot(lab, "form")
    write.click()
    expect(page.get_by_text("once more")).to_be_visible()
    lab.run_cell(1)
    lab.wait_until(lambda: len(page.evaluate(SOURCES)) == 3)
    written = page.evaluate(SOURCES)[2]
    assert written.startswith('%%mlee_experiment start "<b>my</b> shelf" --budget 6h --truth y_test\n')
    expect(write).to_have_count(0)
    lab.run_cell(2)
    expect(lab.status).to_contain_text("my")
    assert page.evaluate("() => window.hacked") is None
    assert lab.errors == []
