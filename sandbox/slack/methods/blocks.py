"""blocks.validate: what is wrong with blocks, a message or a view, without sending it."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.blocks.checking import block_findings, view_findings
from sandbox.slack.blocks.kinds import MESSAGE
from sandbox.slack.blocks.rules import Findings
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.team import Team


def validate(_: Team, arguments: Arguments) -> Json:
    """Answer blocks.validate; exactly one of the three may be given."""
    given = [name for name in ("blocks", "message", "view") if arguments.has(name)]
    if len(given) != 1:
        raise RefusedError("invalid_arguments")
    name = given[0]
    findings = _findings(name, arguments.structure(name, "invalid_arguments"))
    if findings.problems:
        errors = [
            {"pointer": pointer, "code": "failed_constraint", "message": message}
            for message, pointer in findings.problems
        ]
        raise RefusedError(f"invalid_{name}", detail={"errors": errors})
    return {}


def _findings(name: str, value: object) -> Findings:
    if name == "blocks":
        return block_findings(value, MESSAGE, at="")
    if not isinstance(value, dict):
        raise RefusedError("invalid_arguments")
    if name == "message":
        return block_findings(value.get("blocks") or [], MESSAGE)
    return view_findings(value, at="")
