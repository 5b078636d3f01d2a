"""MLE705 secret: a key, token or password stands in the notebook.

What it sees: the shapes of some sixty services' keys, private keys, web tokens, signatures and passwords in URLs,
headers, connection strings and commands; and texts that look random, or like a password, under a name such as
api_key. In code (also put together from parts, also a default of os.getenv), comments, prose, and the first four
million characters of outputs and metadata.
Placeholders, documented examples, hashes and ids do not count. `mlee package` goes by the same list. The finding
shows no secret.

Why it misleads: it does not mislead, it leaks. A notebook is sent around, committed and published as a whole, and
whoever holds the file holds the key.

What to do: withdraw the key where it was issued (it stays in the history of the file), then read it from the
environment: os.environ["NAME"].

Reference: over 100,000 public repositories hold keys, and thousands are added every day (Meli, McNiece and Reaves,
"How bad can it git?", NDSS 2019).
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import ok
from mlee_jupyter.guardrails.in_cells import Spot, and_more, found, notebook_of, open_spots
from mlee_jupyter.guardrails.rule_words import short


def check(evidence: Evidence) -> Finding:
    """Look for what was taken for a secret."""
    notebook = notebook_of(RULE, evidence)
    if isinstance(notebook, Finding):
        return notebook
    spots = [Spot(p.cell, p.line, short(p.more or p.what, 70)) for p in notebook.secrets]
    if not spots:
        return ok(RULE)
    shown = open_spots(RULE, notebook, spots) or spots
    return found(
        RULE,
        notebook,
        spots,
        f"A secret stands in cell {shown[0].cell}, line {shown[0].line}: {shown[0].words}{and_more(shown)}",
        "Withdraw it where it was issued, then read it from os.environ",
    )


RULE = Rule(code="MLE705", name="secret", level=Level.ERROR, check=check, notebook=True)
