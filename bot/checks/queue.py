"""The event queue and its dead letters."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.aws.errors import DENIED, AwsError, telling
from bot.aws.queue import queue_region
from bot.aws.sessions import LOOKING
from bot.changes.sentence import number_of
from bot.checks.check import Check, fail, ok, warn
from bot.parts import aws_sessions
from bot.poller import PATIENCE
from bot.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

Attributes = Mapping[str, str]

SHORT, LONG = 30, 900
"""Seconds out of sight. A batch must be done by then; what a killed poller held comes after it."""

DAY = 86_400


def look(settings: Settings) -> Iterator[Check]:
    """Look at both queues."""
    client = aws_sessions(settings).queues(queue_region(settings.queue_url), LOOKING)
    url, dead_url = settings.queue_url, settings.dead_letter_queue_url
    found: dict[str, Attributes] = {}
    for name, place in (("queue", url), ("dead letters", dead_url)):
        try:
            found[name] = _attributes(client, place)
        except AwsError as error:
            yield _unknown(name, place, error)
    if url == dead_url:
        mend = "make a second queue, and set SGWATCH_DEAD_LETTER_QUEUE_URL to it"
        yield fail("dead letters", "they go into the event queue itself, and round and round", mend)
    if events := found.get("queue"):
        waiting, held = _number(events, ""), _number(events, "NotVisible")
        yield ok("queue", f"waiting: {number_of(waiting, 'message')}; being read: {held}")
        yield visibility(int(events["VisibilityTimeout"]))
        yield redrive(events)
    if dead := found.get("dead letters"):
        yield dead_letters(_number(dead, "") + _number(dead, "NotVisible"))
        yield from retention(events or {}, dead)


def visibility(seconds: int) -> Check:
    """Tell whether messages stay out of sight for as long as it takes, and no longer."""
    said = f"messages that are being read are out of sight for {seconds} s"
    mend = f"set the queue's visibility timeout to {SHORT} to {LONG} s"
    if seconds < SHORT:
        return warn("queue visibility", f"{said}: a slow batch is read twice", mend)
    if seconds > LONG:
        late = f"{said}: what a killed poller held comes so late"
        return warn("queue visibility", late, mend)
    return ok("queue visibility", said)


def redrive(attributes: Attributes) -> Check:
    """Tell whether SQS takes what kills every poller out of the way, and not what we can name."""
    name, text = "queue redrive", attributes.get("RedrivePolicy", "")
    least = PATIENCE + 1
    mend = f"set a redrive policy to the dead-letter queue, with maxReceiveCount {least} or more"
    if not text:
        return warn(name, "a message that kills every poller comes again for ever", mend)
    most = int(json.loads(text).get("maxReceiveCount", 0))
    said = f"SQS takes a message away after it was read {most} times"
    if most < least:
        early = f"{said}: before sgwatch gives up on it and says why"
        return warn(name, early, mend)
    return ok(name, said)


def dead_letters(count: int) -> Check:
    """Tell whether there is anything that could not be read."""
    if not count:
        return ok("dead letters", "none")
    said = f"{number_of(count, 'message')} could not be read: what they tell is in no alert"
    mend = "sgwatch deadletters list says why; replay them when the cause is mended"
    return warn("dead letters", said, mend)


def retention(events: Attributes, dead: Attributes) -> Iterator[Check]:
    """Tell if dead letters are thrown away before the events are, or before anybody looks."""
    kept = int(dead.get("MessageRetentionPeriod", 0))
    if kept < max(int(events.get("MessageRetentionPeriod", 0)), DAY):
        said = f"they are thrown away after {kept / DAY:.1f} days"
        yield warn("dead letters", said, "set the queue's retention to 14 days")


def _attributes(client: "SQSClient", url: str) -> Attributes:
    with telling("look at the queue"):
        answer = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return {str(name): value for name, value in answer["Attributes"].items()}


def _unknown(name: str, url: str, error: AwsError) -> Check:
    if error.code in DENIED:
        return warn(name, f"{url}: {error}", "allow sqs:GetQueueAttributes on it, to be looked at")
    setting = "SGWATCH_QUEUE_URL" if name == "queue" else "SGWATCH_DEAD_LETTER_QUEUE_URL"
    return fail(name, f"{url}: {error}", f"check {setting}, the region and the credentials")


def _number(attributes: Attributes, which: str) -> int:
    return int(attributes.get(f"ApproximateNumberOfMessages{which}", 0))
