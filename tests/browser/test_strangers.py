"""Names can be anything; the page shows them as text, keeps its shape, and runs none of them."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.store.tables.column_values import LONGEST_NAME

from .lab import Lab
from .stories import LOAD, shot

NAMES = {
    "html": "<img src=x onerror=alert(1)><b>bold</b>",
    "script": "</td><script>window.hacked = 1</script>",
    "right to left": "\u202etxt.exe שלום العربية",
    "long": "x" * 500,
    "long words": "wort " * 99,
    "quotes": "a\"b'c`d\\e",
    "line breaks": "one\ntwo\r\nthree",
    "emoji": "👩‍👩‍👧‍👦 ñ 中文",
}

RECORD = f"""
import mlee_jupyter as mlee
names = {NAMES!r}
e = mlee.start('<i>shelf</i> \\u202egnp', budget='2h', truth=y_test, metric='accuracy', useful_gain=0.02,
               question='<script>window.hacked = 1</script>' + ' which?' * 1500, owner='y' * 10_000)
for i, one in enumerate(names.values()):
    with e.candidate(one, quiet=True) as run:
        run.record(np.roll(good, i))
e.ignore('MLE201', because='<img src=x onerror="window.hacked=1">' + 'because ' * 1250)
e.decide(names['script'], because='</dd><script>window.hacked = 1</script>')
"""


def test_hostile_names_stay_text(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("hostile.ipynb", LOAD, RECORD)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(panel).to_contain_text("</td><script>window.hacked = 1</script>")
    expect(panel.get_by_role("heading")).to_contain_text("<i>shelf</i>")
    expect(lab.status).to_contain_text("decided")  # the panel follows the loop: this is its end
    panel.locator("summary").evaluate_all("folds => folds.forEach(fold => { fold.parentElement.open = true; })")
    assert panel.locator("tbody tr").count() >= len(NAMES)
    assert panel.locator("img, script, i, b").count() == 0
    assert lab.page.evaluate("() => window.hacked") is None
    shot(lab, "hostile")
    wide = panel.evaluate("node => node.scrollWidth - node.clientWidth")
    assert wide <= 1, f"the panel is {wide} pixels wider than it should be"
    tall = panel.locator("tbody tr").evaluate_all("rows => Math.max(...rows.map(row => row.offsetHeight))")
    assert tall < 250, f"one row is {tall} pixels high"
    bar = lab.status.evaluate("node => node.offsetWidth")
    assert bar < 640
    assert lab.errors == []


EVIL = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script></td> \u202e שלום العربية [a](javascript:x) '
)
LONG = EVIL + "x" * 10_000
FILE = '<img src=x onerror="window.hacked=1"> \u202egnp & [a](b) `c` $d$.ipynb'
NAME = EVIL + "n" * (
    LONGEST_NAME - len(EVIL) - 1
)  # a name is refused beyond that, with one line; one letter is added below
EVERYWHERE = f"""
import mlee_jupyter as mlee
long, name = {LONG!r}, {NAME!r}
e = mlee.start(name + 's', budget='2h', truth=y_test, metric='accuracy', useful_gain=0.02, must_reach=0.9,
               question=long, decision=long, owner=long, candidates=[name + 'p', 'knn'], population={{'column': long}},
               serving={{'mode': long}}, groups=long)
for place, one in enumerate(['knn', name + 'a', name + 'b', name + 'c', name + 'd']):
    with e.candidate(one, variant=name + 'v', source=long, tags=[long], simplicity=1 + place % 5, quiet=True) as run:
        run.record(np.roll(good, place))
try:
    with e.candidate(name + 'f', variant=name, quiet=True) as run:
        raise ValueError(long)
except ValueError:
    pass
