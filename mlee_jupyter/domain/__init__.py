"""The words of the project as types; read this file first.

An *experiment* asks one question, has one primary metric and one time box. A *candidate* is one named
approach, a *variant* one setting of it, a *run* one execution. A run has *results*: predictions judged on a
declared *truth*, or fold scores, or a bare number. All that was recorded of one experiment is its *records*;
what a rule may see of it at one moment is the *evidence*; what a rule answers is a *finding*.

Everything here is a frozen value. Times are aware datetimes in UTC, durations timedeltas, rates in 0..1.
"""

from .evidence import Effort, Evidence, Finding, Rule
from .experiments import Candidate, Charter, CharterVersion, Decision, Experiment, Extension, Population, Serving
from .held import held
from .judgements import Baseline, Judgement, Standing, Wear
from .notebooks import (
    BrokenCell,
    CellIgnore,
    CellSeen,
    Definition,
    FitSeen,
    ListSeen,
    NameSeen,
    NotebookFacts,
    PackageSeen,
    Place,
    Rows,
    SameValue,
    SearchSeen,
    Step,
)
from .records import (
    TRAINED_ON,
    Confirmed,
    Fresh,
    Ignore,
    Layout,
    Look,
    Measured,
    Recording,
    Records,
    Result,
    Span,
    TraceEntry,
    Truth,
    partly_trained,
    trained_on,
)
from .samples import Alike, Coverage, Giveaway, Learning, SampleFacts, SharedRows, Slice, TimeOrder
from .words import CandidateState, Level, Outcome, ResultKind, RunOutcome, Verdict

__all__ = [
    "TRAINED_ON",
    "Alike",
    "Baseline",
    "BrokenCell",
    "Candidate",
    "CandidateState",
    "CellIgnore",
    "CellSeen",
    "Charter",
    "CharterVersion",
    "Confirmed",
    "Coverage",
    "Decision",
    "Definition",
    "Effort",
    "Evidence",
    "Experiment",
    "Extension",
    "Finding",
    "FitSeen",
    "Fresh",
    "Giveaway",
    "Ignore",
    "Judgement",
    "Layout",
    "Learning",
    "Level",
    "ListSeen",
    "Look",
    "Measured",
    "NameSeen",
    "NotebookFacts",
    "Outcome",
    "PackageSeen",
    "Place",
    "Population",
    "Recording",
    "Records",
    "Result",
    "ResultKind",
    "Rows",
    "Rule",
    "RunOutcome",
    "SameValue",
    "SampleFacts",
    "SearchSeen",
    "Serving",
    "SharedRows",
    "Slice",
    "Span",
    "Standing",
    "Step",
    "TimeOrder",
    "TraceEntry",
    "Truth",
    "Verdict",
    "Wear",
    "held",
    "partly_trained",
    "trained_on",
]
