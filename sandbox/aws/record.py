"""Records: the CloudTrail record of one call, as AWS would write it."""

from datetime import datetime
from typing import Any

from moto.core.parse import PROTOCOL_PARSERS

from sandbox.aws import ec2_shapes, query_shapes, wrapped_shapes
from sandbox.aws.answer import Answer, operation_model
from sandbox.aws.call import Call

RECORDED = {"ec2", "iam", "rds"}
IAM_REGION = "us-east-1"  # IAM is global: its records are written there, wherever one calls


def record_of(
    call: Call, who: dict[str, Any], answer: Answer, event_id: str, at: datetime
) -> dict[str, Any]:
    """Return the record of a call that somebody made and that AWS answered."""
    region = IAM_REGION if call.service == "iam" else call.region
    error = {"errorCode": answer.error_code, "errorMessage": answer.error_message}
    return {
        "eventVersion": "1.10",
        "userIdentity": who,
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": f"{call.service}.amazonaws.com",
        "eventName": call.operation,
        "awsRegion": region,
        "sourceIPAddress": call.source_address,
        "userAgent": call.user_agent,
        **(error if answer.error_code else {}),
        "requestParameters": _request_parameters(call, answer),
        "responseElements": _response_elements(call, answer),
        "requestID": answer.request_id,
        "eventID": event_id,
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": call.account,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": _host(call.service, region),
        },
        **({"sessionCredentialFromConsole": "true"} if call.console else {}),
    }


def _request_parameters(call: Call, answer: Answer) -> dict[str, Any] | None:
    if call.operation in wrapped_shapes.WRAPPED:
        return wrapped_shapes.request_parameters(call.operation, call.form)
    if answer.error_code == "AccessDenied":
        return None  # a service other than EC2 denies before it reads the request
    operation = operation_model(call)
    protocol = operation.service_model.metadata["protocol"]
    given = PROTOCOL_PARSERS[protocol](operation).parse({"values": call.form})
    if call.service == "ec2":
        return ec2_shapes.request_parameters(operation, given)
    return query_shapes.request_parameters(call.service, operation, given)


def _response_elements(call: Call, answer: Answer) -> dict[str, Any] | None:
    if answer.error_code:
        return None
    if call.operation in wrapped_shapes.WRAPPED:
        return wrapped_shapes.response_elements(call.operation, answer.body)
    operation = operation_model(call)
    if call.service == "ec2":
        return ec2_shapes.response_elements(operation, answer.output, answer.request_id)
    return query_shapes.response_elements(call.service, operation, answer.output)


def _host(service: str, region: str) -> str:
    return "iam.amazonaws.com" if service == "iam" else f"{service}.{region}.amazonaws.com"
