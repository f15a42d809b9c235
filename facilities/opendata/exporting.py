"""The halls as 公共施設一覧 in the current standard: UTF-8 with a byte order mark, lines ended by CR LF."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence

from facilities.models import Facility
from facilities.opendata import columns
from facilities.opendata.folding import safe

# Which field of Facility holds which column; columns of the standard in neither stand in ``opendata_rest``.
FIELDS = {
    columns.NAME: "name",
    columns.KANA: "name_kana",
    columns.ENGLISH: "name_en",
    columns.ID: "opendata_id",
    columns.PLACE_CODE: "place_code",
    columns.ADDRESS: "address",
    columns.BUILDING: "building",
    columns.PHONE: "phone",
    columns.POSTCODE: "postcode",
    columns.DAYS: "open_days",
    columns.STARTS: "opens",
    columns.ENDS: "closes",
    columns.OPENING_NOTE: "opening_note",
    columns.ACCESS: "barrier_free",
    columns.URL: "url",
}
PLACE = {columns.LATITUDE: "latitude", columns.LONGITUDE: "longitude"}
REST = tuple(
    column
    for column in columns.STANDARD
    if column not in FIELDS and column not in PLACE and column not in {columns.CODE, columns.PUBLISHER}
)


def file_name(lg_code: str) -> str:
    """Return the standard's name of the file, e.g. ``132284_public_facility.csv``."""
    return f"{lg_code}_public_facility.csv"


def facility_csv(halls: Sequence[Facility], *, lg_code: str, town: str) -> bytes:
    """Return the list of these halls. Every cell is safe to open in a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns.STANDARD)
    for cells in columns_by_hall(halls, lg_code=lg_code, town=town).values():
        writer.writerow(safe(cells.get(column, "")) for column in columns.STANDARD)
    return buffer.getvalue().encode("utf-8-sig")


def columns_by_hall(halls: Sequence[Facility], *, lg_code: str, town: str) -> dict[int, dict[str, str]]:
    """Return what the list says of each hall, by its id. A hall without an id of the list has its key as one."""
    used = {hall.opendata_id for hall in halls if hall.opendata_id}
    return {hall.pk: _columns(hall, used, lg_code, town) for hall in halls}


def _columns(hall: Facility, used: Collection[str], lg_code: str, town: str) -> dict[str, str]:
    rest: Mapping[str, str] = hall.opendata_rest
    cells = {column: rest.get(column, "") for column in REST}
    cells |= {column: getattr(hall, name) for column, name in FIELDS.items()}
    for column, name in PLACE.items():
        degrees = getattr(hall, name)
        cells[column] = "" if degrees is None else f"{degrees:.6f}"
    if not hall.opendata_id:
        cells[columns.ID] = hall.key if hall.key not in used else f"{hall.key}-{hall.pk}"
    return {columns.CODE: lg_code, columns.PUBLISHER: town, **cells}
