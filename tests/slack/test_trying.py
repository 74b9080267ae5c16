"""An exemption is tried on the alerts of late: in the form, and with the command."""

from dataclasses import replace

import pytest

from bot.alerts.alert import Status
from bot.alerts.sighting import Sighting
from tests.builders import a_principal
from tests.slack.alerts import CONSOLE, quiet_sighting
from tests.slack.office import Office

SCOPE = "principal=role/terraform-ci account=123456789012 ports=443 peers=10.1.0.0/16"


def by_hand(number: int) -> Sighting:
    return replace(quiet_sighting(number), origin=CONSOLE)


def alerts_of_late(at_work: Office) -> list[str]:
    """Return two alerts by the pipeline of which SCOPE covers the first, and an older one."""
    now = at_work.store.attention.now()
    at_work.raise_alert(quiet_sighting(1))
    return [at_work.raise_alert(quiet_sighting(number), at=now) for number in (1, 2)]


def answer(at_work: Office, who: str, typed: str, said: str) -> str:
    person = at_work.person(who)
    person.command("/sgwatch", typed)
    return person.wait_ephemeral(lambda seen: said in seen.plain).plain


def test_a_dry_run_tells_what_would_be_hidden_and_saves_nothing(at_work: Office) -> None:
    covered, other = alerts_of_late(at_work)
    told = answer(at_work, "alice", f"exempt {SCOPE} --dry-run", "Nothing is saved")
    assert "hidden 1 of 2 alerts by role/terraform-ci; not this one:" in told
    assert f"{other}: AuthorizeSecurityGroupIngress" in told
    assert covered not in told.partition("would have hidden")[2]
    assert not list(at_work.store.exemptions.current())


def test_saved_with_the_command_it_is_in_force_with_the_same_preview(at_work: Office) -> None:
    alerts_of_late(at_work)
    typed = f"exempt {SCOPE} for 30d because “CHG-12 rollout”"
    told = answer(at_work, "rosa", typed, "is in force")
    assert "hidden 1 of 2 alerts by role/terraform-ci" in told
    [exemption] = at_work.store.exemptions.current()
    assert (exemption.reason, exemption.owner) == ("CHG-12 rollout", "U0ROSA")
    assert (exemption.expires_at - exemption.created_at).days == 30
    [made] = at_work.store.exemptions.lived(exemption.id)
    assert (made.by.slack_id, made.reason) == ("U0ROSA", "CHG-12 rollout")


@pytest.mark.parametrize(
    ("who", "typed", "said"),
    [
        pytest.param("oscar", f"exempt {SCOPE} --dry-run", "right of a viewer", id="an outsider"),
        pytest.param(
            "alice",
            'exempt principal=role/Admin account=123456789012 for 1d because "mine"',
            "your own changes",
            id="their own changes",
        ),
        pytest.param("rosa", f"exempt {SCOPE}", "Say why", id="nothing said"),
        pytest.param("rosa", f"exempt {SCOPE} for 1d", "Say why", id="no reason"),
        pytest.param("rosa", "exempt ports=443 --dry-run", "by anyone", id="too wide"),
        pytest.param("rosa", f"exempt {SCOPE} for 900d --dry-run", "longest", id="too long"),
        pytest.param("rosa", "exempt prots=443", "did you mean ports?", id="a typo"),
    ],
)
def test_what_may_not_be_saved_says_why(at_work: Office, who: str, typed: str, said: str) -> None:
    answer(at_work, who, typed, said)
    assert not list(at_work.store.exemptions.current())


def test_the_form_shows_it_and_tries_again_what_was_typed(at_work: Office) -> None:
    now = at_work.store.attention.now()
    at_work.raise_alert(quiet_sighting(2), at=now)
    alert_id = at_work.raise_alert(by_hand(1), at=now)
    form = at_work.form("rosa", at_work.show(alert_id), "Exempt")
    assert "hidden 1 of 2 alerts by role/terraform-ci" in form.plain
    rosa = at_work.person("rosa")
    values = {"peers": {"value": "10.0.0.0/8"}, "reason": {"value": "CHG-1"}}
    rosa.click_in(form, "exempt_preview", values=values)
    again = rosa.wait_modal(lambda seen: "hidden 2 of 2 alerts" in seen.plain)
    assert again.values["reason"]["value"]["value"] == "CHG-1"
    rosa.submit(again, values)
    at_work.wait_for(alert_id, Status.RESOLVED)


def test_a_broad_scope_is_warned_of_in_the_form(at_work: Office) -> None:
    now = at_work.store.attention.now()
    at_work.raise_alert(replace(quiet_sighting(2), principal=a_principal("bob")), at=now)
    alert_id = at_work.raise_alert(by_hand(1), at=now)
    form = at_work.form("rosa", at_work.show(alert_id), "Exempt")
    assert "⚠️" not in form.plain
    values = {"principal": {"value": ""}, "peers": {"value": "10.0.0.0/8"}}
    at_work.person("rosa").click_in(form, "exempt_preview", values=values)
    said = "would have hidden changes by 1 other principal: user/bob"
    at_work.person("rosa").wait_modal(lambda seen: said in seen.plain)


def test_what_cannot_be_tried_is_told_in_the_form(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting(1))
    form = at_work.form("rosa", at_work.show(alert_id), "Exempt")
    rosa = at_work.person("rosa")
    rosa.click_in(form, "exempt_preview", values={"groups": {"value": "web"}})
    again = rosa.wait_modal(lambda seen: "sg-0a1b2c3d" in seen.plain and "⚠️" in seen.plain)
    assert again.values["groups"]["value"]["value"] == "web"


def test_a_pattern_beside_a_whole_name_is_tried_on_all_whom_it_fits(at_work: Office) -> None:
    alerts_of_late(at_work)
    scope = SCOPE.replace("role/terraform-ci", "user/nobody,role/terraform-*")
    told = answer(at_work, "alice", f"exempt {scope} --dry-run", "Nothing is saved")
    assert "hidden 1 of 2 alerts" in told
