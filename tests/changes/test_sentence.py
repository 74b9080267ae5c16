"""What a change did in words: exact, short, and never led astray by what a caller wrote."""

from dataclasses import replace
from typing import Any

import pytest

from bot.changes.change import GroupRef, Verb
from bot.changes.exposure import Organisation, exposure_of
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.changes.sentence import sentence
from tests.builders import a_change, a_principal, a_rule
from tests.changes.exposures import rule

OUT, UNKNOWN = Direction.EGRESS, Direction.UNKNOWN
WORLD = a_rule()
WEB = [a_rule(443, rule_id=f"sgr-{n}", peer=f"10.{n}.0.0/16") for n in range(5)]


def said(**fields: Any) -> str:
    change = a_change(**{"added": ()} | fields)
    return sentence(a_principal(), change, exposure_of(change, organisation=Organisation()))


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        pytest.param([WORLD], "SSH (22/tcp) to the whole internet", id="one to the world"),
        pytest.param([rule("10.0.0.0/8")], "SSH (22/tcp) to 10.0.0.0/8", id="one to a range"),
        pytest.param([rule("10.0.0.0/8", 8000, 8100)], "8000-8100/tcp to 10.0.0.0/8", id="a range"),
        pytest.param(
            [WORLD, rule("::/0")], "SSH (22/tcp) to the whole internet", id="both versions"
        ),
        pytest.param(
            [WORLD, a_rule(443)],
            "SSH (22/tcp) and HTTPS (443/tcp) to the whole internet",
            id="two ports",
        ),
        pytest.param(
            WEB[:2], "HTTPS (443/tcp) to 10.0.0.0/16 and 10.1.0.0/16", id="one port to two ranges"
        ),
        pytest.param(
            WEB,
            "HTTPS (443/tcp) to 10.0.0.0/16, 10.1.0.0/16, 10.2.0.0/16 and 2 more",
            id="one port to many ranges",
        ),
        pytest.param(
            [*WEB, WORLD],
            "SSH (22/tcp) to the whole internet and 5 more rules",
            id="the world comes first",
        ),
        pytest.param(
            [a_rule(n) for n in (22, 80, 443, 3389, 8080)],
            "SSH (22/tcp), HTTP (80/tcp), HTTPS (443/tcp) and 2 more to the whole internet",
            id="many ports",
        ),
        pytest.param(
            [rule("0.0.0.0/1"), rule("128.0.0.0/1")],
            "SSH (22/tcp) to most of the internet",
            id="halves of the internet",
        ),
        pytest.param([a_rule(None, protocol="-1")], "all traffic to the whole internet", id="all"),
        pytest.param(
            [a_rule(None, protocol="-1", direction=OUT)],
            "all outgoing traffic to the whole internet",
            id="all, outgoing",
        ),
        pytest.param(
            [rule("10.0.0.2/32", 53, protocol="udp", direction=OUT)],
            "outgoing DNS (53/udp) to 10.0.0.2/32",
            id="outgoing",
        ),
        pytest.param(
            [replace(WORLD, peer=Peer(PeerKind.GROUP, "sg-2", "210987654321"))],
            "SSH (22/tcp) to 210987654321/sg-2",
            id="a group of another account",
        ),
        pytest.param([a_rule(None, protocol="icmp")], "all/icmp to the whole internet", id="ICMP"),
    ],
)
def test_opened_and_closed(rules: list[GroupRule], words: str) -> None:
    assert said(added=rules) == f"alice opened {words} on sg-0a1b (web-prod)"
    if "most of" not in words:
        closed = said(removed=rules, verb=Verb.REVOKE)
        assert closed == f"alice closed {words} on sg-0a1b (web-prod)"


