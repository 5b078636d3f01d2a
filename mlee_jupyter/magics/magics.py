"""The notebook's door: parse, one call, show. `?` after a magic shows its help."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import argument, magic_arguments
from IPython.display import display

from mlee_jupyter.domain.errors import MleeError, without_control

from . import magic_lines
from .late_help import with_ab_options, with_the_verbs

if TYPE_CHECKING:
    import argparse

    from IPython.core.interactiveshell import InteractiveShell


def in_one_line(magic: Callable[..., Any]) -> Callable[..., Any]:
    """Bad input becomes a plain UsageError: one line, no traceback, and "Run All" stops."""

    @functools.wraps(magic)
    def door(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        try:
            return magic(*args, **kwargs)
        except MleeError as fault:
            raise UsageError(str(fault)) from None

    return door


def ours_alone(magic: Callable[..., Any]) -> Callable[..., Any]:
    """For magics that run no code of the user's: a fault of ours becomes a printed line, and the cell goes on."""

    @functools.wraps(magic)
    def door(*args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        from mlee_jupyter.session import faults

        with faults.faults_said(but=MleeError):
            magic(*args, **kwargs)

    return in_one_line(door)


def parse(magic: Callable[..., Any], line: str) -> argparse.Namespace:
    """What the line asks for."""
    words = magic_lines.words(line, magic.__self__.shell)  # type: ignore[attr-defined]
    try:
        parsed: argparse.Namespace = magic.parser.parse_args(words)  # type: ignore[attr-defined]
    except UsageError as fault:
        if str(fault).startswith("the following arguments are required: "):
            lacking = str(fault).partition(": ")[2].rstrip(".").upper()
            raise MleeError(f"%{magic.__name__} needs more.", f"Type %{magic.__name__} {lacking}.") from None
        raise MleeError(f"{str(fault).rstrip('.')}.", f"%{magic.__name__}? shows what can be typed.") from None
    return parsed


@magics_class
class MleeMagics(Magics):
    """Experiments that end on time and say only what their data can carry."""

    shell: InteractiveShell

    @line_magic
    @ours_alone
    def mlee(self, line: str) -> None:
        """Show the one-page help, and where the open experiment stands."""
        from mlee_jupyter import report
        from mlee_jupyter.session import current
        from mlee_jupyter.session.verbs import every_verb

        print(report.help_text(every_verb.verbs()))
        here = current.session()
        if here.store.notice:
            print(here.store.notice)
        if here.current is not None:
            print(report.status_line(here.evidence()))

    @with_the_verbs
    @no_var_expand
    @line_cell_magic
    @ours_alone
    def mlee_experiment(self, line: str, cell: str | None = None) -> None:
        """Start, steer and end an experiment; with `%%`, the body is its charter in TOML."""
        from mlee_jupyter.session import current
        from mlee_jupyter.session.verbs import every_verb
        from mlee_jupyter.session.verbs.declaration import Order

        args = vars(parse(self.mlee_experiment, line))
        if args.pop("form"):
            from .start_form import show_form

            filled = {"name": " ".join(args["words"]), "budget": args["budget"], "truth": args["truth"]}
            show_form.load(self.shell, args["verb"], cell, filled)
            return
        verb, words = every_verb.find(args.pop("verb")), tuple(args.pop("words"))
        for said in verb.run(current.session(), Order(words=words, cell=cell, options=args)):
            print(without_control(said))

    @magic_arguments()
    @argument("name", help="the approach, as knn")
    @argument("--pred", metavar="VARIABLE", help="predictions are in this variable, not the cell's last value")
    @argument("--scores", metavar="VARIABLE", help="probabilities or decision scores are in this variable")
    @argument("--folds", metavar="VARIABLE", help="cross-validation scores are in this variable")
    @argument("--row-scores", metavar="VARIABLE", help="a score of each row is in this variable: grades, Dice, returns")
    @argument("--simplicity", type=int, metavar="N", help="1 is simplest; of equals the simplest is recommended")
    @argument("--variant", metavar="NAME", help="the setting tried; other code is another variant by itself")
    @argument("--truth", metavar="VARIABLE", help="other right answers than the experiment's")
    @argument("--features", metavar="VARIABLE", help="what an estimator predicts on")
    @argument("--classes", metavar="VARIABLE", help="the class of each column of scores, as model.classes_")
    @argument("--idea", "--source", metavar="TEXT", help="where the idea came from: blog, paper, docs, own")
    @argument("--stage", choices=("prototype", "development"), help="development stays off the board")
    @argument("--tag", action="append", default=[], metavar="WORD", help="a word to split the board by")
    @argument("--note", metavar="TEXT", help="a note kept with the run")
    @argument(
        "--trained-on", type=int, metavar="ROWS", help="training rows; runs with fewer than the most draw a curve"
    )
    @argument("--minutes", type=float, metavar="M", help="a limit for this run")
    @argument("--hard", action="store_true", help="stop the cell at its limit; nothing is stopped without this")
    @no_var_expand
    @line_cell_magic
    @in_one_line
    def mlee_candidate(self, line: str, cell: str | None = None) -> Any:
        """Run, time and record a candidate; as a line, record variables that are there.

        The last value of the cell decides: an array holds predictions (or probabilities), a list of a few
        numbers fold scores, a number is a score, a pair such as (0.91, 500) a score and its number of rows, a
        dict holds several of these, and an estimator predicts on the declared features.
        """
        __tracebackhide__ = True
        from mlee_jupyter.domain import ResultKind
        from mlee_jupyter.session import current, door_lines, faults
        from mlee_jupyter.stopping import stop_of

        from .candidate_cell import CandidateCell, CandidateOrder
        from .cell_body import Body

        args = parse(self.mlee_candidate, line)
        if args.trained_on is not None and args.trained_on < 1:
            raise MleeError(f"--trained-on {args.trained_on} is no number of rows.", "Write --trained-on 500.")
        named = (
            (args.pred, "predictions"),
            (args.scores, "scores"),
            (args.folds, "folds"),
            (args.row_scores, "row scores"),
        )
        order = CandidateOrder(
            name=args.name,
            variables=tuple((name, ResultKind(kind)) for name, kind in named if name),
            simplicity=args.simplicity,
            variant=args.variant,
            truth=args.truth,
            features=args.features,
            classes=args.classes,
            idea=args.idea,
            stage=args.stage,
            tags=tuple(args.tag),
            note=args.note,
            minutes=args.minutes,
            hard=args.hard,
            trained_on=args.trained_on,
        )
        body = Body(self.shell, cell) if cell is not None else None
        stop = stop_of(args.name, args.minutes, args.hard)
        here = current.session()
        if here.current is None:
            for said in door_lines.opening_lines(here, here.open_untitled()):
                print(said)
        run = CandidateCell(here, order, self.shell.user_ns)
        if body is None or cell is None:
            if not order.variables:
                raise MleeError("The line form records a variable.", f"Type %mlee_candidate {args.name} --pred y_pred.")
            return run.record_variables()
        with faults.faults_said():
            for said in run.foreseen(body):
                print(said)
        return run.run_async(body, cell, stop) if body.is_async else run.run(body, cell, stop)

    @magic_arguments()
    @argument("name", nargs="?", help="an experiment; the open one by default")
    @argument("--text", action="store_true", help="plain text instead of a table")
    @argument("--live", action="store_true", help="follow while candidates run; sort, filter, Enter on a row for why")
    @argument("--why", nargs="*", metavar="NAME", help="in plain words: a candidate, a number, or the headline")
    @argument("--figure", action="store_true", help="a picture: how far each is from the best, and what matters to you")
    @argument("--metric", help="a side view by another metric: suggests nobody, and counts as a look")
    @no_var_expand
    @line_magic
    @ours_alone
    def mlee_scoreboard(self, line: str) -> None:
        """Show the candidates: who cannot be told apart from the best, and the simplest that is good enough."""
        from mlee_jupyter import report
        from mlee_jupyter.session import boards, current

        args, here = parse(self.mlee_scoreboard, line), current.session()
        if args.metric and (args.why is not None or args.figure or args.live):
            raise MleeError("A side view is a board: it has no --why, --figure or --live.", "Leave it out.")
        if args.why is not None:
            print(boards.explanation_of(here, args.name, why=" ".join(args.why)))
            return
        if args.figure:
            drawn, sizes = report.figure_bundle(boards.judgements_of(here, args.name))
            display(drawn, metadata=sizes, raw=True)
            return
        if args.live and not args.text:
            from .live import live

            shown, said = live.load(self.shell, here, args.name)
            if said:
                print(said)
            display(shown, raw=True)
            return
        board = boards.side_board_of(here, args.metric, args.name) if args.metric else boards.board_of(here, args.name)
        if args.text:
            print(report.text(board))
        else:
            display(report.bundle(board), raw=True)

    @magic_arguments()
    @argument("rule", nargs="?", help="a rule's name or code: its page is shown")
    @argument("--all", action="store_true", help="also what is fine, what does not apply and what is ignored")
    @no_var_expand
    @line_magic
    @ours_alone
    def mlee_check(self, line: str) -> None:
        """Show what the rules find now; with a rule, its page."""
        from mlee_jupyter import guardrails, report
        from mlee_jupyter.session import current

        args = parse(self.mlee_check, line)
        if args.rule:
            print(guardrails.page(guardrails.find_rule(args.rule)))
            return
        here = current.session()
        print(report.findings_text(here.findings(here.evidence()), all=args.all))

    @magic_arguments()
    @argument("name", help="the package's name")
    @argument("--plan", action="store_true", help="show where each cell goes; write and run nothing")
    @argument("--output", metavar="DIR", help="absent, empty, or written by us before; NAME by default")
    @argument(
        "--keep",
        metavar="CANDIDATE",
        help="only what it needs; the open experiment's chosen one by default, '': everything",
    )
    @argument("--notebook", metavar="FILE", help="this notebook by default; save it first")
    @argument("--accept", metavar="REASON", help="write in spite of a difference")
    @argument("--no-run", action="store_true", help="write without proof; the package says so")
    @argument("--allow-effects", action="store_true", help="the proof may reach the network and run any command")
    @argument("--refresh", action="store_true", help="make it again; files edited by hand are never touched")
    @no_var_expand
    @line_magic
    @ours_alone
    def mlee_package(self, line: str) -> None:
        """Turn this notebook into a package: modules, configuration, tests, proven to give the same results."""
        from mlee_jupyter.session import current, packaging
        from mlee_jupyter.session.progress import as_lines

        args = parse(self.mlee_package, line)
        here = current.session()
        order = packaging.PackageOrder(
            notebook=here.notebook_file(args.notebook),
            output=Path(args.output or args.name),
            name=args.name,
            keep=here.opened.chosen() if args.keep is None else args.keep or None,
            keep_variables=() if args.keep == "" else None,
            accept=args.accept or "",
            run=not args.no_run,
            refresh=args.refresh,
            allow_effects=args.allow_effects,
        )
        if args.plan:
            print(packaging.plan_lines(order))
        else:
            print("\n".join(packaging.outcome_lines(packaging.write(order, as_lines(print)))))

    @with_ab_options
    @no_var_expand
    @line_magic
    @ours_alone
    def mlee_ab(self, line: str) -> None:
        """Plan an A/B test, and read it: keep, stop, no difference that matters, or too early."""
        from mlee_jupyter.session.trials import ab_options

        args = vars(parse(self.mlee_ab, line))
        print(ab_options.of_magic(args.pop("what"), args.pop("table"), args, self.shell.user_ns))


# ---------------------------------------------------------------------- loading


def load(shell: InteractiveShell) -> None:
    """Register the magics, their completion, and the small rewriting that lets a candidate's cell await."""
    shell.register_magics(MleeMagics)
    if _await_candidates not in shell.input_transformers_post:
        shell.input_transformers_post.append(_await_candidates)
    from . import completion

    completion.register(shell, MleeMagics)


def unload(shell: InteractiveShell) -> None:
    """Undo `load`; records stay."""
    from mlee_jupyter.session import current

    from .live import live

    live.unload()
    current.forget_session()
    if _await_candidates in shell.input_transformers_post:
        shell.input_transformers_post.remove(_await_candidates)


_CALL = "get_ipython().run_cell_magic('mlee_candidate',"


def _await_candidates(lines: list[str]) -> list[str]:
    """Turn the call of a candidate's cell that awaits into an awaited one: IPython then runs it in its loop."""
    if not lines or not lines[0].startswith(_CALL):
        return lines
    from IPython.core.getipython import get_ipython

    from .cell_body import awaits

    shell = get_ipython()
    try:
        call = ast.parse("".join(lines)).body[0].value  # type: ignore[attr-defined]
        body = ast.literal_eval(call.args[2])
    except (SyntaxError, ValueError, AttributeError, IndexError):
        return lines
    return [f"await {lines[0]}", *lines[1:]] if shell is not None and awaits(shell, body) else lines
