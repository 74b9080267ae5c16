"""What the stand-in has none of: associations of groups with other VPCs, and flow logs."""

import pytest

from bot.aws.network import FlowLog
from bot.aws.sessions import Sessions
from bot.aws.states.reading import StateReader
from bot.aws.surroundings import NetworkReader
from bot.containment.effects.networks import AssociateVpc
from bot.containment.plan import Call
from bot.containment.readback import call_done
from tests.aws.answering import WHO, answering
from tests.aws.conftest import PROD, REGION

ANSWER = (
    "<DescribeSecurityGroupVpcAssociationsResponse><securityGroupVpcAssociationSet>{}"
    "</securityGroupVpcAssociationSet></DescribeSecurityGroupVpcAssociationsResponse>"
)
ITEM = "<item><groupId>sg-1</groupId><vpcId>vpc-2</vpcId><state>{}</state></item>"


@pytest.mark.parametrize(
    ("items", "joins", "done"),
    [
        pytest.param(ITEM.format("associated"), True, True, id="there"),
        pytest.param(ITEM.format("associating"), True, True, id="on its way"),
        pytest.param(ITEM.format("association-failed"), True, False, id="failed"),
        pytest.param(ITEM.format("associated"), False, False, id="still there"),
        pytest.param(ITEM.format("disassociating"), False, True, id="going"),
        pytest.param("", False, True, id="gone"),
    ],
)
def test_whether_a_group_is_in_a_vpc(items: str, joins: bool, done: bool) -> None:
    call = Call(PROD, REGION, AssociateVpc("sg-1", "vpc-2", joins), "")
    told = (200, ANSWER.format(items))
    ours = (200, WHO.format(PROD))
    with answering(GetCallerIdentity=ours, DescribeSecurityGroupVpcAssociations=told) as aws:
        state = StateReader(Sessions(REGION, endpoint_url=aws.url)).read(call.look)
    assert call_done(call, state) is done
    assert aws.asked[-1]["Filter.1.Value.1"] == "sg-1"
    assert aws.asked[-1]["Filter.2.Value.1"] == "vpc-2"


FLOW_LOGS = (
    "<DescribeFlowLogsResponse><flowLogSet>"
    "<item><flowLogStatus>ACTIVE</flowLogStatus><logGroupName>/vpc/prod</logGroupName></item>"
    "<item><flowLogStatus>ACTIVE</flowLogStatus><logDestination>arn:aws:s3:::l</logDestination>"
    "</item></flowLogSet></DescribeFlowLogsResponse>"
)


def test_flow_logs_are_those_of_the_vpc() -> None:
    ours, told = (200, WHO.format(PROD)), (200, FLOW_LOGS)
    with answering(GetCallerIdentity=ours, DescribeFlowLogs=told) as aws:
        reader = NetworkReader(Sessions(REGION, endpoint_url=aws.url))
        found = reader.flow_logs(PROD, REGION, "vpc-1")
    assert found == (FlowLog("/vpc/prod", ""), FlowLog("", "arn:aws:s3:::l"))
    assert aws.asked[-1]["Filter.1.Value.1"] == "vpc-1"
