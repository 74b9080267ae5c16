"""What a quarantine may not move, each with the way out."""

from bot.containment.isolation import OURS, QUARANTINE_GROUP, InterfaceNow, Pen

WAYS = {
    "load balancer": "aws elbv2 set-security-groups --load-balancer-arn … --security-groups …",
    "database": "aws rds modify-db-instance --db-instance-identifier … "
    "--vpc-security-group-ids … --apply-immediately",
    "RDS proxy": "aws rds modify-db-proxy --db-proxy-name … --security-groups …",
    "Lambda function": "aws lambda put-function-concurrency --function-name … "
    "--reserved-concurrent-executions 0",
    "VPC endpoint": "aws ec2 modify-vpc-endpoint --vpc-endpoint-id … --add-security-group-ids …",
    "file system": "aws efs modify-mount-target-security-groups --mount-target-id … "
    "--security-groups …",
    "cache": "aws elasticache modify-replication-group --replication-group-id … "
    "--security-group-ids …",
    "ECS task": "aws ecs stop-task --cluster … --task …",
    "Redshift cluster": "aws redshift modify-cluster --cluster-identifier … "
    "--vpc-security-group-ids …",
    "search domain": "aws opensearch update-domain-config --domain-name … "
    "--vpc-options SecurityGroupIds=…",
}
"""How what a service holds is moved or stopped through the service."""


def way_out(interface: InterfaceNow) -> str:
    """Return why the interface is not moved, and how its service does it."""
    named = f" {interface.name}" if interface.name and interface.name != interface.id else ""
    how = WAYS.get(interface.service, "")
    instead = f"Instead: {how}" if how else "Change it where its service is managed."
    return (
        f"{interface.id} belongs to a service ({interface.service}{named}), which would set it "
        f"back, so it is not moved. {instead}"
    )


def foreign(pen: Pen) -> str:
    """Return why a group of the right name is not moved into."""
    return (
        f"{pen.group} in {pen.vpc} is named {QUARANTINE_GROUP}, but does not bear the tag that "
        f"sgwatch gives it. Rename or delete it; or tag it {OURS}={pen.vpc} if it may be used."
    )
