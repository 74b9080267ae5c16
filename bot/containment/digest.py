"""The digest of a plan: what somebody approves is exactly what they were shown."""

import hashlib

from pydantic import TypeAdapter

from bot.containment.plan import Plan

PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)


def digest_of(plan: Plan) -> str:
    """Return what tells one plan from another: all that it would do and all that it says."""
    return hashlib.sha256(PLAN.dump_json(plan)).hexdigest()[:32]
