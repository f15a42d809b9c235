"""Cash in drawers: opened, taken, given back, handed over, put away, counted, closed. Each step is a movement.

Nobody has two drawers open; what is in one is the sum of its movements, read with its row locked. Locks: after charges
and refunds, drawers in ascending order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Staff
from accounts.roles import StaffMember
from payments.errors import (
    BadCount,
    CashNotThere,
    DifferenceUnexplained,
    DrawerNotFound,
    DrawerOpenAlready,
    HandOverGone,
    HandOverOpen,
    InvalidAmount,
    NoDrawerOpen,
    NotAColleague,
)
from payments.models import CashCount, CashMovement, Drawer, HallTerms, HandOver, LedgerEntry

Kind = CashMovement.Kind

DENOMINATIONS = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1)
# Far more than a hall ever holds, and what an int4 column takes.
MOST_YEN = 100_000_000
MOST_PIECES = 9_999

_OF_ENTRY = {
    LedgerEntry.Kind.COLLECTED: Kind.TAKEN,
    LedgerEntry.Kind.REFUNDED: Kind.GIVEN_BACK,
    LedgerEntry.Kind.REVERSED: Kind.TAKEN_BACK,
}
_INTO = {Kind.TAKEN, Kind.STOCKED, Kind.OVER}

_OPEN = """
INSERT INTO payments_drawer (facility_id, keeper_id, opened_at) VALUES (%s, %s, %s)
ON CONFLICT (keeper_id) WHERE closed_at IS NULL DO NOTHING RETURNING id
"""
_SAFE = """
INSERT INTO payments_drawer (facility_id, keeper_id, opened_at) VALUES (%s, NULL, %s)
ON CONFLICT (facility_id) WHERE keeper_id IS NULL DO NOTHING
"""
_BALANCE = """
SELECT coalesce(sum(m.yen) FILTER (WHERE m.target_id = d.id), 0)
     - coalesce(sum(m.yen) FILTER (WHERE m.source_id = d.id), 0)
FROM (SELECT %s::bigint AS id) d LEFT JOIN payments_cashmovement m ON d.id IN (m.source_id, m.target_id)
"""


def balance(drawer_id: int) -> int:
    """Return what is in a drawer, in yen, as its movements say."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, [drawer_id])
        return int(cursor.fetchone()[0])


def safe_of(facility_id: int, *, now: datetime) -> Drawer:
    """Return the hall's safe; a hall that never had one gets it now."""
    with connection.cursor() as cursor:
        cursor.execute(_SAFE, [facility_id, now])
    return Drawer.objects.get(facility_id=facility_id, keeper=None)


@transaction.atomic
def use_drawers(*, facility_id: int, used: bool, default_item_id: int, now: datetime) -> None:
    """Let the cash of a hall be taken into drawers from now on, or not any more."""
    since = now if used else None
    terms, made = HallTerms.objects.get_or_create(
        facility_id=facility_id,
        defaults={"item_id": default_item_id, "ways": ["desk_cash"], "drawers_since": since},
    )
    if not made and bool(terms.drawers_since) != used:
        HallTerms.objects.filter(pk=terms.pk).update(drawers_since=since)


@transaction.atomic
def open_drawer(*, facility_id: int, float_yen: int, staff: StaffMember, now: datetime) -> Drawer:
    """Open this person's drawer at a hall, with ``float_yen`` (つり銭) out of the hall's safe.

    Of two at once one opens it. Raises DrawerNotFound, DrawerOpenAlready, InvalidAmount, CashNotThere.
    """
    if not staff.works_at(facility_id):
        raise DrawerNotFound
    safe = _lock(safe_of(facility_id, now=now).pk)[0]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [facility_id, staff.id, now])
        row = cursor.fetchone()
    if row is None:
        raise DrawerOpenAlready
    drawer = Drawer.objects.get(pk=row[0])
    if float_yen:
        _move(safe, drawer, float_yen, memo="つり銭", staff_id=staff.id, now=now)
    return drawer


@transaction.atomic
def stock_safe(*, facility_id: int, yen: int, memo: str, staff: StaffMember, now: datetime) -> CashMovement:
    """Note that cash which belongs to no charge was put into the hall's safe (つり銭資金).

    Raises DrawerNotFound, InvalidAmount.
    """
    if not staff.works_at(facility_id):
        raise DrawerNotFound
    safe = _lock(safe_of(facility_id, now=now).pk)[0]
    return _put(Kind.STOCKED, safe, yen, memo=memo, staff_id=staff.id, now=now)


