"""The form that exempts: whose changes, where, and which rules; why, and for how long."""

from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.slack.views.blocks import (
    Json,
    button,
    buttons,
    consent_input,
    modal,
    problem_section,
    reason_input,
    section,
    select_input,
    text_input,
)
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.names import Action, Form
from bot.slack.views.preview import Tried, preview_sections
from bot.slack.views.refs import AlertRef, form_ref, written
from bot.slack.views.scope_fields import DIRECTIONS, ScopeFields

TITLE = "Exempt"
DURATIONS = {"1d": "1 day", "7d": "7 days", "30d": "30 days", "90d": "90 days"}

FIELDS = {
    "principals": "principal",
    "principal_patterns": "principal",
    "accounts": "accounts",
    "regions": "regions",
    "groups": "groups",
    "actions": "actions",
    "ports": "ports",
    "cidrs": "peers",
    "peer_groups": "peers",
    "reason": "reason",
    "expires_at": "expiry",
}
"""Where in the form each field of an exemption stands."""


@dataclass(frozen=True, slots=True)
class ExemptFields:
    """All that stands in the form."""

    scope: ScopeFields
    reason: str = ""
    expiry: str = "7d"
    world: bool = False


def exempt_form(
    alert: Alert,
    shown: Shown,
    given: ExemptFields,
    problem: str = "",
    tried: Tried | None = None,
) -> Json:
    """Return the form; after a problem, with what was typed. ``tried`` is what it would hide."""
    ref = AlertRef(alert.id, alert.version)
    blocks: list[Block] = [
        *problem_section(problem),
        *heading(alert, shown),
        section(
            "Changes like this will raise no alert until the exemption ends. "
            "All that you fill in must fit; an empty field fits anything."
        ),
        *_world(alert),
        *_dropped(given.scope),
        *(preview_sections(tried) if tried else []),
        *_scope(given.scope),
        buttons([button("What would it hide?", Action.EXEMPT_PREVIEW, ref)]),
        reason_input("Why are such changes expected?", given.reason),
        select_input("expiry", "Ends after", DURATIONS, given.expiry),
    ]
    return modal(
        TITLE,
        blocks,
        form=Form.EXEMPT,
        submit=TITLE,
        close="Cancel",
        metadata=written(form_ref(alert)),
    )


def _scope(given: ScopeFields) -> list[Block]:
    return [
        text_input("principal", "Who", given.principal, hint="The ARN of a role or user"),
        text_input("accounts", "Accounts", given.accounts, hint="12 digits each"),
        text_input("regions", "Regions", given.regions),
        text_input("groups", "Security groups", given.groups, hint="Ids such as sg-0a1b2c3d"),
        text_input("actions", "AWS calls", given.actions, hint="By their names in CloudTrail"),
        select_input("direction", "Direction", DIRECTIONS, given.direction),
        text_input("ports", "Ports", given.ports, hint="Such as 443/tcp, 8000-8100/tcp or all"),
        text_input(
            "peers", "Peers", given.peers, hint="Ranges and groups: 10.0.0.0/8, sg-0a1b2c3d"
        ),
    ]


def _dropped(given: ScopeFields) -> list[Block]:
    if not given.dropped:
        return []
    names = ", ".join(given.dropped)
    return [section(f"⚠️ Too many to list here, so left empty, which fits any: *{names}*.")]


def _world(alert: Alert) -> list[Block]:
    if not alert.counts.world:
        return []
    return [
        section(
            "🌐 *This opens to the whole internet.* Exempted, nobody will hear of it next time."
        ),
        consent_input(
            "world",
            "Tick this too, or mark the alert benign instead",
            "Hide also what opens to the whole internet",
        ),
    ]
