"""Denials: how a call that IAM policies do not allow is refused, once they are enforced."""

from typing import Any
from xml.sax.saxutils import escape

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.exceptions import AccessDeniedError
from moto.iam.access_control import IAMRequest

from sandbox.aws.identity import is_known
from sandbox.aws.patches import Patches


def mend_denials(patches: Patches) -> None:
    """Let EC2 deny in its own words, and never deny the account's root."""
    patches.wrap(IAMRequest, "_raise_access_denied", _in_ec2s_words)
    patches.wrap(ActionAuthenticatorMixin, "_authenticate_and_authorize_action", _but_not_root)


def _in_ec2s_words(original: Any) -> Any:
    """Raise UnauthorizedOperation for EC2; moto says AccessDenied there as everywhere."""

    def _raise_access_denied(self: Any) -> None:
        if self._service != "ec2":
            original(self)
        raise _UnauthorizedOperationError(self._access_key.arn, self._action)

    return _raise_access_denied


class _UnauthorizedOperationError(AccessDeniedError):  # type: ignore[misc] # moto is untyped here
    """EC2's denial, in EC2's error document."""

    def __init__(self, user_arn: str, action: str) -> None:
        super().__init__(user_arn, action)
        self.error_type = "UnauthorizedOperation"
        self.message = (
            "You are not authorized to perform this operation. "
            f"User: {user_arn} is not authorized to perform: {action} "
            f"because no identity-based policy allows the {action} action"
        )
        self.description = (
            "<Response><Errors><Error>"
            f"<Code>{self.error_type}</Code><Message>{escape(self.message)}</Message>"
            "</Error></Errors><RequestID>request-id</RequestID></Response>"
        )


def _but_not_root(original: Any) -> Any:
    """Allow keys that no user or session holds: they are the root's, see ``identity``."""

    def _authenticate_and_authorize_action(
        self: Any, iam_request_cls: type, resource: str = "*"
    ) -> None:
        if is_known(self.current_account, self.access_key):
            original(self, iam_request_cls, resource)

    return _authenticate_and_authorize_action
