"""Reading groups and carrying out plans, over real EC2 calls."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest

from bot.aws.errors import AwsError
from bot.aws.executor import Executor
from bot.aws.reader import GroupReader
from bot.aws.sessions import Roles, Sessions
from bot.aws.states.reading import StateReader
from bot.aws.surroundings import NetworkReader
from bot.changes.normalise import change_of
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.cloudtrail.principal import principal_of
from bot.cloudtrail.record import parse_record
from bot.containment.effects.groups import MakeGroup
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.rules import Operation
from bot.containment.identity import matches_call, session_containment
from bot.containment.plan import Call, rule_call
from bot.containment.readback import call_done, made_in, still_fits, verify
from bot.containment.states import GroupState
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.aws.answering import EC2_ERROR, WHO, answering
from tests.aws.conftest import PROD, REGION
from tests.builders import a_rule
from tests.containment.planning import planned

_numbers = count()
READ = "arn:aws:iam::{account}:role/sgwatch-read"
CONTAIN = "arn:aws:iam::{account}:role/sgwatch-contain"
CONTAINMENT = "SGW-7K3QF2AB-c1"


@pytest.fixture(scope="module")
def sessions(server: AwsServer, roles: None) -> Iterator[Sessions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "root")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "root")
        yield Sessions(REGION, Roles(READ, CONTAIN), endpoint_url=server.url)


@pytest.fixture(scope="module")
def vpc(root: Actor) -> str:
    return root.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def new_group(root: Actor, vpc: str) -> Callable[[], str]:
    """Make groups without any rule, not even the default egress."""

    def make() -> str:
        group = root.ec2.create_security_group(
            GroupName=f"group-{next(_numbers)}", Description="A group", VpcId=vpc
        )["GroupId"]
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        root.ec2.revoke_security_group_egress(
            GroupId=group,
            IpPermissions=[everything],  # type: ignore[list-item]
        )
        return group

    return make


@pytest.fixture
def group(new_group: Callable[[], str]) -> str:
    return new_group()


@pytest.fixture
def read(sessions: Sessions, group: str) -> Callable[[], GroupState]:
    return lambda: GroupReader(sessions).read_group(PROD, REGION, group)


def a_call(operation: Operation, group: str, *rules: GroupRule) -> Call:
    return rule_call(operation, PROD, REGION, group, rules, "")


def rule_set(other: str) -> list[GroupRule]:
    """Return a rule of each kind that AWS knows, with what may be said of it."""
    sgw = Peer(PeerKind.GROUP, other)
    return [
        a_rule(22, "0.0.0.0/0", description="by hand", rule_id=""),
        a_rule(443, "2001:db8::/32", rule_id=""),
        a_rule(None, "10.0.0.0/8", protocol="-1", description="all of it", rule_id=""),
        replace(a_rule(8000, rule_id=""), to_port=8100, peer=sgw, description="from the others"),
        replace(a_rule(rule_id=""), protocol="icmp", from_port=8, to_port=None),
        a_rule(53, "10.0.0.2/32", Direction.EGRESS, "udp", rule_id=""),
    ]


def said(rules: tuple[GroupRule, ...] | None) -> set[tuple[GroupRule, str]]:
    return {(rule, rule.description) for rule in rules or ()}


def test_a_group_without_rules_is_not_a_group_that_is_gone(
    root: Actor, group: str, read: Callable[[], GroupState]
) -> None:
    assert read().rules == ()
    root.ec2.delete_security_group(GroupId=group)
    assert read().rules is None


def test_what_is_put_back_is_read_as_it_was_written(
    sessions: Sessions, new_group: Callable[[], str], group: str, read: Callable[[], GroupState]
) -> None:
    wanted = rule_set(new_group())
    for way, operation in (
        (Direction.INGRESS, Operation.AUTHORIZE_INGRESS),
        (Direction.EGRESS, Operation.AUTHORIZE_EGRESS),
    ):
        call = a_call(operation, group, *(rule for rule in wanted if rule.direction is way))
        assert not call_done(call, read())
        Executor(sessions).execute(call, CONTAINMENT)
        assert call_done(call, read())
    state = read()
    assert said(state.rules) == said(tuple(wanted))
    assert all(rule.rule_id.startswith("sgr-") for rule in state.rules or ())


def test_what_is_revoked_goes_by_its_id_and_the_rest_stays(
    sessions: Sessions, new_group: Callable[[], str], group: str, read: Callable[[], GroupState]
) -> None:
    executor, wanted = Executor(sessions), rule_set(new_group())
    executor.execute(a_call(Operation.AUTHORIZE_INGRESS, group, *wanted[:-1]), CONTAINMENT)
    executor.execute(a_call(Operation.AUTHORIZE_EGRESS, group, wanted[-1]), CONTAINMENT)
    before = read().rules or ()
    for rule in before:
        way = rule.direction is Direction.INGRESS
        operation = Operation.REVOKE_INGRESS if way else Operation.REVOKE_EGRESS
        call, kept = a_call(operation, group, rule), read().rules or ()
        executor.execute(call, CONTAINMENT)
        assert call_done(call, read())
        assert said(read().rules) == said(tuple(r for r in kept if r.rule_id != rule.rule_id))


def test_the_request_id_and_the_session_are_those_of_the_record(
    sessions: Sessions, server: AwsServer, group: str
) -> None:
    call = a_call(Operation.AUTHORIZE_INGRESS, group, a_rule(rule_id=""))
    request_id = Executor(sessions).execute(call, CONTAINMENT).request_id
    record = server.trail.records[-1]
    assert record["eventName"] == "AuthorizeSecurityGroupIngress"
    assert record["requestID"] == request_id
    assert record["userIdentity"]["arn"].endswith(f"/sgwatch-contain/{CONTAINMENT}")


@pytest.mark.parametrize(
    ("operation", "code", "says"),
    [
        pytest.param(
            Operation.AUTHORIZE_INGRESS,
            "InvalidPermission.Duplicate",
            "the rule is there already",
            id="put back twice",
        ),
        pytest.param(
            Operation.REVOKE_INGRESS,
            "InvalidSecurityGroupRuleId.NotFound",
            "the rule is not there any more",
            id="taken away twice",
        ),
    ],
)
def test_what_aws_refuses_is_told_as_what_it_is(
    sessions: Sessions,
    group: str,
    read: Callable[[], GroupState],
    operation: Operation,
    code: str,
    says: str,
) -> None:
    executor = Executor(sessions)
    executor.execute(a_call(Operation.AUTHORIZE_INGRESS, group, a_rule(rule_id="")), CONTAINMENT)
    call = a_call(operation, group, *(read().rules or ()))
    if operation is Operation.REVOKE_INGRESS:
        executor.execute(call, CONTAINMENT)
    with pytest.raises(AwsError, match=says) as raised:
        executor.execute(call, CONTAINMENT)
    assert (raised.value.code, raised.value.retry) == (code, False)


def test_a_group_is_found_by_its_name_where_only_one_has_it(
    sessions: Sessions, root: Actor, vpc: str
) -> None:
    reader = GroupReader(sessions)
    names = ("web-*", "web-prod")
    ids = [
        root.ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"]
        for name in names
    ]
    assert [reader.resolve_name(PROD, REGION, name) for name in names] == ids
    assert reader.resolve_name(PROD, REGION, "nobody") == ""
    other = root.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    root.ec2.create_security_group(GroupName="web-prod", Description="d", VpcId=other)
    assert reader.resolve_name(PROD, REGION, "web-prod") == ""
    assert reader.resolve_name(PROD, REGION, "web-prod", vpc) == ids[1]


def test_opened_and_reverted_the_group_is_as_before_and_the_calls_are_known_as_ours(
    sessions: Sessions,
    server: AwsServer,
    root: Actor,
    group: str,
    read: Callable[[], GroupState],
) -> None:
    executor = Executor(sessions)
    web = a_rule(443, "10.0.0.0/8", description="internal web", rule_id="")
    executor.execute(a_call(Operation.AUTHORIZE_INGRESS, group, web), "SGW-7K3QF2AB-c9")
    before = read()
    root.ec2.revoke_security_group_ingress(
        GroupId=group, SecurityGroupRuleIds=[rule.rule_id for rule in before.rules or ()]
    )
    root.ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    changes = [change_of(parse_record(record)) for record in server.trail.records[-2:]]
    plan = planned(changes, {group: read()})
    assert [call.operation for call in plan.calls] == [
        Operation.REVOKE_INGRESS,
        Operation.AUTHORIZE_INGRESS,
    ]
    for call in plan.calls:
        request_id = executor.execute(call, CONTAINMENT).request_id
        record = parse_record(server.trail.records[-1])
        assert record.request_id == request_id
        assert session_containment(principal_of(record), CONTAIN) == CONTAINMENT
        assert matches_call(change_of(record), call)
    assert said(read().rules) == said(before.rules)
    assert verify(plan, {read().look: read()}).ok


RULE = (
    "<item><securityGroupRuleId>{}</securityGroupRuleId><groupId>sg-1</groupId>"
    "<isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>{}</fromPort>"
    "<toPort>{}</toPort><cidrIpv4>10.0.0.0/8</cidrIpv4></item>"
)
PAGE = (
    "<DescribeSecurityGroupRulesResponse><securityGroupRuleSet>{}</securityGroupRuleSet>{}"
    "</DescribeSecurityGroupRulesResponse>"
)
OURS = (200, WHO.format(PROD))


def test_every_page_of_rules_is_read() -> None:
    first = (200, PAGE.format(RULE.format("sgr-1", 1, 1), "<nextToken>more</nextToken>"))
    last = (200, PAGE.format(RULE.format("sgr-2", 2, 2), ""))
    with answering(GetCallerIdentity=OURS, DescribeSecurityGroupRules=[first, last]) as aws:
        reader = GroupReader(Sessions(REGION, endpoint_url=aws.url))
        state = reader.read_group(PROD, REGION, "sg-1")
    assert [rule.rule_id for rule in state.rules or ()] == ["sgr-1", "sgr-2"]
    assert aws.asked[-1]["NextToken"] == "more"


def test_a_group_that_may_not_be_read_is_not_called_gone() -> None:
    denied = (403, EC2_ERROR.format("UnauthorizedOperation", "No."))
    with answering(GetCallerIdentity=OURS, DescribeSecurityGroupRules=denied) as aws:
        reader = GroupReader(Sessions(REGION, endpoint_url=aws.url))
        with pytest.raises(AwsError, match="no permission for DescribeSecurityGroupRules"):
            reader.read_group(PROD, REGION, "sg-1")


def test_a_rule_that_cannot_be_read_is_not_left_out() -> None:
    strange = RULE.format("sgr-1", 1, 1).replace("cidrIpv4", "cidrIpv9")
    page = (200, PAGE.format(strange, ""))
    with answering(GetCallerIdentity=OURS, DescribeSecurityGroupRules=page) as aws:
        reader = GroupReader(Sessions(REGION, endpoint_url=aws.url))
        with pytest.raises(AwsError, match="sgr-1"):
            reader.read_group(PROD, REGION, "sg-1")


def test_a_call_whose_answer_is_lost_is_made_once_and_may_be_tried_again() -> None:
    trouble = (503, EC2_ERROR.format("Unavailable", "Later."))
    with answering(GetCallerIdentity=OURS, RevokeSecurityGroupIngress=trouble) as aws:
        executor = Executor(Sessions(REGION, endpoint_url=aws.url))
        with pytest.raises(AwsError) as raised:
            executor.execute(a_call(Operation.REVOKE_INGRESS, "sg-1", a_rule()), CONTAINMENT)
    assert raised.value.retry
    assert [asked["Action"] for asked in aws.asked[1:]] == ["RevokeSecurityGroupIngress"]


INTERFACES = (
    "<DescribeNetworkInterfacesResponse><networkInterfaceSet>{}</networkInterfaceSet>{}"
    "</DescribeNetworkInterfacesResponse>"
)
INTERFACE = "<item><networkInterfaceId>eni-1</networkInterfaceId></item>"
ON = "<nextToken>more</nextToken>"


def test_a_page_without_interfaces_is_not_taken_for_nothing_there() -> None:
    pages = [(200, INTERFACES.format("", ON)), (200, INTERFACES.format(INTERFACE, ""))]
    with answering(GetCallerIdentity=OURS, DescribeNetworkInterfaces=pages) as aws:
        network = NetworkReader(Sessions(REGION, endpoint_url=aws.url))
        found = network.interfaces(PROD, REGION, ["sg-1"])
    assert [interface.id for interface in found] == ["eni-1"]
    assert aws.asked[-1]["NextToken"] == "more"


def test_interfaces_that_come_in_no_end_of_pages_are_not_known() -> None:
    with answering(
        GetCallerIdentity=OURS, DescribeNetworkInterfaces=(200, INTERFACES.format("", ON))
    ) as aws:
        network = NetworkReader(Sessions(REGION, endpoint_url=aws.url))
        with pytest.raises(AwsError, match="too many pieces"):
            network.interfaces(PROD, REGION, ["sg-1"])
    assert sum(asked["Action"] == "DescribeNetworkInterfaces" for asked in aws.asked) == 4


def test_a_group_is_made_once_and_found_by_its_name(
    sessions: Sessions, server: AwsServer, vpc: str
) -> None:
    effect = MakeGroup(vpc, f"made-{next(_numbers)}", "Made anew", (("Env", "prod"),))
    call, reader = Call(PROD, REGION, effect, ""), StateReader(sessions)
    assert still_fits(call, reader.read(call.look))
    answered = Executor(sessions).execute(call, CONTAINMENT)
    state = reader.read(call.look)
    assert made_in(state) == answered.made
    assert call_done(call, state)
    assert not still_fits(call, state)
    assert matches_call(change_of(parse_record(server.trail.records[-1])), call)
    described = GroupReader(sessions).describe(PROD, REGION, answered.made)
    assert described is not None
    assert described.tags == {"Env": "prod"}


def test_an_interface_is_put_into_groups(
    sessions: Sessions, server: AwsServer, root: Actor, vpc: str, new_group: Callable[[], str]
) -> None:
    subnet = root.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    first, second = new_group(), new_group()
    made = root.ec2.create_network_interface(SubnetId=subnet, Groups=[first])
    interface = made["NetworkInterface"]["NetworkInterfaceId"]
    call = Call(PROD, REGION, PutInGroups(interface, (second,), (first,)), "")
    reader = StateReader(sessions)
    assert still_fits(call, reader.read(call.look))
    Executor(sessions).execute(call, CONTAINMENT)
    assert call_done(call, reader.read(call.look))
    assert matches_call(change_of(parse_record(server.trail.records[-1])), call)
    root.ec2.delete_network_interface(NetworkInterfaceId=interface)
    state = reader.read(call.look)
    assert (call_done(call, state), still_fits(call, state)) == (False, False)
