"""Single parts, each from the settings alone: what the application and single commands open."""

import os
from pathlib import Path

import boto3

from bot.aws.queue import queue_region
from bot.aws.sessions import Roles, Sessions
from bot.investigation.atlas import Atlas, AtlasError, open_atlas
from bot.settings import Settings, SettingsError, revealed


def atlas_of(settings: Settings) -> Atlas:
    """Return what tells where addresses are. Raises SettingsError for a file that is none."""
    try:
        return open_atlas(settings.geoip_city, settings.geoip_asn)
    except AtlasError as error:
        wrong = f"SGWATCH_GEOIP_CITY or SGWATCH_GEOIP_ASN is wrong: {error}"
        raise SettingsError(wrong) from error


def aws_sessions(settings: Settings) -> Sessions:
    """Return what gets clients of AWS. Raises SettingsError where no region is told."""
    region = (
        boto3.Session().region_name
        or os.environ.get("AWS_REGION")
        or queue_region(settings.queue_url)
    )
    if not region:
        raise SettingsError("AWS_DEFAULT_REGION is not set: set it to the region of the queue")
    return Sessions(
        region,
        Roles(
            settings.read_role,
            settings.contain_role,
            revealed(settings.external_id),
            settings.session_name,
        ),
        endpoint_url=settings.aws_endpoint_url,
    )


def rule_paths(settings: Settings) -> tuple[Path, ...]:
    """Return where the user's detections are. Raises SettingsError where a path does not exist."""
    missing = [path for path in settings.detections if not path.exists()]
    if missing:
        raise SettingsError(f"SGWATCH_DETECTIONS is wrong: there is no {missing[0]}")
    return settings.detections
