"""The settings, and the files that people edit or supply: each fault with its mend."""

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from bot.accounts import load_accounts
from bot.changes.sentence import number_of
from bot.checks.check import Check, fail, ok, warn
from bot.investigation.atlas import AtlasError, open_atlas
from bot.policy import Policy, load_policy
from bot.policy_changes import load_changes
from bot.settings import ContainmentMode, Settings
from bot.settings_given import Given
from bot.tables import FileError

PREFIX = "SGWATCH_"


def settings(given: Given, environment: Mapping[str, str] = os.environ) -> Iterator[Check]:
    """Tell every setting that is missing or wrong, and those that nobody reads."""
    for problem in given.problems:
        said, _, mend = problem.partition(". Set it: ")
        yield fail(
            "settings",
            said,
            f"set it: {mend}" if mend else "set it right; .env.example says what each holds",
        )
    known = tuple(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)
    ours = sorted(name for name in environment if name.startswith(PREFIX))
    for name in (name for name in ours if name not in known):
        close = get_close_matches(name, known, n=1)
        mend = f"did you mean {close[0]}?" if close else "see .env.example for those that there are"
        yield warn("settings", f"{name} is no setting of sgwatch", mend)
    if not given.problems:
        yield ok("settings", f"{sum(name in known for name in ours)} set, none wrong")


def policy(settings: Settings) -> Iterator[Check]:
    """Tell whether the policy can be read, and whether anybody may decide under it."""
    try:
        loaded = load_policy(settings.policy, settings.channel)
    except FileError as error:
        yield from _faults("policy", error)
        return
    rights = loaded.rights
    deciding = {*rights.responders, *rights.approvers, *rights.admins}
    if settings.policy is None:
        yield warn(
            "policy",
            "there is no policy file, so nobody may decide",
            "copy policy.example.toml, name the responders, and set SGWATCH_POLICY to its path",
        )
    elif not deciding:
        yield warn(
            "policy",
            f"{settings.policy} gives nobody the right to decide",
            "name people (U…) or user groups (S…) in [rights], as responders at least",
        )
    else:
        named = f"{len(deciding)} people and groups may decide"
        yield ok("policy", f"{settings.policy} ({rights.version}): {named}")
    if deciding and settings.containment is not ContainmentMode.OFF:
        yield from _approving(loaded)


def _approving(policy: Policy) -> Iterator[Check]:
    """Tell where a request would wait for somebody who is not there."""
    if not {*policy.rights.approvers, *policy.rights.admins}:
        mend = "name approvers or admins in [rights]: nobody approves their own request"
        yield warn("policy", "nobody may approve what takes two people", mend)


def accounts(settings: Settings) -> Iterator[Check]:
    """Tell whether the accounts file can be read."""
    try:
        known = load_accounts(settings.accounts).known
    except FileError as error:
        yield from _faults("accounts", error)
        return
    if settings.accounts is None:
        yield ok("accounts", "no accounts file: alerts show account ids")
    else:
        yield ok("accounts", f"{settings.accounts}: {len(known)} accounts")


def changes(settings: Settings) -> Iterator[Check]:
    """Tell whether the file of announced changes can be read, and how many it holds."""
    if settings.changes is None:
        yield ok("changes", "no file of announced changes")
        return
    try:
        announced = load_changes(settings.changes)
    except FileError as error:
        yield from _faults("changes", error)
    else:
        told = number_of(len(announced), "announced change")
        yield ok("changes", f"{settings.changes}: {told}")


def places(settings: Settings) -> Iterator[Check]:
    """Tell whether the files that say where addresses are can be read."""
    if settings.geoip_city is None and settings.geoip_asn is None:
        yield ok("places", "no files of places: alerts tell the country, not the city or network")
        return
    for name, path in (("CITY", settings.geoip_city), ("ASN", settings.geoip_asn)):
        if path is None:
            continue
        try:
            open_atlas(path, None)
        except AtlasError as error:
            mend = f"set SGWATCH_GEOIP_{name} to a file in MaxMind's format (.mmdb)"
            yield fail("places", str(error), f"{mend}; sgwatch does not start with it as it is")
        else:
            yield ok("places", f"{path} can be read")


def _faults(name: str, error: FileError) -> Iterator[Check]:
    for line in str(error).splitlines():
        yield fail(name, line, "mend the file; sgwatch does not start with it as it is")
