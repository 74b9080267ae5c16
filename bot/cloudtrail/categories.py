"""ECS categories of CloudTrail's actions, as Elasticsearch's CloudTrail pipeline gives them."""

INFO = ("info",)
"""``event.type`` of an action that has no category."""

_ACTIONS: dict[tuple[str, ...], str] = {
    ("authentication", "info"): "AssumeRole ConsoleLogin",
    ("file", "creation"): "CreateBucket",
    ("file", "deletion"): "DeleteBucket",
    ("iam", "admin", "creation"): "CreateKeyPair",
    ("iam", "admin", "change"): """
        SetDefaultPolicyVersion SetSecurityTokenServicePreferences UpdateAccountPasswordPolicy
        UpdateRole
    """,
    ("iam", "group", "creation"): "CreateGroup",
    ("iam", "group", "deletion"): "DeleteGroup",
    ("iam", "group", "change"): """
        AddUserToGroup AttachGroupPolicy DeleteGroupPolicy DetachGroupPolicy PutGroupPolicy
        RemoveUserFromGroup UpdateGroup
    """,
    ("iam", "group", "info"): """
        GetGroup GetGroupPolicy ListAttachedGroupPolicies ListGroupPolicies ListGroups
        ListGroupsForUser
    """,
    ("iam", "user", "creation"): "CreateUser",
    ("iam", "user", "deletion"): "DeleteUser",
    ("iam", "user", "change"): """
        AttachUserPolicy ChangePassword CreateAccessKey CreateVirtualMFADevice DeactivateMFADevice
        DeleteAccessKey DeleteSSHPublicKey DeleteUserPermissionsBoundary DeleteUserPolicy
        DeleteVirtualMFADevice DetachUserPolicy EnableMFADevice PutUserPermissionsBoundary
        PutUserPolicy TagUser UntagUser UpdateAccessKey UpdateLoginProfile UpdateSSHPublicKey
        UpdateUser
    """,
    ("iam", "user", "info"): """
        GetUser GetUserPolicy ListAttachedUserPolicies ListUserPolicies ListUserTags ListUsers
    """,
}

CATEGORIES: dict[str, tuple[str, tuple[str, ...]]] = {
    action: (category, tuple(types))
    for (category, *types), actions in _ACTIONS.items()
    for action in actions.split()
}
"""Category and types of each action that has them."""
