"""Reads of offences, of what follows from them, and of appeals: for the people concerned, and for staff."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Group, Membership, Resident
from booking.models import Appeal, Measure, Offence, Reservation
from booking.parties import ACTING_ROLES
from booking.penalties.errors import AppealNotFound, MeasureNotFound, OffenceNotFound
from booking.penalties.following import event_of
from facilities.models import Facility
from facilities.ordinance import Reason
from facilities.penalty_rules import PenaltyRules, penalty_rules
from facilities.periods import local
from tenants.context import current_zone

_Row = TypeVar("_Row", Offence, Measure)


@dataclass(frozen=True, slots=True)
class OffenceView:
    """An offence as it is shown: what it counts for, why it counts not at all, and what was said against it."""

    offence: Offence
    points: int | float
    reason: Reason | None
    appeal: Appeal | None
    may_appeal: bool = False

    @property
    def counts(self) -> bool:
        """Whether it counts at all: it was neither withdrawn nor exempt."""
        return self.offence.withdrawn_at is None and not self.offence.exempt

    @property
    def name(self) -> str:
        """What was done, as the rules call it."""
        return self.offence.name

    @property
    def name_en(self) -> str:
        """The same in English."""
        return self.offence.name_en


@dataclass(frozen=True, slots=True)
class MeasureView:
    """What follows from offences, as it is shown ``on`` a day; ``reasons``: what counted, and the step."""

    measure: Measure
    reasons: tuple[Reason, ...]
    on: date

    @property
    def holds(self) -> bool:
        """Whether a suspension holds today or later."""
        ends = self.measure.ends_on
        return self.measure.state == Measure.State.IN_FORCE and (ends is None or ends > self.on)

    @property
    def name(self) -> str:
        """The step, as the rules call it."""
        return self.measure.name

    @property
    def name_en(self) -> str:
        """The same in English."""
        return self.measure.name_en


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in halls whose offences count together: points today, what was done, what follows.

    ``group`` is None for what is a resident's own.
    """

    group: Group | None
    resident: Resident
    facility: Facility
    points: int | float
    offences: list[OffenceView]
    measures: list[MeasureView] = field(default_factory=list)

    @property
    def is_suspended(self) -> bool:
        """Whether something is forbidden today or later."""
        return any(one.holds and one.measure.kind == Measure.Kind.SUSPENSION for one in self.measures)


def has_record(*, resident_id: int) -> bool:
    """Whether a resident, or a group they belong to, ever had an offence or a measure. One query."""
    return _offences_seen_by(resident_id).exists()


def standings_of(*, resident_id: int, now: datetime) -> list[Standing]:
    """Return where a resident and the groups they belong to stand, their own first."""
    acting = set(
        Membership.objects.filter(resident_id=resident_id, ended_at=None, role__in=ACTING_ROLES).values_list(
            "group_id", flat=True
        )
    )
    rows = _full(_offences_seen_by(resident_id))
    found = _standings(rows, now, lambda one: one.group_id is None or one.group_id in acting)
    return sorted(found, key=lambda one: (one.group is not None, one.group.name if one.group else ""))


def own_offence(*, ref: UUID, resident_id: int) -> OffenceView:
    """Return an offence a resident may see. Raises OffenceNotFound."""
    rows = _full(_offences_seen_by(resident_id).filter(ref=ref))
    return _one_offence(rows)


def staff_standing(*, ref: UUID, now: datetime) -> tuple[OffenceView, Standing]:
    """Return an offence, and where the one who did it stands. Raises OffenceNotFound."""
    offence = _full(Offence.objects.filter(ref=ref)).first()
    if offence is None:
        raise OffenceNotFound
    whose = (
        Q(group_id=offence.group_id) if offence.group_id else Q(group=None, resident_id=offence.resident_id)
    )
    for standing in _standings(_full(Offence.objects.filter(whose)), now, lambda one: False):
        for view in standing.offences:
            if view.offence.pk == offence.pk:
                return view, standing
    raise OffenceNotFound


