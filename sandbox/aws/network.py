"""Networks: a VPC with three groups, what runs behind them, and a way to the internet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.aws.actors import Actor

if TYPE_CHECKING:
    from mypy_boto3_ec2.literals import ResourceTypeType
    from mypy_boto3_ec2.type_defs import (
        IpPermissionTypeDef,
        TagSpecificationTypeDef,
        UserIdGroupPairTypeDef,
    )

PUBLIC_ADDRESS = "203.0.113.7"  # a documentation address (RFC 5737)


@dataclass(frozen=True, slots=True)
class Network:
    """The ids of what one account runs in one region."""

    vpc: str
    public_subnet: str
    private_subnet: str
    web: str
    db: str
    batch: str
    web_instances: tuple[str, ...]
    batch_instance: str
    public_address: str
    database: str

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups, the most exposed first."""
        return (self.web, self.batch, self.db)


def build_network(owner: Actor, environment: str, prefix: str) -> Network:
    """Build a network in the owner's account; ``prefix`` is the first half of its addresses."""
    ec2 = owner.ec2
    vpc = ec2.create_vpc(
        CidrBlock=f"{prefix}.0.0/16", TagSpecifications=_tags("vpc", {"Name": "main"})
    )["Vpc"]["VpcId"]
    public, private = (
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"{prefix}.{n}.0/24", AvailabilityZone=f"{owner.region}a"
        )["Subnet"]["SubnetId"]
        for n in (1, 2)
    )
    _open_to_internet(owner, vpc, public)
    web, db, batch = _build_groups(owner, vpc, environment, prefix)
    instances = tuple(_run(owner, f"web-{n}", public, web) for n in (1, 2, 3))
    address = _give_address(owner, instances[0])
    owner.rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="orders",
        MasterUserPassword="not-a-real-password",
        VpcSecurityGroupIds=[db],
    )
    return Network(
        vpc=vpc,
        public_subnet=public,
        private_subnet=private,
        web=web,
        db=db,
        batch=batch,
        web_instances=instances,
        batch_instance=_run(owner, "batch-1", private, batch),
        public_address=address,
        database="orders",
    )


def _build_groups(owner: Actor, vpc: str, environment: str, prefix: str) -> tuple[str, str, str]:
    terraform = {"ManagedBy": "Terraform", "Repository": "infra/network"}
    web = _a_group(owner, vpc, f"web-{environment}", "Web servers", terraform)
    db = _a_group(owner, vpc, f"db-{environment}", "Databases", terraform)
    batch = _a_group(owner, vpc, "batch", "Nightly jobs", {"Owner": "data"})
    world = "0.0.0.0/0"
    _admit(
        owner,
        web,
        [
            _tcp(443, world, "HTTPS from everywhere"),
            _tcp(80, world, "HTTP, redirected to HTTPS"),
            _tcp(22, f"{prefix}.0.0/16", "SSH from inside"),
        ],
    )
    from_web: UserIdGroupPairTypeDef = {"GroupId": web, "Description": "Orders, from the web"}
    _admit(
        owner,
        db,
        [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [from_web]}],
    )
    _admit(owner, batch, [_tcp(8080, f"{prefix}.0.0/16", "Metrics")])
    return web, db, batch


def _a_group(owner: Actor, vpc: str, name: str, description: str, tags: Mapping[str, str]) -> str:
    return owner.ec2.create_security_group(
        GroupName=name,
        Description=description,
        VpcId=vpc,
        TagSpecifications=_tags("security-group", {"Name": name, **tags}),
    )["GroupId"]


def _admit(owner: Actor, group: str, permissions: Sequence["IpPermissionTypeDef"]) -> None:
    owner.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions)


def _tcp(port: int, cidr: str, description: str) -> "IpPermissionTypeDef":
    return {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "IpRanges": [{"CidrIp": cidr, "Description": description}],
    }


def _run(owner: Actor, name: str, subnet: str, group: str) -> str:
    return owner.ec2.run_instances(
        ImageId="ami-0sandbox000000000",
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet,
        SecurityGroupIds=[group],
        TagSpecifications=_tags("instance", {"Name": name}),
    )["Instances"][0]["InstanceId"]


def _open_to_internet(owner: Actor, vpc: str, subnet: str) -> None:
    ec2 = owner.ec2
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)


def _give_address(owner: Actor, instance: str) -> str:
    address = owner.ec2.allocate_address(Domain="vpc", Address=PUBLIC_ADDRESS)
    owner.ec2.associate_address(InstanceId=instance, AllocationId=address["AllocationId"])
    return address["PublicIp"]


def _tags(kind: "ResourceTypeType", tags: Mapping[str, str]) -> list["TagSpecificationTypeDef"]:
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": tags[key]} for key in tags]}]
