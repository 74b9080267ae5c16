"""Plans: the exact AWS calls that a containment would make, and why each is safe now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.changes.permissions import YET_TO_BE
from bot.changes.rules import GroupRule
from bot.containment.effects.acls import MakeAcl, UseAcl
from bot.containment.effects.denial import Deny, SwitchKey
from bot.containment.effects.does import Parameters
from bot.containment.effects.edits import EditRules
from bot.containment.effects.emptying import EmptyNew
from bot.containment.effects.forensics import Mark, Snapshot
from bot.containment.effects.groups import MakeGroup, RemoveGroup
from bot.containment.effects.lists import ChangeList
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.networks import AssociateVpc, RemoveAclEntry
from bot.containment.effects.rules import ChangeRules, Operation
from bot.containment.effects.service import Receive, Standby
from bot.containment.effects.services import DetachPolicy, HideDatabase
from bot.containment.states import Look

Effect = Annotated[
    ChangeRules
    | EditRules
    | PutInGroups
    | MakeGroup
    | RemoveGroup
    | ChangeList
    | AssociateVpc
    | RemoveAclEntry
    | HideDatabase
    | DetachPolicy
    | EmptyNew
    | Standby
    | Receive
    | MakeAcl
    | UseAcl
    | Mark
    | Snapshot
    | Deny
    | SwitchKey,
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True)
class Call:
    """One AWS call: where it is made, what it does, and why it is safe.

    ``needs`` are the numbers of calls that must have succeeded before it. What such a call makes
    is named by ``made_by`` until it has its id.
    """

    account: str
    region: str
    effect: Effect
    why: str
    needs: tuple[int, ...] = ()

    @property
    def service(self) -> str:
        """Return the service, as boto3 and the AWS command line name it."""
        return self.effect.service

    @property
    def operation(self) -> str:
        """Return the call by its API name."""
        return self.effect.operation

    @property
    def about(self) -> str:
        """Return the resource that it changes."""
        return self.effect.about

    @property
    def parameters(self) -> Parameters:
        """Return its exact parameters."""
        return self.effect.parameters

    @property
    def look(self) -> Look:
        """Return what to look at to see whether it is done."""
        kind, about = self.effect.looks_at
        return Look(kind, self.account, self.region, about)


def _from_old(stored: object) -> object:
    """Return a call as it is stored now; those of old were all on the rules of a group."""
    if not isinstance(stored, Mapping) or "group_id" not in stored:
        return stored
    rules = {"operation": stored["operation"], "rules": stored["rules"]}
    effect = {"kind": "rules", "group": stored["group_id"]} | rules
    place = {key: stored[key] for key in ("account", "region", "why")}
    return place | {"effect": effect}


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be called; what is left alone; what cannot be restored; what has drifted.

    The lists beside ``calls`` are sentences for people. A plan without calls is "nothing to do".
    It is ``complete`` unless some of what the changes did stays, because no call here undoes it.
    """

    calls: tuple[Annotated[Call, BeforeValidator(_from_old)], ...]
    leaves: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    complete: bool = True


def rule_call(
    operation: Operation,
    account: str,
    region: str,
    group: str,
    rules: tuple[GroupRule, ...],
    why: str,
) -> Call:
    """Return a call that takes rules of a group away, or puts them back."""
    return Call(account, region, ChangeRules(operation, group, rules), why)


def made_by(number: int) -> str:
    """Return what stands for the id of what a call will make.

    AWS allows these brackets in no id, name or description, so nobody can write one.
    """
    return f"{YET_TO_BE}made by call {number + 1}⟩"


def resolved(call: Call, made: Sequence[str]) -> Call:
    """Return the call with the ids of what earlier calls made, where they are known."""
    known = {made_by(number): made_id for number, made_id in enumerate(made) if made_id}
    return replace(call, effect=_filled(call.effect, known)) if known and call.needs else call


def unresolved(call: Call) -> bool:
    """Return whether the call needs the id of something that was not made."""
    return any(made_by(number) in str(call.effect) for number in call.needs)


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, tuple):
        return tuple(_filled(each, known) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        told = {f.name: _filled(getattr(value, f.name), known) for f in fields(value) if f.init}
        return replace(value, **told)
    return value
