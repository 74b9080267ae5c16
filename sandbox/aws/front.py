"""The front: what every request passes on its way to moto and back."""

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Response

from sandbox.aws.answer import read_answer
from sandbox.aws.call import Call, read_call
from sandbox.aws.faults import Faults
from sandbox.aws.identity import user_identity
from sandbox.aws.mends.bus import put_on_bus
from sandbox.aws.record import RECORDED, record_of
from sandbox.aws.trail import LookupRefusedError, Trail

_REQUEST_ID = re.compile(rb"(<(requestId|RequestId|RequestID)>)[^<]*(</\2>)")


class Front:
    """A WSGI application around moto's.

    It gives each call a request id of its own, writes the CloudTrail record of each call that
    changes something and puts it on the event bus, and answers LookupEvents.
    """

    def __init__(self, moto: Callable[..., Iterable[bytes]], trail: Trail, faults: Faults) -> None:
        self._moto = moto
        self._trail = trail
        self._faults = faults
        # moto's models are not made for threads. Its queues, where calls wait, have a lock of
        # their own.
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        call = read_call(environ)
        request_id = str(uuid.uuid4())
        if (call.service, call.operation) == ("cloudtrail", "LookupEvents"):
            response = self._look_up(call)
        elif call.service == "sqs":
            response = self._ask_moto(environ, request_id)
        else:
            with self._turn:
                response = self._on_record(call, environ, request_id)
        response.headers["x-amzn-requestid"] = request_id
        return response(environ, start_response)

    def _on_record(self, call: Call, environ: dict[str, Any], request_id: str) -> Response:
        if call.service not in RECORDED or not call.writes:
            return self._ask_moto(environ, request_id)
        who = user_identity(call)  # before the call: it may delete the very key
        response = self._ask_moto(environ, request_id)
        answer = read_answer(call, response.status_code, response.get_data(), request_id)
        now = datetime.now(UTC)
        record = record_of(call, who, answer, str(uuid.uuid4()), now)
        self._trail.write(record)
        if not self._faults.loses_event():
            put_on_bus(_envelope(record), call.account, record["awsRegion"])
        return response

    def _ask_moto(self, environ: dict[str, Any], request_id: str) -> Response:
        response = Response.from_app(self._moto, environ, buffered=True)
        response.set_data(_with_request_id(response.get_data(), request_id.encode()))
        return response

    def _look_up(self, call: Call) -> Response:
        try:
            if self._faults.throttles_lookup():
                raise LookupRefusedError("ThrottlingException", "Rate exceeded")
            found = self._trail.lookup(call.account, call.region, json.loads(call.body))
        except LookupRefusedError as error:
            refusal = {"__type": error.code, "message": str(error)}
            return _json(refusal, status=400)
        return _json(found)


def _with_request_id(body: bytes, request_id: bytes) -> bytes:
    """Put the id where SDKs look first: moto writes "request-id" there, or leaves it out."""
    body, written = _REQUEST_ID.subn(rb"\g<1>" + request_id + rb"\g<3>", body, count=1)
    if written:
        return body
    end = b"</ErrorResponse>"
    return body.replace(end, b"<RequestId>" + request_id + b"</RequestId>" + end)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(content), status, content_type="application/x-amz-json-1.1")


def _envelope(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record as an EventBridge event."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "AWS API Call via CloudTrail",
        "source": f"aws.{record['eventSource'].partition('.')[0]}",
        "account": record["recipientAccountId"],
        "time": record["eventTime"],
        "region": record["awsRegion"],
        "resources": [],
        "detail": record,
    }
