"""Refusals: the code with which AWS says no to a call."""

from typing import Any

import pytest
from botocore.exceptions import ClientError


def refused(call: Any, **arguments: Any) -> str:
    """Make a call that AWS must refuse, and return the code that it gives."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]
