"""A real change is investigated: who did it, whether it is usual, and from where."""

import time

import pytest

from sandbox.scenarios import SCENARIOS
from tests.line.conftest import PATIENCE, Line

pytestmark = pytest.mark.line


def test_who_how_usual_and_from_where_fill_in(line: Line) -> None:
    alert = line.alert_after(lambda: SCENARIOS["attacker"].play(line.stage.world))
    for words in (
        "a long-lived access key; key ",
        "No: first group change in 90 days (prod, eu-west-1) (as of ",
        "Recife, Brazil, AS64511 Example Hosting",
    ):
        line.when(alert, words)
    line.stage.workspace.wait_change(alert, lambda m: "looking…" not in m.plain, PATIENCE)


def test_terraform_takes_back_what_was_opened_past_it(line: Line) -> None:
    world = line.stage.world
    group, office = next(iter(world.prod.groups)), "192.0.2.250/32"
    alice, terraform = world.as_alice().ec2, world.as_terraform_ci("run-drift").ec2
    line.alert_after(
        lambda: alice.authorize_security_group_ingress(
            GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp=office
        )
    )
    # CloudTrail tells whole seconds: in the same one it is not known which came first.
    time.sleep(1.1)
    alert = line.alert_after(
        lambda: terraform.revoke_security_group_ingress(
            GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp=office
        )
    )
    line.when(alert, "undoes a change past it (drift correction)")
