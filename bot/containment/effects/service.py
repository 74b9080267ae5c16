"""In service: whether Auto Scaling counts on an instance, and load balancers send it requests."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.containment.effects.does import Parameters
from bot.containment.effects.value import SetsValue
from bot.containment.states import Kind, State

IN_SERVICE, STANDBY = "InService", "Standby"
REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Standby(SetsValue):
    """An instance leaves its Auto Scaling group's service, or comes back."""

    instance: str
    scaling_group: str
    enter: bool
    kind: Literal["standby"] = "standby"
    service: ClassVar[str] = "autoscaling"

    @property
    def operation(self) -> str:
        """Return the call."""
        return "EnterStandby" if self.enter else "ExitStandby"

    @property
    def about(self) -> str:
        """Return the instance."""
        return self.instance

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return where the instance stands in its group."""
        return Kind.LIFECYCLE, self.instance

    @property
    def before(self) -> str:
        """Return where it stands before."""
        return IN_SERVICE if self.enter else STANDBY

    @property
    def after(self) -> str:
        """Return where it stands after."""
        return STANDBY if self.enter else IN_SERVICE

    @property
    def parameters(self) -> Parameters:
        """Return the group and the instance; the group keeps its wanted size."""
        named = {"AutoScalingGroupName": self.scaling_group, "InstanceIds": [self.instance]}
        return named | {"ShouldDecrementDesiredCapacity": False} if self.enter else named

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the group."""
        return (f"in the Auto Scaling group {self.scaling_group}",)

    def told(self) -> str:
        """Return where it stands."""
        stands = "on standby" if self.enter else "in service again"
        return f"{self.instance}: {stands} in {self.scaling_group}."


@dataclass(frozen=True, slots=True)
class Receive(SetsValue):
    """A load balancer sends an instance requests, or no more. ``port`` 0 is the group's own."""

    instance: str
    targets: str
    port: int
    receives: bool
    kind: Literal["receive"] = "receive"
    service: ClassVar[str] = "elbv2"

    @property
    def operation(self) -> str:
        """Return the call."""
        return "RegisterTargets" if self.receives else "DeregisterTargets"

    @property
    def about(self) -> str:
        """Return the instance."""
        return self.instance

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return whether it is in the target group."""
        return Kind.TARGET, f"{self.targets} {self.instance} {self.port}"

    @property
    def before(self) -> str:
        """Return whether it is in there before."""
        return "" if self.receives else REGISTERED

    @property
    def after(self) -> str:
        """Return whether it is in there after."""
        return REGISTERED if self.receives else ""

    def fits(self, state: State) -> bool:
        """Return that it may be called: AWS does nothing where it is so already.

        Auto Scaling takes an instance on standby out of its target groups itself.
        """
        del state
        return True

    @property
    def parameters(self) -> Parameters:
        """Return the target group and the one target."""
        target = {"Id": self.instance} | ({"Port": self.port} if self.port else {})
        return {"TargetGroupArn": self.targets, "Targets": [target]}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the target group and port."""
        return (f"port {self.port} in {self.targets}",)

    def told(self) -> str:
        """Return what it receives."""
        how = "receives requests again from" if self.receives else "receives nothing more from"
        return f"{self.instance}: {how} {self.targets.rpartition(':')[2]}."
