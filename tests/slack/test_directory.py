"""Who somebody is and what they may do, as Slack says at that moment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.alerts.asking import Whom
from bot.alerts.people import Right
from bot.alerts.policy import RightsPolicy
from bot.slack.bolt import web_client
from bot.slack.directory import Directory, DirectoryError
from sandbox.slack.faults import Broken, Limited, Lost, Refused
from sandbox.slack.people import ALICE, BOT_USER, LEADS, MARCUS, ONCALL, OSCAR, ROSA
from sandbox.slack.server import SlackServer

RIGHTS = RightsPolicy(
    viewers=(OSCAR.id,),
    responders=(ONCALL.id,),
    approvers=(LEADS.id,),
    principals={ALICE.id: ("arn:aws:iam::123456789012:user/alice",)},
    version="p7",
)


class HandClock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def directory(slack: SlackServer, rights: RightsPolicy = RIGHTS, **fields: Any) -> Directory:
    return Directory(web_client(slack.bot_token, slack.api_url, timeout=2), rights, **fields)


@pytest.mark.parametrize(
    ("user", "right"),
    [
        pytest.param(ROSA.id, Right.RESPONDER, id="by user group"),
        pytest.param(MARCUS.id, Right.APPROVER, id="by another group"),
        pytest.param(OSCAR.id, Right.VIEWER, id="by name"),
        pytest.param(BOT_USER, Right.NONE, id="a bot may nothing"),
        pytest.param("U0NOBODY", Right.NONE, id="whom Slack does not know may nothing"),
    ],
)
def test_rights_come_from_groups_and_ids(slack: SlackServer, user: str, right: Right) -> None:
    assert directory(slack).person(user).right is right


def test_a_person_carries_what_decisions_need(slack: SlackServer) -> None:
    alice = directory(slack).person(ALICE.id)
    assert (alice.name, alice.email, alice.policy) == ("Alice Moreau", "alice@example.com", "p7")
    assert alice.principals == ("arn:aws:iam::123456789012:user/alice",)


@pytest.mark.parametrize(
    ("rights", "right"),
    [
        pytest.param(RightsPolicy(), Right.VIEWER, id="without viewers every member may look"),
        pytest.param(RightsPolicy(viewers=(ROSA.id,)), Right.NONE, id="with viewers only they may"),
        pytest.param(
            RightsPolicy(viewers=(OSCAR.id,), admins=(OSCAR.id,)), Right.ADMIN, id="the highest"
        ),
        pytest.param(
            RightsPolicy(viewers=(ROSA.id,), responders=("S0GONE",)),
            Right.NONE,
            id="a group that is gone has no members",
        ),
    ],
)
def test_who_is_named_nowhere(slack: SlackServer, rights: RightsPolicy, right: Right) -> None:
    assert directory(slack, rights).person(OSCAR.id).right is right


@pytest.mark.parametrize(
    "flags",
    [
        pytest.param({"is_restricted": True}, id="a guest"),
        pytest.param({"is_ultra_restricted": True}, id="a guest of one channel"),
        pytest.param({"deleted": True}, id="somebody who left"),
        pytest.param({"is_stranger": True}, id="a stranger"),
        pytest.param({"team_id": "T0OTHER"}, id="somebody of another workspace"),
    ],
)
def test_guests_and_strangers_may_nothing(slack: SlackServer, flags: Mapping[str, object]) -> None:
    assert altered(slack, flags).person(ROSA.id).right is Right.NONE


def altered(slack: SlackServer, flags: Mapping[str, object]) -> Directory:
    """Return a directory in which every user has these flags."""
    here = directory(slack)
    asked = here.client.api_call

    class Altered:
        def api_call(self, method: str, **arguments: Any) -> Any:
            answer = asked(method, **arguments)
            if method in {"users.info", "users.lookupByEmail"}:
                answer["user"].update(flags)
            return answer

    here.client = Altered()  # type: ignore[assignment]
    return here


@pytest.mark.parametrize(
    ("whom", "name"),
    [
        pytest.param(Whom(email="alice@example.com"), "Alice Moreau", id="by address"),
        pytest.param(Whom(email="ALICE@Example.com"), "Alice Moreau", id="however it is written"),
        pytest.param(Whom(slack_id=ALICE.id), "Alice Moreau", id="by the policy"),
        pytest.param(Whom(email="nobody@example.com"), "", id="an address of nobody here"),
        pytest.param(Whom(slack_id="U0NOBODY"), "", id="somebody who is not here"),
        pytest.param(Whom(slack_id=BOT_USER), "", id="a bot"),
    ],
)
def test_who_can_be_asked_is_a_full_member(slack: SlackServer, whom: Whom, name: str) -> None:
    found = directory(slack).find(whom)
    assert (found.name if found else "") == name


@pytest.mark.parametrize("whom", [Whom(email="rosa@example.com"), Whom(slack_id=ROSA.id)])
def test_a_guest_is_not_asked(slack: SlackServer, whom: Whom) -> None:
    assert altered(slack, {"is_restricted": True}).find(whom) is None


def test_nobody_is_looked_up_where_slack_does_not_answer(slack: SlackServer) -> None:
    slack.order_fault("users.lookupByEmail", Broken())
    with pytest.raises(DirectoryError):
        directory(slack).by_email("alice@example.com")


@pytest.mark.parametrize("method", ["users.info", "auth.test", "usergroups.users.list"])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Broken(), id="down"),
        pytest.param(Limited(), id="too many calls"),
        pytest.param(Lost(), id="no answer"),
        pytest.param(Refused("invalid_auth"), id="refused"),
    ],
)
def test_where_slack_does_not_answer_nobody_is_anybody(
    slack: SlackServer, method: str, fault: Broken | Limited | Lost | Refused
) -> None:
    slack.order_fault(method, fault)
    with pytest.raises(DirectoryError):
        directory(slack).person(ROSA.id)


def test_members_are_remembered_for_half_a_minute_at_most(slack: SlackServer) -> None:
    clock = HandClock()
    here = directory(slack, clock=clock)
    assert here.person(ROSA.id).right is Right.RESPONDER
    before = len(slack.calls_of("usergroups.users.list"))
    slack.do(lambda team: leave(team, ROSA.id))
    assert here.person(ROSA.id).right is Right.RESPONDER
    assert len(slack.calls_of("usergroups.users.list")) == before
    clock.now += 31
    assert here.person(ROSA.id).right is Right.NONE
    slack.do(leave)


def leave(team: Any, *users: str) -> None:
    """Take people out of the group on call."""
    left = [user for user in ONCALL.users if user not in users]
    team.groups[ONCALL.id] = replace(ONCALL, users=tuple(left))


@pytest.mark.parametrize(
    ("rights", "right", "said"),
    [
        pytest.param(
            RIGHTS,
            Right.RESPONDER,
            "Responders may: <!subteam^S0LEADS>, <!subteam^S0ONCALL>",
            id="groups",
        ),
        pytest.param(RIGHTS, Right.APPROVER, "Approvers may: <!subteam^S0LEADS>", id="only above"),
        pytest.param(
            RightsPolicy(admins=("U1",)),
            Right.RESPONDER,
            "Responders may: <@U1>",
            id="an admin too",
        ),
        pytest.param(
            RightsPolicy(), Right.RESPONDER, "the rights policy names no responder", id="nobody"
        ),
        pytest.param(RightsPolicy(), Right.VIEWER, "Every full member", id="everybody"),
    ],
)
def test_a_refusal_can_say_who_may(
    slack: SlackServer, rights: RightsPolicy, right: Right, said: str
) -> None:
    assert said in directory(slack, rights).who_may(right)
