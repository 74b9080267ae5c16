"""Prefix lists: single entries taken out or put back; what others changed in the list stays."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.changes.change import Change
from bot.containment.effects.does import Parameters
from bot.containment.states import Entry, Kind, ListState, State, WrongStateError


@dataclass(frozen=True, slots=True)
class ChangeList:
    """Entries come and go in one call. AWS refuses it unless the list has this ``version``."""

    list: str
    version: int
    adds: tuple[Entry, ...]
    removes: tuple[str, ...]
    kind: Literal["list"] = "list"
    service: ClassVar[str] = "ec2"
    operation: ClassVar[str] = "ModifyManagedPrefixList"

    @property
    def about(self) -> str:
        """Return the list."""
        return self.list

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the list."""
        return Kind.PREFIX_LIST, self.list

    @property
    def parameters(self) -> Parameters:
        """Return what is added and removed, and the version that this builds on."""
        wanted: dict[str, object] = {"PrefixListId": self.list, "CurrentVersion": self.version}
        if self.adds:
            wanted["AddEntries"] = [
                {"Cidr": e.cidr} | ({"Description": e.description} if e.description else {})
                for e in self.adds
            ]
        if self.removes:
            wanted["RemoveEntries"] = [{"Cidr": cidr} for cidr in self.removes]
        return wanted

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the entries that go and come."""
        came = (f"+ {e.cidr}  {e.description}".rstrip() for e in self.adds)
        return (*(f"- {cidr}" for cidr in self.removes), *came)

    def done(self, state: State) -> bool:
        """Return whether what was to go is gone and what was to come is there."""
        return not self.fault(state)

    def fits(self, state: State) -> bool:
        """Return whether nobody has changed the list."""
        found = _list(state)
        return found.entries is not None and found.version == self.version

    def fault(self, state: State) -> str:
        """Return which entries are not as they shall be."""
        entries = _list(state).entries
        if entries is None:
            return f"{self.list} is gone."
        now = {entry.cidr for entry in entries}
        left = [cidr for cidr in self.removes if cidr in now]
        missing = [entry.cidr for entry in self.adds if entry.cidr not in now]
        told = [f"still there: {', '.join(left)}"] if left else []
        told += [f"not there: {', '.join(missing)}"] if missing else []
        return f"{self.list}: {'; '.join(told)}." if told else ""

    def told(self) -> str:
        """Return what went and came."""
        gone = f"took out {', '.join(self.removes)}" if self.removes else ""
        back = f"put back {', '.join(e.cidr for e in self.adds)}" if self.adds else ""
        return f"{self.list}: {', '.join(filter(None, (gone, back)))}."

    def matches(self, change: Change) -> bool:
        """Return whether the change adds and removes these entries."""
        what = set(change.cidrs_added), set(change.cidrs_removed)
        ours = {entry.cidr for entry in self.adds}, set(self.removes)
        return change.action == self.operation and change.target == self.list and what == ours


def _list(state: State) -> ListState:
    if not isinstance(state, ListState):
        raise WrongStateError(state)
    return state
