"""The world: a production account with things worth watching, and the people who work in it.

Everything is built with ordinary AWS calls. The rules that lead events to the queue are made
last, so that building the world leaves the queue empty; its records are in the trail all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.aws.actors import AWS_CLI, BROWSER, TERRAFORM, Actor, Credentials
from sandbox.aws.network import Network, build_network
from sandbox.aws.people import (
    CONTAIN_ROLE,
    READ_ROLE,
    SGWATCH_ROLE,
    SSO_ROLE,
    SSO_ROLE_PATH,
    TERRAFORM_ROLE,
    build_people,
    build_roles,
)
from sandbox.aws.routes import Queues, build_queues, lead_to_queue

PROD = "123456789012"
STAGING = "210987654321"
REGION = "eu-west-1"

# Documentation addresses (RFC 5737): they belong to nobody.
ALICE_ADDRESS = "198.51.100.9"
SSO_ADDRESS = "198.51.100.23"
CI_ADDRESS = "192.0.2.44"
ATTACKER_ADDRESS = "203.0.113.66"

SSO_PERSON = "carol@example.com"

EVERY_CALL: Mapping[str, Any] = {"detail-type": ["AWS API Call via CloudTrail"]}


@dataclass(frozen=True)
class World:
    """What was built, and everybody who can call."""

    endpoint: str
    prod: Network
    staging: Network
    queues: Queues
    alice: Credentials
    mallory: Credentials

    account: str = PROD
    staging_account: str = STAGING
    region: str = REGION

    def as_root(self, account: str = PROD) -> Actor:
        """Return the root of an account, who has built all this."""
        return Actor(self.endpoint, account, self.region, Credentials("root", "root"))

    def as_alice(self) -> Actor:
        """Return Alice, an IAM user at the console, signed in with MFA."""
        return replace(
            self.as_root(),
            credentials=self.alice,
            user_agent=BROWSER,
            source_address=ALICE_ADDRESS,
            console=True,
            mfa=True,
        )

    def as_sso_person(self, person: str = SSO_PERSON) -> Actor:
        """Return a person who comes to the console through IAM Identity Center."""
        session = self._session(PROD, f"{SSO_ROLE_PATH}{SSO_ROLE}".lstrip("/"), person)
        return replace(session, user_agent=BROWSER, source_address=SSO_ADDRESS, console=True)

    def as_terraform_ci(self, run: str, account: str = PROD) -> Actor:
        """Return one run of Terraform in CI: the session carries the run's name."""
        session = self._session(account, TERRAFORM_ROLE, run)
        return replace(session, user_agent=TERRAFORM, source_address=CI_ADDRESS)

    def as_attacker(self) -> Actor:
        """Return whoever has got hold of Mallory's long-lived key."""
        return replace(
            self.as_root(),
            credentials=self.mallory,
            user_agent=AWS_CLI,
            source_address=ATTACKER_ADDRESS,
        )

    def as_sgwatch(self) -> Actor:
        """Return the role that sgwatch runs as: it reads the queue and assumes the others."""
        return self._session(PROD, SGWATCH_ROLE, "sgwatch")

    def as_sgwatch_read(self, account: str = PROD) -> Actor:
        """Return the role with which sgwatch looks at an account."""
        return self._session(account, READ_ROLE, "sgwatch")

    def as_sgwatch_contain(self, session: str, account: str = PROD) -> Actor:
        """Return the role with which sgwatch changes an account, in a containment's session."""
        return self._session(account, CONTAIN_ROLE, session)

    def environment(self) -> dict[str, str]:
        """Return the variables that let any AWS SDK run as sgwatch in this world."""
        credentials = self.as_sgwatch().credentials
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret,
            "AWS_SESSION_TOKEN": credentials.token or "",
        }

    def _session(self, account: str, role: str, name: str) -> Actor:
        answer = self.as_root().sts.assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName=name
        )["Credentials"]
        credentials = Credentials(
            answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"]
        )
        return replace(self.as_root(account), credentials=credentials)


def build_world(
    endpoint: str,
    *,
    pattern: Mapping[str, Any] = EVERY_CALL,
    visibility_seconds: int = 30,
    max_receives: int = 10,
) -> World:
    """Build the world on an AWS stand-in; ``pattern`` says which events reach the queue."""
    root = Actor(endpoint, PROD, REGION, Credentials("root", "root"))
    staging_root = replace(root, account=STAGING)
    prod = build_network(root, "prod", "10.20")
    staging = build_network(staging_root, "staging", "10.30")
    alice, mallory = build_people(root)
    for account in (root, staging_root):
        build_roles(account, trusting=PROD)
    queues = build_queues(root, visibility_seconds, max_receives)
    lead_to_queue([root, staging_root], queues, pattern)
    return World(endpoint, prod, staging, queues, alice, mallory)
