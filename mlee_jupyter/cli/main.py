"""The command line's door: the read-only twins of the magics, and what a machine without a screen needs."""

from __future__ import annotations

import argparse
import functools
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlee_jupyter import __version__
from mlee_jupyter.domain import Finding, Level, Outcome
from mlee_jupyter.domain.errors import MleeError, without_control, written_out
from mlee_jupyter.session import boards, current, faults
from mlee_jupyter.session.asked_for import asked_for
from mlee_jupyter.session.progress import on_terminal
from mlee_jupyter.session.verbs import every_verb

from . import audit_command, mcp_command, referee_command

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session
    from mlee_jupyter.session.verbs.declaration import Command

FORMATS = ("text", "md", "html", "json")
FOUND, REFUSED, OUR_FAULT, INTERRUPTED = 1, 2, 70, 130  # exit codes: failed check, bad input, our own fault, Ctrl-C
DETAILS = "MLEE_TRACEBACK"  # a variable of the environment: a fault of ours shows its traceback


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the `mlee` command; gives back the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may be no text
    parser = _parser()
    args = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], int] | None = getattr(args, "command", None)
    if command is None:
        parser.print_help()
        return 0
    try:
        return command(args)
    except KeyboardInterrupt:
        print("mlee: interrupted; nothing more is written.", file=sys.stderr)
        return INTERRUPTED
    except MleeError as fault:
        print(f"mlee: {fault}", file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        sys.stderr.close()  # the reader (head, less) has what it wanted
        return 0
    except Exception as fault:
        if os.environ.get(DETAILS) or not faults.shield_faults:
            raise
        print(f"{faults.fault_line(fault)} {DETAILS}=1 shows where.", file=sys.stderr)
        return OUR_FAULT
    finally:
        current.forget_session()


# ---------------------------------------------------------------------- commands


def _say(text: object) -> None:
    """Print it; what a stranger named moves no cursor."""
    print(without_control(str(text)))


def _verb(command: Command, args: argparse.Namespace) -> int:
    """A verb of %mlee_experiment that has a command."""
    for line in command.run(_store(), args):
        _say(line)
    return 0


def _scoreboard(args: argparse.Namespace) -> int:
    from mlee_jupyter import report

    here = _store()
    name = asked_for(here, [args.name] if args.name else [])[-1]
    if args.why is not None:
        _say(boards.explanation_of(here, name, why=" ".join(args.why)))
        return 0
    board = boards.side_board_of(here, args.metric, name) if args.metric else boards.board_of(here, name)
    write: dict[str, Callable[[dict[str, Any]], str]] = {
        "text": report.text,
        "md": report.markdown,
        "html": report.html,
        "json": lambda value: json.dumps(value, indent=2),
    }
    _say(write[args.format](board))
    return 0


def _check(args: argparse.Namespace) -> int:
    paths = [name for name in args.names if name.endswith(".ipynb") or os.path.exists(name)]
    if paths and len(paths) < len(args.names):
        raise MleeError("Notebooks and experiments are checked apart.", "Name either paths or experiments.")
    return _check_notebooks(args) if paths else _check_experiments(args)


def _check_notebooks(args: argparse.Namespace) -> int:
    from mlee_jupyter import report
    from mlee_jupyter.session.notebook_check import check_notebooks

    checked = check_notebooks(args.names)
    shown = {
        path: [f for f in answers if args.all or f.outcome is Outcome.FINDING]
        for path, answers in checked.findings.items()
    }
    if args.format == "json":
        _say(json.dumps({path: [report.finding_value(f) for f in found] for path, found in shown.items()}, indent=2))
    elif args.format == "sarif":
        _say(json.dumps(report.sarif(checked.findings), indent=2))
    else:
        for path in shown:
            _say(f"{written_out(path)}\n{report.findings_text(checked.findings[path], all=args.all)}")
    for path, fault in {**checked.refused, **checked.skipped}.items():
        print(f"mlee: {written_out(path)}: {fault}", file=sys.stderr)
    return checked.exit_code(args.fail_on)


def _package(args: argparse.Namespace) -> int:
    from mlee_jupyter.session import packaging

    from .kernels import with_interpreter

    variables = tuple(args.keep_variables.split(",")) if args.keep_variables else None
    if args.keep == "":
        variables = variables or ()  # everything, whatever was decided or kept before
    order = packaging.PackageOrder(
        notebook=args.notebook,
        output=args.output,
        name=args.name,
        keep=args.keep or (_decided(args.notebook) if variables is None and not args.refresh else None),
        keep_variables=variables,
        accept=args.accept or "",
        run=not args.no_run,
        refresh=args.refresh,
        allow_effects=args.allow_effects,
    )
    if args.plan:
        _say(packaging.plan_lines(order))
        return 0
    if args.explain:
        if args.format == "json":
            _say(json.dumps(packaging.explanation_json(order), indent=2))
        else:
            _say(packaging.explanation_lines(order).rstrip("\n"))
        return 0
    order = with_interpreter(order, args.python, args.kernel)
    with on_terminal() as progress:
        outcome = packaging.write(order, progress)
    if args.format == "json":
        _say(json.dumps(packaging.outcome_value(outcome), indent=2))
    else:
        _say("\n".join(packaging.outcome_lines(outcome)))
    return outcome.exit_code


def _decided(notebook: Path) -> str | None:
    """The candidate that was decided for in the notebook's experiment, said in a line of its own."""
    from mlee_jupyter.session.decided import decided

    chosen = decided(notebook)
    if len(set(chosen.values())) > 1:
        listed = ", ".join(f"{candidate} in {name}" for name, candidate in list(chosen.items())[:4])
        raise MleeError(f"Several were decided for: {listed}.", 'Name one: --keep NAME, or all: --keep "".')
    for name, candidate in chosen.items():
        print(f'Keeping {candidate}, decided in {name}; --keep "" keeps everything.', file=sys.stderr)
        return candidate
    return None


def _check_experiments(args: argparse.Namespace) -> int:
    from mlee_jupyter import report

    if args.format == "sarif":
        raise MleeError("SARIF points into notebook files.", "Name notebooks: mlee check notebooks/ --format sarif")
    here = _store()
    worst = False
    document: dict[str, list[dict[str, Any]]] = {}
    for name in asked_for(here, args.names):
        findings = here.findings(here.evidence(name))
        worst = worst or any(_fails(finding, Level(args.fail_on)) for finding in findings)
        document[name] = [report.finding_value(f) for f in findings if args.all or f.outcome is Outcome.FINDING]
        if args.format == "text":
            _say(f"{name}\n{report.findings_text(findings, all=args.all)}")
    if args.format == "json":
        _say(json.dumps(document, indent=2))
    return FOUND if worst else 0


def _fails(finding: Finding, level: Level) -> bool:
    order = [Level.ADVICE, Level.WARNING, Level.ERROR]
    return finding.outcome is Outcome.FINDING and order.index(finding.level) >= order.index(level)


def _explain(args: argparse.Namespace) -> int:
    from mlee_jupyter import guardrails

    _say(guardrails.page(guardrails.find_rule(args.rule)))
    return 0


def _ab_plan(args: argparse.Namespace) -> int:
    from mlee_jupyter.session.trials import ab_options

    plan = ab_options.planned(vars(args))
    _say(plan)
    if args.output:
        _say(f"Kept in {args.output}. Later: mlee ab read TABLE --plan {args.output} --arm COLUMN --metric COLUMN")
    return 0


def _ab_read(args: argparse.Namespace) -> int:
    from mlee_jupyter.session.trials import ab_options

    reading = ab_options.read(args.table, vars(args))
    _say(reading)
    return FOUND if any(_fails(finding, Level.ERROR) for finding in reading.findings) else 0


def _init(args: argparse.Namespace) -> int:
    from .init_command import run

    return run(args)


def _demo(args: argparse.Namespace) -> int:
    from .demo import run

    _say(run(keep=args.keep))
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from .doctor import examine

    lines, healthy = examine()
    _say("\n".join(lines))
    return 0 if healthy else FOUND


# ---------------------------------------------------------------------- wiring


def _store() -> Session:
    here = current.session()
    if here.store.notice:
        raise MleeError(here.store.notice)
    return here


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlee", description="Experiments in notebooks that end on time.")
    parser.add_argument("--version", action="version", version=f"mlee_jupyter {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        return sub

    add("demo", _demo, "execute the quickstart notebook and print its scoreboard").add_argument(
        "--keep", type=Path, metavar="FILE", help="also write the executed notebook there"
    )
    init = add("init", _init, "write a notebook that starts an experiment; on a terminal it asks what is known")
    init.add_argument("notebook", nargs="?", type=Path, default=Path("experiment.ipynb"), metavar="FILE.ipynb")
    init.add_argument("--name", help="of the experiment; the file's by default")
    for verb in every_verb.verbs().values():
        if verb.command is not None:
            of_verb = add(verb.name, functools.partial(_verb, verb.command), verb.command.help)
            for argument in verb.command.arguments:
                of_verb.add_argument(*argument.names, **argument.settings)
    board = add("scoreboard", _scoreboard, "an experiment's candidates against the best")
    board.add_argument("name", nargs="?")
    board.add_argument("--format", choices=FORMATS, default="text")
    how = board.add_mutually_exclusive_group()
    how.add_argument("--why", nargs="*", metavar="NAME", help="in plain words: a candidate, a number, the headline")
    how.add_argument("--metric", help="a side view by another metric: suggests nobody, and counts as a look")
    check = add("check", _check, "what the rules find in notebooks or experiments; exit code 1 on errors")
    check.add_argument("names", nargs="*", metavar="PATH", help="notebooks and folders, or experiments' names")
    check.add_argument("--fail-on", choices=[str(level) for level in Level], default="error")
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    check.add_argument("--all", action="store_true", help="also what is fine, not applicable or ignored")
    audit_command.options(add("audit", audit_command.run, audit_command.HELP))
    referee_command.options(add("referee", referee_command.run, referee_command.HELP))
    tools = add("mcp", mcp_command.run, mcp_command.HELP)
    tools.set_defaults(product=__version__)
    mcp_command.options(tools)
    add("explain", _explain, "a rule's page").add_argument("rule")
    package = add("package", _package, "turn a notebook into a package, proven to give the same results")
    package.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    package.add_argument("--output", type=Path, metavar="DIR", help="absent, empty, or written by us before")
    package.add_argument("--name", help="the package's name; the notebook's by default")
    package.add_argument(
        "--keep", metavar="CANDIDATE", help='only what this candidate needs; the decided one by default, "": everything'
    )
    package.add_argument("--keep-variables", metavar="A,B", help="only what these variables need")
    look = package.add_mutually_exclusive_group()
    look.add_argument("--plan", action="store_true", help="show where each cell goes; write and run nothing")
    look.add_argument("--explain", action="store_true", help="a line a statement: where it goes, and why; likewise")
    package.add_argument("--accept", metavar="REASON", help="write in spite of a difference")
    package.add_argument("--no-run", action="store_true", help="write without proof; the package says so")
    package.add_argument(
        "--allow-effects", action="store_true", help="the proof may reach the network, run any command"
    )
    where = package.add_mutually_exclusive_group()
    where.add_argument("--python", type=Path, metavar="PATH", help="prove it with this interpreter or environment")
    where.add_argument("--kernel", metavar="NAME", help="prove it in this kernel; the notebook's own by default")
    package.add_argument("--refresh", action="store_true", help="make a package again; edited files are never touched")
    package.add_argument("--format", choices=("text", "json"), default="text")
    _add_ab(commands)
    add("doctor", _doctor, "what is installed, where records go, and what is wrong")
    return parser


def _add_ab(commands: Any) -> None:
    """`mlee ab plan` and `mlee ab read`."""
    from mlee_jupyter.session.trials import ab_options

    text = "plan an A/B test, and read it"
    ways = commands.add_parser("ab", help=text, description=text).add_subparsers(metavar="plan|read", required=True)
    plan = ways.add_parser("plan", help="how many units it needs, by how it is looked at")
    read = ways.add_parser("read", help="what it says now: keep, stop, no difference that matters, or too early")
    read.add_argument("table", metavar="TABLE", help="a CSV or Parquet file, or a table with --in DATABASE")
    for parser, command, options in ((plan, _ab_plan, ab_options.PLAN), (read, _ab_read, ab_options.READ)):
        parser.set_defaults(command=command)
        for option in (*options, *ab_options.BOTH):
            parser.add_argument(*option.names, **option.settings)