def note_cash(entry: LedgerEntry, *, staff_id: int, now: datetime) -> CashMovement | None:
    """Let an entry of cash move the open drawer of who takes it or gives it back; None where the hall uses none.

    Called in the entry's transaction, with its charge locked. Raises NoDrawerOpen, CashNotThere.
    """
    drawer = Drawer.objects.select_for_update(no_key=True).filter(keeper_id=staff_id, closed_at=None).first()
    if drawer is None:
        of_hall = HallTerms.objects.filter(facility=entry.facility_id, drawers_since__isnull=False)
        if entry.facility_id is not None and of_hall.exists():
            raise NoDrawerOpen
        return None
    kind = _OF_ENTRY[LedgerEntry.Kind(entry.kind)]
    return _put(kind, drawer, entry.yen, entry_id=entry.pk, staff_id=staff_id, now=now)


@transaction.atomic
def deposit(*, drawer_id: int, yen: int, memo: str, staff: StaffMember, now: datetime) -> CashMovement:
    """Note that cash of one's drawer, or of the hall's safe, was paid into the bank.

    Raises DrawerNotFound, InvalidAmount, CashNotThere.
    """
    drawer = _mine(_lock(drawer_id)[0], staff)
    return _put(Kind.DEPOSITED, drawer, yen, memo=memo, staff_id=staff.id, now=now)


@transaction.atomic
def put_away(*, drawer_id: int, yen: int, staff: StaffMember, now: datetime) -> CashMovement:
    """Note that some cash of a drawer was put into the hall's safe. Raises DrawerNotFound, CashNotThere."""
    safe, drawer = _with_safe(drawer_id, staff, now)
    return _move(drawer, safe, yen, memo="金庫へ", staff_id=staff.id, now=now)


@transaction.atomic
def count_drawer(
    *, drawer_id: int, pieces: Mapping[int, int], explanation: str, staff: StaffMember, now: datetime
) -> CashCount:
    """Write down the notes and coins that are there. What is too much or missing is explained, and becomes a
    movement: from then on the drawer says what is really in it.

    Raises DrawerNotFound, BadCount, DifferenceUnexplained.
    """
    return _count(_mine(_lock(drawer_id)[0], staff), pieces, explanation, staff, now)


@transaction.atomic
def close_drawer(
    *, drawer_id: int, pieces: Mapping[int, int], explanation: str, staff: StaffMember, now: datetime
) -> Drawer:
    """Count a drawer for the last time, put all that is in it into the hall's safe, and close it.

    The keeper closes it; an admin may, where the keeper does not come back.
    Raises DrawerNotFound, BadCount, DifferenceUnexplained, HandOverOpen.
    """
    safe, drawer = _with_safe(drawer_id, staff, now)
    if HandOver.objects.filter(source=drawer, movement=None, withdrawn_at=None).exists():
        raise HandOverOpen
    count = _count(drawer, pieces, explanation, staff, now)
    if count.counted_yen:
        _move(drawer, safe, count.counted_yen, memo="レジを閉めた", staff_id=staff.id, now=now)
    Drawer.objects.filter(pk=drawer.pk).update(closed_at=now, closed_by_id=staff.id)
    drawer.refresh_from_db()
    return drawer


@transaction.atomic
def offer_hand_over(
    *, drawer_id: int, receiver_id: int, yen: int, memo: str, staff: StaffMember, now: datetime
) -> HandOver:
    """Offer cash of one's drawer to a colleague of the hall, who confirms that it is there.

    Raises DrawerNotFound, InvalidAmount, CashNotThere, NotAColleague, HandOverOpen.
    """
    drawer = _mine(_lock(drawer_id)[0], staff)
    if drawer.keeper_id is None:
        raise DrawerNotFound
    if receiver_id == drawer.keeper_id or receiver_id not in colleagues(drawer.facility_id):
        raise NotAColleague
    _there(drawer, yen)
    if HandOver.objects.filter(source=drawer, movement=None, withdrawn_at=None).exists():
        raise HandOverOpen
    return HandOver.objects.create(
        source=drawer, receiver_id=receiver_id, yen=yen, memo=memo[:200], offered_at=now
    )


@transaction.atomic
def withdraw_hand_over(*, hand_over_id: int, staff: StaffMember, now: datetime) -> None:
    """Take back an offer the colleague has not confirmed. Raises HandOverGone, DrawerNotFound."""
    offer = _offer(hand_over_id)
    _mine(_lock(offer.source_id)[0], staff)
    open_ones = HandOver.objects.filter(pk=offer.pk, movement=None, withdrawn_at=None)
    if not open_ones.update(withdrawn_at=now):
        raise HandOverGone


