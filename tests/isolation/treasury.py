"""Akiruno's canaries of the treasury: a drawer, a hand-over, a letter, a layout of files, a closed year."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from accounts.roles import staff_member
from payments.cash.drawers import count_drawer, offer_hand_over, open_drawer, stock_safe
from payments.dues import DuePart, set_dues
from payments.models import YearClosing
from payments.services import assess_charge
from payments.treasury.dunning import issue_dunning
from payments.treasury.exports import Column, save_layout
from tests import factories


def plant_treasury(facility, staff, now):
    """Open a drawer with a hand-over under way, write to somebody who is late; return what addresses have of it."""
    keeper = staff_member(staff.user)
    stock_safe(facility_id=facility.pk, yen=500, memo="つり銭", staff=keeper, now=now)
    drawer = open_drawer(facility_id=facility.pk, float_yen=300, staff=keeper, now=now)
    count_drawer(drawer_id=drawer.pk, pieces={100: 2}, explanation="紛失", staff=keeper, now=now)
    other = factories.a_staff("会計", "kaikei@example.jp", facilities=[facility])
    offer = offer_hand_over(
        drawer_id=drawer.pk, receiver_id=other.pk, yen=100, memo="交代", staff=keeper, now=now
    )
    subject = uuid4()
    charge_id = assess_charge(
        subject=subject, yen=700, title="室", payer="滞納者", day=now.date(), facility_id=facility.pk,
        actor=keeper.actor, now=now,
    )  # fmt: skip
    set_dues(subject=subject, parts=[DuePart(now - timedelta(days=3), "staff")])
    issue_dunning(charge_ids=[charge_id], due_on=date(now.year + 1, 1, 1), actor=keeper.actor, now=now)
    YearClosing.objects.create(fiscal_year=2001, sums=[], closed_at=now, closed_by=staff)
    layout = save_layout(
        layout_id=None, name="財務", rows="days", file_format="csv", encoding="utf-8", date_style="iso",
        with_heading=True, columns=[Column("yen", "円")],
    )  # fmt: skip
    return {
        "drawer_id": [str(drawer.pk)],
        "hand_over_id": [str(offer.pk)],
        "charge_id": [str(charge_id)],
        "layout_id": [str(layout.pk)],
    }
