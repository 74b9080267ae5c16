"""The CloudTrail console: where an event is looked at in AWS."""

import re

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}", re.ASCII)
_EVENT = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_DOMAINS = {"cn-": "console.amazonaws.cn", "us-gov-": "console.amazonaws-us-gov.com"}


def event_url(region: str, event_id: str) -> str:
    """Return the page of an event, in its region's partition; empty where there can be none."""
    if not (_REGION.fullmatch(region) and _EVENT.fullmatch(event_id)):
        return ""
    domain = next((d for start, d in _DOMAINS.items() if region.startswith(start)), "")
    host = f"{region}.{domain or 'console.aws.amazon.com'}"
    return f"https://{host}/cloudtrailv2/home?region={region}#/events/{event_id}"
