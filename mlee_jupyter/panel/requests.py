"""What the page may ask for, each by one call of what the magics call: an answer is lines of text, said once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mlee_jupyter import guardrails, report
from mlee_jupyter.domain import durations
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import current, door_lines
from mlee_jupyter.session.session import Session

from .notebook_path import notebook_file


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of an ask."""

    lines: tuple[str, ...]
    more: Mapping[str, Any] | None = None  # further values, by name


Ask = Callable[[Mapping[str, Any], Callable[[str], None]], Answer]


def explain(asked: Mapping[str, Any], _: Callable[[str], None]) -> Answer:
    """A rule's manual page."""
    return Answer(lines=(guardrails.page(guardrails.find_rule(_text(asked, "rule")), wrapped=False),))


def why(asked: Mapping[str, Any], _: Callable[[str], None]) -> Answer:
    """Why a candidate stands where it does on the board."""
    here = _here()
    evidence = here.evidence()
    return Answer(lines=(str(report.explanation(evidence, _text(asked, "candidate"), here.findings(evidence))),))


def ignore(asked: Mapping[str, Any], _: Callable[[str], None]) -> Answer:
    """Mute a rule, with a reason."""
    code = _here().ignore(_text(asked, "rule"), _reason(asked), _day(asked))
    return Answer(lines=(f"{code} is ignored; the reason is kept with the experiment.",))


def heed(asked: Mapping[str, Any], _: Callable[[str], None]) -> Answer:
    """Take an ignore back."""
    return Answer(lines=(f"{_here().heed(_text(asked, 'rule'))} speaks again when it applies.",))


def decide(asked: Mapping[str, Any], _: Callable[[str], None]) -> Answer:
    """Choose a candidate, or none of them."""
    here, chosen = _here(), asked.get("candidate")
    here.decide(None if chosen is None else _text(asked, "candidate"), asked.get("because") or None)
    return Answer(lines=tuple(door_lines.news_lines(here)))


def reopen(_: Mapping[str, Any], __: Callable[[str], None]) -> Answer:
    """Take the decision back."""
    _here().reopen()
    return Answer(lines=("The decision is taken back.",))


def extend(asked: Mapping[str, Any], _: Callable[[str], None]) -> Answer:
    """Lengthen the time box, with a reason."""
    here = _here()
    by = durations.parse(_text(asked, "by"), here.settings.hours_a_day)
    if not here.opened.extend(by, _reason(asked)):
        return Answer(lines=("This very extension was made already; to extend again, give another reason.",))
    return Answer(lines=(f"{durations.show(by)} more.", *door_lines.news_lines(here)))


def plan(asked: Mapping[str, Any], _: Callable[[str], None]) -> Answer:
    """Where each cell of the notebook would go; nothing is written and nothing is run."""
    from mlee_jupyter.session import packaging

    return Answer(lines=(packaging.plan_lines(_order(asked)),))


def write(asked: Mapping[str, Any], progress: Callable[[str], None]) -> Answer:
    """Convert, prove and write the package."""
    from mlee_jupyter.session import packaging

    order = _order(asked)
    outcome = packaging.write(order, progress)
    report = None
    if outcome.landed is not None and outcome.written is not None:
        folder = Path(outcome.written.folder)
        report = _beside(folder / "report.md", order.notebook.parent)
    return Answer(
        lines=tuple(packaging.outcome_lines(outcome)), more={"verdict": str(outcome.verdict), "report": report}
    )


ASKS: Mapping[str, Ask] = {
    "explain": explain,
    "why": why,
    "ignore": ignore,
    "heed": heed,
    "decide": decide,
    "reopen": reopen,
    "extend": extend,
    "plan": plan,
    "write": write,
}


def answer(asked: Mapping[str, Any], progress: Callable[[str], None]) -> dict[str, Any]:
    """The reply to one ask, as the page reads it: {ok, lines, ...}; bad input and faults become one line each."""
    try:
        run = ASKS.get(str(asked.get("ask")))
        if run is None:
            raise MleeError("This page asks for something this kernel does not know.", "Reload the page.")
        if (here := current.session_if_any()) is not None:
            here.cells.touch()
        with _interruptible():
            done = run(asked, progress)
    except MleeError as fault:
        return {"ok": False, "lines": [str(fault)]}
    except KeyboardInterrupt:
        return {"ok": False, "lines": ["Interrupted. Nothing was written."]}
    except Exception as fault:
        return {"ok": False, "lines": [f"A fault of ours: {type(fault).__name__}: {fault}"[:400]]}
    return {"ok": True, "lines": list(done.lines), **(done.more or {})}


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let an interrupt of the kernel end what is asked; between cells a kernel is deaf to them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN if before is None else before)


def _here() -> Session:
    here = current.session_if_any()
    if here is None or here.current is None:
        raise MleeError("No experiment is open in this kernel.", "Run the cell that starts it, then try again.")
    return here


def _order(asked: Mapping[str, Any]) -> Any:
    from mlee_jupyter.session import packaging

    file = notebook_file(_text(asked, "path"), asked.get("root"), None)
    if file is None:
        raise MleeError("The notebook's file is not where this kernel can read it.", "Save it first.")
    name = _text(asked, "name")
    return packaging.PackageOrder(
        notebook=Path(file),
        output=Path(file).parent / (asked.get("output") or name),
        name=name,
        keep=asked.get("keep") or None,
        accept=asked.get("accept") or "",
        run=asked.get("run") is not False,
    )


def _beside(file: Path, folder: Path) -> str | None:
    """A file's path as seen from a folder, with slashes; None when it lies elsewhere."""
    try:
        return file.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return None


def _text(asked: Mapping[str, Any], key: str) -> str:
    value = asked.get(key)
    if not isinstance(value, str) or not value.strip():
        raise MleeError(f"The {key} is missing.", "Fill it in.")
    return value


def _reason(asked: Mapping[str, Any]) -> str:
    value = asked.get("because")
    if not isinstance(value, str) or not value.strip():
        raise MleeError("This needs a reason; it goes to the record.", "Say why in a few words.")
    return value


def _day(asked: Mapping[str, Any]) -> date | None:
    until = asked.get("until")
    if not until:
        return None
    try:
        return date.fromisoformat(str(until))
    except ValueError:
        raise MleeError(f"{str(until)[:20]!r} is not a date.", "Write it as 2026-12-01.") from None
