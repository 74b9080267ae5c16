"""How much more 15 and 150 detections cost than one, and than reading the record as JSON."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import count, cycle, islice

from bot.changes.severity import Severity
from bot.cloudtrail.ecs import EcsView
from bot.cloudtrail.record import parse_record
from bot.detections.kql.parser import parse
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.detections.rule import Detection

SIZES = (1, 15, 150)
ROUNDS, REPEATS = 30, 10

# What rules for AWS are about, by service: the calls that change who may do what, what is reached
# from where, what is recorded, and what is read out.
ACTIONS = {
    "ec2": "RunInstances CreateKeyPair ImportKeyPair ModifySnapshotAttribute CreateRoute"
    " GetPasswordData DeleteFlowLogs DisableEbsEncryptionByDefault ModifyInstanceAttribute",
    "iam": "CreateUser CreateRole AttachUserPolicy AttachRolePolicy PutUserPolicy CreateAccessKey"
    " UpdateAssumeRolePolicy CreateSAMLProvider DeleteGroup AddUserToGroup UpdateLoginProfile",
    "sts": "AssumeRole AssumeRoleWithWebIdentity AssumeRoot GetSessionToken GetCallerIdentity",
    "s3": "PutBucketPolicy DeleteBucketPolicy PutBucketReplication PutBucketVersioning GetObject",
    "rds": "CreateDBInstance DeleteDBCluster ModifyDBSnapshotAttribute StartExportTask",
    "kms": "DisableKey ScheduleKeyDeletion PutKeyPolicy ImportKeyMaterial",
    "lambda": "AddPermission20150331v2 UpdateFunctionCode20150331v2 PublishLayerVersion20181031",
    "cloudtrail": "StopLogging DeleteTrail UpdateTrail PutEventSelectors CreateTrail",
    "guardduty": "DeleteDetector UpdateDetector DeleteMembers StopMonitoringMembers",
    "config": "DeleteConfigRule StopConfigurationRecorder DeleteDeliveryChannel",
    "logs": "DeleteLogGroup DeleteLogStream PutSubscriptionFilter",
    "monitoring": "DeleteAlarms DisableAlarmActions",
    "secretsmanager": "GetSecretValue BatchGetSecretValue PutResourcePolicy DeleteSecret",
    "ssm": "SendCommand StartSession GetParameters CreateDocument",
    "route53": "AssociateVPCWithHostedZone ChangeResourceRecordSets DisableDomainTransferLock",
    "signin": "ConsoleLogin SwitchRole PasswordRecoveryRequested GetSigninToken",
    "organizations": "LeaveOrganization CreateAccount DetachPolicy InviteAccountToOrganization",
    "ses": "VerifyEmailIdentity GetSendQuota UpdateAccountSendingEnabled",
    "sns": "Subscribe Publish CreateTopic",
    "bedrock": "InvokeModel DeleteGuardrail PutModelInvocationLoggingConfiguration",
    "eks": "CreateAccessEntry UpdateClusterConfig",
    "wafv2": "DeleteWebACL DeleteRuleGroup",
}
REST = (
    'event.outcome: "success"',
    'event.outcome: "success" and not aws.cloudtrail.user_identity.type: "AWSService"',
    "not aws.cloudtrail.user_identity.invoked_by: *",
    'user_agent.original: (*boto* or *aws-cli*) and event.outcome: "success"',
    "aws.cloudtrail.flattened.request_parameters.userName: *",
    'event.outcome: "failure" and aws.cloudtrail.error_code: (*Denied* or *Unauthorized*)',
    "not source.address: (*.amazonaws.com or 10.0.0.0/8)",
    '(aws.cloudtrail.user_identity.arn: *root or aws.cloudtrail.user_identity.type: "Root")',
)
OF_ANY_CALL = (
    'event.outcome: "failure" and aws.cloudtrail.error_code: "Client.RequestLimitExceeded"',
    "user_agent.original: (*kali* or *parrot* or *pacu*)",
    'aws.cloudtrail.user_identity.type: "Root" and event.outcome: "success"',
    'event.action: (Delete* or Disable*) and aws.cloudtrail.user_identity.type: "IAMUser"',
)
"""Rules that name neither service nor call, and so are asked of every record."""


def detections(number: int) -> Sequence[Detection]:
    """Return as many detections as asked: the shipped ones, then others as people have them.

    Of these, most name service and calls, one in ten the service and a pattern of calls, and a
    few nothing that could be looked up.
    """
    shipped = sorted(packaged().detections, key=lambda d: "configuration" not in d.name)
    if number <= len(shipped):
        return shipped[:number]
    invented = (_detection(n, query) for n, query in zip(count(), _queries(), strict=False))
    return [*shipped, *islice(invented, number - len(shipped))]


def _queries() -> Sequence[str]:
    queries: list[str] = []
    rest, any_call = cycle(REST), iter(OF_ANY_CALL)
    services = [(service, named.split()) for service, named in ACTIONS.items()]
    for turn in range(10):
        for place, (service, named) in enumerate(services):
            actions = [named[(turn + offset) % len(named)] for offset in range(1 + place % 3)]
            queries.append(_query(service, actions, next(rest), pattern=place % 10 == turn))
        queries += islice(any_call, 1)
    return queries


def _query(service: str, actions: Sequence[str], rest: str, *, pattern: bool) -> str:
    calls = " or ".join(f"{action[:6]}*" if pattern else f'"{action}"' for action in actions)
    return (
        f'event.dataset: "aws.cloudtrail" and event.provider: "{service}.amazonaws.com"'
        f" and event.action: ({calls}) and {rest}"
    )


def _detection(number: int, query: str) -> Detection:
    name = f"invented-{number}"
    return Detection(id=name, name=name, severity=Severity.LOW, query=query, tree=parse(query))


def section(bodies: Sequence[bytes]) -> str:
    """Measure, round by round in turn, and return what came of it as Markdown."""
    records = [parse_record(json.loads(body)) for body in bodies]
    matchers = {size: Matcher(detections(size)) for size in SIZES}

    def matching(matcher: Matcher) -> Callable[[], object]:
        return lambda: [matcher.matches(EcsView(record)) for record in records]

    works = {size: matching(matcher) for size, matcher in matchers.items()}
    rounds = []
    for _ in range(ROUNDS):
        times = {size: _seconds(work) for size, work in works.items()}
        rounds.append((times, _seconds(lambda: [json.loads(body) for body in bodies])))
    lines = []
    for size in SIZES:
        one = statistics.median(times[size] / times[SIZES[0]] for times, _ in rounds)
        read = statistics.median(times[size] / reading for times, reading in rounds)
        rate = len(bodies) * REPEATS / statistics.median(times[size] for times, _ in rounds)
        lines.append(f"| {size} | {rate:,.0f} | {one:.2f} x | {read:.2f} x |")
    return _SECTION.format(table="\n".join(lines))


_SECTION = """
## One detection, and a hundred and fifty

The ECS view of a record and all detections asked of it, for the same records. Beside the shipped
detections there are others such as people have for AWS: of 22 services, with one to three calls
each; one in ten names its calls by a pattern, and a few name nothing that could be looked up.
Records a second are of this machine, one core.

| detections | records/s | to one detection | to `json.loads` |
| --- | --- | --- | --- |
{table}

The aim is at most 2 x from one to 150. A detection is asked only about the calls that its query
names, else about the services; and what it says of action, provider, outcome and dataset alone is
asked once for each combination of them, which here each record's has been before. What is left
grows with how many detections could match a record, not with how many there are.
"""


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(REPEATS):
        work()
    return time.process_time() - start
