"""Databases: the network interface that RDS makes for each, which moto leaves out."""

from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.models import RDSBackend

from sandbox.aws.patches import Patches

DESCRIPTION = "RDSNetworkInterface"


def mend_databases(patches: Patches) -> None:
    """Let a database have an interface in its groups for as long as it lives."""
    patches.wrap(RDSBackend, "create_db_instance", _with_interface)
    patches.wrap(RDSBackend, "modify_db_instance", _with_interface_in_its_groups)
    patches.wrap(RDSBackend, "delete_db_instance", _without_interface)


def _with_interface(original: Any) -> Any:
    def create_db_instance(self: Any, db_kwargs: dict[str, Any]) -> Any:
        database = original(self, db_kwargs)
        network = ec2_backends[self.account_id][self.region_name]
        groups = _groups(network, database)
        vpc = groups[0].vpc_id if groups else ""
        subnets = [s for subnets in network.subnets.values() for s in subnets.values()]
        # The last made is the most private one in the worlds that are built here.
        subnet = next((s for s in reversed(subnets) if s.vpc_id == vpc), None)
        if subnet:
            interface = network.create_network_interface(
                subnet, "", group_ids=[group.id for group in groups], description=DESCRIPTION
            )
            interface.requester_managed = True
            interface.requester_id = "amazon-rds"
            interface.status = "in-use"
            database.network_interface = interface
        return database

    return create_db_instance


def _with_interface_in_its_groups(original: Any) -> Any:
    def modify_db_instance(
        self: Any, db_instance_identifier: str, db_kwargs: dict[str, Any]
    ) -> Any:
        database = original(self, db_instance_identifier, db_kwargs)
        if interface := vars(database).get("network_interface"):
            interface._group_set = _groups(interface.ec2_backend, database)
        return database

    return modify_db_instance


def _without_interface(original: Any) -> Any:
    def delete_db_instance(
        self: Any,
        db_instance_identifier: str,
        final_db_snapshot_identifier: str | None = None,
        skip_final_snapshot: bool | None = False,
        delete_automated_backups: bool | None = True,
    ) -> Any:
        database = original(
            self,
            db_instance_identifier,
            final_db_snapshot_identifier,
            skip_final_snapshot,
            delete_automated_backups,
        )
        if interface := vars(database).pop("network_interface", None):
            interface.delete()
        return database

    return delete_db_instance


def _groups(network: Any, database: Any) -> list[Any]:
    found = (network.get_security_group_from_id(g) for g in database.vpc_security_group_ids)
    return [group for group in found if group]
