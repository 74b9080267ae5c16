"""The real slack-bolt over the stand-in's sockets: modals, from opening to closing."""

from collections.abc import Iterator

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.slack_app import ASK, Bot, a_bot
from tests.sandbox.slack_bot import actions, button, modal


@pytest.fixture(scope="module")
def a_running_bot() -> Iterator[Bot]:
    with a_bot() as running:
        yield running


@pytest.fixture
def bot(a_running_bot: Bot) -> Bot:
    a_running_bot.forget()
    return a_running_bot


def test_a_modal_opens_refuses_and_closes(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    form = rosa.wait_modal()
    assert (form.title, form.inputs()) == ("Why?", {"Reason": ("reason", "text")})
    assert rosa.submit(form, {"reason": {"text": "bad"}}) == {"reason": "Say more."}
    assert rosa.modals()[0].values["reason"]["text"]["value"] == "bad"
    assert rosa.submit(form, {"reason": {"text": "fine"}}) == {}
    assert rosa.modals() == []


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        pytest.param("", "Please complete this required field.", id="nothing"),
        pytest.param("no", "Please enter at least 3 characters.", id="too little"),
    ],
)
def test_slacks_client_lets_no_wrong_input_pass(bot: Bot, typed: str, problem: str) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    assert rosa.submit(rosa.wait_modal(), {"reason": {"text": typed}}) == {"reason": problem}
    assert bot.bodies.empty()


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        pytest.param("next", ["Step two"], id="update shows another in its place"),
        pytest.param("deep", ["Why?", "On top"], id="push lays another on top"),
    ],
)
def test_a_submission_may_lead_on(bot: Bot, typed: str, titles: list[str]) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    rosa.submit(rosa.wait_modal(), {"reason": {"text": typed}})
    views = rosa.modals()
    assert [view.title for view in views] == titles


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        pytest.param("fine", ["Why?"], id="nothing closes the topmost"),
        pytest.param("clear", [], id="clear closes all"),
    ],
)
def test_a_submission_on_top_may_close_all(bot: Bot, typed: str, titles: list[str]) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    rosa.submit(rosa.wait_modal(), {"reason": {"text": "deep"}})
    rosa.submit(rosa.modals()[-1], {"reason": {"text": typed}})
    assert [view.title for view in rosa.modals()] == titles


def test_a_modal_is_only_for_the_one_who_opened_it(bot: Bot) -> None:
    rosa, oscar = bot.workspace.person("rosa"), bot.workspace.person("oscar")
    rosa.click(bot.posted(ASK), "ask")
    rosa.wait_modal()
    assert oscar.modals() == []


def test_closing_is_told_if_the_modal_asked_for_it(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    form = rosa.wait_modal()
    bot.client.views_update(view_id=form.id, view=modal("Why?", notify_on_close=True))
    rosa.close(rosa.modals()[0])
    body = bot.told()
    assert (body["type"], body["is_cleared"], body["view"]["id"]) == ("view_closed", False, form.id)


def test_an_update_against_an_old_hash_is_refused(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    form = rosa.wait_modal()
    bot.client.views_update(view_id=form.id, hash=form.hash, view=modal("Newer"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        bot.client.views_update(view_id=form.id, hash=form.hash, view=modal("Older"))
    assert rosa.modals()[0].title == "Newer"


def test_a_trigger_opens_one_modal(bot: Bot) -> None:
    bot.workspace.person("rosa").click(bot.posted(actions(button("K", "k"), block_id="keep")), "k")
    trigger_id = bot.told()["trigger_id"]
    bot.client.views_open(trigger_id=trigger_id, view=modal("First"))
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        bot.client.views_open(trigger_id=trigger_id, view=modal("Second"))


def test_a_trigger_expires_in_three_seconds(bot: Bot) -> None:
    bot.workspace.person("rosa").click(bot.posted(actions(button("K", "k"), block_id="keep")), "k")
    trigger_id = bot.told()["trigger_id"]
    bot.clock.advance(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        bot.client.views_open(trigger_id=trigger_id, view=modal("Late"))


def test_three_modals_lie_on_each_other_and_no_more(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    keeping = actions(button("K", "k"), block_id="keep")
    rosa.click(bot.posted(keeping), "k")
    bot.client.views_open(trigger_id=bot.told()["trigger_id"], view=modal("1", keeping))
    for title in ("2", "3"):
        rosa.click_in(rosa.modals()[-1], "k")
        bot.client.views_push(trigger_id=bot.told()["trigger_id"], view=modal(title, keeping))
    rosa.click_in(rosa.modals()[-1], "k")
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        bot.client.views_push(trigger_id=bot.told()["trigger_id"], view=modal("4", keeping))
    modals = rosa.modals()
    assert [view.title for view in modals] == ["1", "2", "3"]
    assert {view.root_id for view in modals} == {modals[0].id}
