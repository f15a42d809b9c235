"""What reviewers do: note their opinion, permit (on conditions), refuse with a reason.

Several applications of one person are decided together: all of them, or none. Locks: reservations in the order of
their ids, then their charges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from booking import records
from booking.change_errors import ChangedMeanwhile
from booking.errors import ReservationNotFound
from booking.models import Reservation, Review
from booking.pricing import forgo_price
from booking.promising import payer_of, promise
from booking.reviewing.appealing import notice_of_appeal
from booking.reviewing.errors import NoApplicationChosen, RefusalReasonMissing, ReviewOver, UseBegan
from booking.reviewing.opening import OPEN, want_permit
from booking.telling import tell
from booking.transactions import one_transaction
from facilities.periods import local
from facilities.queries import RoomFacts, room_facts
from facilities.room_rules import permit_on, under_version


def note_review(*, refs: Sequence[UUID], opinion: str, actor: Actor, now: datetime) -> None:
    """Note that somebody looked at applications and what they think; the decision is still to come.

    Noting again replaces what was noted. Raises ReviewOver, NoApplicationChosen, ReservationNotFound.
    """
    with _under_review(refs, actor) as found:
        for _, review in found:
            Review.objects.filter(pk=review.pk).update(
                state=Review.State.REVIEWED, reviewer_id=actor.id, reviewed_at=now, opinion=opinion.strip()
            )


def permit_applications(
    *,
    refs: Sequence[UUID],
    conditions: str,
    actor: Actor,
    now: datetime,
    seen: Mapping[UUID, int] | None = None,
) -> list[Reservation]:
    """Permit applications: each is a reservation from now on, with its charge, its way in, its notice and its permit.

    ``conditions`` are staff's own words, beside those the rules have for every permit; empty: none. ``seen``: the
    sequences of what staff looked at; one that was changed meanwhile is not decided unseen.
    Raises ReviewOver, UseBegan, NoApplicationChosen, ReservationNotFound, ChangedMeanwhile.
    """
    with _under_review(refs, actor, seen) as found:
        for reservation, review in found:
            if reservation.starts_at <= now:
                raise UseBegan
            _close(review, Review.State.PERMITTED, actor, now, conditions=conditions.strip())
            records.permit(reservation, actor=actor, reason=conditions.strip(), now=now)
            room = room_facts(reservation.room_id)
            promise(reservation, room, payer=payer_of(reservation), actor=actor, now=now)
            want_permit(reservation)
            tell("permitted", now=now, reservation_ref=reservation.ref)
    return [reservation for reservation, _ in found]


def refuse_applications(
    *,
    refs: Sequence[UUID],
    reason: str,
    actor: Actor,
    now: datetime,
    seen: Mapping[UUID, int] | None = None,
) -> list[Reservation]:
    """Refuse applications: their spaces are free at once, and the applicant reads why and where to appeal.

    ``seen`` as in ``permit_applications``.
    Raises RefusalReasonMissing, ReviewOver, NoApplicationChosen, ReservationNotFound, ChangedMeanwhile.
    """
    if not reason.strip():
        raise RefusalReasonMissing
    with _under_review(refs, actor, seen) as found:
        for reservation, review in found:
            _close(
                review,
                Review.State.REFUSED,
                actor,
                now,
                refusal_reason=reason.strip(),
                instruction="\n".join(appeal_against(reservation)),
            )
            records.end(reservation, verb="refuse", actor=actor, reason=reason.strip(), now=now)
            # Charged only if it was permitted once and then changed to what is refused now.
            forgo_price(reservation, reason=reason.strip(), actor=actor, now=now)
            tell("refused", now=now, reservation_ref=reservation.ref)
    return [reservation for reservation, _ in found]


def appeal_against(reservation: Reservation) -> tuple[str, ...]:
    """Return the notice of appeal for a decision about a reservation, by the rules it was applied for under."""
    room = agreed_room(reservation)
    day, _ = local(reservation.starts_at, room.zone)
    return notice_of_appeal(permit_on(room, day), room.rules_on(day).document.municipality.name)


def agreed_room(reservation: Reservation) -> RoomFacts:
    """Return the room of a reservation under the rules it was applied for under."""
    return under_version(room_facts(reservation.room_id), reservation.rule_version_id)


@contextmanager
def _under_review(
    refs: Sequence[UUID], actor: Actor, seen: Mapping[UUID, int] | None = None
) -> Iterator[list[tuple[Reservation, Review]]]:
    """The applications with their open reviews, locked in the order of their ids until all are decided."""
    if not refs:
        raise NoApplicationChosen
    if not actor.is_staff:
        raise ReservationNotFound
    with one_transaction():
        rows = Reservation.objects.filter(ref__in=set(refs)).order_by("pk")
        found = list(rows.select_related("resident", "group").select_for_update(of=("self",), no_key=True))
        if len(found) != len(set(refs)):
            raise ReservationNotFound
        reviews = {
            one.reservation_id: one
            for one in Review.objects.filter(reservation__in=found, state__in=OPEN)
            if one.reservation_id
        }
        waiting = [one for one in found if one.status == Reservation.Status.APPLIED and one.pk in reviews]
        if len(waiting) != len(found):
            raise ReviewOver
        if seen and any(seen.get(one.ref, one.sequence) != one.sequence for one in found):
            raise ChangedMeanwhile
        yield [(one, reviews[one.pk]) for one in found]


def _close(review: Review, state: str, actor: Actor, now: datetime, **words: str) -> None:
    Review.objects.filter(pk=review.pk).update(state=state, decider_id=actor.id, closed_at=now, **words)
