"""Sites for the tests: an instance with three interfaces, and what else sits behind its group."""

from bot.containment.isolation import InstanceNow, InterfaceNow, Pen, Site, SubnetNow, Target

ACCOUNT, REGION, VPC, OTHER_VPC = "123456789012", "eu-west-1", "vpc-1", "vpc-2"
CONTAINMENT = "SGW-TEST0001-c1"
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/1"

FIRST = InterfaceNow("eni-1", VPC, "subnet-1", ("sg-web", "sg-base"), "i-1")
SECOND = InterfaceNow("eni-2", VPC, "subnet-1", ("sg-base",), "i-1")
THIRD = InterfaceNow("eni-3", OTHER_VPC, "subnet-2", ("sg-far",), "i-1")
BALANCER = InterfaceNow("eni-9", VPC, "subnet-1", ("sg-web",), "", "load balancer", "front")
LONE = InterfaceNow("eni-4", VPC, "subnet-1", ("sg-web",))
WEB = InstanceNow("i-1", "web-1", ("vol-1", "vol-2"), "web", "InService", (Target(GROUP, 80),))


def a_site(*interfaces: InterfaceNow, pens: tuple[Pen, ...] = ()) -> Site:
    """Return a site of these interfaces; without any, of all of them."""
    return Site(
        ACCOUNT,
        REGION,
        interfaces or (FIRST, SECOND, THIRD, BALANCER, LONE),
        (WEB,),
        pens,
        (
            SubnetNow("subnet-1", VPC, "acl-1", "aclassoc-1", 4),
            SubnetNow("subnet-2", OTHER_VPC, "acl-2", "aclassoc-2", 1),
        ),
    )
