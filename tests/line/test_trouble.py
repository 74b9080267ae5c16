"""Bad input, crashes and hostile text on the whole line."""

import json

import pytest

from sandbox.aws.actors import Actor
from sandbox.scenarios import SCENARIOS
from tests.line.conftest import Line
from tests.line.waiting import wait_until

pytestmark = pytest.mark.line

AFTER_A_LEASE = 90.0
"""Seconds: what a killed worker attended is taken over when its lease of 30 has run out."""

NOT_CLOUDTRAIL = json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": {}})


def test_what_cannot_be_read_goes_to_the_dead_letters_with_a_reason(line: Line) -> None:
    sqs, queues = line.stage.world.as_root().sqs, line.stage.world.queues
    bodies = ["this is no JSON", NOT_CLOUDTRAIL, '{"eventID": 5}', "[[[[", ""]
    for body in filter(None, bodies):
        sqs.send_message(QueueUrl=queues.url, MessageBody=body)
    found = []

    def all_there() -> bool:
        answer = sqs.receive_message(
            QueueUrl=queues.dead_letter_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        found.extend(answer.get("Messages", []))
        return len(found) == 4

    wait_until(all_there)
    assert {message["Body"] for message in found} == set(bodies[:-1])
    for message in found:
        assert message["MessageAttributes"]["sgwatch.reason"]["StringValue"].strip()
    wait_until(lambda: line.store.events.counts()["dead"] == 4)
    line.alert_after(lambda: SCENARIOS["open_ssh"].play(line.stage.world))


def test_a_hostile_user_agent_shows_as_plain_text(line: Line) -> None:
    agent = "<!channel> *x* <http://evil|click> `y` \x1b[31m"
    world = line.stage.world
    actor = Actor(world.endpoint, world.account, world.region, world.alice, agent, "203.0.113.66")
    alert = line.alert_after(
        lambda: actor.ec2.create_security_group(
            GroupName="<!here> *bold*", Description="d", VpcId=world.prod.vpc
        )
    )
    raw = json.dumps(alert.blocks) + alert.text
    assert "<!channel>" not in raw
    assert "<!here>" not in raw
    assert "<http" not in raw
    assert "\\u001b" not in raw
    assert "\x1b" not in line.bot.log


@pytest.mark.long
def test_killed_and_started_again_nothing_is_lost_and_nothing_posted_twice(line: Line) -> None:
    before = len(line.alerts())
    line.bot.kill()
    SCENARIOS["terraform_run"].play(line.stage.world)
    line.bot.start()
    alert = line.stage.workspace.wait_message("sg-alerts", lambda m: "terraform-ci" in m.plain, 30)
    line.bot.kill()
    line.bot.start()
    line.when(alert, "20 rules", AFTER_A_LEASE)
    line.press("rosa", alert, "Acknowledge")
    line.when(alert, "Rosa Lindqvist holds it", AFTER_A_LEASE)
    assert len(line.alerts()) == before + 1


def test_it_stops_when_told_to(line: Line) -> None:
    assert line.bot.stop() == 0
    assert "sgwatch has stopped" in line.bot.log
    line.bot.start()
