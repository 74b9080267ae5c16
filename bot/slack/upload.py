"""Uploads: a file for one person, in their direct messages with the app."""

from collections.abc import Iterable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.views.mrkdwn import code, escape

MENDS = {
    "missing_scope": "it lacks the scopes files:write and im:write: an administrator must add them",
    "file_uploads_disabled": "this workspace takes no files",
}


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
