"""What changing a reservation would mean: whether it may, what it costs, what comes back. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from booking.applications import Assessed, assess, details_of
from booking.cancelling import cancellation_terms
from booking.change_errors import ChangeIsOver, NothingChanged, PriceLeftToStaff
from booking.exempting.deciders import payee_of
from booking.exempting.granting import Exempter, granted_for
from booking.models import Change, Reservation
from booking.parties import Party
from booking.pricing import STAFF_LINE
from booking.promising import settled_status
from booking.queries import ReservationView
from facilities.asking import fitting_details
from facilities.details import Details
from facilities.group_rules import standing_of
from facilities.ordinance import ChangeAnswer, Quote, QuoteLine, Reason
from facilities.periods import local
from facilities.queries import RoomFacts, room_facts
from facilities.room_rules import Asker, change_of, under_version
from payments.queries import PaymentState

Status = Reservation.Status

# Lines of a quote that say what changing cost; they stay when the use is changed again.
CHANGE_LINE = "change"
# What was paid and did not come back when the use became smaller; it counts towards a higher price later on.
KEPT_LINE = "kept"
# A line that belongs to the time itself: what the hall does not ask for, because it made the change necessary.
WAIVED_LINE = "waived"


@dataclass(frozen=True, slots=True)
class NewUse:
    """What a reservation is to become. ``details`` None: what was said stays, as far as it fits.

    ``by_hall``: the hall makes it necessary; then its day was applied for in time, whichever room it is in.
    """

    room: RoomFacts
    starts_at: datetime
    ends_at: datetime
    details: Details | None = None
    by_hall: bool = False


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """What a change would mean now, in yen.

    ``pay_yen`` is more than before, the fee for changing included; ``refund_yen`` what comes back of money that was
    paid (None: staff decide it). ``quote`` is the price afterwards with what changing cost; None: staff decide it.
    ``status``: what the reservation becomes; a new time may need another review.
    """

    allowed: bool
    reasons: tuple[Reason, ...]
    assessed: Assessed
    status: Status
    before_yen: int | None
    quote: Quote | None
    fee_yen: int
    pay_yen: int
    refund_yen: int | None

    @property
    def after_yen(self) -> int | None:
        """The price afterwards, with what changing cost; None where staff decide it."""
        return self.quote.total_yen if self.quote else None


def assess_change(
    reservation: Reservation, use: NewUse, *, channel: str, now: datetime, override: bool
) -> Assessed:
    """Return the new time checked by the rules in effect on its day, and priced.

    On the day and in the room it was booked for, the day was applied for in time already: only the time of day is
    asked about. Raises NothingChanged, ChangeIsOver and what ``assess`` raises.
    """
    if is_same(reservation, use):
        raise NothingChanged
    is_staff = channel == "desk"
    begun = use.starts_at <= now and not (is_staff and use.starts_at == reservation.starts_at)
    over = reservation.ends_at if is_staff else reservation.starts_at
    if begun or use.ends_at <= now or over <= now:
        raise ChangeIsOver
    asker = asker_for(reservation, use, channel=channel, now=now)
    return assess(
        room=use.room,
        starts_at=use.starts_at,
        ends_at=use.ends_at,
        asker=asker,
        override=override,
        exempter=exempter_for(reservation, use.room),
    )


def exempter_for(reservation: Reservation, room: RoomFacts) -> Exempter:
    """Return what finds the exemptions of a reservation that is changed: what was granted for it stays as long as its
    conditions hold, by the same rules and for the money of the same payee."""
    party, old = Party(reservation.resident_id, reservation.group_id), room_facts(reservation.room_id)
    same = old.facility_id == room.facility_id or (
        old.rule_book_id == room.rule_book_id and payee_of(old.facility_id) == payee_of(room.facility_id)
    )
    kept = granted_for(reservation.pk) if same else ()
    return Exempter(party, kept=kept, besides=[reservation.pk])


def asker_for(reservation: Reservation, use: NewUse, *, channel: str, now: datetime) -> Asker:
    """Return who asks for the new time, with what is said of it (what was said before, as far as it fits)."""
    room, said = use.room, use.details
    day = local(use.starts_at, room.zone)[0]
    own = _class_on(reservation, room, day)
    if said is None:
        said = replace(fitting_details(room, day, details_of(reservation), own_class=own), applicant_class="")
        length = reservation.ends_at - reservation.starts_at
        if room.id != reservation.room_id or use.ends_at - use.starts_at != length:
            said = replace(said, early_minutes=0, extension_minutes=0)
    return Asker(own, channel, applied_at(reservation, use, now), said)


def applied_at(reservation: Reservation, use: NewUse, now: datetime) -> datetime:
    """Return as of when the rules are asked about a day: as of the booking, for the room and day it was made for."""
    same_day = local(use.starts_at, use.room.zone)[0] == local(reservation.starts_at, use.room.zone)[0]
    is_own = same_day and (use.by_hall or use.room.id == reservation.room_id)
    return reservation.created_at if is_own else now


def applied_at_for(view: ReservationView, room: RoomFacts, day: date) -> datetime | None:
    """Return ``applied_at`` for a page that shows a day; None: the rules are asked as of now."""
    is_own = room.id == view.room.id and day == local(view.starts_at, room.zone)[0]
    return view.created_at if is_own else None


def is_same(reservation: Reservation, use: NewUse) -> bool:
    """Whether nothing would be different."""
    place = (reservation.room_id, reservation.starts_at, reservation.ends_at)
    unsaid = use.details is None or _plain(use.details) == _plain(details_of(reservation))
    return place == (use.room.id, use.starts_at, use.ends_at) and unsaid


def terms_of(
    reservation: Reservation,
    assessed: Assessed,
    *,
    payment: PaymentState | None,
    actor_is_staff: bool,
    waived: bool,
    now: datetime,
) -> ChangeTerms:
    """Return what the change would mean, by the version of the rules the reservation was agreed under.

    ``payment`` None: never charged. ``waived``: the hall itself made the change necessary; then it may always, costs
    nothing, and a higher price is not asked for. Raises PriceLeftToStaff.
    """
    before, after = reservation.price_yen, assessed.quote.total_yen if assessed.quote else None
    if before is not None and after is None and not actor_is_staff:
        raise PriceLeftToStaff
    money = _Money.of(reservation, assessed.quote, payment)
    allowed, reasons = True, tuple[Reason, ...]()
    if waived:
        money = money.waived()
    else:
        channel = "desk" if actor_is_staff else "web"
        answer = _answer(reservation, money, assessed.day, channel, now)
        allowed, reasons = _allowed(reservation, answer, money, channel, now)
        money = money.by_rules(answer)
    return ChangeTerms(
        allowed=allowed,
        reasons=reasons,
        assessed=assessed,
        status=settled_status(assessed)
        if reservation.status == Status.APPLIED or not waived
        else Status.CONFIRMED,
        before_yen=before,
        quote=money.quote(assessed.quote),
        fee_yen=money.fee_yen,
        pay_yen=money.more_yen + money.fee_yen,
        refund_yen=money.refund_yen,
    )


@dataclass(frozen=True, slots=True)
class _Money:
    """The price without what earlier changes cost, before and after; ``less_paid`` is what of the difference was
    paid already, ``refund_yen`` what of that comes back (None: staff decide). What did not come back of an earlier
    change is part of ``old_yen``, as far as the new price uses it up; the rest stays a line of ``carried``."""

    old_yen: int
    new_yen: int
    less_paid: int
    carried: tuple[QuoteLine, ...] = ()
    fee_yen: int = 0
    refund_yen: int | None = 0
    is_waived: bool = False
    reason: Reason | None = None

    @classmethod
    def of(cls, reservation: Reservation, quote: Quote | None, payment: PaymentState | None) -> _Money:
        lines = _carried(reservation)
        carried = _sum(lines)
        new = quote.total_yen if quote else max(0, (reservation.price_yen or 0) - carried)
        old = new if reservation.price_yen is None else reservation.price_yen - carried
        lines = _used_up(lines, max(0, new - old))
        less = max(0, old - new)
        unpaid = payment.due_yen if payment else less
        return cls(old + carried - _sum(lines), new, less_paid=max(0, less - unpaid), carried=lines)

    @property
    def more_yen(self) -> int:
        return 0 if self.is_waived else max(0, self.new_yen - self.old_yen)

    def waived(self) -> _Money:
        return replace(self, refund_yen=self.less_paid, is_waived=True)

    def by_rules(self, answer: ChangeAnswer) -> _Money:
        fee = max(0, answer.pay_yen - max(0, self.new_yen - self.old_yen))
        refund = answer.refund_yen if self.less_paid else 0
        reason = answer.reasons[0] if answer.reasons else None
        return replace(self, fee_yen=fee, refund_yen=refund, reason=reason)

    def quote(self, quote: Quote | None) -> Quote | None:
        """The new price with a line for everything that makes it differ from the price of the time."""
        if quote is None:
            return None
        lines = list(self.carried)
        if self.fee_yen:
            lines.append(_line("変更の手数料", "Fee for changing", self.fee_yen, self.reason))
        kept = self.less_paid - (self.refund_yen or 0)
        if kept:
            label = ("変更で減った額のうち、返らない額", "Not paid back of the old price")
            lines.append(_line(*label, kept, self.reason, KEPT_LINE))
        if self.is_waived and self.new_yen > self.old_yen:
            waived = self.old_yen - self.new_yen
            label = ("館の都合のため、いただかない差額", "Difference not asked for")
            lines.append(_line(*label, waived, Reason("change_waived", {}), WAIVED_LINE))
        full, more = quote.before_exemption_yen, _sum(lines)
        return replace(
            quote,
            lines=(*quote.lines, *lines),
            total_yen=quote.total_yen + more,
            before_exemption_yen=None if full is None else full + more,
        )


def _line(
    label_ja: str, label_en: str, yen: int, reason: Reason | None, kind: str = CHANGE_LINE
) -> QuoteLine:
    return QuoteLine(label_ja, label_en, 1, yen, yen, reason or Reason("change_undefined", {}), kind)


def _carried(reservation: Reservation) -> tuple[QuoteLine, ...]:
    """What changing cost, and what was kept of it that staff did not give back since."""
    quote = Quote.from_dict(reservation.quote) if reservation.quote else None
    if quote is None:
        return ()
    decided_back = -sum(line.yen for line in quote.lines if line.kind == STAFF_LINE)
    stay = [line for line in quote.lines if line.kind in (CHANGE_LINE, KEPT_LINE)]
    return _used_up(stay, max(0, decided_back))


def _used_up(lines: Sequence[QuoteLine], more_yen: int) -> tuple[QuoteLine, ...]:
    """The lines without what was kept, as far as it pays for ``more_yen``; the oldest is used up first."""
    left = []
    for line in lines:
        used = min(line.yen, more_yen) if line.kind == KEPT_LINE else 0
        more_yen -= used
        if used < line.yen:
            left.append(replace(line, unit_yen=line.yen - used, yen=line.yen - used))
    return tuple(left)


def _sum(lines: Sequence[QuoteLine]) -> int:
    return sum(line.yen for line in lines)


def possible_now(reservation: Reservation, *, channel: str, now: datetime) -> tuple[bool, tuple[Reason, ...]]:
    """Return whether the rules let a reservation be changed now at all, and why not; told before anything is chosen."""
    room = room_facts(reservation.room_id)
    if reservation.starts_at <= now:
        return False, ()
    same = _Money(0, 0, 0)
    day = local(reservation.starts_at, room.zone)[0]
    allowed, reasons = _allowed(
        reservation, _answer(reservation, same, day, channel, now), same, channel, now
    )
    return allowed, () if allowed else reasons


def _answer(
    reservation: Reservation, money: _Money, new_day: date, channel: str, now: datetime
) -> ChangeAnswer:
    """The rules', asked with that part of a smaller price that was paid: the rest is simply not asked for any more."""
    room = under_version(room_facts(reservation.room_id), reservation.rule_version_id)
    day, starts = local(reservation.starts_at, room.zone)
    changes = Change.objects.filter(reservation_id=reservation.pk, own=True).order_by("id")
    first = list(changes.values_list("starts_at", flat=True))
    old = money.new_yen + money.less_paid if money.new_yen < money.old_yen else money.old_yen
    return change_of(
        room,
        day,
        starts,
        old_yen=old,
        new_yen=money.new_yen,
        asker=Asker(reservation.applicant_class, channel, now, details_of(reservation)),
        booked_on=local(reservation.created_at, room.zone)[0],
        changes_before=len(first),
        first_day=local(first[0], room.zone)[0] if first else day,
        new_day=new_day,
    )


