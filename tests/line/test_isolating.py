"""From the alert: what is exposed is isolated, the actor stopped, and both released again."""

from typing import Any

import pytest

from sandbox.scenarios import SCENARIOS
from sandbox.slack.seen import SeenMessage
from tests.line.conftest import Line
from tests.line.waiting import wait_until

pytestmark = pytest.mark.line


def groups_of(line: Line, instance: str) -> list[set[str]]:
    root = line.stage.world.as_root().ec2
    found = root.describe_network_interfaces(
        Filters=[{"Name": "attachment.instance-id", "Values": [instance]}]
    )["NetworkInterfaces"]
    return [{group["GroupId"] for group in each["Groups"]} for each in found]


def approve(line: Line, alert: SeenMessage) -> None:
    """Have the second person approve what waits."""
    line.when(alert, "asks for approval")
    line.press("marcus", alert, "Approve…")
    form = line.person("marcus").wait_modal(lambda m: m.callback_id == "approve_form", 25.0)
    assert line.person("marcus").submit(form) == {}


def release(line: Line, alert: SeenMessage) -> None:
    line.press("marcus", alert, "Release…")
    form = line.form("marcus", "Release")
    assert line.submit("marcus", form, reason="Looked at: it was a test") == {}


def test_an_instance_is_isolated_by_two_people_and_released(line: Line) -> None:
    world = line.stage.world
    instance = world.prod.web_instances[0]
    before = groups_of(line, instance)
    alert = line.alert_after(lambda: SCENARIOS["open_ssh"].play(world))
    line.choose("rosa", alert, "Quarantine…")
    form = line.form("rosa", "Quarantine")
    values: Any = {"targets": {"value": [instance]}, "options": {"value": ["tag"]}}
    assert line.person("rosa").submit(form, values) == {}
    plan = line.person("rosa").wait_modal(lambda m: m.callback_id == "isolate_form", 25.0)
    assert "ModifyNetworkInterfaceAttribute" in plan.plain
    assert "tracked" in plan.plain
    assert line.submit("rosa", plan, reason="It talks to an unknown host") == {}
    assert groups_of(line, instance) == before
    approve(line, alert)
    held = line.when(alert, "Isolated")
    assert instance in held.plain
    (groups,) = groups_of(line, instance)
    assert groups.isdisjoint(before[0])
    release(line, alert)
    wait_until(lambda: groups_of(line, instance) == before)
    line.stage.workspace.wait_change(alert, lambda m: "Isolated" not in m.plain, 25.0)
    # Our own calls are records too: CreateSecurityGroup, the emptying, the move and the way back.
    wait_until(lambda: line.store.events.counts().get("events:ours", 0) >= 4)
    assert len(line.store.timelines.listed("status:open")) == 1


def test_the_actor_is_stopped_and_released(line: Line) -> None:
    world = line.stage.world
    iam: Any = world.as_root().iam
    alert = line.alert_after(lambda: SCENARIOS["open_ssh"].play(world))
    line.choose("rosa", alert, "Restrict who did it…")
    form = line.form("rosa", "Restrict")
    assert line.person("rosa").submit(form, {}) == {}
    plan = line.person("rosa").wait_modal(lambda m: m.callback_id == "isolate_form", 25.0)
    assert "PutUserPolicy" in plan.plain
    assert line.submit("rosa", plan, reason="Alice says it was not her") == {}
    approve(line, alert)
    held = line.when(alert, "Stopped")
    assert "released by itself" in held.plain
    (policy,) = iam.list_user_policies(UserName="alice")["PolicyNames"]
    assert policy.startswith("sgwatch-SGW-")
    release(line, alert)
    wait_until(lambda: iam.list_user_policies(UserName="alice")["PolicyNames"] == [])
