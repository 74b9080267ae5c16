"""Mends: where moto answers otherwise than AWS and it matters to us, with the reason for each."""

import threading

from sandbox.aws.mends.accounts import mend_accounts
from sandbox.aws.mends.bus import mend_bus
from sandbox.aws.mends.databases import mend_databases
from sandbox.aws.mends.denials import mend_denials
from sandbox.aws.mends.group_calls import mend_group_calls
from sandbox.aws.mends.members import mend_members
from sandbox.aws.mends.queues import mend_queues
from sandbox.aws.mends.references import mend_references
from sandbox.aws.mends.rules import mend_rules
from sandbox.aws.mends.simulation import mend_simulation
from sandbox.aws.mends.speed import mend_speed
from sandbox.aws.patches import Patches


def mend(patches: Patches, closing: threading.Event) -> None:
    """Mend moto until ``patches.undo()``; ``closing`` ends waiting calls when the server stops."""
    mend_accounts(patches)
    mend_denials(patches)
    mend_rules(patches)
    mend_group_calls(patches)
    mend_members(patches)
    mend_references(patches)
    mend_databases(patches)
    mend_queues(patches, closing)
    mend_bus(patches)
    mend_simulation(patches)
    mend_speed(patches)
