"""What callers send to wait for a taken time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from frontend.api.fields import Id, Moment
from frontend.api.inputs import KnownHirerInput


class WaitInput(KnownHirerInput):
    """A taken time of a room, and what is wished when it becomes free."""

    room: Id
    starts_at: Moment
    ends_at: Moment
    wish: Literal["tell", "offer"] = Field("offer", description="To be told, or to be offered it.")
    any_alike: Annotated[
        bool, Field(strict=True, description="Any room of this kind in the hall would do.")
    ] = False
