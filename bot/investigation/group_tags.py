"""A group's tags: owner, environment and service, in the spellings that are common."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.cloudtrail.text import printable

VALUE = 60

KEYS = {
    "environment": ("environment", "env", "stage", "environmentname", "envname"),
    "owner": ("owner", "team", "ownerteam", "teamname", "squad", "contact", "owneremail"),
    "service": ("service", "servicename", "application", "app", "appname", "project", "system"),
}
PRODUCTION = re.compile(r"(prod|production|prd|live)([\W_\d].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Labels:
    """What the tags say; empty where they do not."""

    environment: str = ""
    owner: str = ""
    service: str = ""


def labels_of(tags: Mapping[str, str]) -> Labels:
    """Return what tags say, by the last part of their keys: "acme:Env", "team-name"."""
    named: dict[str, str] = {}
    for key in sorted(tags):
        # AWS's own tags name its own things: aws:ecs:serviceName is no service of the user's.
        if not key.lower().startswith("aws:") and tags[key].strip():
            named.setdefault(_plain(key), printable(tags[key], VALUE))
    found = {
        what: next((named[key] for key in keys if key in named), "") for what, keys in KEYS.items()
    }
    return Labels(**found)


def is_production(environment: str) -> bool:
    """Return whether an environment's name says production: "prod", "Production-EU", "live"."""
    return PRODUCTION.fullmatch(environment.strip()) is not None


def _plain(key: str) -> str:
    last = re.split(r"[:/.]", key)[-1]
    return re.sub(r"[\W_]", "", last).lower()
