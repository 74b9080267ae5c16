"""What a modal shows while it is not known yet what it will say, and when that failed."""

from bot.slack.views.blocks import Json, modal, section


def waiting(title: str, text: str = "One moment…") -> Json:
    """Return a modal that is about to be filled."""
    return modal(title, [section(f"⏳ {text}")])


def done(title: str, text: str) -> Json:
    """Return a modal that says that it is done."""
    return modal(title, [section(f"✅ {text}")])
