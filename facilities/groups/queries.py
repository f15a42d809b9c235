"""Reads about registrations: a group's own, the queue of those waiting, groups found by name, groups alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Q, QuerySet

from accounts.groups.rosters import overlaps_of
from accounts.models import Group
from accounts.queries import folded_name_contains
from facilities.groups.kinds import OF_NO_KIND, Kind, kinds_on
from facilities.groups.records import State
from facilities.models import Facility, GroupRegistration
from facilities.periods import local
from facilities.rules import rules_of
from tenants.context import current_zone


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A registration on a day, with its kind by that day's rules (None: they no longer know it)."""

    registration: GroupRegistration
    kind: Kind | None
    day: date

    @property
    def name(self) -> str:
        """What it is called."""
        return self.kind.name if self.kind else self.registration.rule_book.name

    @property
    def name_en(self) -> str:
        """The same in English."""
        return self.kind.name_en if self.kind else self.registration.rule_book.name

    @property
    def state(self) -> str:
        """The state as people see it: what is past its last day has ended, ``coming`` has not begun."""
        one = self.registration
        if one.state == State.REGISTERED and one.valid_until and one.valid_until < self.day:
            return State.ENDED
        if one.state == State.REGISTERED and one.valid_from and one.valid_from > self.day:
            return "coming"
        return str(one.state)

    @property
    def renews(self) -> tuple[datetime, datetime] | None:
        """From when until when it is renewed; None where that is no question."""
        until = self.registration.valid_until
        return self.kind.renewal(until) if self.kind and until and self.state == State.REGISTERED else None


@dataclass(frozen=True, slots=True)
class Alike:
    """A group with some of the same people: how many, and which share of the shorter roster.

    ``same``: so many that the rules count both as one.
    """

    group: Group
    shared: int
    share: Fraction
    same: bool

    @property
    def percent(self) -> int:
        """The share in percent, rounded down."""
        return int(self.share * 100)


def registrations_of(group_id: int, now: datetime) -> list[RegistrationView]:
    """Return a group's registrations, newest first."""
    return registrations_by_group([group_id], now)[group_id]


def registrations_by_group(group_ids: Collection[int], now: datetime) -> dict[int, list[RegistrationView]]:
    """Return the registrations of groups by the group's id, newest first. Three queries, however many groups."""
    rows = GroupRegistration.objects.select_related("group", "rule_book", "decided_by")
    found: dict[int, list[RegistrationView]] = {group_id: [] for group_id in group_ids}
    for view in _views(rows.filter(group_id__in=group_ids), now):
        found[view.registration.group_id].append(view)
    return found


def registration_view(registration: GroupRegistration, now: datetime) -> RegistrationView:
    """Return one registration with its kind."""
    return _views([registration], now)[0]


def registered_among(group_ids: Collection[int], day: date) -> set[int]:
    """Return which of these groups are registered somewhere on a day, or will be later. One query."""
    rows = GroupRegistration.objects.filter(group_id__in=group_ids, state=State.REGISTERED)
    return set(rows.exclude(valid_until__lt=day).values_list("group_id", flat=True) if group_ids else ())


def waiting_registrations(*, facility_ids: Collection[int] | None, now: datetime) -> list[RegistrationView]:
    """Return what waits for a decision, the longest first. ``facility_ids``: of these halls' rules (None: all)."""
    rows = GroupRegistration.objects.select_related("group", "rule_book").filter(state=State.APPLIED)
    return _views(_at(rows, facility_ids).order_by("applied_at", "pk"), now)


def count_waiting_registrations(*, facility_ids: Collection[int] | None) -> int:
    """Return how many groups wait for a decision. ``facility_ids``: under these halls' rules (None: all)."""
    return _at(GroupRegistration.objects.filter(state=State.APPLIED), facility_ids).count()


def find_groups(*, text: str, facility_ids: Collection[int] | None, limit: int = 50) -> list[Group]:
    """Return groups by a part of their name or reading, or their number (G-00012), by reading.

    ``facility_ids``: registered, or applying, under these halls' rules (None: all). An empty text finds everybody.
    """
    groups = Group.objects.filter(ended_at=None)
    if facility_ids is not None:
        groups = groups.filter(pk__in=_at(GroupRegistration.objects.all(), facility_ids).values("group_id"))
    wanted = text.strip().upper().removeprefix("G-")
    match = folded_name_contains(text)
    if wanted.isascii() and wanted.isdigit():
        match |= Q(pk=int(wanted[:18]))
    if text.strip():
        groups = groups.filter(match)
    return list(groups.order_by("name_kana", "name", "pk")[:limit])


def groups_alike(group_id: int) -> list[Alike]:
    """Return the groups that share people with this one, the most alike first. For staff only."""
    found = overlaps_of(group_id)
    threshold = same_group_share(group_id) if found else OF_NO_KIND.same_group_share
    groups = Group.objects.in_bulk([one.group_id for one in found])
    return [Alike(groups[one.group_id], one.shared, one.share, one.share >= threshold) for one in found]


def same_group_share(group_id: int) -> Fraction:
    """Return from which overlap on a group counts as the same as another.

    The lowest share in the rules by which its registrations were applied for or decided; without any, the usual one.
    """
    shares = []
    rows = GroupRegistration.objects.filter(group_id=group_id, rule_version__isnull=False)
    for version_id, kind in rows.exclude(state__in=[State.REFUSED, State.ENDED]).values_list(
        "rule_version_id", "kind"
    ):
        registration = rules_of(version_id).document.registrations.get(kind)
        shares += [registration.same_group_share] if registration else []
    return min(shares, default=OF_NO_KIND.same_group_share)


def concerns(registration: GroupRegistration, facility_ids: Collection[int] | None) -> bool:
    """Whether a registration is under the rules of one of these halls (None: all)."""
    if facility_ids is None:
        return True
    return Facility.objects.filter(pk__in=facility_ids, rule_book_id=registration.rule_book_id).exists()


def group_concerns(group_id: int, facility_ids: Collection[int] | None) -> bool:
    """Whether a group has anything to do with one of these halls' rules (None: all)."""
    rows = GroupRegistration.objects.filter(group_id=group_id)
    return facility_ids is None or _at(rows, facility_ids).exists()


def _at(
    rows: QuerySet[GroupRegistration], facility_ids: Collection[int] | None
) -> QuerySet[GroupRegistration]:
    if facility_ids is None:
        return rows
    books = Facility.objects.filter(pk__in=facility_ids).values("rule_book_id")
    return rows.filter(rule_book_id__in=books)


def _views(rows: Iterable[GroupRegistration], now: datetime) -> list[RegistrationView]:
    """Registrations with their kinds, which are asked for once."""
    today = local(now, current_zone())[0]
    registrations = list(rows)
    kinds = {(one.book.pk, one.key): one for one in kinds_on(today)} if registrations else {}
    return [RegistrationView(one, kinds.get((one.rule_book_id, one.kind)), today) for one in registrations]
