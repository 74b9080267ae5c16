"""Slack: the two tokens, what they may do, the channel, and Socket Mode."""

from collections.abc import Iterator
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.checks.check import Check, fail, ok, warn
from bot.policy import load_policy
from bot.settings import Settings, revealed
from bot.slack.bolt import translating, web_client
from bot.slack.messages import SlackError
from bot.slack.scopes import APP_SCOPE, BOT_SCOPES
from bot.tables import FileError

WITHIN = 4
"""Seconds for each call."""

GROUP_MEND = "name a group in [rights] of the policy that is there and has members"
INSTALL = "in the app's page, OAuth & Permissions; then install the app again"
CHANNEL_MENDS = {
    "channel_not_found": "check the id in SGWATCH_CHANNEL; if it is private, invite the app",
    "not_in_channel": "invite the app: write /invite @sgwatch in the channel",
    "is_archived": "take the channel out of the archive, or set SGWATCH_CHANNEL to another",
    "missing_scope": f"add channels:history and groups:history {INSTALL}",
}
TOKEN_MENDS = {
    "invalid_auth": "copy it again from the app's page; it may be another app's, or revoked",
    "not_authed": "copy it again from the app's page",
    "account_inactive": "the app was removed from the workspace: install it again",
    "token_revoked": "install the app again, and copy the new token",
    "token_expired": "install the app again, and copy the new token",
    "not_allowed_token_type": "of another kind: xoxb-… is the bot's, xapp-… for sockets",
    "missing_scope": f"make an app-level token with {APP_SCOPE}",
}


def look(settings: Settings) -> Iterator[Check]:
    """Look at the bot's token, its scopes, and the channel."""
    token = settings.slack_bot_token.get_secret_value()
    client = web_client(token, settings.slack_api_url, WITHIN)
    try:
        answer = _call(client, "auth.test")
    except SlackError as error:
        yield _refused("slack", "the bot's token", "SGWATCH_SLACK_BOT_TOKEN", error)
        return
    yield ok("slack", f"{answer.get('user')} in {answer.get('team')} ({answer.get('url')})")
    yield scopes(str(_header(answer, "x-oauth-scopes")))
    yield _channel(client, settings.channel)


def groups(settings: Settings) -> Iterator[Check]:
    """Look at the user groups that the policy names: nobody decides by one that is gone."""
    try:
        rights = load_policy(settings.policy, settings.channel).rights
    except FileError:
        return  # Told of already, with the policy.
    named = (*rights.viewers, *rights.responders, *rights.approvers, *rights.admins)
    client = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, WITHIN)
    for group in sorted({name for name in named if name.startswith("S")}):
        try:
            users = _call(client, "usergroups.users.list", usergroup=group).get("users") or ()
        except SlackError as error:
            yield warn("slack groups", f"{group}: Slack says {error.code}", GROUP_MEND)
        else:
            if users:
                yield ok("slack groups", f"{group}: {len(users)} people")
            else:
                yield warn("slack groups", f"{group} is empty", GROUP_MEND)


def sockets(settings: Settings) -> Iterator[Check]:
    """Look at the token for Socket Mode: whether Slack would give us a connection."""
    if settings.slack_address:
        yield ok("slack requests", f"over HTTP, to {settings.slack_address}/slack")
        return
    token = revealed(settings.slack_app_token)
    client = web_client(token, settings.slack_api_url, WITHIN)
    try:
        _call(client, "apps.connections.open")
    except SlackError as error:
        yield _refused("slack sockets", "the app's token", "SGWATCH_SLACK_APP_TOKEN", error)
    else:
        yield ok("slack sockets", "Socket Mode lets us in")


def scopes(header: str) -> Check:
    """Compare the scopes that Slack names with those that are needed."""
    given = {scope.strip() for scope in header.split(",") if scope.strip()}
    if not given:
        return warn("slack scopes", "Slack does not tell them", "compare them with docs/slack.md")
    missing = [scope for scope in BOT_SCOPES if scope not in given]
    if missing:
        uses = "; ".join(f"{scope} (for {BOT_SCOPES[scope]})" for scope in missing)
        return fail("slack scopes", f"missing: {uses}", f"add {', '.join(missing)} {INSTALL}")
    more = sorted(given - BOT_SCOPES.keys())
    beyond = f"; more than it needs: {', '.join(more)}" if more else ""
    return ok("slack scopes", f"all {len(BOT_SCOPES)} are there{beyond}")


def _channel(client: WebClient, channel: str) -> Check:
    """Read one message: that needs no scope beyond what sgwatch has, and membership."""
    try:
        _call(client, "conversations.history", channel=channel, limit=1)
    except SlackError as error:
        mend = CHANNEL_MENDS.get(error.code, "see docs/slack.md")
        return fail("slack channel", f"{channel}: Slack says {error.code}", mend)
    return ok("slack channel", f"{channel} is there, and the app is in it")


def _refused(name: str, what: str, setting: str, error: SlackError) -> Check:
    if error.retry:
        mend = "open the way to Slack (HTTPS out, proxy), or look again later"
        return fail(name, f"Slack does not answer ({error.code})", mend)
    mend = TOKEN_MENDS.get(error.code, "see the app's page")
    return fail(name, f"Slack refuses {what}: {error.code}", f"{setting}: {mend}")


def _call(client: WebClient, method: str, **arguments: Any) -> SlackResponse:
    with translating():
        return client.api_call(method, params=arguments)


def _header(answer: SlackResponse, name: str) -> str:
    found = ((key.lower(), value) for key, value in answer.headers.items())
    value = dict(found).get(name, "")
    return ",".join(value) if isinstance(value, list) else str(value)
