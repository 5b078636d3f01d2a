"""A small notebook and its whole package as a folder to read; renew it: python -m tests.convert.test_golden_package"""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.write.emit import emit

from .makers import both, same

HERE = Path(__file__).parent / "golden"
FOLDER = HERE / "houses"
LEFT_OUT = ("pyproject.toml",)  # it names the versions that are installed here


def built() -> dict[str, str]:
    """The files of the package, formatted; modules end in .txt, so that nothing here imports or lints them."""
    written = emit(plan_notebook(HERE / "houses.ipynb"), FOLDER)
    files = {name: text for name, text in written.files.items() if name not in LEFT_OUT}
    return {f"{name}.txt" if name.endswith(".py") else name: text for name, text in files.items()}


def test_the_package_is_the_reviewed_one() -> None:
    found = built()
    wanted = {p.relative_to(FOLDER).as_posix(): p.read_text("utf-8") for p in FOLDER.rglob("*") if p.is_file()}
    assert sorted(found) == sorted(wanted)
    for name, text in wanted.items():
        assert found[name] == text, name


def test_it_gives_what_the_notebook_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    _, original, found = both(HERE / "houses.ipynb", tmp_path / "package")
    for name in ("houses", "FEATURES", "SCALE", "X", "y", "y_pred", "score"):
        assert same(found[name], original[name]), name


if __name__ == "__main__":
    for relative, content in built().items():
        place = FOLDER / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, "utf-8")
