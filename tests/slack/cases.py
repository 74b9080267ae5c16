"""Every surface in every state, by name: what the snapshots hold."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.alerts.alert import Alert
from bot.alerts.commands import Refusal
from bot.alerts.covering import Also
from bot.alerts.decide import author
from bot.alerts.digest import Digest, Hiding, Period, digest_of
from bot.alerts.entries import Commented, Entry
from bot.alerts.evolve import evolve
from bot.alerts.exemption_review import ToLookAt
from bot.alerts.fact import Question
from bot.alerts.life import Deed, Lived
from bot.alerts.people import Right
from bot.alerts.sighting import DetectionRef
from bot.changes.change import GroupRef, Verb
from bot.changes.severity import Severity
from bot.containment.plan import Plan
from bot.detections.rule import Detection
from bot.exemptions.model import FOREVER, Exemption, Pending, Scope
from bot.exemptions.offers import Usual, offers
from bot.exemptions.policy import ExemptionPolicy
from bot.exemptions.preview import Preview
from bot.exemptions.preview import Shown as StillShown
from bot.exemptions.suggest import suggest_scope
from bot.slack.views.aside import AsidePage, aside_list
from bot.slack.views.benign import benign_form
from bot.slack.views.blocks import Json
from bot.slack.views.changes import Page as ChangesPage
from bot.slack.views.changes import all_changes
from bot.slack.views.digest import digest_message
from bot.slack.views.escalate import escalate_form, snooze_form
from bot.slack.views.exempt import ExemptFields, exempt_form
from bot.slack.views.exemption_edit import edit_form
from bot.slack.views.exemption_edit import fields_of as fields_of_exemption
from bot.slack.views.exemption_request import request_message
from bot.slack.views.exemption_request import settled_message as approval_settled
from bot.slack.views.exemption_review import exemption_review_message
from bot.slack.views.exemptions import exemption_message, exemptions_message
from bot.slack.views.found import found_view
from bot.slack.views.guide import guide, matched
from bot.slack.views.help import help_message
from bot.slack.views.home import Listed, closed_home_view, home_view
from bot.slack.views.how_to_revert import how_to_revert
from bot.slack.views.message import Message, Shown, alert_message
from bot.slack.views.offers import Offered
from bot.slack.views.oncall import oncall_message, stood_message
from bot.slack.views.page import page_message
from bot.slack.views.preview import Tried
from bot.slack.views.question import asked_message, question_message, yes_form
from bot.slack.views.refs import ChangesRef
from bot.slack.views.refusal import FAILED, OUTDATED, refusal_message, refusal_modal
from bot.slack.views.reminder import (
    end_form,
    ended_message,
    extend_form,
    reminder_message,
    settled_message,
)
from bot.slack.views.reopen import reopen_form
from bot.slack.views.revert import revert_form
from bot.slack.views.review import review_message
from bot.slack.views.scope_fields import ScopeFields, fields_of
from bot.slack.views.storm import Row, storm_list, storm_message
from bot.slack.views.thread import thread_line
from bot.slack.views.waiting import done, waiting
from bot.store.previewing import past_change
from tests.builders import MARCUS, NOON, ROSA, a_change, a_rule, a_sighting, later, raised, seen
from tests.slack import alerts, approvals, climb_cases, isolations, reviews, rules
from tests.slack import storm_cases as storms
from tests.slack.alerts import (
    ACKNOWLEDGED,
    ACTOR_ASKED,
    ALSO_EXEMPTED,
    ASKED,
    BEGUN,
    BENIGN,
    CI,
    CLOSED,
    EXEMPTED,
    EXEMPTION,
    FAILED_CALL,
    NOT_VERIFIED,
    PLAN,
    PLAN_WITH_ALL,
    READ_BACK,
    REOPENED,
    SAYS_NO,
    SAYS_YES,
    TERRAFORM,
    alert_of,
    console_sighting,
    open_alert,
    quiet_sighting,
)

SHOWN = Shown(containment=True, accounts={alerts.ACCOUNT: "prod"})
ASKED_ALL = replace(SHOWN, asked=frozenset(Question))
REFUSAL = Refusal("You need the right of a responder to do this.", needs=Right.RESPONDER)
HID = "hid 41 changes in the last 90 days"
LINK = "https://example.com/archives/C0ALERTS/p1"
WHO = "Responders may: <!subteam^S0ONCALL>"


def _removed() -> Alert:
    rule = a_rule(443, "10.0.0.0/8", rule_id="sgr-5")
    change = a_change(added=(), removed=(rule,))
    return alert_of(a_sighting(change, Severity.LOW, None, CI, TERRAFORM))


def _created() -> Alert:
    change = a_change(
        added=(),
        group=GroupRef("sg-0new", "batch", "vpc-1"),
        action="CreateSecurityGroup",
        verb=Verb.CREATE,
    )
    return alert_of(a_sighting(change, Severity.LOW, None, CI, TERRAFORM))


def _rose() -> Alert:
    return alert_of(quiet_sighting(), a_sighting(principal=CI, origin=TERRAFORM))


PAGE_URL = "https://example.slack.com/archives/C0ALERTS/p1700000000000000"

MESSAGES: dict[str, Callable[[], Message]] = {
    **approvals.MESSAGES,
    **isolations.MESSAGES,
    "open": lambda: alert_message(open_alert(), SHOWN),
    "open_containment_off": lambda: alert_message(open_alert(), Shown()),
    "open_rule_removed": lambda: alert_message(_removed(), SHOWN),
    "open_group_created": lambda: alert_message(_created(), SHOWN),
    "open_follows": lambda: alert_message(replace(open_alert(), after="SGW-TEST0000"), SHOWN),
    "rose": lambda: alert_message(_rose(), SHOWN),
    "acknowledged": lambda: alert_message(
        alert_of(console_sighting(), after=(ACKNOWLEDGED,)), SHOWN
    ),
    **{name: partial(alert_message, alert, SHOWN) for name, alert in climb_cases.ALERTS.items()},
    "oncall": lambda: oncall_message(climb_cases.DUTIES, rotas=True),
    "oncall_nobody": lambda: oncall_message((), rotas=False),
    "oncall_override": lambda: stood_message(climb_cases.STOOD),
    "page": lambda: page_message(climb_cases.climbing(climb_cases.FIRST), SHOWN, PAGE_URL),
    "page_hostile": lambda: page_message(alerts.hostile_alerts()["many"], SHOWN, ""),
    "closed_at_source": lambda: alert_message(alert_of(console_sighting(), after=(CLOSED,)), SHOWN),
    "investigated": lambda: alert_message(alerts.investigated(), ASKED_ALL),
    "being_investigated": lambda: alert_message(alerts.investigated(unanswered=True), ASKED_ALL),
    "closed_in_part": lambda: alert_message(
        alert_of(
            a_sighting(a_change(added=(a_rule(), a_rule(443, rule_id="sgr-2")))), after=(CLOSED,)
        ),
        SHOWN,
    ),
    "reverted_in_part": lambda: alert_message(
        alert_of(
            console_sighting(),
            after=(replace(ASKED, plan=replace(PLAN, complete=False)), READ_BACK),
        ),
        SHOWN,
    ),
    "reopened": lambda: alert_message(
        alert_of(console_sighting(), after=(BENIGN, REOPENED)), SHOWN
    ),
    "reverting": lambda: alert_message(
        alert_of(console_sighting(), after=(ACKNOWLEDGED, ASKED, BEGUN)), SHOWN
    ),
    "revert_failed": lambda: alert_message(
        alert_of(console_sighting(), after=(ASKED, BEGUN, FAILED_CALL, NOT_VERIFIED)), SHOWN
    ),
    "benign": lambda: alert_message(alert_of(console_sighting(), after=(BENIGN,)), SHOWN),
    "exempted": lambda: alert_message(alert_of(quiet_sighting(), after=(EXEMPTED,)), SHOWN),
    "reverted": lambda: alert_message(alerts.reverted_alert(), SHOWN),
    "terraform_run": lambda: alert_message(alerts.many_changes(), SHOWN),
    "attack": lambda: alert_message(alerts.attack(), SHOWN),
    "hostile": lambda: alert_message(alerts.hostile_alerts()["many"], SHOWN),
    "largest": lambda: alert_message(alerts.largest_alert(), SHOWN),
    "actor_asked": lambda: alert_message(_asked(), SHOWN),
    "actor_says_yes": lambda: alert_message(_asked(SAYS_YES), SHOWN),
    "actor_says_no": lambda: alert_message(_asked(ACKNOWLEDGED, SAYS_NO), SHOWN),
    "actor_says_no_to_what_was_benign": lambda: alert_message(
        _asked(BENIGN, SAYS_NO, replace(REOPENED, reason="Alice Moreau says it was not them")),
        SHOWN,
    ),
    "reverted_after_a_no": lambda: alert_message(_asked(SAYS_NO, ASKED, READ_BACK), SHOWN),
    "question": lambda: question_message(_asked(), SHOWN),
    "question_answered_yes": lambda: question_message(_asked(SAYS_YES), SHOWN),
    "question_answered_no": lambda: question_message(_asked(SAYS_NO), SHOWN),
    "question_settled": lambda: question_message(_asked(BENIGN), SHOWN),
    "question_hostile": lambda: question_message(
        evolve(alerts.hostile_alerts()["many"], (replace(ACTOR_ASKED, name=alerts.HOSTILE),)), SHOWN
    ),
    "actor_to_be_asked": lambda: asked_message("Alice Moreau"),
    "review": lambda: review_message(reviews.review(), SHOWN.accounts),
    "review_largest": lambda: review_message(reviews.largest(), {}),
    "storm": lambda: storm_message(storms.seen()),
    "storm_largest": lambda: storm_message(storms.largest()),
    "storm_over": lambda: storm_message(storms.seen(over=True)),
    "refusal": lambda: refusal_message(REFUSAL, WHO),
    "failed": lambda: refusal_message(FAILED),
    "outdated": lambda: refusal_message(OUTDATED),
    "help": lambda: help_message(SHOWN),
    "refusal_pointed": lambda: refusal_message(
        Refusal("“prots”: did you mean ports?"),
        pointed=("group=sg-1 prots=`4<4>3`", f"{' ' * 11}^"),
    ),
    "help_with_hint": lambda: help_message(Shown(), "There is no “exmpt”. Did you mean exempt?"),
    "exemptions": lambda: exemptions_message(_exemptions(), NOON),
    "exemption_reminder": lambda: reminder_message(EXEMPTION, HID, reached=True),
    "exemption_reminder_unreached": lambda: reminder_message(
        replace(EXEMPTION, owner=alerts.HOSTILE, reason=alerts.HOSTILE), HID, reached=False
    ),
    "exemption_extended": lambda: settled_message(
        replace(EXEMPTION, expires_at=later(90)), (_lived(Deed.EXTENDED, 90),), NOON
    ),
    "exemption_ran_out": lambda: settled_message(EXEMPTION, (), later(10**6)),
    "exemption_ended": lambda: ended_message(
        replace(EXEMPTION, expires_at=later(60)), (_lived(Deed.ENDED, 60),), HID, reached=True
    ),
    "exemption_review": lambda: exemption_review_message(_to_look_at(), NOON),
    "exemption_review_largest": lambda: exemption_review_message(
        tuple(ToLookAt(e, (alerts.HOSTILE * 9,) * 4) for e in _hostile_exemptions()) * 99, NOON
    ),
    "digest": lambda: digest_message(_digest(), SHOWN),
    "digest_of_nothing_new": lambda: digest_message(
        replace(_digest(), counts={}, aside=0, noisiest=(), taken=None), SHOWN
    ),
    "digest_largest": lambda: digest_message(_largest_digest(), SHOWN),
    "exemption_request": lambda: _request(WAITING),
    "exemption_request_to_change_one": lambda: _request(
        replace(EXEMPTION, pending=replace(PENDING, exemption=replace(EXEMPTION, allow_world=True)))
    ),
    "exemption_request_settled": lambda: approval_settled(EXEMPTION, (APPROVED,)),
    "exemption_waiting": lambda: exemption_message(WAITING, (), "hid nothing yet", (), NOON),
    "exemption_with_a_long_life": lambda: exemption_message(
        EXEMPTION, [EDITED] * 30, "hid nothing yet", (), NOON
    ),
    "exemptions_none": lambda: exemptions_message((), NOON),
}


def _to_look_at() -> Sequence[ToLookAt]:
    return (
        ToLookAt(EXEMPTION, ("it hid nothing in 20 days", "it ends within a week")),
        ToLookAt(replace(EXEMPTION, id="EX-2"), ("its owner has left",)),
    )


def _hostile_exemptions() -> Sequence[Exemption]:
    wide = Scope(groups=(alerts.HOSTILE,) * 90)
    return (replace(EXEMPTION, reason=alerts.HOSTILE * 9, owner=alerts.HOSTILE * 9, scope=wide),)


def _digest() -> Digest:
    resolved = replace(alert_of(quiet_sighting(), after=(BENIGN,)), raised_at=later(-9))
    aside = alert_of(quiet_sighting())
    found = [open_alert(), alerts.reverted_alert(), resolved, resolved, aside]
    hiding = (Hiding("EX-1", 41), Hiding("EX-2", 0, idle=True))
    return digest_of(Period(NOON - timedelta(days=7), NOON + timedelta(days=1)), found, hiding, 1)


def _largest_digest() -> Digest:
    names = [(alerts.HOSTILE * 9, 10**6)] * 5
    hiding = [Hiding(alerts.HOSTILE * 9, 10**6)] * 5
    return replace(
        _digest(),
        noisiest=names,
        open=(alerts.largest_alert(),) * 5,
        open_in_all=10**6,
        hid_most=hiding,
        idle=(alerts.HOSTILE * 9,) * 99,
        aside=10**6,
        cut=True,
    )


def _lived(did: Deed, until: float) -> Lived:
    by = author(ROSA)
    return Lived(at=later(60), by=by, did=did, until=later(until), reason=alerts.HOSTILE)


def _asked(*after: Entry) -> Alert:
    return alert_of(console_sighting(), after=(ACTOR_ASKED, *after))


def _request(held: Exemption) -> Message:
    assert held.pending is not None
    return request_message(
        held,
        held.pending,
        Tried(held.pending.exemption, Preview()),
        NOON,
        f"{alerts.HOSTILE} CHG-12",
    )


PENDING: Pending = Pending(
    replace(EXEMPTION, allow_world=True, expires_at=FOREVER), later(60), "it has no end", "U0ROSA"
)
WAITING: Exemption = replace(EXEMPTION, expires_at=EXEMPTION.created_at, pending=PENDING)
EDITED: Lived = replace(
    Lived(at=NOON, by=author(ROSA), did=Deed.EDITED, until=NOON, reason="r" * 300),
    before=replace(EXEMPTION, reason="x" * 400, owner="o" * 400),
)
APPROVED: Lived = Lived(
    at=later(30), by=author(MARCUS), did=Deed.APPROVED, until=FOREVER, reason="it has no end"
)


def _exemptions() -> Sequence[Exemption]:
    ended = replace(EXEMPTION, id="EX-ENDED-1", expires_at=NOON - timedelta(days=1))
    world = replace(EXEMPTION, id="EX-WORLD-1", allow_world=True, expires_at=later(60))
    return (EXEMPTION, ended, world)


def _prefilled(alert: Alert) -> ExemptFields:
    changes = [s.change for s in alert.worst]
    assert alert.principal is not None
    return ExemptFields(fields_of(suggest_scope(changes, alert.principal)))


def _offering() -> Json:
    alert = alerts.many_changes()
    assert alert.principal is not None
    found = offers([past_change(s) for s in alert.worst], alert.principal, Usual(), automated=True)
    shown = (StillShown("SGW-7", "the source is 192.0.2.1"),)
    tried = Preview(("SGW-1", "SGW-2"), shown, (CI.id,), ("sg-0a1b",))
    offered = [Offered(offer, tried) for offer in found]
    given = ExemptFields(fields_of(found[0].scope), "CHG-1", filled=2)
    also = tuple(Also(f"SGW-{number}", 1) for number in range(20, 32))
    told = Tried(replace(EXEMPTION, scope=found[0].scope), tried, CI.id, also)
    return exempt_form(alert, SHOWN, given, tried=told, offered=offered)


def _many_groups() -> Scope:
    return Scope(groups=tuple(f"sg-{number:017x}" for number in range(200)))


def _guide(*names: Detection | DetectionRef, page: int = 0) -> Json:
    alert = rules.matched_by(*names)
    return guide(alert, matched(alert, rules.RULES.get), page)


def _worst(alert: Alert) -> ChangesPage:
    return ChangesPage(ChangesRef(alert.id), alert.worst[:20], None)


def _by_time(alert: Alert) -> ChangesPage:
    ref = ChangesRef(alert.id, 25, 20, worst=False)
    return ChangesPage(ref, alert.worst[::-1], ChangesRef(alert.id, 45, 40, worst=False))


VIEWS: dict[str, Callable[[], Json]] = {
    **approvals.VIEWS,
    **isolations.VIEWS,
    "found": lambda: found_view(alerts.investigated(), frozenset(Question)),
    "found_looking": lambda: found_view(alerts.investigated(unanswered=True), frozenset(Question)),
    "found_nothing_asked": lambda: found_view(open_alert(), frozenset()),
    "benign_form": lambda: benign_form(open_alert(), SHOWN),
    "benign_form_many": lambda: benign_form(alerts.many_changes(), SHOWN),
    "exempt_form": lambda: exempt_form(
        alerts.many_changes(), SHOWN, _prefilled(alerts.many_changes())
    ),
    "exemption_edit_form": lambda: edit_form(
        EXEMPTION, fields_of_exemption(EXEMPTION), Tried(EXEMPTION, Preview())
    ),
    "exempt_form_offers": _offering,
    "exempt_form_world": lambda: exempt_form(open_alert(), SHOWN, _prefilled(open_alert())),
    "exempt_form_too_many": lambda: exempt_form(
        open_alert(), SHOWN, ExemptFields(fields_of(_many_groups()))
    ),
    "exempt_form_problem": lambda: exempt_form(
        open_alert(),
        SHOWN,
        ExemptFields(ScopeFields(ports="443/tcp"), "nightly job", "30d"),
        "This would not cover all of the alert: the port is 22.",
    ),
    "revert_form": lambda: revert_form(open_alert(), SHOWN, PLAN_WITH_ALL, "digest"),
    "revert_form_moved": lambda: revert_form(
        open_alert(), SHOWN, PLAN, "digest", reason="not them", problem="It moved."
    ),
    "revert_nothing": lambda: revert_form(
        open_alert(), SHOWN, Plan((), leaves=PLAN.leaves), "digest"
    ),
    "revert_form_largest": lambda: revert_form(
        alerts.largest_alert(), SHOWN, alerts.hostile_plan("name-" * 600, 500), "digest"
    ),
    "guide": lambda: _guide(rules.FULL),
    "guide_first_of_several": lambda: _guide(
        rules.BARE, DetectionRef("r-gone", "Gone"), rules.FULL
    ),
    "guide_second_of_several": lambda: _guide(rules.BARE, rules.FULL, page=1),
    "guide_of_a_rule_that_is_gone": lambda: _guide(DetectionRef("r-gone", "What it was called")),
    "guide_of_nothing": _guide,
    "all_changes": lambda: all_changes(alerts.many_changes(), _worst(alerts.many_changes())),
    "all_changes_by_time": lambda: all_changes(
        alerts.largest_alert(), _by_time(alerts.many_changes()), "📎 `x.csv` is sent."
    ),
    "all_changes_largest": lambda: all_changes(
        alerts.largest_alert(), _worst(alerts.largest_alert())
    ),
    "storm_list": lambda: storm_list(storms.page(), SHOWN),
    "storm_list_of_one_severity": lambda: storm_list(storms.page(Severity.HIGH), SHOWN),
    "storm_list_largest": lambda: storm_list(storms.largest_page(), SHOWN, "👀 It is on its way."),
    "exemption_extend_form": lambda: extend_form(EXEMPTION, HID, ExemptionPolicy()),
    "exemption_end_form": lambda: end_form(replace(EXEMPTION, reason=alerts.HOSTILE), HID),
    "aside_list": lambda: aside_list(
        AsidePage(1, 23, (Row(open_alert(), LINK), Row(_removed()), Row(_created(), wanted=True))),
        SHOWN,
        "👀 It is on its way.",
    ),
    "aside_list_none": lambda: aside_list(AsidePage(0, 0, ()), SHOWN),
    "aside_list_largest": lambda: aside_list(
        AsidePage(1, 10**6, (Row(alerts.largest_alert()),) * 10), SHOWN, alerts.HOSTILE
    ),
    "how_to_revert": lambda: how_to_revert(open_alert(), SHOWN, PLAN_WITH_ALL),
    "how_to_revert_nothing": lambda: how_to_revert(open_alert(), SHOWN, Plan(())),
    "reopen_form": lambda: reopen_form(alerts.reverted_alert(), SHOWN),
    "reopen_form_exempted": lambda: reopen_form(
        alert_of(quiet_sighting(), after=(EXEMPTED,)), SHOWN
    ),
    "revert_nothing_more": lambda: revert_form(
        open_alert(), SHOWN, Plan((), cannot=("The group stays.",), complete=False), ""
    ),
    "refusal_modal": lambda: refusal_modal("Mark benign", REFUSAL, WHO),
    "yes_form": lambda: yes_form(_asked(), SHOWN),
    "yes_form_largest": lambda: yes_form(alerts.largest_alert(), SHOWN),
    "escalate_form": lambda: escalate_form(climb_cases.climbing(climb_cases.FIRST), SHOWN),
    "escalate_form_of_a_holder": lambda: escalate_form(
        alert_of(console_sighting(), after=(ACKNOWLEDGED,)), SHOWN
    ),
    "snooze_form": lambda: snooze_form(climb_cases.climbing(climb_cases.FIRST), SHOWN),
    "waiting": lambda: waiting("Revert"),
    "done": lambda: done("Revert", "The revert is under way; the alert says how it ends."),
    "home": lambda: home_view(
        (Listed(alerts.many_changes()), Listed(open_alert(), "https://example.com/archives/C1/p1")),
        SHOWN,
    ),
    "home_empty": lambda: home_view((), SHOWN),
    "home_closed": lambda: closed_home_view(REFUSAL, WHO, SHOWN),
}


def thread() -> list[Json | None]:
    """Return what the thread says of each entry of a long story."""
    comment = Commented(at=later(3), by=author(ROSA), text="Asked them in #web")
    entries: tuple[Entry, ...] = (
        raised(),
        seen(quiet_sighting()),
        seen(a_sighting(principal=CI, origin=TERRAFORM), later(1)),
        *(ACTOR_ASKED, SAYS_YES, SAYS_NO),
        *(ACKNOWLEDGED, comment, CLOSED, BENIGN, REOPENED, ASKED, BEGUN, FAILED_CALL, NOT_VERIFIED),
        *(replace(ASKED, containment="SGW-TEST0001-c2"),),
        *(replace(READ_BACK, containment="SGW-TEST0001-c2"), REOPENED, EXEMPTED),
        *(REOPENED, ALSO_EXEMPTED),
        *climb_cases.STORY,
    )
    alert = evolve(None, entries)
    replies = (thread_line(entry, number, alert) for number, entry in enumerate(entries))
    return [
        {"entry": entry.kind, "text": reply.text, "broadcast": reply.broadcast}
        if reply
        else {"entry": entry.kind, "text": None}
        for entry, reply in zip(entries, replies, strict=True)
    ]
