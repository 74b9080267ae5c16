"""What the app asks of Slack, each with what it is for: as docs/slack.md lists it."""

BOT_SCOPES = {
    "chat:write": "posting alerts, editing them, answering in their threads",
    "commands": "/sgwatch",
    "channels:history": "finding a message that was posted just before a crash",
    "groups:history": "the same in a private channel",
    "users:read": "who presses: name, guest or member",
    "users:read.email": "whose change it is",
    "usergroups:read": "who may decide",
    "files:write": "sending changes and lists as files to who asks, and the digest's picture",
    "im:write": "direct messages: files, reminders, and the question to whoever did it",
    "im:history": "finding such a message that was posted just before a crash",
}
"""Of the bot's token."""

APP_SCOPE = "connections:write"
"""Of the token for Socket Mode."""

EVENTS = {
    "app_home_opened": "the App Home",
}
"""That Slack sends to the app, each with what it is for."""
