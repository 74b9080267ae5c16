"""Files in the Slack stand-in, sent and fetched by the real slack_sdk."""

from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.people import ROSA, direct_channel
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from tests.sandbox.slack_bot import no_proxy, web_client


@pytest.fixture(scope="module")
def server() -> Iterator[SlackServer]:
    with no_proxy(), SlackServer(limits=False) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: SlackServer) -> WebClient:
    return web_client(server)


def test_a_file_is_sent_shown_and_fetched(server: SlackServer, client: WebClient) -> None:
    channel = client.conversations_open(users=ROSA.id)["channel"]["id"]
    client.files_upload_v2(
        channel=channel, filename="a.csv", content="one,two\n", initial_comment="Here"
    )
    seen = Workspace(server.url).wait_message(direct_channel(ROSA.id), lambda m: bool(m.files))
    assert seen.plain == "Here\n📎 a.csv"
    with urlopen(seen.files[0]["url_private_download"]) as answer:
        assert answer.read() == b"one,two\n"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="a.csv"'


def test_a_file_that_was_never_sent_cannot_be_shared(client: WebClient) -> None:
    reserved = client.files_getUploadURLExternal(filename="b.csv", length=3)
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": reserved["file_id"], "title": "b"}])


def test_a_file_of_another_length_is_refused(client: WebClient) -> None:
    reserved = client.files_getUploadURLExternal(filename="c.csv", length=3)
    with pytest.raises(HTTPError):
        urlopen(Request(reserved["upload_url"], data=b"four", method="POST"))
