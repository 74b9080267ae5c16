"""How the Web API shows messages, channels, people, groups and views."""

from typing import Any

from sandbox.slack.channels import Channel, Message
from sandbox.slack.people import (
    APP_ID,
    BOT,
    BOT_ID,
    BOT_USER,
    SLACKBOT,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    Person,
    UserGroup,
)
from sandbox.slack.refused import Json
from sandbox.slack.views import View

CREATED = 1_700_000_000
BOT_PROFILE: Json = {
    "id": BOT_ID,
    "app_id": APP_ID,
    "name": BOT.handle,
    "deleted": False,
    "updated": CREATED,
    "team_id": TEAM_ID,
}
TEAM: Json = {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN}


def message_json(channel: Channel, message: Message, *, metadata: bool = False) -> Json:
    """Return a message as the Web API shows it."""
    shown: Json = {"type": "message", "user": message.author, "ts": message.ts, "team": TEAM_ID}
    shown["text"] = message.text
    if message.author == BOT_USER:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": BOT_PROFILE}
    if message.author == SLACKBOT or message.deleted:
        shown["user"] = SLACKBOT
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.files:
        shown["files"] = message.files
    if message.edited_ts:
        shown["edited"] = {"user": message.author, "ts": message.edited_ts}
    if message.reactions:
        shown["reactions"] = reactions_json(message)
    if metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown | _thread(channel, message) | _subtype(message)


def reactions_json(message: Message) -> list[Json]:
    """Return a message's emoji with who added them."""
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in message.reactions.items()
    ]


def _subtype(message: Message) -> Json:
    if message.deleted:
        return {"subtype": "tombstone", "hidden": True}
    if message.broadcast:
        return {"subtype": "thread_broadcast"}
    return {}


def _thread(channel: Channel, message: Message) -> Json:
    if message.is_reply:
        parent = channel.parent(message.thread_ts or "")
        return {"thread_ts": message.thread_ts, "parent_user_id": parent.author}
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.author for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def channel_json(channel: Channel) -> Json:
    """Return a channel as the Web API shows it."""
    if channel.is_direct:
        user = next(iter(channel.members - {BOT_USER}))
        return {"id": channel.id, "is_im": True, "user": user, "created": CREATED}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "is_member": BOT_USER in channel.members,
        "is_shared": False,
        "created": CREATED,
        "creator": "USLACKBOT",
        "num_members": len(channel.members),
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "context_team_id": TEAM_ID,
    }


def profile_json(person: Person) -> Json:
    """Return a person's profile."""
    profile: Json = {
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.handle,
        "display_name_normalized": person.handle,
        "title": person.title,
        "team": TEAM_ID,
        "status_text": "",
        "status_emoji": "",
    }
    if person.is_bot:
        return profile | {"bot_id": BOT_ID, "api_app_id": APP_ID}
    return profile | {"email": person.email}


def person_json(person: Person) -> Json:
    """Return a person as the Web API shows them."""
    return {
        "id": person.id,
        "team_id": TEAM_ID,
        "name": person.handle,
        "real_name": person.name,
        "deleted": False,
        "color": person.color.lstrip("#"),
        "tz": "Europe/Stockholm",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": profile_json(person),
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": CREATED,
    }


def group_json(group: UserGroup, *, users: bool) -> Json:
    """Return a user group as the Web API shows it."""
    shown: Json = {
        "id": group.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "date_create": CREATED,
        "date_delete": 0,
        "user_count": len(group.users),
    }
    return shown | ({"users": list(group.users)} if users else {})


def view_json(view: View) -> Json:
    """Return a view as the Web API and the interaction payloads show it."""
    given: dict[str, Any] = view.given
    shown: Json = {
        "id": view.id,
        "team_id": TEAM_ID,
        "type": given["type"],
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata") or "",
        "callback_id": given.get("callback_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        "title": given.get("title"),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": APP_ID,
        "external_id": view.external_id,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }
    return shown
