"""The event bus: rules that are switched off stay silent, and events keep where they came from."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from moto.core.utils import iso_8601_datetime_without_milliseconds, utcfromtimestamp
from moto.events.models import Rule, events_backends
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

from sandbox.aws.patches import Patches

_log = logging.getLogger(__name__)


def mend_bus(patches: Patches) -> None:
    """Let rules deliver as EventBridge does."""
    patches.replace(Rule, "send_to_targets", _send_to_targets)


def put_on_bus(event: Mapping[str, Any], account: str, region: str, bus: str = "default") -> None:
    """Offer an event to every rule on a bus."""
    for rule in list(events_backends[account][region].event_buses[bus].rules.values()):
        rule.send_to_targets(event)


class UnknownTargetError(ValueError):
    """A rule names a target that is neither a queue nor a bus: an event must not vanish unseen."""


def _send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:  # noqa: ARG001 (moto's signature)
    """Deliver to the queues and buses that an enabled rule names.

    moto delivers for disabled rules too, puts a moment of its own into the envelope, gives an
    event that is passed from bus to bus the account and region of the last one, and fails the
    call where a queue is gone: EventBridge drops that event.
    """
    if self.state == "DISABLED" or not self.event_pattern.matches_event(original_event):
        return
    for target in self.targets:
        arn = parse_arn(target["Arn"])
        if arn.service == "sqs" and "InputTransformer" not in target:
            _send(original_event, arn.account, arn.region, arn.resource_id)
        elif arn.resource_type == "event-bus":
            put_on_bus(original_event, arn.account, arn.region, arn.resource_id)
        else:
            raise UnknownTargetError(f"the sandbox delivers to queues and buses, not to {target}")


def _send(event: Mapping[str, Any], account: str, region: str, queue: str) -> None:
    envelope = {key: value for key, value in event.items() if key != "ingestion-time"}
    if isinstance(envelope["time"], float | int):
        moment = utcfromtimestamp(float(envelope["time"]))
        envelope["time"] = iso_8601_datetime_without_milliseconds(moment)
    try:
        sqs_backends[account][region].send_message(queue, json.dumps(envelope))
    except QueueDoesNotExist:
        _log.warning("no queue %s in %s %s: the event is dropped", queue, account, region)
