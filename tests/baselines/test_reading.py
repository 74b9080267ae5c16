"""Reading groups of the sandbox's AWS, and the commands that do so."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.alerts.evolve import evolve
from bot.alerts.fact import Question
from bot.alerts.questions import AFTER
from bot.aws import listing, sessions
from bot.aws.errors import AwsError
from bot.aws.listing import GroupLister
from bot.aws.reader import GroupReader
from bot.aws.sessions import Roles, Sessions
from bot.aws.surroundings import NetworkReader
from bot.changes.rules import Direction
from bot.investigation.about_group import Known, about_group
from bot.investigation.run import Answer, Investigator
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.aws.answering import STS_ERROR, answering
from tests.baselines.conftest import PROD, REGION
from tests.builders import NOON, a_change, a_sighting, raised, seen

READ = "arn:aws:iam::{account}:role/sgwatch-read"
CLOSED = "999999999999"


@pytest.fixture
def lister(server: AwsServer, root: Actor) -> GroupLister:
    return GroupLister(Sessions(REGION, Roles(READ), endpoint_url=server.url))


def test_groups_are_read_with_their_rules_in_two_calls(
    lister: GroupLister, groups: list[str]
) -> None:
    found = lister.page(PROD, REGION)
    assert (found.token, found.calls) == ("", 2)
    one = next(listed for listed in found.groups if listed.group.id == groups[0])
    assert (one.group.name, one.tags) == ("app-0", (("owner", "data"),))
    (ssh,) = (rule for rule in one.rules if rule.direction is Direction.INGRESS)
    assert (str(ssh.peer), ssh.description) == ("10.0.0.0/8", "jump host")
    assert ssh.rule_id.startswith("sgr-")
    assert [rule.direction for rule in one.rules if rule != ssh] == [Direction.EGRESS]


class Paging:
    """An EC2 client whose answers come in pages of two: groups 1 to 3, each with two rules."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def describe_security_groups(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(f"groups {asked.get('NextToken', '')}")
        if asked.get("NextToken"):
            return {"SecurityGroups": [{"GroupId": "sg-3"}]}
        return {"SecurityGroups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}], "NextToken": "more"}

    def describe_security_group_rules(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(f"rules {asked.get('NextToken', '')}")
        assert asked["MaxResults"] == listing.RULES
        rules = [
            {
                "GroupId": group,
                "SecurityGroupRuleId": f"sgr-{group}-{n}",
                "IsEgress": False,
                "IpProtocol": "tcp",
                "FromPort": n,
                "ToPort": n,
                "CidrIpv4": "10.0.0.0/8",
            }
            for group in asked["Filters"][0]["Values"]
            for n in range(2)
        ]
        if asked.get("NextToken"):
            return {"SecurityGroupRules": rules[2:]}
        return {"SecurityGroupRules": rules[:2], "NextToken": "rest" if rules[2:] else ""}


def test_many_groups_and_rules_are_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Paging()
    monkeypatch.setattr(Sessions, "reading", lambda *_: client)
    lister = GroupLister(Sessions(REGION))
    first = lister.page(PROD, REGION)
    second = lister.page(PROD, REGION, first.token)
    assert (first.token, first.calls, second.token, second.calls) == ("more", 3, "", 2)
    assert client.asked == ["groups ", "rules ", "rules rest", "groups more", "rules "]
    found = {g.group.id: [rule.from_port for rule in g.rules] for g in first.groups + second.groups}
    assert found == {"sg-1": [0, 1], "sg-2": [0, 1], "sg-3": [0, 1]}


def test_some_groups_are_read_and_those_that_are_gone_are_missing(
    lister: GroupLister, groups: list[str]
) -> None:
    found = lister.some(PROD, REGION, [groups[1], "sg-0123456789abcdef0"])
    assert [listed.group.id for listed in found.groups] == groups[1:2]
    assert lister.some(PROD, REGION, ["sg-0123456789abcdef0"]).groups == ()


def test_a_group_that_another_account_shares_is_left_to_it(groups: list[str]) -> None:
    answer = {"SecurityGroups": [{"GroupId": "sg-1", "OwnerId": CLOSED, "GroupName": "x"}]}
    found = listing._with_rules(None, PROD, answer)  # type: ignore[arg-type] # it is not called
    assert found.groups == ()


def test_regions_are_those_that_are_enabled(lister: GroupLister) -> None:
    assert {"eu-west-1", "us-east-1"} <= set(lister.regions(PROD))


def test_an_account_that_cannot_be_entered_says_so() -> None:
    with answering(AssumeRole=(403, STS_ERROR.format("AccessDenied", "No."))) as sts:
        lister = GroupLister(Sessions(REGION, Roles(READ), endpoint_url=sts.url))
        with pytest.raises(AwsError, match=f"could not enter account {CLOSED}") as refused:
            lister.enter(CLOSED)
    assert not refused.value.retry


def test_an_alert_in_such_an_account_says_so_and_enters_it_once() -> None:
    shut = evolve(None, (raised(), seen(a_sighting(a_change(account=CLOSED)))))
    with answering(AssumeRole=(403, STS_ERROR.format("AccessDenied", "No."))) as sts:
        closed = Sessions(REGION, Roles(READ), endpoint_url=sts.url)
        asked = about_group(GroupReader(closed), NetworkReader(closed), Known({}))
        questions = tuple(each for each in asked if each not in AFTER)
        found = dict(Investigator(asked).ask(shut, questions, NOON))
    assert set(found) == {Question.GROUP, Question.BEHIND, Question.MANAGED}
    for answer in found.values():
        assert isinstance(answer, Answer)
        (fact,) = answer.facts
        assert f"could not enter account {CLOSED}" in fact.unknown
        assert "no permission for AssumeRole" in fact.unknown
    assert len(sts.asked) == 1


def test_threads_that_enter_an_account_at_once_assume_its_role_once(
    server: AwsServer, root: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Sessions(REGION, Roles(READ, session="watch"), endpoint_url=server.url)
    assumed: list[tuple[str, str]] = []
    assume = Sessions._assume

    def counted(self: Sessions, account: str, arn: str, session: str) -> Any:
        assumed.append((arn, session))
        return assume(self, account, arn, session)

    monkeypatch.setattr(Sessions, "_assume", counted)
    with ThreadPoolExecutor(8) as pool:
        clients = list(pool.map(lambda _: found.reading(PROD, REGION), range(16)))
    assert assumed == [(READ.replace("{account}", PROD), "watch")]
    assert found.reading(PROD, REGION) in clients


def test_clients_are_kept_for_so_many_places_and_no_more(
    server: AwsServer, root: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_CLIENTS", 2)
    found = Sessions(REGION, Roles(READ), endpoint_url=server.url)
    first = found.reading(PROD, "eu-west-1")
    assert found.reading(PROD, "eu-west-1") is first
    for region in ("eu-west-2", "eu-west-3"):
        found.reading(PROD, region)
    assert len(found._clients) == 2
    assert found.reading(PROD, "eu-west-1") is not first


@pytest.mark.parametrize(
    ("partition", "region"),
    [
        pytest.param("aws-us-gov", "us-gov-west-1", id="GovCloud"),
        pytest.param("aws-cn", "cn-north-1", id="China"),
    ],
)
def test_other_partitions_are_entered_by_their_own_roles(
    server: AwsServer, root: Actor, partition: str, region: str
) -> None:
    """The stand-in tells the regions of all partitions; AWS those of the caller's."""
    arn = f"arn:{partition}:iam::{{account}}:role/sgwatch-read"
    lister = GroupLister(Sessions(region, Roles(arn), endpoint_url=server.url))
    assert region in lister.regions(PROD)
    assert lister.page(PROD, region).groups
