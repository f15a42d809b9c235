"""What was said of a use, as JSON keeps it beside what was not applied for yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from facilities.details import Details

_PARTS = {one.name for one in fields(Details)}


def write_details(details: Details) -> dict[str, Any]:
    """Return details as JSON can hold them."""
    return asdict(details)


def read_details(data: Mapping[str, Any]) -> Details:
    """Return the details ``write_details`` wrote; what an older version of the program wrote too much is left out."""
    return Details(**{key: value for key, value in data.items() if key in _PARTS})
