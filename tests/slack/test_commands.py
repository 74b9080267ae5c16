"""``/sgwatch`` and App Home: what each person is answered."""

import pytest

from tests.slack.alerts import quiet_sighting
from tests.slack.office import Office


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("", "*Commands*", id="nothing"),
        pytest.param("help", "*Commands*", id="help"),
        pytest.param("HELP", "*Commands*", id="in capitals"),
        pytest.param(
            "exmpt SGW-1", "There is no “exmpt”. Did you mean /sgwatch exempt?", id="a typo"
        ),
        pytest.param("<!channel>", "There is no “<!channel>”.", id="a mention stays text"),
        pytest.param("exempt", "Say which alert", id="no alert"),
        pytest.param("exempt web", "“web” is no alert. Say which alert", id="not an alert"),
        pytest.param("exemptions", "No exemption is in force", id="none"),
    ],
)
def test_the_command_answers_the_asker_alone(at_work: Office, typed: str, said: str) -> None:
    at_work.person("rosa").command("/sgwatch", typed)
    assert at_work.person("rosa").wait_ephemeral().plain.startswith(said)


def test_an_alert_that_is_gone_is_told(at_work: Office) -> None:
    rosa = at_work.person("rosa")
    rosa.command("/sgwatch", "exempt SGW-GONE")
    rosa.wait_modal(lambda seen: "There is no alert SGW-GONE." in seen.plain)


def test_exemptions_in_force_are_listed(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting())
    rosa = at_work.person("rosa")
    form = at_work.form("rosa", at_work.show(alert_id), "Exempt")
    rosa.submit(form, {"reason": {"value": "The pipeline does this"}})
    rosa.wait_no_modal()
    rosa.command("/sgwatch", "exemptions")
    told = rosa.wait_ephemeral(lambda seen: "1 exemption in force" in seen.plain)
    assert "principal=role/terraform-ci" in told.plain


def test_an_outsider_sees_no_exemptions(at_work: Office) -> None:
    oscar = at_work.person("oscar")
    oscar.command("/sgwatch", "exemptions")
    told = oscar.wait_ephemeral(lambda seen: "right of a viewer" in seen.plain)
    assert "@sec-oncall" in told.plain


def test_the_home_lists_what_needs_somebody_with_the_way_there(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    message = at_work.show(alert_id)
    at_work.posted(alert_id, message)
    at_work.person("rosa").open_home()
    home = at_work.person("rosa").wait_home(lambda seen: alert_id in seen.plain)
    links = [block["text"]["text"] for block in home.blocks if block["type"] == "section"]
    assert any(f"/archives/{message.channel}/p{message.ts.replace('.', '')}|" in t for t in links)


def test_the_home_of_an_outsider_says_who_may_see_it(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.person("oscar").open_home()
    home = at_work.person("oscar").wait_home(lambda seen: "right of a viewer" in seen.plain)
    assert alert_id not in home.plain
