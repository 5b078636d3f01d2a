"""What Tab offers behind a verb or a magic: names of candidates and rules. What they need is loaded at the Tab."""

from __future__ import annotations

from contextlib import suppress

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import current


def candidates() -> list[str]:
    """The open experiment's candidates, as they are typed; none where none is open."""
    with suppress(MleeError):
        return [name if " " not in name else f'"{name}"' for name in current.known_candidates()]
    return []


def rules() -> list[str]:
    """Every rule by name and by code."""
    from mlee_jupyter import guardrails

    return [word for rule in guardrails.rules() for word in (rule.name, rule.code)]
