"""``/sgwatch exemptions edit``: a new version, seen before it is saved; the second is told."""

from dataclasses import replace

from bot.alerts.life import Deed, Edit
from bot.exemptions.model import Exemption
from bot.exemptions.policy import ExemptionPolicy
from bot.exemptions.text import parse_scope, scope_text
from sandbox.slack.seen import SeenModal
from tests.builders import ROSA
from tests.slack.office import Office
from tests.slack.test_exemptions import made, stored
from tests.slack.test_trying import alerts_of_late, answer

WIDER = "principal=role/terraform-ci account=123456789012 ports=443"
WHY = {"reason": {"value": "the rollout is wider"}}


def form_of(at_work: Office, who: str, name: str) -> SeenModal:
    person = at_work.person(who)
    person.command("/sgwatch", f"exemptions edit {name.lower()}")
    return person.wait_modal(lambda modal: bool(modal.inputs()))


def refused(at_work: Office, who: str, name: str, said: str) -> None:
    person = at_work.person(who)
    person.command("/sgwatch", f"exemptions edit {name}")
    person.wait_modal(lambda modal: said in modal.plain)


def test_a_new_version_is_saved_once_it_was_seen_what_it_hides(at_work: Office) -> None:
    alerts_of_late(at_work)
    name = made(at_work)
    began, rosa = stored(at_work), at_work.person("rosa")
    form = form_of(at_work, "rosa", name)
    assert "hidden 1 of 2 alerts by role/terraform-ci" in form.plain
    rosa.submit(form, WHY | {"scope": {"value": WIDER}})
    again = rosa.wait_modal(lambda modal: "Nothing is saved yet" in modal.plain)
    assert "hidden 2 of 2 alerts by role/terraform-ci" in again.plain
    assert stored(at_work) == began
    assert rosa.submit(again, WHY) == {}
    rosa.wait_no_modal()
    edited = stored(at_work)
    assert edited == replace(began, scope=parse_scope(WIDER), version=2)
    line = at_work.store.exemptions.lived(name)[-1]
    assert (line.did, line.by.slack_id, line.before) == (Deed.EDITED, "U0ROSA", began)
    rosa.command("/sgwatch", f"exemptions show {name}")
    rosa.wait_ephemeral(lambda seen: "“the rollout is wider”" in seen.plain and "→" in seen.plain)


def test_the_second_of_two_editors_is_told(at_work: Office) -> None:
    name = made(at_work)
    form = form_of(at_work, "rosa", name)
    began, now = stored(at_work), at_work.store.attention.now()
    other = Edit(replace(began, reason="CHG-13 rollout"), "moved", began.version)
    at_work.store.exemptions.decide(name, other, ROSA, now, ExemptionPolicy())
    at_work.person("rosa").submit(form, WHY | {"ends": {"value": "2d"}})
    at_work.person("rosa").wait_modal(lambda modal: "it is version 2 now" in modal.plain)
    assert stored(at_work).reason == "CHG-13 rollout"


def test_faults_stand_beside_their_fields(at_work: Office) -> None:
    form = form_of(at_work, "rosa", made(at_work))
    given = {"scope": "grup=sg-1", "ends": "soon", "says": "ok"}
    wrong = at_work.person("rosa").submit(
        form, WHY | {field: {"value": text} for field, text in given.items()}
    )
    assert {field: "did you mean group?" in text for field, text in wrong.items()} == {
        "scope": True,
        "ends": False,
        "says": False,
    }
    wrong = at_work.person("rosa").submit(form, WHY | {"ends": {"value": "100d"}})
    assert "longest allowed is 90d" in wrong["ends"]


def test_nobody_widens_one_to_cover_themselves(at_work: Office) -> None:
    form = form_of(at_work, "alice", made(at_work))
    alice, own = at_work.person("alice"), "principal=role/Admin account=123456789012"
    alice.submit(form, WHY | {"scope": {"value": own}})
    again = alice.wait_modal(lambda modal: "Nothing is saved yet" in modal.plain)
    alice.submit(again, WHY)
    alice.wait_modal(lambda modal: "your own changes" in modal.plain)
    assert "terraform-ci" in scope_text(stored(at_work).scope)


def test_who_may_not_edit_is_told_instead_of_shown_a_form(at_work: Office) -> None:
    name = made(at_work)
    refused(at_work, "oscar", name, "right of a viewer")
    refused(at_work, "rosa", "EX-NONE", "There is no exemption EX-NONE")
    managed(at_work, stored(at_work))
    refused(at_work, "rosa", name, "managed by the file “team-web”")
    line = at_work.store.exemptions.lived(name)[-1]
    assert (line.did, line.wanted, line.by.slack_id) == (Deed.REFUSED, "edit", "U0ROSA")
    told = answer(at_work, "rosa", f"exemptions show {name}", "was refused to edit it")
    assert "managed by the file" in told


def managed(at_work: Office, held: Exemption) -> None:
    """Have the exemption taken over by a file."""
    now = at_work.store.attention.now()
    wanted = Edit(held, "as in the file", held.version, file="team-web")
    at_work.store.exemptions.decide(held.id, wanted, ROSA, now, ExemptionPolicy())
