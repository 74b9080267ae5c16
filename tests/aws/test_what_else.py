"""What else was done around an attack, over real calls, and an attacker's words in every answer."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.alerts.alert import Alert
from bot.alerts.entries import Found
from bot.alerts.evolve import evolve
from bot.alerts.fact import Question
from bot.alerts.familiar import Known as Familiar
from bot.alerts.judge import Judge, unmatched_outcome
from bot.alerts.outcome import Outcome
from bot.aws.history import EventHistory
from bot.aws.identities import IdentityReader
from bot.aws.permissions import PolicySimulator
from bot.aws.reader import GroupReader
from bot.aws.sessions import Roles, Sessions
from bot.aws.surroundings import NetworkReader
from bot.cloudtrail.principal import Principal
from bot.cloudtrail.record import Record, parse_record
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.exemptions.filed import Filed
from bot.investigation.about_group import Known, about_group
from bot.investigation.about_principal import Remembered, Surrounds, about_principal
from bot.investigation.lookups import Lookups
from bot.investigation.names import GroupNames
from bot.investigation.place import Map
from bot.investigation.run import Answer, Asker, Investigator
from bot.slack.views.found import found_view
from bot.slack.views.message import Shown, alert_message
from sandbox.aws.server import AwsServer
from sandbox.aws.world import World, build_world
from sandbox.scenarios import attacker
from tests.aws.conftest import PROD, REGION
from tests.builders import raised, seen

READ = "arn:aws:iam::{account}:role/sgwatch-read"
OTHER = "arn:aws:iam::{account}:role/terraform-ci"
JUDGE = Judge(Matcher(packaged().detections))


class Memory:
    """Nobody is known, nothing is remembered but what was delivered; the budget is never spent."""

    def __init__(self, *delivered: Record) -> None:
        self._outcomes = [unmatched_outcome(record) for record in delivered]

    def known(self, principal: Principal) -> Familiar:
        return Familiar(None)

    def history(
        self, by: str, value: str, count: int = 100, since: datetime | None = None
    ) -> list[Outcome]:
        return self._outcomes

    def spend(self, name: str, most: int, period: timedelta) -> timedelta | None:
        return None


class Counted:
    """CloudTrail's history, and how often it was asked."""

    def __init__(self, sessions: Sessions) -> None:
        self.calls = 0
        self._history = EventHistory(sessions)

    def page(self, stretch: Any) -> Any:
        self.calls += 1
        return self._history.page(stretch)


@pytest.fixture(scope="module")
def world(server: AwsServer) -> World:
    return build_world(server.url)


@pytest.fixture(scope="module")
def sessions(server: AwsServer, world: World) -> Iterator[Sessions]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "root")
        yield Sessions(REGION, Roles(READ), endpoint_url=server.url)


@pytest.fixture(scope="module")
def attack(server: AwsServer, world: World) -> tuple[Record, ...]:
    """Return the records of an attack: a group made and opened, an instance moved, IAM changed."""
    before = len(server.trail.records)
    attacker(world)
    return tuple(parse_record(record) for record in server.trail.records[before:])


@pytest.fixture
def enforced(server: AwsServer) -> Iterator[None]:
    server.enforce_policies()
    yield
    server.enforce_policies(on=False)


def alert_of(*records: Record) -> Alert:
    """Return the alert that records make; of those that no detection matches nothing is seen."""
    now = datetime.now(UTC)
    outcomes = (JUDGE.outcome(r, JUDGE.verdict(r), Filed(()), now) for r in records)
    sightings = [outcome.sighting for outcome in outcomes if outcome.sighting]
    entries = (seen(sighting, at=sighting.change.at) for sighting in sightings)
    return evolve(None, (replace(raised(), at=records[0].event_time), *entries))


def askers(sessions: Sessions, memory: Memory, pages: Counted) -> dict[Question, Asker]:
    groups = GroupReader(sessions)
    return {
        Question.GROUP_NAME: GroupNames(groups),
        **about_group(groups, NetworkReader(sessions), Known({PROD: "production"})),
        **about_principal(
            IdentityReader(sessions),
            PolicySimulator(sessions),
            lambda _: "",
            Lookups(pages, memory),
            Remembered(memory, memory),
            Surrounds(Map(lambda _: None)),
        ),
    }


def ask(
    sessions: Sessions, alert: Alert, *questions: Question, memory: Memory | None = None
) -> tuple[Alert, int]:
    """Return the alert with its answers, and how often event history was asked."""
    pages, now = Counted(sessions), datetime.now(UTC) + timedelta(seconds=5)
    investigator = Investigator(askers(sessions, memory or Memory(), pages))
    for _, answer in investigator.ask(alert, questions, now):
        assert isinstance(answer, Answer), answer
        alert = evolve(alert, (Found(at=now, facts=answer.facts, signals=answer.signals),))
    return alert, pages.calls


