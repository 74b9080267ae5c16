"""``/sgwatch exemptions``: lists them or looks for some, shows one, ends it or extends it."""

from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from bot.alerts.commands import Refusal
from bot.alerts.life import End, Extend, LifeCommand
from bot.alerts.people import Person
from bot.exemptions.fields import FieldError
from bot.exemptions.model import Scope
from bot.exemptions.search import parse_search
from bot.exemptions.sentence import Sentence, parse_sentence
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.exemption_approval import approve
from bot.slack.views.exemptions import (
    HIDDEN_LISTED,
    LISTED,
    decided_message,
    exemption_message,
    exemptions_message,
)
from bot.slack.views.message import Message
from bot.slack.views.refusal import refusal_message
from bot.store.previewing import callers_hidden
from bot.store.store import Store

VERBS = ("list", "search", "show", "edit", "end", "extend", "approve")
HOW = {
    "show": "show EX-…",
    "edit": "edit EX-…",
    "approve": "approve EX-…",
    "end": 'end EX-… because "the rollout is done"',
    "extend": 'extend EX-… for 30d because "the rollout takes longer"',
}
"""How each verb but the first is written."""


def answer_exemptions(desk: Desk, user: str, typed: str) -> Message:
    """Return the answer to the command, for who typed it alone."""
    person = desk.viewer(user)
    found = person if isinstance(person, Refusal) else _answer(desk, person, typed)
    return refusal_message(found, desk.who_may(found)) if isinstance(found, Refusal) else found


def edited_of(typed: str) -> str | None:
    """Return the id of the one that is to be edited, which takes a form; None for another verb."""
    verb, _, rest = typed.strip().partition(" ")
    named = rest.strip().partition(" ")[0]
    return named if verb.lower() == "edit" and named else None


def _answer(desk: Desk, person: Person, typed: str) -> Message | Refusal:
    verb, _, rest = typed.strip().partition(" ")
    named, _, why = rest.strip().partition(" ")
    name = desk.store.exemptions.known_as(named) if named else ""
    match verb.lower():
        case "" | "list":
            return _list(desk, rest)
        case "search":
            return _list(desk, rest, ended=True)
        case "show" | "edit" | "end" | "extend" | "approve" if not name:
            return _write(verb.lower())
        case "show":
            return _show(desk, name)
        case "approve":
            return approve(desk, person.slack_id, name)
        case "end" | "extend":
            return _decide(desk, person, verb.lower(), name, why)
        case _:
            close = get_close_matches(verb.lower(), VERBS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"write {', '.join(VERBS)}."
            return Refusal(f"“{verb}” is nothing to do with exemptions: {hint}")


def _list(desk: Desk, words: str, *, ended: bool = False) -> Message | Refusal:
    """Return those in force that are looked for; ``ended`` is that the others are told too."""
    try:
        search = parse_search(words)
    except FieldError as error:
        return Refusal(str(error))
    now = desk.store.attention.now()
    known = [exemption for exemption in desk.store.exemptions.current() if search.finds(exemption)]
    found = known if ended else [exemption for exemption in known if not exemption.is_over(now)]
    found.sort(key=lambda exemption: (not exemption.is_in_force(now), exemption.expires_at))
    hid = {e.id: desk.store.events.hid(e.id).told for e in found[:LISTED]}
    return exemptions_message(found, now, hid, words)


def _show(desk: Desk, name: str) -> Message | Refusal:
    store = desk.store
    held = store.exemptions.read(name)
    if held is None:
        return Refusal(f"There is no exemption {name}.")
    hidden = store.events.history("exemption", name, HIDDEN_LISTED)
    hid, lived = store.events.hid(name).told, store.exemptions.lived(name)
    return exemption_message(held.exemption, lived, hid, hidden, store.attention.now())


def _decide(desk: Desk, person: Person, verb: str, name: str, why: str) -> Message | Refusal:
    try:
        wanted = _wanted(verb, parse_sentence(why))
    except FieldError as error:
        return Refusal(f"{error}. {_write(verb).why}")
    if wanted is None:
        return _write(verb)
    store, now = desk.store, desk.store.attention.now()
    if isinstance(wanted, Extend):
        wanted = told_whose(store, name, wanted, now)
    decided = store.exemptions.decide(name, wanted, person, now, desk.exemptions)
    return decided if isinstance(decided, Refusal) else decided_message(*decided)


def told_whose(store: Store, name: str, wanted: Extend, now: datetime) -> Extend:
    """Return the command that knows whose changes the exemption hides."""
    held = store.exemptions.read(name)
    hides = callers_hidden(store, held.exemption, now) if held else ()
    return replace(wanted, hides=hides)


def _wanted(verb: str, said: Sentence) -> LifeCommand | None:
    """Return the command, or None where something is missing, or there that does not belong."""
    timed = said.forever or said.lasts is not None
    plain = Sentence(Scope(), said.lasts, said.reason, forever=said.forever)
    if not said.reason or said != plain or timed is (verb == "end"):
        return None
    return Extend(said.lasts, said.reason) if timed else End(said.reason)


def _write(verb: str) -> Refusal:
    return Refusal(f"Write: /sgwatch exemptions {HOW[verb]}")
