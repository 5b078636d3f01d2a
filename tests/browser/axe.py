"""axe-core on what is ours in the page: what keeps a reader with a screen reader or weak eyes out."""

from __future__ import annotations

import os
from typing import Any

import pytest

from .serving import ROOT

SCRIPT = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
RUN = """async parts => {
  const result = await axe.run({ include: parts }, { resultTypes: ['violations'] });
  return result.violations.map(({ id, impact, help, nodes }) => ({
    id, impact, help, nodes: nodes.map(node => `${node.target.join(' ')}  ${node.any.map(a => a.message).join('; ')}`)
  }));
}"""


def grave(page: Any, *parts: str) -> list[str]:
    """Serious and critical findings within the elements that these selectors name; each must be there."""
    if not SCRIPT.is_file():
        assert os.environ.get("MLEE_E2E") != "1", "no axe-core: cd labextension && npm ci"
        pytest.skip("no axe-core: cd labextension && npm ci")
    if not page.evaluate("() => 'axe' in window"):
        # JupyterLab's page has a module loader, to which axe would offer itself instead of the window
        script = SCRIPT.read_text("utf-8")
        page.evaluate(f"() => {{ const define = undefined, module = undefined; {script} }}")
    for part in parts:
        assert page.locator(part).count() > 0, f"no {part} on the page"
    found = page.evaluate(RUN, [[part] for part in parts])
    return [f"{v['impact']} {v['id']}: {v['help']} {v['nodes'][:4]}" for v in found if v["impact"] in GRAVE]
