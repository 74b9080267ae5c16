"""What the page asks the stand-in for: panels, files, and who is kept out."""

from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from sandbox.slack.panels import Scenario
from sandbox.slack.refused import Json
from sandbox.slack.server import SlackServer
from sandbox.slack.visiting import NotPossibleError, Visit
from sandbox.slack.workspace import Workspace
from tests.sandbox.slack_bot import ALERTS, section, web_client

GROUPS: list[Json] = [{"id": "sg-1", "name": "web-prod", "rules": []}]
SCENARIO = Scenario("open", "Open SSH", "Opens SSH to the world.", lambda: "opened")


@pytest.fixture(scope="module")
def server() -> Iterator[SlackServer]:
    with SlackServer(limits=False, scenarios=[SCENARIO], aws_groups=lambda: GROUPS) as running:
        yield running


def fetch(url: str, **headers: str) -> tuple[int, str]:
    request = Request(url, headers=headers)
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=10) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param("/", {}, 200, id="the page"),
        pytest.param("/archives/C0SGALERTS/p1", {}, 200, id="a link to a message"),
        pytest.param("/page/js/main.js", {}, 200, id="a script of it"),
        pytest.param("/page/../server.py", {}, 404, id="a file outside"),
        pytest.param("/", {"Host": "evil.example"}, 403, id="a name that points at us"),
        pytest.param("/panels", {"Origin": "http://evil.example"}, 403, id="another site"),
        pytest.param("/person/U0NOBODY/sight", {}, 404, id="a stranger"),
        pytest.param("/link?ticket=guessed", {}, 401, id="a socket without a ticket"),
    ],
)
def test_serves_its_own_page_and_nobody_elses(
    server: SlackServer, path: str, headers: dict[str, str], status: int
) -> None:
    assert fetch(server.url + path, **headers)[0] == status


def test_panels_are_listed_and_aws_is_shown_as_it_is(server: SlackServer) -> None:
    visit = Visit(server.url)
    panels = visit.get("/panels")
    assert [scenario["name"] for scenario in panels["scenarios"]] == ["open"]
    assert panels["aws"]
    assert visit.get("/aws/groups")["groups"] == GROUPS


def test_panels_stay_away_where_there_are_none() -> None:
    with SlackServer() as server:
        assert Visit(server.url).get("/panels") == {"scenarios": [], "aws": False}
        assert fetch(f"{server.url}/aws/groups")[0] == 404


def test_a_person_does_only_what_they_could(server: SlackServer) -> None:
    client = web_client(server)
    client.chat_postMessage(channel=ALERTS, text="x", blocks=[section("nothing to click")])
    workspace = Workspace(server.url)
    message = workspace.wait_message("sg-alerts")
    with pytest.raises(NotPossibleError, match="nothing here has the action_id"):
        workspace.person("rosa").click(message, "guessed")


def test_what_is_typed_cannot_format_or_mention_by_itself(server: SlackServer) -> None:
    workspace = Workspace(server.url)
    workspace.person("rosa").post("general", "<!channel> & https://example.com/?a=1&b=2")
    seen = workspace.wait_message("general")
    assert seen.text == "&lt;!channel&gt; &amp; <https://example.com/?a=1&amp;b=2>"
    assert seen.plain == "<!channel> & https://example.com/?a=1&b=2"


def test_a_transcript_reads_as_a_conversation(server: SlackServer) -> None:
    client = web_client(server)
    blocks = [section("<@U0ALICE> opened *SSH*"), {"type": "divider"}]
    parent = client.chat_postMessage(channel="sgwatch-ops", text="x", blocks=blocks)["ts"]
    client.chat_postMessage(channel="sgwatch-ops", text="told <#C0GENERAL>", thread_ts=parent)
    assert Workspace(server.url).transcript("sgwatch-ops").splitlines() == [
        "sgwatch:",
        "  @Alice Moreau opened *SSH*",
        "  ────────────────────",
        "    sgwatch:",
        "      told #general",
    ]


def test_a_taken_port_is_told_at_once(server: SlackServer) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        SlackServer(port).start()


def test_it_starts_on_the_port_it_is_given_and_leaves_it() -> None:
    with SlackServer() as first:
        port = int(first.url.rsplit(":", 1)[1])
    with SlackServer(port) as second:
        assert second.url == first.url
