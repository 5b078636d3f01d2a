"""What each verb of %mlee_experiment does: one call of the session, and the lines that say what happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from mlee_jupyter import report
from mlee_jupyter.domain import CandidateState, Charter, charter_toml, durations, files
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.evidence import row_structure

from . import current
from .session import Session

_LARGEST_EXPORT = 2 * 2**30  # bytes


@dataclass(frozen=True, kw_only=True)
class Order:
    """A verb with its words and options, as typed."""

    words: tuple[str, ...] = ()
    cell: str | None = None
    budget: str | None = None
    deadline: str | None = None
    truth: str | None = None
    features: str | None = None
    train: str | None = None
    groups: str | None = None
    time: str | None = None
    weights: str | None = None
    fresh: str | None = None
    because: str | None = None
    until: str | None = None
    output: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def word(self, position: int, what: str, example: str) -> str:
        """The word at a position.

        Raises:
            MleeError: it is missing; the example shows the whole line.
        """
        if position < len(self.words):
            return self.words[position]
        raise MleeError(f"Which {what}?", f"Type %mlee_experiment {example}.")

    def reason(self, example: str) -> str:
        """The reason.

        Raises:
            MleeError: it is missing.
        """
        if self.because and self.because.strip():
            return self.because
        raise MleeError(
            "This needs a reason; it goes to the record.", f'Type %mlee_experiment {example} --because "...".'
        )


Verb = Callable[[Session, Order], list[str]]


def start(here: Session, order: Order) -> list[str]:
    """Open or resume an experiment; the cell's body is its charter in TOML."""
    name = " ".join(order.words)
    if not name:
        raise MleeError(
            "An experiment needs a name.",
            "Type %mlee_experiment start NAME --budget 6h, or %mlee_experiment start --form.",
        )
    opening = here.start(
        name,
        _charter(here, name, order),
        budget=durations.parse(order.budget, here.settings.hours_a_day) if order.budget else None,
        deadline=_day(order.deadline, "--deadline"),
        truth_name=order.truth,
        features_name=order.features,
        fresh_name=order.fresh,
    )
    return current.opening_lines(here, opening)


def _charter(here: Session, name: str, order: Order) -> Charter | None:
    """The cell's charter, with what the line says of the rows; without a cell, the one that was agreed before."""
    charter = charter_toml.parse(order.cell) if order.cell is not None else None
    said = {key: value for key in (*row_structure.WHATS, "train") if (value := getattr(order, key)) is not None}
    if not said:
        return charter
    if charter is None and (found := here.store.find_experiment(name)) is not None:
        charter = found.charter
    return charter_toml.from_table(said, charter)


def status(here: Session, _: Order) -> list[str]:
    """Where the open experiment stands."""
    evidence = here.evidence()
    return [*_notice(here), report.status_text(evidence, here.findings(evidence))]


def extend(here: Session, order: Order) -> list[str]:
    """Lengthen the time box, with a reason."""
    by = durations.parse(order.word(0, "time", "extend 2h --because ..."), here.settings.hours_a_day)
    if not here.extend(by, order.reason(f"extend {order.words[0]}")):
        return ["This very extension was made already; to extend again, give another reason."]
    return [report.status_line(here.evidence()), *current.news_lines(here)]


def pause(here: Session, _: Order) -> list[str]:
    """Stop the time."""
    done = here.pause()
    return ["Time stands. %mlee_experiment resume lets it run again." if done else "Time stands already."]


def resume(here: Session, _: Order) -> list[str]:
    """Let the time run again."""
    done = here.resume()
    return [f"{'Time runs again' if done else 'Time runs already'}. {report.status_line(here.evidence())}"]


def park(here: Session, order: Order) -> list[str]:
    """Leave a candidate as it is."""
    name = order.word(0, "candidate", "park NAME")
    here.set_state(name, CandidateState.PARKED, order.because)
    return [f"{name} is parked: its results stay on the board, its tuning waits."]


def drop(here: Session, order: Order) -> list[str]:
    """Give a candidate up, with a reason."""
    name = order.word(0, "candidate", "drop NAME --because ...")
    here.set_state(name, CandidateState.DROPPED, order.reason(f"drop {name}"))
    return [f"{name} is dropped."]


def take(here: Session, order: Order) -> list[str]:
    """Take a parked or dropped candidate up again."""
    name = order.word(0, "candidate", "take NAME")
    here.set_state(name, CandidateState.ACTIVE, order.because)
    return [f"{name} is in play again."]


