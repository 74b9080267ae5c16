"""Calls that authorise, revoke, edit or describe rules of a group."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.changes.calls.call import Call
from bot.changes.change import Change, Verb
from bot.changes.permissions import read_rule, rules_from_permissions
from bot.changes.rules import GroupRule
from bot.changes.shapes import Node, items, part, word, word_at


def authorized(call: Call) -> Change:
    """AuthorizeSecurityGroupIngress and -Egress."""
    answer = items(part(call.response, "securityGroupRuleSet"))
    rules = _joined(_asked(call), _answered(call, answer))
    return call.change(Verb.AUTHORIZE, call.group(_group_id(answer)), added=rules)


def revoked(call: Call) -> Change:
    """RevokeSecurityGroupIngress and -Egress."""
    answer = items(part(call.response, "revokedSecurityGroupRuleSet"))
    told = _answered(call, answer)
    # Rules that the group never had are answered as unknown, and the call succeeds all the same.
    unknown = _permissions(call, part(call.response, "unknownIpPermissionSet"))
    rules = tuple(rule for rule in _joined(_asked(call), told) if rule not in unknown)
    known = {rule.rule_id for rule in told}
    left = tuple(rule_id for rule_id in _rule_ids(call.request) if rule_id not in known)
    return call.change(Verb.REVOKE, call.group(_group_id(answer)), removed=rules, rule_ids=left)


def modified(call: Call) -> Change:
    """ModifySecurityGroupRules: tells the rules after, by id, and not their direction."""
    listed = part(call.request, "securityGroupRule") or part(call.request, "securityGroupRules")
    rules: list[GroupRule] = []
    left: list[str] = []
    for edit in items(listed):
        rule_id = word_at(edit, "securityGroupRuleId")
        rule = read_rule(part(edit, "securityGroupRule"), owner=call.account)
        if rule is not None:
            rules.append(replace(rule, rule_id=rule_id))
        elif rule_id:
            left.append(rule_id)
    return call.change(Verb.MODIFY, call.group(), modified=tuple(rules), rule_ids=tuple(left))


def described(call: Call) -> Change:
    """UpdateSecurityGroupRuleDescriptionsIngress and -Egress: only the descriptions change."""
    request = call.request
    listed = part(request, "securityGroupRuleDescription") or part(
        request, "securityGroupRuleDescriptions"
    )
    left = (word_at(leaf, "securityGroupRuleId") for leaf in items(listed))
    rules = _permissions(call, part(request, "ipPermissions"))
    return call.change(
        Verb.DESCRIBE, call.group(), modified=rules, rule_ids=tuple(filter(None, left))
    )


def _asked(call: Call) -> tuple[GroupRule, ...]:
    """Return the rules that the request holds.

    They are permissions, and one peer that it may name beside them, with protocol and ports.
    """
    rules = _permissions(call, part(call.request, "ipPermissions"))
    if not (part(call.request, "cidrIp") or part(call.request, "sourceSecurityGroupName")):
        return rules
    flat = read_rule(call.request, call.direction, call.account)
    return rules if flat is None or flat in rules else (*rules, flat)


def _permissions(call: Call, node: Node) -> tuple[GroupRule, ...]:
    return rules_from_permissions(node, call.direction, call.account)


def _answered(call: Call, answer: Iterable[Node]) -> tuple[GroupRule, ...]:
    rules = (read_rule(node, call.direction, call.account) for node in answer)
    return tuple(rule for rule in rules if rule is not None)


def _joined(asked: tuple[GroupRule, ...], told: tuple[GroupRule, ...]) -> tuple[GroupRule, ...]:
    """Return the rules with what request and response each tell of them.

    The response is AWS's own word (ids, a group's name resolved), unless some of it is missing.
    """
    if not told:
        return asked
    rules, others = (told, asked) if len(told) >= len(asked) else (asked, told)
    known = {rule: rule for rule in others}
    return tuple([_filled(rule, known.get(rule, rule)) for rule in rules])


def _filled(rule: GroupRule, other: GroupRule) -> GroupRule:
    if rule.rule_id and (rule.description or not other.description):
        return rule
    return replace(
        rule,
        rule_id=rule.rule_id or other.rule_id,
        description=rule.description or other.description,
    )


def _group_id(answer: Sequence[Node]) -> str:
    return word_at(answer[0], "groupId") if answer else ""


def _rule_ids(request: Node) -> list[str]:
    """Return the rules that a request names by id."""
    leaves = [
        leaf
        for name in ("securityGroupRuleIds", "securityGroupRuleId", "securityGroupRuleIdSet")
        for leaf in items(part(request, name))
    ]
    found = (word_at(leaf, "securityGroupRuleId") or word(leaf) for leaf in leaves)
    return [rule_id for rule_id in found if rule_id]
