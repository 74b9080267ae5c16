"""Running the checks: all at once, each for so long and no longer, and none takes others along."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Thread
from time import monotonic
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from bot.checks import (
    attention,
    baselines,
    detections,
    escalation,
    files,
    permissions,
    queue,
    redis,
    roles,
    slack,
)
from bot.checks.check import Check, Status, fail, warn
from bot.cloudtrail.text import printable
from bot.settings import Settings, SettingsError
from bot.settings_given import Given

LONGEST = 500
"""Characters of one text."""

HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to look at, and the settings without which that makes no sense."""

    name: str
    look: Callable[[Settings], Iterable[Check]]
    needs: tuple[str, ...] = ()


ESCALATION = ("policy", "slack_bot_token", "slack_api_url", "redis_url", "redis_prefix")

SUBJECTS = (
    Subject("policy", files.policy, ("policy",)),
    Subject("accounts", files.accounts, ("accounts",)),
    Subject("changes", files.changes, ("changes",)),
    Subject("places", files.places, ("geoip_city", "geoip_asn")),
    Subject("redis", redis.look, ("redis_url", "redis_prefix", "durability")),
    Subject("queue", queue.look, ("queue_url", "dead_letter_queue_url")),
    Subject("slack", slack.look, ("slack_bot_token", "slack_api_url", "channel")),
    Subject("slack groups", slack.groups, ("slack_bot_token", "slack_api_url", "policy")),
    Subject("slack sockets", slack.sockets, ("slack_app_token", "slack_api_url")),
    Subject("escalation", escalation.look, ESCALATION),
    Subject("detections", detections.look, ("detections",)),
    Subject("learning", detections.learning, ("detections", "redis_url", "redis_prefix")),
    Subject("attention", attention.look, ("redis_url", "redis_prefix", "channel")),
    Subject("baselines", baselines.look, ("redis_url", "redis_prefix", "baseline_hours")),
    Subject("read role", roles.reading, ("read_role",)),
    Subject("read permissions", permissions.look, ("read_role",)),
    Subject("containment", roles.containing, ("containment", "contain_role")),
)


def examine(given: Given, subjects: Sequence[Subject] = SUBJECTS, *, limit: float) -> list[Check]:
    """Look at everything for ``limit`` seconds; return what was found, without secrets."""
    first = Subject("settings", lambda _: files.settings(given))
    looks = [_Look(subject, given) for subject in (first, *subjects)]
    ends = monotonic() + limit
    for look in looks:
        look.thread.start()
    hide = partial(_hidden, secrets=_secrets(given))
    return [hide(check) for look in looks for check in look.result(ends, limit)]


def worst(checks: Iterable[Check]) -> Status:
    """Return the worst status of all."""
    found = {check.status for check in checks}
    return next((status for status in (Status.FAIL, Status.WARN) if status in found), Status.OK)


class _Look:
    """One subject being looked at, on a thread that is left behind where it gets no answer."""

    def __init__(self, subject: Subject, given: Given) -> None:
        self._subject, self._given = subject, given
        self._found: list[Check] = []
        self.thread = Thread(target=self._run, name=f"check {subject.name}", daemon=True)

    def result(self, ends: float, limit: float) -> list[Check]:
        """Return what was found until then."""
        self.thread.join(max(ends - monotonic(), 0.0))
        found = list(self._found)
        if self.thread.is_alive():
            mend = "see whether a firewall or a proxy swallows what is sent"
            found.append(fail(self._subject.name, f"no answer within {limit:g} s", mend))
        return found

    def _run(self) -> None:
        name = self._subject.name
        wrong = [n for n in self._subject.needs if n in self._given.wrong]
        if wrong:
            variables = ", ".join(f"SGWATCH_{n.upper()}" for n in wrong)
            self._found.append(warn(name, f"not looked at: {variables}", "mend the settings first"))
            return
        try:
            self._found.extend(self._subject.look(self._given.settings))
        except SettingsError as error:
            said, _, mend = str(error).partition(": ")
            self._found.append(fail(name, said, mend))
        except Exception as error:  # noqa: BLE001 - one check must not take the others along
            said = f"the check itself broke: {type(error).__name__}: {error}"
            self._found.append(fail(name, said, "report it with this line"))


def _secrets(given: Given) -> list[str]:
    """Return what may be shown nowhere, the longest first."""
    # Where Redis is may be shown; only how to get in may not.
    shown = {*given.wrong, "redis_url"}
    values = (value for name, value in given.settings if name not in shown)
    found = {value.get_secret_value() for value in values if isinstance(value, SecretStr)}
    password = urlsplit(given.settings.redis_url.get_secret_value()).password or ""
    found |= {password, unquote(password)}
    return sorted((secret for secret in found if len(secret) > 3), key=len, reverse=True)


def _hidden(check: Check, secrets: Sequence[str]) -> Check:
    said, mend = check.said, check.mend
    for secret in secrets:
        said, mend = said.replace(secret, HIDDEN), mend.replace(secret, HIDDEN)
    return replace(check, said=printable(said, LONGEST), mend=printable(mend, LONGEST))
