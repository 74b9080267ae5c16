"""The listener, wired: what takes clicks and commands from Slack."""

from bot.app import App
from bot.contain import planner
from bot.settings import revealed
from bot.slack.bolt import build_app, web_client
from bot.slack.directory import Directory
from bot.slack.endpoint import Endpoint, once_each
from bot.slack.listeners.desk import Desk
from bot.slack.sockets import Sockets


def listener_of(app: App) -> Sockets | Endpoint:
    """Return what takes clicks and commands, not started yet. Raises SlackError, EndpointError.

    That is connections to Slack, or with SGWATCH_SLACK_ADDRESS an address that Slack calls.
    """
    settings = app.settings
    client = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    # Who somebody is is asked within a click's 3 seconds.
    asking = web_client(
        settings.slack_bot_token.get_secret_value(), settings.slack_api_url, timeout=2
    )
    directory = Directory(asking, app.policy.rights)
    plan = planner(app.store, app.hands)
    find, terms, accounts = app.catalogue.detection, app.containing.terms, app.accounts
    names, networks = accounts.called, accounts.organisation.cidrs
    isolation = app.isolation
    desk = Desk(
        app.store,
        directory,
        app.shown,
        plan,
        find,
        terms,
        names,
        networks,
        app.policy.exemptions,
        isolation.behind,
        isolation.whom,
        app.climbing.who(asking, directory),
    )
    if settings.slack_address:
        guard = once_each(app.store.budgets)
        secret = revealed(settings.slack_signing_secret)
        served = build_app(client, desk, signing_secret=secret, guard=guard)
        return Endpoint(served, settings.slack_address)
    return Sockets(build_app(client, desk), revealed(settings.slack_app_token))
