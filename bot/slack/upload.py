"""Uploads: a file for one person, in their direct messages; a picture in a message's thread."""

from collections.abc import Iterable
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.messages import SlackError, translated
from bot.slack.views.mrkdwn import code, escape

MENDS = {
    "missing_scope": "it lacks the scopes files:write and im:write: an administrator must add them",
    "file_uploads_disabled": "this workspace takes no files",
}

ALT = 1000
UPLOAD = "files.completeUploadExternal"


def deliver(client: WebClient, user: str, name: str, comment: str, text: Iterable[str]) -> str:
    """Send a person a file of this name and text; return in markup what became of it."""
    content = "".join(text).encode()
    try:
        opened = client.conversations_open(users=user)
        channel = str((opened.get("channel") or {})["id"])
        client.files_upload_v2(
            channel=channel, filename=name, title=name, content=content, initial_comment=comment
        )
    except SlackApiError as error:
        why = str(error.response.get("error") or "it says no more")
        told = MENDS.get(why, f"Slack says {escape(why, 80)}")
        return f"⚠️ {code(name)} could not be sent: {told}."
    return f"📎 {code(name)} is in your direct messages with this app."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as PNG; ``words`` say what it shows, for who cannot see it."""

    name: str
    title: str
    content: bytes
    words: str


@dataclass(frozen=True, slots=True)
class ThreadPictures:
    """Shows pictures in the threads of messages."""

    client: WebClient

    def __call__(self, channel: str, ts: str, picture: Picture) -> None:
        """Upload a picture as a reply. Raises SlackError."""
        try:
            self.client.files_upload_v2(
                channel=channel,
                thread_ts=ts,
                filename=picture.name,
                title=picture.title,
                content=picture.content,
                alt_txt=picture.words[:ALT],
            )
        except SlackApiError as error:
            raise translated(error, UPLOAD) from error
        except (SlackClientError, OSError) as error:
            raise SlackError(type(error).__name__, retry=True, method=UPLOAD) from error
