"""Whether the internet can reach an interface: every part of the way, and the reason."""

from dataclasses import replace

import pytest

from bot.aws.network import AclEntry, Instance, Interface, Route, Surroundings
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.investigation.reachable import Reached, Verdict, reachable, to_internet
from tests.builders import a_rule

V4, V6 = "203.0.113.7", "2a05:d018::7"
IGW = "igw-1"
PUBLIC = Interface("eni-1", "subnet-1", "vpc-1", instance="i-1", public=(V4,))
ON_V6 = replace(PUBLIC, public=(V6,))
RUNNING = Instance("i-1", "running", "web-1")
LOCAL = Route("10.0.0.0/16", "local")
OUT, OUT_V6 = Route("0.0.0.0/0", IGW), Route("::/0", IGW)

ALL_IN = AclEntry(100, egress=False, allow=True, cidr="0.0.0.0/0")
ALL_OUT = AclEntry(100, egress=True, allow=True, cidr="0.0.0.0/0")
ALL_IN_V6 = AclEntry(101, egress=False, allow=True, cidr="::/0")
ALL_OUT_V6 = AclEntry(101, egress=True, allow=True, cidr="::/0")
OPEN = (ALL_IN, ALL_OUT, ALL_IN_V6, ALL_OUT_V6)

SSH, SSH_V6 = a_rule(22), a_rule(22, "::/0")
YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN


def into(number: int, *, allow: bool, cidr: str = "0.0.0.0/0", **fields: object) -> AclEntry:
    values = {"protocol": "tcp", "ports": (0, 65535), "egress": False} | fields
    return AclEntry(number, allow=allow, cidr=cidr, **values)  # type: ignore[arg-type]


def out(number: int, *, allow: bool, cidr: str = "0.0.0.0/0", **fields: object) -> AclEntry:
    return into(number, allow=allow, cidr=cidr, **fields | {"egress": True})


def around(*routes: Route, acl: tuple[AclEntry, ...] | None = OPEN) -> Surroundings:
    return Surroundings((LOCAL, *routes), acl, blocked=False)


def ask(
    rule: GroupRule = SSH,
    there: Surroundings | None = None,
    interface: Interface = PUBLIC,
    instance: Instance | None = RUNNING,
) -> Reached:
    return reachable(interface, instance, there or around(OUT), [rule])


@pytest.mark.parametrize(
    ("found", "verdict", "why"),
    [
        pytest.param(ask(), YES, "routed to igw-1", id="all of the way is open"),
        pytest.param(
            ask(interface=replace(PUBLIC, public=())), NO, "no public address", id="no address"
        ),
        pytest.param(
            ask(interface=replace(PUBLIC, attached=False)), NO, "not attached", id="not attached"
        ),
        pytest.param(
            ask(instance=Instance("i-1", "stopped")), NO, "is stopped", id="a stopped instance"
        ),
        pytest.param(ask(instance=Instance("i-1", "pending")), YES, "", id="one that starts"),
        pytest.param(ask(instance=None), UNKNOWN, "instance runs", id="one that is not known"),
        pytest.param(
            ask(interface=replace(PUBLIC, instance=""), instance=None),
            YES,
            "",
            id="a load balancer, which has no instance of ours",
        ),
        pytest.param(
            ask(there=replace(around(OUT), blocked=True)), NO, "Block Public", id="blocked"
        ),
        pytest.param(
            ask(there=replace(around(OUT), blocked=None)),
            UNKNOWN,
            "Block Public",
            id="not known whether blocked",
        ),
        pytest.param(
            ask(there=Surroundings(None, OPEN, False)), UNKNOWN, "routes", id="routes not known"
        ),
        pytest.param(ask(there=around(OUT, acl=None)), UNKNOWN, "network ACL", id="ACL not known"),
        pytest.param(
            ask(there=Surroundings(None, (), False)),
            NO,
            "network ACL keeps 22/tcp out",
            id="routes not known, and the ACL is closed",
        ),
        pytest.param(
            ask(there=around(acl=None)), NO, "no route", id="ACL not known, and there is no route"
        ),
    ],
)
def test_parts_of_the_way(found: Reached, verdict: Verdict, why: str) -> None:
    assert found.verdict is verdict
    assert why in found.why


