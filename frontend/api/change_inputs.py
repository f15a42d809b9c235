"""What callers send to change a reservation."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from frontend.api.fields import Id, Input, Moment
from frontend.api.inputs import DetailsInput, Headcount
from frontend.api.several_inputs import Override


class ChangeLook(Input):
    """What is to be different. What is left out stays; ``details`` replace all that was said."""

    room: Id | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    headcount: Headcount | None = None
    details: DetailsInput | None = None
    override_reason: Override = ""


class ChangeInput(ChangeLook):
    """What is to be different, and of what: ``sequence`` is the reservation's as it was seen."""

    sequence: Annotated[int, Strict(), Field(ge=0, le=2**31 - 1)] | None = None
