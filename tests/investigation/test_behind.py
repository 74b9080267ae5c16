"""What is behind a group: in one line, in detail, and how much is read for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from bot.alerts.alert import Alert
from bot.alerts.evolve import evolve
from bot.alerts.fact import Question
from bot.aws.errors import AwsError
from bot.aws.network import AclEntry, Balancer, Database, Instance, Interface, Route
from bot.changes.change import Change, Verb
from bot.changes.rules import GroupRule
from bot.investigation.behind import Behind
from bot.investigation.run import Investigator
from tests.builders import NOON, a_change, a_rule, a_sighting, later, raised, seen

DENIED = AwsError("could not read: no permission for ec2:DescribeX", retry=False)
THROTTLED = AwsError("could not read: AWS asks for fewer calls", retry=True)
TIMED_OUT = AwsError("could not read: AWS did not answer (ReadTimeoutError)", retry=True)

OPEN = (
    AclEntry(100, egress=False, allow=True, cidr="0.0.0.0/0"),
    AclEntry(100, egress=True, allow=True, cidr="0.0.0.0/0"),
)
OUT = (Route("0.0.0.0/0", "igw-1"),)
LET_IN = "routed to igw-1, and the network ACL lets it in"
READS = ("interfaces", "instances", "routes", "acls", "blocked", "databases", "balancers")


def an_interface(number: int, *public: str, **fields: object) -> Interface:
    values = {"subnet": "subnet-1", "vpc": "vpc-1", "instance": f"i-{number}"} | fields
    return Interface(f"eni-{number}", public=public, **values)  # type: ignore[arg-type]


WEB = (an_interface(1, "203.0.113.7"), an_interface(2), an_interface(3))
RDS = an_interface(9, instance="", managed=True, description="RDSNetworkInterface")
LB = an_interface(
    8, "203.0.113.8", instance="", managed=True, description="ELB app/front/50dc6c495c0c9188"
)

INTERNAL = replace(LB, id="eni-7", public=(), description="ELB net/queue/50dc6c495c0c9188")


@dataclass
class Account:
    """An account as a test wants it; a read that is named in ``errors`` raises."""

    there: tuple[Interface, ...] = WEB
    state: str = "running"
    acl: tuple[AclEntry, ...] = OPEN
    rules_now: tuple[GroupRule, ...] = ()
    errors: dict[str, AwsError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if what in self.errors:
            raise self.errors[what]

    def interfaces(self, account: str, region: str, groups: Sequence[str]) -> tuple[Interface, ...]:
        self._ask("interfaces")
        return self.there

    def instances(self, account: str, region: str, ids: Sequence[str]) -> tuple[Instance, ...]:
        self._ask("instances")
        return tuple(Instance(i, self.state, f"web-{i.removeprefix('i-')}") for i in ids)

    def routes(
        self, account: str, region: str, vpc: str, subnets: Sequence[str]
    ) -> dict[str, tuple[Route, ...]]:
        self._ask("routes")
        return dict.fromkeys(subnets, OUT)

    def acls(
        self, account: str, region: str, subnets: Sequence[str]
    ) -> dict[str, tuple[AclEntry, ...]]:
        self._ask("acls")
        return dict.fromkeys(subnets, self.acl)

    def blocked(self, account: str, region: str, subnets: Sequence[str]) -> dict[str, bool]:
        self._ask("blocked")
        return dict.fromkeys(subnets, False)

    def databases(self, account: str, region: str) -> tuple[Database, ...]:
        self._ask("databases")
        return Database("orders", ("sg-0a1b",)), Database("other", ("sg-2",))

    def balancers(self, account: str, region: str, names: Sequence[str]) -> tuple[Balancer, ...]:
        self._ask("balancers")
        known = Balancer("front", "internet-facing"), Balancer("queue", "internal")
        return tuple(balancer for balancer in known if balancer.name in names)

    def rules(
        self, account: str, region: str, group: str, now: datetime, since: datetime | None
    ) -> tuple[GroupRule, ...] | None:
        self._ask("rules")
        return self.rules_now


def an_alert(*changes: Change) -> Alert:
    sightings = (seen(a_sighting(change)) for change in changes or (a_change(),))
    return evolve(None, (raised(), *sightings))


def moved(target: str, at: datetime = NOON) -> Change:
    return a_change(at=at, added=(), verb=Verb.MOVE, target=target)


INSIDE = a_change(added=(a_rule(22, "10.0.0.0/8"),))


@pytest.mark.parametrize(
    ("account", "change", "value", "signals"),
    [
        pytest.param(
            Account(),
            a_change(),
            "3 instances, 1 with a public address: web-1 (203.0.113.7), reachable: yes",
            ["reachable_now"],
            id="one of three can be reached",
        ),
        pytest.param(
            Account(there=WEB[:1]),
            a_change(),
            "1 instance, with a public address: web-1 (203.0.113.7), reachable: yes",
            ["reachable_now"],
            id="one alone",
        ),
        pytest.param(
            Account(there=WEB[1:]),
            a_change(),
            "2 instances, none with a public address; not reachable directly",
            [],
            id="no public address",
        ),
        pytest.param(
            Account(state="stopped"),
            a_change(),
            "3 instances, 1 with a public address: web-1 (203.0.113.7), "
            "reachable: no (the instance is stopped)",
            [],
            id="stopped",
        ),
        pytest.param(
            Account(acl=()),
            a_change(),
            "3 instances, 1 with a public address: web-1 (203.0.113.7), "
            "reachable: no (the network ACL keeps 22/tcp out)",
            [],
            id="kept out by the ACL",
        ),
        pytest.param(
            Account(),
            INSIDE,
            "3 instances, 1 with a public address: web-1 (203.0.113.7)",
            [],
            id="nothing was opened to the internet",
        ),
        pytest.param(
            Account(there=(*WEB, LB, RDS)),
            a_change(),
            "3 instances, 1 load balancer, 1 database, "
            "2 with a public address: web-1 (203.0.113.7), front…, reachable: yes",
            ["reachable_now"],
            id="the verdict is never cut off",
        ),
        pytest.param(
            Account(there=(LB,)),
            a_change(),
            "1 load balancer, with a public address: front (internet-facing, 203.0.113.8), "
            "reachable: yes",
            ["reachable_now"],
            id="a load balancer by its name",
        ),
        pytest.param(
            Account(there=(INTERNAL,)),
            a_change(),
            "1 load balancer: queue (internal), no public address; not reachable directly",
            [],
            id="an internal load balancer",
        ),
        pytest.param(
            Account(there=(LB,), errors={"balancers": DENIED}),
            a_change(),
            "1 load balancer, with a public address: front (internet-facing: unknown, "
            "203.0.113.8), reachable: yes",
            ["reachable_now"],
            id="a load balancer of which ELB may not tell",
        ),
        pytest.param(
            Account(there=(RDS,)),
            a_change(),
            "1 database, no public address; not reachable directly",
            [],
            id="a database",
        ),
        pytest.param(
            Account(there=()), a_change(), "nothing uses this group", ["nothing_behind"], id="none"
        ),
        pytest.param(
            Account(rules_now=(a_rule(22),)),
            moved("i-1"),
            "1 instance moved in, with a public address: web-1 (203.0.113.7), reachable: yes; "
            "in all 3 instances",
            ["reachable_now"],
            id="an instance moved into a group that is open",
        ),
        pytest.param(
            Account(rules_now=(a_rule(22),)),
            moved("eni-2"),
            "1 instance moved in, no public address; not reachable directly; in all 3 instances",
            [],
            id="an interface moved in, and another has the public address",
        ),
        pytest.param(
            Account(rules_now=(a_rule(22, "10.0.0.0/8"),)),
            moved("i-1, i-2"),
            "2 instances moved in, 1 with a public address: web-1 (203.0.113.7); "
            "in all 3 instances",
            [],
            id="two instances started in a group that is closed",
        ),
    ],
)
def test_one_line(account: Account, change: Change, value: str, signals: list[str]) -> None:
    answer = Behind(account, account)(an_alert(change), later(1))
    assert answer.facts[0].value == value
    assert [signal.name for signal in answer.signals] == signals
    assert len(value) <= 130


def test_details_say_of_each_why() -> None:
    account = Account(there=(*WEB[:2], RDS, INTERNAL))
    (fact,) = Behind(account, account)(an_alert(), later(1)).facts
    assert fact.more == (
        f"instance web-1 (i-1), running, 203.0.113.7: reachable: yes: {LET_IN}",
        "instance web-2 (i-2), running: reachable: no: no public address",
        "database orders: reachable: no: no public address",
        "load balancer queue, internal: reachable: no: no public address",
        "Looked at is the way straight to each; what a load balancer passes on is not seen.",
    )


@pytest.mark.parametrize(
    ("read", "value"),
    [
        pytest.param("instances", "unknown (not known whether the instance runs)", id="instances"),
        pytest.param("routes", "unknown (the routes are not known)", id="routes"),
        pytest.param("acls", "unknown (the network ACL is not known)", id="ACLs"),
        pytest.param("blocked", "unknown (not known whether VPC Block Public Acce", id="subnets"),
        pytest.param("databases", "reachable: yes", id="databases"),
        pytest.param("balancers", "reachable: yes", id="load balancers"),
    ],
)
def test_what_was_denied_is_not_made_up(read: str, value: str) -> None:
    account = Account(there=(WEB[0], RDS, INTERNAL), errors={read: DENIED})
    (fact,) = Behind(account, account)(an_alert(), later(1)).facts
    assert value in fact.value
    assert str(DENIED) in fact.more


def test_without_interfaces_the_fact_is_unknown() -> None:
    account = Account(errors={"interfaces": DENIED})
    asked = Investigator({Question.BEHIND: Behind(account, account)})
    ((_, answer),) = asked.ask(an_alert(), (Question.BEHIND,), later(1))
    assert not isinstance(answer, AwsError)
    assert (answer.facts[0].value, answer.facts[0].unknown) == ("", str(DENIED))


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("error", [THROTTLED, TIMED_OUT], ids=["throttled", "timed out"])
def test_what_passes_is_asked_again(read: str, error: AwsError) -> None:
    account = Account(there=(*WEB, RDS, INTERNAL), errors={read: error})
    behind = Behind(account, account)
    with pytest.raises(AwsError, match="could not read"):
        behind(an_alert(), later(1))
    account.errors.clear()
    assert "reachable: yes" in behind(an_alert(), later(1)).facts[0].value


def test_more_load_balancers_than_are_asked_about_are_told() -> None:
    many = [replace(INTERNAL, description=f"ELB app/front-{n}/50dc") for n in range(30)]
    account = Account(there=tuple(many))
    (fact,) = Behind(account, account)(an_alert(), later(1)).facts
    assert fact.value.startswith("30 load balancers: front-0 (internet-facing: unknown), ")
    assert "Only the first 20 load balancers were asked about." in fact.more


def test_a_storm_reads_once() -> None:
    account = Account(there=(*WEB, RDS, LB))
    behind = Behind(account, account)
    for number in range(1000):
        behind(an_alert(a_change(f"event-{number}", later(number / 2000))), later(1))
    assert sorted(account.asked) == sorted(READS)


def test_a_denial_is_not_asked_again_at_once() -> None:
    account = Account(errors={"interfaces": DENIED})
    behind = Behind(account, account)
    for _ in range(3):
        with pytest.raises(AwsError):
            behind(an_alert(), later(1))
    assert account.asked == ["interfaces"]


def test_later_it_is_read_anew() -> None:
    account = Account()
    behind = Behind(account, account)
    for minutes in (1, 3):
        behind(an_alert(), later(minutes))
    assert account.asked.count("interfaces") == 2


def test_what_was_moved_in_since_is_seen() -> None:
    account = Account(there=WEB[1:], rules_now=(a_rule(22),))
    behind = Behind(account, account)
    behind(an_alert(), later(0.1))
    account.there = WEB
    (fact,) = behind(an_alert(moved("i-1", at=later(0.2))), later(0.3)).facts
    assert fact.value.startswith("1 instance moved in, with a public address: web-1")


def test_names_cannot_push_the_verdict_away() -> None:
    long = replace(LB, description=f"ELB app/{'x' * 200}/1")
    account = Account(there=(long, *WEB))
    (fact,) = Behind(account, account)(an_alert(), later(1)).facts
    assert fact.value.endswith(", reachable: yes")
    assert len(fact.value) <= 110


def test_of_more_than_is_looked_at_nothing_is_said_that_may_be_untrue() -> None:
    many = tuple(an_interface(number) for number in range(1000))
    (fact,) = Behind(Account(there=many), Account())(an_alert(), later(1)).facts
    assert fact.value == (
        "1000 instances looked at, none with a public address; reachable: unknown (there are more)"
    )
    public = (*WEB, *many[: 1000 - len(WEB)])
    (fact,) = Behind(Account(there=public), Account())(an_alert(), later(1)).facts
    assert fact.value.endswith("reachable: yes")
