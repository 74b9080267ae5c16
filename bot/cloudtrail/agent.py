"""Agents: the tool that a record's user agent names, as a person would name it.

A user agent is whatever the caller wrote: it may narrow and inform, never clear anybody. What AWS
says itself (``invokedBy``) comes first.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.cloudtrail.record import Record
from bot.cloudtrail.text import flag_of, printable, text_of

READ = 2000
"""Characters of an agent that are looked at: there is no end to what callers write."""

SHOWN = 60
"""Characters of an agent that the tables do not know."""

INTERNAL = "AWS Internal"
SIGN_IN = "signin.amazonaws.com"
CONSOLE_AGENTS = ("console.", "signin.", "S3Console", "[S3Console", "AWSConsole", "Mozilla/")

VERSION = r"[/#]v?(\d{1,9}(?:\.\d{1,9}){0,3})"
ONLY_MARKED = r"(?:" + VERSION + r")?"


@dataclass(frozen=True, slots=True)
class Tool:
    """What the call was made with. ``automated`` is that a program decided, not a person's hand."""

    name: str
    version: str
    automated: bool
    label: str


PROGRAMS = (
    ("Pulumi", r"PulumiAws\w*" + VERSION),
    ("Pulumi", r"\bPulumi" + ONLY_MARKED),
    ("OpenTofu", r"OpenTofu" + VERSION + r"(?!.*OpenTofu/)"),
    ("Terraform", r"\bTerraform" + VERSION),
    ("Terraform", r"\bHashiCorp\b|terraform-provider-aws()"),
    ("AWS CDK", r"\b(?:aws-)?cdk" + VERSION),
    ("eksctl", r"\beksctl" + VERSION),
    ("Ansible", r"\bansible" + ONLY_MARKED),
    ("Crossplane", r"\bcrossplane[\w-]*" + ONLY_MARKED),
    ("Karpenter", r"\bkarpenter[\w.]*" + ONLY_MARKED),
    ("AWS Load Balancer Controller", r"\belbv2\.k8s\.aws" + ONLY_MARKED),
    ("Kubernetes", r"\bkubernetes" + ONLY_MARKED),
)
"""Tools that decide by themselves, before the SDK that they are made with."""

BY_HAND = (
    ("AWS CLI", r"\baws-cli" + VERSION),
    ("AWS Tools for PowerShell", r"\bAWSPowerShell[\w.]*" + VERSION),
)

LIBRARIES = (
    ("Boto3", r"\bboto3" + VERSION),
    ("Botocore", r"\bbotocore" + VERSION),
    ("AWS SDK for Go", r"\baws-sdk-go(?:-v2)?" + VERSION),
    ("AWS SDK for JavaScript", r"\baws-sdk-(?:js|nodejs|react-native)" + VERSION),
    ("AWS SDK for Java", r"\baws-sdk-(?:java|kotlin)" + VERSION),
    ("AWS SDK for .NET", r"\baws-sdk-dotnet[\w-]*" + VERSION),
    ("AWS SDK for Ruby", r"\baws-sdk-ruby\d?" + VERSION),
    ("AWS SDK for PHP", r"\baws-sdk-php\d?" + VERSION),
    ("AWS SDK for Rust", r"\baws-sdk-rust" + VERSION),
    ("AWS SDK for C++", r"\baws-sdk-cpp" + VERSION),
)

BROWSERS = (
    ("Edge", r"\bEdge?" + VERSION),
    ("Opera", r"\bOPR" + VERSION),
    ("Firefox", r"\bFirefox" + VERSION),
    ("Chrome", r"\bChrome" + VERSION),
    ("Safari", r"\bVersion" + VERSION + r".*\bSafari/"),
)

SERVICES = {
    "autoscaling": "EC2 Auto Scaling",
    "cloudformation": "CloudFormation",
    "config": "AWS Config",
    "controltower": "Control Tower",
    "ec2fleet": "EC2 Fleet",
    "eks": "EKS",
    "eks-nodegroup": "EKS node groups",
    "elasticbeanstalk": "Elastic Beanstalk",
    "elasticloadbalancing": "Elastic Load Balancing",
    "fms": "Firewall Manager",
    "lambda": "Lambda",
    "rds": "RDS",
    "servicecatalog": "Service Catalog",
    "spot": "EC2 Spot",
    "ssm": "Systems Manager",
}
SERVICE = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.amazonaws\.com(?:\.cn)?")
UNATTENDED = re.compile(r"exec-env/(?:AWS_Lambda|AWS_ECS|CodeBuild|AWS_CodeBuild)", re.IGNORECASE)


def tool_of(record: Record) -> Tool:
    """Return what the call was made with."""
    invoked_by = invoked_by_of(record)
    if invoked_by:
        return _service(invoked_by)
    return _named(record.user_agent[:READ], from_console(record))


@lru_cache(maxsize=1024)
def _named(agent: str, console: bool) -> Tool:
    """Return the tool that an agent names. The same few agents make nearly all calls."""
    if found := _find(PROGRAMS, agent):
        return _tool(*found, automated=True)
    if found := _find(BY_HAND, agent):
        return _tool(*found, automated=bool(UNATTENDED.search(agent)))
    # The console's own servers call with SDKs, so it comes before them.
    if console:
        return _console(agent)
    if found := _find(LIBRARIES, agent):
        return _tool(*found, automated=True)
    if SERVICE.fullmatch(agent) or agent == INTERNAL:
        return _service(agent)
    return Tool("", "", automated=False, label=printable(agent, SHOWN) or "an unknown tool")


def from_console(record: Record) -> bool:
    """Return whether a person made the call in the AWS console."""
    if invoked_by_of(record):
        return False
    if flag_of(record.raw.get("sessionCredentialFromConsole")):
        return True
    signed_in = text_of(record.raw.get("eventType")) == "AwsConsoleSignIn"
    by_sign_in = record.user_identity.get("invokedBy") == SIGN_IN
    return signed_in or by_sign_in or record.user_agent.startswith(CONSOLE_AGENTS)


def invoked_by_of(record: Record) -> str:
    """Return the service that called for somebody, or nothing.

    Old records of console sessions name the sign-in service there, and some the inside of AWS.
    """
    invoked_by = text_of(record.user_identity.get("invokedBy"), 256)
    if invoked_by == SIGN_IN:
        return ""
    marked = invoked_by == INTERNAL and flag_of(record.raw.get("sessionCredentialFromConsole"))
    return "" if marked else invoked_by


def _find(table: tuple[tuple[str, str], ...], agent: str) -> tuple[str, str] | None:
    for name, pattern in table:
        if found := re.search(pattern, agent, re.IGNORECASE):
            return name, found[1] or ""
    return None


def _tool(name: str, version: str, *, automated: bool) -> Tool:
    short = ".".join(version.split(".")[:2])
    return Tool(name, version, automated, f"{name} {short}".strip())


def _console(agent: str) -> Tool:
    browser = _find(BROWSERS, agent)
    label = "AWS console"
    if browser:
        label += f" ({browser[0]} {browser[1].partition('.')[0]})"
    return Tool("AWS console", "", automated=False, label=label)


def _service(service: str) -> Tool:
    found = SERVICE.fullmatch(service)
    name = SERVICES.get(found[1], f"AWS service {found[1]}") if found else "an AWS service"
    return Tool(name, "", automated=True, label=printable(name, SHOWN))