@pytest.mark.parametrize(
    ("routes", "verdict", "why"),
    [
        pytest.param([], NO, "no route", id="only local"),
        pytest.param([Route("0.0.0.0/0", "")], NO, "gateway is gone", id="a black hole"),
        pytest.param([Route("0.0.0.0/0", "nat-1")], NO, "NAT", id="a NAT gateway"),
        pytest.param([Route("0.0.0.0/0", "tgw-1")], NO, "transit", id="a transit gateway"),
        pytest.param([Route("0.0.0.0/0", "pcx-1")], NO, "another VPC", id="a peering"),
        pytest.param([Route("0.0.0.0/0", "vgw-1")], NO, "VPN", id="a VPN"),
        pytest.param([Route("0.0.0.0/0", "vpce-1")], UNKNOWN, "vpce-1", id="a firewall's endpoint"),
        pytest.param([Route("0.0.0.0/0", "eni-9")], UNKNOWN, "eni-9", id="an appliance"),
        pytest.param([Route("0.0.0.0/0", "cagw-1")], UNKNOWN, "cagw-1", id="a carrier's gateway"),
        pytest.param([OUT_V6], NO, "no route", id="only IPv6 leads out"),
        pytest.param(
            [OUT, Route("198.51.100.0/24", "tgw-1")],
            YES,
            "some of the addresses",
            id="a longer prefix leads elsewhere",
        ),
        pytest.param(
            [Route("0.0.0.0/0", "tgw-1"), Route("198.51.100.0/24", IGW)],
            YES,
            "some of the addresses",
            id="only a longer prefix leads to the internet",
        ),
        pytest.param(
            [Route("0.0.0.0/1", "nat-1"), Route("128.0.0.0/1", "nat-1"), OUT],
            NO,
            "NAT",
            id="two halves hide the whole",
        ),
        pytest.param(
            [Route("pl-1", IGW)], UNKNOWN, "prefix list", id="a list leads to the internet"
        ),
        pytest.param([OUT, Route("pl-1", "vpce-1")], YES, "", id="a list leads to S3"),
    ],
)
def test_routes(routes: list[Route], verdict: Verdict, why: str) -> None:
    found = ask(there=around(*routes))
    assert found.verdict is verdict
    assert why in found.why


@pytest.mark.parametrize(
    ("acl", "verdict", "why"),
    [
        pytest.param((), NO, "keeps 22/tcp out", id="nothing is allowed"),
        pytest.param((ALL_IN,), NO, "no replies", id="no replies get out"),
        pytest.param(
            (into(1, allow=False, ports=(22, 22)), ALL_IN, ALL_OUT), NO, "22/tcp", id="denied first"
        ),
        pytest.param(
            (ALL_OUT, into(200, allow=False, ports=(22, 22)), ALL_IN),
            YES,
            "",
            id="denied after it was allowed, whatever the order told",
        ),
        pytest.param(
            (into(1, allow=False, protocol="udp"), ALL_IN, ALL_OUT), YES, "", id="another protocol"
        ),
        pytest.param(
            (into(1, allow=False, ports=(23, 65535)), ALL_IN, ALL_OUT), YES, "", id="other ports"
        ),
        pytest.param(
            (into(1, allow=False, cidr="198.51.100.0/24"), ALL_IN, ALL_OUT),
            YES,
            "some of",
            id="some are denied",
        ),
        pytest.param(
            (into(1, allow=True, cidr="10.0.0.0/8"), ALL_OUT), NO, "22/tcp", id="private ones only"
        ),
        pytest.param(
            (ALL_IN, out(1, allow=True, ports=(443, 443))), NO, "no replies", id="only HTTPS out"
        ),
        pytest.param(
            (ALL_IN, out(1, allow=True, ports=(32768, 60999))), YES, "", id="Linux's replies out"
        ),
        pytest.param(
            (into(1, allow=True, cidr="198.51.100.0/24"), out(1, allow=True, cidr="192.0.2.0/24")),
            NO,
            "",
            id="in from some, out to others",
        ),
        pytest.param((ALL_IN_V6, ALL_OUT_V6), NO, "22/tcp", id="only IPv6 is allowed"),
    ],
)
def test_acls(acl: tuple[AclEntry, ...], verdict: Verdict, why: str) -> None:
    found = ask(there=around(OUT, acl=acl))
    assert found.verdict is verdict
    assert why in found.why


