"""Look a rules document over before it is published: its mistakes, its worked cases, its facts. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from facilities.errors import CaseWithoutAnswer
from facilities.models import Facility, Room, RuleBook
from facilities.ordinance import CaseResult, InvalidDocument, Ordinance, Problem, parse, run_cases
from facilities.ordinance.editing.changing import set_values
from facilities.ordinance.errors import NoSuchPlace
from facilities.ordinance.reading.problems import Path
from facilities.ordinance.telling import Chapter, tell
from facilities.ordinance.telling.naming import Names, names_of
from facilities.periods import local
from facilities.queries import rule_books, rule_versions
from facilities.rules import rules_of
from tenants.context import current_zone


@dataclass(frozen=True, slots=True)
class Review:
    """A document as it would be if published. ``missing`` are rooms in use that it no longer knows,
    ``elsewhere`` halls of it whose keys another rule book has."""

    problems: tuple[Problem, ...] = ()
    document: Ordinance | None = None
    cases: tuple[CaseResult, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    missing: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The worked cases that come out differently."""
        return tuple(case for case in self.cases if not case.passed)

    @property
    def names(self) -> Names | None:
        """What the document's keys are called."""
        return names_of(self.document) if self.document else None

    @property
    def publishable(self) -> bool:
        """Whether nothing stands against publishing."""
        return self.document is not None and not (self.failed or self.missing or self.elsewhere)


def review_rules(*, rule_book_id: int | None, text: str) -> Review:
    """Read a document and run its worked cases. Never raises: mistakes are in ``problems``.

    With ``rule_book_id`` the open rooms of that book are compared too.
    """
    try:
        document = parse(text)
    except InvalidDocument as error:
        return Review(problems=error.problems)
    missing = missing_rooms(rule_book_id, document) if rule_book_id else []
    elsewhere = halls_elsewhere(rule_book_id, document) if rule_book_id else []
    told = _chapters(document)
    return Review((), document, run_cases(document), told, tuple(missing), tuple(elsewhere))


def accept_answer(*, text: str, place: int) -> tuple[str, str]:
    """Let a worked case (by its place in the document) expect what the document answers now, nothing else.

    Returns the new text and the case's id. Raises InvalidDocument, NoSuchPlace (no such case), CaseWithoutAnswer
    (a mistake stops it, or it expects what no answer says), NotEditable.
    """
    results = run_cases(parse(text))
    if place >= len(results):
        raise NoSuchPlace
    case = results[place]
    if not case.answered:
        raise CaseWithoutAnswer
    right: dict[Path, Any] = {("cases", place, "expect", key): case.got[key] for key in case.expected}
    return set_values(text, right), case.id


def missing_rooms(rule_book_id: int, document: Ordinance) -> list[str]:
    """Return the names of open rooms that the document does not know: nobody could book them any more."""
    known = {(hall.key, room.key) for hall in document.facilities for room in hall.rooms}
    rooms = Room.objects.filter(facility__rule_book_id=rule_book_id, is_open=True, facility__is_open=True)
    return [
        f"{room.facility.name} {room.name}"
        for room in rooms.select_related("facility")
        if (room.facility.key, room.key) not in known
    ]


def halls_elsewhere(rule_book_id: int, document: Ordinance) -> list[str]:
    """Return 施設（記号、規則の名前） of the document's halls whose keys another rule book has, as a hall or in its
    newest version: one key means one hall in addresses and in records."""
    others = dict(RuleBook.objects.exclude(pk=rule_book_id).values_list("pk", "name"))
    taken = dict(Facility.objects.filter(rule_book_id__in=others).values_list("key", "rule_book__name"))
    for book_id, name in others.items():
        for version in rule_versions(book_id)[:1]:
            taken |= {hall.key: name for hall in rules_of(version.pk).document.facilities}
    return [
        f"{hall.name}（{hall.key}、{taken[hall.key]}）" for hall in document.facilities if hall.key in taken
    ]


def unused_halls(document: Ordinance) -> list[tuple[str, str]]:
    """Return (key, name) of halls the document knows and nobody has added yet."""
    used = set(Facility.objects.values_list("key", flat=True))
    return [(hall.key, hall.name) for hall in document.facilities if hall.key not in used]


def unused_rooms(facility: Facility, document: Ordinance) -> list[tuple[str, str]]:
    """Return (key, name) of a hall's rooms the document knows and nobody has added yet."""
    used = set(Room.objects.filter(facility=facility).values_list("key", flat=True))
    rooms = [room for hall in document.facilities if hall.key == facility.key for room in hall.rooms]
    return [(room.key, room.name) for room in rooms if room.key not in used]


def current_number(versions: Sequence[tuple[int, date]], day: date) -> int | None:
    """Return the number of the version in effect on ``day`` among (number, effective from), or None."""
    begun = [(effective_from, number) for number, effective_from in versions if effective_from <= day]
    return max(begun)[1] if begun else None


def documents_in_effect(now: datetime) -> list[tuple[int, Ordinance]]:
    """Return (rule book id, the document in effect today) of every rule book that has one."""
    today = local(now, current_zone())[0]
    found = []
    for book in rule_books():
        versions = {one.number: one for one in rule_versions(book.pk)}
        number = current_number([(one.number, one.effective_from) for one in versions.values()], today)
        if number is not None:
            found.append((book.pk, rules_of(versions[number].pk).document))
    return found


def standing_documents(now: datetime) -> list[tuple[int, Ordinance]]:
    """Return (rule book id, document) of every document in effect today or to come, by book, newest first."""
    today, found = local(now, current_zone())[0], []
    for book in rule_books():
        versions = rule_versions(book.pk)
        current = current_number([(one.number, one.effective_from) for one in versions], today)
        standing = [one for one in versions if one.number == current or one.effective_from > today]
        found += [(book.pk, rules_of(one.pk).document) for one in standing]
    return found


def halls_without_rules(now: datetime) -> set[int]:
    """Return the ids of halls that the rules in effect today do not name: nothing in them can be booked."""
    known = {
        (book_id, hall.key) for book_id, document in documents_in_effect(now) for hall in document.facilities
    }
    halls = Facility.objects.values_list("pk", "rule_book_id", "key")
    return {pk for pk, book_id, key in halls if (book_id, key) not in known}


def _chapters(document: Ordinance) -> tuple[Chapter, ...]:
    """The document told; its worked cases stand apart, with what came out."""
    return tuple(one for one in tell(document) if one.key != "cases")