@transaction.atomic
def accept_hand_over(*, hand_over_id: int, staff: StaffMember, now: datetime) -> CashMovement:
    """Confirm that the cash a colleague handed over is there: it moves from that drawer into one's own.

    Of accepting and withdrawing at once one wins. Raises HandOverGone, NoDrawerOpen, CashNotThere.
    """
    offer = _offer(hand_over_id)
    mine = Drawer.objects.filter(keeper_id=staff.id, closed_at=None).first()
    if offer.receiver_id != staff.id:
        raise HandOverGone
    if mine is None:
        raise NoDrawerOpen
    locked = {one.pk: one for one in _lock(offer.source_id, mine.pk)}
    offer.refresh_from_db()
    if offer.withdrawn_at or offer.movement_id or locked[offer.source_id].closed_at:
        raise HandOverGone
    if locked[mine.pk].closed_at:
        raise NoDrawerOpen
    source, target = locked[offer.source_id], locked[mine.pk]
    moved = _move(source, target, offer.yen, memo=f"引継ぎ {offer.memo}".strip(), staff_id=staff.id, now=now)
    HandOver.objects.filter(pk=offer.pk).update(movement=moved)
    return moved


def colleagues(facility_id: int) -> dict[int, str]:
    """Return who may keep a drawer at a hall: ids and names of its active staff, and of the admins."""
    at_hall = Staff.objects.filter(is_active=True, facilities__facility_id=facility_id)
    admins = Staff.objects.filter(is_active=True, role=Staff.Role.ADMIN)
    return dict(at_hall.union(admins).values_list("id", "name"))


def yen_of(pieces: Mapping[int, int]) -> int:
    """Return what so many pieces of each denomination come to. Raises BadCount."""
    if any(piece not in DENOMINATIONS or not 0 <= many <= MOST_PIECES for piece, many in pieces.items()):
        raise BadCount
    return sum(piece * many for piece, many in pieces.items())


def _lock(*drawer_ids: int) -> list[Drawer]:
    found = Drawer.objects.filter(pk__in=drawer_ids).order_by("pk").select_for_update(no_key=True)
    drawers = list(found)
    if len(drawers) != len(set(drawer_ids)):
        raise DrawerNotFound
    return drawers


def _mine(drawer: Drawer, staff: StaffMember) -> Drawer:
    """The safe is everybody's who works at the hall; a drawer is its keeper's, and an admin's."""
    keeps = drawer.keeper_id in {None, staff.id} or staff.is_admin
    if drawer.closed_at or not keeps or not staff.works_at(drawer.facility_id):
        raise DrawerNotFound
    return drawer


def _with_safe(drawer_id: int, staff: StaffMember, now: datetime) -> tuple[Drawer, Drawer]:
    """Lock a drawer somebody keeps, and its hall's safe."""
    facility_id = Drawer.objects.filter(pk=drawer_id, keeper__isnull=False).values_list("facility_id").first()
    if facility_id is None:
        raise DrawerNotFound
    safe_id = safe_of(facility_id[0], now=now).pk
    locked = {one.pk: one for one in _lock(drawer_id, safe_id)}
    return locked[safe_id], _mine(locked[drawer_id], staff)


def _there(drawer: Drawer, yen: int) -> None:
    if not 0 < yen <= MOST_YEN:
        raise InvalidAmount
    held = balance(drawer.pk)
    if yen > held:
        raise CashNotThere(held_yen=held)


def _move(
    source: Drawer, target: Drawer, yen: int, *, memo: str, staff_id: int, now: datetime
) -> CashMovement:
    _there(source, yen)
    return CashMovement.objects.create(
        kind=Kind.MOVED, source=source, target=target, yen=yen, memo=memo[:200], at=now, staff_id=staff_id
    )


def _put(
    kind: CashMovement.Kind,
    drawer: Drawer,
    yen: int,
    *,
    staff_id: int,
    now: datetime,
    memo: str = "",
    entry_id: int | None = None,
) -> CashMovement:
    """Cash comes into a locked drawer from outside, or leaves it."""
    if not 0 < yen <= MOST_YEN:
        raise InvalidAmount
    if kind not in _INTO:
        _there(drawer, yen)
    end = {"target": drawer} if kind in _INTO else {"source": drawer}
    return CashMovement.objects.create(
        kind=kind, yen=yen, entry_id=entry_id, memo=memo[:200], at=now, staff_id=staff_id, **end
    )


def _count(
    drawer: Drawer, pieces: Mapping[int, int], explanation: str, staff: StaffMember, now: datetime
) -> CashCount:
    counted, expected, why = yen_of(pieces), balance(drawer.pk), explanation.strip()
    if counted != expected and not why:
        raise DifferenceUnexplained(counted_yen=counted, expected_yen=expected)
    made = CashCount.objects.create(
        drawer=drawer,
        pieces={str(piece): many for piece, many in pieces.items() if many},
        counted_yen=counted,
        expected_yen=expected,
        explanation=why[:200],
        at=now,
        staff_id=staff.id,
    )
    if counted != expected:
        kind = Kind.OVER if counted > expected else Kind.SHORT
        _put(kind, drawer, abs(counted - expected), memo=why, staff_id=staff.id, now=now)
    return made


def _offer(hand_over_id: int) -> HandOver:
    offer = HandOver.objects.filter(pk=hand_over_id).first()
    if offer is None:
        raise HandOverGone
    return offer
