"""What the group is: its line, its details, its tags in any spelling, and each error of AWS."""

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest

from bot.accounts import Account as NamedAccount
from bot.alerts.fact import Question
from bot.aws.errors import AwsError
from bot.aws.network import Described
from bot.changes.change import Change
from bot.changes.rules import Direction, GroupRule
from bot.containment.states import GroupState
from bot.investigation.group import Group, rule_lines
from bot.investigation.group_tags import Labels, is_production, labels_of
from bot.investigation.groups import Groups
from bot.investigation.run import Answer, Investigator
from tests.builders import a_change, a_rule, an_alert, later

PROD = NamedAccount("123456789012", "prod", "production")
DENIED = AwsError("could not read: no permission for ec2:DescribeX", retry=False)
THROTTLED = AwsError("could not read: AWS asks for fewer calls", retry=True)
TIMED_OUT = AwsError("could not read: AWS did not answer (ReadTimeoutError)", retry=True)

WEB = Described(
    "sg-0a1b", "web-prod", "vpc-1", "Web servers", {"Env": "prod", "acme:team": "payments"}
)
OUT = a_rule(None, direction=Direction.EGRESS, protocol="-1")
SSH = a_rule(22, description="for\nthe weekend")


@dataclass
class Reader:
    """One group as a test wants it; a read that is named in ``errors`` raises."""

    group: Described | None = WEB
    rules: tuple[GroupRule, ...] | None = (OUT, SSH)
    named_by: tuple[Described, ...] = ()
    networks: tuple[str, ...] = ()
    errors: dict[str, AwsError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if what in self.errors:
            raise self.errors[what]

    def describe(self, account: str, region: str, group_id: str) -> Described | None:
        self._ask("group")
        return self.group

    def read_group(self, account: str, region: str, group_id: str) -> GroupState:
        self._ask("rules")
        return GroupState(account, region, group_id, self.rules)

    def referring(self, account: str, region: str, peer: str) -> tuple[Described, ...]:
        self._ask("referring")
        return self.named_by

    def referring_networks(self, account: str, region: str, group_id: str) -> tuple[str, ...]:
        self._ask("networks")
        return self.networks


def ask(reader: Reader, environment: str = "") -> Answer:
    asker = Group(Groups(reader), {PROD.id: environment})
    ((_, answer),) = Investigator({Question.GROUP: asker}).ask(
        an_alert(), (Question.GROUP,), later(1)
    )
    assert isinstance(answer, Answer)
    return answer


DB = Described("sg-2", "db-prod")


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        pytest.param(
            Reader(),
            "web-prod in vpc-1, prod, owner payments; 2 rules, named by no other group",
            id="tagged",
        ),
        pytest.param(
            Reader(Described("sg-1", "default", "vpc-1"), (OUT,), (DB,)),
            "default in vpc-1; 1 rule, named by 1 group",
            id="untagged, and named by another",
        ),
        pytest.param(
            Reader(Described("sg-1", "x", "vpc-1"), (), (DB, DB), ("vpc-9",)),
            "x in vpc-1; 0 rules, named by 2 groups and groups of 1 other VPC",
            id="named from a peered VPC too",
        ),
        pytest.param(Reader(group=None), "the group is gone", id="gone"),
        pytest.param(Reader(rules=None), "the group is gone", id="gone between two reads"),
    ],
)
def test_one_line(reader: Reader, value: str) -> None:
    assert ask(reader).facts[0].value == value


def test_details() -> None:
    (fact,) = ask(Reader(named_by=(DB,), networks=("vpc-9",))).facts
    assert fact.more == (
        "Description: Web servers",
        "Tags: Env=prod, acme:team=payments",
        "Rules now:",
        "in tcp 22 ← 0.0.0.0/0 “for the weekend”",
        "out all → 0.0.0.0/0",
        "Named by the rules of sg-2 (db-prod)",
        "Named by groups in vpc-9",
    )


def test_beside_what_was_before() -> None:
    gone = a_rule(443)
    assert list(rule_lines((OUT, SSH), frozenset({OUT, gone}))) == [
        "+ in tcp 22 ← 0.0.0.0/0 “for the weekend”",
        "  out all → 0.0.0.0/0",
        "- in tcp 443 ← 0.0.0.0/0",
    ]


