"""The story "Add a section to the panel" works as written: types come from the schema, and the panel draws it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.serving import browsing

from .story import ROOT, carry_out, copy_tree, holds, reads_well, run, steps

MODULES = ROOT / "labextension" / "node_modules"
SENT = (
    "import json\nfrom tests.present import example\nfrom mlee_jupyter.panel.snapshot import snapshot\n"
    "print(json.dumps(snapshot(example.evidence(), example.findings())))"
)
DRAWN = """snapshot => {
  const say = text => text;
  const state = { snapshot, connected: true, hasKernel: true, source: 'live', panel: { id: 'one' }, trouble: '',
    desk: { keys: [], of: () => 'no' }, clock: { isSet: false, usedSeconds: 0, resting: false } };
  const model = { current: state, stateChanged: { connect() {} } };
  const panel = new made.Panel(model, { target: () => null }, { execute() {} }, say);
  document.body.append(panel.node);
}"""


@pytest.mark.slow
def test_the_section_of_the_story_is_typed_by_the_schema_and_drawn(tmp_path: Path) -> None:
    if shutil.which("node") is None or not MODULES.is_dir():
        assert os.environ.get("MLEE_E2E") != "1"
        pytest.skip("no node_modules: cd labextension && npm ci")
    tree = copy_tree(tmp_path)
    told = steps("Add a section to the panel")
    assert len(told) <= 5
    for step in told:
        carry_out(tree, step)
    holds(tree, told[-1].path, "tests/page/test_snapshot.py", "tests/test_map.py", MLEE_RENEW_GOLDEN="1")
    reads_well(tree, *(step.path for step in told if step.path.endswith(".py")))

    extension = tree / "labextension"
    _node(extension, "generate.mjs")
    assert "agreed?:" in (extension / "types" / "snapshot.d.ts").read_text("utf-8")
    _node(extension, "node_modules/typescript/bin/tsc", "--noEmit")
    _node(extension, "node_modules/prettier/bin/prettier.cjs", "--config", "package.json", "--check", "src")
    wrong = extension / "src" / "agreed.ts"
    right = wrong.read_text("utf-8")
    wrong.write_text(right.replace("one.text)", "one.words)"), "utf-8")
    assert "words" in _node(extension, "node_modules/typescript/bin/tsc", "--noEmit", fails=True), "held to the schema"
    wrong.write_text(right, "utf-8")

    if shutil.which("chromium") is None or importlib.util.find_spec("playwright") is None:
        assert os.environ.get("MLEE_E2E") != "1"
        pytest.skip("no chromium, or no playwright")
    _is_drawn(tmp_path, extension, json.loads(run(tree, "-c", SENT)))


def _is_drawn(folder: Path, extension: Path, snapshot: dict[str, object]) -> None:
    """The whole panel, bundled, in a page without JupyterLab."""
    script = folder / "panel.js"
    options = ("--bundle", "--format=iife", "--global-name=made", "--loader:.svg=text", "--loader:.css=empty")
    esbuild = extension / "node_modules" / ".bin" / "esbuild"
    bundle = [esbuild, extension / "src" / "panel.ts", *options, f"--outfile={script}"]
    subprocess.run(bundle, check=True, capture_output=True)
    sent = snapshot["agreed"]
    assert isinstance(sent, list)
    assert sent
    with browsing() as browser:
        page = browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.set_content("<!doctype html><body></body>")
        page.add_script_tag(content="window.process = { env: {} };")
        page.add_script_tag(path=str(script))
        page.evaluate(DRAWN, snapshot)
        section = page.locator("details.mleelab-agreed")
        assert section.locator("summary").inner_text() == "Agreed"
        assert section.locator("dd").all_text_contents() == [one["text"] for one in sent]
        page.evaluate("() => document.querySelector('.mleelab-panel').remove()")
        older = {key: value for key, value in snapshot.items() if key != "agreed"}
        page.evaluate(DRAWN, older)
        assert page.locator("details.mleelab-agreed").is_hidden()
        assert faults == []


def _node(folder: Path, *command: str, fails: bool = False) -> str:
    done = subprocess.run(["node", *command], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode != 0) is fails, done.stdout + done.stderr
    return done.stdout
