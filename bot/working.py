"""The worker, wired: what attends alerts, exemptions and channels, and the chores beside them."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from slack_sdk import WebClient

from bot.app import App
from bot.baselines import CHORE as BASELINES
from bot.baselines import accounts_of
from bot.covering import Coverer
from bot.digests import Digests
from bot.investigation.run import Investigator
from bot.loops import Loop
from bot.monthly import Monthly
from bot.once import Once
from bot.slack.actors import Actors
from bot.slack.bolt import web_client
from bot.slack.directory import Directory
from bot.slack.exemption_requests import ApprovalRequests
from bot.slack.messages import SlackMessages
from bot.slack.operators import Operators
from bot.slack.owners import Owners
from bot.slack.presenter import Face, Presenter
from bot.slack.upload import ThreadPictures
from bot.slack.views.message import alert_message
from bot.slack.views.question import question_message
from bot.slack.views.review import review_message
from bot.slack.views.storm import storm_message
from bot.slack.views.thread import thread_line
from bot.store.covering import CHORE as COVERING
from bot.weekly import Weekly
from bot.worker import Chore, Worker

ASKED_AT_ONCE = 8
"""Questions of one alert that are asked side by side."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What the worker speaks with in Slack."""

    client: WebClient
    messages: SlackMessages
    directory: Directory


def worker_of(app: App) -> Loop:
    """Return the loop that attends alerts and channels."""
    settings, store = app.settings, app.store
    client = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    voice = Voice(
        client, SlackMessages(client, store.budgets), Directory(client, app.policy.rights)
    )
    messages, directory = voice.messages, voice.directory
    reply = partial(thread_line, who_may=directory.who_may)
    face = Face(lambda alert: alert_message(alert, app.shown), reply, storm_message)
    asked, containing = frozenset(app.askers), app.containing
    policy = replace(app.policy.alerts, questions=asked, containment=containing)
    return Worker(
        store,
        Presenter(store, messages, face, app.policy.alerts.storm),
        app.hands,
        Investigator(app.askers, ThreadPoolExecutor(ASKED_AT_ONCE)),
        Actors(store, messages, directory, lambda a: question_message(a, app.shown), policy.ask),
        policy,
        app.shown.containment,
        settings.containment_dry_run,
        _chores(app, Voice(client, messages, directory)),
        Owners(store, messages, directory, _heard_in(app)).attend,
        app.climbing.escalator(client, directory),
    ).run


def _chores(app: App, voice: Voice) -> Mapping[str, Chore]:
    """Return what is done now and then, by the name under which it is due."""
    store, policy, messages = app.store, app.policy, voice.messages
    once = Once(store, messages, app.settings.channel)
    show, every = ThreadPictures(voice.client), policy.alerts.digest.every
    requests = ApprovalRequests(store, messages, _heard_in(app), policy.exemptions)
    return {
        "operators": Operators(store, messages, _heard_in(app)).attend,
        "reconciler": app.reconciler.attend,
        BASELINES: app.baselines.attend,
        COVERING: Coverer(store).attend,
        "heartbeat": app.climbing.heartbeat(app.settings.channel).attend,
        "review": _monthly(app, once).attend,
        "approval": requests.attend,
        "exemptions": Weekly(store, once, voice.directory, policy.weekly_review).attend,
        "digest": Digests(store, once, show, app.shown, every).attend,
    }


def _monthly(app: App, once: Once) -> Monthly:
    return Monthly(
        app.store,
        once,
        app.reviewer(),
        lambda: accounts_of(app.places()),
        lambda review: review_message(review, app.accounts.names),
        app.policy.monthly_review,
    )


def _heard_in(app: App) -> str:
    """Return the channel of those who operate sgwatch."""
    return app.settings.operators_channel or app.settings.channel
