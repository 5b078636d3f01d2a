from __future__ import annotations

from .conftest import Shell


def test_who_saw_it_is_kept_and_lone_wolf_is_content(shell: Shell) -> None:
    shell.run("%%mlee_experiment start shelf --budget 6h\nowner = 'store operations'")
    assert "Noted: shown to operations." in shell.run("%mlee_experiment shown --to operations --said 'by Friday'")
    shell.run("import mlee_jupyter as mlee\nshelf = mlee.start('shelf')\nshelf.shown(to='the board')")
    seen = shell.run(
        "from mlee_jupyter.session import current\n"
        "print([(t.subject, t.detail) for t in current.session().records().trace])"
    )
    assert "('operations', 'by Friday')" in seen
    assert "('the board', '')" in seen
    assert "Who was shown it?" in shell.refused("%mlee_experiment shown")