@pytest.mark.parametrize(
    ("acl", "ports", "verdict"),
    [
        pytest.param((into(1, allow=True, ports=(80, 80)), ALL_OUT), (80, 90), YES, id="one of"),
        pytest.param((into(1, allow=True, ports=(91, 99)), ALL_OUT), (80, 90), NO, id="beside it"),
        pytest.param(
            (
                into(1, allow=False, ports=(80, 85)),
                into(2, allow=False, ports=(86, 90)),
                ALL_IN,
                ALL_OUT,
            ),
            (80, 90),
            NO,
            id="denied in two parts",
        ),
        pytest.param(
            (into(1, allow=False, ports=(80, 89)), ALL_IN, ALL_OUT), (80, 90), YES, id="one is left"
        ),
    ],
)
def test_port_ranges(acl: tuple[AclEntry, ...], ports: tuple[int, int], verdict: Verdict) -> None:
    rule = replace(SSH, from_port=ports[0], to_port=ports[1])
    assert ask(rule, around(OUT, acl=acl)).verdict is verdict


PING = GroupRule(Direction.INGRESS, "icmp", 8, 0, Peer(PeerKind.IPV4, "0.0.0.0/0"))


@pytest.mark.parametrize(
    ("rule", "acl", "verdict"),
    [
        pytest.param(a_rule(53, protocol="udp"), (ALL_IN,), YES, id="UDP gets in without replies"),
        pytest.param(a_rule(None, protocol="-1"), (ALL_IN,), YES, id="so does all traffic"),
        pytest.param(
            a_rule(None, protocol="-1"),
            (into(1, allow=True),),
            NO,
            id="all traffic, of which only TCP is let in",
        ),
        pytest.param(a_rule(None, protocol="50"), (ALL_IN,), YES, id="another protocol"),
        pytest.param(
            a_rule(None, protocol="50"),
            (into(1, allow=True, protocol="50"),),
            YES,
            id="another protocol by its number",
        ),
        pytest.param(
            PING, (into(1, allow=True, protocol="icmp", ports=(2048, 2303)),), YES, id="a ping"
        ),
        pytest.param(
            PING, (into(1, allow=True, protocol="icmp", ports=(0, 255)),), NO, id="another type"
        ),
        pytest.param(PING, (into(1, allow=True),), NO, id="a ping where only TCP is let in"),
    ],
)
def test_protocols(rule: GroupRule, acl: tuple[AclEntry, ...], verdict: Verdict) -> None:
    assert ask(rule, around(OUT, acl=acl)).verdict is verdict


@pytest.mark.parametrize(
    ("rule", "interface", "routes", "verdict", "why"),
    [
        pytest.param(SSH_V6, ON_V6, [OUT_V6], YES, "", id="IPv6 all the way"),
        pytest.param(SSH_V6, ON_V6, [OUT], NO, "no route", id="only IPv4 leads out"),
        pytest.param(
            SSH_V6, ON_V6, [Route("::/0", "eigw-1")], NO, "egress-only", id="an egress-only gateway"
        ),
        pytest.param(SSH, ON_V6, [OUT], NO, "no public IPv4", id="opened to IPv4, address of IPv6"),
        pytest.param(
            SSH_V6, PUBLIC, [OUT_V6], NO, "no public IPv6", id="opened to IPv6, address of IPv4"
        ),
    ],
)
def test_ip_versions(
    rule: GroupRule, interface: Interface, routes: list[Route], verdict: Verdict, why: str
) -> None:
    found = ask(rule, around(*routes), interface)
    assert found.verdict is verdict
    assert why in found.why


LISTED = replace(SSH, peer=Peer(PeerKind.PREFIX_LIST, "pl-1"))


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        pytest.param([], NO, id="nothing"),
        pytest.param([a_rule(22, "10.0.0.0/8")], NO, id="private addresses"),
        pytest.param([a_rule(22, "sg-2")], NO, id="a group"),
        pytest.param([a_rule(443, direction=Direction.EGRESS)], NO, id="out only"),
        pytest.param([a_rule(22, direction=Direction.UNKNOWN)], YES, id="a direction not told"),
        pytest.param([a_rule(22, "198.51.100.9/32")], YES, id="one address"),
        pytest.param([a_rule(22, "10.0.0.0/7")], YES, id="half of it is private"),
        pytest.param([LISTED], UNKNOWN, id="a prefix list"),
        pytest.param([LISTED, SSH], YES, id="the graver of two"),
    ],
)
def test_what_is_opened(rules: list[GroupRule], verdict: Verdict) -> None:
    assert reachable(PUBLIC, RUNNING, around(OUT), rules).verdict is verdict
    assert bool(to_internet(rules)) is (verdict is not NO)
