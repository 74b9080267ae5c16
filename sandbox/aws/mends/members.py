"""Members of security groups: who is in a group, how they move, and when a group may be deleted."""

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    DependencyViolationError,
    EC2ClientError,
    InvalidSecurityGroupNotFoundError,
)
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.responses.security_groups import SecurityGroups
from moto.rds.models import rds_backends

from sandbox.aws.patches import Patches


def mend_members(patches: Patches) -> None:
    """Let interfaces hold the groups, and groups in use be kept."""
    patches.replace(NetworkInterface, "group_set", property(_groups_of_interface))
    patches.add(Instance, "security_groups", property(_groups_of_instance, _move_instance))
    patches.wrap(InstanceBackend, "modify_instance_security_groups", _with_known_instance_groups)
    patches.wrap(
        NetworkInterfaceBackend,
        "modify_network_interface_attribute",
        _with_known_interface_groups,
    )
    patches.replace(SecurityGroups, "delete_security_group", _delete_security_group)
    patches.wrap(SecurityGroups, "create_security_group", _answering_with_tags)


def _groups_of_interface(self: Any) -> list[Any]:
    """Return the interface's own groups. moto adds its instance's, so a move never leaves one."""
    groups: list[Any] = self._group_set
    return groups


def _groups_of_instance(self: Any) -> list[Any]:
    """Return the groups of the first interface: in EC2 an instance has no others."""
    first = vars(self).get("nics", {}).get(0)
    groups: list[Any] = first._group_set if first else vars(self)["launch_groups"]
    return groups


def _move_instance(self: Any, groups: list[Any]) -> None:
    vars(self)["launch_groups"] = groups
    if first := vars(self).get("nics", {}).get(0):
        first._group_set = list(groups)


def _with_known_instance_groups(original: Any) -> Any:
    """Refuse unknown groups; moto would put None among the instance's groups."""

    def modify_instance_security_groups(
        self: Any, instance_id: str, new_group_id_list: list[str]
    ) -> Any:
        _refuse_unknown_groups(self, new_group_id_list)
        return original(self, instance_id, new_group_id_list)

    return modify_instance_security_groups


def _with_known_interface_groups(original: Any) -> Any:
    """Refuse unknown groups; moto would put None among the interface's groups."""

    def modify_network_interface_attribute(
        self: Any,
        eni_id: str,
        group_ids: list[str],
        source_dest_check: bool | None = None,
        description: str | None = None,
    ) -> None:
        _refuse_unknown_groups(self, group_ids)
        original(self, eni_id, group_ids, source_dest_check, description)

    return modify_network_interface_attribute


def _refuse_unknown_groups(backend: Any, group_ids: list[str]) -> None:
    for group_id in group_ids:
        if not backend.get_security_group_from_id(group_id):
            raise InvalidSecurityGroupNotFoundError(group_id)


def _delete_security_group(self: Any) -> Any:
    """Delete a group that nothing needs. moto deletes any, default groups too."""
    self.error_on_dryrun()
    backend = self.ec2_backend
    named = self.params.get("GroupId") or self.params.get("GroupName") or ""
    group = backend.get_security_group_by_name_or_id(named)
    if not group:
        raise InvalidSecurityGroupNotFoundError(named)
    if group.is_default:
        raise EC2ClientError(
            "CannotDelete",
            f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user',
        )
    if any(_needing(backend, group)):
        raise DependencyViolationError(f"resource {group.id} has a dependent object")
    backend.delete_security_group(group_id=group.id)
    return ActionResult({"Return": True, "GroupId": group.id})


def _needing(backend: Any, group: Any) -> Iterator[str]:
    """Yield the ids of what keeps a group: interfaces, databases, other groups' rules."""
    for interface in backend.enis.values():
        gone = interface.instance and interface.instance.state == "terminated"
        if group in interface.group_set and not gone:
            yield interface.id
    for database in rds_backends[backend.account_id][backend.region_name].databases.values():
        if group.id in database.vpc_security_group_ids:
            yield database.db_instance_identifier
    for other in backend.describe_security_groups():
        rules = other.ingress_rules + other.egress_rules
        if other is not group and any(r.source_group.get("GroupId") == group.id for r in rules):
            yield other.id


def _answering_with_tags(original: Any) -> Any:
    """Answer with the new group's tags, as EC2 does where a call gives some."""

    def create_security_group(self: Any) -> Any:
        answer = original(self)
        tags = self._parse_tag_specification().get("security-group", {})
        if tags:
            answer.result["Tags"] = [{"Key": key, "Value": tags[key]} for key in tags]
        return answer

    return create_security_group
