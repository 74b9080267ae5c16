"""Detections as people read them in the guide: a full one, a bare one, and a hostile one."""

from dataclasses import replace

from bot.alerts.alert import Alert
from bot.alerts.sighting import DetectionRef
from bot.changes.severity import Severity
from bot.detections.rule import Detection, Tactic, Technique
from tests.detections.rules import a_detection
from tests.slack.alerts import HOSTILE, open_alert

NOTE = """
## What to find out

The **group** is in `requestParameters.groupId`;
see [the user guide](https://docs.example.com/groups?a=1&b=2).

1. Who did it?
2. From where?
   - as *expected*
   - or not

> Ask the person first.

```
aws ec2 describe-security-groups
```
"""

FULL = replace(
    a_detection(
        'event.action: "AuthorizeSecurityGroupIngress"\n  and not user.name: "ci"', "r-full"
    ),
    name="SSH open to the internet",
    severity=Severity.HIGH,
    risk_score=73,
    description="Somebody opened SSH to everyone.",
    note=NOTE,
    setup="A trail must deliver **management** events.",
    references=("https://docs.example.com/ssh", "ftp://example.com/old"),
    false_positives=("A bastion host.", "A test."),
    tactics=(
        Tactic(
            "TA0005",
            "Defense Evasion",
            "https://attack.mitre.org/tactics/TA0005/",
            (Technique("T1562", "Impair Defenses", "https://attack.mitre.org/techniques/T1562/"),),
        ),
        Tactic("TA0003", "Persistence"),
    ),
    tags=("Domain: Cloud", "Data Source: AWS EC2"),
    path="rules/ssh.toml",
)
BARE = replace(a_detection("*:*", "r-bare"), name="Everything")
RULES = {rule.id: rule for rule in (FULL, BARE)}


def matched_by(*rules: Detection | DetectionRef) -> Alert:
    """Return an alert that these detections matched."""
    refs = (r if isinstance(r, DetectionRef) else DetectionRef(r.id, r.name) for r in rules)
    return replace(open_alert(), detections=tuple(refs))


def hostile_rule(text: str = HOSTILE) -> Detection:
    """Return a detection in which every text is this one, often."""
    many = (text,) * 50
    technique = Technique(text, text, text)
    web = f"https://example.com/{text}"
    return Detection(
        id=text,
        name=text,
        severity=Severity.LOW,
        query=f"{text}\n" * 500,
        tree=BARE.tree,
        description=text * 100,
        tactics=(Tactic(text, text, web, (technique,) * 20),) * 20,
        note=f"{text}\n\n- {text}\n\n# {text}\n\n[{text}]({web})\n\n" * 500,
        setup=f"```\n{text}\n```\n" * 100,
        references=(*many, web),
        false_positives=many,
        tags=many,
        path=text,
    )
