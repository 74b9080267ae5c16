"""What a message says: read from the arguments of a call, refused where Slack refuses it."""

from dataclasses import dataclass

from sandbox.slack.arguments import Arguments
from sandbox.slack.blocks.checking import TEXT, check_message
from sandbox.slack.refused import Json, RefusedError

ATTACHMENTS = 100


@dataclass(frozen=True, slots=True)
class Content:
    """Text, blocks, attachments and metadata; None where the call did not give them."""

    text: str | None
    blocks: list[Json] | None
    attachments: list[Json] | None
    metadata: Json | None

    @property
    def empty(self) -> bool:
        """Whether there would be nothing to see."""
        return not (self.text or self.blocks or self.attachments)


def read_content(arguments: Arguments, *, most: int = TEXT) -> Content:
    """Read what a message says."""
    text = arguments.text("text") if arguments.has("text") else None
    blocks = arguments.structure("blocks", "invalid_blocks_format")
    if blocks is not None and not isinstance(blocks, list):
        raise RefusedError("invalid_blocks_format")
    check_message(blocks or [], text or "", most=most)
    return Content(text, blocks, _attachments(arguments), _metadata(arguments))


def _attachments(arguments: Arguments) -> list[Json] | None:
    attachments: object = arguments.structure("attachments", "invalid_attachments")
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise RefusedError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise RefusedError("too_many_attachments")
    for number, attachment in enumerate(attachments, 1):
        attachment["id"] = number
        check_message(attachment.get("blocks") or [], "")
    return attachments


def _metadata(arguments: Arguments) -> Json | None:
    metadata: object = arguments.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if metadata == {}:
        return {}
    if not isinstance(metadata, dict):
        raise RefusedError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not isinstance(payload, dict):
        raise RefusedError("invalid_metadata_format")
    return metadata
