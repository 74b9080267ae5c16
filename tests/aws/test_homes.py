"""IAM is global: every reader asks it in the home of its partition, whatever the region."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

from bot.aws.authorizations import read_authorizations
from bot.aws.errors import AwsError
from bot.aws.identities import IdentityReader
from bot.aws.permissions import PolicySimulator
from bot.aws.sessions import Sessions
from tests.aws.answering import STS_ERROR
from tests.aws.conftest import PROD

Read = Callable[[Sessions, str], object]

USER = f"arn:aws:iam::{PROD}:user/alice"
READERS: dict[str, Read] = {
    "keys": lambda s, region: IdentityReader(s).access_keys(PROD, region, "alice"),
    "use of a key": lambda s, region: IdentityReader(s).key_use(
        PROD, region, "AKIAEXAMPLEOFALICE00"
    ),
    "role": lambda s, region: IdentityReader(s).role(PROD, region, "deploy"),
    "simulator": lambda s, region: PolicySimulator(s).decide(PROD, region, USER, ["ec2:X"], []),
    "authorizations": lambda s, _: read_authorizations(s, PROD),
}


class Refused:
    """What stands for AWS: it notes who was asked, and denies."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.scopes: list[str] = []

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        self.hosts.append(request.url.split("/")[2])
        signed = str(request.headers["Authorization"])
        self.scopes.append(signed.split("Credential=")[1].split("/")[2])
        body = STS_ERROR.format("AccessDenied", "no").encode()
        answer: Any = type("Body", (), {"stream": lambda *_, **__: iter([body])})()
        return AWSResponse(request.url, 403, HTTPHeaders(), answer)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("region", "host", "home"),
    [
        pytest.param("eu-west-1", "iam.amazonaws.com", "us-east-1", id="aws"),
        pytest.param("cn-northwest-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1", id="cn"),
        pytest.param("us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1", id="us-gov"),
    ],
)
def test_iam_is_asked_at_home(
    reader: str, region: str, host: str, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = Refused()
    monkeypatch.setattr(URLLib3Session, "send", lambda _, request: aws.send(request))
    sessions = Sessions(region)
    sessions._account = PROD
    with pytest.raises(AwsError, match="no permission"):
        READERS[reader](sessions, region)
    assert (aws.hosts, aws.scopes) == ([host], [home])
