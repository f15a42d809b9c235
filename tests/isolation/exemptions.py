"""Exemptions of a booking and of a group, with their papers of proof, for the addresses that show them."""

from __future__ import annotations

from datetime import timedelta

from booking.models import Exemption, ExemptionEvidence, ExemptionHolder, StandingExemption
from tests.booking.conftest import WEDNESDAY
from tests.factories import a_group

FILE = {"file_name": "手帳.pdf", "content_type": "application/pdf", "size": 9, "content": b"%PDF-1.7\n"}


def plant_exemptions(booked, staff, now):
    """Write an open and a granted exemption of a booking and a standing one; return the examples of their addresses."""
    names = {"name": "福祉団体", "name_en": "Welfare groups", "applied_at": now}
    waiting = Exemption.objects.create(
        reservation=booked, ground="welfare", basis="application", remark="備考", **names
    )
    Exemption.objects.create(
        reservation=booked,
        ground="special",
        basis="application",
        state="granted",
        decided_at=now,
        decider=staff,
        percent=50,
        before_yen=800,
        after_yen=400,
        **names,
    )
    group = a_group("減免の会", now=now)
    standing = StandingExemption.objects.create(
        group=group,
        rule_book_id=booked.room.facility.rule_book_id,
        ground="welfare",
        state="applied",
        valid_from=WEDNESDAY,
        valid_until=WEDNESDAY + timedelta(days=300),
        **names,
    )
    proof = ExemptionEvidence.objects.create(exemption=waiting, added_at=now, **FILE)
    of_group = ExemptionEvidence.objects.create(standing=standing, added_at=now, **FILE)
    ExemptionHolder.objects.create(resident_id=booked.resident_id)
    return {
        "exemption": [str(waiting.ref)],
        "standing": [str(standing.ref)],
        "evidence_ref": [str(proof.ref), str(of_group.ref)],
    }
