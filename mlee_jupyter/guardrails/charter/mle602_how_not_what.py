"""MLE602 how-not-what: the question names a way of solving it, not what is wanted.

What it sees: the name of a learning algorithm or of a library in the charter's question: random forest, xgboost, neural
network, logistic regression, ... Names that mean other things as well (transformer, prophet, GPT) are left alone.

Why it misleads: who asks "can xgboost predict clicks?" has chosen before looking. What was wanted may be answered by a
query, a rule or an average, and those are never tried.

What to do: ask for the outcome, as the one who will use it would: "when does each customer read mail?" Whatever
answers it then counts, and the way is one of the candidates.

Reference: a judgement, no number is involved.
"""

import re

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.rule_words import short

WAYS = re.compile(
    r"\b(random forests?|xgboost|xgb|lightgbm|lgbm|catboost|gradient[- ]boost\w*|adaboost"
    r"|neural net(?:work)?s?|deep learning|lstms?|cnns?|rnns?|s?arimax?"
    r"|(?:logistic|linear|ridge|lasso|poisson) regression|support vector machines?|svms?"
    r"|k-?nn|nearest neighbou?rs?|k-?means|naive bayes|decision trees?"
    r"|scikit-learn|sklearn|tensorflow|pytorch|keras)\b",
    re.IGNORECASE,
)


def check(evidence: Evidence) -> Finding:
    """Look for the name of a way in the question."""
    question = evidence.charter.question
    if question is None or not question.strip():
        return not_applicable(RULE, "no question is written", "Write question = ... into the charter")
    found = WAYS.search(question[:5_000])
    if found is None:
        return ok(RULE)
    return finding(
        RULE,
        f"The question names a way ({short(found[0])}), not what is wanted",
        "Ask for the outcome, so that a query or a rule may answer it too: %%mlee_experiment change",
        facts={"way": found[0]},
    )


RULE = Rule(code="MLE602", name="how-not-what", level=Level.ADVICE, check=check)
