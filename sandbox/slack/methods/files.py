"""files.getUploadURLExternal and files.completeUploadExternal."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.channels import Message
from sandbox.slack.files import LARGEST, file_json
from sandbox.slack.methods.chat_post import addressed
from sandbox.slack.people import BOT_USER
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.team import Team


def get_upload_url(team: Team, arguments: Arguments) -> Json:
    """Answer files.getUploadURLExternal."""
    length = arguments.number("length", 0)
    if not 0 < length <= LARGEST:
        raise RefusedError("invalid_arguments")
    file = team.files.reserve(arguments.needed("filename"), length, arguments.text("alt_txt"))
    return {"upload_url": f"{team.url}/upload/{file.id}", "file_id": file.id}


def complete_upload(team: Team, arguments: Arguments) -> Json:
    """Answer files.completeUploadExternal: with a channel, the files are shared in it."""
    given = arguments.structure("files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise RefusedError("invalid_arguments")
    files = [team.files.sent(str(one.get("id"))) for one in given]
    for file, one in zip(files, given, strict=True):
        file.title = str(one.get("title") or "")
    shown = [file_json(file, team.url) for file in files]
    if address := arguments.text("channel_id"):
        channel = addressed(team, address)
        message = Message(
            ts=team.stamps.next(),
            author=BOT_USER,
            text=arguments.text("initial_comment"),
            files=shown,
            thread_ts=arguments.text("thread_ts") or None,
        )
        team.post(channel, message)
    return {"files": shown}
