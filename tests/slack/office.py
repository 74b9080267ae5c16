"""The office: the real slack-bolt with our listeners, over real sockets and a real Redis."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from time import monotonic, sleep

from slack_sdk import WebClient

from bot.alerts.alert import Alert, Status
from bot.alerts.approval import Terms
from bot.alerts.commands import Refusal
from bot.alerts.entries import Entry, Refused
from bot.alerts.grouping import Window
from bot.alerts.policy import RightsPolicy
from bot.alerts.sighting import Sighting
from bot.alerts.terms import ContainmentPolicy
from bot.containment.action import Action, Intent
from bot.containment.isolation import Site
from bot.containment.plan import Plan
from bot.containment.restrict import Actor
from bot.detections.rule import Detection
from bot.exemptions.names import Names
from bot.exemptions.policy import ExemptionPolicy
from bot.paging.people import WhoIsOnCall
from bot.slack.bolt import build_app, web_client
from bot.slack.directory import Directory
from bot.slack.listeners.desk import Desk
from bot.slack.sockets import Sockets
from bot.slack.views.message import Shown, alert_message
from bot.store.events import Placing
from bot.store.store import Store
from sandbox.slack.people import ALERTS, LEADS, ONCALL
from sandbox.slack.person import SlackPerson
from sandbox.slack.seen import SeenMessage, SeenModal
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from tests.builders import ALICE, NOON, raised, seen
from tests.containment.sites import a_site
from tests.slack.alerts import PLAN, console_sighting
from tests.slack.cases import SHOWN
from tests.store.events import an_outcome

RIGHTS = RightsPolicy(
    viewers=("S0EVERYBODY",),
    responders=(ONCALL.id,),
    approvers=(LEADS.id,),
    principals={ALICE.slack_id: ("arn:aws:iam::123456789012:role/Admin",)},
    version="p1",
)
NAMES = Names(SHOWN.accounts, dict.fromkeys(SHOWN.accounts, "Workloads/Production"))
USUAL = ExemptionPolicy()
PATIENCE = 10.0
_numbers = count(1)


@dataclass
class Office:
    """``plan`` is what AWS would have to be told, ``rules`` the detections that run, by their ids,
    ``policy`` who may have AWS changed;

    ``site`` what is behind the group, ``actor`` whom a restriction would stop. ``intents`` are what
    plans were made for; a test may change all this under people's hands.
    """

    server: SlackServer
    store: Store
    client: WebClient
    workspace: Workspace
    sockets: Sockets | None = None
    plan: Plan | Refusal | Exception = field(default_factory=lambda: PLAN)
    rules: dict[str, Detection] = field(default_factory=dict)
    policy: ContainmentPolicy = field(default_factory=ContainmentPolicy)
    site: Site | Refusal = field(default_factory=a_site)
    actor: Actor | Refusal = field(default_factory=lambda: Refusal("nobody"))
    intents: list[Intent] = field(default_factory=list)

    def planned(self, _: str, intent: Intent) -> Plan | Refusal:
        self.intents.append(intent)
        if isinstance(self.plan, Exception):
            raise self.plan
        return self.plan

    def terms(self, alert: Alert, action: Action, plan: Plan) -> Terms:
        return self.policy.terms(alert, action, plan)

    def found(self, rule_id: str) -> Detection | None:
        return self.rules.get(rule_id)

    def raise_alert(
        self, *sightings: Sighting, at: datetime = NOON, after: tuple[Entry, ...] = ()
    ) -> str:
        """Store a new alert of these changes, or of somebody opening SSH."""
        number = next(_numbers)
        alert_id = f"SGW-OFFICE{number}"
        begun = replace(raised(alert_id, ALERTS.id), at=at)
        changes = (seen(sighting) for sighting in sightings or (console_sighting(),))
        entries: tuple[Entry, ...] = (begun, *changes, *after)
        window = Window(alert_id, NOON, NOON, "")
        placing = Placing(alert_id, entries, "", f"group-{number}", window)
        self.store.events.write(an_outcome(f"event-{number}"), placing)
        self.store.timelines.snapshot(self.alert(alert_id))
        return alert_id

    def alert(self, alert_id: str) -> Alert:
        reading = self.store.timelines.read(alert_id)
        assert reading is not None
        return reading.alert

    def entries(self, alert_id: str) -> list[Entry]:
        return self.store.timelines.entries(alert_id, 0)

    def refused(self, alert_id: str) -> list[Refused]:
        return [entry for entry in self.entries(alert_id) if isinstance(entry, Refused)]

    def show(self, alert_id: str, shown: Shown = SHOWN) -> SeenMessage:
        """Post the alert's message as it is now."""
        message = alert_message(self.alert(alert_id), shown)
        answer = self.client.chat_postMessage(
            channel=ALERTS.id, text=message.text, blocks=list(message.blocks)
        )
        return self.workspace.wait_message("sg-alerts", lambda seen: seen.ts == answer["ts"])

    def posted(self, alert_id: str, message: SeenMessage) -> None:
        """Store where the alert's message is, as the presenter does."""
        reading = self.store.timelines.read(alert_id)
        assert reading is not None
        where = replace(reading.progress, channel=message.channel, ts=message.ts)
        self.store.timelines.save_progress(alert_id, reading.progress, where)

    def wait_for(self, alert_id: str, status: Status) -> Alert:
        """Return the alert as soon as it has the status."""
        self.wait_until(lambda: self.alert(alert_id).status is status)
        return self.alert(alert_id)

    def wait_until(self, so: Callable[[], bool]) -> None:
        """Return as soon as it is so."""
        deadline = monotonic() + PATIENCE
        while not so():
            assert monotonic() < deadline
            sleep(0.01)

    def finish(self) -> None:
        """Let the listeners finish what they have begun."""
        assert self.sockets is not None
        self.sockets.stop()

    def press(self, who: str, message: SeenMessage, label: str) -> None:
        """Press the button with this label."""
        button = message.button(label)
        self.person(who).click(message, button.action_id, block_id=button.block_id)

    def form(self, who: str, message: SeenMessage, label: str) -> SeenModal:
        """Press a button and return the form that it opens."""
        self.press(who, message, label)
        return self.person(who).wait_modal(lambda modal: bool(modal.inputs()))

    def person(self, name: str) -> SlackPerson:
        return self.workspace.person(name)