def change(here: Session, order: Order) -> list[str]:
    """Change the charter: `change useful_gain=0.03 --because ...`, or a TOML body; `--fresh y_final` seals a sample."""
    if order.fresh is not None:
        sealed = list(here.seal(order.fresh, order.because)) or [f"{order.fresh[:40]} is sealed already."]
        return [*sealed, *(change(here, replace(order, fresh=None)) if order.words or order.cell else [])]
    if order.cell is not None:
        values = charter_toml.to_table(charter_toml.parse(order.cell))
    else:
        order.word(0, "value", "change useful_gain=0.03 --because ...")
        values = dict(_assignment(word, order.words[place + 1 :]) for place, word in enumerate(order.words))
    changes = here.change(values, order.because)
    nothing = "The charter says so already; the reason is kept." if order.because else "The charter says so already."
    said = f"Charter changed: {'; '.join(changes)}." if changes else nothing
    return [said, *here.read_layouts(), *current.news_lines(here)]


def ignore(here: Session, order: Order) -> list[str]:
    """Mute a rule, with a reason and perhaps a last day."""
    rule = order.word(0, "rule", "ignore RULE --because ...")
    until = _day(order.until, "--until")
    code = here.ignore(rule, order.reason(f"ignore {rule}"), until)
    return [f"{code} is ignored{f' until {until}' if until else ''}; the reason is kept with the experiment."]


def heed(here: Session, order: Order) -> list[str]:
    """Take an ignore back."""
    return [f"{here.heed(order.word(0, 'rule', 'heed RULE'))} speaks again when it applies.", *current.news_lines(here)]


def decide(here: Session, order: Order) -> list[str]:
    """Choose a candidate; `decide none` decides against all of them."""
    name = order.word(0, "candidate", "decide NAME --because ...")
    here.decide(None if name == "none" else name, order.because)
    return [report.status_line(here.evidence()), *current.news_lines(here)]


def confirm(here: Session, order: Order) -> list[str]:
    """Open the sealed sample for the chosen candidate: `confirm knn=y_knn_final svm=y_svm_final`."""
    order.word(0, "predictions", "confirm NAME=PREDICTIONS")
    handed: dict[str, Any] = {}
    for word in order.words:
        name, sign, variable = word.rpartition("=")
        if not sign or variable not in here.names:
            raise MleeError(
                f"{word[:40]!r} names no candidate with a variable that is there.",
                f"{did_you_mean(variable, here.names)}Type %mlee_experiment confirm NAME=PREDICTIONS.",
            )
        handed[name] = here.names[variable]
    return current.confirmed_lines(here, *here.confirm(handed, features_name=order.features))


def reopen(here: Session, order: Order) -> list[str]:
    """Take a decision or a closing back."""
    if order.words and " ".join(order.words) != here.experiment().name:
        raise MleeError(
            f"{here.experiment().name} is open here, not {' '.join(order.words)[:40]!r}.",
            "Open the other one first: %mlee_experiment start NAME",
        )
    here.reopen()
    return [f"Open again. {report.status_line(here.evidence())}"]


def close(here: Session, order: Order) -> list[str]:
    """End the experiment."""
    experiment = here.close(order.because)
    return [f"{experiment.name} is closed. Its records stay; %mlee_scoreboard shows them."]


def list_(here: Session, _: Order) -> list[str]:
    """All experiments of this store."""
    return [*_notice(here), report.experiments_text(current.experiment_rows(here))]


def history(here: Session, _: Order) -> list[str]:
    """Every run with its number, for `withdraw`."""
    return [report.history_text(here.records())]


def withdraw(here: Session, order: Order) -> list[str]:
    """Take a mistaken run off the board; the trace stays."""
    number = order.word(0, "run", "withdraw 12 --because ... (%mlee_experiment history lists them)")
    if not number.isdigit():
        raise MleeError(f"{number[:20]!r} is not a run's number.", "%mlee_experiment history lists them.")
    here.store.withdraw_run(here.experiment().name, int(number), order.reason(f"withdraw {number}"), here.now())
    return [f"Run {number} is off the board; the trace keeps that it was there."]


def rename(here: Session, order: Order) -> list[str]:
    """Rename the experiment (`rename NEW`) or a candidate (`rename OLD NEW`)."""
    experiment = here.experiment()
    first = order.word(0, "name", "rename OLD NEW")
    if len(order.words) == 1:
        here.rename(first, order.because)
        return [f"{experiment.name} is now {first}."]
    here.store.rename_candidate(experiment.name, first, order.words[1], order.because, here.now())
    return [f"{first} is now {order.words[1]}."]


