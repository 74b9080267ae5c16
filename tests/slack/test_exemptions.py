"""``/sgwatch exemptions``: shown, ended and extended, each answered to who asked alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.outcome import Fate
from bot.exemptions.model import Exemption
from tests.slack.alerts import CI, quiet_sighting
from tests.slack.office import Office
from tests.slack.test_trying import SCOPE, answer
from tests.store.events import an_outcome


def made(at_work: Office) -> str:
    answer(at_work, "rosa", f'exempt {SCOPE} for 7d because "CHG-12 rollout"', "is in force")
    return stored(at_work).id


def stored(at_work: Office) -> Exemption:
    [exemption] = at_work.store.exemptions.current()
    return exemption


def test_one_is_shown_with_what_it_hid(at_work: Office) -> None:
    name = made(at_work)
    hidden = replace(an_outcome("event-h", Fate.HIDDEN), alert="", hidden_by=(name,))
    at_work.store.events.write(replace(hidden, at=at_work.store.attention.now()))
    told = answer(at_work, "rosa", f"exemptions show {name.lower()}", f"Exemption {name}")
    assert "This exemption hid 1 change in the last" in told
    assert "AuthorizeSecurityGroupIngress on sg-0a1b by user/alice · critical" in told
    assert "“CHG-12 rollout” · @Rosa Lindqvist" in told
    assert "hid 1 change" in answer(at_work, "rosa", "exemptions list", "1 exemption in force")


def test_some_are_looked_for(at_work: Office) -> None:
    name = made(at_work)
    for words in ("principal=role/terraform-ci", "chg-12", "peers=10.1.2.3 rollout"):
        assert name in answer(at_work, "rosa", f"exemptions list {words}", "1 exemption in force")
    answer(at_work, "rosa", "exemptions list group=sg-9", "no such exemption: group=sg-9")
    answer(at_work, "rosa", f'exemptions end {name} because "it is done"', "has ended")
    answer(at_work, "rosa", "exemptions list rollout", "no such exemption: rollout")
    told = answer(at_work, "rosa", "exemptions search rollout", "0 exemptions in force, 1 ended")
    assert name in told


def test_one_is_extended_and_ended_and_both_are_kept(at_work: Office) -> None:
    name = made(at_work)
    began = stored(at_work)
    typed = f"exemptions extend {name} for 30 days because “takes longer”"
    answer(at_work, "alice", typed, "is extended until")
    assert stored(at_work).expires_at - began.created_at > timedelta(days=29)
    answer(at_work, "rosa", f'exemptions end {name} because "it is done"', "has ended")
    answer(at_work, "rosa", "exemptions", "No exemption is in force")
    told = answer(at_work, "rosa", f"exemptions show {name}", "it has ended")
    assert told.index("made by") < told.index("by @Alice Moreau: “takes longer”")
    assert "ended by @Rosa Lindqvist: “it is done”" in told


def test_nobody_lets_one_last_longer_that_hid_their_own_changes(at_work: Office) -> None:
    name = made(at_work)
    hidden = replace(an_outcome("event-o", Fate.HIDDEN), alert="", hidden_by=(name,))
    own = replace(quiet_sighting(), principal=replace(CI, person="alice@example.com"))
    now = at_work.store.attention.now()
    at_work.store.events.write(replace(hidden, at=now, sighting=own))
    longer = f'exemptions extend {name} for 30d because "takes longer"'
    answer(at_work, "alice", longer, "your own changes")
    answer(at_work, "rosa", longer, "is extended until")


@pytest.mark.parametrize(
    ("who", "typed", "said"),
    [
        pytest.param("rosa", "show", "Write: /sgwatch exemptions show EX-…", id="show which"),
        pytest.param("rosa", "show EX-NONE", "There is no exemption EX-NONE", id="none"),
        pytest.param("rosa", "end EX-NONE", "exemptions end EX-… because", id="no reason"),
        pytest.param(
            "rosa", 'end EX-NONE because "gone"', "There is no exemption EX-NONE", id="end none"
        ),
        pytest.param("rosa", "end EX-1 because done", "write why, in quotes", id="no quotes"),
        pytest.param(
            "rosa", 'end EX-1 for 3d because "done"', "Write: /sgwatch", id="an end takes no time"
        ),
        pytest.param("rosa", 'extend EX-1 because "more"', "extend EX-… for", id="no time"),
        pytest.param("rosa", "list grup=sg-1", "did you mean group?", id="no such clause"),
        pytest.param("rosa", "extnd EX-1", "did you mean extend?", id="a typo"),
        pytest.param("oscar", 'end EX-1 because "gone"', "right of a viewer", id="an outsider"),
    ],
)
def test_what_cannot_be_done_says_what_to_write(
    at_work: Office, who: str, typed: str, said: str
) -> None:
    answer(at_work, who, f"exemptions {typed}", said)
