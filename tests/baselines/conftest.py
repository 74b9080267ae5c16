"""A Redis whose time is ours, and an AWS that is one: lists of groups, page by page."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest

from bot.aws.errors import AwsError
from bot.aws.listing import Listed, Listing
from bot.baselines import Baselines, Surveyor
from bot.changes.change import GroupRef
from bot.store.baselines import GroupAt
from bot.store.link import Link
from bot.store.store import Store, connect, open_store
from sandbox.aws.actors import Actor, Credentials
from sandbox.aws.people import build_roles
from sandbox.aws.server import AwsServer
from tests.builders import a_rule
from tests.simulation.edges import CLOCK, Clock

PROD, STAGING, REGION = "123456789012", "210987654321", "eu-west-1"
_numbers = count()


@dataclass
class FakeAws:
    """Accounts of so many regions, pages and groups each; ``failing`` fails by account, place."""

    regions_each: int = 1
    pages: int = 1
    calls: Counter[str] = field(default_factory=Counter)
    failing: dict[str, list[AwsError]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    slow: Callable[[], object] = lambda: None

    def enter(self, account: str) -> None:
        self._call("enter", account)

    def regions(self, account: str) -> list[str]:
        self._call("regions", f"{account}/*")
        return [f"eu-west-{n}" for n in range(1, self.regions_each + 1)]

    def page(self, account: str, region: str, token: str = "") -> Listing:
        self._call("page", f"{account}/{region}")
        number = int(token or 0)
        self.asked.append(f"{account}/{region} {number}")
        more = str(number + 1) if number + 1 < self.pages else ""
        return Listing((a_listed(f"sg-{number:04}"),), more, 2)

    def some(self, account: str, region: str, ids: Collection[str]) -> Listing:
        self._call("some", f"{account}/{region}")
        return Listing(tuple(a_listed(one) for one in ids), "", 2)

    def _call(self, what: str, where: str) -> None:
        self.calls[what] += 1
        self.slow()
        if errors := self.failing.get(where):
            raise errors.pop(0)


def a_listed(group: str) -> Listed:
    return Listed(GroupRef(group, "web-prod", "vpc-1"), (a_rule(),), (("owner", "data"),))


@dataclass
class Learning:
    """The chore, on a clock of ours."""

    store: Store
    clock: Clock
    aws: FakeAws
    accounts: list[str] = field(default_factory=lambda: [PROD])
    regions: tuple[str, ...] = ()
    every: timedelta = timedelta(hours=6)
    renewed: int = 0

    @property
    def chore(self) -> Baselines:
        surveyor = Surveyor(self.store, self.aws, self.regions)
        return Baselines(self.store, surveyor, lambda: self.accounts, self.every)

    def renew(self) -> None:
        self.renewed += 1

    def attend(self) -> timedelta | None:
        return self.chore.attend(self.renew)

    def go_on(self, span: timedelta = timedelta(minutes=10)) -> None:
        """Attend whenever it is due, for so long."""
        until = self.clock.now + span
        while self.clock.now < until:
            wait = self.attend()
            assert wait is not None
            self.clock.advance(max(wait, span / 100))

    def latest(self, group: str = "sg-0000", region: str = REGION, account: str = PROD) -> bool:
        return self.store.baselines.latest(GroupAt(account, region, group)) is not None


@pytest.fixture
def learning(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Learning:
    client, prefix = connect(redis_url), f"{{baselines-{next(_numbers)}}}"
    clock = Clock(client, prefix)
    clock.advance(timedelta(0))
    store = open_store(Link(client, prefix, clock=CLOCK % prefix))
    # The budgets' periods end by Redis's clock, which is not ours.
    monkeypatch.setattr("bot.baselines.CALLS", 10**6)
    return Learning(store, clock, FakeAws())


@pytest.fixture(scope="package")
def server() -> Iterator[AwsServer]:
    with AwsServer() as server, pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_ACCESS_KEY_ID", "root")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "root")
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield server


@pytest.fixture(scope="package")
def root(server: AwsServer) -> Actor:
    root = Actor(server.url, PROD, REGION, Credentials("root", "root"))
    build_roles(root, trusting=PROD)
    return root


@pytest.fixture(scope="package")
def groups(root: Actor) -> list[str]:
    """Return five groups; the first is open to SSH from inside."""
    made = [
        root.ec2.create_security_group(GroupName=f"app-{n}", Description="an app")["GroupId"]
        for n in range(5)
    ]
    ssh = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "jump host"}],
    }
    root.ec2.authorize_security_group_ingress(GroupId=made[0], IpPermissions=[ssh])  # type: ignore[list-item]
    root.ec2.create_tags(Resources=made[:1], Tags=[{"Key": "owner", "Value": "data"}])
    return made
