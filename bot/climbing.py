"""Climbing: wires what alerts climb with: the pagers, who is on call, and Slack."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from slack_sdk import WebClient

from bot.accounts import Accounts
from bot.aws.sessions import Sessions
from bot.calling import Calling
from bot.escalate import Escalator
from bot.escalation.ladder import EscalationPolicy
from bot.escalation.rota import Override
from bot.heartbeat import Heartbeat
from bot.paging.http import Http
from bot.paging.pagerduty import PagerDuty
from bot.paging.pagers import Pagers
from bot.paging.people import Directory, WhoIsOnCall
from bot.paging.sns import Topics
from bot.paging.webhook import Webhooks
from bot.policy import Policy
from bot.settings import Settings
from bot.settings_paging import named
from bot.slack.directory import Directory as People
from bot.slack.messages import SlackMessages
from bot.slack.paging import SlackPaging
from bot.slack.views.headline import happened
from bot.slack.views.message import Shown
from bot.slack.views.page import page_message
from bot.store.store import Store


@dataclass(frozen=True, slots=True)
class Climbing:
    """What alerts climb with, as the settings and the policy have it."""

    settings: Settings
    policy: EscalationPolicy
    sessions: Sessions
    store: Store
    shown: Shown

    def escalator(self, client: WebClient, directory: People) -> Escalator:
        """Return what does the moves of a climb."""
        slack, pagers = self._slack(client, directory), self.pagers
        who = who_is_on_call(self.store, self.policy, pagers, slack)
        calling = Calling(self.store, who, pagers, slack.name, self.policy.quiet)
        return Escalator(self.store, calling, pagers, slack, happened)

    def who(self, client: WebClient, directory: People) -> WhoIsOnCall:
        """Return who tells who is on call."""
        slack = self._slack(client, directory)
        return who_is_on_call(self.store, self.policy, self.pagers, slack)

    def heartbeat(self, channel: str) -> Heartbeat:
        """Return the dead-man's switch."""
        url = self.settings.heartbeat_url.get_secret_value()
        return Heartbeat(self.store, Http(self.settings.pagers_inside), url, channel)

    @property
    def pagers(self) -> Pagers:
        """Return the pagers that the settings name."""
        settings, http = self.settings, Http(self.settings.pagers_inside)
        pagerduty = PagerDuty(
            http,
            named(settings.pagerduty_keys),
            settings.pagerduty_token.get_secret_value(),
            settings.pagerduty_events_url,
            settings.pagerduty_api_url,
        )
        urls, secrets = named(settings.webhook_urls), named(settings.webhook_secrets)
        webhooks = Webhooks(http, self.policy.webhooks, urls, secrets)
        return Pagers(pagerduty, webhooks, Topics(self.sessions).publish)

    def _slack(self, client: WebClient, directory: People) -> SlackPaging:
        messages = SlackMessages(client, self.store.budgets)
        return SlackPaging(messages, directory, lambda a, url: page_message(a, self.shown, url))


def who_is_on_call(
    store: Store, policy: EscalationPolicy, pagers: Pagers, slack: SlackPaging
) -> WhoIsOnCall:
    """Return who tells who is on call."""
    overrides = _Overrides(store).of
    asked = Directory(slack.members, slack.by_email, pagers.pagerduty.on_call, overrides)
    return WhoIsOnCall(asked, policy)


def as_installed(policy: Policy, settings: Settings, accounts: Accounts) -> Policy:
    """Return the policy with what the settings and the accounts file add to it."""
    environments = {account.id: account.environment for account in accounts.known}
    looks = bool(settings.pagerduty_token.get_secret_value())
    escalation = replace(policy.alerts.escalation, looks=looks, environments=environments)
    return replace(policy, alerts=replace(policy.alerts, escalation=escalation))


@dataclass(frozen=True, slots=True)
class _Overrides:
    store: Store

    def of(self, rota: str, at: datetime) -> Sequence[Override]:
        return [stood.override for stood in self.store.pages.overrides(rota, at)]
