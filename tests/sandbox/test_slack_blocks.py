"""Block Kit's limits, as the stand-in refuses what goes beyond them."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.blocks.checking import block_findings, check_view, view_findings
from sandbox.slack.blocks.kinds import HOME, MESSAGE, MODAL
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.server import SlackServer
from tests.sandbox.slack_bot import (
    ALERTS,
    actions,
    button,
    modal,
    no_proxy,
    section,
    text_input,
    web_client,
)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str, text: str = "An option") -> Json:
    return {"text": plain(text), "value": value}


def select(**fields: object) -> Json:
    return {"type": "static_select", "action_id": "pick", **fields}


def confirm(title: str = "Sure?", text: str = "Really?") -> Json:
    return {"title": plain(title), "text": plain(text)}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def fields(count: int, length: int = 1) -> Json:
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * length}] * count}


FITTING = [
    pytest.param([section("x" * 3000)], id="a section of 3,000 characters"),
    pytest.param([fields(10, 2000)], id="10 fields of 2,000 characters"),
    pytest.param([{"type": "header", "text": plain("x" * 150)}], id="a header of 150 characters"),
    pytest.param([{"type": "divider"}] * 50, id="50 blocks"),
    pytest.param([actions(*(button("Go", f"go{n}") for n in range(25)))], id="25 buttons"),
    pytest.param([actions(button("x" * 75, "go", value="y" * 2000))], id="a button at its limits"),
    pytest.param([actions(select(options=[option(str(n)) for n in range(100)]))], id="100 options"),
    pytest.param(
        [actions(button("Go", "go", confirm=confirm("x" * 100, "y" * 300)))],
        id="a confirmation at its limits",
    ),
    pytest.param([{"type": "table", "rows": [[cell()] * 20] * 100}], id="100 rows of 20 cells"),
    pytest.param([{"type": "markdown", "text": "# Hello"}], id="markdown in a message"),
    pytest.param(
        [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
                    }
                ],
            }
        ],
        id="rich text",
    ),
]

WRONG = [
    pytest.param([section("x" * 3001)], "must be less than 3001 characters", "/0/text/text",
        id="a section of 3,001 characters"),
    pytest.param([section("")], "must be more than 0 characters", "/0/text/text",
        id="an empty section"),
    pytest.param([{"type": "section"}], "must define either `text` or `fields`", "/0",
        id="a section without text"),
    pytest.param([fields(11)], "no more than 10 items allowed", "/0/fields", id="11 fields"),
    pytest.param([fields(1, 2001)], "must be less than 2001 characters", "/0/fields/0/text",
        id="a field of 2,001 characters"),
    pytest.param([{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters", "/0/text/text", id="a header of 151 characters"),
    pytest.param([{"type": "header", "text": {"type": "mrkdwn", "text": "*x*"}}],
        "unsupported type: mrkdwn", "/0/text/type", id="formatting in a header"),
    pytest.param([{"type": "divider"}] * 51, "no more than 50 items allowed", "",
        id="51 blocks"),
    pytest.param([{"type": "context", "elements": [plain("x")] * 11}],
        "no more than 10 items allowed", "/0/elements", id="11 elements in a context"),
    pytest.param([actions(*(button("Go", f"go{n}") for n in range(26)))],
        "no more than 25 items allowed", "/0/elements", id="26 buttons"),
    pytest.param([actions()], "no fewer than 1 items allowed", "/0/elements", id="no buttons"),
    pytest.param([actions(button("x" * 76, "go"))],
        "must be less than 76 characters", "/0/elements/0/text/text", id="a long label"),
    pytest.param([actions(button("Go", "go", value="x" * 2001))],
        "must be less than 2001 characters", "/0/elements/0/value", id="a long value"),
    pytest.param([actions(button("Go", "x" * 256))],
        "must be less than 256 characters", "/0/elements/0/action_id", id="a long action_id"),
    pytest.param([actions(button("Go", "go", style="loud"))],
        "must be one of primary, danger", "/0/elements/0/style", id="an unknown style"),
    pytest.param([actions(button("Go", "go"), button("Stay", "go"))],
        "action_id already exists: go", "/0/elements/1/action_id", id="two actions of one id"),
    pytest.param([section("a") | {"block_id": "b"}, section("c") | {"block_id": "b"}],
        "block_id already exists: b", "/1/block_id", id="two blocks of one id"),
    pytest.param([section("a") | {"block_id": "x" * 256}],
        "must be less than 256 characters", "/0/block_id", id="a long block_id"),
    pytest.param([section("a") | {"color": "red"}], "invalid additional property: color", "/0",
        id="a field that Slack does not know"),
    pytest.param([{"type": "banner"}], "unsupported type: banner", "/0/type",
        id="a block that Slack does not know"),
    pytest.param([{"text": plain("x")}], "missing required field: type", "/0",
        id="a block without a type"),
    pytest.param([actions(select(options=[option(str(n)) for n in range(101)]))],
        "no more than 100 items allowed", "/0/elements/0/options", id="101 options"),
    pytest.param([actions(select())], "must define either `options` or `option_groups`",
        "/0/elements/0", id="a menu without options"),
    pytest.param([actions(select(options=[option("a")], initial_option=option("b")))],
        "must match one of the options", "/0/elements/0/initial_option",
        id="a first choice that is not offered"),
    pytest.param([actions(select(options=[option("a", "x" * 76)]))],
        "must be less than 76 characters", "/0/elements/0/options/0/text/text",
        id="an option of 76 characters"),
    pytest.param([actions({"type": "overflow", "action_id": "o",
        "options": [option(str(n)) for n in range(6)]})],
        "no more than 5 items allowed", "/0/elements/0/options", id="6 options in an overflow"),
    pytest.param([actions(button("Go", "go", confirm=confirm("x" * 101)))],
        "must be less than 101 characters", "/0/elements/0/confirm/title/text",
        id="a confirmation's long title"),
    pytest.param([actions(button("Go", "go", confirm=confirm(text="x" * 301)))],
        "must be less than 301 characters", "/0/elements/0/confirm/text/text",
        id="a confirmation's long text"),
    pytest.param([{"type": "table", "rows": [[cell()]] * 101}],
        "no more than 100 items allowed", "/0/rows", id="101 rows"),
    pytest.param([{"type": "table", "rows": [[cell()] * 21]}],
        "no more than 20 items allowed", "/0/rows/0", id="21 cells"),
    pytest.param([{"type": "alert", "text": plain("x")}], "unsupported type: alert", "/0/type",
        id="an alert block in a message"),
]  # fmt: skip


@pytest.mark.parametrize("blocks", FITTING)
def test_takes_what_fits(blocks: list[Json]) -> None:
    assert block_findings(blocks, MESSAGE).lines() == []


@pytest.mark.parametrize(("blocks", "message", "pointer"), WRONG)
def test_says_what_is_wrong_and_where(blocks: list[Json], message: str, pointer: str) -> None:
    assert block_findings(blocks, MESSAGE, at="").problems == [(message, pointer)]


REASON = text_input("reason", "Reason")
BARE = {"submit": None}


@pytest.mark.parametrize(
    ("view", "message", "pointer"),
    [
        pytest.param(modal("x" * 25), "must be less than 25 characters", "/title/text",
            id="a long title"),
        pytest.param(modal("Form") | {"close": plain("x" * 25)},
            "must be less than 25 characters", "/close/text", id="a long button"),
        pytest.param(modal("Form", REASON) | {"submit": None}, "missing required field: submit", "",
            id="inputs and no button to submit them"),
        pytest.param(modal("Form", private_metadata="x" * 3001),
            "must be less than 3001 characters", "/private_metadata", id="long metadata"),
        pytest.param(modal("Form", *[{"type": "divider"}] * 101),
            "no more than 100 items allowed", "/blocks", id="101 blocks"),
        pytest.param(modal("Form", {"type": "markdown", "text": "x"}),
            "unsupported type: markdown", "/blocks/0/type", id="markdown in a modal"),
        pytest.param({"type": "home", "blocks": [], "title": plain("x")},
            "invalid additional property: title", "", id="a home with a title"),
        pytest.param({"type": "window", "blocks": []}, "must be one of modal, home", "/type",
            id="an unknown kind of view"),
        pytest.param(modal("Form", text_input("a", "Name", max_length="9")),
            "must provide a number", "/blocks/0/element/max_length", id="text for a number"),
    ],
)  # fmt: skip
def test_views_have_limits_too(view: Json, message: str, pointer: str) -> None:
    assert view_findings(view, "").problems == [(message, pointer)]


def test_modals_and_homes_that_fit_are_taken() -> None:
    alert = {"type": "alert", "level": "warning", "text": plain("Careful")}
    form = modal("x" * 24, alert, *[text_input(str(n), "Name") for n in range(99)])
    assert check_view(form, MODAL) is form
    home = {"type": "home", "blocks": [section("Hello")]}
    assert check_view(home, HOME) is home


def test_a_view_of_a_quarter_megabyte_is_too_large() -> None:
    form = modal("Form", *[section("é" * 2999) for _ in range(99)])
    with pytest.raises(RefusedError, match="view_too_large"):
        check_view(form, MODAL)


@pytest.fixture(scope="module")
def client() -> Iterator[WebClient]:
    with no_proxy(), SlackServer(limits=False) as server:
        yield web_client(server)


def test_the_refusal_of_a_message_reads_as_slacks(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=ALERTS, text="x", blocks=[section("x" * 3001)])
    problem = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert caught.value.response["error"] == "invalid_blocks"
    assert caught.value.response["errors"] == [problem]
    assert caught.value.response["response_metadata"]["messages"] == [f"[ERROR] {problem}"]


def test_blocks_validate_needs_no_scope_and_points(client: WebClient) -> None:
    assert client.blocks_validate(blocks=[section("fine")])["ok"]
    with pytest.raises(SlackApiError) as caught:
        client.blocks_validate(view=modal("x" * 25))
    assert caught.value.response["error"] == "invalid_view"
    assert caught.value.response["errors"][0]["pointer"] == "/title/text"
