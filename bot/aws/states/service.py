"""In service: where an instance stands in its Auto Scaling group, and in a target group."""

from bot.aws.errors import AwsError, telling
from bot.aws.sessions import Sessions
from bot.containment.effects.service import IN_SERVICE, REGISTERED
from bot.containment.states import Look, Value

LEAVING = "draining"
GONE = frozenset({"TargetGroupNotFound", "TargetGroupNotFoundException"})


def read_lifecycle(sessions: Sessions, look: Look) -> Value:
    """Return Auto Scaling's word for where the instance stands. Raises AwsError.

    One that is on its way is told as having arrived: nothing stops it.
    """
    client = sessions.service("autoscaling", look.account, look.region)
    with telling(f"read where {look.id} stands in Auto Scaling in {look.account}/{look.region}"):
        answer = client.describe_auto_scaling_instances(InstanceIds=[look.id])
    found = answer["AutoScalingInstances"]
    state = str(found[0]["LifecycleState"]).removeprefix("Entering") if found else ""
    return Value(IN_SERVICE if state.startswith("Pending") else state)


def read_target(sessions: Sessions, look: Look) -> Value:
    """Return whether the instance is in the target group. Raises AwsError."""
    group, instance, port = look.id.split()
    client = sessions.service("elbv2", look.account, look.region)
    try:
        with telling(f"read the targets of {group}"):
            answer = client.describe_target_health(TargetGroupArn=group)
    except AwsError as error:
        if error.code not in GONE:
            raise
        return Value("")
    there = any(
        found["Target"]["Id"] == instance
        and found["Target"].get("Port", 0) == int(port)
        and found["TargetHealth"]["State"] != LEAVING
        for found in answer["TargetHealthDescriptions"]
    )
    return Value(REGISTERED if there else "")
