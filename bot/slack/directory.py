"""The directory of people: who somebody is and what they may do, asked of Slack at that moment.

It fails closed: where Slack does not answer, nobody is anybody, and nothing is decided.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.alerts.asking import Whom
from bot.alerts.people import Person, Right
from bot.alerts.policy import RightsPolicy
from bot.slack.messages import translated

FRESH = 30.0
"""Seconds for which the members of a user group are remembered: Slack allows 20 such calls a
minute. Somebody taken out of a group may decide for at most so long."""

UNKNOWN = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
GROUP_GONE = frozenset({"no_such_subteam", "subteam_not_found"})

log = logging.getLogger(__name__)


class DirectoryError(Exception):
    """Slack did not say who somebody is. ``code`` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack does not say who people are right now ({code})")
        self.code = code


class _Profile(BaseModel):
    real_name: str = ""
    display_name: str = ""
    email: str = ""


class _Enterprise(BaseModel):
    enterprise_id: str = ""


class _User(BaseModel):
    id: str
    team_id: str = ""
    name: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    profile: _Profile = Field(default_factory=_Profile)
    enterprise_user: _Enterprise = Field(default_factory=_Enterprise)

    @property
    def called(self) -> str:
        """What people call them."""
        return self.profile.real_name or self.profile.display_name or self.name or self.id


class _Workspace(BaseModel):
    team_id: str
    enterprise_id: str | None = None
    url: str = ""


@dataclass(slots=True)
class _Members:
    """The members of one user group, as of a time of the process's own clock."""

    ids: frozenset[str]
    at: float


@dataclass(slots=True)
class Directory:
    """People of one workspace. Raises DirectoryError from whatever asks who somebody is."""

    client: WebClient
    rights: RightsPolicy
    fresh: float = FRESH
    clock: Callable[[], float] = monotonic
    _groups: dict[str, _Members] = field(default_factory=dict)
    _workspace: _Workspace | None = None
    _lock: Lock = field(default_factory=Lock)

    def person(self, slack_id: str) -> Person:
        """Return who this is, with the right that they have now."""
        user = self._user(slack_id)
        if user is None:
            return Person(slack_id, slack_id, Right.NONE, policy=self.rights.version)
        right = self._right(slack_id) if self._is_member(user) else Right.NONE
        return self._known(user, right)

    def by_email(self, email: str) -> Person | None:
        """Return the full member with this e-mail address, if there is one."""
        return self._member(self._asked("users.lookupByEmail", email=email))

    def find(self, whom: Whom) -> Person | None:
        """Return the full member who can be asked; their rights are not looked up."""
        return (
            self._member(self._user(whom.slack_id)) if whom.slack_id else self.by_email(whom.email)
        )

    def who_may(self, right: Right) -> str:
        """Return, as markup, who has at least this right: "Responders may: @sec-oncall"."""
        names = [name for _, listed in self._from(right) for name in listed]
        if not names:
            if right is Right.VIEWER:
                return "Every full member of this workspace may."
            return f"Nobody may yet: the rights policy names no {right}."
        mentions = (f"<!subteam^{n}>" if n.startswith("S") else f"<@{n}>" for n in names)
        return f"{right.value.capitalize()}s may: {', '.join(dict.fromkeys(mentions))}"

    def members(self, group: str) -> frozenset[str]:
        """Return a user group's members. Raises DirectoryError."""
        return self._members(group)

    def link(self, channel: str, ts: str) -> str:
        """Return the address of a message. Raises DirectoryError."""
        url = self._own_workspace().url
        return f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}" if url else ""

    def _member(self, user: _User | None) -> Person | None:
        if user is None or not self._is_member(user):
            return None
        return self._known(user, Right.NONE)

    def _known(self, user: _User, right: Right) -> Person:
        return Person(
            slack_id=user.id,
            name=user.called,
            right=right,
            email=user.profile.email,
            policy=self.rights.version,
            principals=tuple(self.rights.principals.get(user.id, ())),
        )

    def _right(self, slack_id: str) -> Right:
        for right, listed in self._from(Right.VIEWER):
            if slack_id in listed:
                return right
            groups = (name for name in listed if name.startswith("S"))
            if any(slack_id in self._members(group) for group in groups):
                return right
        return Right.NONE if self.rights.viewers else Right.VIEWER

    def _from(self, least: Right) -> Iterator[tuple[Right, Sequence[str]]]:
        """Yield the rights from the highest down to this one, with who is named for each."""
        listed: Mapping[Right, Sequence[str]] = {
            Right.ADMIN: self.rights.admins,
            Right.APPROVER: self.rights.approvers,
            Right.RESPONDER: self.rights.responders,
            Right.VIEWER: self.rights.viewers,
        }
        return ((right, names) for right, names in listed.items() if right >= least)

    def _is_member(self, user: _User) -> bool:
        """Return whether this is a full member of our own workspace, and a human being."""
        if user.deleted or user.is_bot or user.is_restricted or user.is_ultra_restricted:
            return False
        own = self._own_workspace()
        same_company = bool(own.enterprise_id) and (
            user.enterprise_user.enterprise_id == own.enterprise_id
        )
        return not user.is_stranger and (user.team_id == own.team_id or same_company)

    def _user(self, slack_id: str) -> _User | None:
        return self._asked("users.info", user=slack_id)

    def _asked(self, method: str, **arguments: str) -> _User | None:
        try:
            return _User.model_validate(self._call(method, **arguments).get("user"))
        except DirectoryError as error:
            if error.code in UNKNOWN:
                return None
            raise
        except ValidationError as error:
            raise DirectoryError("unreadable_user") from error

    def _own_workspace(self) -> _Workspace:
        if self._workspace is None:
            try:
                self._workspace = _Workspace.model_validate(self._call("auth.test"))
            except ValidationError as error:
                raise DirectoryError("unreadable_workspace") from error
        return self._workspace

    def _members(self, group: str) -> frozenset[str]:
        """Return a group's members; a group that is gone has none."""
        with self._lock:
            known = self._groups.get(group)
        if known is not None and self.clock() - known.at < self.fresh:
            return known.ids
        asked_at = self.clock()
        try:
            users = self._call("usergroups.users.list", usergroup=group).get("users") or ()
        except DirectoryError as error:
            if error.code not in GROUP_GONE:
                raise
            log.warning("user group %s in the rights policy does not exist", group)
            users = ()
        members = _Members(frozenset(map(str, users)), asked_at)
        with self._lock:
            self._groups[group] = members
        return members.ids

    def _call(self, method: str, **arguments: str) -> dict[str, Any]:
        try:
            answer = self.client.api_call(method, params=arguments)
        except SlackApiError as error:
            raise DirectoryError(translated(error).code) from error
        except (SlackClientError, OSError) as error:
            raise DirectoryError(type(error).__name__) from error
        return answer.data if isinstance(answer.data, dict) else {}
