"""The questions about a group, over one set of reads that they share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.alerts.fact import Question
from bot.investigation.behind import Behind, Network
from bot.investigation.drift import Events
from bot.investigation.flow_logs import FlowLogs, Flows
from bot.investigation.group import Before, Group
from bot.investigation.groups import Groups, Reader
from bot.investigation.managed import Managed
from bot.investigation.run import Asker
from bot.investigation.windows import Runs, Window


@dataclass(frozen=True, slots=True)
class Known:
    """What people have told beforehand.

    ``environments`` are the accounts' by their ids, ``windows`` the announced changes, ``runs``
    where automated sessions are seen, ``before`` tells a group's rules before a change, and
    ``events`` are those that were read.
    """

    environments: Mapping[str, str]
    windows: Callable[[], Sequence[Window]] = tuple
    runs: Sequence[Runs] = ()
    before: Before | None = None
    events: Events | None = None


class Surroundings(Network, Flows, Protocol):
    """What is around a group."""


def about_group(reader: Reader, network: Surroundings, known: Known) -> dict[Question, Asker]:
    """Return who answers the questions about a group. Made once, for all workers."""
    groups = Groups(reader)
    return {
        Question.GROUP: Group(groups, known.environments, known.before),
        Question.BEHIND: Behind(network, groups),
        Question.FLOW_LOGS: FlowLogs(network, groups),
        Question.MANAGED: Managed(groups, known.windows, known.runs, known.events),
    }