EDITED = (replace(WORLD, direction=UNKNOWN),)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param(
            {"verb": Verb.REVOKE, "rule_ids": ("sgr-1", "sgr-2")},
            "closed 2 rules (sgr-1 and sgr-2) on sg-0a1b (web-prod)",
            id="closed by id",
        ),
        pytest.param(
            {"verb": Verb.REVOKE},
            "closed rules that the record does not tell on sg-0a1b (web-prod)",
            id="closed, and nothing told",
        ),
        pytest.param(
            {"verb": Verb.MODIFY, "modified": EDITED},
            "changed a rule on sg-0a1b (web-prod): now SSH (22/tcp) with the whole internet",
            id="edited",
        ),
        pytest.param(
            {"verb": Verb.MODIFY, "rule_ids": ("sgr-1", "sgr-2")},
            "changed 2 rules on sg-0a1b (web-prod)",
            id="edited, and nothing told",
        ),
        pytest.param(
            {"verb": Verb.DESCRIBE, "modified": (WORLD,)},
            "changed the description of a rule on sg-0a1b (web-prod)",
            id="described",
        ),
        pytest.param(
            {"verb": Verb.CREATE, "group": GroupRef("sg-1", "web", "vpc-1")},
            "created the group sg-1 (web) in vpc-1",
            id="created",
        ),
        pytest.param(
            {"verb": Verb.CREATE, "action": "CreateDefaultVpc", "target": "vpc-1"},
            "created the default VPC vpc-1, with a default group",
            id="a default VPC",
        ),
        pytest.param({"verb": Verb.DELETE}, "deleted the group sg-0a1b (web-prod)", id="deleted"),
        pytest.param(
            {"verb": Verb.TAG, "action": "CreateTags", "detail": "Name=web"},
            "tagged sg-0a1b (web-prod) with Name=web",
            id="tagged",
        ),
        pytest.param(
            {
                "verb": Verb.TAG,
                "action": "DeleteTags",
                "detail": "Name",
                "group": GroupRef(),
                "target": "sg-1, sg-2",
            },
            "took the tags Name off sg-1, sg-2",
            id="untagged",
        ),
        pytest.param(
            {"verb": Verb.ASSOCIATE, "target": "vpc-2"},
            "associated sg-0a1b (web-prod) with vpc-2",
            id="associated",
        ),
        pytest.param(
            {"verb": Verb.DISASSOCIATE, "target": "vpc-2"},
            "took sg-0a1b (web-prod) out of vpc-2",
            id="disassociated",
        ),
        pytest.param(
            {
                "verb": Verb.MOVE,
                "action": "ModifyInstanceAttribute",
                "target": "i-1",
                "groups_after": ("sg-0a1b",),
            },
            "moved i-1 into sg-0a1b (web-prod)",
            id="moved",
        ),
        pytest.param(
            {
                "verb": Verb.MOVE,
                "target": "eni-1",
                "groups_after": ("sg-1", "sg-2"),
                "group": GroupRef(),
            },
            "moved eni-1 into sg-1 and sg-2",
            id="moved into two groups",
        ),
        pytest.param(
            {"verb": Verb.MOVE, "action": "RunInstances", "target": "i-1, i-2"},
            "started i-1, i-2 in sg-0a1b (web-prod)",
            id="started",
        ),
        pytest.param(
            {"verb": Verb.MOVE, "action": "CreateNetworkInterface", "target": "eni-1"},
            "created eni-1 in sg-0a1b (web-prod)",
            id="an interface",
        ),
        pytest.param(
            {
                "verb": Verb.PREFIX_LIST,
                "target": "pl-1",
                "cidrs_added": ("0.0.0.0/0", "10.0.0.0/8"),
            },
            "added the whole internet and 10.0.0.0/8 to the prefix list pl-1,"
            " and so to every group that names it",
            id="a list grows",
        ),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "target": "pl-1", "cidrs_removed": ("10.0.0.0/8",)},
            "took 10.0.0.0/8 out of the prefix list pl-1",
            id="a list shrinks",
        ),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "target": "pl-1", "action": "DeleteManagedPrefixList"},
            "deleted the prefix list pl-1",
            id="a list is gone",
        ),
        pytest.param(
            {
                "verb": Verb.PREFIX_LIST,
                "target": "pl-1",
                "action": "CreateManagedPrefixList",
                "detail": "web",
            },
            "created the prefix list pl-1 (web)",
            id="a new list",
        ),
        pytest.param(
            {
                "verb": Verb.PREFIX_LIST,
                "target": "pl-1",
                "action": "RestoreManagedPrefixListVersion",
                "detail": "version 3",
            },
            "restored version 3 of the prefix list pl-1",
            id="a list as it was",
        ),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "target": "pl-1", "action": "ModifyManagedPrefixList"},
            "edited the prefix list pl-1",
            id="a list's name",
        ),
        pytest.param(
            {"verb": Verb.OTHER, "action": "StopLogging", "target": "trail", "detail": "a=1"},
            "called StopLogging on trail (a=1)",
            id="another call",
        ),
        pytest.param(
            {"verb": Verb.OTHER, "action": "ConsoleLogin"}, "called ConsoleLogin", id="bare"
        ),
        pytest.param(
            {"verb": Verb.AUTHORIZE, "asked": (WORLD,), "error": "Client.UnauthorizedOperation"},
            "tried to open SSH (22/tcp) to the whole internet on sg-0a1b (web-prod),"
            " in vain (Client.UnauthorizedOperation)",
            id="denied",
        ),
        pytest.param(
            {"verb": Verb.AUTHORIZE, "asked": (WORLD,), "error": "Client.DryRunOperation"},
            "tried, as a dry run, to open SSH (22/tcp) to the whole internet on sg-0a1b (web-prod)",
            id="a dry run",
        ),
    ],
)
def test_every_verb_has_its_words(fields: Any, words: str) -> None:
    assert said(**fields) == f"alice {words}"