def offences_at(facility_ids: Collection[int] | None, *, limit: int = 100) -> list[OffenceView]:
    """Return the latest offences in these halls (None: in all), newest first."""
    rows = _full(_at(Offence.objects.all(), facility_ids)).order_by("-recorded_at", "-pk")[:limit]
    known: dict[int, PenaltyRules] = {}
    return [_offence_view(row, _rules_of(row.facility, known)) for row in rows]


def open_appeals(facility_ids: Collection[int] | None) -> list[Appeal]:
    """Return the appeals that wait for an answer in these halls (None: in all): what waits longest first."""
    rows = Appeal.objects.filter(state=Appeal.State.FILED).select_related(
        "filed_by", "offence__facility", "offence__resident", "offence__group"
    )
    if facility_ids is not None:
        rows = rows.filter(offence__facility_id__in=facility_ids)
    return list(rows.order_by("filed_at", "pk"))


def measures_at(facility_ids: Collection[int] | None, *, now: datetime) -> list[MeasureView]:
    """Return what waits for a decision in these halls (None: in all), then what is in force today or later."""
    today, _ = local(now, current_zone())
    rows = _measures(
        _at(Measure.objects.all(), facility_ids).filter(
            Q(state=Measure.State.PROPOSED)
            | Q(state=Measure.State.IN_FORCE) & (Q(ends_on__gt=today) | Q(kind=Measure.Kind.DEREGISTRATION))
        )
    )
    found = [_measure_view(row, today) for row in rows.order_by("made_at", "pk")]
    return sorted(found, key=lambda one: one.measure.state != Measure.State.PROPOSED)


def waiting_for_staff(facility_ids: Collection[int] | None) -> int:
    """Return how many appeals and proposals wait for staff in these halls (None: in all)."""
    proposed = _at(Measure.objects.filter(state=Measure.State.PROPOSED), facility_ids)
    return proposed.count() + len(open_appeals(facility_ids))


def appeal_of(*, ref: UUID) -> Appeal:
    """Return an appeal. Raises AppealNotFound."""
    rows = Appeal.objects.select_related(
        "filed_by", "decided_by", "offence__facility", "offence__reservation"
    )
    appeal = rows.filter(ref=ref).first()
    if appeal is None:
        raise AppealNotFound
    return appeal


def measure_of(*, ref: UUID, now: datetime) -> MeasureView:
    """Return a measure. Raises MeasureNotFound."""
    row = _measures(Measure.objects.filter(ref=ref)).first()
    if row is None:
        raise MeasureNotFound
    return _measure_view(row, local(now, current_zone())[0])


def offence_of_reservation(reservation_ref: UUID) -> list[OffenceView]:
    """Return what was recorded of one use, the latest first; withdrawn ones too."""
    rows = _full(Offence.objects.filter(reservation__ref=reservation_ref)).order_by("-pk")
    known: dict[int, PenaltyRules] = {}
    return [_offence_view(row, _rules_of(row.facility, known)) for row in rows]


def counts_absence(reservation_ref: UUID) -> bool:
    """Whether the rules count it when nobody comes to this use."""
    use = Reservation.objects.select_related("room__facility").filter(ref=reservation_ref).first()
    if use is None:
        return False
    day, _ = local(use.starts_at, current_zone())
    return any(one.recorded == "no_show" for one in penalty_rules(use.room.facility).offences_on(day))


def told_offence(ref: UUID) -> OffenceView:
    """Return an offence somebody is told of. Raises OffenceNotFound."""
    return _one_offence(_full(Offence.objects.filter(ref=ref)))


def _offences_seen_by(resident_id: int) -> QuerySet[Offence]:
    groups = Membership.objects.filter(resident_id=resident_id, ended_at=None).values("group_id")
    return Offence.objects.filter(
        Q(group=None, resident_id=resident_id) | Q(group__in=groups) | Q(measures__resident_id=resident_id)
    ).distinct()


