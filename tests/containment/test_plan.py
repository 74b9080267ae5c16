"""Plans: stored and read again, old ones too; what one call makes, later ones are told."""

import json
from dataclasses import replace

from pydantic import TypeAdapter

from bot.changes.rules import Peer, PeerKind
from bot.containment.commands import cli_commands
from bot.containment.effects.groups import MakeGroup
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.rules import ChangeRules, Operation
from bot.containment.plan import Call, Plan, made_by, resolved, rule_call, unresolved
from tests.builders import a_rule

PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
PLACE = "123456789012", "eu-west-1"
MAKE = Call(*PLACE, MakeGroup("vpc-1", "web", "It's the web", (("Env", "prod"),)), "w")
ITSELF = replace(a_rule(rule_id=""), peer=Peer(PeerKind.GROUP, made_by(0)))
FILL = Call(
    *PLACE,
    ChangeRules(Operation.AUTHORIZE_INGRESS, made_by(0), (ITSELF,)),
    "w",
    needs=(0,),
)
MOVE = Call(*PLACE, PutInGroups("eni-1", (made_by(0), "sg-2"), ("sg-2",)), "w", needs=(0,))

OLD = {
    "calls": [
        {
            "operation": "RevokeSecurityGroupIngress",
            "account": "123456789012",
            "region": "eu-west-1",
            "group_id": "sg-0a1b",
            "rules": [
                {
                    "direction": "ingress",
                    "protocol": "tcp",
                    "from_port": 22,
                    "to_port": 22,
                    "peer": {"kind": "ipv4", "value": "0.0.0.0/0", "account": ""},
                    "description": "by hand",
                    "rule_id": "sgr-1",
                }
            ],
            "why": "ours",
        }
    ],
    "leaves": ["x"],
    "cannot": [],
    "drift": [],
    "complete": False,
}


def test_a_plan_stored_before_there_were_other_calls_is_still_read() -> None:
    rule = a_rule(rule_id="sgr-1", description="by hand")
    call = rule_call(Operation.REVOKE_INGRESS, *PLACE, "sg-0a1b", (rule,), "ours")
    read = PLAN.validate_json(json.dumps(OLD))
    assert read == Plan((call,), ("x",), complete=False)
    assert read.calls[0].parameters["SecurityGroupRuleIds"] == ["sgr-1"]


def test_every_kind_of_call_is_stored_and_read_again() -> None:
    plan = Plan((MAKE, FILL, MOVE))
    assert PLAN.validate_json(PLAN.dump_json(plan)) == plan


def test_calls_are_told_the_id_of_what_another_made() -> None:
    fill, move = resolved(FILL, ["sg-9"]), resolved(MOVE, ["sg-9"])
    assert fill.parameters["GroupId"] == "sg-9"
    pairs = fill.parameters["IpPermissions"][0]["UserIdGroupPairs"]
    assert pairs == [{"GroupId": "sg-9"}]
    assert move.parameters["Groups"] == ["sg-9", "sg-2"]
    assert not unresolved(fill)


def test_a_call_stays_open_while_what_it_needs_is_not_made() -> None:
    assert unresolved(resolved(FILL, [""]))


def test_the_commands_hand_the_id_on_in_a_variable() -> None:
    make, fill, move = cli_commands(Plan((MAKE, FILL, MOVE)))
    assert make.startswith("made_1=$(aws ec2 create-security-group --region eu-west-1 ")
    assert make.endswith(" --query GroupId --output text)")
    assert "--group-id ''\"$made_1\"'' " in fill
    assert '"GroupId": "\'"$made_1"\'"' in fill
    assert move.endswith("--groups ''\"$made_1\"'' sg-2")