def test_who_makes_themselves_administrator_is_seen_to(
    sessions: Sessions, attack: tuple[Record, ...], enforced: None
) -> None:
    alert, calls = ask(sessions, alert_of(*attack), Question.ACTIVITY, Question.PERSISTENCE)
    activity, persistence = alert.facts
    at = f"{attack[-1].event_time:%H:%M}"
    assert activity.value == f"AttachUserPolicy AdministratorAccess {at}"
    assert [act.about for act in activity.acts] == ["AdministratorAccess, mallory"]
    assert persistence.value == (
        f"stays: AttachUserPolicy AdministratorAccess {at}; no other group in 24 h; "
        "may change any group"
    )
    assert [(signal.name, signal.weight) for signal in alert.signals] == [("persistence_made", 4)]
    assert calls == 2


def test_what_may_not_be_read_is_told(
    server: AwsServer, sessions: Sessions, attack: tuple[Record, ...], enforced: None
) -> None:
    elsewhere = Sessions(REGION, Roles(OTHER), endpoint_url=server.url)
    alert, _ = ask(elsewhere, alert_of(*attack), Question.PERSISTENCE)
    (fact,) = alert.facts
    assert fact.value.endswith("permissions not known")
    assert any("no permission for iam:SimulatePrincipalPolicy" in line for line in fact.more)


NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\U0010ffff]")
"""What no answer of AWS can hold."""

WORDS = [
    pytest.param("a\x00b\x1b[31mc\r\nd\te\u2028f\x85g", id="control characters"),
    pytest.param("\u202egnp.exe\u2066 \u200b\u200dzero \ud800", id="direction and width"),
    pytest.param("A" * 10_000, id="ten kilobytes"),
    pytest.param("mall\u043ery \u0410dministratorAccess", id="look-alike letters"),
    pytest.param("x; StopLogging 03:10", id="the words of an answer"),
    pytest.param("<!channel> *b* `c` <http://evil.example|ok> :fire: @here", id="markup"),
]


def spoken(record: Record, words: str, event_id: str) -> dict[str, Any]:
    """Return the record of such a call, with words wherever the caller or a forger chooses them."""
    identity = record.user_identity | {"userName": words, "accessKeyId": words}
    request = dict.fromkeys(("userName", "policyArn", "name", "groupName"), words)
    return record.raw | {
        "eventID": event_id,
        "userIdentity": identity,
        "userAgent": words,
        "sourceIPAddress": words,
        "requestParameters": (record.request_parameters or {}) | request,
    }


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in texts(item))
    elif isinstance(value, list | tuple):
        yield from (text for item in value for text in texts(item))


@pytest.mark.parametrize("words", WORDS)
def test_an_attackers_words_stay_words_in_every_answer(
    sessions: Sessions, world: World, attack: tuple[Record, ...], words: str
) -> None:
    _, opened, *_, attached = attack
    sent = NOT_XML.sub("", words)[:250]
    group = world.as_root().ec2.create_security_group(
        GroupName=f"g-{abs(hash(words))}", Description="x", VpcId=world.prod.vpc
    )["GroupId"]
    tags = [{"Key": key, "Value": sent} for key in ("Name", "Owner", "ManagedBy")]
    named = [group, world.prod.batch_instance]
    world.as_root().ec2.create_tags(Resources=named, Tags=tags)  # type: ignore[arg-type]
    world.as_root().ec2.modify_instance_attribute(
        InstanceId=world.prod.batch_instance, Groups=[group]
    )
    change = json.loads(json.dumps(spoken(opened, words, "e-1")).replace(_group(opened), group))
    acts = [
        parse_record(spoken(attached, words, "e-2") | {"eventName": words or "x"}),
        parse_record(spoken(attached, words, "e-3")),
        parse_record(spoken(attached, words, "e-4") | {"errorCode": f"AccessDenied{words}"}),
    ]
    alert, _ = ask(sessions, alert_of(parse_record(change)), *Question, memory=Memory(*acts))
    assert {fact.question for fact in alert.facts} >= set(Question) - {Question.GROUP_NAME}
    for fact in alert.facts:
        assert len(fact.value) <= 160
        for text in texts([fact.value, fact.unknown, fact.more, *map(_shown, fact.acts)]):
            assert text == "" or text.isprintable(), (fact.question, text)
            assert len(text) <= 500, (fact.question, text)
            assert not any(unicodedata.category(c) in {"Cf", "Cs"} for c in text)
    for signal in alert.signals:
        assert signal.text.isprintable()
        assert len(signal.text) <= 160
    activity = next(f for f in alert.facts if f.question is Question.ACTIVITY)
    assert activity.value.count("StopLogging") == 0
    asked = frozenset(Question)
    shown = json.dumps(found_view(alert, asked)) + repr(alert_message(alert, Shown(asked=asked)))
    assert "<!channel>" not in shown
    assert "<http://evil" not in shown


def _group(record: Record) -> str:
    return str((record.request_parameters or {})["groupId"])


def _shown(act: Any) -> dict[str, str]:
    """Return what is shown of an act: whose it is, it is compared by, and is kept as it was."""
    hidden = {"principal", "key", "at", "account"}
    return {name: value for name, value in asdict(act).items() if name not in hidden}
