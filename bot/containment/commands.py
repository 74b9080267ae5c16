"""Commands: a plan as calls of the AWS command line (version 2), to be copied."""

import json
import shlex

from bot.changes.permissions import permissions_from_rules
from bot.containment.plan import Call, Operation, Plan
from bot.containment.readback import CLOSING

SUBCOMMANDS = {
    Operation.REVOKE_INGRESS: "revoke-security-group-ingress",
    Operation.REVOKE_EGRESS: "revoke-security-group-egress",
    Operation.AUTHORIZE_INGRESS: "authorize-security-group-ingress",
    Operation.AUTHORIZE_EGRESS: "authorize-security-group-egress",
}


def cli_commands(plan: Plan) -> tuple[str, ...]:
    """Return a shell command for each call, in order; whoever runs it is in the call's account."""
    return tuple(shlex.join(_words(call)) for call in plan.calls)


def _words(call: Call) -> list[str]:
    words = ["aws", "ec2", SUBCOMMANDS[call.operation]]
    words += ["--region", call.region, "--group-id", call.group_id]
    if call.operation in CLOSING:
        return [*words, "--security-group-rule-ids", *(rule.rule_id for rule in call.rules)]
    permissions = permissions_from_rules(call.rules)
    return [*words, "--ip-permissions", json.dumps(permissions, ensure_ascii=False)]
