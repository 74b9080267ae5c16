"""The forms that call the next level now, and that call nobody for a while."""

from datetime import timedelta

from bot.alerts.alert import Alert
from bot.slack.views.blocks import Json, modal, reason_input, section, select_input
from bot.slack.views.climb import ladder_line
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.names import Form
from bot.slack.views.refs import form_ref, written

ESCALATE, SNOOZE = "Escalate now", "Snooze"
FOR = "for"
SPANS = {
    "30": ("30 minutes", timedelta(minutes=30)),
    "60": ("1 hour", timedelta(hours=1)),
    "240": ("4 hours", timedelta(hours=4)),
    "720": ("12 hours", timedelta(hours=12)),
    "1440": ("1 day", timedelta(days=1)),
}


def escalate_form(alert: Alert, shown: Shown) -> Json:
    """Return the form that asks why more people are needed."""
    line = ladder_line(alert) or "The next level is called at once."
    held = (
        "\nWhoever holds the alert holds it no more: whoever comes takes it." if alert.hold else ""
    )
    return modal(
        ESCALATE,
        [
            *heading(alert, shown),
            section(line + held),
            reason_input("Why are more people needed now?"),
        ],
        form=Form.ESCALATE,
        submit=ESCALATE,
        close="Cancel",
        metadata=written(form_ref(alert)),
    )


def snooze_form(alert: Alert, shown: Shown) -> Json:
    """Return the form that asks for how long, and why."""
    spans = {value: words for value, (words, _) in SPANS.items()}
    hint = "What is worse than this wakes people all the same."
    return modal(
        SNOOZE,
        [
            *heading(alert, shown),
            select_input(FOR, "Call and remind nobody for", spans, "30", hint=hint),
            reason_input("Why can this wait?"),
        ],
        form=Form.SNOOZE,
        submit=SNOOZE,
        close="Cancel",
        metadata=written(form_ref(alert)),
    )
