"""``/sgwatch oncall``: who is on call, and having somebody stand in for whoever's turn it is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.alerts.commands import Refusal
from bot.alerts.on_call import decide_override
from bot.alerts.people import Person
from bot.escalation.rota import Rota
from bot.paging.page import PagerError
from bot.slack.directory import DirectoryError
from bot.slack.listeners.desk import Desk
from bot.slack.views.message import Message
from bot.slack.views.oncall import Duty, oncall_message, stood_message
from bot.slack.views.refusal import refusal_message

OVERRIDE = re.compile(
    r"override\s+(?:(?P<rota>[a-z0-9-]+)\s+)?(?P<who>@.+?|<@[^>]+>|[UW][A-Z0-9]{2,}|\S+@\S+)\s+"
    r"until\s+(?:(?P<day>\d{4}-\d{2}-\d{2})\s+)?(?P<time>\d{1,2}:\d{2})$"
)
HOW = Refusal(
    "Write it like this: /sgwatch oncall override @person until 18:00, or until 2026-03-02 09:00; "
    "with the rota's name before @person where there are several."
)

NOBODY = Refusal(
    "Nobody of that name is on a rota or on call. Name them by their e-mail address, or by their "
    "Slack id (U…, under “Copy member ID” in their profile)."
)
MENTION = re.compile(r"<@([UW][A-Z0-9]{2,})(\|[^>]*)?>|([UW][A-Z0-9]{2,})")


def answer_oncall(desk: Desk, user: str, rest: str) -> Message:
    """Return the answer to the command."""
    person = desk.viewer(user)
    if isinstance(person, Refusal):
        return refusal_message(person, desk.who_may(person))
    if not rest.strip():
        return oncall_message(list(_duties(desk)), rotas=bool(desk.escalation.rotas))
    found = OVERRIDE.match(rest.strip())
    if found is None:
        return refusal_message(HOW)
    now = desk.store.attention.now()
    rota = _rota(desk, found["rota"] or "")
    until = _until(found["day"] or "", found["time"], rota, now)
    if until is None:
        return refusal_message(HOW)
    stands_in = _person(desk, found["who"])
    if stands_in is None:
        return refusal_message(NOBODY)
    stood = decide_override(rota, stands_in, until, person, now)
    if isinstance(stood, Refusal):
        return refusal_message(stood, desk.who_may(stood))
    desk.store.pages.override(stood)
    return stood_message(stood)


def _person(desk: Desk, typed: str) -> str | None:
    """Return the Slack id of whom somebody typed: Slack leaves a mention as the name it shows."""
    if found := MENTION.fullmatch(typed):
        return found[1] or found[3]
    try:
        if "@" in typed[1:]:
            member = desk.directory.by_email(typed)
            return member.slack_id if member is not None else None
        wanted = typed.removeprefix("@").casefold()
        known = (desk.directory.person(slack_id) for slack_id in _on_rotas(desk))
        return next((each.slack_id for each in known if wanted in _names(each)), None)
    except DirectoryError:
        return None


def _names(person: Person) -> set[str]:
    """Return what somebody may be called: their name, and what their mail begins with."""
    return {person.name.casefold(), person.email.partition("@")[0].casefold()} - {""}


def _on_rotas(desk: Desk) -> dict[str, None]:
    """Return the Slack ids of all who are on a rota or on call."""
    people = [slack_id for rota in desk.escalation.rotas for slack_id in rota.people]
    people += [slack_id for duty in _duties(desk) for slack_id in duty.people]
    return dict.fromkeys(people)


def _rota(desk: Desk, name: str) -> Rota | None:
    rotas = desk.escalation.rotas
    if name:
        return desk.escalation.rota(name)
    return rotas[0] if len(rotas) == 1 else None


def _until(day: str, clock: str, rota: Rota | None, now: datetime) -> datetime | None:
    """Return the instant by the rota's clock: without a day, when that clock shows it next."""
    zone = ZoneInfo(rota.zone) if rota is not None else UTC
    try:
        hour, minute = map(int, clock.split(":"))
        local = now.astimezone(zone)
        date = datetime.fromisoformat(day).date() if day else local.date()
        until = datetime.combine(date, time(hour, minute), zone)
        if not day and until <= local:
            until = datetime.combine(date + timedelta(days=1), time(hour, minute), zone)
    except ValueError:
        return None
    return until.astimezone(UTC)


def _duties(desk: Desk) -> Iterator[Duty]:
    now = desk.store.attention.now()
    rotas = (f"rota:{rota.name}" for rota in desk.escalation.rotas)
    for word in dict.fromkeys((*desk.escalation.on_call, *rotas)):
        yield _duty(desk, word, now)


def _duty(desk: Desk, word: str, now: datetime) -> Duty:
    if desk.who is None:
        return Duty(word)
    if word.startswith("rota:"):
        turn = desk.who.turn(word.removeprefix("rota:"), (), now)
        return Duty(word, (turn.person,), turn.until, turn.instead) if turn else Duty(word)
    try:
        return Duty(word, desk.who.people(word, (), now))
    except PagerError as error:
        return Duty(word, trouble=error.reason)
