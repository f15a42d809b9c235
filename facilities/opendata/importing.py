"""An import from the file to the halls: read and kept, looked over, chosen from, carried out once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.text import slugify

from facilities.errors import NoRulesYet
from facilities.models import Facility, HallImport, RuleBook
from facilities.opendata import columns
from facilities.opendata.comparing import Comparison, compare
from facilities.opendata.errors import ImportNotFound, NothingChosen
from facilities.opendata.exporting import FIELDS, PLACE, REST
from facilities.opendata.matching import fold_hall, looks_bookable
from facilities.opendata.reading import Reading, read_list
from facilities.opendata.rows import Row
from facilities.opendata.sentences import Note
from facilities.reviewing import documents_in_effect

_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Offer:
    """A facility of the list as it would become a hall: ``hall`` is the one it updates, if there is one.

    ``changes`` are the columns that would change in it; ``renamed_from`` is its name if that changes.
    """

    row: Row
    chosen: bool
    hall: Facility | None
    changes: tuple[str, ...]

    @property
    def offered(self) -> bool:
        """Whether the row is shown first: chosen, a hall already, or a place that looks bookable."""
        return self.chosen or self.hall is not None or looks_bookable(self.row)

    @property
    def renamed_from(self) -> str:
        """The hall's present name if the list has another one."""
        return self.hall.name if self.hall and columns.NAME in self.changes else ""


@dataclass(frozen=True, slots=True)
class Preview:
    """An import in progress (or carried out) with every row of its file."""

    record: HallImport
    notes: tuple[Note, ...]
    rows: tuple[Row, ...]
    offers: tuple[Offer, ...]

    @property
    def refused(self) -> tuple[Row, ...]:
        """The rows that are not taken."""
        return tuple(row for row in self.rows if not row.taken)

    @property
    def chosen(self) -> tuple[Offer, ...]:
        """What would be carried out now."""
        return tuple(offer for offer in self.offers if offer.chosen)


@transaction.atomic
def begin_import(
    *, data: bytes, file_name: str, lg_code: str, town: str, staff_id: int | None, now: datetime
) -> HallImport:
    """Read a list and keep it as an import in progress, with what looks bookable chosen. No hall is written.

    Imports older than thirty days are forgotten. Raises ListTooLarge, NotAList, QuoteNotClosed.
    """
    reading = read_list(data, lg_code=lg_code, town=town)
    HallImport.objects.filter(started_at__lt=now - _KEPT_FOR).delete()
    compared = _compared(reading.taken, lg_code, town)
    chosen = [row.number for row in reading.taken if compared.hall_of(row) or looks_bookable(row)]
    return HallImport.objects.create(
        file_name=file_name[:100],
        facts=_write_notes(reading.notes),
        rows=[_write_row(row) for row in reading.rows],
        chosen=chosen,
        started_at=now,
        started_by_id=staff_id,
    )


def import_in_progress(ref: UUID, *, lg_code: str, town: str) -> Preview:
    """Return an import with its rows, and what each facility would change. Raises ImportNotFound."""
    record = HallImport.objects.filter(ref=ref).first()
    if record is None:
        raise ImportNotFound
    reading = _read_back(record)
    compared = _compared(reading.taken, lg_code, town)
    chosen = set(record.chosen)
    offers = tuple(
        Offer(row, row.number in chosen, compared.hall_of(row), tuple(compared.changes(row)))
        for row in reading.taken
    )
    return Preview(record, reading.notes, reading.rows, offers)


def imports_in_progress() -> list[HallImport]:
    """Return the imports that were begun and not carried out, newest first, without their rows."""
    return list(
        HallImport.objects.filter(done_at=None).defer("rows", "chosen", "facts").order_by("-started_at")
    )


@transaction.atomic
def choose_rows(*, ref: UUID, shown: Iterable[int], picked: Iterable[int]) -> None:
    """Of the rows that were ``shown`` choose exactly those ``picked``; the others stay as they are.

    Raises ImportNotFound (also once it is carried out).
    """
    record = HallImport.objects.select_for_update().filter(ref=ref, done_at=None).first()
    if record is None:
        raise ImportNotFound
    taken = {row.number for row in _read_back(record).taken}
    seen = set(shown)
    record.chosen = sorted((set(record.chosen) - seen) | (set(picked) & seen & taken))
    record.save(update_fields=["chosen"])


def drop_import(*, ref: UUID) -> None:
    """Forget an import in progress. One that is gone or carried out is left alone."""
    HallImport.objects.filter(ref=ref, done_at=None).delete()