e.extend('1h', because=long)
e.change(because=long, decision=long + '2')
e.park(name + 'c', because=long)
e.drop(name + 'd', because=long)
e.ignore('MLE201', because=long)
"""
CELL_OF_ITS_NAME = (
    '%%mlee_candidate "' + NAME.replace('"', '\\"') + 'a" --variant "' + EVIL.replace('"', '\\"') + '"\ngood'
)


def harmless(lab: Lab, *parts: str) -> None:
    """No script ran, and nothing of the names became an element."""
    assert lab.page.evaluate("() => window.hacked") is None
    for part in parts:
        found = lab.page.locator(part)
        assert found.count() > 0, part
        assert found.locator("img, script, a[href*='javascript']").count() == 0, part
        assert found.first.evaluate("node => node.scrollWidth - node.clientWidth") <= 1, f"{part} is too wide"


def test_ten_thousand_hostile_characters_in_every_field_stay_text(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    lab.set("mlee-jupyter:plugin", {"toasts": ["error", "warning", "advice"]})
    name = notebook(FILE, LOAD, EVERYWHERE, CELL_OF_ITS_NAME)
    lab.open(name)
    panel = lab.show_panel()
    lab.run_all(name)
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    expect(lab.toasts.first).to_be_visible()
    panel.locator("summary").evaluate_all("folds => folds.forEach(fold => { fold.parentElement.open = true; })")
    for said in ("extended", "parked", "dropped", "ignored"):
        expect(panel.locator(".mleelab-timeline")).to_contain_text(said[:4])
    expect(panel).to_contain_text("<script>window.hacked=1</script>")
    expect(lab.status).to_contain_text("<img src=x")
    of_loop, of_cell = (lab.page.locator(".mleelab-badge").nth(at) for at in range(2))
    expect(of_loop).to_contain_text("5 candidates, best")
    for badge in (of_loop, of_cell):
        expect(badge).to_have_attribute("data-state", "fresh")
    harmless(lab, "#mlee-panel", "#mlee-status", ".mleelab-badge", ".Toastify__toast")
    assert lab.status.evaluate("node => node.offsetWidth") < 640
    shot(lab, "hostile_everywhere")

    dialog = lab.page.get_by_role("dialog")
    lab.command("mlee:decide")
    expect(dialog.get_by_label("Candidate")).to_be_visible()
    harmless(lab, ".jp-Dialog", ".jp-Dialog-content")
    dialog.get_by_label("Because").fill(LONG)
    dialog.get_by_label("Candidate").select_option(index=1)
    dialog.get_by_role("button", name="Decide").click()
    expect(lab.status).to_contain_text("decided")
    for action in ("Explain", "Ignore…"):
        panel.get_by_role("button", name=action).first.click()
        expect(dialog).to_be_visible()
        harmless(lab, ".jp-Dialog", ".jp-Dialog-content")
        lab.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    lab.command("mlee:convert")
    expect(dialog.get_by_label("Name of the package")).to_be_visible()
    harmless(lab, ".jp-Dialog", ".jp-Dialog-content")
    lab.page.keyboard.press("Escape")
    lab.page.evaluate("() => { location.hash = ''; }")
    lab.save()
    lab.open(name)
    panel = lab.show_panel()
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    harmless(lab, "#mlee-panel", "#mlee-status", ".mleelab-badge")
    assert lab.errors == []


def test_a_hostile_notebook_is_planned_and_reported_as_text(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook(FILE, f"text = {EVIL!r}", "rows = [len(text), 2]  # " + EVIL.strip(), "print(sum(rows))")
    lab.open(name)
    lab.wait_for_kernel(name)
    lab.command("mlee:convert")
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_label("Name of the package").fill("study")
    dialog.get_by_label("Folder").fill("study")
    dialog.get_by_role("button", name="Show the plan").click()
    expect(lab.page.locator(".mleelab-text")).to_contain_text("cell", timeout=120_000)
    harmless(lab, ".jp-Dialog", ".jp-Dialog-content")
    dialog.get_by_role("button", name="Write the package").click()
    report = lab.page.locator(".jp-MarkdownViewer .jp-RenderedMarkdown")
    expect(report).to_contain_text("<img src=x", timeout=180_000)
    harmless(lab, ".jp-MarkdownViewer .jp-RenderedMarkdown")
    shot(lab, "hostile_report")
    assert lab.errors == []


def test_three_thousand_candidates_are_filtered_and_at_most_two_hundred_drawn(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    many = (
        "%%mlee_experiment start many\n"
        "candidates = [" + ", ".join(f'"c{number}"' for number in range(3000)) + "]"
    )  # fmt: skip
    name = notebook("many.ipynb", LOAD, many)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(panel.locator("tbody tr")).to_have_count(30)
    lab.page.wait_for_function(
        """() => {
        document.querySelector('#mlee-panel .mlee-count').scrollIntoView();
        return document.querySelectorAll('#mlee-panel tbody tr').length === 200;
    }"""
    )
    expect(panel.locator(".mlee-count")).to_contain_text("2,800 more")
    panel.get_by_label("Filter candidates").fill("c77")
    expect(panel.locator("tbody tr")).to_have_count(11)
