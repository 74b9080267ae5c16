"""Accounts: what every AWS account has from the start."""

import functools
import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from sandbox.aws.patches import Patches


def mend_accounts(patches: Patches) -> None:
    """Give each account AWS's own IAM policies."""
    patches.replace(IAMBackend, "_init_aws_policies", _aws_policies)


def _aws_policies(self: Any) -> list[Any]:
    """Without AWS's own policies, attaching AdministratorAccess is NoSuchEntity.

    moto has them behind a setting, but then reads them anew for each account in each of six
    partitions; ours are read once, for the partition that we use.
    """
    if self.region_name != "aws":
        return []
    return [
        AWSManagedPolicy.from_data(name, self.account_id, self.region_name, data)
        for name, data in _read_policies().items()
    ]


@functools.cache
def _read_policies() -> dict[str, Any]:
    policies: dict[str, Any] = json.loads(aws_managed_policies_data)
    return policies