def _full(rows: QuerySet[Offence]) -> QuerySet[Offence]:
    return rows.select_related(
        "facility", "resident", "group", "reservation__room", "recorded_by", "withdrawn_by", "appeal"
    )


def _at(rows: QuerySet[_Row], facility_ids: Collection[int] | None) -> QuerySet[_Row]:
    return rows if facility_ids is None else rows.filter(facility_id__in=facility_ids)


def _measures(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    return rows.select_related(
        "facility",
        "resident",
        "group",
        "decided_by",
        "offence__resident",
        "offence__group",
        "offence__facility",
    )


def _measure_view(row: Measure, today: date) -> MeasureView:
    return MeasureView(row, tuple(Reason.from_dict(one) for one in row.reasons), today)


def _rules_of(facility: Facility, known: dict[int, PenaltyRules]) -> PenaltyRules:
    if facility.pk not in known:
        known[facility.pk] = penalty_rules(facility)
    return known[facility.pk]


def _offence_view(row: Offence, rules: PenaltyRules, may_appeal: bool = False) -> OffenceView:
    answer = rules.stand(row.day, [event_of(row)])
    reason = next((one for one in answer.reasons if one.code == "offence"), None) if answer else None
    appeal = row.appeal if hasattr(row, "appeal") else None
    view = OffenceView(row, answer.points if answer else 0, reason, appeal)
    may_appeal = may_appeal and view.counts and appeal is None
    return OffenceView(row, view.points, reason, appeal, may_appeal)


def _one_offence(rows: QuerySet[Offence]) -> OffenceView:
    row = rows.first()
    if row is None:
        raise OffenceNotFound
    return _offence_view(row, penalty_rules(row.facility))


def _standings(
    rows: QuerySet[Offence], now: datetime, may_appeal: Callable[[Offence], bool]
) -> list[Standing]:
    """Offences by whose they are and by the halls where they count together, the latest first in each."""
    today, known = local(now, current_zone())[0], dict[int, PenaltyRules]()
    piles: list[list[Offence]] = []
    for row in rows.order_by("day", "pk"):
        rules = _rules_of(row.facility, known)
        pile = next((one for one in piles if _counts_with(row, one[0], rules)), None)
        if pile is None:
            piles.append([row])
        else:
            pile.append(row)
    measures = _measures(Measure.objects.filter(offence__in=[row.pk for pile in piles for row in pile]))
    by_offence: dict[int, list[MeasureView]] = {}
    for measure in measures.order_by("-made_at", "-pk"):
        by_offence.setdefault(measure.offence_id, []).append(_measure_view(measure, today))
    return [_standing(pile, today, known, by_offence, may_appeal) for pile in piles]


def _counts_with(row: Offence, other: Offence, rules: PenaltyRules) -> bool:
    whose = (row.group_id, None if row.group_id else row.resident_id)
    if whose != (other.group_id, None if other.group_id else other.resident_id):
        return False
    same_book = row.facility.rule_book_id == other.facility.rule_book_id
    return same_book and rules.together_with(other.facility.key, row.day)


def _standing(
    pile: list[Offence],
    today: date,
    known: dict[int, PenaltyRules],
    by_offence: dict[int, list[MeasureView]],
    may_appeal: Callable[[Offence], bool],
) -> Standing:
    first = pile[0]
    rules = _rules_of(first.facility, known)
    counted = [event_of(row) for row in pile if row.withdrawn_at is None and not row.exempt]
    answer = rules.stand(today, counted)
    return Standing(
        first.group,
        first.resident,
        first.facility,
        answer.points if answer else 0,
        [_offence_view(row, _rules_of(row.facility, known), may_appeal(row)) for row in reversed(pile)],
        [one for row in reversed(pile) for one in by_offence.get(row.pk, ())],
    )
