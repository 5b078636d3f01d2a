"""What can be typed behind `mlee ab plan`, `mlee ab read` and `%mlee_ab`, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.session.verbs.declaration import Argument

if TYPE_CHECKING:
    from mlee_jupyter.abtest.trial_plan import TrialPlan
    from mlee_jupyter.abtest.trial_reading import TrialReading

BOTH = (Argument("--lower-is-better", action="store_true", help="a gain is downward"),)
PLAN = (
    Argument("--baseline", type=float, metavar="X", help="the metric now; a rate in 0..1 needs no --sd"),
    Argument("--gain", type=float, metavar="X", help="smallest difference that matters, in the metric's units"),
    Argument("--relative-gain", type=float, metavar="X", help="the same as a share of the baseline: 0.05"),
    Argument("--sd", type=float, metavar="X", help="standard deviation of one unit's metric"),
    Argument("--design", metavar="NAME", help="fixed (look once), looks (a few), always (at any time)"),
    Argument("--looks", type=int, metavar="N", help="that design looks counts on; 5"),
    Argument("--alpha", type=float, metavar="X", help="chance of calling a change one that has no effect; 0.05"),
    Argument("--power", type=float, metavar="X", help="chance of seeing the gain; 0.8"),
    Argument("--share", type=float, metavar="X", help="of units that get the change; 0.5"),
    Argument("--correlation", type=float, metavar="R", help="with the same unit's value from before; 0"),
    Argument("--units-per-week", type=float, metavar="N", help="that come in, both arms together"),
    Argument("--weeks", type=float, metavar="N", help="the time there is"),
    Argument("--output", metavar="FILE", help="keep the plan there; the reading remembers its looks in it"),
)
READ = (
    Argument("--arm", metavar="COLUMN", help="says which arm a row belongs to"),
    Argument("--metric", metavar="COLUMN", help="the primary metric: numbers, or yes and no"),
    Argument("--unit", metavar="COLUMN", help="who was assigned, as a customer; then it is checked"),
    Argument("--per", choices=("row", "unit"), help="what the metric is a mean of, where units have several rows"),
    Argument("--plan", metavar="FILE", help="the plan; without it this is the only look"),
    Argument("--over", metavar="COLUMN", help="the denominator, if the metric is a ratio"),
    Argument("--before", metavar="COLUMN", help="the same unit's value from before; it takes away scatter"),
    Argument("--also", action="append", metavar="COLUMN", help="a further metric"),
    Argument("--guard", action="append", metavar="COLUMN", help="a metric that must not fall"),
    Argument("--control", metavar="NAME", help="the arm without the change"),
    Argument("--treatment", metavar="NAME", help="the arm with it"),
    Argument("--useful-gain", type=float, metavar="X", help="without a plan: smallest difference that matters"),
    Argument("--worth", type=float, metavar="X", help="money that one more of the metric is worth"),
    Argument("--in", dest="inside", metavar="DATABASE", help="a DuckDB file or an address: TABLE is a table of it"),
    Argument("--no-record", action="store_true", help="do not count this look"),
)
MAGIC = (*PLAN, *READ, *BOTH)


def planned(typed: Mapping[str, Any]) -> TrialPlan:
    """The plan that was asked for.

    Args:
        typed: options by name; None: not typed.

    Raises:
        MleeError: something is missing or wrong.
    """
    from .ab_trials import ab_plan

    asked = {key: value for key, value in typed.items() if value is not None}
    lacking = [f"--{key}" for key in ("baseline",) if key not in asked]
    if "gain" not in asked and "relative_gain" not in asked:
        lacking.append("--gain")
    if lacking:
        raise MleeError(f"A plan needs {' and '.join(lacking)}.", "mlee ab plan --baseline 0.1 --gain 0.01")
    keys = (
        "relative_gain",
        "sd",
        "design",
        "looks",
        "alpha",
        "power",
        "share",
        "correlation",
        "units_per_week",
        "weeks",
    )
    return ab_plan(
        baseline=asked["baseline"],
        useful_gain=asked.get("gain"),
        higher_is_better=not asked.get("lower_is_better"),
        save=asked.get("output"),
        **{key: asked[key] for key in keys if key in asked},
    )


def read(table: Any, typed: Mapping[str, Any]) -> TrialReading:
    """The reading that was asked for.

    Args:
        table: the table itself, or a file's or table's name.
        typed: options by name; None: not typed.

    Raises:
        MleeError: something is missing or wrong.
    """
    from mlee_jupyter.tables.table_source import open_source

    from .ab_trials import ab_read

    lacking = [f"--{key}" for key in ("arm", "metric") if not typed.get(key)]
    if table is None:
        lacking.insert(0, "TABLE")
    if lacking:
        raise MleeError(f"A reading needs {' and '.join(lacking)}.", "mlee ab read TABLE --arm COLUMN --metric COLUMN")
    if typed.get("plan") and typed.get("lower_is_better"):
        raise MleeError("The plan says which way is better.", "Leave --lower-is-better out.")
    asked: dict[str, Any] = {
        "arm": typed["arm"],
        "metric": typed["metric"],
        "also": typed.get("also") or (),
        "guards": typed.get("guard") or (),
        "higher_is_better": not typed.get("lower_is_better"),
        "record": not typed.get("no_record"),
    }
    keys = ("unit", "per", "plan", "over", "before", "control", "treatment", "useful_gain", "worth")
    asked |= {key: typed.get(key) for key in keys}
    if not isinstance(table, str):
        return ab_read(table, **asked)
    with open_source(table, typed.get("inside")) as opened:
        return ab_read(opened, **asked)


def of_magic(
    what: str, table: str | None, typed: Mapping[str, Any], names: Mapping[str, Any]
) -> TrialPlan | TrialReading:
    """What `%mlee_ab` asks for.

    Args:
        what: plan or read.
        table: a variable of the notebook, or a file.
        typed: options by name; None, or an empty list: not typed.
        names: the notebook's variables.

    Raises:
        MleeError: something is missing or wrong.
    """
    mine, others = (PLAN, READ) if what == "plan" else (READ, PLAN)
    if what not in ("plan", "read"):
        raise MleeError(
            f"{what[:40]!r} is neither plan nor read.", f"{did_you_mean(what, ('plan', 'read'))}%mlee_ab plan ..."
        )
    own = {typed_under(one) for one in (*mine, *BOTH)}
    for one in others:
        if typed_under(one) not in own and typed.get(typed_under(one)):
            raise MleeError(f"{one.names[0]} does not go with {what}.", "%mlee_ab? shows what can be typed.")
    if what == "plan":
        return planned(typed)
    if table is not None and not typed.get("inside") and table in names:
        return read(names[table], typed)
    if table is not None and not typed.get("inside") and "." not in table:
        raise MleeError(
            f"There is no variable {table[:40]!r}.", f"{did_you_mean(table, names)}Name a DataFrame or a file."
        )
    return read(table, typed)


def typed_under(option: Argument) -> str:
    """Under which name an option's value is found."""
    return str(option.settings.get("dest", option.key))