@contextmanager
def office(
    server: SlackServer,
    store: Store,
    rights: RightsPolicy = RIGHTS,
    exemptions: ExemptionPolicy = USUAL,
    shown: Shown = SHOWN,
    who: Callable[[WebClient, Directory], WhoIsOnCall] | None = None,
) -> Iterator[Office]:
    client = web_client(server.bot_token, server.api_url)
    opened = Office(server, store, client, Workspace(server.url))
    directory = Directory(web_client(server.bot_token, server.api_url, timeout=2), rights)
    duty = who(client, directory) if who is not None else None
    desk = Desk(
        store,
        directory,
        shown,
        opened.planned,
        opened.found,
        opened.terms,
        NAMES,
        exemptions=exemptions,
        behind=lambda _: opened.site,
        whom=lambda _: opened.actor,
        who=duty,
    )
    app = build_app(client, desk)
    opened.sockets = Sockets(app, server.app_token, ping=0.5)
    opened.sockets.start()
    server.wait_connections(2)
    try:
        yield opened
    finally:
        opened.sockets.stop()
        for name in ("rosa", "marcus", "alice", "oscar"):
            clear(opened.person(name))


def clear(person: SlackPerson) -> None:
    """Take away what only this person sees, for the next test."""
    for modal in person.modals():
        person.close(modal, everything=True)
    for message in person.ephemerals():
        person.dismiss(message)
