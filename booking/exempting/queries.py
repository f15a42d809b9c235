"""What pages show of exemptions: a reservation's, the queue of what waits, the standing ones of a group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from booking.exempting.closing import OPEN
from booking.exempting.errors import ExemptionNotFound
from booking.exempting.evidence import evidence_of
from booking.exempting.grounds import STANDING, Ground, agreed_room, ground_of, grounds_in
from booking.exempting.papers import decision_paper
from booking.exempting.standing import halls_of
from booking.models import Exemption, ExemptionEvidence, Reservation, StandingExemption
from booking.queries import ReservationView, reservations_for_staff
from facilities.errors import NoRulesYet
from facilities.models import Facility
from facilities.periods import local

MOST_WAITING = 300
_PEOPLE = ("entered_by", "relayer", "decider")


@dataclass(frozen=True, slots=True)
class ExemptionView:
    """An exemption as pages show it. ``ground`` is None where the rules know it no more; ``paper`` is the token of the
    decision's paper, empty where there is none, or no charge yet that it belongs to.
    """

    id: int
    ref: UUID
    number: str
    ground: Ground | None
    name: str
    name_en: str
    basis: str
    state: str
    remark: str
    applied_at: datetime
    entered_by: str
    relayer: str
    relayed_at: datetime | None
    opinion: str
    decider: str
    decided_at: datetime | None
    percent: int | None
    yen: int | None
    before_yen: int | None
    after_yen: int | None
    reason: str
    instruction: tuple[str, ...]
    revocation: str
    evidence: Sequence[ExemptionEvidence]
    paper: str

    @property
    def is_open(self) -> bool:
        """Whether it still has to be decided."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class WaitingExemption:
    """An application that waits, with the reservation it is for, and how long it has waited."""

    view: ReservationView
    exemption: ExemptionView
    days_waiting: int
    days_to_use: int


@dataclass(frozen=True, slots=True)
class StandingView:
    """A standing exemption of a group as pages show it; ``halls`` are where it holds."""

    id: int
    ref: UUID
    number: str
    group_id: int
    group_ref: UUID
    group_name: str
    facility_id: int | None
    halls: tuple[Facility, ...]
    name: str
    name_en: str
    state: str
    remark: str
    applied_at: datetime
    relayer: str
    relayed_at: datetime | None
    opinion: str
    decider: str
    decided_at: datetime | None
    percent: int | None
    yen: int | None
    valid_from: date | None
    valid_until: date | None
    reason: str
    instruction: tuple[str, ...]
    revocation: str
    evidence: Sequence[ExemptionEvidence]

    @property
    def is_open(self) -> bool:
        """Whether it still has to be decided."""
        return self.state in OPEN


def exemptions_of(*, reservation_id: int) -> list[ExemptionView]:
    """Return what was applied for and granted for a reservation, the latest first."""
    return _views(Exemption.objects.filter(reservation_id=reservation_id))


def exemption_of(*, ref: UUID) -> tuple[ReservationView, ExemptionView]:
    """Return an exemption with its reservation; the caller has checked who may see that. Raises ExemptionNotFound."""
    row = Exemption.objects.filter(ref=ref).first()
    if row is None:
        raise ExemptionNotFound
    (view,) = reservations_for_staff(ids=[row.reservation_id])
    (found,) = _views(Exemption.objects.filter(pk=row.pk))
    return view, found


def may_apply_for(view: ReservationView, now: datetime) -> tuple[Ground, ...]:
    """Return the grounds a reservation's applicant may apply for now: none once its use began, where nothing is to be
    paid, while an application waits, or where the rules of the hall have no grounds.
    """
    if view.status not in STANDING or view.starts_at <= now or not view.price_yen:
        return ()
    rows = Exemption.objects.filter(reservation_id=view.id)
    if rows.filter(state__in=OPEN).exists():
        return ()
    granted = set(rows.filter(state=Exemption.State.GRANTED).values_list("ground", flat=True))
    return tuple(one for one in grounds_for(view) if one.key not in granted)


def grounds_for(view: ReservationView) -> tuple[Ground, ...]:
    """Return the grounds the rules have for a reservation, by which it was made."""
    try:
        return grounds_in(view.agreed_room, local(view.starts_at, view.room.zone)[0])
    except NoRulesYet:
        return ()


def waiting_exemptions(*, facility_ids: Collection[int] | None, now: datetime) -> list[WaitingExemption]:
    """Return what waits for a decision at some halls (None: at all), what waits longest first."""
    rows = list(_at(facility_ids).select_related(*_PEOPLE).order_by("applied_at", "pk")[:MOST_WAITING])
    views = {one.id: one for one in reservations_for_staff(ids=[row.reservation_id for row in rows])}
    return [_waiting(views[row.reservation_id], _view(row, in_list=True), now) for row in rows]


def count_waiting_exemptions(*, facility_ids: Collection[int] | None) -> int:
    """Return how many applications wait at some halls (None: at all), those of groups for a while among them."""
    standing = StandingExemption.objects.filter(state__in=OPEN)
    if facility_ids is not None:
        standing = standing.filter(_standing_at(facility_ids))
    return _at(facility_ids).count() + standing.count()


