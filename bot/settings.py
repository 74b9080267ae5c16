"""Settings from the environment (``SGWATCH_…``), checked at start.

Each error names the variable and says what to do about it.
"""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode, SettingsConfigDict

from bot.settings_paging import PagingSettings
from bot.store.durability import Durability

CHANNEL_ID = r"^[CG][A-Z0-9]{2,}$"
ADDRESS = r"^(|([\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5})$"
ROLE_ARN = re.compile(r"^arn:aws[a-z-]*:iam::(\d{12}|\{account\}):role/[\w+=,.@/-]+$")

REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}")


MISSING = PydanticCustomError("missing", "is not set")


class SettingsError(Exception):
    """Settings are missing or wrong. The text is a line for each, with what to do."""


class ContainmentMode(StrEnum):
    """Whether sgwatch may change AWS."""

    OFF = "off"
    ASK = "ask"
    ON = "on"


class Settings(PagingSettings):
    """Every setting. The name of a variable is SGWATCH_ and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SGWATCH_", extra="ignore", frozen=True)

    redis_url: SecretStr = Field(
        description="Redis or Valkey, such as redis://localhost:6379/0 (rediss:// for TLS)"
    )
    redis_prefix: str = Field(
        default="{sgwatch}",
        pattern=r"^\{[\w-]+\}[\w:-]*$",
        description="what all keys begin with; a hash tag in braces, one per installation",
    )
    durability: Durability = Field(
        default=Durability.MEMORY,
        description="memory, disk or replica: where what an event did must be before it leaves the "
        "queue",
    )
    queue_url: str = Field(
        pattern=r"^https?://", description="URL of the SQS queue that EventBridge routes to"
    )
    dead_letter_queue_url: str = Field(
        pattern=r"^https?://", description="URL of the SQS queue for what cannot be read"
    )
    slack_bot_token: SecretStr = Field(description="the app's bot token, xoxb-…")
    slack_address: str = Field(
        default="",
        pattern=ADDRESS,
        description="host:port where Slack's requests are taken over HTTP, instead of Socket Mode",
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="the app's token for Socket Mode, xapp-…, with connections:write",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="what Slack signs its requests with: Basic Information, Signing Secret",
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        pattern=r"^https?://.+/$",
        description="Slack's Web API; ends with a slash",
    )
    channel: str = Field(
        pattern=CHANNEL_ID, description="id (C…) of the channel where alerts are shown"
    )
    operators_channel: str = Field(
        default="",
        pattern=rf"^$|{CHANNEL_ID}",
        description="id of the channel told of what keeps failing; that of the alerts if not set",
    )
    policy: Path | None = Field(default=None, description="path of the policy file (TOML)")
    accounts: Path | None = Field(default=None, description="path of the accounts file (TOML)")
    changes: Path | None = Field(
        default=None, description="path of a file (TOML) of announced changes, [[changes]]"
    )
    geoip_city: Path | None = Field(
        default=None,
        description="path of a file of cities or countries in MaxMind's format (.mmdb)",
    )
    geoip_asn: Path | None = Field(
        default=None, description="path of a file of networks (AS) in MaxMind's format (.mmdb)"
    )
    reverse_dns: bool = Field(
        default=False,
        description="on: the name server of an alert's source address is asked for its name",
    )
    detections: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(), description="more rule files or folders, separated by commas"
    )
    containment: ContainmentMode = Field(
        default=ContainmentMode.OFF,
        description="off: the alert shows how to revert; ask: a second person approves every "
        "change of AWS; on: who may, and whether a second person approves, is as the policy says",
    )
    containment_dry_run: bool = Field(
        default=False,
        description="on: all goes as it would, but the calls that change AWS are not made",
    )
    read_role: str = Field(
        default="", description="ARN of the role to read with; {account} stands for the account id"
    )
    contain_role: str = Field(
        default="",
        description="ARN of the role to change AWS with; {account} stands for the account id",
    )
    external_id: SecretStr | None = Field(
        default=None, description="external id that the roles ask for"
    )
    session_name: str = Field(
        default="sgwatch",
        pattern=r"^[\w+=,.@-]{2,64}$",
        description="what sgwatch's sessions are called in CloudTrail, where they only read",
    )
    aws_endpoint_url: str = Field(default="", description="another AWS endpoint, for a stand-in")
    regions: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="regions whose event history is read, separated by commas; if not set, those "
        "that events came from",
    )
    reconcile_minutes: int = Field(
        default=0,
        ge=0,
        le=60,
        description="every so many minutes CloudTrail's event history is searched for what "
        "EventBridge did not deliver; 0: never",
    )
    baseline_hours: int = Field(
        default=6,
        ge=0,
        le=168,
        description="every so many hours all security groups are read, in SGWATCH_REGIONS or else "
        "in all enabled regions, so that what a change replaced is known; 0: never",
    )
    pollers: int = Field(default=2, ge=1, le=64, description="threads that read the event queue")
    workers: int = Field(default=2, ge=1, le=64, description="threads that attend alerts")
    metrics_address: str = Field(
        default="127.0.0.1:9464",
        pattern=ADDRESS,
        description="host:port where /metrics, /healthz and /readyz are served; empty: nowhere",
    )
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    @field_validator("detections", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return detection_paths(value) if isinstance(value, str) else value

    @field_validator("regions", mode="before")
    @classmethod
    def _regions(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = tuple(name.strip() for name in value.split(",") if name.strip())
        if wrong := next((name for name in found if not REGION.fullmatch(name)), ""):
            raise ValueError(f"{wrong} is no region, such as eu-west-1")
        return found

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, token: SecretStr) -> SecretStr:
        return _starting(token, "xoxb-")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, token: SecretStr | None, given: ValidationInfo) -> SecretStr | None:
        if token is None and not given.data.get("slack_address"):
            raise MISSING
        return token and _starting(token, "xapp-")

    @field_validator("slack_signing_secret")
    @classmethod
    def _signed(cls, secret: SecretStr | None, given: ValidationInfo) -> SecretStr | None:
        if given.data.get("slack_address") and not (secret and secret.get_secret_value().strip()):
            raise MISSING  # Anybody can sign with nothing.
        return secret

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return url

    @field_validator("read_role", "contain_role")
    @classmethod
    def _role(cls, arn: str) -> str:
        if arn and not ROLE_ARN.fullmatch(arn):
            raise ValueError(
                "must be a role's ARN, such as arn:aws:iam::{account}:role/sgwatch-read"
            )
        return arn

    @model_validator(mode="after")
    def _reverts_in_its_own_name(self) -> Self:
        if self.changes_aws and not self.contain_role:
            raise ValueError(
                f"SGWATCH_CONTAIN_ROLE is not set: SGWATCH_CONTAINMENT={self.containment} needs "
                "the ARN of a role of its own, by which sgwatch knows its own calls in CloudTrail"
            )
        return self

    @property
    def changes_aws(self) -> bool:
        """Return whether sgwatch may change AWS."""
        return self.containment is not ContainmentMode.OFF and not self.containment_dry_run


def detection_paths(text: str) -> tuple[Path, ...]:
    """Return the paths in SGWATCH_DETECTIONS."""
    return tuple(Path(path.strip()) for path in text.split(",") if path.strip())


def revealed(secret: SecretStr | None) -> str:
    """Return a secret's text, or nothing where it is not set."""
    return secret.get_secret_value() if secret else ""


def _starting(token: SecretStr, start: str) -> SecretStr:
    if not token.get_secret_value().startswith(start):
        raise ValueError(f"must begin with {start}")
    return token


def load_settings(**values: Any) -> Settings:
    """Return the settings. Raises SettingsError with a line for each that is missing or wrong."""
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError("\n".join(mend(problem) for problem in error.errors())) from None


def mend(problem: Any) -> str:
    """Return what is to be done about one of pydantic's errors."""
    if not problem["loc"]:
        return str(problem["msg"]).removeprefix("Value error, ")
    name = str(problem["loc"][0])
    variable, meaning = f"SGWATCH_{name.upper()}", Settings.model_fields[name].description
    if problem["type"] == "missing":
        return f"{variable} is not set. Set it: {meaning}"
    return f"{variable} is wrong: {problem['msg'].removeprefix('Value error, ')} ({meaning})"
