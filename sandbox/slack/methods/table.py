"""Every method that the stand-in knows, with the scope that it needs and its rate."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.arguments import Arguments
from sandbox.slack.methods import (
    auth,
    blocks,
    chat_delete,
    chat_permalink,
    chat_post,
    chat_update,
    conversations,
    files,
    history,
    reactions,
    usergroups,
    users,
    views,
)
from sandbox.slack.refused import Json
from sandbox.slack.team import Team

Answer = Callable[[Team, Arguments], Json]

UNLIMITED, TIER_1, TIER_2, TIER_3, TIER_4 = 0, 1, 20, 50, 100
"""Calls a minute."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method. ``scope`` is the one for channels; conversations with one person have others."""

    answer: Answer
    scope: str
    per_minute: int
    per_channel: bool = False
    """Also limited to a message a second in each channel."""


METHODS: dict[str, Method] = {
    "auth.test": Method(auth.auth_test, "", UNLIMITED),
    "blocks.validate": Method(blocks.validate, "", UNLIMITED),
    "chat.postMessage": Method(chat_post.post_message, "chat:write", UNLIMITED, per_channel=True),
    "chat.postEphemeral": Method(chat_post.post_ephemeral, "chat:write", TIER_4),
    "chat.update": Method(chat_update.update_message, "chat:write", TIER_3),
    "chat.delete": Method(chat_delete.delete_message, "chat:write", TIER_3),
    "chat.getPermalink": Method(chat_permalink.get_permalink, "", UNLIMITED),
    "conversations.list": Method(conversations.list_conversations, "channels:read", TIER_2),
    "conversations.info": Method(conversations.info, "channels:read", TIER_3),
    "conversations.members": Method(conversations.members, "channels:read", TIER_4),
    "conversations.join": Method(conversations.join, "channels:join", TIER_3),
    "conversations.open": Method(conversations.open_direct, "im:write", TIER_3),
    "conversations.history": Method(history.history, "channels:history", TIER_3),
    "conversations.replies": Method(history.replies, "channels:history", TIER_3),
    "files.getUploadURLExternal": Method(files.get_upload_url, "files:write", TIER_4),
    "files.completeUploadExternal": Method(files.complete_upload, "files:write", TIER_4),
    "reactions.add": Method(reactions.add, "reactions:write", TIER_3),
    "reactions.remove": Method(reactions.remove, "reactions:write", TIER_2),
    "reactions.get": Method(reactions.get, "reactions:read", TIER_3),
    "usergroups.list": Method(usergroups.list_groups, "usergroups:read", TIER_2),
    "usergroups.users.list": Method(usergroups.list_members, "usergroups:read", TIER_2),
    "users.info": Method(users.info, "users:read", TIER_4),
    "users.list": Method(users.list_users, "users:read", TIER_2),
    "users.lookupByEmail": Method(users.lookup_by_email, "users:read.email", TIER_3),
    "users.profile.get": Method(users.profile, "users.profile:read", TIER_4),
    "views.open": Method(views.open_view, "", TIER_4),
    "views.push": Method(views.push_view, "", TIER_4),
    "views.update": Method(views.update_view, "", TIER_4),
    "views.publish": Method(views.publish_view, "", TIER_4),
}

SCOPES = frozenset(method.scope for method in METHODS.values() if method.scope) | {
    "app_mentions:read",
    "commands",
    "im:history",
    "im:read",
}
"""What the bot's token may do unless a test takes something away."""