@transaction.atomic
def carry_out(*, ref: UUID, lg_code: str, town: str, now: datetime) -> HallImport:
    """Create and update the chosen halls, all or none; a second time nothing happens again.

    A new hall is not open to booking. It gets the key of the rules document that knows its name; without one the
    next step is to write its rules. An empty cell never empties what a hall has.
    Raises ImportNotFound, NothingChosen, NoRulesYet (no rule book to put a new hall under).
    """
    record = HallImport.objects.select_for_update().filter(ref=ref).first()
    if record is None:
        raise ImportNotFound
    if record.done_at is not None:
        return record
    if not record.chosen:
        raise NothingChosen
    # One import at a time: two would both make the same new halls.
    books = list(RuleBook.objects.select_for_update().order_by("pk"))
    if not books:
        raise NoRulesYet
    reading = _read_back(record)
    compared = _compared(reading.taken, lg_code, town)
    chosen = set(record.chosen)
    rows = [row for row in reading.taken if row.number in chosen]
    updates = [(hall, compared.changes(row)) for row in rows if (hall := compared.hall_of(row))]
    _free_ids(rows, compared)
    changed = [hall.pk for hall, changes in updates if _update(hall, changes)]
    created = _create([row for row in rows if compared.hall_of(row) is None], books[0].pk, town, now)
    record.done_at = now
    record.outcome = {"created": created, "changed": changed, "same": len(updates) - len(changed)}
    record.save(update_fields=["done_at", "outcome"])
    return record


def halls_of_import(record: HallImport) -> tuple[list[Facility], list[Facility]]:
    """Return the halls an import created and those it changed, as far as they are still there."""
    halls = Facility.objects.in_bulk([*record.outcome.get("created", ()), *record.outcome.get("changed", ())])
    created = [halls[pk] for pk in record.outcome.get("created", ()) if pk in halls]
    return created, [halls[pk] for pk in record.outcome.get("changed", ()) if pk in halls]


def _compared(rows: Sequence[Row], lg_code: str, town: str) -> Comparison:
    return compare(rows, list(Facility.objects.all()), lg_code=lg_code, town=town)


def _update(hall: Facility, changed: Mapping[str, str]) -> bool:
    if not changed:
        return False
    facts = _facts(changed)
    rest = {**hall.opendata_rest, **facts.pop("opendata_rest")}
    Facility.objects.filter(pk=hall.pk).update(**facts, opendata_rest=rest, changed_at=Now())
    return True


def _facts(values: Mapping[str, str]) -> dict[str, Any]:
    """A row's values as fields of Facility."""
    facts: dict[str, Any] = {name: values[column] for column, name in FIELDS.items() if column in values}
    facts |= {name: Decimal(values[column]) for column, name in PLACE.items() if column in values}
    facts["opendata_rest"] = {column: values[column] for column in REST if column in values}
    return facts


def _free_ids(rows: Sequence[Row], compared: Comparison) -> None:
    """An id that moves to another hall leaves the one that had it: the list is who gives them out."""
    owner = {hall.opendata_id: hall for hall in compared.halls.values() if hall.opendata_id}
    moved = []
    for row in rows:
        had = owner.get(row.values.get(columns.ID, ""))
        if had is not None and had is not compared.hall_of(row):
            moved.append(had.pk)
    if moved:
        Facility.objects.filter(pk__in=moved).update(opendata_id="")


def _create(rows: Sequence[Row], book_id: int, town: str, now: datetime) -> list[int]:
    known = {
        fold_hall(hall.name, town): (hall.key, number)
        for number, document in documents_in_effect(now)
        for hall in document.facilities
    }
    used = set(Facility.objects.values_list("key", flat=True))
    position = (Facility.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    halls = []
    for offset, row in enumerate(rows):
        key, book = known.get(fold_hall(row.name, town), ("", book_id))
        key = key if key and key not in used else _free_key(row, used)
        used.add(key)
        facts = _facts(row.values)
        halls.append(Facility(key=key, rule_book_id=book, position=position + offset, is_open=False, **facts))
    return [hall.pk for hall in Facility.objects.bulk_create(halls)]


def _free_key(row: Row, used: set[str]) -> str:
    """A key for addresses of pages: the English name, else the list's id, else a number."""
    english = slugify(row.values.get(columns.ENGLISH, ""))[:36].strip("-")
    number = re.sub(r"[^a-z0-9-]", "", row.values.get(columns.ID, "").casefold())[:30].strip("-")
    wanted = english or (f"hall-{number}" if number else "hall")
    if wanted not in used and wanted != "hall":
        return wanted
    return next(key for count in range(1, len(used) + 2) if (key := f"{wanted}-{count}") not in used)


def _write_notes(notes: Iterable[Note]) -> list[list[Any]]:
    return [[note.code, dict(note.params)] for note in notes]


def _read_notes(written: Iterable[Sequence[Any]]) -> tuple[Note, ...]:
    return tuple(Note(code, params) for code, params in written)


def _write_row(row: Row) -> list[Any]:
    return [row.number, row.verdict, dict(row.values), _write_notes(row.notes)]


def _read_back(record: HallImport) -> Reading:
    rows = tuple(
        Row(number, verdict, values, _read_notes(notes)) for number, verdict, values, notes in record.rows
    )
    return Reading(rows, _read_notes(record.facts))