def delete(here: Session, order: Order) -> list[str]:
    """Delete the open experiment (`delete NAME`) or a candidate (`delete candidate NAME`), rows included."""
    first = order.word(0, "name", "delete NAME --because ...")
    reason = order.reason(f"delete {' '.join(order.words)}")
    if first == "candidate" and len(order.words) > 1:
        name = order.words[1]
        return [deleted(name, here.store.delete_candidate(here.experiment().name, name, reason, here.now()))]
    return [deleted(first, here.delete(first, reason))]


def deleted(name: str, remark: str | None) -> str:
    """What is said of a deletion; the store's remark tells where copies may still be."""
    return f"{name} and its rows are gone; the trace keeps that it was there.{f' {remark}' if remark else ''}"


def export(here: Session, order: Order) -> list[str]:
    """Write experiments to one JSON file: `export FILE [NAME ...]`."""
    file = Path(order.word(0, "file", "export FILE.json"))
    return [export_to(here, file, order.words[1:])]


def import_(here: Session, order: Order) -> list[str]:
    """Read experiments from a file that `export` wrote."""
    return [import_from(here, Path(order.word(0, "file", "import FILE.json")))]


def export_to(here: Session, file: Path, names: tuple[str, ...] = ()) -> str:
    """Write experiments (all by default) to one JSON file; gives back the line to say.

    Raises:
        MleeError: an unknown name, or a file that cannot be written.
    """
    if files.plain_file(file) is not None and not _is_export(file):
        raise MleeError(f"{file} is there and is no export of ours.", "Name another file, or move that one away.")
    here.flush()
    files.write(file, json.dumps(here.store.export(names or None)), private=True)
    return f"Written to {file}. It holds truth and predictions as they are in the store."


def _is_export(file: Path) -> bool:
    """Whether a file begins as `export` begins it; an empty one may be filled."""
    try:
        with file.open("rb") as beginning:
            start = beginning.read(200)
    except OSError as fault:
        raise MleeError(f"{file} cannot be read: {fault.strerror}.", "Name another file.") from None
    return not start or b"".join(start.split()).startswith(b'{"format":"mlee_jupyterexperiments"')


def import_from(here: Session, file: Path) -> str:
    """Take in what `export` wrote; gives back the line to say.

    Raises:
        MleeError: not such a file.
    """
    try:
        document = files.parse_json(files.read_text(file, most=_LARGEST_EXPORT))
    except OSError as fault:
        raise MleeError(f"{file} cannot be read: {fault.strerror}.", "Name a file that export wrote.") from None
    except ValueError:
        raise MleeError(f"{file} is not JSON.", "Name a file that export wrote.") from None
    names = here.store.import_(document, rename=True)
    return f"Imported: {', '.join(names)}." if names else "Nothing new in it: the same experiments are here already."


def _assignment(word: str, behind: Sequence[str]) -> tuple[str, Any]:
    """One KEY=VALUE; `behind` are the words after it, of which the first may be the value that was meant."""
    key, sign, value = word.partition("=")
    if not sign:
        meant = f"{word[:40]}={behind[0][:40]}" if behind and word.isidentifier() else "useful_gain=0.03"
        raise MleeError(f"{word[:40]!r} changes nothing.", f"Type %mlee_experiment change {meant} --because ...")
    return key.strip(), charter_toml.parse_value(value.strip())


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise MleeError(f"{option} {text[:20]!r} is not a date.", f"Write {option} 2026-12-01.") from None


def _notice(here: Session) -> list[str]:
    return [here.store.notice] if here.store.notice else []


VERBS: dict[str, Verb] = {
    "start": start,
    "status": status,
    "extend": extend,
    "pause": pause,
    "resume": resume,
    "park": park,
    "drop": drop,
    "take": take,
    "change": change,
    "ignore": ignore,
    "heed": heed,
    "decide": decide,
    "confirm": confirm,
    "reopen": reopen,
    "close": close,
    "list": list_,
    "history": history,
    "withdraw": withdraw,
    "rename": rename,
    "delete": delete,
    "export": export,
    "import": import_,
}


def find(verb: str) -> Verb:
    """The verb of that name.

    Raises:
        MleeError: there is none; the nearest ones are named.
    """
    if verb in VERBS:
        return VERBS[verb]
    hint = did_you_mean(verb, VERBS) or f"Verbs: {' '.join(VERBS)}."
    raise MleeError(f"%mlee_experiment has no verb {verb[:30]!r}.", hint)
