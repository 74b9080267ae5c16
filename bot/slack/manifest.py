"""The app's manifest: what an administrator pastes into Slack to make the app.

Its form: https://docs.slack.dev/reference/app-manifest
"""

from bot.slack.scopes import BOT_SCOPES, EVENTS
from bot.slack.views.blocks import Json

COLOUR = "#1f2937"


def manifest(name: str = "sgwatch", address: str = "") -> Json:
    """Return the manifest of an app of that name: over Socket Mode, or over HTTP.

    ``address`` is where Slack reaches the listener, such as https://sgwatch.example.com/slack.
    """
    url = {"url": address} if address else {}
    request = {"request_url": address} if address else {}
    command = {
        "command": "/sgwatch",
        "description": "Security group alerts: exempt, look, decide",
        "usage_hint": "help",
        "should_escape": False,
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": name,
            "description": "AWS security group changes, investigated and decided here",
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [command | url],
        },
        "oauth_config": {"scopes": {"bot": sorted(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": request | {"bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True} | request,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }
