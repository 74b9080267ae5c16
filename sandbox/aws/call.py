"""Calls: what one HTTP request asks of AWS, who asks, and from where."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from moto.iam.models import get_account_id_from

_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_READS = ("Describe", "Get", "List", "Search", "Simulate")

# What a client says of itself and HTTP has no header for. The address is the usual proxy's.
SOURCE_ADDRESS_HEADER = "X-Forwarded-For"
CONSOLE_HEADER = "X-Sandbox-Console"
MFA_HEADER = "X-Sandbox-Mfa"
ACCOUNT_HEADER = "X-Moto-Account-Id"  # moto's own: whose root an unknown key is


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as its request tells it. An unsigned request is a call of no service."""

    service: str
    operation: str
    region: str
    account: str
    access_key: str
    form: Mapping[str, str]
    body: bytes
    source_address: str
    user_agent: str
    console: bool
    mfa: bool

    @property
    def writes(self) -> bool:
        """Say whether the call would change something, going by its name as CloudTrail does."""
        return bool(self.operation) and not self.operation.startswith(_READS)


def read_call(environ: dict[str, Any]) -> Call:
    """Read the call out of a request and leave the request's body to be read again."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    key, region, service = "", "", ""
    if scope := _SCOPE.search(environ.get("HTTP_AUTHORIZATION", "")):
        key, region, service = scope.groups()
    form: dict[str, str] = {}
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    return Call(
        service=service,
        operation=form.get("Action", target),
        region=region,
        account=_header(environ, ACCOUNT_HEADER) or get_account_id_from(key),
        access_key=key,
        form=form,
        body=body,
        source_address=_header(environ, SOURCE_ADDRESS_HEADER) or environ["REMOTE_ADDR"],
        user_agent=environ.get("HTTP_USER_AGENT", ""),
        console=_header(environ, CONSOLE_HEADER) == "true",
        mfa=_header(environ, MFA_HEADER) == "true",
    )


def _header(environ: Mapping[str, str], name: str) -> str:
    return environ.get(f"HTTP_{name.upper().replace('-', '_')}", "").partition(",")[0].strip()
