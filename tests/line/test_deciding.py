"""A real change becomes an alert; each button is pressed, and AWS is read back."""

from typing import TYPE_CHECKING

import pytest

from bot.alerts.entries import Refused
from sandbox.scenarios import SCENARIOS
from tests.line.conftest import Line
from tests.line.waiting import wait_until

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import IpPermissionTypeDef

pytestmark = pytest.mark.line


def play(line: Line, name: str) -> None:
    SCENARIOS[name].play(line.stage.world)


def test_an_alert_says_what_was_opened_by_whom_and_from_where(line: Line) -> None:
    posted = line.alert_after(lambda: play(line, "open_ssh"))
    alert = line.when(posted, "(web-prod)")
    for words in (
        "CRITICAL",
        "alice opened SSH (22/tcp) to the whole internet on",
        "0.0.0.0/0",
        "198.51.100.9",
        "AWS console",
        "MFA yes",
        "prod · eu-west-1",
    ):
        assert words in alert.plain
    assert [b.label for b in alert.buttons] == [
        "overflow",
        "Acknowledge",
        "Mark benign…",
        "Exempt…",
        "Revert…",
        "Guide…",
        "overflow",
    ]


def test_acknowledging_shows_who_holds_it_and_the_thread_says_so(line: Line) -> None:
    alert = line.alert_after(lambda: play(line, "open_ssh"))
    line.press("rosa", alert, "Acknowledge")
    held = line.when(alert, "Rosa Lindqvist holds it")
    assert "Acknowledge" not in [button.label for button in held.buttons]
    line.reply(alert, "Rosa Lindqvist holds this")


def test_an_outsider_is_refused_privately_and_it_is_recorded(line: Line) -> None:
    alert = line.alert_after(lambda: play(line, "open_ssh"))
    line.press("oscar", alert, "Mark benign")
    told = line.person("oscar").wait_modal(lambda m: "responder" in m.plain)
    assert "@sec-oncall" in told.plain
    (entry,) = refusals(line, alert_id(alert.plain))
    assert entry.by.name == "Oscar Quill"
    assert "Oscar" not in line.stage.workspace.again(alert).plain
    assert not line.stage.workspace.thread(alert)


def test_the_actor_may_acknowledge_but_not_decide_on_her_own_change(line: Line) -> None:
    alert = line.alert_after(lambda: play(line, "open_ssh"))
    for label in ("Mark benign", "Exempt", "Revert"):
        line.press("alice", alert, label)
        told = line.person("alice").wait_modal(lambda m: "your own change" in m.plain)
        line.person("alice").close(told)
    line.press("alice", alert, "Acknowledge")
    line.when(alert, "Alice Moreau holds it")


def test_benign_needs_a_reason_and_closes_the_alert(line: Line) -> None:
    alert = line.alert_after(lambda: play(line, "open_ssh"))
    line.press("rosa", alert, "Mark benign")
    form = line.form("rosa", "Mark benign")
    assert "reason" in line.submit("rosa", form, reason="  ")
    assert line.submit("rosa", form, reason="Planned test, CHG-7") == {}
    ended = line.when(alert, "BENIGN")
    assert "Planned test, CHG-7" in ended.plain
    line.press("marcus", alert, "Reopen")
    again = line.form("marcus", "Reopen")
    assert line.submit("marcus", again, reason="The ticket was closed last year") == {}
    line.when(alert, "nobody holds it")


def test_one_terraform_run_is_one_message_and_exempted_the_next_is_quiet(line: Line) -> None:
    before = len(line.alerts())
    alert = line.alert_after(lambda: play(line, "terraform_run"), "terraform-ci")
    line.when(alert, "20 rules")
    assert len(line.alerts()) == before + 1
    line.press("rosa", alert, "Exempt")
    form = line.form("rosa", "Exempt")
    wrong = line.submit("rosa", form, peers="10.0.0.0/99", groups="", reason="Terraform's ranges")
    assert "peers" in wrong
    right = line.submit("rosa", form, peers="10.0.0.0/8", groups="", reason="Terraform's ranges")
    assert right == {}
    line.when(alert, "EXEMPTED")
    line.person("rosa").command("/sgwatch", "exemptions")
    line.person("rosa").wait_ephemeral(lambda m: "Terraform's ranges" in m.plain)
    hidden = line.store.events.counts().get("events:hidden", 0)
    play(line, "terraform_run")
    wait_until(lambda: line.store.events.counts().get("events:hidden", 0) == hidden + 20)
    assert len(line.alerts()) == before + 1


