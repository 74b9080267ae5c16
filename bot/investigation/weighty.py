"""The calls that matter around a change: what each does, and so which is told first."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What a call does to those who are attacked, the gravest first."""

    LOGGING = "logging switched off"
    ACCESS = "IAM"
    DATA = "data"
    NETWORK = "network"
    COMPUTE = "compute"
    OTHER = "other"


WEIGHTS: Mapping[Category, int] = {
    Category.LOGGING: 5,
    Category.ACCESS: 4,
    Category.DATA: 3,
    Category.NETWORK: 2,
    Category.COMPUTE: 1,
    Category.OTHER: 0,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of call it is. ``stays`` is that it makes access which outlasts the session."""

    category: Category
    stays: bool = False

    @property
    def weight(self) -> int:
        """Return how much it matters: from 0 to 5."""
        return WEIGHTS[self.category]


OTHER = Kind(Category.OTHER)

_LOGGING = {
    "cloudtrail": """
        DeleteEventDataStore DeleteTrail PutEventSelectors StopEventDataStoreIngestion StopLogging
        UpdateTrail
    """,
    "ec2": "DeleteFlowLogs",
    "config": "DeleteConfigurationRecorder DeleteDeliveryChannel StopConfigurationRecorder",
    "guardduty": """
        CreateIPSet DeleteDetector DeletePublishingDestination DisassociateFromAdministratorAccount
        StopMonitoringMembers UpdateDetector
    """,
    "securityhub": "DisableSecurityHub",
    "access-analyzer": "DeleteAnalyzer",
    "logs": "DeleteLogGroup DeleteLogStream PutRetentionPolicy",
    "events": "DeleteRule DisableRule RemoveTargets",
    "monitoring": "DeleteAlarms DisableAlarmActions",
}
_STAYS = {
    "iam": """
        AddClientIDToOpenIDConnectProvider AddRoleToInstanceProfile AddUserToGroup
        AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreateAccessKey CreateInstanceProfile
        CreateLoginProfile CreateOpenIDConnectProvider CreatePolicy CreatePolicyVersion CreateRole
        CreateSAMLProvider CreateServiceSpecificCredential CreateUser PutGroupPolicy PutRolePolicy
        PutUserPolicy SetDefaultPolicyVersion UpdateAccessKey UpdateAssumeRolePolicy
        UpdateLoginProfile UpdateSAMLProvider UploadSSHPublicKey UploadSigningCertificate
    """,
    "ec2": "AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation",
    "sso": """
        AttachManagedPolicyToPermissionSet CreateAccountAssignment CreatePermissionSet
        PutInlinePolicyToPermissionSet
    """,
    "sso-directory": "AddMemberToGroup CreateUser",
    "identitystore": "CreateGroupMembership CreateUser",
    "lambda": """
        AddPermission20150331 AddPermission20150331v2 CreateFunctionUrlConfig
        UpdateFunctionCode20150331v2
    """,
    "rolesanywhere": "CreateProfile CreateTrustAnchor",
}
_ACCESS = {
    "iam": """
        DeactivateMFADevice DeleteAccountPasswordPolicy DeleteGroupPolicy
        DeleteRolePermissionsBoundary DeleteRolePolicy DeleteUserPermissionsBoundary
        DeleteUserPolicy DeleteVirtualMFADevice DetachGroupPolicy DetachRolePolicy
        DetachUserPolicy EnableMFADevice
        PutRolePermissionsBoundary PutUserPermissionsBoundary UpdateAccountPasswordPolicy
    """,
    "organizations": "DetachPolicy DisablePolicyType InviteAccountToOrganization LeaveOrganization",
    "sts": "GetFederationToken GetSessionToken",
}
_DATA = {
    "ec2": """
        CreateSnapshot CreateSnapshots DisableSnapshotBlockPublicAccess GetPasswordData
        ModifyImageAttribute ModifySnapshotAttribute
    """,
    "rds": """
        CreateDBSnapshot DeleteDBCluster DeleteDBInstance ModifyDBCluster
        ModifyDBClusterSnapshotAttribute ModifyDBInstance ModifyDBSnapshotAttribute
        RestoreDBInstanceFromDBSnapshot StartExportTask
    """,
    "s3": """
        DeleteAccountPublicAccessBlock DeleteBucket DeleteBucketEncryption DeleteBucketPolicy
        DeleteBucketPublicAccessBlock PutAccountPublicAccessBlock PutBucketAcl PutBucketLifecycle
        PutBucketPolicy PutBucketPublicAccessBlock PutBucketReplication
    """,
    "kms": "DisableKey PutKeyPolicy ScheduleKeyDeletion",
    "secretsmanager": "BatchGetSecretValue DeleteSecret GetSecretValue PutResourcePolicy",
}
_NETWORK = {
    "ec2": """
        AssociateAddress AttachInternetGateway AttachNetworkInterface AuthorizeSecurityGroupEgress
        AuthorizeSecurityGroupIngress CreateNetworkAclEntry CreateNetworkInterface CreateRoute
        CreateSecurityGroup CreateTrafficMirrorSession CreateVpcPeeringConnection
        DeleteNetworkAclEntry DeleteSecurityGroup DisableVpcBlockPublicAccess
        ModifyInstanceAttribute ModifyManagedPrefixList ModifyNetworkInterfaceAttribute
        ModifySecurityGroupRules ReplaceNetworkAclAssociation ReplaceNetworkAclEntry ReplaceRoute
        RestoreManagedPrefixListVersion RevokeSecurityGroupEgress RevokeSecurityGroupIngress
    """,
    "elasticloadbalancing": "SetSecurityGroups",
    "route53": "ChangeResourceRecordSets",
}
_COMPUTE = {
    "ec2": """
        CreateKeyPair CreateLaunchTemplateVersion EnableSerialConsoleAccess ImportKeyPair
        RequestSpotInstances RunInstances StopInstances TerminateInstances
    """,
    "ec2-instance-connect": "SendSSHPublicKey SendSerialConsoleSSHPublicKey",
    "ssm": "SendCommand StartSession",
    "lambda": "CreateFunction20150331",
    "ecs": "RegisterTaskDefinition RunTask",
}


def _rows(kind: Kind, calls: Mapping[str, str]) -> dict[tuple[str, str], Kind]:
    return {(service, action): kind for service, named in calls.items() for action in named.split()}


KINDS: Mapping[tuple[str, str], Kind] = {
    **_rows(Kind(Category.COMPUTE), _COMPUTE),
    **_rows(Kind(Category.NETWORK), _NETWORK),
    **_rows(Kind(Category.DATA), _DATA),
    **_rows(Kind(Category.ACCESS), _ACCESS),
    **_rows(Kind(Category.ACCESS, stays=True), _STAYS),
    **_rows(Kind(Category.LOGGING), _LOGGING),
}
"""What a service's call does."""

ALMIGHTY = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
"""AWS's own policies with which one may do anything, or make oneself that."""

GROUP_CHANGES = frozenset(
    action
    for (service, action), kind in KINDS.items()
    if service == "ec2" and ("SecurityGroup" in action or "PrefixList" in action)
)

FIRST_ASKED = {
    Category.ACCESS: ("CreateAccessKey", "AttachUserPolicy", "AttachRolePolicy", "CreateUser"),
    Category.LOGGING: ("StopLogging", "DeleteTrail"),
}
"""What is asked for by name where the caller's other calls would hide it: each costs a lookup."""


def kind_of(service: str, action: str) -> Kind:
    """Return what sort of call it is; of a service that is not known, by its name alone."""
    if service:
        return KINDS.get((service, action), OTHER)
    found = (kind for (_, name), kind in KINDS.items() if name == action)
    return next(found, OTHER)
