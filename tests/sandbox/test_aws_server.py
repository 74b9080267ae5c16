"""The AWS stand-in's answers: each has an id of its own, however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.actors import Actor
from sandbox.aws.mends import group_calls
from sandbox.aws.server import AwsServer
from tests.sandbox.meanwhile import meanwhile


def metadata_of(answer: Any) -> Any:
    return answer["ResponseMetadata"]


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda root: root.ec2.describe_vpcs(), id="EC2's protocol"),
        pytest.param(lambda root: root.iam.list_users(), id="the query protocol"),
        pytest.param(lambda root: root.sqs.list_queues(), id="JSON"),
        pytest.param(lambda root: root.cloudtrail.lookup_events(), id="an answer of our own"),
    ],
)
def test_request_ids_differ_and_agree(root: Actor, ask: Any) -> None:
    answers = [metadata_of(ask(root)) for _ in range(2)]
    for answer in answers:
        assert answer["RequestId"] == answer["HTTPHeaders"]["x-amzn-requestid"]
    assert answers[0]["RequestId"] != answers[1]["RequestId"]


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        pytest.param("ec2.delete_vpc", {"VpcId": "vpc-0"}, id="EC2's protocol"),
        pytest.param("iam.delete_user", {"UserName": "nobody"}, id="the query protocol"),
        pytest.param("rds.delete_db_instance", {"DBInstanceIdentifier": "x"}, id="RDS"),
        pytest.param("sqs.get_queue_url", {"QueueName": "none"}, id="JSON"),
    ],
)
def test_refusals_have_request_ids_too(root: Actor, call: str, arguments: Any) -> None:
    service, operation = call.split(".")
    with pytest.raises(ClientError) as error:
        getattr(getattr(root, service), operation)(**arguments)
    answer = metadata_of(error.value.response)
    assert answer["RequestId"] == answer["HTTPHeaders"]["x-amzn-requestid"] != "request-id"


def test_many_at_once_are_all_on_record(server: AwsServer, root: Actor, group: str) -> None:
    before = len(server.trail.records)

    def admit(port: int) -> str:
        answer = root.ec2.authorize_security_group_ingress(
            GroupId=group, IpProtocol="tcp", FromPort=port, ToPort=port, CidrIp="10.0.0.0/8"
        )
        return str(metadata_of(answer)["RequestId"])

    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(admit, range(40)))
    written = [record["requestID"] for record in server.trail.records[before:]]
    assert sorted(written) == sorted(ids)
    assert len(set(ids)) == 40


def test_one_call_is_done_before_the_next_begins(
    root: Actor, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def admit() -> None:
        with suppress(ClientError):
            root.ec2.authorize_security_group_ingress(
                GroupId=group, IpProtocol="tcp", FromPort=1, ToPort=1, CidrIp="10.0.0.0/8"
            )

    original = group_calls._refuse_doubles
    with meanwhile(admit) as hook:

        def checked(rules: list[Any], new: list[Any]) -> None:
            original(rules, new)
            hook()

        monkeypatch.setattr(group_calls, "_refuse_doubles", checked)
        admit()
    (described,) = root.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert len(described["IpPermissions"][0]["IpRanges"]) == 1
