"""The forms that choose what to quarantine and how to restrict, before the plan is shown."""

from collections.abc import Mapping

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.changes.sentence import number_of
from bot.containment.choice import Isolate, Reach, Stop
from bot.containment.isolation import InstanceNow, Site
from bot.containment.restrict import Actor
from bot.containment.services import way_out
from bot.slack.views.blocks import (
    Json,
    boxes_input,
    choices_input,
    modal,
    problem_section,
    section,
    select_input,
)
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.mrkdwn import bold, code, escape
from bot.slack.views.names import Form
from bot.slack.views.refs import form_ref, written

QUARANTINE, RESTRICT = "Quarantine", "Restrict"
SHOW = "Show the plan"
TARGETS, OPTIONS, REACH, KEY, HOURS = "targets", "options", "reach", "key", "hours"
MOST_TARGETS = 60
REFUSED_SHOWN = 5
LABEL = 70

OFFERED: Mapping[str, str] = {
    "standby": "Put it on standby in its Auto Scaling group, so that it is kept",
    "deregister": "Take it out of its load balancers' target groups",
    "tag": "Tag it for forensics",
    "snapshot": "Take a snapshot of its disks",
    "cut": "Close its whole subnet, which also ends connections that are open",
}
LASTS: Mapping[str, str] = {
    "1": "for 1 hour",
    "4": "for 4 hours",
    "24": "for a day",
    "168": "for a week",
    "0": "until somebody releases it",
}
NOTHING_BEHIND = "Nothing is behind this alert's groups that could be moved."


def quarantine_form(
    alert: Alert, shown: Shown, site: Site, choice: Isolate | None = None, problem: str = ""
) -> Json:
    """Return the form that chooses what to isolate, and what is done with it beside."""
    offered = targets_of(site)
    blocks: list[Block] = [*problem_section(problem), *heading(alert, shown)]
    refused = [way_out(interface) for interface in site.interfaces if interface.service]
    if not offered:
        return modal(QUARANTINE, [*blocks, section(NOTHING_BEHIND), *_refused(refused)])
    chosen = choice or Isolate(tuple(offered) if len(offered) == 1 else ())
    picked = [name for name in OFFERED if getattr(chosen, name)]
    blocks.append(
        section(
            f"{bold('Quarantine')} takes every interface of what you choose out of all its groups "
            "and puts it into one without rules: it reaches nothing, and nothing reaches it."
        )
    )
    blocks += [
        choices_input(TARGETS, "What to isolate", offered, chosen.targets),
        boxes_input(OPTIONS, "And also", OFFERED, picked),
        *_refused(refused),
    ]
    return modal(
        QUARANTINE,
        blocks,
        form=Form.QUARANTINE,
        submit=SHOW,
        close="Cancel",
        metadata=written(form_ref(alert)),
    )


def targets_of(site: Site) -> Mapping[str, str]:
    """Return what may be isolated: ids of instances and lone interfaces, and what people read."""
    offered: dict[str, str] = {}
    for interface in site.interfaces:
        if interface.service:
            continue
        target = interface.instance or interface.id
        offered[target] = _label(site, target, site.instance(interface.instance))
    return dict(list(offered.items())[:MOST_TARGETS])


def _label(site: Site, target: str, instance: InstanceNow | None) -> str:
    if instance is None:
        return target
    many = sum(1 for interface in site.interfaces if interface.instance == target)
    named = f"{instance.name} ({target})" if instance.name else target
    return f"{named[: LABEL - 18]}, {number_of(many, 'interface')}"


def _refused(refused: list[str]) -> list[Block]:
    if not refused:
        return []
    lines = [f"• {escape(why, 400)}" for why in refused[:REFUSED_SHOWN]]
    if len(refused) > REFUSED_SHOWN:
        lines.append(f"• … and {len(refused) - REFUSED_SHOWN} more")
    return [section("\n".join([bold("Not moved"), *lines]))]


def restrict_form(alert: Alert, shown: Shown, actor: Actor, problem: str = "") -> Json:
    """Return the form that chooses what the actor is denied, and for how long."""
    what = f"the {actor.holder} {code(actor.name)} in {escape(shown.account(actor.account))}"
    blocks: list[Block] = [
        *problem_section(problem),
        *heading(alert, shown),
        section(
            f"{bold('Restrict')} puts a denial on {what}. Sessions that were issued before are "
            "denied everything; who gets a new one is denied what you choose:"
        ),
        select_input(REACH, "Deny", {reach.value: reach.words for reach in Reach}, Reach.GROUPS),
        select_input(HOURS, "How long", LASTS, "4"),
    ]
    if actor.key and actor.status == "Active":
        blocks.append(
            boxes_input(KEY, "Access key", {"switch": f"Switch off {actor.key}"}, ["switch"])
        )
    return modal(
        RESTRICT,
        blocks,
        form=Form.RESTRICT,
        submit=SHOW,
        close="Cancel",
        metadata=written(form_ref(alert)),
    )


def stop_of(reach: str, hours: str, *, switch_key: bool) -> Stop:
    """Return what was chosen; what is not offered becomes what is offered first."""
    return Stop(
        Reach(reach) if reach in set(Reach) else Reach.GROUPS,
        switch_key,
        int(hours) if hours in LASTS else 4,
    )
