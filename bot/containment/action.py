"""Actions: what a containment is meant to do."""

from dataclasses import dataclass
from enum import StrEnum

from bot.containment.choice import Choice


class Action(StrEnum):
    """What a containment is meant to do. The policy's ``[containment]`` knows them by these names.

    ``UNDO`` opens again what a revert has closed.
    """

    REVERT = "revert"
    UNDO = "undo"
    QUARANTINE = "quarantine"
    RESTRICT = "restrict"
    RELEASE = "release"

    @property
    def noun(self) -> str:
        """Return what people call it: "a revert", "the revert"."""
        return {"undo": "undo of the revert", "restrict": "restriction"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants done, for the first ``seen`` changes of an alert; None: for all.

    ``of`` is the containment that an undo undoes or a release releases, ``choice`` what was
    picked in the form. ``containment`` is its own id, empty before it is asked for.
    """

    action: Action
    seen: int | None = None
    of: str = ""
    choice: Choice | None = None
    containment: str = ""
