"""Files that prove what a registration says (規約, 会員証): taken in, given out to few, each giving out recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.groups.rosters import record_viewing
from accounts.groups.services import require_representative
from accounts.models import RosterViewing
from accounts.services import normal_name
from facilities.errors import (
    EvidenceNotFound,
    EvidenceTooLarge,
    EvidenceUnknownType,
    TooMuchEvidence,
)
from facilities.groups.records import locked_registration, registration_by_ref, require_being_written
from facilities.models import Evidence

MOST_BYTES = 5_000_000
MOST_FILES = 10
_OFFICE = "application/vnd.openxmlformats-officedocument"
_BY_ENDING = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftypheim")


def type_of(file_name: str, content: bytes) -> str:
    """Return the type of a file by its first bytes, never by what the sender says. Raises EvidenceUnknownType."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[4:12] in _HEIC:
        return "image/heic"
    ending = file_name.rpartition(".")[2].lower()
    if content.startswith(b"PK\x03\x04") and ending in _BY_ENDING:
        return _BY_ENDING[ending]
    raise EvidenceUnknownType


def shown_name(file_name: str) -> str:
    """Return a file's name without folders and signs that mislead, at most 100 characters, its ending kept."""
    plain = normal_name(file_name.replace("\\", "/").rpartition("/")[2])
    plain = "".join(sign for sign in plain if sign.isprintable() and sign not in '"<>|:*?') or "file"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= 100 or not dot or len(ending) > 10:
        return plain[:100]
    return f"{stem[: 99 - len(ending)]}.{ending}"


@transaction.atomic
def add_evidence(*, ref: UUID, file_name: str, content: bytes, actor: Actor, now: datetime) -> Evidence:
    """Keep a file with a registration that is being written.

    Raises RegistrationNotFound, NotRepresentative, NotInThisState, EvidenceTooLarge, EvidenceUnknownType,
    TooMuchEvidence.
    """
    if len(content) > MOST_BYTES:
        raise EvidenceTooLarge
    content_type = type_of(file_name, content)
    registration = locked_registration(ref)
    require_representative(registration.group_id, actor)
    require_being_written(registration)
    if registration.evidence.count() >= MOST_FILES:
        raise TooMuchEvidence
    return Evidence.objects.create(
        registration=registration,
        file_name=shown_name(file_name),
        content_type=content_type,
        size=len(content),
        content=content,
        added_at=now,
    )


@transaction.atomic
def remove_evidence(*, ref: UUID, evidence_ref: UUID, actor: Actor) -> None:
    """Delete a file of a registration that is being written.

    Raises RegistrationNotFound, NotRepresentative, NotInThisState, EvidenceNotFound.
    """
    registration = locked_registration(ref)
    require_representative(registration.group_id, actor)
    require_being_written(registration)
    if not registration.evidence.filter(ref=evidence_ref).delete()[0]:
        raise EvidenceNotFound


def evidence_of(registration_id: int) -> Sequence[Evidence]:
    """Return the files of a registration without their content."""
    return list(Evidence.objects.filter(registration_id=registration_id).defer("content"))


@transaction.atomic
def open_evidence(*, ref: UUID, evidence_ref: UUID, actor: Actor, now: datetime) -> Evidence:
    """Return a file with its content: to who represents the group, or to staff, which is recorded.

    Raises RegistrationNotFound, NotRepresentative, EvidenceNotFound.
    """
    registration = registration_by_ref(ref)
    require_representative(registration.group_id, actor)
    found = Evidence.objects.filter(registration=registration, ref=evidence_ref).first()
    if found is None:
        raise EvidenceNotFound
    if actor.is_staff:
        what = RosterViewing.What.EVIDENCE
        record_viewing(group_id=registration.group_id, staff_id=actor.id, what=what, now=now)
    return found
