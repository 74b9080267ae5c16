"""The payloads that the app receives, in the shapes that Slack gives them."""

from sandbox.slack.channels import Channel, Message
from sandbox.slack.people import APP_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, Person
from sandbox.slack.refused import Json
from sandbox.slack.shapes import message_json, view_json
from sandbox.slack.views import View

VERIFICATION = "sandbox-verification-token"
TOLD_OF_BUTTON = ("text", "value", "style", "url", "confirm")
TOLD_OF_OTHERS = ("placeholder", "confirm")


def user_json(person: Person) -> Json:
    """Return a person as interaction payloads name them."""
    return {
        "id": person.id,
        "username": person.handle,
        "name": person.handle,
        "team_id": TEAM_ID,
    }


def interaction(kind: str, person: Person, trigger_id: str) -> Json:
    """Return what every interaction payload holds."""
    return {
        "type": kind,
        "user": user_json(person),
        "api_app_id": APP_ID,
        "token": VERIFICATION,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": trigger_id,
    }


def channel_ref(channel: Channel) -> Json:
    """Return a channel as interaction payloads name it."""
    return {"id": channel.id, "name": "directmessage" if channel.is_direct else channel.name}


def in_message(channel: Channel, message: Message, values: Json, response_url: str) -> Json:
    """Return where an action happened, if it was in a message."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    place: Json = {
        "container": container,
        "channel": channel_ref(channel),
        "state": {"values": values},
        "response_url": response_url,
    }
    if message.only_for is None:
        place["message"] = message_json(channel, message)
    return place


def in_view(view: View) -> Json:
    """Return where an action happened, if it was in a view."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(view),
        "state": {"values": view.values},
    }


def action(block: Json, element: Json, held: Json, action_ts: str) -> Json:
    """Return one action: the element, and what was chosen."""
    told = TOLD_OF_BUTTON if element["type"] == "button" else TOLD_OF_OTHERS
    acted: Json = {name: element[name] for name in told if name in element}
    acted |= {"action_id": element["action_id"], "block_id": block["block_id"]}
    acted |= {"type": element["type"], "action_ts": action_ts}
    return acted | held


def command(person: Person, channel: Channel, name: str, text: str, trigger_id: str) -> Json:
    """Return the payload of a slash command."""
    return {
        "token": VERIFICATION,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_direct else channel.name,
        "user_id": person.id,
        "user_name": person.handle,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "trigger_id": trigger_id,
    }


def event_callback(event: Json, number: int, now: float) -> Json:
    """Return the payload that carries an event."""
    return {
        "token": VERIFICATION,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:010d}",
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{number}",
    }
