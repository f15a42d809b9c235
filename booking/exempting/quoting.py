"""The price of a reservation that stands, with other exemptions than it has now. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.applications import details_of
from booking.change_terms import CHANGE_LINE, KEPT_LINE, WAIVED_LINE
from booking.exempting.errors import PriceNotByRules
from booking.exempting.grounds import agreed_room
from booking.models import Change, Reservation
from booking.pricing import STAFF_LINE
from facilities.ordinance import Grant, MissingAnswer, NoPrice, NotSettled, Quote, QuoteLine
from facilities.periods import local, local_end
from facilities.queries import RoomFacts
from facilities.room_rules import Asker, firm_price


@dataclass(frozen=True, slots=True)
class Exempted:
    """A price with exemptions: the whole quote, and the yen without and with them."""

    quote: Quote
    before_yen: int

    @property
    def after_yen(self) -> int:
        """What remains to be paid."""
        return self.quote.total_yen

    @property
    def off_yen(self) -> int:
        """What is taken off; never less than nothing."""
        return self.before_yen - self.after_yen


def price_with(reservation: Reservation, grants: Sequence[Grant]) -> Exempted:
    """Return the price of a reservation under other exemptions, by the rules and with the changes it was agreed with.

    What the hall does not ask for, because it moved the booking itself, is not taken off a second time.
    Raises PriceNotByRules: staff decided the price, so no exemption can be worked out from the rules.
    """
    now_agreed = Quote.from_dict(reservation.quote) if reservation.quote else None
    if now_agreed is None or any(line.kind == STAFF_LINE for line in now_agreed.lines):
        raise PriceNotByRules
    room = agreed_room(reservation)
    try:
        full, exempted = (_by_rules(reservation, room, one) for one in ((), tuple(grants)))
    except (NotSettled, MissingAnswer, NoPrice) as error:
        raise PriceNotByRules from error
    waived = sum(line.yen for line in now_agreed.lines if line.kind == WAIVED_LINE)
    stay = [line for line in now_agreed.lines if line.kind in (CHANGE_LINE, KEPT_LINE)]
    more = sum(line.yen for line in stay)
    before = full.total_yen + waived + more
    if before != full_price(now_agreed):
        raise PriceNotByRules
    still_waived = min(0, full.total_yen + waived - exempted.total_yen)
    lines = [replace(line, unit_yen=still_waived, yen=still_waived) for line in _waived(now_agreed)[:1]]
    kept = [*(line for line in lines if still_waived), *stay]
    total = exempted.total_yen + still_waived + more
    reduced = exempted.before_exemption_yen is not None and total < before
    quote = replace(
        exempted,
        lines=(*exempted.lines, *kept),
        total_yen=total,
        before_exemption_yen=before if reduced else None,
    )
    return Exempted(quote, before)


def full_price(quote: Quote) -> int:
    """Return what a quote came to without its exemption, in yen."""
    return quote.total_yen if quote.before_exemption_yen is None else quote.before_exemption_yen


def _by_rules(reservation: Reservation, room: RoomFacts, grants: tuple[Grant, ...]) -> Quote:
    day, starts = local(reservation.starts_at, room.zone)
    ends = local_end(reservation.ends_at, day, room.zone)
    details = details_of(reservation)
    asker = Asker(reservation.applicant_class, reservation.channel, _priced_at(reservation, room), details)
    return firm_price(room, day, starts, ends, replace(asker, grants=grants))


def _priced_at(reservation: Reservation, room: RoomFacts) -> datetime:
    """As of when the price was asked: as of the booking, or of the change that brought it to another day or room."""
    last = Change.objects.filter(reservation_id=reservation.pk).order_by("-pk").first()
    if last is None:
        return reservation.created_at
    same_day = local(last.starts_at, room.zone)[0] == local(reservation.starts_at, room.zone)[0]
    same_room = last.room_id == reservation.room_id or not last.own
    return reservation.created_at if same_day and same_room else last.at


def _waived(quote: Quote) -> list[QuoteLine]:
    return [line for line in quote.lines if line.kind == WAIVED_LINE]
