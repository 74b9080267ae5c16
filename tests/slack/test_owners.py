"""Owners hear of their exemptions' ends: once, whatever fails, and decide with two buttons."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from bot.alerts.commands import Refusal
from bot.alerts.life import Deed, End, Make
from bot.alerts.life_due import LifeProgress
from bot.alerts.outcome import Fate
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.policy import ExemptionPolicy
from bot.slack import owners as module
from bot.slack.directory import Directory
from bot.slack.messages import SlackMessages
from bot.slack.owners import Owners
from bot.slack.views.reminder import reminder_message
from bot.store.attention import SubjectKind
from sandbox.slack.faults import Broken, Fault, Limited, Lost, Refused
from sandbox.slack.people import OPS, direct_channel
from sandbox.slack.seen import SeenMessage
from tests.builders import ALICE, ROSA
from tests.slack.office import RIGHTS, Office
from tests.store.events import an_outcome

DIRECT = direct_channel(ROSA.slack_id)
HOUR = timedelta(hours=1)
_numbers = count(100)
CI = "arn:aws:iam::123456789012:role/ci"


def owners(at_work: Office) -> Owners:
    messages = SlackMessages(at_work.client, at_work.store.budgets)
    return Owners(at_work.store, messages, Directory(at_work.client, RIGHTS), OPS.id)


def made(at_work: Office, owner: str = ROSA.slack_id, left: timedelta = HOUR) -> Exemption:
    """Store an exemption of ten days of which so much is left."""
    now = at_work.store.attention.now()
    began = now - timedelta(days=10)
    name = f"EX-OWNED{next(_numbers)}"
    exemption = Exemption(name, Scope(principals=(CI,)), "CHG-12 rollout", owner, began, now + left)
    decided = at_work.store.exemptions.decide(name, Make(exemption), ROSA, began, ExemptionPolicy())
    assert not isinstance(decided, Refusal)
    return exemption


def attend(at_work: Office, exemption: Exemption) -> datetime | timedelta | None:
    """Attend until nothing is to be done at once."""
    while (again := owners(at_work).attend(exemption.id, lambda: None)) == timedelta(0):
        pass
    return again


def told(at_work: Office, exemption: Exemption, where: str = DIRECT) -> list[SeenMessage]:
    return [m for m in at_work.workspace.messages(where) if exemption.id in m.plain]


def deeds(at_work: Office, exemption: Exemption) -> list[Deed]:
    return [line.did for line in at_work.store.exemptions.lived(exemption.id)]


def test_whatever_changes_an_exemption_has_it_attended(at_work: Office) -> None:
    exemption = made(at_work)
    subject = at_work.store.attention.take("t")
    assert subject is not None
    assert (subject.kind, subject.id) == (SubjectKind.EXEMPTION, exemption.id)


def test_the_owner_is_reminded_once(at_work: Office) -> None:
    exemption = made(at_work)
    hidden = replace(an_outcome(exemption.id, Fate.HIDDEN), alert="", hidden_by=(exemption.id,))
    at_work.store.events.write(hidden)
    for _ in range(2):
        assert attend(at_work, exemption) == exemption.expires_at
    [message] = told(at_work, exemption)
    assert "It hid 1 change in the last" in message.plain
    assert "“CHG-12 rollout”" in message.plain
    assert deeds(at_work, exemption) == [Deed.MADE, Deed.REMINDED]


@pytest.mark.parametrize(
    "fault", [pytest.param(Lost(), id="no answer"), pytest.param(Broken(), id="broken")]
)
def test_what_was_begun_is_looked_for(at_work: Office, fault: Fault) -> None:
    exemption = made(at_work)
    at_work.server.order_fault("chat.postMessage", fault)
    owners(at_work).attend(exemption.id, lambda: None)
    progress = at_work.store.exemptions.progress(exemption.id)
    at_work.store.exemptions.save_progress(exemption.id, replace(progress, trouble=None))
    attend(at_work, exemption)
    assert len(told(at_work, exemption)) == 1


def test_a_429_is_waited_out(at_work: Office) -> None:
    exemption = made(at_work)
    at_work.server.order_fault("chat.postMessage", Limited(30))
    before = at_work.store.attention.now()
    again = owners(at_work).attend(exemption.id, lambda: None)
    assert isinstance(again, datetime)
    assert again - before >= timedelta(seconds=30)


def test_many_at_once_are_told_little_by_little(
    at_work: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    first, second = made(at_work), made(at_work)
    for exemption in (first, second):
        attend(at_work, exemption)
    assert (len(told(at_work, first)), len(told(at_work, second))) == (1, 0)
    again = attend(at_work, second)
    assert isinstance(again, datetime)
    assert again > at_work.store.attention.now()


@pytest.mark.parametrize(
    "owner", [pytest.param("Someone Else", id="a name"), pytest.param("U0GONE", id="has left")]
)
def test_a_channel_hears_it_where_the_owner_cannot(at_work: Office, owner: str) -> None:
    exemption = made(at_work, owner)
    attend(at_work, exemption)
    [message] = told(at_work, exemption, OPS.id)
    assert "cannot be reached in Slack" in message.plain
    last = at_work.store.exemptions.lived(exemption.id)[-1]
    assert (last.did, last.reason) == (Deed.REMINDED, "the channel")


def test_a_channel_hears_it_where_slack_takes_no_message_to_the_owner(at_work: Office) -> None:
    exemption = made(at_work)
    at_work.server.order_fault("conversations.open", Refused("cannot_dm_bot"))
    attend(at_work, exemption)
    assert not told(at_work, exemption)
    assert len(told(at_work, exemption, OPS.id)) == 1


def test_the_owner_extends_it_and_the_reminder_says_so(at_work: Office) -> None:
    exemption = made(at_work)
    attend(at_work, exemption)
    form = at_work.form("rosa", told(at_work, exemption)[0], "Extend…")
    at_work.person("rosa").submit(
        form, {"expiry": {"value": "30d"}, "reason": {"value": "takes longer"}}
    )
    at_work.wait_until(lambda: Deed.EXTENDED in deeds(at_work, exemption))
    attend(at_work, exemption)
    [message] = told(at_work, exemption)
    assert "now ends" in message.plain
    assert "Extended by @Rosa Lindqvist" in message.plain
    assert not message.buttons


def test_the_owner_ends_it_and_is_not_told_what_they_know(at_work: Office) -> None:
    exemption = made(at_work)
    attend(at_work, exemption)
    form = at_work.form("rosa", told(at_work, exemption)[0], "End…")
    at_work.person("rosa").submit(form, {"reason": {"value": "the rollout is done"}})
    at_work.wait_until(lambda: Deed.ENDED in deeds(at_work, exemption))
    assert attend(at_work, exemption) is None
    [message] = told(at_work, exemption)
    assert "Ended by @Rosa Lindqvist" in message.plain
    assert "“the rollout is done”" in message.plain


def test_of_what_a_file_manages_nothing_is_decided_here(at_work: Office) -> None:
    exemption = replace(made(at_work), file="team.toml")
    message = reminder_message(exemption, "hid nothing", reached=True)
    assert "Managed by the file team.toml" in str(message.blocks)
    assert "button" not in str(message.blocks)


def test_who_may_not_decide_gets_no_form(at_work: Office) -> None:
    exemption = made(at_work, "nobody")
    attend(at_work, exemption)
    at_work.press("oscar", told(at_work, exemption, OPS.id)[0], "End…")
    at_work.person("oscar").wait_modal(lambda modal: "right of a viewer" in modal.plain)


def test_an_end_by_somebody_else_is_told_with_who_and_why(at_work: Office) -> None:
    exemption = made(at_work)
    now = at_work.store.attention.now()
    at_work.store.exemptions.decide(
        exemption.id, End("it is too wide"), ALICE, now, ExemptionPolicy()
    )
    for _ in range(2):
        assert attend(at_work, exemption) is None
    [message] = told(at_work, exemption)
    assert "Ended by @Alice Moreau" in message.plain
    assert "“it is too wide”" in message.plain
    assert deeds(at_work, exemption)[-1] is Deed.TOLD


def test_an_end_by_time_is_told_once_though_progress_is_lost(at_work: Office) -> None:
    exemption = made(at_work, left=timedelta(days=-1))
    attend(at_work, exemption)
    at_work.store.exemptions.save_progress(exemption.id, LifeProgress())
    attend(at_work, exemption)
    [message] = told(at_work, exemption)
    assert "Its time was over" in message.plain
