"""The policy file (TOML, in the user's Git): who may decide, who is who, and grouping.

Each error names the place in the file and says what to do about it.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.alerts.policy import AlertPolicy, RightsPolicy

PersonId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,}$")]
PersonOrGroup = Annotated[str, Field(pattern=r"^[UWS][A-Z0-9]{2,}$")]


class PolicyError(Exception):
    """The policy file cannot be used. The text is a line for each fault, with its place."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RightsTable(_Table):
    """``[rights]``: Slack user ids (U…) and user group ids (S…) by right."""

    viewers: tuple[PersonOrGroup, ...] = ()
    responders: tuple[PersonOrGroup, ...] = ()
    approvers: tuple[PersonOrGroup, ...] = ()
    admins: tuple[PersonOrGroup, ...] = ()


class GroupingTable(_Table):
    """``[grouping]``: how near changes must be to make one alert, and how long it may grow."""

    idle_minutes: float = Field(default=5, gt=0, le=60)
    longest_minutes: float = Field(default=30, gt=0, le=24 * 60)


class PolicyFile(_Table):
    """The whole file. ``[people]`` maps Slack user ids to the AWS principals that they are."""

    rights: RightsTable = RightsTable()
    people: dict[PersonId, tuple[str, ...]] = Field(default_factory=dict)
    grouping: GroupingTable = GroupingTable()


@dataclass(frozen=True, slots=True)
class Policy:
    """What the file says, as the rooms take it."""

    alerts: AlertPolicy
    rights: RightsPolicy


def load_policy(path: Path | None, channel: str) -> Policy:
    """Return the policy in a file, or the default one. Raises PolicyError."""
    content = b""
    if path is not None:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise PolicyError(
                f"{path} cannot be read ({error.strerror}): check SGWATCH_POLICY"
            ) from None
    return read_policy(content, str(path or "the policy"), channel)


def read_policy(content: bytes, name: str, channel: str) -> Policy:
    """Return the policy in the bytes of a TOML file. Raises PolicyError."""
    try:
        file = PolicyFile.model_validate(tomllib.loads(content.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{name} is not TOML: {error}") from None
    except ValidationError as error:
        raise PolicyError("\n".join(_mend(name, problem) for problem in error.errors())) from None
    alerts = AlertPolicy(
        channel=channel,
        idle=timedelta(minutes=file.grouping.idle_minutes),
        longest=timedelta(minutes=file.grouping.longest_minutes),
    )
    rights = RightsPolicy(
        viewers=file.rights.viewers,
        responders=file.rights.responders,
        approvers=file.rights.approvers,
        admins=file.rights.admins,
        principals=file.people,
        version=hashlib.sha256(content).hexdigest()[:12],
    )
    return Policy(alerts, rights)


def _mend(name: str, problem: object) -> str:
    place = ".".join(str(part) for part in problem["loc"] if part != "[key]")  # type: ignore[index]
    kind, message = problem["type"], problem["msg"]  # type: ignore[index]
    if kind == "extra_forbidden":
        message = "there is no such setting; check the spelling"
    elif kind == "string_pattern_mismatch":
        message = "must be a Slack id: a person's (U…) or a user group's (S…)"
    return f"{name}, {place}: {message}"
