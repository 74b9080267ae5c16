"""The record model: one CloudTrail record, as AWS wrote it.

Field meanings: AWS CloudTrail User Guide, "CloudTrail record contents". Only what AWS documents
as always there is required; unknown fields are kept.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Record(BaseModel):
    """One CloudTrail record. ``raw`` is the record's own JSON object, untouched."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True
    )

    event_id: str = Field(alias="eventID", min_length=1, max_length=128)
    event_time: datetime
    event_source: str
    event_name: str
    aws_region: str = ""
    source_ip_address: str = Field(default="", alias="sourceIPAddress")
    user_agent: str = ""
    user_identity: dict[str, Any] = Field(default_factory=dict)
    request_parameters: dict[str, Any] | None = None
    response_elements: dict[str, Any] | None = None
    error_code: str = ""
    error_message: str = ""
    request_id: str = Field(default="", alias="requestID")
    read_only: bool | None = None
    recipient_account_id: str = ""
    raw: dict[str, Any] = Field(default_factory=dict, repr=False)
