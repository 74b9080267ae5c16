"""Reverting: exactly what the changes did is undone, and nothing else is touched."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.changes.change import Change, GroupRef, Verb
from bot.changes.rules import Direction, GroupRule
from bot.containment.effects.rules import Operation
from bot.containment.plan import Call, Plan, rule_call
from bot.containment.reversal.rules import WHY_CLOSED, WHY_RESTORED
from bot.containment.revert import NEW_IDS
from bot.containment.states import GroupState, Kind, Look, Uses
from tests.builders import NOON, a_change, a_rule, rules_of
from tests.containment.planning import planned

SSH = a_rule(rule_id="sgr-1")
HTTPS = a_rule(443, "10.0.0.0/8", rule_id="sgr-2", description="internal web")
DNS_OUT = a_rule(53, "10.0.0.2/32", Direction.EGRESS, "udp", "sgr-3")


def states(*rules: GroupRule, group_id: str = "sg-0a1b") -> Mapping[str, GroupState]:
    return {group_id: GroupState("123456789012", "eu-west-1", group_id, rules)}


GONE = {"sg-0a1b": GroupState("123456789012", "eu-west-1", "sg-0a1b", None)}


def a_call(operation: Operation, *rules: GroupRule, group_id: str = "sg-0a1b") -> Call:
    closing = operation in {Operation.REVOKE_INGRESS, Operation.REVOKE_EGRESS}
    why = WHY_CLOSED if closing else WHY_RESTORED
    return rule_call(operation, "123456789012", "eu-west-1", group_id, rules, why)


def ids_and_texts(plan: Plan) -> list[tuple[str, str]]:
    return [(rule.rule_id, rule.description) for call in plan.calls for rule in rules_of(call)]


def test_added_rules_are_revoked_by_their_ids_and_the_others_stay() -> None:
    plan = planned([a_change(added=[SSH, DNS_OUT])], states(HTTPS, DNS_OUT, SSH))
    assert plan.calls == (
        a_call(Operation.REVOKE_INGRESS, SSH),
        a_call(Operation.REVOKE_EGRESS, DNS_OUT),
    )
    assert ids_and_texts(plan) == [("sgr-1", ""), ("sgr-3", "")]
    assert plan.leaves == ("sg-0a1b: as they are: in tcp 443 ← 10.0.0.0/8 (sgr-2).",)
    assert (plan.cannot, plan.drift) == ((), ())


def test_removed_rules_are_put_back_with_their_descriptions() -> None:
    plan = planned([a_change(added=(), removed=[HTTPS, DNS_OUT])], states(SSH))
    assert plan.calls == (
        a_call(Operation.AUTHORIZE_INGRESS, HTTPS),
        a_call(Operation.AUTHORIZE_EGRESS, DNS_OUT),
    )
    assert ids_and_texts(plan) == [("", "internal web"), ("", "")]
    assert plan.cannot == (NEW_IDS,)
    assert plan.complete


def test_all_closing_comes_before_all_restoring() -> None:
    first = a_change(added=(), removed=[HTTPS])
    second = a_change("event-2", added=[SSH], group=GroupRef("sg-2"))
    plan = planned([first, second], {**states(), **states(SSH, group_id="sg-2")})
    assert [call.operation for call in plan.calls] == [
        Operation.REVOKE_INGRESS,
        Operation.AUTHORIZE_INGRESS,
    ]


ADDED = a_change(added=[SSH])
REMOVED = a_change("event-2", added=(), removed=[SSH])


@pytest.mark.parametrize(
    ("changes", "now", "field", "says"),
    [
        pytest.param([ADDED], states(), "leaves", "already gone", id="closed since"),
        pytest.param(
            [ADDED],
            states(replace(SSH, rule_id="sgr-9")),
            "drift",
            "added again since as sgr-9",
            id="closed and opened again by somebody since",
        ),
        pytest.param(
            [ADDED],
            states(a_rule(2222, rule_id="sgr-1")),
            "drift",
            "edited since, to in tcp 2222",
            id="edited since",
        ),
        pytest.param([ADDED], GONE, "leaves", "is gone", id="the group is gone"),
        pytest.param([ADDED], {}, "cannot", "could not be read", id="the group was not read"),
        pytest.param([REMOVED], states(SSH), "leaves", "already there", id="put back since"),
        pytest.param([REMOVED], GONE, "cannot", "cannot be put back", id="no group to put it in"),
        pytest.param([ADDED, REMOVED], states(), "leaves", "came and went", id="undone by itself"),
        pytest.param([REMOVED, ADDED], states(SSH), "leaves", "came and went", id="the other way"),
        pytest.param(
            [ADDED, replace(REMOVED, at=NOON)], states(), "leaves", "came and went", id="at once"
        ),
    ],
)
def test_nothing_is_called_where_there_is_nothing_to_undo(
    changes: list[Change], now: Mapping[str, GroupState], field: str, says: str
) -> None:
    plan = planned(changes, now)
    assert plan.calls == ()
    (told,) = getattr(plan, field)
    assert says in told


def test_a_rule_opened_twice_is_closed_under_its_last_id() -> None:
    again = a_change("event-3", NOON, added=[replace(SSH, rule_id="sgr-7")])
    now = replace(SSH, rule_id="sgr-7")
    plan = planned([again, REMOVED, ADDED], states(now))
    assert ids_and_texts(plan) == [("sgr-7", "")]


def test_a_rule_is_put_back_as_the_first_removal_found_it() -> None:
    found = replace(HTTPS, description="since 2019")
    changes = [
        a_change("event-1", added=(), removed=[found]),
        a_change("event-2", added=[HTTPS]),
        a_change("event-3", added=(), removed=[HTTPS]),
    ]
    assert ids_and_texts(planned(changes, states())) == [("", "since 2019")]


def test_without_ids_in_the_record_the_rule_that_aws_calls_the_same_is_meant() -> None:
    told = replace(SSH, rule_id="", description="another")
    plan = planned([a_change(added=[told])], states(HTTPS, SSH))
    assert ids_and_texts(plan) == [("sgr-1", "")]


def test_an_authorise_that_added_nothing_closes_nothing() -> None:
    empty = a_change(added=(), action="AuthorizeSecurityGroupIngress", verb=Verb.AUTHORIZE)
    plan = planned([empty], states(SSH))
    assert plan.calls == ()
    assert "names no rule" in plan.cannot[0]


def test_a_call_that_failed_is_left_alone_with_the_rule_that_was_there_before() -> None:
    failed = a_change(added=(), asked=(SSH,), error="Client.InvalidPermission.Duplicate")
    by_id = a_change("event-2", added=(), rule_ids=("sgr-1",), error="Client.DryRunOperation")
    plan = planned([failed, by_id], states(SSH))
    assert (plan.calls, plan.cannot) == ((), ())
    assert plan.leaves[0].endswith("failed: it changed nothing.")


def test_rules_removed_by_id_alone_are_known_only_from_where_they_were_added() -> None:
    by_id = a_change("event-2", added=(), verb=Verb.REVOKE, rule_ids=("sgr-1", "sgr-8"))
    plan = planned([ADDED, by_id], states())
    assert plan.calls == ()
    assert "came and went" in plan.leaves[0]
    assert "sgr-8 were removed by id" in plan.cannot[0]


def test_a_new_groups_default_egress_goes_with_the_group() -> None:
    default = a_rule(None, "0.0.0.0/0", Direction.EGRESS, "-1", "sgr-5")
    created = a_change(added=[default], action="CreateSecurityGroup", verb=Verb.CREATE)
    dropped = a_change("event-2", added=(), removed=[default])
    again = replace(default, rule_id="sgr-6")
    added_again = a_change("event-3", added=[again])
    assert planned([created], states(default)).calls == ()
    assert planned([created, dropped], states()).calls == ()
    plan = planned([created, dropped, added_again], states(again))
    assert ids_and_texts(plan) == [("sgr-6", "")]
    assert "aws ec2 delete-security-group --group-id sg-0a1b" in plan.cannot[0]


@pytest.mark.parametrize(
    ("users", "calls"),
    [
        pytest.param(("eni-1",), ["RevokeSecurityGroupEgress"] * 2, id="emptied: it is used"),
        pytest.param((), ["RevokeSecurityGroupEgress", "DeleteSecurityGroup"], id="removed"),
    ],
)
def test_what_goes_with_a_new_group_is_not_told_as_left_alone(
    users: tuple[str, ...], calls: list[str]
) -> None:
    default = a_rule(None, "0.0.0.0/0", Direction.EGRESS, "-1", "sgr-5")
    added = a_rule(443, "0.0.0.0/0", Direction.EGRESS, rule_id="sgr-6")
    created = a_change(added=[default], action="CreateSecurityGroup", verb=Verb.CREATE)
    opened = a_change("event-2", added=[added])
    now = states(default, added)
    uses = Look(Kind.USES, created.account, created.region, created.group.id)
    plan = planned([created, opened], now, {uses: Uses((default, added), interfaces=users)})
    assert [call.operation for call in plan.calls] == calls
    assert plan.leaves == ()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param(
            {"verb": Verb.MODIFY, "modified": (SSH,)},
            "modify-security-group-rules --group-id sg-0a1b",
            id="rules edited",
        ),
        pytest.param(
            {"verb": Verb.DESCRIBE, "action": "UpdateSecurityGroupRuleDescriptionsEgress"},
            "update-security-group-rule-descriptions-egress --group-id sg-0a1b",
            id="descriptions edited",
        ),
        pytest.param({"verb": Verb.DELETE}, "create-security-group", id="group deleted"),
        pytest.param({"verb": Verb.TAG}, "create-tags --resources sg-0a1b", id="tagged"),
        pytest.param(
            {"verb": Verb.MOVE, "target": "eni-1"},
            "modify-network-interface-attribute --network-interface-id eni-1",
            id="interface moved",
        ),
        pytest.param(
            {"verb": Verb.MOVE, "target": "i-1"},
            "modify-instance-attribute --instance-id i-1",
            id="instance moved",
        ),
        pytest.param(
            {"verb": Verb.ASSOCIATE, "target": "vpc-1"},
            "disassociate-security-group-vpc --group-id sg-0a1b --vpc-id vpc-1",
            id="associated",
        ),
        pytest.param(
            {"verb": Verb.DISASSOCIATE, "target": "vpc-1"},
            "associate-security-group-vpc --group-id sg-0a1b --vpc-id vpc-1",
            id="disassociated",
        ),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "target": "pl-1"},
            "restore-managed-prefix-list-version --prefix-list-id pl-1",
            id="prefix list edited",
        ),
        pytest.param({"verb": Verb.OTHER, "target": "db-1"}, "does not undo", id="something else"),
        pytest.param(
            {"verb": Verb.REVOKE, "group": GroupRef(name="a b"), "removed": (SSH,)},
            "--filters 'Name=group-name,Values=a b'",
            id="a group that is only named",
        ),
    ],
)
def test_what_cannot_be_undone_is_told_with_what_to_do(fields: dict[str, Any], says: str) -> None:
    plan = planned([a_change(**{"added": ()} | fields)], states(SSH))
    assert plan.calls == ()
    assert says in plan.cannot[0]
    assert not plan.complete


def test_many_changes_alike_are_told_once() -> None:
    moves = [
        a_change(f"event-{n}", added=(), verb=Verb.MOVE, target="i-1", action="ModifyInstance")
        for n in range(3)
    ]
    assert len(planned(moves, {}).cannot) == 1
