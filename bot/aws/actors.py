"""Actors: whether a role or user is there, and whether its key is active."""

from dataclasses import dataclass, replace

from bot.aws.errors import AwsError, telling
from bot.aws.sessions import Sessions
from bot.aws.states.denial import GONE, read_access_key
from bot.containment.restrict import Actor
from bot.containment.states import Kind, Look


@dataclass(frozen=True, slots=True)
class ActorReader:
    """Reads roles and users. Every method raises AwsError."""

    sessions: Sessions

    def read(self, actor: Actor) -> Actor:
        """Return the actor as it is now."""
        if not self._there(actor):
            return replace(actor, there=False)
        if not actor.key:
            return actor
        look = Look(Kind.ACCESS_KEY, actor.account, actor.region, f"{actor.name} {actor.key}")
        return replace(actor, status=read_access_key(self.sessions, look).text)

    def _there(self, actor: Actor) -> bool:
        client = self.sessions.identities(actor.account, actor.region)
        try:
            with telling(f"read the {actor.holder} {actor.name} in {actor.account}"):
                if actor.holder == "role":
                    client.get_role(RoleName=actor.name)
                else:
                    client.get_user(UserName=actor.name)
        except AwsError as error:
            if error.code != GONE:
                raise
            return False
        return True
