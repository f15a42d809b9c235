"""Rows of the CSV export, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from booking.queries import ReservationView
from facilities.periods import local, local_end
from frontend.templatetags.desk import attendance_word, channel_word, payment_word, status_word

HEADER = (
    "予約番号", "状態", "館", "部屋", "使う日", "始まり", "終わり", "利用者", "ふりがな", "電話番号", "目的", "人数",
    "料金（円）", "支払い", "来館", "受付", "予約した日",
)  # fmt: skip

# What a spreadsheet takes for the start of a formula (also the full-width forms some of them accept).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe(text: str) -> str:
    """Return text that a spreadsheet shows and never computes: an apostrophe goes before what looks like a formula."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def csv_line(cells: Sequence[str | int]) -> str:
    """Return one line of CSV, ended as RFC 4180 says."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe(cell) if isinstance(cell, str) else cell for cell in cells])
    return buffer.getvalue()


def csv_row(view: ReservationView) -> tuple[str | int, ...]:
    """Return a reservation as the cells under ``HEADER``, in the municipality's time."""
    zone = view.room.zone
    day, starts = local(view.starts_at, zone)
    ends = local_end(view.ends_at, day, zone)
    return (
        view.number,
        status_word(view.status),
        view.room.facility_name,
        view.room.name,
        day.isoformat(),
        _clock(starts),
        _clock(ends),
        view.resident.name,
        view.resident.name_kana,
        view.resident.phone,
        view.purpose,
        "" if view.headcount is None else view.headcount,
        "" if view.price_yen is None else view.price_yen,
        payment_word(view.payment),
        attendance_word(view.attendance),
        channel_word(view.channel),
        local(view.created_at, zone)[0].isoformat(),
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
