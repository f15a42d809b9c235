"""How pages write what a list of facilities says."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from facilities.opendata.columns import ADDRESS, BUILDING, LATITUDE, LONGITUDE, PHONE
from facilities.opendata.sentences import Note

register = template.Library()


def map_link(latitude: Any, longitude: Any) -> str:
    """Return the address of 地理院地図 at a place (degrees)."""
    return f"https://maps.gsi.go.jp/#17/{latitude}/{longitude}/&base=std"


@register.filter
def map_address(hall: Any) -> str:
    """地理院地図 at the place of a hall."""
    return map_link(hall.latitude, hall.longitude)


@register.filter
def row_map_address(row: Any) -> str:
    """地理院地図 at the place a row of a list names; empty when it names none."""
    latitude, longitude = row.values.get(LATITUDE), row.values.get(LONGITUDE)
    return map_link(latitude, longitude) if latitude else ""


@register.filter
def address_of(row: Any) -> str:
    """The address a row of a list gives, with the building."""
    return " ".join(text for key in (ADDRESS, BUILDING) if (text := row.values.get(key)))


@register.filter
def phone_of(row: Any) -> str:
    """The telephone number a row of a list gives."""
    return str(row.values.get(PHONE, ""))


@register.filter
def told(note: Note) -> str:
    """A note about a list in the page's language."""
    return note.sentence("ja" if (get_language() or "ja").startswith("ja") else "en")


@register.filter
def pieces(text: str) -> list[str]:
    """The parts of a text that has them separated by semicolons or line breaks."""
    parts = text.replace("；", ";").replace("\n", ";").split(";")
    return [part.strip() for part in parts if part.strip()]
