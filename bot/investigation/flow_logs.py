"""Flow logs: whether they tell who connected while it was open, and the query that asks them.

Two calls, after a revert: the flow logs of the group's VPC, and what is in the group.
"""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question
from bot.aws.network import FlowLog, Interface
from bot.changes.change import Change
from bot.cloudtrail.text import printable
from bot.investigation.groups import Groups
from bot.investigation.run import Answer

INTERFACES_ASKED = 20
LONGEST_LAG = timedelta(minutes=15)
"""A flow log gathers for up to ten minutes, and takes some more to be there."""

NONE = "none for {vpc}: who connected while it was open cannot be told from them"
WORD = 120


class Flows(Protocol):
    """What is needed of AWS. Every method raises AwsError."""

    def flow_logs(self, account: str, region: str, vpc: str) -> tuple[FlowLog, ...]:
        """Return the flow logs of a VPC as a whole."""
        ...

    def interfaces(self, account: str, region: str, groups: Sequence[str]) -> tuple[Interface, ...]:
        """Return the interfaces in any of the groups."""
        ...


@dataclass(frozen=True, slots=True)
class FlowLogs:
    """Asks about the group of the worst change, once it is closed."""

    flows: Flows
    groups: Groups

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return whether there are flow logs, with a query to copy. Raises AwsError."""
        change = alert.worst[0].change
        place, about = (change.account, change.region), change.group.id
        group = self.groups.describe(*place, about, now)
        if group is None or not group.vpc:
            return _told(about, "", "the group is gone, so its VPC is not known")
        logs = self.flows.flow_logs(*place, group.vpc)
        if not logs:
            return _told(about, NONE.format(vpc=group.vpc))
        watched = next((log for log in logs if log.log_group), None)
        if watched is None:
            where = printable(logs[0].destination, WORD) or "a place that AWS does not tell"
            return _told(about, f"in {where}: ask there who connected while it was open")
        inside = self.flows.interfaces(*place, [about])[:INTERFACES_ASKED]
        ended = alert.resolution.at if alert.resolution else now
        command = query(change, watched.log_group, [one.id for one in inside], ended)
        says = f"in CloudWatch, {printable(watched.log_group, WORD)}: Details has a query to copy"
        return _told(about, says, more=(command,))


def query(change: Change, log_group: str, interfaces: Sequence[str], ended: datetime) -> str:
    """Return the command that asks who connected, from the change until it was closed."""
    words = ["aws", "logs", "start-query", "--log-group-name", log_group]
    begin, end = int(change.at.timestamp()), int((ended + LONGEST_LAG).timestamp())
    words += ["--start-time", str(begin), "--end-time", str(end)]
    if change.region:
        words += ["--region", change.region]
    conditions = ['action = "ACCEPT"', *_ports(change)]
    if interfaces:
        conditions.append(f"interfaceId in {json.dumps(interfaces)}")
    asked = (
        "fields srcAddr, dstAddr, dstPort, bytes"
        f" | filter {' and '.join(conditions)}"
        " | stats sum(bytes) as bytes, count() as flows by srcAddr, dstAddr, dstPort"
        " | sort bytes desc"
    )
    return shlex.join([*words, "--query-string", asked])


def _ports(change: Change) -> list[str]:
    """Return the condition on ports, unless some rule opens every port."""
    ranges = []
    for rule in (*change.added, *change.modified):
        if rule.from_port is None or rule.to_port is None or rule.protocol not in {"tcp", "udp"}:
            return []
        ranges.append(f"(dstPort >= {rule.from_port} and dstPort <= {rule.to_port})")
    return [f"({' or '.join(dict.fromkeys(ranges))})"] if ranges else []


def _told(about: str, value: str, unknown: str = "", more: tuple[str, ...] = ()) -> Answer:
    return Answer((Fact(Question.FLOW_LOGS, about, value, unknown=unknown, more=more),))
