"""What a conversion came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from mlee_jupyter.convert.types import Landed, Plan, Proof, Sameness, Written


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """What a conversion came to."""

    plan: Plan
    written: Written | None
    proof: Proof | None  # None: nothing was run
    landed: Landed | None  # None: nothing was written
    accepted: str = ""
    steps_dropped: tuple[tuple[str, str], ...] = ()  # improvement, why it was dropped
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> Sameness:
        """The proof's word; nothing run is not proven."""
        return self.proof.verdict if self.proof is not None else Sameness.NOT_PROVEN

    @property
    def exit_code(self) -> int:
        """0 identical (or a difference that was accepted), 3 not proven, 4 different."""
        if self.verdict is Sameness.IDENTICAL or (self.verdict is Sameness.DIFFERENT and self.accepted):
            return 0
        return 3 if self.verdict is Sameness.NOT_PROVEN else 4
