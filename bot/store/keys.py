"""The catalogue of keys: name, type, meaning, lifetime. All share one hash tag.

| key                | type   | holds                                            | lives          |
| ------------------ | ------ | ------------------------------------------------ | -------------- |
| alert:ID:timeline  | list   | entries as JSON, oldest first                    | retention      |
| alert:ID:state     | hash   | value, position: the last fold and how far it    | retention      |
|                    |        | goes; version, changes: counts; status; names   |                |
| alert:ID:progress  | hash   | how far our own work has come (Progress, JSON)   | retention      |
| index:NAME         | zset   | alert id by the time it was raised               | as its alerts  |
| aside              | zset   | alert id by when it was raised: no message yet   | 100 days       |
| attention          | zset   | subject by when it is next due (ms)              | always         |
| leases             | zset   | subject by the end of its lease (ms)             | while attended |
| tokens             | hash   | subject to the token of who attends it           | while attended |
| touched            | set    | subjects appended to since they were taken       | while attended |
| wake               | list   | one element: something may be due                | always         |
| channel:ID:pending | zset   | alert id by importance: what it must show        | until shown    |
| channel:ID:hold    | string | nothing is sent to the channel before this (ms)  | always         |
| channel:ID:storm   | string | the storm that rages in the channel              | until over     |
| storm:ID           | hash   | a storm: since when, its notice in Slack         | 90 days        |
| storm:ID:alerts    | zset   | alert id by importance: the storm's list         | 90 days        |
| storm:ID:principals | set   | whose alerts they are                            | 90 days        |
| storm:ID:accounts  | set    | the accounts that they are in                    | 90 days        |
| notices            | set    | keys of the notices to the operators             | until over     |
| notice:KEY         | hash   | what fails, since when, how often, its message   | until over     |
| budget:NAME        | string | how much of a budget is spent in this period     | the period     |
| ration:NAME        | zset   | who has had one of so many in an hour, and when  | an hour        |
| window:KEY         | hash   | the alert that a principal's next change may join | longest window |
| outcomes:DAY       | hash   | eventID to what became of it (also its claim)    | horizon        |
| history:BY:VALUE   | zset   | DAY/eventID by eventTime: a principal's, key's, … | horizon        |
| closings:PLACE     | zset   | closings (JSON) of a group or list by eventTime  | a week         |
| openings:PLACE     | zset   | alerts that opened something there, by eventTime | horizon        |
| remembered:STATE:KEY | zset | a detection's events, or terms, by eventTime     | window + a day |
| …:facts            | hash   | what is known of each: values, answer, severity  | window + a day |
| begun              | hash   | STATE to when the rule began to learn (ms)       | always         |
| familiar:TRAIT:WHO | zset   | values that somebody's changes had, by the latest | horizon       |
| …:first            | zset   | the same by when each was seen first             | horizon        |
| exemptions         | hash   | id to exemption (JSON)                           | until removed  |
| coverings          | hash   | exemption to the alerts that it also resolves    | until done     |
| exemptions:version | string | raised by every change to an exemption           | always         |
| exemption:ID:life  | list   | what was decided on it and told of it, as JSON   | until removed  |
| exemption:ID:progress | string | how far our own work on it has come (JSON)    | until removed  |
| exemptions:refused | list   | the latest that somebody was refused to make     | the last 1,000 |
| exemptions:requests | hash  | id to the message that asks for approval (JSON)  | until decided  |
| doctor             | string | written to see whether that works                | a minute       |
| places             | zset   | ACCOUNT/REGION by the latest eventTime from there | horizon        |
| stretches:WHO      | hash   | ACCOUNT/REGION to how far its event history is read | until read   |
| read:WHO           | hash   | ACCOUNT/REGION to until when it was read (ms)    | always         |
| baseline:GROUP     | list   | what a group looked like, and when it was read   | 30 days        |
| baselines:changed  | zset   | groups to be read anew, by when they changed     | a day          |
| baselines:read     | hash   | ACCOUNT/REGION to when all its groups were read  | always         |
| baselines:trouble  | hash   | ACCOUNT/REGION to why it cannot be read          | until it can   |
| baselines:todo     | zset   | ACCOUNT/REGION still to be read, by when (ms)    | until read     |
| baselines:cursors  | hash   | ACCOUNT/REGION to how far it is read             | until read     |
| baselines:round    | string | when the next round begins (ms)                  | always         |
| page:NAME          | string | the alert that pages for others of its kind too  | as one page    |
| overrides          | zset   | who is on call instead (JSON), by its end (ms)   | until its end  |
| pulse              | string | when the event queue was last read (ms)          | always         |
| counters           | hash   | what was counted: events by outcome              | always         |
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Keys:
    """Names of keys under one prefix, such as ``{sgwatch}``: one hash tag, so one slot."""

    prefix: str

    @property
    def aside(self) -> str:
        """Return the sorted set of the alerts that have no message of their own."""
        return f"{self.prefix}:aside"

    def timeline(self, alert: str) -> str:
        """Return the list of an alert's entries."""
        return f"{self.prefix}:alert:{alert}:timeline"

    def state(self, alert: str) -> str:
        """Return the hash with an alert's last fold, version and status."""
        return f"{self.prefix}:alert:{alert}:state"

    def progress(self, alert: str) -> str:
        """Return the hash of our own work on an alert."""
        return f"{self.prefix}:alert:{alert}:progress"

    def index(self, name: str) -> str:
        """Return the sorted set of the alerts in one list; the empty name gives the stem."""
        return f"{self.prefix}:index:{name}"

    @property
    def attention(self) -> str:
        """Return the sorted set of what is due when."""
        return f"{self.prefix}:attention"

    @property
    def leases(self) -> str:
        """Return the sorted set of who attends what until when."""
        return f"{self.prefix}:leases"

    @property
    def tokens(self) -> str:
        """Return the hash of lease tokens."""
        return f"{self.prefix}:tokens"

    @property
    def touched(self) -> str:
        """Return the set of subjects appended to while they are attended."""
        return f"{self.prefix}:touched"

    @property
    def wake(self) -> str:
        """Return the capped list that workers block on."""
        return f"{self.prefix}:wake"

    def pending(self, channel: str) -> str:
        """Return the sorted set of alerts that a channel must show."""
        return f"{self.prefix}:channel:{channel}:pending"

    def hold(self, channel: str) -> str:
        """Return the time before which nothing is sent to a channel."""
        return f"{self.prefix}:channel:{channel}:hold"

    def raging(self, channel: str) -> str:
        """Return the id of the storm that rages in a channel."""
        return f"{self.prefix}:channel:{channel}:storm"

    def storm(self, storm: str) -> str:
        """Return the hash of a storm."""
        return f"{self.prefix}:storm:{storm}"

    def storm_alerts(self, storm: str) -> str:
        """Return the sorted set of the alerts on a storm's list."""
        return f"{self.prefix}:storm:{storm}:alerts"

    def storm_principals(self, storm: str) -> str:
        """Return the set of the principals on a storm's list."""
        return f"{self.prefix}:storm:{storm}:principals"

    def storm_accounts(self, storm: str) -> str:
        """Return the set of the accounts on a storm's list."""
        return f"{self.prefix}:storm:{storm}:accounts"

    @property
    def notices(self) -> str:
        """Return the set of what the operators are to hear of."""
        return f"{self.prefix}:notices"

    def notice(self, key: str) -> str:
        """Return the hash of one notice to the operators."""
        return f"{self.prefix}:notice:{key}"

    def budget(self, name: str) -> str:
        """Return the counter of what is spent of a budget, such as calls of a Slack method."""
        return f"{self.prefix}:budget:{name}"

    def ration(self, name: str) -> str:
        """Return the set of those who have had one of a ration lately."""
        return f"{self.prefix}:ration:{name}"

    def window(self, group: str) -> str:
        """Return the hash of the alert that a group's next change may join."""
        return f"{self.prefix}:window:{group}"

    @property
    def outcomes_stem(self) -> str:
        """Return what the keys of all days' outcomes begin with."""
        return f"{self.prefix}:outcomes:"

    def outcomes(self, day: date) -> str:
        """Return the hash of what became of the events of one day."""
        return f"{self.outcomes_stem}{day.isoformat()}"

    def history(self, by: str, value: str) -> str:
        """Return the sorted set of outcome lines of one principal, key, group or the like."""
        return f"{self.prefix}:history:{by}:{value}"

    def closings(self, place: str) -> str:
        """Return the sorted set of what was taken away from a group or prefix list."""
        return f"{self.prefix}:closings:{place}"

    def openings(self, place: str) -> str:
        """Return the sorted set of the alerts that opened something in a group or prefix list."""
        return f"{self.prefix}:openings:{place}"

    def remembered(self, state: str, key: str) -> tuple[str, str]:
        """Return what a detection remembers under a key: its members, and what is known of them."""
        members = f"{self.prefix}:remembered:{state}:{key}"
        return members, f"{members}:facts"

    @property
    def begun(self) -> str:
        """Return the hash of when each rule began to learn."""
        return f"{self.prefix}:begun"

    def familiar(self, trait: str, who: str) -> tuple[str, str]:
        """Return the sorted sets of what somebody's changes had, by when first and when last."""
        last = f"{self.prefix}:familiar:{trait}:{who}"
        return f"{last}:first", last

    @property
    def exemptions(self) -> str:
        """Return the hash of exemptions."""
        return f"{self.prefix}:exemptions"

    @property
    def coverings(self) -> str:
        """Return the hash of what exemptions are to resolve beside their own alerts."""
        return f"{self.prefix}:coverings"

    @property
    def exemptions_version(self) -> str:
        """Return the counter that every change to an exemption raises."""
        return f"{self.prefix}:exemptions:version"

    def exemption_life(self, exemption: str) -> str:
        """Return the list of what was decided on an exemption by itself, and told of it."""
        return f"{self.prefix}:exemption:{exemption}:life"

    def exemption_progress(self, exemption: str) -> str:
        """Return our own work on an exemption."""
        return f"{self.prefix}:exemption:{exemption}:progress"

    @property
    def exemption_refusals(self) -> str:
        """Return the capped list of the exemptions that were refused to be made."""
        return f"{self.prefix}:exemptions:refused"

    @property
    def exemption_requests(self) -> str:
        """Return the hash of the messages that ask for approval."""
        return f"{self.prefix}:exemptions:requests"

    @property
    def doctor(self) -> str:
        """Return what ``sgwatch doctor`` writes, to see whether Redis takes it."""
        return f"{self.prefix}:doctor"

    @property
    def places(self) -> str:
        """Return the sorted set of the accounts and regions that events came from."""
        return f"{self.prefix}:places"

    def stretches(self, who: str) -> str:
        """Return the hash of the stretches of event history that somebody is reading."""
        return f"{self.prefix}:stretches:{who}"

    def read_until(self, who: str) -> str:
        """Return the hash of until when somebody has read each place's event history."""
        return f"{self.prefix}:read:{who}"

    def baseline(self, account: str, region: str, group: str) -> str:
        """Return the list of a group's readings."""
        return f"{self.prefix}:baseline:{account}/{region}/{group}"

    @property
    def baselines_changed(self) -> str:
        """Return the sorted set of groups that changed since they were read."""
        return f"{self.prefix}:baselines:changed"

    @property
    def baselines_read(self) -> str:
        """Return the hash of when each place was read as a whole."""
        return f"{self.prefix}:baselines:read"

    @property
    def baselines_trouble(self) -> str:
        """Return the hash of why places cannot be read."""
        return f"{self.prefix}:baselines:trouble"

    @property
    def baselines_todo(self) -> str:
        """Return the sorted set of places that are still to be read in this round."""
        return f"{self.prefix}:baselines:todo"

    @property
    def baselines_cursors(self) -> str:
        """Return the hash of how far places are read."""
        return f"{self.prefix}:baselines:cursors"

    @property
    def baselines_round(self) -> str:
        """Return when the next round begins."""
        return f"{self.prefix}:baselines:round"

    def review(self, month: str) -> str:
        """Return the hash of what a month's review has found so far; for 100 days."""
        return f"{self.prefix}:review:{month}"

    def page(self, name: str) -> str:
        """Return which alert pages under a name."""
        return f"{self.prefix}:page:{name}"

    @property
    def overrides(self) -> str:
        """Return the sorted set of who is on call instead of whom a rota says."""
        return f"{self.prefix}:overrides"

    @property
    def pulse(self) -> str:
        """Return when the event queue was last read."""
        return f"{self.prefix}:pulse"

    @property
    def counters(self) -> str:
        """Return the hash of counts."""
        return f"{self.prefix}:counters"
