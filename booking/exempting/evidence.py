"""Files that prove a ground (手帳の写し, 後援の通知): taken in, given out to few; each opening by staff is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.errors import NotRepresentative
from accounts.groups.rosters import record_viewing
from accounts.groups.services import require_representative
from accounts.models import RosterViewing
from booking import records
from booking.errors import ReservationNotFound
from booking.exempting.closing import OPEN
from booking.exempting.errors import ExemptionNotFound, NoSuchEvidence
from booking.exempting.records import locked
from booking.models import Exemption, ExemptionEvidence, StandingExemption
from booking.transactions import one_transaction
from facilities.errors import EvidenceTooLarge, TooMuchEvidence
from facilities.groups.evidence import MOST_BYTES, MOST_FILES, shown_name, type_of


def add_evidence(*, ref: UUID, file_name: str, content: bytes, actor: Actor, now: datetime) -> None:
    """Keep a file with an open application for exemption. Raises ExemptionNotFound, NotForGroup, ExemptionOver,
    EvidenceTooLarge, EvidenceUnknownType, TooMuchEvidence.
    """
    content_type = _checked(file_name, content)
    with locked(ref, actor) as (exemption, _reservation):
        _keep({"exemption_id": exemption.pk}, file_name, content_type, content, now)


def add_standing_evidence(*, ref: UUID, file_name: str, content: bytes, actor: Actor, now: datetime) -> None:
    """Keep a file with an open application for a standing exemption; raises like ``add_evidence``."""
    content_type = _checked(file_name, content)
    with one_transaction():
        standing = _standing(ref, actor, lock=True)
        if standing.state not in OPEN:
            raise ExemptionNotFound
        _keep({"standing_id": standing.pk}, file_name, content_type, content, now)


def remove_evidence(*, ref: UUID, evidence_ref: UUID, actor: Actor) -> None:
    """Delete a file of an open application. Raises ExemptionNotFound, NotForGroup, ExemptionOver, NoSuchEvidence."""
    with locked(ref, actor) as (exemption, _reservation):
        if not ExemptionEvidence.objects.filter(exemption_id=exemption.pk, ref=evidence_ref).delete()[0]:
            raise NoSuchEvidence


def evidence_of(
    *, exemption_id: int | None = None, standing_id: int | None = None
) -> Sequence[ExemptionEvidence]:
    """Return the files of an application without their content."""
    if exemption_id is not None:
        rows = ExemptionEvidence.objects.filter(exemption_id=exemption_id)
    else:
        rows = ExemptionEvidence.objects.filter(standing_id=standing_id or 0)
    return list(rows.defer("content"))


def open_evidence(*, ref: UUID, evidence_ref: UUID, actor: Actor, now: datetime) -> ExemptionEvidence:
    """Return a file of an application with its content: to who acts for whose reservation it is, or to staff, which is
    recorded.

    Raises ExemptionNotFound, NotForGroup, NoSuchEvidence.
    """
    exemption = Exemption.objects.select_related("reservation").filter(ref=ref).first()
    if exemption is None:
        raise ExemptionNotFound
    try:
        reservation = records.visible(exemption.reservation.ref, actor, act=True)
    except ReservationNotFound:
        raise ExemptionNotFound from None
    found = _found({"exemption_id": exemption.pk}, evidence_ref)
    if actor.is_staff:
        records.note(reservation, "exempt_evidence", actor, exemption.name, now)
    return found


def open_standing_evidence(
    *, ref: UUID, evidence_ref: UUID, actor: Actor, now: datetime
) -> ExemptionEvidence:
    """Return a file of a group's application with its content: to who represents it, or to staff, which is recorded.

    Raises ExemptionNotFound, NoSuchEvidence.
    """
    standing = _standing(ref, actor)
    found = _found({"standing_id": standing.pk}, evidence_ref)
    if actor.is_staff:
        record_viewing(
            group_id=standing.group_id, staff_id=actor.id, what=RosterViewing.What.EVIDENCE, now=now
        )
    return found


def _standing(ref: UUID, actor: Actor, *, lock: bool = False) -> StandingExemption:
    rows = StandingExemption.objects.filter(ref=ref)
    found = (rows.select_for_update(no_key=True) if lock else rows).first()
    if found is None:
        raise ExemptionNotFound
    try:
        require_representative(found.group_id, actor)
    except NotRepresentative:
        raise ExemptionNotFound from None
    return found


def _checked(file_name: str, content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise EvidenceTooLarge
    return type_of(file_name, content)


def _keep(owner: dict[str, int], file_name: str, content_type: str, content: bytes, now: datetime) -> None:
    if ExemptionEvidence.objects.filter(**owner).count() >= MOST_FILES:
        raise TooMuchEvidence
    ExemptionEvidence.objects.create(
        **owner,
        file_name=shown_name(file_name),
        content_type=content_type,
        size=len(content),
        content=content,
        added_at=now,
    )


def _found(owner: dict[str, int], evidence_ref: UUID) -> ExemptionEvidence:
    found = ExemptionEvidence.objects.filter(**owner, ref=evidence_ref).first()
    if found is None:
        raise NoSuchEvidence
    return found
