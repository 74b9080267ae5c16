"""Dead letters over real SQS calls: looking uses nothing up, and replaying loses nothing."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from bot.aws.deadletters import NO_REASON, DeadLetter, Look
from bot.aws.errors import AwsError
from bot.aws.queue import EventQueue
from bot.aws.sessions import Sessions
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.aws.conftest import REGION

_numbers = count()


class Queues:
    """A new queue with its dead letters."""

    def __init__(self, root: Actor, client: Any) -> None:
        name = f"letters-{next(_numbers)}"
        self.sqs, self.client = root.sqs, client
        self.url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        self.dead_url = self.sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        self.queue = EventQueue(client, self.url, self.dead_url, wait=0)

    def look(self) -> Look:
        return Look(self.client, self.url, self.dead_url, wait=0)

    def bury(self, *bodies: str, reason: str = "no JSON") -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)
            (message,) = self.queue.receive()
            self.queue.bury(message, reason)

    def letters(self) -> list[DeadLetter]:
        with self.look() as look:
            return list(look)


@pytest.fixture(scope="module")
def client(server: AwsServer) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "root")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "root")
        yield Sessions(REGION, endpoint_url=server.url).queues()


@pytest.fixture
def queues(root: Actor, client: Any) -> Queues:
    return Queues(root, client)


def test_each_is_seen_once_with_its_reason_and_looking_uses_none_up(queues: Queues) -> None:
    queues.bury(*(f"body {n}" for n in range(23)))
    for _ in range(3):
        found = queues.letters()
        assert sorted(letter.body for letter in found) == sorted(f"body {n}" for n in range(23))
        assert {letter.reason for letter in found} == {"no JSON"}
        assert all(letter.origin for letter in found)


def test_a_look_that_is_broken_off_gives_back_what_it_held(queues: Queues) -> None:
    queues.bury("a", "b")
    with queues.look() as look:
        next(iter(look))
    assert len(queues.letters()) == 2


def test_one_that_sqs_moved_itself_has_no_reason_of_ours(queues: Queues) -> None:
    queues.sqs.send_message(QueueUrl=queues.dead_url, MessageBody="moved")
    (letter,) = queues.letters()
    assert (letter.reason, letter.origin) == (NO_REASON, "")


def test_what_is_replayed_is_on_the_event_queue_and_among_the_dead_no_more(queues: Queues) -> None:
    queues.bury("one", "two")
    with queues.look() as look:
        (letter,) = [letter for letter in look if letter.body == "one"]
        sent = look.replay(letter)
    (message,) = queues.queue.receive()
    assert (message.body, message.id) == ("one", sent)
    assert [letter.body for letter in queues.letters()] == ["two"]


def test_killed_between_the_two_it_is_in_both_and_lost_from_none(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    queues.bury("one")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, queues.look() as look:
        patch.setattr(EventQueue, "delete", killed)
        letter = next(iter(look))
        with pytest.raises(KeyboardInterrupt):
            look.replay(letter)
    (message,) = queues.queue.receive()
    assert message.body == "one"
    assert [letter.body for letter in queues.letters()] == ["one"]


def test_what_comes_back_while_all_are_replayed_is_not_replayed_again(queues: Queues) -> None:
    queues.bury(*(f"poison {n}" for n in range(12)))
    replayed = 0
    with queues.look() as look:
        for letter in look:
            look.replay(letter)
            replayed += 1
            (message,) = queues.queue.receive()
            queues.queue.bury(message, "again")
    assert replayed == 12
    assert [letter.reason for letter in queues.letters()] == ["again"] * 12


def test_a_queue_with_dead_letters_of_its_own_is_said_to_use_them_up(queues: Queues) -> None:
    assert not queues.look().uses_up()
    arn = "arn:aws:sqs:eu-west-1:123456789012:letters-0"
    policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 3}}'
    queues.sqs.set_queue_attributes(QueueUrl=queues.dead_url, Attributes={"RedrivePolicy": policy})
    assert queues.look().uses_up()


def test_dead_letters_that_cannot_be_reached_are_an_error(queues: Queues) -> None:
    with (
        pytest.raises(AwsError, match="read the dead letters"),
        Look(queues.client, queues.url, queues.dead_url + "-gone", wait=0) as look,
    ):
        list(look)
