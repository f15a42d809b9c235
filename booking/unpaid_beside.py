"""What else a hirer has still to pay: it can go on one slip."""

from __future__ import annotations

from django.db.models import Q

from booking.models import Reservation
from booking.queries import ReservationView, reservations_for_staff
from payments.models import Charge
from payments.queries import payment_states

# Nobody has more on one sheet.
_MOST = 40


def unpaid_beside(view: ReservationView) -> list[ReservationView]:
    """Return the other reservations of the same hirer (for the same group, or for nobody's) with something due, of the
    same payee's money."""
    payee = Charge.objects.filter(subject=view.ref).values("item__payee_id")
    rows = Reservation.objects.filter(
        Q(group_id=view.group.id) if view.group else Q(group=None),
        resident_id=view.resident.id,
        ref__in=Charge.objects.filter(item__payee_id__in=payee).values("subject"),
    ).exclude(ref=view.ref)
    refs = dict(rows.order_by("-starts_at").values_list("ref", "pk")[: _MOST * 5])
    states = payment_states(list(refs))
    due = [pk for ref, pk in refs.items() if ref in states and states[ref].due_yen > 0]
    return reservations_for_staff(ids=due[:_MOST])
