"""The one place where things are wired together: settings and policy in, running parts out."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import metrics
from bot.accounts import Accounts
from bot.alerts.fact import Question
from bot.alerts.judge import Judge
from bot.alerts.terms import ContainmentPolicy
from bot.asking import askers
from bot.aws.actors import ActorReader
from bot.aws.authorizations import read_authorizations
from bot.aws.executor import Executor
from bot.aws.history import EventHistory
from bot.aws.isolation import SiteReader
from bot.aws.listing import GroupLister
from bot.aws.logfiles import LogFiles
from bot.aws.queue import EventQueue, queue_region
from bot.aws.sessions import Sessions
from bot.aws.states.reading import StateReader
from bot.backfill import Reader, known_places
from bot.baselines import Baselines, Surveyor, accounts_of
from bot.catalogue import Catalogue
from bot.climbing import Climbing, as_installed
from bot.contain import AwsHands
from bot.detections.loader import Loaded
from bot.detections.matcher import Matcher
from bot.detections.pattern import Wanted, wanted
from bot.investigation.run import Asker
from bot.isolating import Isolation, own_roles, owner_of
from bot.loops import Loop
from bot.parts import atlas_of, aws_sessions, rule_paths
from bot.policy import Policy
from bot.poller import Poller
from bot.reconciler import WHO as RECONCILER
from bot.reconciler import Reconciler, behind
from bot.recorder import Recorder
from bot.review import LookUp, Reviewer
from bot.settings import ContainmentMode, Settings
from bot.slack.bolt import web_client
from bot.slack.directory import Directory
from bot.slack.naming import Naming
from bot.slack.views.message import Shown
from bot.store.events import Place
from bot.store.link import Link
from bot.store.store import Store, connect, open_store
from bot.watch import Probe, Standing, reaches_redis

log = logging.getLogger(__name__)


LOOK = 2.0
"""Seconds for each look into Redis of those who watch over us."""

ASKED_AT_ONCE = 8
"""Questions of one alert that are asked side by side."""


@dataclass(frozen=True, slots=True)
class App:
    """Everything that the three processes are made of."""

    settings: Settings
    policy: Policy
    accounts: Accounts
    store: Store
    sessions: Sessions
    catalogue: Catalogue
    askers: Mapping[Question, Asker]

    @property
    def hands(self) -> AwsHands:
        """Return what reads and changes AWS."""
        return AwsHands(StateReader(self.sessions), Executor(self.sessions), self.isolation)

    @property
    def isolation(self) -> Isolation:
        """Return what plans quarantines, restrictions and releases."""
        sessions, roles = self.sessions, (self.settings.read_role, self.settings.contain_role)
        return Isolation(
            SiteReader(sessions, owner_of),
            ActorReader(sessions),
            StateReader(sessions),
            lambda account: own_roles(roles, sessions.own_arn(), account),
        )

    @property
    def shown(self) -> Shown:
        """Return what the views need beside an alert."""
        may, dry = not self.containing.off, self.settings.containment_dry_run
        people = self.policy.rights.principals
        return Shown(may, self.accounts.names, frozenset(self.askers), people, dry)

    @property
    def containing(self) -> ContainmentPolicy:
        """Return who may have AWS changed: what the policy says, under the mode that is set."""
        mode = self.settings.containment
        off, two = mode is ContainmentMode.OFF, mode is ContainmentMode.ASK
        where = {account.id: account.environment for account in self.accounts.known}
        return replace(self.policy.containment, off=off, always_two=two, environments=where)

    def poller(self) -> Loop:
        """Return the loop that reads events."""
        return Poller(self.queue, LogFiles(self.sessions), self.store, self.recorder).run

    @property
    def queue(self) -> EventQueue:
        """Return the queue of events."""
        url, dead_url = self.settings.queue_url, self.settings.dead_letter_queue_url
        return EventQueue(self.sessions.queues(queue_region(url)), url, dead_url)

    @property
    def recorder(self) -> Recorder:
        """Return what writes what becomes of each record."""
        role = self.settings.contain_role
        return Recorder(self.store, self.catalogue.judging, self.policy.alerts, role)

    @property
    def climbing(self) -> Climbing:
        """Return what alerts climb with."""
        policy = self.policy.alerts.escalation
        return Climbing(self.settings, policy, self.sessions, self.store, self.shown)

    @property
    def surveyor(self) -> Surveyor:
        """Return what reads all groups of accounts and regions."""
        return Surveyor(self.store, GroupLister(self.sessions), self.settings.regions)

    @property
    def baselines(self) -> Baselines:
        """Return what keeps in mind what groups look like."""
        every = timedelta(hours=self.settings.baseline_hours)
        return Baselines(self.store, self.surveyor, lambda: accounts_of(self.places()), every)

    @property
    def reconciler(self) -> Reconciler:
        """Return what looks for events that were not delivered."""
        return Reconciler(
            self.store,
            self.reader(RECONCILER),
            self.places,
            lambda: self.wanted().actions,
            timedelta(minutes=self.settings.reconcile_minutes),
            lambda: behind(self.queue),
            account_name=lambda account: self.accounts.names.get(account, account),
        )

    def reader(
        self, via: str, wants: Callable[[], Wanted] | None = None, *, teaching: bool = False
    ) -> Reader:
        """Return what reads CloudTrail's event history into the pipeline, on behalf of ``via``."""
        pages = EventHistory(self.sessions)
        return Reader(pages, self.store, self.recorder, wants or self.wanted, via, teaching)

    def reviewer(self, looked_up: LookUp | None = None) -> Reviewer:
        """Return what reviews accounts."""
        return Reviewer(
            self.store,
            GroupLister(self.sessions),
            lambda account: read_authorizations(self.sessions, account),
            self.settings.contain_role,
            self.settings.regions,
            looked_up,
        )

    def wanted(self) -> Wanted:
        """Return which events are of use, as the EventBridge pattern has them."""
        return wanted(self.catalogue.loaded().detections)

    def places(self) -> list[Place]:
        """Return where there may be events. Raises AwsError, StoreError."""
        own = Place(self.sessions.own_account(), self.sessions.region)
        seen = self.store.events.places()
        return known_places(self.accounts, seen, self.settings.regions, own)

    def standing(self, probes: Mapping[str, Probe]) -> Standing:
        """Return what is told to those who watch over this process."""
        settings = self.settings
        client = connect(settings.redis_url.get_secret_value(), within=LOOK)
        store = open_store(Link(client, settings.redis_prefix))
        return Standing(store, settings.channel, {"redis": reaches_redis(store), **probes})


def build(settings: Settings, policy: Policy, accounts: Accounts) -> App:
    """Return the parts of one installation. Raises SettingsError, FileError.

    Nothing is connected yet.
    """
    policy = as_installed(policy, settings, accounts)
    sessions = aws_sessions(settings)
    client = connect(settings.redis_url.get_secret_value())
    store = open_store(Link(client, settings.redis_prefix, durability=settings.durability))
    atlas = atlas_of(settings)
    judge = Judge(Matcher(()), accounts.organisation, policy.severity, atlas, accounts.ous)
    catalogue = Catalogue(rule_paths(settings), judge, told=_count_rule_files)
    slack = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    directory = Directory(slack, policy.rights)
    person = Naming(directory, store.budgets, policy.rights.principals)
    asked = askers(sessions, settings, policy, accounts, store, atlas, person)
    return App(settings, policy, accounts, store, sessions, catalogue, asked)


def _count_rule_files(loaded: Loaded) -> None:
    metrics.rule_files(file.status for file in loaded.files)
