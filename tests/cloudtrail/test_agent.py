"""Tools, named from what callers say of themselves and what AWS says of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cloudtrail.agent import Tool, tool_of
from bot.cloudtrail.record import parse_record
from tests.records import BROWSER, CLI, TERRAFORM, a_record, iam_user

GO = "aws-sdk-go/1.44.157 (go1.19.3; linux; amd64)"
APN = "APN/1.0 HashiCorp/1.0 Terraform/0.12.24 (+https://www.terraform.io)"
CONSOLE = {"sessionCredentialFromConsole": "true"}


def tool(agent: Any, invoked_by: str = "", **fields: Any) -> Tool:
    identity = iam_user() | ({"invokedBy": invoked_by} if invoked_by else {})
    return tool_of(parse_record(a_record(userAgent=agent, userIdentity=identity, **fields)))


@pytest.mark.parametrize(
    ("agent", "label", "version", "automated"),
    [
        pytest.param(TERRAFORM, "Terraform 1.9", "1.9.5", True, id="Terraform"),
        pytest.param(f"{GO} {APN}", "Terraform 0.12", "0.12.24", True, id="Terraform, named last"),
        pytest.param(
            "HashiCorp-terraform-exec/0.17.3", "Terraform", "", True, id="without version"
        ),
        pytest.param(
            "APN/1.0 OpenTofu/1.0 OpenTofu/1.8.2 (+https://opentofu.org)",
            "OpenTofu 1.8",
            "1.8.2",
            True,
            id="OpenTofu",
        ),
        pytest.param(
            f"APN/1.0 Pulumi/1.0 PulumiAws/6.45 {GO}", "Pulumi 6.45", "6.45", True, id="Pulumi"
        ),
        pytest.param("aws-cdk/2.150.0", "AWS CDK 2.150", "2.150.0", True, id="CDK"),
        pytest.param(f"eksctl/0.190.0 {GO}", "eksctl 0.190", "0.190.0", True, id="eksctl"),
        pytest.param(
            "APN/1.0 Ansible/2.17.1 Boto3/1.34 md/Botocore#1.34.7",
            "Ansible 2.17",
            "2.17.1",
            True,
            id="Ansible, before the SDK that it is made with",
        ),
        pytest.param(CLI, "AWS CLI 2.17", "2.17.32", False, id="the CLI, version 2"),
        pytest.param(
            "aws-cli/1.29.1 Python/3.9.5 Linux/5.4 botocore/1.31.1",
            "AWS CLI 1.29",
            "1.29.1",
            False,
            id="the CLI, version 1",
        ),
        pytest.param(
            f"{CLI} exec-env/AWS_Lambda_python3.12", "AWS CLI 2.17", "2.17.32", True, id="in Lambda"
        ),
        pytest.param(
            f"{CLI} exec-env/CloudShell", "AWS CLI 2.17", "2.17.32", False, id="CloudShell"
        ),
        pytest.param(
            "Boto3/1.34.7 md/Botocore#1.34.7 ua/2.0", "Boto3 1.34", "1.34.7", True, id="Boto3"
        ),
        pytest.param(GO, "AWS SDK for Go 1.44", "1.44.157", True, id="Go"),
        pytest.param(
            "aws-sdk-go-v2/1.30.4 ua/2.1", "AWS SDK for Go 1.30", "1.30.4", True, id="Go, version 2"
        ),
        pytest.param(
            "aws-sdk-js/3.600.0 ua/2.0", "AWS SDK for JavaScript 3.600", "3.600.0", True, id="JS"
        ),
        pytest.param("console.ec2.amazonaws.com", "AWS console", "", False, id="the console"),
        pytest.param("signin.amazonaws.com", "AWS console", "", False, id="the old console"),
        pytest.param(BROWSER, "AWS console (Chrome 126)", "", False, id="Chrome"),
        pytest.param(
            "Mozilla/5.0 (Macintosh; rv:124.0) Gecko/20100101 Firefox/124.0",
            "AWS console (Firefox 124)",
            "",
            False,
            id="Firefox",
        ),
        pytest.param(f"{BROWSER} Edg/126.0.0.0", "AWS console (Edge 126)", "", False, id="Edge"),
        pytest.param(
            "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
            "AWS console (Safari 17)",
            "",
            False,
            id="Safari",
        ),
        pytest.param(
            "cloudformation.amazonaws.com", "CloudFormation", "", True, id="only the agent tells"
        ),
        pytest.param("AWS Internal", "an AWS service", "", True, id="the inside of AWS"),
        pytest.param("my-tool", "my-tool", "", False, id="a tool that nobody knows"),
        pytest.param("a\n<!channel>\x1b" * 99, None, "", False, id="a hostile one"),
        pytest.param(f"Terraform/{'1' * 9999}", None, "1" * 9, True, id="an endless version"),
        pytest.param("", "an unknown tool", "", False, id="none"),
        pytest.param(None, "an unknown tool", "", False, id="null"),
    ],
)
def test_the_tool_by_its_agent(
    agent: Any, label: str | None, version: str, automated: bool
) -> None:
    found = tool(agent)
    assert label in {found.label, None}
    assert (found.version, found.automated) == (version, automated)
    assert len(found.label) <= 60


@pytest.mark.parametrize(
    ("agent", "invoked_by", "fields", "label"),
    [
        pytest.param("AWS Internal", "", CONSOLE, "AWS console", id="the console, within AWS"),
        pytest.param(
            "AWSConsole aws-internal/3 aws-sdk-java/1.12", "", CONSOLE, "AWS console", id="servers"
        ),
        pytest.param(CLI, "", CONSOLE, "AWS CLI 2.17", id="the CLI with the console's session"),
        pytest.param(TERRAFORM, "", CONSOLE, "Terraform 1.9", id="Terraform in CloudShell"),
        pytest.param(
            "AWS Internal",
            "cloudformation.amazonaws.com",
            CONSOLE,
            "CloudFormation",
            id="CloudFormation for a session of the console",
        ),
        pytest.param(BROWSER, "rds.amazonaws.com", {}, "RDS", id="what AWS says comes first"),
        pytest.param(
            "x",
            "new-thing.amazonaws.com",
            {},
            "AWS service new-thing",
            id="a service not in the table",
        ),
    ],
)
def test_what_aws_says_comes_first(
    agent: str, invoked_by: str, fields: dict[str, Any], label: str
) -> None:
    assert tool(agent, invoked_by, **fields).label == label


@given(st.text(), st.text())
def test_a_label_is_one_short_line(agent: str, invoked_by: str) -> None:
    label = tool(agent, invoked_by).label
    assert label
    assert len(label) <= 60
    assert label.isprintable()
