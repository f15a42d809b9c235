"""What messages about offences say: read when they are written, so that nobody's words wait on the queue."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from booking.penalties.queries import appeal_of, measure_of, told_offence
from frontend.templatetags.machinoma import article, name_of
from frontend.templatetags.penalties import points_word


def penalty_values(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the reason (and the points) of the offence, measure or appeal a message is about; else nothing."""
    if facts.get("offence"):
        offence = told_offence(UUID(facts["offence"]))
        source = offence.reason.article if offence.reason else None
        reason = f"{name_of(offence)}{article(source)}" if source else name_of(offence)
        return {"reason": reason, "points": points_word(offence.points)}
    if facts.get("measure"):
        return {"reason": name_of(measure_of(ref=UUID(facts["measure"]), now=timezone.now()))}
    if facts.get("appeal"):
        return {"reason": appeal_of(ref=UUID(facts["appeal"])).decision}
    return {}
