"""Routes: how events of every account and region come to the one queue that sgwatch reads.

As in AWS, a rule reaches only queues of its own region and account, and IAM's events are on the
bus of us-east-1 alone. So rules on the other buses pass their events on to the main bus, and a
rule there leads to the queue.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.aws.actors import Actor
from sandbox.aws.record import IAM_REGION

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

QUEUE_NAME = "sgwatch-events"
RULE_NAME = "sgwatch-events"


@dataclass(frozen=True, slots=True)
class Queues:
    """The queue of events, and the one for what could not be read."""

    url: str
    arn: str
    dead_letter_url: str
    dead_letter_arn: str


def build_queues(owner: Actor, visibility_seconds: int, max_receives: int) -> Queues:
    """Build the queue with its dead-letter queue."""
    dead_url, dead_arn = _a_queue(owner, f"{QUEUE_NAME}-dead", {})
    redrive = {"deadLetterTargetArn": dead_arn, "maxReceiveCount": max_receives}
    url, arn = _a_queue(
        owner,
        QUEUE_NAME,
        {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": str(visibility_seconds)},
    )
    return Queues(url, arn, dead_url, dead_arn)


def lead_to_queue(owners: Sequence[Actor], queues: Queues, pattern: Mapping[str, Any]) -> None:
    """Lead matching events of all the owners' accounts to the queue of the first."""
    main = owners[0]
    main_bus = f"arn:aws:events:{main.region}:{main.account}:event-bus/default"
    for owner in owners:
        for region in (owner.region, IAM_REGION):
            if (owner, region) != (main, main.region):
                _put_rule(owner, region, pattern, main_bus)
    _put_rule(main, main.region, pattern, queues.arn)


def _put_rule(owner: Actor, region: str, pattern: Mapping[str, Any], target: str) -> None:
    events = owner.client("events", region)
    events.put_rule(Name=RULE_NAME, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=RULE_NAME, Targets=[{"Id": "sgwatch", "Arn": target}])


def _a_queue(
    owner: Actor, name: str, attributes: "Mapping[QueueAttributeNameType, str]"
) -> tuple[str, str]:
    url = owner.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    answer = owner.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, answer["Attributes"]["QueueArn"]
