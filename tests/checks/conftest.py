"""All that sgwatch needs, on loopback: the stand-ins once, and settings that fit them."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from redis import Redis

from bot.checks.check import Check, Status
from bot.checks.run import SUBJECTS, examine
from bot.settings import Settings
from bot.settings_given import settings_as_given
from bot.store.events import Place
from bot.store.link import Link
from bot.store.store import Store, connect, open_store
from sandbox.aws.actors import Actor, Credentials
from sandbox.aws.people import build_roles
from sandbox.aws.routes import Queues, build_queues
from sandbox.aws.server import AwsServer
from sandbox.redis import RedisServer
from sandbox.slack.people import ALERTS
from sandbox.slack.server import SlackServer
from sandbox.stage import ACCOUNTS, POLICY, SCOPES

PATIENT = 60.0
"""Seconds: the machine may be busy with other tests."""


@pytest.fixture(autouse=True)
def _no_settings_from_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what whoever runs the tests has set, such as SGWATCH_SEED."""
    for name in [name for name in os.environ if name.startswith("SGWATCH_")]:
        monkeypatch.delenv(name)


PROD, STAGING, REGION = "123456789012", "210987654321", "eu-west-1"


@dataclass
class Surroundings:
    """What sgwatch finds around it. ``undo`` is called after each test, the last first."""

    redis: RedisServer
    slack: SlackServer
    aws: AwsServer
    root: Actor
    queues: Queues
    undo: list[Callable[[], object]] = field(default_factory=list)

    def settings(self, **given: str) -> dict[str, str]:
        return {
            "redis_url": self.redis.url,
            "queue_url": self.queues.url,
            "dead_letter_queue_url": self.queues.dead_letter_url,
            "slack_bot_token": self.slack.bot_token,
            "slack_app_token": self.slack.app_token,
            "slack_api_url": self.slack.api_url,
            "channel": ALERTS.id,
            "policy": str(POLICY),
            "accounts": str(ACCOUNTS),
            "containment": "on",
            "read_role": "arn:aws:iam::{account}:role/sgwatch-read",
            "contain_role": "arn:aws:iam::{account}:role/sgwatch-contain",
            "aws_endpoint_url": self.aws.url,
            "pagerduty_keys": "default=R0SANDBOX0KEY",
        } | given

    def look(self, subject: str = "", **given: str) -> list[Check]:
        """Look at one subject, or at all."""
        wanted = [one for one in SUBJECTS if subject in ("", one.name)]
        return examine(settings_as_given(**self.settings(**given)), wanted, limit=PATIENT)

    @property
    def store(self) -> Store:
        return open_store(Link(connect(self.redis.url), "{sgwatch}"))

    @property
    def client(self) -> "Redis":
        return Redis.from_url(self.redis.url, decode_responses=True)

    def configure(self, name: str, value: str) -> None:
        """Change Redis's configuration until the end of the test."""
        client = self.client
        before: Any = client.config_get(name)
        self.undo.append(lambda: client.config_set(name, before[name]))
        client.config_set(name, value)

    def queue(self, url: str, **attributes: str) -> None:
        """Change a queue until the end of the test."""
        sqs = self.root.client("sqs")
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        before = {name: value for name, value in found.items() if name in attributes}
        self.undo.append(lambda: sqs.set_queue_attributes(QueueUrl=url, Attributes=before))
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)

    def call_redis(self, *command: str) -> object:
        return self.client.execute_command(*command)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="package")
def built() -> Iterator[Surroundings]:
    with ExitStack() as stack:
        server = stack.enter_context(RedisServer(aof=True))
        slack = stack.enter_context(SlackServer(scopes=SCOPES, limits=False))
        aws = stack.enter_context(AwsServer())
        root = Actor(aws.url, PROD, REGION, Credentials("root", "root"))
        for account in (root, replace(root, account=STAGING)):
            build_roles(account, trusting=PROD)
        yield Surroundings(server, slack, aws, root, build_queues(root, 30, 10))


@pytest.fixture
def around(built: Surroundings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Surroundings]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SGWATCH_{name.upper()}", raising=False)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "root")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "root")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for account in (PROD, STAGING):
        built.store.baselines.done(Place(account, REGION), built.store.attention.now())
    yield built
    while built.undo:
        built.undo.pop()()
    built.call_redis("FLUSHALL")


def named(checks: list[Check], name: str, status: Status) -> str:
    """Return what is said and how it is mended by the checks of a name and status."""
    found = [f"{c.said} → {c.mend}" for c in checks if (c.name, c.status) == (name, status)]
    assert found, "\n".join(map(str, checks))
    return "\n".join(found)
