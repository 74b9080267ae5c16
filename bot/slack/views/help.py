"""Help: what can be typed and pressed."""

from bot.slack.views.blocks import as_json, section
from bot.slack.views.message import Message, Shown
from bot.slack.views.mrkdwn import escape

TEXT = "What sgwatch does here"

COMMANDS = """*Commands*
`/sgwatch help` shows this
`/sgwatch exempt SGW-…` exempts the changes of an alert
`/sgwatch exempt principal=… for 30d because "…"` exempts by scope; `--dry-run` only tells what \
it would have hidden
`/sgwatch exemptions` lists the exemptions in force; `list` and `search` find some of them, \
`show`, `edit`, `end` and `extend` are for one
`/sgwatch digest` lists the low alerts that are told in the digest alone, and shows any of them
`/sgwatch oncall` tells who is on call; `oncall override @person until 18:00` has them stand in
`/sgwatch escalate SGW-…` calls the next level now; `snooze SGW-…` calls nobody for a while"""

BUTTONS = """*Buttons*
*Acknowledge*: you look after it; the alert stays open
*Mark benign…*: it was fine, and you say why
*Exempt…*: such changes are expected; no more alerts about them until it ends
*{revert}…*: {what}
*Guide…*: what the detection looks for, and what to find out
*Reopen…*: a resolved alert needs somebody again
*⋯ below*: ask whoever did it, escalate, snooze, quarantine what is exposed, restrict who did it
*⋯ above*: everything that was found, and all changes"""

RULES = "Nobody decides on their own change. Every decision is kept, with who, when and why."


def help_message(shown: Shown, hint: str = "") -> Message:
    """Return the help; ``hint`` is what to say first, as outside text."""
    revert = (
        ("Revert", "puts the rules back as they were, after showing you each call to AWS")
        if shown.containment
        else ("How to revert", "shows the commands that put the rules back")
    )
    texts = [COMMANDS, BUTTONS.format(revert=revert[0], what=revert[1]), RULES]
    first = [escape(hint, 300)] if hint else []
    return Message(first[0] if first else TEXT, as_json(map(section, [*first, *texts])))
