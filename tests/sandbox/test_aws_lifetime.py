"""The AWS stand-in's lifetime: it starts empty, on loopback, and leaves nothing behind."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import EndpointConnectionError
from moto.sqs.models import sqs_backends

from sandbox.aws.actors import Actor, Credentials
from sandbox.aws.server import AwsServer


def a_root(server: AwsServer) -> Actor:
    return Actor(server.url, "123456789012", "eu-west-1", Credentials("root", "root"))


def test_it_listens_on_loopback_on_a_port_of_its_own() -> None:
    with AwsServer() as server:
        assert urlsplit(server.url).hostname == "127.0.0.1"


def test_each_starts_empty_and_leaves_no_thread() -> None:
    threads = set(threading.enumerate())
    for _ in range(2):
        with AwsServer() as server:
            root = a_root(server)
            assert server.trail.records == []
            assert root.iam.list_users()["Users"] == []
            root.iam.create_user(UserName="alice")
            assert len(server.trail.records) == 1
    assert set(threading.enumerate()) == threads


def test_a_stopped_one_has_no_address_and_answers_nobody() -> None:
    with AwsServer() as server:
        root = a_root(server)
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.url
    with pytest.raises(EndpointConnectionError):
        root.iam.list_users()
    server.stop()


def test_a_second_one_in_the_process_is_refused() -> None:
    with AwsServer(), pytest.raises(RuntimeError, match="already runs"), AwsServer():
        pass
    with AwsServer():
        pass


@pytest.mark.timeout(15)  # the wait alone would be 20 s
def test_stopping_ends_a_wait_for_messages() -> None:
    with AwsServer() as server, ThreadPoolExecutor() as pool:
        root = a_root(server)
        url = root.sqs.create_queue(QueueName="q")["QueueUrl"]
        waiting = pool.submit(root.sqs.receive_message, QueueUrl=url, WaitTimeSeconds=20)
        queue = sqs_backends["123456789012"]["eu-west-1"].get_queue("q")
        while not queue._messages_lock._waiters:
            time.sleep(0.01)
        server.stop()
        assert "Messages" not in waiting.result(timeout=5)


def test_policies_are_not_enforced_in_the_next_one() -> None:
    with AwsServer() as server:
        server.enforce_policies()
    with AwsServer() as server:
        root = a_root(server)
        root.iam.create_user(UserName="nobody-in-particular")
        key = root.iam.create_access_key(UserName="nobody-in-particular")["AccessKey"]
        user = Actor(
            server.url,
            "123456789012",
            "eu-west-1",
            Credentials(key["AccessKeyId"], key["SecretAccessKey"]),
        )
        assert user.ec2.describe_vpcs()["Vpcs"]
