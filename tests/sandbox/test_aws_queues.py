"""Mended queues and buses: nothing is lost between threads, and events go where rules say."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count
from typing import Any

import pytest
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends

from sandbox.aws.actors import Actor, Credentials
from sandbox.aws.mends.bus import UnknownTargetError, put_on_bus
from sandbox.aws.server import AwsServer
from tests.sandbox.meanwhile import meanwhile

_numbers = count(1)

PATTERN = {"source": ["aws.ec2"], "detail": {"eventName": [{"suffix": "SecurityGroup"}]}}


def a_queue(root: Actor, **attributes: str) -> str:
    name = f"queue-{next(_numbers)}"
    return root.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]  # type: ignore[arg-type]


def arn_of(root: Actor, url: str) -> str:
    answer = root.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return answer["Attributes"]["QueueArn"]


def received(root: Actor, url: str, **more: Any) -> list[Any]:
    answer = root.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **more)
    return list(answer.get("Messages", ()))


def events(root: Actor, url: str) -> list[Any]:
    return [json.loads(message["Body"]) for message in received(root, url)]


@pytest.fixture
def ruled(root: Actor) -> Iterator[str]:
    """Yield the URL of a queue to which a rule leads."""
    url = a_queue(root)
    root.events.put_rule(Name="ruled", EventPattern=json.dumps(PATTERN))
    root.events.put_targets(Rule="ruled", Targets=[{"Id": "q", "Arn": arn_of(root, url)}])
    yield url
    root.events.remove_targets(Rule="ruled", Ids=["q"])
    root.events.delete_rule(Name="ruled")


def test_a_message_that_is_sent_while_another_is_deleted_is_kept(
    root: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = a_queue(root)
    root.sqs.send_message(QueueUrl=url, MessageBody="old")
    (old,) = received(root, url)
    with meanwhile(lambda: root.sqs.send_message(QueueUrl=url, MessageBody="new")) as hook:

        def replaced(self: Queue, messages: list[Any]) -> None:
            hook()
            vars(self)["_messages"] = messages

        kept = property(lambda self: vars(self)["_messages"], replaced)
        monkeypatch.setattr(Queue, "_messages", kept, raising=False)
        root.sqs.delete_message(QueueUrl=url, ReceiptHandle=old["ReceiptHandle"])
    assert [message["Body"] for message in received(root, url)] == ["new"]


def test_two_receivers_do_not_get_the_same_message(
    root: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = a_queue(root)
    root.sqs.send_message(QueueUrl=url, MessageBody="once")
    others: list[Any] = []
    original = Message.mark_received
    with meanwhile(lambda: others.extend(received(root, url))) as hook:

        def marked(self: Message, visibility_timeout: int | None = None) -> None:
            hook()
            original(self, visibility_timeout)

        monkeypatch.setattr(Message, "mark_received", marked)
        own = received(root, url)
    assert [message["Body"] for message in own + others] == ["once"]


def test_a_waiting_receiver_gets_the_message_as_it_comes(root: Actor) -> None:
    url = a_queue(root)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(received, root, url, WaitTimeSeconds=20)
        root.sqs.send_message(QueueUrl=url, MessageBody="here")
        assert [message["Body"] for message in waiting.result(timeout=5)] == ["here"]


def test_who_hung_up_takes_no_message_along(server: AwsServer, root: Actor) -> None:
    url = a_queue(root)
    queue = sqs_backends["123456789012"]["eu-west-1"].get_queue(url.rpartition("/")[2])
    dead = HTTPConnection(server.url.removeprefix("http://"))
    dead.request(
        "POST",
        "/",
        json.dumps({"QueueUrl": url, "WaitTimeSeconds": 20}),
        {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "AmazonSQS.ReceiveMessage",
            "Authorization": "AWS4-HMAC-SHA256 Credential=root/20260101/eu-west-1/sqs/aws4_request",
        },
    )
    while not queue._messages_lock._waiters:
        time.sleep(0.01)
    dead.close()
    root.sqs.send_message(QueueUrl=url, MessageBody="for the living")
    assert [message["Body"] for message in received(root, url)] == ["for the living"]


def test_what_is_received_too_often_goes_to_the_dead_letters(root: Actor) -> None:
    dead = a_queue(root)
    redrive = {"deadLetterTargetArn": arn_of(root, dead), "maxReceiveCount": 2}
    url = a_queue(root, RedrivePolicy=json.dumps(redrive), VisibilityTimeout="0")
    root.sqs.send_message(QueueUrl=url, MessageBody="unreadable")
    rounds = [len(received(root, url)) for _ in range(3)]
    assert rounds == [1, 1, 0]
    assert [message["Body"] for message in received(root, dead)] == ["unreadable"]


def test_receiving_does_not_read_the_queues_attributes_for_each_message(
    root: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = a_queue(root)
    for _ in range(3):
        root.sqs.send_message(QueueUrl=url, MessageBody="kept")
    monkeypatch.delattr(SQSBackend, "get_queue_attributes")
    assert len(received(root, url)) == 3


def test_a_call_comes_to_the_queue_that_its_rule_names(root: Actor, ruled: str, group: str) -> None:
    (event,) = events(root, ruled)
    assert event["detail"]["responseElements"]["groupId"] == group
    assert {key: event[key] for key in ("source", "detail-type", "account", "region")} == {
        "source": "aws.ec2",
        "detail-type": "AWS API Call via CloudTrail",
        "account": "123456789012",
        "region": "eu-west-1",
    }
    assert event["time"] == event["detail"]["eventTime"]


def test_a_call_that_the_pattern_leaves_out_does_not_come(
    root: Actor, ruled: str, vpc: str
) -> None:
    root.ec2.create_tags(Resources=[vpc], Tags=[{"Key": "a", "Value": "b"}])
    assert events(root, ruled) == []


def test_a_rule_that_is_switched_off_is_silent(root: Actor, ruled: str, vpc: str) -> None:
    root.events.disable_rule(Name="ruled")
    root.ec2.create_security_group(GroupName="unseen", Description="Unseen", VpcId=vpc)
    assert events(root, ruled) == []
    root.events.enable_rule(Name="ruled")
    root.ec2.create_security_group(GroupName="seen", Description="Seen", VpcId=vpc)
    assert [e["detail"]["requestParameters"]["groupName"] for e in events(root, ruled)] == ["seen"]


def test_an_event_of_ones_own_comes_too(root: Actor, ruled: str) -> None:
    detail = {"eventName": "MySecurityGroup"}
    root.events.put_events(
        Entries=[{"Source": "aws.ec2", "DetailType": "Mine", "Detail": json.dumps(detail)}]
    )
    (event,) = events(root, ruled)
    assert (event["detail"], event["account"]) == (detail, "123456789012")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])
    assert "ingestion-time" not in event


def test_the_calls_go_on_when_a_rules_queue_is_gone(root: Actor, ruled: str, vpc: str) -> None:
    root.sqs.delete_queue(QueueUrl=ruled)
    root.ec2.create_security_group(GroupName="lonely", Description="Lonely", VpcId=vpc)


def test_an_event_keeps_its_account_and_region_from_bus_to_bus(
    server: AwsServer, root: Actor, ruled: str
) -> None:
    other = Actor(server.url, "210987654321", "eu-west-1", Credentials("root", "root"))
    bus = "arn:aws:events:eu-west-1:123456789012:event-bus/default"
    other.events.put_rule(Name="forward", EventPattern=json.dumps(PATTERN))
    other.events.put_targets(Rule="forward", Targets=[{"Id": "bus", "Arn": bus}])
    vpc = other.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    other.ec2.create_security_group(GroupName="there", Description="There", VpcId=vpc)
    (event,) = events(root, ruled)
    assert event["account"] == event["detail"]["recipientAccountId"] == "210987654321"


def test_iams_events_are_on_the_bus_of_us_east_1_alone(root: Actor, server: AwsServer) -> None:
    pattern = json.dumps({"source": ["aws.iam"]})
    urls = {}
    for region in ("eu-west-1", "us-east-1"):
        client = root.client("sqs", region)
        urls[region] = client.create_queue(QueueName=f"iam-{region}")["QueueUrl"]
        rules = root.client("events", region)
        rules.put_rule(Name="iam", EventPattern=pattern)
        target = f"arn:aws:sqs:{region}:123456789012:iam-{region}"
        rules.put_targets(Rule="iam", Targets=[{"Id": "q", "Arn": target}])
    root.iam.create_user(UserName="somebody")
    found = {
        region: len(root.client("sqs", region).receive_message(QueueUrl=url).get("Messages", ()))
        for region, url in urls.items()
    }
    assert found == {"eu-west-1": 0, "us-east-1": 1}


def test_a_target_that_the_sandbox_lacks_is_not_passed_over(root: Actor, ruled: str) -> None:
    root.events.put_targets(
        Rule="ruled",
        Targets=[{"Id": "f", "Arn": "arn:aws:lambda:eu-west-1:123456789012:function:f"}],
    )
    event = {"source": "aws.ec2", "detail": {"eventName": "CreateSecurityGroup"}, "time": 0}
    with pytest.raises(UnknownTargetError, match="not to"):
        put_on_bus(event, "123456789012", "eu-west-1")
    root.events.remove_targets(Rule="ruled", Ids=["f"])
