"""Scenarios of one alert from its record to its end, played by people who try again."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.alerts.entries import (
    Acknowledged,
    ChangeSeen,
    ContainmentAsked,
    Entry,
    Exempted,
    MarkedBenign,
)
from bot.store.moment import to_ms
from sandbox.groups import groups_of
from sandbox.scenarios import open_ssh
from sandbox.slack.people import ALERTS
from sandbox.slack.seen import SeenMessage
from tests.crash.lane import NOT_NOW, PREFIX, Lane

FORM = 3.0
"""Seconds that somebody looks for the form that they asked for before they press again."""


@dataclass
class Case:
    """One play-through in a lane."""

    lane: Lane
    first: int = field(init=False)

    def __post_init__(self) -> None:
        self.first = len(self.lane.stage.aws.trail.records)

    @property
    def records(self) -> list[dict[str, Any]]:
        """Return the records that AWS wrote in this case."""
        return self.lane.stage.aws.trail.records[self.first :]

    @property
    def alerts(self) -> list[str]:
        """Return the ids of all alerts."""
        return self.lane.alerts

    def entries(self, alert: str) -> list[Entry]:
        """Return an alert's whole timeline."""
        return self.lane.store.timelines.entries(alert, 0, 100_000)

    @property
    def changes(self) -> int:
        """Return how many changes the alerts have seen."""
        return sum(isinstance(e, ChangeSeen) for a in self.alerts for e in self.entries(a))

    def messages(self) -> list[SeenMessage]:
        """Return what the channel shows of this case's alerts, threads included."""
        ours = set(self.alerts)
        shown = self.lane.stage.workspace._all(ALERTS.id)
        return [m for m in shown if m.metadata and mark_of(m)[0] in ours]

    def message(self, alert: str = "") -> SeenMessage:
        """Return the message of an alert, or of the first; LookupError while there is none."""
        for message in self.messages():
            if not message.is_reply and alert in ("", mark_of(message)[0]):
                return message
        raise LookupError("no alert is shown yet")

    def until_decided(
        self, who: str, kind: type[Entry], label: str, title: str = "", reason: str = ""
    ) -> None:
        """Press a button, and fill in its form, until the timeline has the decision."""

        def decided() -> bool:
            return any(isinstance(e, kind) for alert in self.alerts for e in self.entries(alert))

        def press() -> None:
            person = self.lane.stage.workspace.person(who)
            for modal in person.modals():
                person.close(modal, everything=True)
            message = self.message()
            person.click(message, message.button(label).action_id)
            if title:
                form = person.wait_modal(lambda m: m.title == title and bool(m.inputs()), FORM)
                actions = dict(form.inputs().values())
                person.submit(form, {"reason": {actions["reason"]: reason}})

        self.lane.until(decided, f"{label} is decided", trying=press)

    def until_shown(self, words: str) -> None:
        """Wait until the alert's message says so."""
        self.lane.until(lambda: words in self.message().plain, f"the message says {words}")

    def until_quiet(self) -> None:
        """Wait until nothing is left to do: no message, nothing due, nothing to show."""
        self.lane.until(lambda: quiet(self.lane), "all is quiet")


Play = Callable[[Case], None]


def reverted(case: Case) -> None:
    """Alice opens SSH; Rosa acknowledges, then reverts; the thread tells of it."""
    open_ssh(case.lane.stage.world)
    case.lane.until(lambda: bool(case.message()), "the alert is posted")
    case.until_decided("rosa", Acknowledged, "Acknowledge")
    case.until_decided("rosa", ContainmentAsked, "Revert", "Revert", reason="Not planned")
    case.until_shown("REVERTED")
    case.until_quiet()


def benign(case: Case) -> None:
    """Alice opens SSH; Rosa says that it was planned."""
    open_ssh(case.lane.stage.world)
    case.lane.until(lambda: bool(case.message()), "the alert is posted")
    case.until_decided("rosa", MarkedBenign, "Mark benign", "Mark benign", reason="Planned, CHG-7")
    case.until_shown("BENIGN")
    case.until_quiet()


def exempted(case: Case) -> None:
    """A run of Terraform opens a port to a private range; Marcus exempts that."""
    world = case.lane.stage.world
    world.as_terraform_ci("run-1").ec2.authorize_security_group_ingress(
        GroupId=world.prod.web,
        IpProtocol="tcp",
        FromPort=8443,
        ToPort=8443,
        CidrIp="10.77.0.0/16",
    )
    case.lane.until(lambda: bool(case.message()), "the alert is posted")
    case.until_decided("marcus", Exempted, "Exempt", "Exempt", reason="Terraform does so")
    case.until_shown("EXEMPTED")
    case.until_quiet()


PLAYS: Mapping[str, Play] = {"reverted": reverted, "benign": benign, "exempted": exempted}


def play(lane: Lane, play_it: Play) -> Case:
    """Play one scenario to its end in a lane that starts empty; then let AWS be as before."""
    lane.keep_running()
    lane.wait_ready()
    case = Case(lane)
    play_it(case)
    return case


def tidy(lane: Lane) -> None:
    """Take back what a case left in AWS, and forget it everywhere."""
    lane.end()
    _close(lane)
    for person in map(lane.stage.workspace.person, ("rosa", "marcus")):
        with suppress(*NOT_NOW):
            for modal in person.modals():
                person.close(modal, everything=True)
    lane.clear()


def _close(lane: Lane) -> None:
    """Take away what was opened."""
    opened = {("22", "0.0.0.0/0"), ("8443", "10.77.0.0/16")}
    for group in groups_of(lane.stage.world):
        for rule in group["rules"]:
            if (rule["ports"], rule["peer"]) in opened:
                lane.stage.world.as_root().ec2.revoke_security_group_ingress(
                    GroupId=group["id"], SecurityGroupRuleIds=[rule["rule_id"]]
                )


SOON = 20_000
"""Milliseconds: a step that failed is tried again within it; CloudTrail is asked again later."""


def quiet(lane: Lane) -> bool:
    """Say whether there is nothing left to do now."""
    redis, now = lane.redis, to_ms(lane.store.attention.now())
    if redis.zcard(f"{PREFIX}:leases") or redis.zcard(f"{PREFIX}:channel:{ALERTS.id}:pending"):
        return False
    subjects = redis.zrangebyscore(f"{PREFIX}:attention", "-inf", now + SOON)
    due = [s for s in subjects if str(s).startswith(("alert:", "channel:"))]
    return not due and waiting(lane) == 0


def waiting(lane: Lane) -> int:
    """Return how many events wait or are in somebody's hands."""
    return lane.waiting(lane.stage.world.queues.url)


def dead(lane: Lane) -> int:
    """Return how many events are dead letters."""
    return lane.waiting(lane.stage.world.queues.dead_letter_url)


def mark_of(message: SeenMessage) -> tuple[str, int]:
    """Return what a message is about: an alert, and the number of an entry."""
    payload = (message.metadata or {}).get("event_payload", {})
    return str(payload.get("alert")), int(payload.get("entry", -1))
