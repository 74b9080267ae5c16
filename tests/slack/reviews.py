"""A review of two accounts, and one of as much as there may be."""

from bot.investigation.grants import Grant, Kind
from bot.investigation.review import AccountReview, Doer, OpenGroup, OpenPorts, Review, ToEnd
from tests.builders import NOON, later
from tests.slack.alerts import HOSTILE

GRANT = Grant("arn:aws:iam::123456789012:user/alice", "alice", Kind.USER, (), ("p",), sure=True)
PERHAPS = Grant("arn:aws:iam::123456789012:role/ops", "ops", Kind.ROLE, (), ("p",), sure=False)
SSH = OpenPorts("SSH (22/tcp)", later(3))
END = ToEnd("EX-1", "U0ROSA", "nightly", later(60), ("it hid nothing in 90 days",))


def review() -> Review:
    prod = AccountReview(
        "123456789012",
        (GRANT, PERHAPS),
        (Doer(PERHAPS.arn, "ops", 20, NOON),),
        (GRANT,),
        (OpenGroup("eu-west-1", "sg-0a1b", "web-prod", (SSH, OpenPorts("HTTPS (443/tcp)"))),),
    )
    unknown = "who can change groups: no permission for iam:GetAccountAuthorizationDetails"
    staging = AccountReview("210987654321", unknown=(unknown, "what is open: no answer"))
    return Review(later(5), NOON.date(), (staging, prod), (END,))


def largest() -> Review:
    names = HOSTILE * 20
    grant = Grant(names, names, Kind.USER, (), (names,), sure=True)
    group = OpenGroup("eu-west-1", names, names, (OpenPorts(names, NOON),) * 20)
    account = AccountReview("1" * 12, (grant,) * 99, (), (grant,) * 99, (group,) * 99, (names,) * 9)
    end = ToEnd(names, names, names, NOON, (names,) * 4)
    return Review(NOON, None, (account,) * 300, (end,) * 99)
