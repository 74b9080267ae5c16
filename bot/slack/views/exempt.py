"""The form that exempts: whose changes, where, and which rules; why, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.exemptions.model import Scope
from bot.exemptions.policy import ExemptionPolicy
from bot.slack.views.blocks import (
    FILLED,
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
from bot.slack.views.durations import chosen, durations
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.names import Action, Form
from bot.slack.views.offers import Offered, offer_sections
from bot.slack.views.preview import Tried, preview_sections
from bot.slack.views.refs import AlertRef, form_ref, written
from bot.slack.views.scope_fields import DIRECTIONS, OWN, ScopeFields

TITLE = "Exempt"

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
    **dict.fromkeys(sorted({field.name for field in fields(Scope)} - {*OWN}), "more"),
    "reason": "reason",
    "expires_at": "expiry",
}
"""Where in the form each field of an exemption stands."""

MORE = (
    "session=, person=, group-name=, group-tag=, tool=, source=, country=, ou=, detection=, "
    'max-severity=, during="Sat 22:00-Sun 04:00 Europe/Berlin"'
)


USUAL = ExemptionPolicy()


@dataclass(frozen=True, slots=True)
class ExemptFields:
    """All that stands in the form; ``filled`` is how often a scope was chosen for it."""

    scope: ScopeFields
    reason: str = ""
    expiry: str = chosen(USUAL.lasts)
    world: bool = False
    filled: int = 0


def exempt_form(
    alert: Alert,
    shown: Shown,
    given: ExemptFields,
    problem: str = "",
    tried: Tried | None = None,
    offered: Sequence[Offered] = (),
    policy: ExemptionPolicy = USUAL,
) -> Json:
    """Return the form; after a problem, with what was typed. ``tried`` is what it would hide,
    ``offered`` are the scopes to choose from; it may last as long as ``policy`` allows.
    """
    ref = AlertRef(alert.id, alert.version)
    blocks: list[Block] = [
        *problem_section(problem),
        *heading(alert, shown),
        section(
            "Changes like this will raise no alert until the exemption ends. "
            "All that you fill in must fit; an empty field fits anything."
        ),
        *_world(alert),
        *offer_sections(alert.id, offered, given.scope),
        *_dropped(given.scope),
        *(preview_sections(tried) if tried else []),
        *_scope(given),
        buttons([button("What would it hide?", Action.EXEMPT_PREVIEW, ref)]),
        reason_input("Why are such changes expected?", given.reason),
        select_input("expiry", "Ends after", durations(policy), given.expiry),
    ]
    return modal(
        TITLE,
        blocks,
        form=Form.EXEMPT,
        submit=TITLE,
        close="Cancel",
        metadata=written(form_ref(alert, also=tried.also if tried else ())),
    )


def _scope(given: ExemptFields) -> list[Block]:
    scope = given.scope

    def text(name: str, label: str, hint: str = "") -> Block:
        block = f"{name}{FILLED}{given.filled}" if given.filled else name
        return text_input(block, label, getattr(scope, name), hint=hint)

    direction = f"direction{FILLED}{given.filled}" if given.filled else "direction"
    return [
        text("principal", "Who", "The ARN of a role or user; left empty, anyone: also you"),
        text("accounts", "Accounts", "By name, or 12 digits each"),
        text("regions", "Regions"),
        text("groups", "Security groups", "Ids such as sg-0a1b2c3d"),
        text("actions", "AWS calls", "By their names in CloudTrail"),
        select_input(direction, "Direction", DIRECTIONS, scope.direction),
        text("ports", "Ports", "Such as 443/tcp, 8000-8100/tcp or all"),
        text("peers", "Peers", "Ranges and groups: 10.0.0.0/8, sg-0a1b2c3d"),
        text("more", "More conditions", MORE),
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
