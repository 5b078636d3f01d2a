"""`mlee audit SOURCE`: what a search that another tool kept can carry."""

from __future__ import annotations

import argparse
import json

from mlee_jupyter.domain import Level
from mlee_jupyter.domain.audits import Asked

FAILED = 1
HELP = "what the runs of another tool can carry: MLflow, Optuna, cv_results_, a leaderboard, predictions"
SOURCES = """SOURCE is one of
  mlflow:URI        a tracking store or server: mlflow:sqlite:///mlflow.db, mlflow:http://HOST:5000
  optuna:URL        a storage: optuna:sqlite:///study.db, optuna:postgresql://HOST/NAME
  FILE              csv, tsv, json or parquet: scikit-learn's cv_results_, an export of Weights & Biases,
                    any leaderboard; or predictions, a column a model, with the truth
  FOLDER            files of predictions on the same rows, with the truth"""


def options(parser: argparse.ArgumentParser) -> None:
    """The command's arguments.

    Args:
        parser: of the command.
    """
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = SOURCES
    add = parser.add_argument
    add("source", metavar="SOURCE")
    add("--name", metavar="NAME", help="the experiment or study, where there are several")
    add("--score", metavar="NAME", help="which logged number or column is the score")
    add(
        "--metric",
        metavar="METRIC",
        help="which metric that is, where its name does not say it: accuracy, roc_auc, ...",
    )
    better = parser.add_mutually_exclusive_group()
    better.add_argument(
        "--higher-is-better", dest="higher", action="store_true", default=None, help="of a metric of your own"
    )
    better.add_argument(
        "--lower-is-better", dest="higher", action="store_false", default=None, help="of a metric of your own"
    )
    add("--percent", action="store_true", help="the scores are per cent")
    add("--rows", type=int, metavar="N", help="rows that every score was taken on")
    add("--useful-gain", type=float, metavar="G", help="the smallest difference that would change a decision")
    add(
        "--tried", choices=("steered", "planned"), help="each try was chosen by the scores before it, or all beforehand"
    )
    add("--test-to-train", type=float, metavar="R", help="of fold scores: test rows over training rows of a fold")
    add("--names", metavar="COLUMN", help="the column of names")
    add("--truth", metavar="COLUMN", help="the column of right answers")
    add("--prediction", metavar="COLUMN", help="the column of predictions in each run's file")
    add("--predictions", metavar="FILE", help="the file of predictions that each MLflow run logged")
    add("--id", metavar="COLUMN", help="the column that says which row is which")
    add("--groups", metavar="COLUMN", help="the column of rows that belong together: customer, patient")
    add("--positive", metavar="CLASS", help="the positive class")
    add("--format", choices=("text", "html", "json"), default="text")
    add("--fail-on", choices=[str(level) for level in Level], default="error", help="exit code 1 from this level on")


def run(args: argparse.Namespace) -> int:
    """Print the audit; the exit code.

    Args:
        args: as `options` declares them.

    Raises:
        MleeError: see `mlee_jupyter.session.audits.auditing.audit`.
    """
    from mlee_jupyter.report.audit import audit_page
    from mlee_jupyter.session.audits.auditing import audit

    found = audit(
        args.source,
        Asked(
            name=args.name,
            score=args.score,
            metric=args.metric,
            higher_is_better=args.higher,
            percent=args.percent,
            rows=args.rows,
            useful_gain=args.useful_gain,
            names=args.names,
            truth=args.truth,
            prediction=args.prediction,
            predictions=args.predictions,
            id=args.id,
            groups=args.groups,
            positive=args.positive,
            test_to_train=args.test_to_train,
            steered=None if args.tried is None else args.tried == "steered",
        ),
    )
    told = audit_page.audit_value(found)
    if args.format == "json":
        print(json.dumps(told, indent=2))
    else:
        print(audit_page.audit_html(told) if args.format == "html" else audit_page.audit_text(told))
    order = [Level.ADVICE, Level.WARNING, Level.ERROR]
    least = order.index(Level(args.fail_on))
    return FAILED if any(order.index(finding.level) >= least for finding in found.findings) else 0
