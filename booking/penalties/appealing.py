"""Appeals (異議申出): a resident says an offence is wrongly counted; staff accept or dismiss it, with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from booking.errors import NotForGroup, ReasonMissing
from booking.models import Appeal, Offence
from booking.parties import acts_for
from booking.penalties.errors import (
    AlreadyDecided,
    AppealedBefore,
    AppealEmpty,
    AppealNotFound,
    NothingToAppeal,
    OffenceNotFound,
)
from booking.penalties.following import Offender
from booking.penalties.recording import withdraw_offence
from booking.telling import tell
from booking.transactions import one_transaction

State = Appeal.State
MOST_LETTERS = 4000


def file_appeal(*, offence_ref: UUID, text: str, resident_id: int, now: datetime) -> Appeal:
    """Say why an offence should not count: one's own, or that of a group one acts for. Once for each offence.

    Raises OffenceNotFound, NotForGroup, AppealEmpty, AppealedBefore, NothingToAppeal.
    """
    if not text.strip():
        raise AppealEmpty
    with one_transaction():
        offence = _appealable(offence_ref, resident_id)
        appeal, is_new = Appeal.objects.get_or_create(
            offence=offence,
            defaults={"filed_by_id": resident_id, "text": text.strip()[:MOST_LETTERS], "filed_at": now},
        )
        if not is_new:
            raise AppealedBefore
    return appeal


def decide_appeal(*, ref: UUID, accept: bool, reason: str, actor: Actor, now: datetime) -> Appeal:
    """Answer an appeal. Accepted: the offence is withdrawn, and what followed from it is lifted.

    Raises AppealNotFound, AlreadyDecided, ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    with one_transaction():
        appeal = Appeal.objects.select_related("offence__group", "offence__facility").filter(ref=ref).first()
        if appeal is None:
            raise AppealNotFound
        Offender.of(appeal.offence).lock()
        moved = Appeal.objects.filter(pk=appeal.pk, state=State.FILED).update(
            state=State.ACCEPTED if accept else State.DISMISSED,
            decided_by_id=actor.id,
            decided_at=now,
            decision=reason.strip()[:500],
        )
        if not moved:
            raise AlreadyDecided
        if accept:
            withdraw_offence(ref=appeal.offence.ref, reason=reason, actor=actor, now=now)
        appeal.refresh_from_db()
        _tell(appeal, now)
    return appeal


def _appealable(offence_ref: UUID, resident_id: int) -> Offence:
    offence = Offence.objects.filter(ref=offence_ref).first()
    if offence is None or (offence.group_id is None and offence.resident_id != resident_id):
        raise OffenceNotFound
    if offence.group_id is not None and not acts_for(resident_id=resident_id, group_id=offence.group_id):
        raise NotForGroup
    if offence.withdrawn_at is not None:
        raise NothingToAppeal
    return offence


def _tell(appeal: Appeal, now: datetime) -> None:
    offence = appeal.offence
    tell(
        "appeal_decided",
        now=now,
        group_ref=offence.group.ref if offence.group else None,
        resident_id=None if offence.group else offence.resident_id,
        facts={
            "facility_id": str(offence.facility_id),
            "appeal": str(appeal.ref),
            "decision": "granted" if appeal.state == State.ACCEPTED else "dismissed",
            "path": "/my/penalties/",
        },
    )