def _allowed(
    reservation: Reservation, answer: ChangeAnswer, money: _Money, channel: str, now: datetime
) -> tuple[bool, tuple[Reason, ...]]:
    """Whether they may, and why. Where the rules are silent on changes: as long as they may cancel, because a change
    is no more than cancelling and booking again."""
    if [reason.code for reason in answer.reasons] != ["change_undefined"]:
        return answer.allowed, answer.reasons
    if reservation.status == Status.APPLIED:
        return True, ()
    cancelling = cancellation_terms(reservation, cause="own", now=now, channel=channel)
    if not cancelling.allowed:
        return False, cancelling.reasons[:1]
    return True, answer.reasons if money.less_paid else ()


def _class_on(reservation: Reservation, room: RoomFacts, day: date) -> str:
    """The class of whoever it is for on the new day: a registration may end before. What staff granted for this use
    stays."""
    if reservation.group_id is None:
        return reservation.applicant_class
    old_room = room_facts(reservation.room_id)
    old_day = local(reservation.starts_at, old_room.zone)[0]
    if standing_of(reservation.group_id, old_room, old_day).applicant_class != reservation.applicant_class:
        return reservation.applicant_class
    return standing_of(reservation.group_id, room, day).applicant_class


def _plain(details: Details) -> Details:
    extras = {key: number for key, number in details.extras.items() if number}
    return replace(details, extras=extras, applicant_class="", answers=dict(details.answers))
