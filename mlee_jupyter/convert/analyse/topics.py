"""What a cell is about: its tag, then its heading, then what its code does. Topics become modules."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlee_jupyter.convert.types import Cell, Effect, Facts, Kind, Statement

RESERVED = frozenset(
    {"config", "pipeline", "figures", "data_root", "functions", "__main__", "__init__"} | {"test", "tests"}
)
MOST_SECTIONS = 8
_STOP_WORDS = """
a an and are as at be by can do for from how i in into is it its let lets my now of on or our so some that the then
this to us using via was we what which with you your part step section chapter exercise question task problem here
there will if next first second third let's
"""
_STOP = frozenset(_STOP_WORDS.split())
_ROLE_WORDS = {
    "split": "split splitting holdout train_test train-test",
    "data": "data load loading import importing read reading dataset datasets download input ingest",
    "features": "feature features preprocess preprocessing clean cleaning engineering transform transformation encoding"
    " scaling prepare preparation wrangling imputation missing normalize normalization munging outliers",
    "evaluate": "evaluate evaluation evaluating metric metrics score scores scoring results performance validation"
    " accuracy confusion roc comparison compare residuals diagnostics",
    "model": "model models modelling modeling train training fit fitting classifier classification regression"
    " clustering cluster estimator learning tuning hyperparameter hyperparameters optimization grid network"
    " forecast forecasting"
    " baseline forest neighbors predict prediction predictions",
    "plots": "plot plots plotting visual visualize visualise visualization visualisation exploration exploratory"
    " explore exploring eda chart charts figure figures graph graphs",
    "setup": "setup imports libraries configuration config settings requirements packages dependencies environment",
}
ROLE_OF = {word: role for role, words in _ROLE_WORDS.items() for word in words.split()}
VERBS = {
    "data": "load",
    "split": "split",
    "features": "prepare",
    "model": "fit",
    "evaluate": "evaluate",
    "plots": "plot",
    "setup": "set_up",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """Where a cell belongs."""

    module: str
    role: str  # one of VERBS, or ""
    heading: str = ""  # the nearest heading above, as written
    prose: str = ""  # the markdown straight above


def slug(text: str, words: int = 4) -> str:
    """A heading as an identifier: "2. Load the *data*!" gives load_data; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", re.sub(r"<[^>]*>|\$[^$]*\$|\(https?[^)]*\)|https?://\S+", " ", text))
    found = re.findall(r"[a-z][a-z0-9]*", plain.encode("ascii", "ignore").decode().lower().replace("'", ""))
    telling = [w for w in found if w not in _STOP and len(w) > 1] or [w for w in found if len(w) > 1]
    name = "_".join(telling[:words])
    while len(name) > 36 and "_" in name:
        name = name.rpartition("_")[0]
    name = name[:36].strip("_")
    return f"{name}_" if keyword.iskeyword(name) else name


def topics_of(facts: Facts, flow: Sequence[Statement]) -> dict[int, Topic]:
    """The topic of each code cell that flows.

    Where roles and headings put everything into one module, sections are told apart by their headings alone, and where
    there is only one section, cells by what their code does: a title over the whole notebook divides nothing.
    """
    found = _topics(facts, flow, "")
    for way in ("headings", "code"):
        if len({t.module for t in found.values()}) > 1:
            break
        other = _topics(facts, flow, way)
        if len({t.module for t in other.values()}) > 1:
            found = other
    return found


def _topics(facts: Facts, flow: Sequence[Statement], way: str) -> dict[int, Topic]:
    sections = _sections(facts, {s.cell for s in flow})
    of_cell: dict[int, list[Statement]] = {}
    for statement in flow:
        of_cell.setdefault(statement.cell, []).append(statement)
    found: dict[int, Topic] = {}
    last = ""
    for number in sorted(of_cell):
        cell = facts.notebook.cell(number)
        nearest, section, prose = sections[number]
        tagged = _tagged(cell)
        code_role = role_of(of_cell[number])
        heading_role = "" if way else _role_in(nearest) or _role_in(section)
        role = tagged if tagged in VERBS else (heading_role or code_role or (last if last != "plots" else ""))
        named = "" if way == "code" else slug(section if not way else (section or nearest), 3 if not way else 4)
        is_plain = bool(named) and named.count("_") < 2
        by_role = role if way == "code" or (not way and (heading_role or not is_plain)) else ""
        module = tagged or by_role or named or role or "data"
        if module in ROLE_OF.values():
            role = module
        found[number] = Topic(module=_safe(module), role=role, heading=nearest, prose=prose)
        last = role or last
    return _merged(found)


def _merged(found: dict[int, Topic]) -> dict[int, Topic]:
    """A set-up topic is no module of its own: its statements begin the next one."""
    numbers = list(found)
    for place, number in reversed(list(enumerate(numbers))):
        topic = found[number]
        if topic.module == "setup":
            following = found[numbers[place + 1]] if place + 1 < len(numbers) else None
            module = following.module if following else "data"
            role = following.role if following else "data"
            found[number] = Topic(module=module, role=role, heading=topic.heading, prose=topic.prose)
    return found


def _safe(module: str) -> str:
    return f"{module}_stage" if module in RESERVED or keyword.iskeyword(module) else module


def _tagged(cell: Cell) -> str:
    for tag in cell.tags:
        if tag.startswith("mlee:"):
            name = slug(tag.partition(":")[2].replace("_", " "), 3)
            if name:
                return name
    return ""


