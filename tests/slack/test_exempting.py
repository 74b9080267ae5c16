"""Exempting, from the button and from the command: what is typed, refused and stored."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.alert import ResolutionKind, Status
from bot.alerts.sighting import Sighting
from bot.exemptions.model import Exemption, Scope
from sandbox.slack.seen import SeenModal
from tests.slack.alerts import ACCOUNT, CI, CONSOLE, PERSON, quiet_sighting
from tests.slack.office import Office

REASON = {"reason": {"value": "The pipeline does this"}}


def form_of(at_work: Office, alert_id: str) -> SeenModal:
    return at_work.form("rosa", at_work.show(alert_id), "Exempt")


def typed(form: SeenModal) -> dict[str, str | None]:
    return {name: values["value"].get("value") for name, values in form.values.items()}


def stored(at_work: Office) -> Exemption:
    [exemption] = at_work.store.exemptions.current()
    return exemption


def choose(at_work: Office, form: SeenModal, label: str) -> SeenModal:
    button, rosa = form.button(label), at_work.person("rosa")
    rosa.click_in(form, button.action_id, block_id=button.block_id, values=REASON)
    return rosa.wait_modal(lambda modal: label not in [each.label for each in modal.buttons])


def by_hand(number: int = 1) -> Sighting:
    return replace(quiet_sighting(number), origin=CONSOLE)


def test_the_form_is_prefilled_so_that_it_covers_the_change(at_work: Office) -> None:
    alert_id = at_work.raise_alert(by_hand(1), by_hand(2))
    form = form_of(at_work, alert_id)
    assert typed(form) | {"direction": None, "expiry": None, "reason": None} == {
        "principal": CI.id,
        "accounts": ACCOUNT,
        "regions": "eu-west-1",
        "groups": "sg-0a1b",
        "actions": None,
        "ports": "443/tcp",
        "peers": "10.1.0.0/16, 10.2.0.0/16",
        "more": None,
        "direction": None,
        "expiry": None,
        "reason": None,
    }
    assert at_work.person("rosa").submit(form, REASON | {"expiry": {"value": "30d"}}) == {}
    end = at_work.wait_for(alert_id, Status.RESOLVED).resolution
    at_work.person("rosa").wait_no_modal()
    exemption = stored(at_work)
    assert end is not None
    assert (end.kind, end.detail) == (ResolutionKind.EXEMPTED, exemption.id)
    assert (exemption.owner, exemption.alert) == ("U0ROSA", alert_id)
    assert exemption.expires_at - exemption.created_at == timedelta(days=30)
    assert not exemption.allow_world


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        pytest.param({"ports": {"value": "443/tpc"}}, "ports", "did you mean tcp?", id="a typo"),
        pytest.param({"peers": {"value": "10.0.0.1/8"}}, "peers", "10.0.0.0/8?", id="a range"),
        pytest.param({"accounts": {"value": "prdo"}}, "accounts", "mean prod?", id="an account"),
        pytest.param({"more": {"value": "tol=Terraform"}}, "more", "mean tool?", id="a clause"),
        pytest.param({"more": {"value": "ports=443"}}, "more", "its own: Ports", id="of a field"),
        pytest.param(
            {"more": {"value": "session=*"}}, "more", "nearly everything", id="any session"
        ),
        pytest.param({"groups": {"value": "web"}}, "groups", "sg-0a1b2c3d", id="a group"),
        pytest.param({"reason": {"value": "ok"}}, "reason", "in six months", id="no reason"),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field(
    at_work: Office, given: dict[str, dict[str, str]], field: str, said: str
) -> None:
    alert_id = at_work.raise_alert(quiet_sighting())
    wrong = at_work.person("rosa").submit(form_of(at_work, alert_id), REASON | given)
    assert list(wrong) == [field]
    assert said in wrong[field]
    assert at_work.alert(alert_id).status is Status.OPEN


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(
            {"ports": {"value": "22/tcp"}},
            "would not cover all of the alert: AuthorizeSecurityGroupIngress on sg-0a1b",
            id="another port",
        ),
        pytest.param(
            {name: {"value": ""} for name in ("principal", "groups", "peers")},
            "would hide changes by anyone",
            id="a scope that would hide nearly everything",
        ),
    ],
)
def test_a_scope_that_does_not_fit_is_shown_again_with_what_was_typed(
    at_work: Office, given: dict[str, dict[str, str]], said: str
) -> None:
    alert_id = at_work.raise_alert(quiet_sighting())
    rosa = at_work.person("rosa")
    rosa.submit(form_of(at_work, alert_id), REASON | given)
    again = rosa.wait_modal(lambda modal: said in modal.plain)
    values = typed(again)
    assert values["reason"] == "The pipeline does this"
    assert {name: values[name] or "" for name in given} == {
        name: entered["value"] for name, entered in given.items()
    }
    mended = {"ports": "443/tcp", "principal": CI.id, "groups": "sg-0a1b", "peers": "10.1.0.0/16"}
    rosa.submit(again, {name: {"value": text} for name, text in mended.items()})
    at_work.wait_for(alert_id, Status.RESOLVED)


def test_for_automation_the_first_scope_is_role_tool_and_network(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting(1), quiet_sighting(2))
    form = form_of(at_work, alert_id)
    assert "role/terraform-ci with Terraform from 203.0.113.20/32" in form.plain
    assert "203.0.113.20 is in none of your ranges" in form.plain
    assert "can be forged" in form.plain
    assert {name: text for name, text in typed(form).items() if text} == {
        "principal": CI.id,
        "accounts": ACCOUNT,
        "more": "tool=Terraform source=203.0.113.20/32",
    }
    assert at_work.person("rosa").submit(form, REASON) == {}
    at_work.wait_for(alert_id, Status.RESOLVED)
    assert stored(at_work).scope == Scope(
        principals=(CI.id,),
        accounts=(ACCOUNT,),
        tools=("Terraform",),
        sources=("203.0.113.20/32",),
    )


def test_choosing_another_scope_fills_the_fields_anew_and_keeps_the_reason(
    at_work: Office,
) -> None:
    alert_id = at_work.raise_alert(quiet_sighting())
    rosa = at_work.person("rosa")
    form = form_of(at_work, alert_id)
    chosen: list[str | None] = []
    for label in ("Use 3", "Use 2"):
        form = choose(at_work, form, label)
        chosen += [text for name, text in typed(form).items() if name.startswith("more")]
        assert typed(form)["reason"] == "The pipeline does this"
    assert chosen == ["tool=Terraform", "source=203.0.113.20/32"]
    more = next(name for name in form.values if name.startswith("more"))
    wrong = rosa.submit(form, REASON | {more: {"value": "source=203.0.113.20/33"}})
    assert list(wrong) == [more]
    assert rosa.submit(form, REASON) == {}
    at_work.wait_for(alert_id, Status.RESOLVED)
    assert stored(at_work).scope.sources == ("203.0.113.20/32",)


def test_an_account_may_be_given_by_its_name(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting())
    form = form_of(at_work, alert_id)
    assert at_work.person("rosa").submit(form, REASON | {"accounts": {"value": "Prod"}}) == {}
    at_work.wait_for(alert_id, Status.RESOLVED)
    assert stored(at_work).scope.accounts == (ACCOUNT,)


def test_what_opens_to_the_world_needs_a_tick_of_its_own(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    form = form_of(at_work, alert_id)
    rosa = at_work.person("rosa")
    assert list(rosa.submit(form, REASON)) == ["world"]
    assert rosa.submit(form, REASON | {"world": {"value": ["yes"]}}) == {}
    at_work.wait_for(alert_id, Status.RESOLVED)
    assert stored(at_work).allow_world


def test_the_command_opens_the_same_form(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting())
    rosa = at_work.person("rosa")
    rosa.command("/sgwatch", f"exempt {alert_id.lower()}")
    form = rosa.wait_modal(lambda modal: bool(modal.inputs()))
    assert typed(form)["principal"] == CI.id
    rosa.submit(form, REASON)
    at_work.wait_for(alert_id, Status.RESOLVED)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"principal": {"value": ""}, "peers": {"value": ""}}, "principal", id="empty"),
        pytest.param({"principal": {"value": f"{CI.id}\n{PERSON.id}"}}, "principal", id="by name"),
        pytest.param({"more": {"value": "person=alice@example.com"}}, "more", id="as a person"),
    ],
)
def test_what_would_cover_the_savers_own_changes_is_told_beside_its_field(
    at_work: Office, given: dict[str, dict[str, str]], field: str
) -> None:
    own = replace(by_hand(2), principal=PERSON)
    at_work.raise_alert(own, at=at_work.store.attention.now())
    alert_id = at_work.raise_alert(by_hand(1))
    form = at_work.form("alice", at_work.show(alert_id), "Exempt")
    wrong = at_work.person("alice").submit(form, REASON | given)
    assert {name: "your own changes" in said for name, said in wrong.items()} == {field: True}
    assert at_work.refused(alert_id)
    assert not list(at_work.store.exemptions.current())


def test_nor_does_somebody_whom_their_identity_provider_names_exempt_a_role_they_share(
    at_work: Office,
) -> None:
    shared = replace(CI, person="rosa@example.com")
    own = replace(by_hand(2), principal=shared)
    at_work.raise_alert(own, at=at_work.store.attention.now())
    form = form_of(at_work, at_work.raise_alert(by_hand(1)))
    wrong = at_work.person("rosa").submit(form, REASON | {"peers": {"value": "10.0.0.0/8"}})
    assert "your own changes" in wrong["principal"]
