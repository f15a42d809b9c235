"""Reads about residents, staff and tokens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.lookups import Contains

from accounts.errors import ResidentNotFound, StaffNotFound
from accounts.models import ApiToken, Resident, Staff

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
# Spaces and ideographic variation selectors: 葛󠄀西 is found as 葛西, 山田 太郎 as 山田太郎.
_IGNORED = re.compile(r"[\s\x00\U000E0100-\U000E01EF]")


class _Folded(Func):
    """The same folding as ``folded``, by the database."""

    function = "regexp_replace"
    template = (
        "regexp_replace(translate(lower(normalize(%(expressions)s, NFKC)), "
        f"'{''.join(map(chr, _KATAKANA))}', '{''.join(map(chr, _KATAKANA.values()))}'), "
        r"'[\s\U000E0100-\U000E01EF]', '', 'g')"
    )
    output_field = CharField()


class _Digits(Func):
    template = r"regexp_replace(normalize(%(expressions)s, NFKC), '\D', '', 'g')"
    output_field = CharField()


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A member of staff in the admin's list."""

    id: int
    name: str
    email: str
    role: str
    is_active: bool
    facility_ids: tuple[int, ...]
    last_login: datetime | None


def folded(text: str) -> str:
    """Return text as searches compare it: NFKC, lower case, hiragana, no spaces, no variation marks."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text).lower().translate(_KATAKANA))


def residents_matching(text: str) -> QuerySet[Resident]:
    """Return residents whose name, kana, phone or mail address contains ``text``; nobody for an empty one.

    Kana and kanji are compared as ``folded``; phone numbers by their digits (at least three).
    """
    wanted = folded(text)
    if not wanted:
        return Resident.objects.none()
    match = Q(folded_name__contains=wanted) | Q(folded_kana__contains=wanted) | Q(email__icontains=wanted)
    digits = re.sub(r"[\s()ー\-]", "", unicodedata.normalize("NFKC", text))
    if digits.isdecimal() and len(digits) >= 3:
        match |= Q(digits__contains=digits)
    return Resident.objects.annotate(
        folded_name=_Folded(F("name")), folded_kana=_Folded(F("name_kana")), digits=_Digits(F("phone"))
    ).filter(match)


def folded_name_contains(text: str) -> Q:
    """Match rows whose ``name`` or ``name_kana`` contains a text, as ``folded``; an empty one matches nothing."""
    wanted = folded(text)
    if not wanted:
        return Q(pk__in=[])
    return Q(Contains(_Folded(F("name")), Value(wanted))) | Q(
        Contains(_Folded(F("name_kana")), Value(wanted))
    )


def find_residents(*, text: str, limit: int = 20) -> list[Resident]:
    """Return at most ``limit`` residents matching ``text``, in the order of their kana."""
    return list(residents_matching(text).order_by("name_kana", "name", "id")[:limit])


def resident_by_id(resident_id: int) -> Resident:
    """Return a resident of this municipality. Raises ResidentNotFound."""
    resident = Resident.objects.filter(pk=resident_id).first()
    if resident is None:
        raise ResidentNotFound
    return resident


def staff_entries() -> list[StaffEntry]:
    """Return all staff: active first, admins first, then by name."""
    return _entries(Staff.objects.order_by("-is_active", "role", "name", "id"))


def staff_entry(staff_id: int) -> StaffEntry:
    """Return one member of staff. Raises StaffNotFound."""
    entries = _entries(Staff.objects.filter(pk=staff_id))
    if not entries:
        raise StaffNotFound
    return entries[0]


def _entries(staff: QuerySet[Staff]) -> list[StaffEntry]:
    return [
        StaffEntry(
            one.pk, one.name, one.user.email, one.role, one.is_active, _halls(one), one.user.last_login
        )
        for one in staff.select_related("user").prefetch_related("facilities")
    ]


def _halls(staff: Staff) -> tuple[int, ...]:
    links: Sequence[int] = [link.facility_id for link in staff.facilities.all()]
    return tuple(sorted(links))


def api_tokens() -> list[ApiToken]:
    """Return all API tokens with the log-in they act for: usable ones first, newest first."""
    return list(
        ApiToken.objects.select_related("user", "user__staff").order_by(
            F("revoked_at").desc(nulls_first=True), "-created_at"
        )
    )


def applicant_class_of(*, resident_id: int) -> str:
    """Return a resident's own applicant class (a key of the rules); empty when there is none, or no such resident."""
    found = Resident.objects.filter(pk=resident_id).values_list("applicant_class", flat=True)
    return found.first() or ""