def _sections(facts: Facts, flowing: set[int]) -> dict[int, tuple[str, str, str]]:
    """Code cell -> (nearest heading, heading of its section, prose straight above).

    Sections are the headings of the deepest level that makes at most eight of them.
    """
    levels = Counter(h.level for c in facts.notebook.cells for h in c.headings)
    chosen = 0
    total = 0
    for level in sorted(levels):
        holders = _holders(facts, level, flowing)
        if holders > MOST_SECTIONS:
            break
        chosen, total = level, holders
    if total < 2:
        chosen = max(chosen, min((lv for lv in levels if _holders(facts, lv, flowing) >= 2), default=chosen))
    found: dict[int, tuple[str, str, str]] = {}
    nearest, section, prose = "", "", ""
    top = min(levels, default=0)
    title = levels[top] == 1 and len(levels) > 1  # the notebook's own name is no section
    for cell in facts.notebook.cells:
        if cell.kind == "markdown":
            for heading in cell.headings:
                if title and heading.level == top:
                    continue
                nearest = heading.text
                if heading.level <= chosen:
                    section = heading.text
            prose = "" if title and any(h.level == top for h in cell.headings) else cell.source
        elif cell.kind == "code":
            found[cell.number] = (nearest, section, prose)
            prose = ""
    return found


def _holders(facts: Facts, level: int, flowing: set[int]) -> int:
    """How many headings down to a level have flowing code under them."""
    current, holders = "", set()
    for place, cell in enumerate(facts.notebook.cells):
        for heading in cell.headings:
            if heading.level <= level:
                current = f"{place} {heading.text}"
        if cell.number in flowing:
            holders.add(current)
    return len(holders)


def _role_in(heading: str) -> str:
    words = re.findall(r"[a-z]+", heading.lower().replace("-", "_").replace("train_test", "split"))
    votes = [ROLE_OF[w] for w in words if w in ROLE_OF]
    if not votes:
        return ""
    for strong in ("split", "evaluate", "plots"):
        if strong in votes:
            return strong
    named = [v for v in votes if v != "data"]
    return named[0] if named else votes[0]


def role_of(statements: Iterable[Statement]) -> str:
    """What code does, by its calls: the strongest role among its statements, of equals the first in a pipeline."""
    votes: Counter[str] = Counter()
    for statement in statements:
        if statement.kind in (Kind.IMPORT, Kind.FUNCTION, Kind.CLASS):
            continue
        for call in statement.calls:
            votes.update(_role_of_call(call))
        if Effect.READS_FILE in statement.effects:
            votes["data"] += 3
        if Effect.SETS_OPTION in statement.effects or Effect.SEEDS in statement.effects:
            votes["setup"] += 1
        if Effect.PLOTS in statement.effects or statement.uses & {"plt", "sns", "ax", "fig", "axes"}:
            votes["plots"] += 1
        if statement.updates and not statement.binds and statement.kind is Kind.ASSIGNMENT:
            votes["features"] += 0 if Effect.SETS_OPTION in statement.effects else 2
    return max(VERBS, key=lambda role: votes[role]) if votes else ""


_CALL_ROLES = (
    (re.compile(r"train_test_split$|KFold$|ShuffleSplit$|TimeSeriesSplit$"), "split", 5),
    (re.compile(r"(^|\.)(load_\w+|fetch_\w+|make_\w+|get_rdataset)$"), "data", 3),
    (
        re.compile(
            r"\.(fit|partial_fit|compile|fit_predict)$|(Classifier|Regressor|Regression|SVC|SVR|KMeans|PCA|NB)$"
        ),
        "model",
        3,
    ),
    (re.compile(r"SearchCV$"), "model", 3),
    (re.compile(r"(^|[._])(score|scores|report|matrix|error|auc|curve)$|cross_val_\w+$|\.evaluate$"), "evaluate", 3),
    (
        re.compile(r"\.(fillna|dropna|drop|astype|get_dummies|fit_transform|merge|rename|replace|apply|map|cut|qcut)$"),
        "features",
        2,
    ),
    (re.compile(r"(Scaler|Encoder|Imputer|Vectorizer|Transformer)$|get_dummies$"), "features", 2),
    (re.compile(r"(^|\.)(mutual_info_\w+|f_classif|f_regression|chi2|RFE|RFECV|Select[A-Z]\w+)$"), "features", 2),
    (re.compile(r"^(plt|sns|ax|axes|fig|px|pylab)\.|show_figures$|\.(plot|hist|boxplot|scatter|heatmap)$"), "plots", 2),
)


def deeds_of(statements: Iterable[Statement]) -> set[str]:
    """The roles that code surely has: it reads or makes data, splits it, fits, scores, prepares."""
    found: set[str] = set()
    for statement in statements:
        if statement.kind in (Kind.IMPORT, Kind.FUNCTION, Kind.CLASS):
            continue
        found |= {role for call in statement.calls for role in _role_of_call(call)}
        found |= {"model"} if any(_FITS.search(call) for call in statement.calls) else set()
        found |= {"data"} if Effect.READS_FILE in statement.effects else set()
    return found


_FITS = re.compile(r"\.(fit|fit_predict|fit_transform|partial_fit)$")


def _role_of_call(call: str) -> dict[str, int]:
    for pattern, role, weight in _CALL_ROLES:
        if pattern.search(call):
            return {role: weight}
    return {}
