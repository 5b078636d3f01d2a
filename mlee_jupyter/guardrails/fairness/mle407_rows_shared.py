"""MLE407 rows-shared: test rows are among the training rows.

What it sees: the test rows (the declared features, or X_test) held against the training rows (train = "X_train" in the
charter, or the features' name with train for test), by fingerprints of their values in single precision. At least 1% of
them are in train too, or any with the same row label on both sides: an error. Rows that so few or so common values make
equal by chance do not count: a shared row has a value that no other row has, or no neighbours that are nearly equal.
Numbers and dates count as the same in text; ids that only number the rows are looked past, since a copy may have got a
new one. Where the charter names groups, groups on both sides are an error as well, unless it names a time too; ids of
things on both sides, though other values differ, are a warning. Of tables above 10 million values a regular part is
looked at.

Why it misleads: what was learned by heart is asked again. A model that remembers scores best, and fails on new rows.

What to do: remove copies before splitting (drop_duplicates), split by whole groups, then train and record again.

Reference: S. Kapoor, A. Narayanan (2023), Leakage and the reproducibility crisis in machine-learning-based science,
Patterns 4, 100804: duplicates are one of its eight kinds. On 1,500 random splits of tables without copies, coarse ones
among them, it never fired (docs/sample_size.md). The 1% is a judgement: an odd copy hardly moves a score.
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.rule_words import number, several, short, typed

MOST = 0.01


def check(evidence: Evidence) -> Finding:
    """Count the test rows that are training rows."""
    seen = evidence.sample.shared if evidence.sample is not None else None
    if seen is None or seen.test_rows <= 0:
        return not_applicable(
            RULE,
            "test and training rows are not both at hand, with the same columns",
            "Name them: --features X_test at the start, and %mlee_experiment change train=X_train",
        )
    share = seen.shared / seen.test_rows
    train = short(evidence.charter.train or "the training rows", 25)
    part = f" (looked at {number(100 * seen.looked_at)}% of them)" if 0 < seen.looked_at < 1 else ""
    facts = {"shared": seen.shared, "n": seen.test_rows, "coarse": seen.coarse, "groups_shared": seen.groups_shared}
    if seen.shared > 0 and (share >= MOST or seen.same_label > 0):
        return finding(
            RULE,
            f"{seen.shared:,} of {several(seen.test_rows, 'test row')} are in {train} too{part}: learned by heart",
            "Drop copies before you split (drop_duplicates), then train and record again",
            facts=facts,
            severity=1 + math.log2(max(share / MOST, 1)),
        )
    if seen.groups_shared > 0 and evidence.charter.time is None:
        name = short(evidence.charter.groups or "groups", 25)
        return finding(
            RULE,
            f"{seen.groups_shared:,} of the {seen.groups:,} {name} groups of the test rows are in {train} too",
            "Split by whole groups (GroupShuffleSplit), then train and record again",
            facts=facts,
        )
    if seen.ids_shared >= MOST * seen.test_rows and evidence.charter.time is None:
        column = short(seen.id_column, 25)
        return finding(
            RULE,
            f"{seen.ids_shared:,} of {several(seen.test_rows, 'test row')} have a {column} that {train} has too",
            f"If it names one thing, split by whole things: --groups {typed(seen.id_column)}, GroupShuffleSplit",
            facts=facts | {"ids_shared": seen.ids_shared},
            level=Level.WARNING,
        )
    if seen.coarse:
        return ok(RULE, f"{several(seen.coarse, 'test row')} equal a training row, as such coarse values do", facts)
    return ok(RULE, f"{several(seen.shared, 'test row')} of {seen.test_rows:,} in {train} too{part}", facts)


RULE = Rule(code="MLE407", name="rows-shared", level=Level.ERROR, check=check)