def test_a_revert_puts_the_group_back_and_raises_no_alert(line: Line) -> None:
    before = line.groups()
    alert = line.alert_after(lambda: play(line, "open_ssh"))
    assert line.groups() != before
    line.press("rosa", alert, "Revert")
    form = line.form("rosa", "Revert")
    assert "RevokeSecurityGroupIngress" in form.plain
    count = len(line.alerts())
    assert line.submit("rosa", form, reason="Alice says it was not her") == {}
    ended = line.when(alert, "REVERTED")
    assert "read back from AWS" in ended.plain
    assert line.groups() == before
    wait_until(lambda: line.store.events.counts().get("events:ours", 0) >= 1)
    assert len(line.alerts()) == count


def test_a_hole_that_somebody_else_closed_is_shown_as_closed_and_stays_for_review(
    line: Line,
) -> None:
    alert = line.alert_after(lambda: play(line, "open_ssh"))
    line.when(alert, "OPEN TO THE INTERNET")
    play(line, "close_ssh")
    closed = line.when(alert, "closed at source")
    assert "OPEN TO THE INTERNET" not in closed.plain
    assert "nobody holds it" in closed.plain
    line.reply(alert, "Closed at source")


def test_what_was_taken_away_is_put_back_with_its_description(line: Line) -> None:
    root = line.stage.world.as_root().ec2
    group = line.groups()[0]["id"]
    permission: IpPermissionTypeDef = {
        "IpProtocol": "tcp",
        "FromPort": 8443,
        "ToPort": 8443,
        "IpRanges": [{"CidrIp": "10.9.0.0/16", "Description": "health checks"}],
    }
    line.alert_after(
        lambda: root.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    )
    before = rules_of(line, str(group))
    alert = line.alert_after(
        lambda: line.stage.world.as_attacker().ec2.revoke_security_group_ingress(
            GroupId=group, IpPermissions=[permission]
        ),
        "mallory",
    )
    # What only opens again takes an approver.
    line.press("marcus", alert, "Revert")
    assert line.submit("marcus", line.form("marcus", "Revert"), reason="It was needed") == {}
    line.when(alert, "REVERTED")
    assert rules_of(line, str(group)) == before


def test_a_plan_that_moved_after_the_preview_is_shown_again_and_nothing_is_called(
    line: Line,
) -> None:
    alert = line.alert_after(lambda: play(line, "open_ssh"))
    line.press("marcus", alert, "Revert")
    form = line.form("marcus", "Revert")
    play(line, "close_ssh")
    line.submit("marcus", form, reason="Not planned")
    # Whether the record of the closing has come by then or not, nothing is called.
    told = line.person("marcus").wait_modal(
        lambda m: "since you looked" in m.plain or "nothing to revert" in m.plain
    )
    assert "RevokeSecurityGroupIngress" not in told.plain


def test_the_commands_answer_only_to_the_asker(line: Line) -> None:
    rosa, count = line.person("rosa"), len(line.alerts())
    rosa.command("/sgwatch", "help")
    rosa.wait_ephemeral(lambda m: "/sgwatch exempt" in m.plain)
    rosa.command("/sgwatch", "exemptoins")
    rosa.wait_ephemeral(lambda m: "Did you mean /sgwatch exemptions" in m.plain)
    assert len(line.alerts()) == count


def test_what_is_opened_again_after_a_revert_is_told_as_that(line: Line) -> None:
    alert = line.alert_after(lambda: play(line, "open_ssh"))
    line.press("rosa", alert, "Revert")
    form = line.form("rosa", "Revert")
    assert line.submit("rosa", form, reason="Alice says it was not her") == {}
    line.when(alert, "REVERTED")
    again = line.alert_after(lambda: play(line, "open_ssh"))
    line.when(again, "does again what Rosa Lindqvist reverted")


def alert_id(plain: str) -> str:
    return next(word for word in plain.split() if word.startswith("SGW-"))


def refusals(line: Line, alert: str) -> list[Refused]:
    entries = line.store.timelines.entries(alert, 0)
    return [entry for entry in entries if isinstance(entry, Refused)]


def rules_of(line: Line, group: str) -> set[tuple[object, ...]]:
    found = line.stage.world.as_root().ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )["SecurityGroupRules"]
    return {
        (r["IsEgress"], r["IpProtocol"], r.get("FromPort"), r.get("CidrIpv4"), r.get("Description"))
        for r in found
    }
