"""What callers send about groups and offences."""

from __future__ import annotations

from pydantic import Field

from frontend.api.fields import FilledText, Input, Line


class GroupsQuery(Input):
    """Which groups."""

    text: Line = Field("", description="Staff only: part of a name or reading, or a number (G-00012).")


class AppealInput(Input):
    """Why an offence should not count."""

    text: FilledText
