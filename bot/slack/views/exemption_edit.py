"""The form that edits an exemption: what it says, what that would hide, and why it is changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from slack_sdk.models.blocks import Block

from bot.exemptions.fields import FieldError, parse_duration
from bot.exemptions.model import FOREVER, Exemption
from bot.exemptions.text import scope_text
from bot.slack.views.blocks import (
    INPUT,
    Json,
    modal,
    problem_section,
    reason_input,
    section,
    select_input,
    text_input,
)
from bot.slack.views.mrkdwn import bold, escape
from bot.slack.views.names import Form
from bot.slack.views.preview import Tried, preview_sections
from bot.slack.views.version_ref import VersionRef, write_version

TITLE = "Edit exemption"
MOMENT = "%Y-%m-%d %H:%M"
WORLD = {"no": "Is never hidden by it", "yes": "Is hidden by it too"}


@dataclass(frozen=True, slots=True)
class EditFields:
    """All that stands in the form."""

    scope: str
    says: str
    ends: str
    world: bool
    reason: str = ""

    @property
    def digest(self) -> str:
        """Return a short digest of what it would hide by."""
        return sha256(f"{self.world} {self.scope}".encode()).hexdigest()[:12]


def fields_of(exemption: Exemption) -> EditFields:
    """Return the fields that say the exemption as it is."""
    forever = exemption.expires_at == FOREVER
    return EditFields(
        scope_text(exemption.scope),
        exemption.reason,
        "for ever" if forever else exemption.expires_at.astimezone(UTC).strftime(MOMENT),
        exemption.allow_world,
    )


def is_too_long(exemption: Exemption) -> bool:
    """Return whether its scope does not fit into the form."""
    return len(scope_text(exemption.scope)) > INPUT


def ends_at(text: str, held: Exemption, now: datetime) -> datetime:
    """Read when it ends: a moment in UTC, or how long from now. Raises FieldError."""
    if text == fields_of(held).ends:
        return held.expires_at
    if text.lower().replace(" ", "") == "forever":
        return FOREVER
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        return now + parse_duration(text)
    except FieldError:
        mend = f"write a moment in UTC such as {now:{MOMENT}}, how long from now (30d), or for ever"
        raise FieldError(text, mend) from None


def edit_form(
    held: Exemption, given: EditFields, tried: Tried | None = None, problem: str = ""
) -> Json:
    """Return the form; ``tried`` is what the scope that stands in it would have hidden."""
    ref = VersionRef(held.id, held.version, given.digest if tried else "")
    blocks: list[Block] = [
        *problem_section(problem),
        section(f"{bold(escape(held.id))}, version {held.version}. All versions are kept."),
        *(preview_sections(tried) if tried else []),
        text_input(
            "scope",
            "Scope",
            given.scope,
            hint="As in principal=role/ci account=123456789012 ports=443 peers=10.0.0.0/8",
            optional=False,
        ),
        select_input(
            "world", "What opens to the whole internet", WORLD, "yes" if given.world else "no"
        ),
        text_input("says", "Why such changes are expected", given.says, optional=False),
        text_input(
            "ends", "Ends (UTC)", given.ends, hint="Or how long from now: 30d", optional=False
        ),
        reason_input("Why do you change it?", given.reason),
    ]
    return modal(
        TITLE,
        blocks,
        form=Form.EXEMPTION_EDIT,
        submit="Save",
        close="Cancel",
        metadata=write_version(ref),
    )
