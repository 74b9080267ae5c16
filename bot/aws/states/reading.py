"""Reading states: the reader for each kind of look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.aws.sessions import Sessions
from bot.aws.states.acls import read_quarantine_acl, read_subnet_acl
from bot.aws.states.denial import read_access_key, read_inline_policy
from bot.aws.states.forensics import read_snapshots, read_tag
from bot.aws.states.groups import read_group, read_named_group, read_uses
from bot.aws.states.members import read_member
from bot.aws.states.networks import read_acl, read_association, read_list
from bot.aws.states.service import read_lifecycle, read_target
from bot.aws.states.services import read_database, read_policies
from bot.containment.states import Kind, Look, State

READERS: Mapping[Kind, Callable[[Sessions, Look], State]] = {
    Kind.GROUP: read_group,
    Kind.NAMED_GROUP: read_named_group,
    Kind.MEMBER: read_member,
    Kind.LIFECYCLE: read_lifecycle,
    Kind.TARGET: read_target,
    Kind.QUARANTINE_ACL: read_quarantine_acl,
    Kind.SUBNET_ACL: read_subnet_acl,
    Kind.TAG: read_tag,
    Kind.SNAPSHOTS: read_snapshots,
    Kind.INLINE_POLICY: read_inline_policy,
    Kind.ACCESS_KEY: read_access_key,
    Kind.USES: read_uses,
    Kind.PREFIX_LIST: read_list,
    Kind.ASSOCIATION: read_association,
    Kind.DATABASE: read_database,
    Kind.POLICIES: read_policies,
    Kind.ACL: read_acl,
}


@dataclass(frozen=True, slots=True)
class StateReader:
    """Reads whatever a call is to be checked by."""

    sessions: Sessions

    def read(self, look: Look) -> State:
        """Return what is so now. Raises AwsError."""
        return READERS[look.kind](self.sessions, look)
