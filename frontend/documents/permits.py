"""The permit (使用許可書) on paper: its content in the words of official papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from booking.models import Permit
from frontend.documents.fonts import Undrawn, undrawn
from frontend.documents.official_words import era_year, official_day, official_period, official_yen
from frontend.documents.qr import qr_svg
from frontend.documents.typesetting import typeset


def permit_pdf(permit: Permit, *, site: str, zone: ZoneInfo) -> bytes:
    """Return the PDF of a permit as it was last issued; ``site`` is the address its QR code leads to."""
    address = site + reverse("verify-permit", args=[permit.token])
    content = permit.content
    said = {
        "title": content["title"],
        "number": permit.number,
        "number_line": number_line(permit),
        "issued": official_day(_day(permit.issued_at, zone)),
        "to": "\n".join(line for line in (content["group"], content["name"]) if line),
        "issuer": content["issuer"],
        "mark": _mark(permit, zone),
        "lead": "つぎのとおり、使用を許可します。",
        "rows": _rows(content),
        "conditions": content["conditions"],
        "instruction": content["instruction"],
        "qr": qr_svg(address),
        "check": "この許可書が本物かどうか、いまも有効かどうかは、つぎのページで確かめられます。",
        "address": address,
        "footer": f"{content['municipality']} {content['title']} {number_line(permit)}",
    }
    return typeset("permit", said, at=permit.reissued_at or permit.issued_at)


def number_line(permit: Permit) -> str:
    """Its number as papers write it: 令和8年度 第12号."""
    return f"{era_year(date(permit.fiscal_year, 4, 1))}度 第{permit.serial}号"


def letters_to_check(name: str, group: str, purpose: str) -> Undrawn:
    """Return which letters of a permit could not be printed as they are written."""
    return undrawn(name + group + purpose)


def _mark(permit: Permit, zone: ZoneInfo) -> str:
    if permit.reissued_at is None:
        return ""
    return f"再交付（{official_day(_day(permit.reissued_at, zone))}）"


def _rows(content: Mapping[str, Any]) -> list[list[str]]:
    starts, ends = (datetime.fromisoformat(content[key]) for key in ("starts_at", "ends_at"))
    price, headcount = content["price_yen"], content["headcount"]
    kind = f"（{content['kind']}）" if content["kind"] else ""
    rows = [
        ("予約番号", content["reservation"]),
        ("施設", content["hall"]),
        ("部屋", content["room"]),
        ("使う日時", official_period(starts, ends)),
        ("目的", f"{content['purpose']}{kind}"),
        ("人数", f"{headcount}人" if headcount else ""),
        ("使うもの", "、".join(content["extras"])),
        ("使用料", "別に決めて、お知らせします。" if price is None else official_yen(price)),
    ]
    return [[label, words] for label, words in rows if words]


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
