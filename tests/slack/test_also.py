"""An exemption that is saved also resolves the open alerts that it covers, as it said it would."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.alert import ResolutionKind, Status
from bot.alerts.entries import AlsoExempted, ChangeSeen, Refused
from bot.alerts.life import End
from bot.alerts.sighting import Sighting
from bot.covering import Coverer
from bot.exemptions.model import Exemption
from bot.exemptions.policy import ExemptionPolicy
from tests.builders import NOON, ROSA, a_principal
from tests.slack.alerts import CI, quiet_sighting
from tests.slack.office import Office

REASON = {"reason": {"value": "The pipeline does this"}}
SCOPE = "principal=role/terraform-ci account=prod peers=10.0.0.0/8"
TYPED = f'exempt {SCOPE} for 30d because "CHG-12 rollout"'


def attend(at_work: Office) -> timedelta | None:
    """Attend the chore, as a worker does that woke for it."""
    return Coverer(at_work.store).attend(lambda: None)


def statuses(at_work: Office, *alerts: str) -> list[Status]:
    return [at_work.alert(alert_id).status for alert_id in alerts]


def answer(at_work: Office, typed: str, said: str) -> str:
    rosa = at_work.person("rosa")
    rosa.command("/sgwatch", typed)
    return rosa.wait_ephemeral(lambda seen: said in seen.plain).plain


def by_rosa(number: int) -> Sighting:
    """Return a change whose session says that it was Rosa's."""
    return replace(quiet_sighting(number), principal=replace(CI, person="rosa@example.com"))


def with_world(number: int) -> tuple[Sighting, Sighting]:
    other = replace(quiet_sighting(number), principal=a_principal("bob"))
    return quiet_sighting(number), other


def test_the_form_says_first_what_it_also_resolves_and_does_it(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting(1))
    other = at_work.raise_alert(quiet_sighting(2), quiet_sighting(3))
    partly = at_work.raise_alert(*with_world(4))
    form = at_work.form("rosa", at_work.show(alert_id), "Exempt")
    assert f"Also resolves {other}." in form.plain
    at_work.person("rosa").submit(form, REASON)
    at_work.wait_for(alert_id, Status.RESOLVED)
    assert attend(at_work) is None
    assert statuses(at_work, other, partly) == [Status.RESOLVED, Status.OPEN]
    end, first = at_work.alert(other).resolution, at_work.alert(alert_id).resolution
    assert end is not None
    assert first is not None
    assert (end.kind, end.by.slack_id) == (ResolutionKind.EXEMPTED, "U0ROSA")
    assert (end.reason, end.detail) == ("The pipeline does this", first.detail)


def test_what_the_form_did_not_say_stays_open(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting(1))
    grown = at_work.raise_alert(quiet_sighting(2))
    form = at_work.form("rosa", at_work.show(alert_id), "Exempt")
    late = at_work.raise_alert(quiet_sighting(3))
    at_work.store.timelines.observe(grown, ChangeSeen(at=NOON, sighting=quiet_sighting(4)))
    at_work.person("rosa").submit(form, REASON)
    at_work.wait_for(alert_id, Status.RESOLVED)
    attend(at_work)
    assert statuses(at_work, grown, late) == [Status.OPEN, Status.OPEN]


def test_the_command_says_it_in_its_dry_run_and_does_it(at_work: Office) -> None:
    one, two = (at_work.raise_alert(quiet_sighting(n)) for n in (1, 2))
    own = at_work.raise_alert(by_rosa(3))
    for typed, said in ((f"exempt {SCOPE} --dry-run", "Nothing is saved"), (TYPED, "in force")):
        told = answer(at_work, typed, said)
        assert all(alert_id in told.partition("resolves")[2] for alert_id in (one, two))
        assert own not in told
        attend(at_work)
    assert statuses(at_work, one, two, own) == [Status.RESOLVED, Status.RESOLVED, Status.OPEN]
    assert isinstance(at_work.entries(one)[-1], AlsoExempted)
    assert not at_work.refused(own)


def saved(at_work: Office) -> Exemption:
    answer(at_work, TYPED, "in force")
    [exemption] = at_work.store.exemptions.current()
    return exemption


def test_a_worker_that_is_killed_between_leaves_the_rest_to_the_next(at_work: Office) -> None:
    alerts = [at_work.raise_alert(quiet_sighting(n)) for n in (1, 2, 3)]
    saved(at_work)
    renewed = 0

    def killed() -> None:
        nonlocal renewed
        renewed += 1
        if renewed == 3:
            raise SystemExit

    with pytest.raises(SystemExit):
        Coverer(at_work.store).attend(killed)
    assert statuses(at_work, *alerts).count(Status.RESOLVED) == 2
    attend(at_work)
    attend(at_work)
    assert set(statuses(at_work, *alerts)) == {Status.RESOLVED}
    for alert_id in alerts:
        kinds = [type(entry) for entry in at_work.entries(alert_id)]
        assert kinds.count(AlsoExempted) == 1
        assert Refused not in kinds


def test_one_that_has_ended_meanwhile_resolves_nothing(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting(1))
    exemption, now = saved(at_work), at_work.store.attention.now()
    at_work.store.exemptions.decide(exemption.id, End("a mistake"), ROSA, now, ExemptionPolicy())
    assert attend(at_work) is None
    assert statuses(at_work, alert_id) == [Status.OPEN]
    assert not at_work.store.coverings.planned()


def test_what_is_planned_waits_a_minute_for_its_exemption(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting(1))
    saved(at_work)
    [planned] = at_work.store.coverings.planned()
    refused = replace(planned, exemption="EX-REFUSED")
    at_work.store.coverings.plan(refused)
    assert attend(at_work) == timedelta(seconds=1)
    assert at_work.store.coverings.planned() == [refused]
    at_work.store.coverings.plan(replace(refused, at=planned.at - timedelta(minutes=2)))
    assert attend(at_work) is None
    assert not at_work.store.coverings.planned()
    assert statuses(at_work, alert_id) == [Status.RESOLVED]


def test_it_is_nobody_elses_who_saved_another_of_that_name(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting(1))
    saved(at_work)
    [planned] = at_work.store.coverings.planned()
    at_work.store.coverings.plan(replace(planned, by=replace(planned.by, slack_id="U0OTHER")))
    attend(at_work)
    assert statuses(at_work, alert_id) == [Status.OPEN]
