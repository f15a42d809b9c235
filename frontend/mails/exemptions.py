"""What messages about exemptions say: read when they are written, so that nobody's words wait on the queue."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from booking.exempting.following import NO_LONGER_FITS
from booking.exempting.told import told_exemption, told_standing
from frontend.templatetags.machinoma import day, name_of, yen


def exemption_values(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the ground, the reason and the price before of the exemption a message is about; else nothing."""
    if facts.get("exemption", "").isdecimal():
        found = told_exemption(int(facts["exemption"]))
        reason = _(NO_LONGER_FITS) if found.reason == NO_LONGER_FITS else found.reason
        full = yen(found.before_yen) if found.before_yen is not None else ""
        return {"ground": name_of(found), "reason": reason, "full_price": full}
    if facts.get("standing", "").isdecimal():
        standing = told_standing(int(facts["standing"]))
        until = day(standing.valid_until) if standing.valid_until else ""
        return {"ground": name_of(standing), "reason": standing.reason, "until": until}
    return {}


def staff_page(facts: Mapping[str, str]) -> str:
    """Return where staff decide what a message is about; empty: it is about no exemption."""
    if facts.get("exemption", "").isdecimal():
        return reverse("desk:exemption", args=[told_exemption(int(facts["exemption"])).ref])
    if facts.get("standing", "").isdecimal():
        return reverse("desk:standing", args=[told_standing(int(facts["standing"])).ref])
    return ""
