"""Answers: what AWS said to a call, read back from the response that the caller gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.parsers import create_parser
from moto.core.utils import get_service_model

from sandbox.aws.call import Call


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its output by the API's own names, or its error."""

    request_id: str
    body: bytes
    output: Mapping[str, Any] = field(default_factory=dict)
    error_code: str = ""
    error_message: str = ""


def operation_model(call: Call) -> Any:
    """Return botocore's model of the operation that was called."""
    return get_service_model(call.service).operation_model(call.operation)


def read_answer(call: Call, status: int, body: bytes, request_id: str) -> Answer:
    """Read a response as any SDK would, by the service's model."""
    parser = create_parser(get_service_model(call.service).metadata["protocol"])
    response = {"status_code": status, "headers": {}, "body": body}
    output = parser.parse(response, operation_model(call).output_shape)
    if error := output.get("Error"):
        return Answer(request_id, body, {}, _error_code(call, error, status), error["Message"])
    return Answer(request_id, body, {k: v for k, v in output.items() if k != "ResponseMetadata"})


def _error_code(call: Call, error: Mapping[str, str], status: int) -> str:
    """Return the code as CloudTrail writes it.

    EC2's codes say whose fault it was. The others' are the names of the model's error shapes,
    which the API shortens: NoSuchEntity is NoSuchEntityException there.
    """
    code = error["Code"]
    if call.service == "ec2":
        return f"{'Server' if status >= 500 else 'Client'}.{code}"
    shape = get_service_model(call.service).shape_for_error_code(code)
    return shape.name if shape else code
