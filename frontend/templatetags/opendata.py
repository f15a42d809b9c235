"""How pages write what a list of facilities says."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

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
    latitude, longitude = row.values.get("緯度"), row.values.get("経度")
    return map_link(latitude, longitude) if latitude else ""


@register.filter
def cell(row: Any, column: str) -> str:
    """What a row says under a column of the standard."""
    return str(row.values.get(column, ""))


@register.filter
def told(note: Note) -> str:
    """A note about a list in the page's language."""
    return note.sentence("ja" if (get_language() or "ja").startswith("ja") else "en")


@register.filter
def pieces(text: str) -> list[str]:
    """The parts of a text that has them separated by semicolons or line breaks."""
    parts = text.replace("；", ";").replace("\n", ";").split(";")
    return [part.strip() for part in parts if part.strip()]
