"""Why something was refused, frozen: as it was told then, whatever the rules say later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from facilities.ordinance import Reason
from tenants.errors import Refusal

# A reason of the rules with its article, or the Japanese sentence of another refusal (pages translate it).
Why = Reason | str


def whys_of(refusal: Refusal) -> tuple[Why, ...]:
    """Return why it was refused: the rules' reasons where they speak, else the refusal's own sentence."""
    return tuple(refusal.facts.get("reasons") or [refusal.message])


def write_whys(whys: Iterable[Why]) -> list[dict[str, Any]]:
    """Return reasons as JSON can hold them."""
    return [{"sentence": one} if isinstance(one, str) else one.to_dict() for one in whys]


def read_whys(data: Iterable[Mapping[str, Any]]) -> tuple[Why, ...]:
    """Return the reasons ``write_whys`` wrote."""
    return tuple(str(one["sentence"]) if "sentence" in one else Reason.from_dict(one) for one in data)
