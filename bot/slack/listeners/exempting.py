"""``/sgwatch exempt SCOPE for 30d because "…"``: tried on the alerts of late, and saved."""

from base64 import b32encode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from bot.alerts.commands import Refusal
from bot.alerts.covering import Covering
from bot.alerts.decide import author
from bot.alerts.life import Make
from bot.alerts.people import Person
from bot.exemptions.model import Exemption
from bot.exemptions.policy import ExemptionPolicy, approval_needed
from bot.exemptions.problems import problems, scope_problems
from bot.exemptions.sentence import Sentence, parse_sentence, pointed
from bot.exemptions.text import ScopeTextError
from bot.slack.listeners.desk import Desk
from bot.slack.views.exemption_request import asked_message
from bot.slack.views.message import Message
from bot.slack.views.preview import Tried, dry_run_message, saved_message
from bot.slack.views.refusal import refusal_message
from bot.store.also import also_resolves
from bot.store.previewing import preview_of

HOW = 'Write as in: exempt principal=role/ci account=123456789012 for 30d because "CHG-1234"'


def answer_exempt(desk: Desk, user: str, typed: str) -> Message:
    """Return the answer to the command, for who typed it alone."""
    person = desk.viewer(user)
    if isinstance(person, Refusal):
        return refusal_message(person, desk.who_may(person))
    try:
        sentence = parse_sentence(typed, desk.names)
    except ScopeTextError as error:
        return refusal_message(Refusal(str(error)), pointed=pointed(typed, error))
    now = desk.store.attention.now()
    exemption = _exemption(sentence, person, now, desk.exemptions)
    if refusal := _unfit(sentence, exemption, now, desk.exemptions):
        return refusal_message(refusal)
    why = approval_needed(exemption, desk.exemptions, now)
    also = () if why else also_resolves(desk.store, exemption, person, now)
    tried = Tried(exemption, preview_of(desk.store, exemption, now), also=also, approval=why)
    if sentence.dry_run:
        return dry_run_message(tried)
    command = Make(exemption, tried.found.callers)
    if also:
        desk.store.coverings.plan(Covering(exemption.id, author(person), also, now))
    saved = desk.store.exemptions.decide(exemption.id, command, person, now, desk.exemptions)
    if isinstance(saved, Refusal):
        return refusal_message(saved, desk.who_may(saved))
    return asked_message(saved[0], tried) if saved[0].pending else saved_message(tried)


def _unfit(
    sentence: Sentence, exemption: Exemption, now: datetime, policy: ExemptionPolicy
) -> Refusal | None:
    if wrong := scope_problems(sentence.scope):
        return Refusal(wrong[0].message)
    said = replace(exemption, reason=sentence.reason or HOW)
    if wrong := problems(said, now, policy.longest):
        return Refusal(wrong[0].message)
    if sentence.dry_run or sentence.reason:
        return None
    return Refusal(f"Say why. {HOW}. With --dry-run it is only tried.")


def _exemption(
    sentence: Sentence, person: Person, now: datetime, policy: ExemptionPolicy
) -> Exemption:
    """Return the exemption, for as long as policy has it where no time is said.

    Its id comes from who typed it when, so that twice is two.
    """
    digest = sha256(f"{person.slack_id} {now.isoformat()}".encode()).digest()
    return Exemption(
        id=f"EX-{b32encode(digest)[:10].decode()}",
        scope=sentence.scope,
        reason=sentence.reason,
        owner=person.slack_id,
        created_at=now,
        expires_at=sentence.ends(now, policy.lasts),
        allow_world=sentence.allow_world,
    )