def test_what_knows_the_rules_before_is_asked() -> None:
    def before(change: Change) -> Collection[GroupRule]:
        assert change.group == a_change().group
        return (OUT,)

    answer = Group(Groups(Reader()), before=before)(an_alert(), later(1))
    assert "Rules now, + new and - gone since before:" in answer.facts[0].more


def test_rules_without_ports_and_with_them_are_put_in_order() -> None:
    pings = (a_rule(8, protocol="icmp"), a_rule(None, protocol="icmp"))
    assert len(list(rule_lines(pings, None))) == 2


@pytest.mark.parametrize("read", ["group", "rules"])
def test_a_denied_group_is_unknown_and_its_account_still_counts(read: str) -> None:
    answer = ask(Reader(errors={read: DENIED}), "production")
    assert (answer.facts[0].value, answer.facts[0].unknown) == ("", str(DENIED))
    assert [signal.text for signal in answer.signals] == ["in a production account"]


@pytest.mark.parametrize("read", ["referring", "networks"])
def test_who_names_it_may_be_denied(read: str) -> None:
    (fact,) = ask(Reader(errors={read: DENIED})).facts
    assert fact.value.startswith("web-prod in vpc-1, prod, owner payments; 2 rules")
    assert str(DENIED) in fact.more
    assert ("named by" in fact.value) is False


@pytest.mark.parametrize("read", ["group", "rules", "referring", "networks"])
@pytest.mark.parametrize(
    "error",
    [pytest.param(THROTTLED, id="throttled"), pytest.param(TIMED_OUT, id="timed out")],
)
def test_what_passes_is_asked_again(read: str, error: AwsError) -> None:
    with pytest.raises(AwsError):
        Group(Groups(Reader(errors={read: error})))(an_alert(), later(1))


def test_a_storm_reads_once() -> None:
    reader = Reader()
    group = Group(Groups(reader))
    for _ in range(1000):
        group(an_alert(), later(0.5))
    assert sorted(reader.asked) == ["group", "networks", "referring", "rules"]


def test_rules_are_read_after_the_change() -> None:
    reader = Reader()
    groups = Groups(reader)
    for since, now in ((0, 0.2), (0.1, 0.3), (0.25, 0.4)):
        groups.rules("1", "r", "sg-1", later(now), later(since))
    assert reader.asked == ["rules", "rules"]


@pytest.mark.parametrize(
    ("tags", "labels"),
    [
        pytest.param({}, Labels(), id="none"),
        pytest.param({"Environment": "prod"}, Labels("prod"), id="capital"),
        pytest.param({"acme:env": "dev", "x": "y"}, Labels("dev"), id="with a prefix"),
        pytest.param(
            {"team_name": "data", "app-name": "etl"}, Labels("", "data", "etl"), id="joined"
        ),
        pytest.param({"env": "dev", "Environment": "prod"}, Labels("prod"), id="the longer first"),
        pytest.param({"aws:ecs:service": "x"}, Labels(), id="AWS's own"),
        pytest.param({"Owner": "  "}, Labels(), id="blank"),
        pytest.param({"Owner": "a\x1b[31mb\u202e"}, Labels("", "a[31mb"), id="not printable"),
    ],
)
def test_tags(tags: dict[str, str], labels: Labels) -> None:
    assert labels_of(tags) == labels


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ("prod", True),
        ("Production", True),
        ("prod-eu-west-1", True),
        ("PRD2", True),
        ("live", True),
        ("preprod", False),
        ("non-prod", False),
        ("product-tests", False),
        ("", False),
    ],
)
def test_production(environment: str, expected: bool) -> None:
    assert is_production(environment) is expected


@pytest.mark.parametrize(
    ("tags", "environment", "texts"),
    [
        pytest.param({"env": "prod"}, "", ["in production, says its tag (prod)"], id="its tag"),
        pytest.param({}, "production", ["in a production account"], id="its account"),
        pytest.param({"env": "dev"}, "production", ["in a production account"], id="either"),
        pytest.param({"env": "dev"}, "staging", [], id="neither"),
    ],
)
def test_production_is_a_signal(tags: dict[str, str], environment: str, texts: list[str]) -> None:
    reader = Reader(Described("sg-1", "web", "vpc-1", "", tags))
    assert [signal.text for signal in ask(reader, environment).signals] == texts
