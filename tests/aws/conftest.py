"""AWS for a test module: moto keeps its state in the process, so one stand-in at a time."""

from collections.abc import Iterator

import pytest

from sandbox.aws.actors import Actor, Credentials
from sandbox.aws.people import build_roles
from sandbox.aws.server import AwsServer

PROD, STAGING, REGION = "123456789012", "210987654321", "eu-west-1"


@pytest.fixture(scope="module")
def server() -> Iterator[AwsServer]:
    with AwsServer() as server:
        yield server


@pytest.fixture(scope="module")
def root(server: AwsServer) -> Actor:
    return Actor(server.url, PROD, REGION, Credentials("root", "root"))


@pytest.fixture(scope="module")
def staging(server: AwsServer) -> Actor:
    return Actor(server.url, STAGING, REGION, Credentials("root", "root"))


@pytest.fixture(scope="module")
def roles(root: Actor, staging: Actor) -> None:
    for account in (root, staging):
        build_roles(account, trusting=PROD)


@pytest.fixture(autouse=True)
def own_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run with the credentials of our own account, whatever the environment says."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "root")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "root")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
