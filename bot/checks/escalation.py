"""Escalation: whether anybody can be woken, by each ladder of the policy, right now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.accounts import Accounts
from bot.changes.sentence import number_of
from bot.checks.check import Check, fail, ok, warn
from bot.checks.redis import WITHIN
from bot.climbing import Climbing, as_installed
from bot.escalation.ladder import Ladder
from bot.escalation.target import Target, Way
from bot.paging.page import PagerError
from bot.paging.pagers import Pagers
from bot.paging.people import WhoIsOnCall
from bot.parts import aws_sessions
from bot.policy import load_policy
from bot.settings import Settings
from bot.slack.bolt import web_client
from bot.slack.directory import Directory
from bot.slack.views.message import Shown
from bot.store.link import Link, StoreError
from bot.store.store import connect, open_store
from bot.tables import FileError

NAME = "escalation"
MEND = (
    "set SGWATCH_PAGERDUTY_KEYS, or name people with members behind them under [escalation] of the "
    "policy: docs/escalation.md"
)
SLACK = 4


def look(settings: Settings) -> Iterator[Check]:
    """Look at whom each ladder would wake."""
    try:
        policy = as_installed(load_policy(settings.policy, settings.channel), settings, Accounts())
    except FileError:
        return  # Told of already, with the policy.
    redis = connect(settings.redis_url.get_secret_value(), within=WITHIN)
    store = open_store(Link(redis, settings.redis_prefix))
    client = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, SLACK)
    escalation, sessions = policy.alerts.escalation, aws_sessions(settings)
    climbing = Climbing(settings, escalation, sessions, store, Shown())
    if not escalation.rules:
        yield fail(NAME, "the policy has no ladder, so nobody is called about anything", MEND)
        return
    try:
        who = climbing.who(client, Directory(client, policy.rights))
        waking = _Waking(who, climbing.pagers, store.attention.now())
        for rule in escalation.rules:
            yield waking.ladder(rule.ladder)
    except StoreError as error:
        yield fail(NAME, f"cannot be looked at ({error})", "see what is said of Redis")


@dataclass(frozen=True, slots=True)
class _Waking:
    who: WhoIsOnCall
    pagers: Pagers
    at: datetime

    def ladder(self, ladder: Ladder) -> Check:
        """Tell whether a ladder wakes anybody, and by what."""
        targets = dict.fromkeys(target for target in ladder.targets if target.way.pages)
        lacking = {target: self._lacks(target, ladder) for target in targets}
        wakes = [target for target, lack in lacking.items() if not lack]
        missing = [f"{target}: {lack}" for target, lack in lacking.items() if lack]
        name, lacks = f"“{ladder.name}”", "; ".join(missing)
        if not wakes:
            said = f"{name} wakes nobody ({lacks or 'it only mentions people'})"
            return fail(NAME, said, MEND)
        if not any(target.way.wakes for target in wakes):
            said = f"{name} wakes people by Slack alone" + (f" ({lacks})" if lacks else "")
            mend = "a phone that is silent wakes nobody: page outside Slack too, docs/escalation.md"
            return warn(NAME, said, mend)
        levels = number_of(len(ladder.levels), "level")
        by = ", ".join(map(str, wakes))
        if missing:
            return warn(NAME, f"{name} wakes by {by}, but not by all ({lacks})", MEND)
        return ok(NAME, f"{name}: {levels}, wakes by {by}")

    def _lacks(self, target: Target, ladder: Ladder) -> str:
        """Return why nobody is woken by a target; nothing where somebody is."""
        if target.way is not Way.DM:
            return self.pagers.lacks(target)
        try:
            found = self.who.people(target.to, ladder.rotas, self.at)
        except PagerError as error:
            return error.reason
        return "" if found else "nobody is there"