def decided_exemptions(*, facility_ids: Collection[int] | None, limit: int = 30) -> list[WaitingExemption]:
    """Return the last decisions of staff at some halls (None: at all), the latest first."""
    rows = Exemption.objects.filter(decider__isnull=False)
    if facility_ids is not None:
        rows = rows.filter(reservation__room__facility_id__in=facility_ids)
    found = list(rows.select_related(*_PEOPLE).order_by("-decided_at", "-pk")[:limit])
    views = {one.id: one for one in reservations_for_staff(ids=[row.reservation_id for row in found])}
    return [_waiting(views[row.reservation_id], _view(row, in_list=True), row.applied_at) for row in found]


def standing_of_group(*, group_id: int) -> list[StandingView]:
    """Return the standing exemptions of a group, the latest first."""
    return _standing_views(StandingExemption.objects.filter(group_id=group_id))


def standing_exemptions(
    *, facility_ids: Collection[int] | None, states: Collection[str], limit: int = 200
) -> list[StandingView]:
    """Return the standing exemptions at some halls (None: at all) in some states, the oldest first."""
    rows = StandingExemption.objects.filter(state__in=states)
    if facility_ids is not None:
        rows = rows.filter(_standing_at(facility_ids))
    return _standing_views(rows.order_by("applied_at", "pk")[:limit])


def standing_of(*, ref: UUID) -> StandingView:
    """Return a standing exemption; the caller has checked who may see it. Raises ExemptionNotFound."""
    views = _standing_views(StandingExemption.objects.filter(ref=ref))
    if not views:
        raise ExemptionNotFound
    return views[0]


def _at(facility_ids: Collection[int] | None) -> QuerySet[Exemption]:
    rows = Exemption.objects.filter(state__in=OPEN, reservation__status__in=STANDING)
    return rows if facility_ids is None else rows.filter(reservation__room__facility_id__in=facility_ids)


def _standing_at(facility_ids: Collection[int]) -> Q:
    books = Facility.objects.filter(pk__in=facility_ids).values("rule_book_id")
    return Q(facility_id__in=facility_ids) | Q(facility=None, rule_book_id__in=books)


def _waiting(view: ReservationView, exemption: ExemptionView, now: datetime) -> WaitingExemption:
    zone = view.room.zone
    today = local(now, zone)[0]
    return WaitingExemption(
        view=view,
        exemption=exemption,
        days_waiting=(today - local(exemption.applied_at, zone)[0]).days,
        days_to_use=(local(view.starts_at, zone)[0] - today).days,
    )


def _views(rows: QuerySet[Exemption]) -> list[ExemptionView]:
    related = rows.select_related("reservation", *_PEOPLE)
    return [_view(row) for row in related.order_by("-pk")]


def _view(row: Exemption, *, in_list: bool = False) -> ExemptionView:
    """``in_list``: without its ground, files and paper, which a list does not show."""
    paper = None if in_list or row.decider is None else decision_paper(row.pk, row.state)
    return ExemptionView(
        id=row.pk,
        ref=row.ref,
        number=row.number,
        ground=None if in_list else _ground_of(row.reservation, row.ground),
        name=row.name,
        name_en=row.name_en,
        basis=row.basis,
        state=row.state,
        remark=row.remark,
        applied_at=row.applied_at,
        entered_by=row.entered_by.name if row.entered_by else "",
        relayer=row.relayer.name if row.relayer else "",
        relayed_at=row.relayed_at,
        opinion=row.opinion,
        decider=row.decider.name if row.decider else "",
        decided_at=row.decided_at,
        percent=row.percent,
        yen=row.yen,
        before_yen=row.before_yen,
        after_yen=row.after_yen,
        reason=row.reason,
        instruction=tuple(row.instruction.splitlines()),
        revocation=row.revocation,
        evidence=() if in_list else evidence_of(exemption_id=row.pk),
        paper=paper.token if paper and paper.parts.exists() else "",
    )


def _ground_of(reservation: Reservation, key: str) -> Ground | None:
    room = agreed_room(reservation)
    try:
        rules = room.rules_on(local(reservation.starts_at, room.zone)[0])
    except NoRulesYet:
        return None
    return ground_of(rules, room.facility_key, key)


def _standing_views(rows: Iterable[StandingExemption]) -> list[StandingView]:
    if isinstance(rows, QuerySet):
        rows = rows.select_related("group", "facility", "relayer", "decider")
    return [
        StandingView(
            id=row.pk,
            ref=row.ref,
            number=row.number,
            group_id=row.group_id,
            group_ref=row.group.ref,
            group_name=row.group.name,
            facility_id=row.facility_id,
            halls=tuple(halls_of(row)),
            name=row.name,
            name_en=row.name_en,
            state=row.state,
            remark=row.remark,
            applied_at=row.applied_at,
            relayer=row.relayer.name if row.relayer else "",
            relayed_at=row.relayed_at,
            opinion=row.opinion,
            decider=row.decider.name if row.decider else "",
            decided_at=row.decided_at,
            percent=row.percent,
            yen=row.yen,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            reason=row.reason,
            instruction=tuple(row.instruction.splitlines()),
            revocation=row.revocation,
            evidence=evidence_of(standing_id=row.pk),
        )
        for row in rows
    ]
