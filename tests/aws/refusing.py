"""What stands for AWS where it denies every call: it notes who was asked, in what region."""

from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

from tests.aws.answering import EC2_ERROR, STS_ERROR

CODE = "AccessDenied"


class Refusing:
    """Hosts and the regions of the signatures, in the order of the calls."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        """Answer in the place of AWS, until the patch is undone."""
        self.hosts: list[str] = []
        self.regions: list[str] = []
        patch.setattr(URLLib3Session, "send", lambda _, request: self._send(request))

    def _send(self, request: AWSPreparedRequest) -> AWSResponse:
        self.hosts.append(request.url.split("/")[2])
        signed = str(request.headers["Authorization"])
        self.regions.append(signed.split("Credential=")[1].split("/")[2])
        error = EC2_ERROR if self.hosts[-1].startswith("ec2.") else STS_ERROR
        if self.hosts[-1].startswith("cloudtrail."):
            error = '{{"__type": "{}", "message": "{}"}}'
        body = error.format(CODE, "no").encode()
        answer: Any = type("Body", (), {"stream": lambda *_, **__: iter([body])})()
        return AWSResponse(request.url, 403, HTTPHeaders(), answer)
