"""Forensics: what marks an instance for those who look into it, and what keeps its disks."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.changes.change import Change
from bot.containment.effects.does import Parameters
from bot.containment.effects.value import SetsValue, text_of
from bot.containment.states import Kind, State


@dataclass(frozen=True, slots=True)
class Mark(SetsValue):
    """An instance's tag is set, or taken away where ``value`` is empty. ``before`` is its value."""

    instance: str
    tag: str
    value: str
    before: str = ""
    kind: Literal["mark"] = "mark"
    service: ClassVar[str] = "ec2"

    @property
    def operation(self) -> str:
        """Return the call."""
        return "CreateTags" if self.value else "DeleteTags"

    @property
    def about(self) -> str:
        """Return the instance."""
        return self.instance

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the tag's value."""
        return Kind.TAG, f"{self.instance} {self.tag}"

    @property
    def after(self) -> str:
        """Return the value after."""
        return self.value

    @property
    def parameters(self) -> Parameters:
        """Return the one tag; a value that is given is the only one that is taken away."""
        tag = {"Key": self.tag, "Value": self.value or self.before}
        return {"Resources": [self.instance], "Tags": [tag]}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the tag."""
        return (f"tag {self.tag}={self.value or self.before}",)

    def told(self) -> str:
        """Return whether it bears the tag."""
        bears = f"tagged {self.tag}={self.value}" if self.value else f"has no tag {self.tag} left"
        return f"{self.instance}: {bears}."


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All disks of an instance are kept as of one moment, under a tag that names the containment.

    They are done when they are begun: AWS copies for minutes or hours.
    """

    instance: str
    volumes: tuple[str, ...]
    tag: str
    containment: str
    kind: Literal["snapshot"] = "snapshot"
    service: ClassVar[str] = "ec2"
    operation: ClassVar[str] = "CreateSnapshots"

    @property
    def about(self) -> str:
        """Return the instance."""
        return self.instance

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the disks of which there is a snapshot under the tag."""
        return Kind.SNAPSHOTS, f"{self.instance} {self.tag} {self.containment}"

    @property
    def parameters(self) -> Parameters:
        """Return the instance and the tags of its snapshots."""
        tags = {self.tag: self.containment, f"{self.tag}-instance": self.instance}
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        return {
            "InstanceSpecification": {"InstanceId": self.instance},
            "Description": f"Kept for forensics by sgwatch, {self.containment}",
            "TagSpecifications": [{"ResourceType": "snapshot", "Tags": listed}],
        }

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the disks."""
        return self.volumes

    def done(self, state: State) -> bool:
        """Return whether there is a snapshot of every disk."""
        return set(self.volumes) <= set(text_of(state).split())

    def fits(self, state: State) -> bool:
        """Return whether there is none yet."""
        return not text_of(state)

    def fault(self, state: State) -> str:
        """Return of which disks there is none."""
        missing = sorted(set(self.volumes) - set(text_of(state).split()))
        return f"{self.instance}: no snapshot of {', '.join(missing)}." if missing else ""

    def told(self) -> str:
        """Return of what there are snapshots."""
        return f"{self.instance}: snapshots of {', '.join(self.volumes)} are begun."

    def matches(self, change: Change) -> bool:
        """Return whether the change makes snapshots."""
        return change.action == self.operation
