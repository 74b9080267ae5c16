"""Where AWS is asked. IAM is global: every reader asks it in the home of its partition."""

from collections.abc import Callable

import pytest

from bot.aws.authorizations import read_authorizations
from bot.aws.errors import AwsError
from bot.aws.identities import IdentityReader
from bot.aws.permissions import PolicySimulator
from bot.aws.probes import PROBES, lacking
from bot.aws.sessions import Sessions
from tests.aws.conftest import PROD
from tests.aws.refusing import Refusing

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
    aws = Refusing(monkeypatch)
    sessions = Sessions(region)
    sessions._account = PROD
    with pytest.raises(AwsError, match="no permission"):
        READERS[reader](sessions, region)
    assert (aws.hosts, aws.regions) == ([host], [home])


def test_each_permission_that_doctor_tries_is_told_where_it_is_denied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws = Refusing(monkeypatch)
    sessions = Sessions("eu-west-1")
    sessions._account = PROD
    assert lacking(sessions, PROD) == tuple(PROBES)
    asked = dict.fromkeys(zip(aws.hosts, aws.regions, strict=True))
    assert list(asked) == [
        ("ec2.eu-west-1.amazonaws.com", "eu-west-1"),
        ("rds.eu-west-1.amazonaws.com", "eu-west-1"),
        ("elasticloadbalancing.eu-west-1.amazonaws.com", "eu-west-1"),
        ("iam.amazonaws.com", "us-east-1"),
        ("cloudtrail.eu-west-1.amazonaws.com", "eu-west-1"),
    ]
