"""The datasets: the list of halls, when rooms are free (CSV and JSON), and the catalogue that describes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import orjson
from django.utils.translation import gettext as _

from booking.publishing import PublishedTime, published_times
from facilities.opendata.columns import ID
from facilities.opendata.exporting import columns_by_hall, facility_csv, file_name
from facilities.opendata.folding import safe
from facilities.periods import local
from facilities.queries import open_facilities, open_rooms
from tenants.context import current_zone

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PUBLISHED_DAYS = 31
AVAILABILITY_HEADER = (
    "全国地方公共団体コード", "地方公共団体名", "施設ID", "施設名称", "部屋ID", "部屋名称", "日付", "開始時間",
    "終了時間", "区分名", "状況コード", "状況", "更新日時",
)  # fmt: skip
# In the files the words are Japanese, as their headings are; the codes are for programs.
STATE_WORDS = {"free": "空き", "taken": "空きなし", "closed": "休み"}


@dataclass(frozen=True, slots=True)
class Whose:
    """The municipality that publishes."""

    lg_code: str
    name: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset as the catalogue shows it: its files are (format, media type, name)."""

    key: str
    title: str
    about: str
    files: tuple[tuple[str, str, str], ...]
    changed_at: datetime | None


def datasets(whose: Whose, now: datetime) -> tuple[Dataset, ...]:
    """Return what there is, in the page's language, with the time of the last change."""
    changed = max((hall.changed_at for hall in open_facilities()), default=None)
    about_times = _("部屋ごとの、今日から{days}日間の空き状況。1分ごとに新しくなります。").format(
        days=PUBLISHED_DAYS
    )
    return (
        Dataset(
            "public_facility",
            _("公共施設一覧"),
            _(
                "予約できる施設の名前・住所・場所・電話・バリアフリー。自治体標準オープンデータセットの形です。"
            ),
            (("CSV", "text/csv", file_name(whose.lg_code)),),
            changed,
        ),
        Dataset(
            "facility_availability",
            _("施設の空き状況"),
            about_times,
            tuple(
                (kind.upper(), media, availability_name(whose.lg_code, kind))
                for kind, media in (("csv", "text/csv"), ("json", "application/json"))
            ),
            now,
        ),
    )


def availability_name(lg_code: str, kind: str) -> str:
    """Return the name of the file with free times, e.g. ``132284_facility_availability.csv``."""
    return f"{lg_code}_facility_availability.{kind}"


def halls_file(whose: Whose) -> bytes:
    """Return 公共施設一覧 of the open halls in the current standard."""
    return facility_csv(open_facilities(), lg_code=whose.lg_code, town=whose.name)


def availability_csv(whose: Whose, now: datetime) -> bytes:
    """Return the free times as CSV: UTF-8 with a byte order mark, CR LF, one line for each time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(AVAILABILITY_HEADER)
    ids, stamp = _hall_ids(whose), _stamp(now)
    for time in _times(now):
        room = time.room
        cells = (
            whose.lg_code, whose.name, ids[room.facility_id], room.facility_name, f"{room.facility_key}/{room.key}",
            room.name, time.day.isoformat(), _clock(time.starts), _clock(time.ends), time.slot, time.state,
            STATE_WORDS[time.state], stamp,
        )  # fmt: skip
        writer.writerow(safe(cell) for cell in cells)
    return buffer.getvalue().encode("utf-8-sig")


def availability_json(whose: Whose, now: datetime) -> bytes:
    """Return the free times as JSON, by room."""
    ids = _hall_ids(whose)
    rooms = [
        {
            "facility": {
                "id": ids[room.facility_id],
                "name": room.facility_name,
                "name_en": room.facility_name_en,
            },
            "room": {
                "id": f"{room.facility_key}/{room.key}",
                "name": room.name,
                "name_en": room.name_en,
                "capacity": room.capacity,
            },
            "times": [_time_as_json(time) for time in times],
        }
        for room, times in groupby(_times(now), key=lambda time: time.room)
    ]
    first = local(now, current_zone())[0]
    return orjson.dumps(
        {
            "municipality": {"lg_code": whose.lg_code, "name": whose.name},
            "licence": LICENCE,
            "updated_at": _stamp(now),
            "first_day": first.isoformat(),
            "days": PUBLISHED_DAYS,
            "rooms": rooms,
        }
    )


def catalogue(whose: Whose, found: tuple[Dataset, ...], base: str) -> dict[str, Any]:
    """Return the catalogue as schema.org says it (JSON-LD). ``base`` is the address of the page."""
    publisher = {"@type": "GovernmentOrganization", "name": whose.name, "identifier": whose.lg_code}
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "@id": base,
        "name": _("{town}の施設予約のオープンデータ").format(town=whose.name),
        "publisher": publisher,
        "license": LICENCE,
        "dataset": [
            {
                "@type": "Dataset",
                "@id": f"{base}#{one.key}",
                "name": one.title,
                "description": one.about,
                "license": LICENCE,
                "creator": publisher,
                "isAccessibleForFree": True,
                "inLanguage": "ja",
                **({"dateModified": _stamp(one.changed_at)} if one.changed_at else {}),
                "distribution": [
                    {"@type": "DataDownload", "encodingFormat": media, "contentUrl": f"{base}{name}"}
                    for _kind, media, name in one.files
                ],
            }
            for one in found
        ],
    }


def _hall_ids(whose: Whose) -> dict[int, str]:
    listed = columns_by_hall(open_facilities(), lg_code=whose.lg_code, town=whose.name)
    return {pk: cells[ID] for pk, cells in listed.items()}


def _times(now: datetime) -> Iterator[PublishedTime]:
    first: date = local(now, current_zone())[0]
    return published_times(rooms=open_rooms(), first=first, days=PUBLISHED_DAYS, now=now)


def _time_as_json(time: PublishedTime) -> dict[str, str | None]:
    return {
        "date": time.day.isoformat(),
        "starts": _clock(time.starts) or None,
        "ends": _clock(time.ends) or None,
        "slot": time.slot or None,
        "state": time.state,
    }


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(current_zone()).isoformat(timespec="seconds")
