"""From what staff's queries say to what the API answers: reviews, and official use of rooms."""

from __future__ import annotations

from booking.displacing import Alternative, Foreseen, Hit
from booking.displacing.queries import DisplacedView, DisplacementView
from booking.reviewing.queue import Waiting
from frontend.api import official_outputs as outputs
from frontend.api.answers import detail, local_moment, rule_reason


def waiting(one: Waiting) -> outputs.Waiting:
    """An application before the reviewers."""
    return outputs.Waiting(
        reservation=detail(one.view, for_staff=True),
        state="reviewed" if one.state == "reviewed" else "applied",
        applied_at=local_moment(one.applied_at),
        days_waiting=one.days_waiting,
        days_to_use=one.days_to_use,
        decide_by=one.decide_by,
        is_late=one.is_late,
        reasons=[rule_reason(reason) for reason in one.reasons],
    )


def foreseen(found: Foreseen) -> outputs.DisplacementLook:
    """Who would be hit."""
    return outputs.DisplacementLook(hits=[_hit(one) for one in found.hits], holds=found.holds)


def _hit(one: Hit) -> outputs.Hit:
    return outputs.Hit(
        reservation=detail(one.booking, for_staff=True),
        alternatives=[_alternative(other) for other in one.alternatives],
        suggested=_alternative(one.suggested) if one.suggested else None,
    )


def _alternative(one: Alternative) -> outputs.Alternative:
    return outputs.Alternative(
        how=one.how,
        room=one.room.id,
        starts_at=local_moment(one.starts_at),
        ends_at=local_moment(one.ends_at),
    )


def displacement(view: DisplacementView) -> outputs.Displacement:
    """An act and what became of every booking."""
    return outputs.Displacement(
        ref=view.ref,
        facility=view.facility_key,
        kind=view.kind,
        reason=view.reason,
        starts_at=local_moment(view.starts_at),
        ends_at=local_moment(view.ends_at),
        decided_by=view.decided_by,
        decided_at=local_moment(view.decided_at),
        appeal_notice=view.appeal_notice,
        waiting=view.waiting,
        displaced=[_displaced(one) for one in view.displaced],
    )


def _displaced(one: DisplacedView) -> outputs.Displaced:
    return outputs.Displaced.model_validate(
        {
            "reservation": detail(one.booking, for_staff=True),
            "old_room": one.old_room.id,
            "old_starts_at": local_moment(one.old_starts_at),
            "old_ends_at": local_moment(one.old_ends_at),
            "outcome": str(one.outcome),
            "answer_by": local_moment(one.answer_by) if one.answer_by else None,
            "answered_at": local_moment(one.answered_at) if one.answered_at else None,
        }
    )
