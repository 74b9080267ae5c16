"""Faults on purpose: what EventBridge loses CloudTrail has, and a throttled lookup is refused."""

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from sandbox.aws.world import World, build_world


@pytest.fixture(scope="module")
def world(server: AwsServer) -> World:
    return build_world(server.url)


def delivered(root: Actor, queue: str) -> int:
    answer = root.sqs.get_queue_attributes(
        QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def test_an_event_that_is_lost_is_in_the_trail_and_not_in_the_queue(
    server: AwsServer, world: World
) -> None:
    root, queue = world.as_root(), world.queues.url
    before, recorded = delivered(root, queue), len(server.trail.records)
    server.faults.lose_events(1)
    for value in ("lost", "delivered"):
        root.ec2.create_tags(Resources=[world.prod.db], Tags=[{"Key": "a", "Value": value}])
    assert delivered(root, queue) == before + 1
    assert len(server.trail.records) == recorded + 2


def test_so_many_lookups_are_throttled_and_no_more(server: AwsServer, world: World) -> None:
    root = world.as_root()
    server.faults.throttle_lookups(1)
    with pytest.raises(ClientError) as refused:
        root.cloudtrail.lookup_events()
    assert refused.value.response["Error"]["Code"] == "ThrottlingException"
    assert root.cloudtrail.lookup_events()["Events"]


def test_a_trail_that_forgets_is_empty(server: AwsServer, world: World) -> None:
    server.trail.forget()
    assert world.as_root().cloudtrail.lookup_events()["Events"] == []
