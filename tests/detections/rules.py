"""Builders of rule files and detections for tests."""

from bot.changes.severity import Severity
from bot.detections.kql.parser import parse
from bot.detections.rule import Detection

RULE = """
[metadata]
maturity = "production"
related_rules = ["r-0"]

[rule]
rule_id = "r-1"
name = "A rule"
description = '''
What it is about.
'''
type = "query"
language = "kuery"
severity = "medium"
risk_score = 47
from = "now-9m"
index = ["logs-aws.cloudtrail-*"]
references = ["https://example.com/"]
false_positives = ["Planned\\n   work."]
tags = ["Domain: Cloud"]
note = "## A guide"
setup = "Nothing."
some_future_key = {a = 1}
query = '''
event.action: "A"
'''

[rule.alert_suppression]
group_by = ["user.name"]

[rule.alert_suppression.duration]
unit = "h"
value = 5

[[rule.threat]]
framework = "MITRE ATT&CK"

[rule.threat.tactic]
id = "TA0005"
name = "Defense Evasion"
reference = "https://attack.mitre.org/tactics/TA0005/"

[[rule.threat.technique]]
id = "T1562"
name = "Impair Defenses"
reference = "https://attack.mitre.org/techniques/T1562/"

[[rule.threat.technique.subtechnique]]
id = "T1562.007"
name = "Disable or Modify Cloud Firewall"
reference = "https://attack.mitre.org/techniques/T1562/007/"
"""

THRESHOLD = """
[rule.threshold]
field = ["user.name", ""]
value = 10

[[rule.threshold.cardinality]]
field = "source.ip"
value = 3
"""

NEW_TERMS = """
[rule.new_terms]
field = "new_terms_fields"
value = ["user.id", "cloud.region"]

[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-7d"
"""


def a_rule_file(old: str = "", new: str = "", more: str = "") -> str:
    """Return the usual rule file with one text in it replaced, and more at its end."""
    assert old in RULE
    return RULE.replace(old, new, 1) + more


def a_detection(query: str, rule_id: str = "r-1", severity: Severity = Severity.LOW) -> Detection:
    return Detection(
        id=rule_id, name=f"Rule {rule_id}", severity=severity, query=query, tree=parse(query)
    )
