"""The questions about a group, over real calls to things behind groups."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from moto.ec2.models import ec2_backends

from bot.alerts.alert import Alert
from bot.alerts.evolve import evolve
from bot.alerts.fact import Question
from bot.aws.network import Balancer
from bot.aws.reader import GroupReader
from bot.aws.sessions import Roles, Sessions
from bot.aws.surroundings import NetworkReader
from bot.changes.change import GroupRef
from bot.investigation.about_group import Known, about_group
from bot.investigation.run import Answer, Investigator
from sandbox.aws.actors import Actor
from sandbox.aws.network import Network, build_network
from sandbox.aws.server import AwsServer
from tests.aws.conftest import PROD, REGION
from tests.builders import a_change, a_sighting, later, raised, seen

BALANCERS = {"shop": "internet-facing", "queue": "internal"}
READ = "arn:aws:iam::{account}:role/sgwatch-read"
NOBODY = "arn:aws:iam::{account}:role/nobody"
QUESTIONS = (Question.GROUP, Question.BEHIND, Question.MANAGED)
_numbers = count(1)


@pytest.fixture(scope="module")
def network(root: Actor, roles: None) -> Network:
    return build_network(root, "prod", "10.20")


@pytest.fixture(scope="module")
def sessions(server: AwsServer, roles: None) -> Iterator[Sessions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "root")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "root")
        yield Sessions(REGION, Roles(READ), endpoint_url=server.url)


def alert_on(group: str) -> Alert:
    change = a_change(group=GroupRef(group), account=PROD, region=REGION)
    return evolve(None, (raised(), seen(a_sighting(change))))


def asking(sessions: Sessions) -> Investigator:
    known = Known({PROD: "production"})
    return Investigator(about_group(GroupReader(sessions), NetworkReader(sessions), known))


def values(sessions: Sessions, group: str) -> dict[Question, str]:
    found = {}
    for question, answer in asking(sessions).ask(alert_on(group), QUESTIONS, later(1)):
        assert isinstance(answer, Answer), answer
        found[question] = answer.facts[0].value or f"unknown: {answer.facts[0].unknown}"
    return found


def test_instances_one_of_them_public(sessions: Sessions, network: Network) -> None:
    assert values(sessions, network.web) == {
        Question.GROUP: f"web-prod in {network.vpc}; 4 rules, named by 1 group",
        Question.BEHIND: (
            "3 instances, 1 with a public address: web-1 (203.0.113.7), reachable: yes"
        ),
        Question.MANAGED: "Managed by Terraform; changed by hand",
    }


def test_a_database_by_its_name(sessions: Sessions, network: Network) -> None:
    ((_, answer),) = asking(sessions).ask(alert_on(network.db), (Question.BEHIND,), later(1))
    assert isinstance(answer, Answer)
    assert answer.facts[0].value == "1 database, no public address; not reachable directly"
    assert answer.facts[0].more[0].startswith("database orders: ")


def test_a_private_instance(sessions: Sessions, network: Network) -> None:
    told = values(sessions, network.batch)
    assert told[Question.BEHIND] == "1 instance, no public address; not reachable directly"
    assert told[Question.GROUP].endswith("owner data; 2 rules, named by no other group")
    assert told[Question.MANAGED] == "unknown: no tag or name says that a tool manages it"


def test_nothing_behind(sessions: Sessions, root: Actor, network: Network) -> None:
    group = a_group(root, network.vpc)
    assert values(sessions, group)[Question.BEHIND] == "nothing uses this group"


def test_a_group_that_is_gone(sessions: Sessions, network: Network) -> None:
    told = values(sessions, "sg-0123456789abcdef0")
    assert told[Question.GROUP] == "the group is gone"
    assert told[Question.MANAGED] == "unknown: the group is gone"


@pytest.fixture
def closed(root: Actor, network: Network) -> Iterator[None]:
    """Keep SSH out by the network ACL of the public subnet."""
    (acl,) = root.ec2.describe_network_acls(
        Filters=[{"Name": "association.subnet-id", "Values": [network.public_subnet]}]
    )["NetworkAcls"]
    entry: dict[str, Any] = {"NetworkAclId": acl["NetworkAclId"], "RuleNumber": 10, "Egress": False}
    root.ec2.create_network_acl_entry(
        **entry,
        Protocol="6",
        PortRange={"From": 22, "To": 22},
        RuleAction="deny",
        CidrBlock="0.0.0.0/0",
    )
    yield
    root.ec2.delete_network_acl_entry(**entry)


@pytest.mark.usefixtures("closed")
def test_the_network_acl_keeps_it_out(sessions: Sessions, network: Network) -> None:
    told = values(sessions, network.web)[Question.BEHIND]
    assert told.endswith("reachable: no (the network ACL keeps 22/tcp out)")


@pytest.fixture
def stopped(root: Actor, network: Network) -> Iterator[None]:
    root.ec2.stop_instances(InstanceIds=[network.web_instances[0]])
    yield
    root.ec2.start_instances(InstanceIds=[network.web_instances[0]])


@pytest.mark.usefixtures("stopped")
def test_a_stopped_instance(sessions: Sessions, network: Network) -> None:
    told = values(sessions, network.web)[Question.BEHIND]
    assert told.endswith("reachable: no (the instance is stopped)")


def test_the_main_route_table_counts_where_a_subnet_has_none(
    sessions: Sessions, network: Network
) -> None:
    found = NetworkReader(sessions).routes(
        PROD, REGION, network.vpc, [network.private_subnet, network.public_subnet]
    )
    targets = {subnet: {r.target[:4] for r in routes} for subnet, routes in found.items()}
    assert targets == {network.private_subnet: {"loca"}, network.public_subnet: {"loca", "igw-"}}


def test_groups_of_a_peered_vpc_name_it(sessions: Sessions, root: Actor, network: Network) -> None:
    other = root.ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    peering = root.ec2.create_vpc_peering_connection(VpcId=network.vpc, PeerVpcId=other)
    peering_id = peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    group, naming = a_group(root, network.vpc), a_group(root, other)
    root.ec2.authorize_security_group_ingress(
        GroupId=naming,
        IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}],
    )
    reader = GroupReader(sessions)
    assert reader.referring_networks(PROD, REGION, group) == ()
    root.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering_id)
    assert reader.referring_networks(PROD, REGION, group) == (other,)


@pytest.fixture(scope="module")
def balanced(root: Actor, network: Network) -> str:
    """Return a group in which an internal load balancer is, and a public one."""
    group = a_group(root, network.vpc)
    subnets = [network.public_subnet, network.private_subnet]
    elb = root.client("elbv2")
    for name, scheme in BALANCERS.items():
        elb.create_load_balancer(
            Name=name, Scheme=scheme, Subnets=subnets, SecurityGroups=[group], Type="application"
        )
        found = root.ec2.create_network_interface(
            SubnetId=network.private_subnet, Groups=[group], Description=f"ELB app/{name}/50dc6c"
        )["NetworkInterface"]
        # moto makes no interfaces of load balancers, and no others that are AWS's.
        kept = ec2_backends[PROD][REGION].get_network_interface(found["NetworkInterfaceId"])
        kept.interface_type = "network_load_balancer"
    return group


def test_load_balancers_and_whether_they_face_the_internet(
    sessions: Sessions, balanced: str
) -> None:
    told = values(sessions, balanced)[Question.BEHIND]
    assert told.startswith("2 load balancers: queue (internal), shop (internet-facing), ")


def test_of_a_load_balancer_that_is_gone_nothing_is_told(sessions: Sessions, balanced: str) -> None:
    reader = NetworkReader(sessions)
    assert reader.balancers(PROD, REGION, ["gone"]) == ()
    assert reader.balancers(PROD, REGION, ["shop"]) == (Balancer("shop", "internet-facing"),)


def test_calls_are_few_and_kept(sessions: Sessions, network: Network, balanced: str) -> None:
    made: list[str] = []

    def note(request: Any, **_: Any) -> None:
        made.append(request.headers.get("X-Amz-Date", ""))

    clients = (
        sessions.reading(PROD, REGION),
        sessions.databases(PROD, REGION),
        sessions.service("elbv2", PROD, REGION),
    )
    for client in clients:
        client.meta.events.register("before-send", note)
    investigator = asking(sessions)
    for group, calls in ((network.web, 10), (network.db, 7), (balanced, 7)):
        made.clear()
        for _ in range(3):
            for _, answer in investigator.ask(alert_on(group), QUESTIONS, later(1)):
                assert isinstance(answer, Answer)
        assert len(made) == calls
    for client in clients:
        client.meta.events.unregister("before-send", note)


def test_each_denial_names_the_permission(server: AwsServer, root: Actor, network: Network) -> None:
    root.iam.create_role(RoleName="nobody", AssumeRolePolicyDocument="{}")
    sessions = Sessions(REGION, Roles(NOBODY), endpoint_url=server.url)
    server.enforce_policies()
    try:
        told = values(sessions, network.web)
    finally:
        server.enforce_policies(on=False)
    assert "no permission for ec2:DescribeSecurityGroups" in told[Question.GROUP]
    assert "no permission for ec2:DescribeNetworkInterfaces" in told[Question.BEHIND]
    assert "no permission for ec2:DescribeSecurityGroups" in told[Question.MANAGED]


def a_group(root: Actor, vpc: str) -> str:
    return root.ec2.create_security_group(
        GroupName=f"made-{next(_numbers)}", Description="A group", VpcId=vpc
    )["GroupId"]
