"""Tools: which of them manages a group, by the marks that they leave on it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.aws.network import Described
from bot.cloudtrail.text import printable

WORD = 60

TAGS = (
    ("aws:servicecatalog:provisionedproductarn", "Service Catalog"),
    ("elasticbeanstalk:environment-name", "Elastic Beanstalk"),
    ("alpha.eksctl.io/cluster-name", "eksctl"),
    ("aws:eks:cluster-name", "EKS"),
    ("aws:elasticmapreduce:job-flow-id", "EMR"),
    ("elbv2.k8s.aws/cluster", "AWS Load Balancer Controller"),
    ("ingress.k8s.aws/stack", "AWS Load Balancer Controller"),
    ("service.k8s.aws/stack", "AWS Load Balancer Controller"),
    ("pulumi:stack", "Pulumi"),
    ("pulumi:project", "Pulumi"),
    ("crossplane-name", "Crossplane"),
    ("karpenter.sh/nodepool", "Karpenter"),
    ("aws:cloudformation:stack-name", "CloudFormation"),
)
"""Tags by their keys, those that tell more than another first. Their values name the stack."""

SAYING = frozenset(
    {"managedby", "manager", "managedwith", "provisioner", "provisionedby", "createdby", "iac"}
)
"""Tags whose value names the tool, by their plain keys."""

NAMES = (
    ("OpenTofu", r"open-?tofu|tofu"),
    ("Terraform", r"terraform|terragrunt|\btf\b|atlantis|spacelift"),
    ("Pulumi", r"pulumi"),
    ("AWS CDK", r"(?:aws[\s-]?)?cdk\b"),
    ("CloudFormation", r"cloud-?formation|\bcfn\b"),
    ("Ansible", r"ansible"),
    ("Crossplane", r"crossplane"),
    ("AWS Load Balancer Controller", r"load balancer controller"),
    ("Kubernetes", r"kubernetes|\bk8s\b|argo|helm"),
    ("EKS", r"\beks\b"),
)

DESCRIPTIONS = (
    ("Terraform", r"Managed by Terraform"),
    ("Pulumi", r"Managed by Pulumi"),
    ("AWS Load Balancer Controller", r"\[k8s\] .*"),
    ("EKS", r"EKS created security group applied to ENI .*"),
    ("Kubernetes", r"Security group for Kubernetes ELB .*"),
    ("Directory Service", r"AWS created security group for d-\w+ .*"),
    ("EMR", r"(?:Master|Slave|Service access) group for Elastic MapReduce.*"),
    ("the console's launch wizard", r"launch-wizard-\d+ created .*"),
)
"""Descriptions that tools give where people give none."""

GROUP_NAMES = (
    ("Terraform", r"terraform-\d{26}"),
    ("Elastic Beanstalk", r"awseb-.+"),
    ("EKS", r"eks-cluster-sg-.+"),
    ("the console's launch wizard", r"launch-wizard-\d+"),
)

BY_ITSELF = "the console's launch wizard"
"""What makes groups and does not manage them."""


@dataclass(frozen=True, slots=True)
class Manager:
    """The tool, its stack where that is known, and by what it is known."""

    tool: str
    stack: str = ""
    known_by: str = ""


def manager_of(group: Described) -> Manager | None:
    """Return what manages a group; None where nothing on it says so.

    AWS's own tags nobody else can set; the rest is what whoever tagged the group says.
    """
    return _by_tags(group.tags) or _by_text(group)


def same_tool(manager: str, tool: str) -> bool:
    """Return whether a call's tool is the manager, or works through it."""
    through = {"AWS CDK": {"CloudFormation"}, "CloudFormation": {"Service Catalog"}}
    named = [manager, *through.get(manager, ())]
    if manager == "Terraform":
        named.append("OpenTofu")
    return any(tool == name or tool.startswith(f"{name} ") for name in named)


def _by_tags(tags: Mapping[str, str]) -> Manager | None:
    for key, tool in TAGS:
        if key in tags:
            return Manager(tool, printable(tags[key], WORD), f"tag {key}")
    for key in sorted(tags):
        plain = re.sub(r"[\W_]", "", re.split(r"[:/]", key)[-1]).lower()
        said = tags[key] if plain in SAYING else ""
        if plain in {"terraform", "pulumi", "cdk"} and tags[key].lower() not in {"false", "no", ""}:
            said = plain
        for tool, pattern in NAMES:
            if said and re.search(pattern, said[:WORD], re.IGNORECASE):
                return Manager(tool, known_by=f"tag {printable(key, WORD)}")
    return None


def _by_text(group: Described) -> Manager | None:
    places = (
        (DESCRIPTIONS, group.description, "its description"),
        (GROUP_NAMES, group.name, "its name"),
    )
    for table, text, known_by in places:
        for tool, pattern in table:
            if re.fullmatch(pattern, text):
                return Manager(tool, known_by=known_by)
    return None
