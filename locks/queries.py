"""Reads about access: how far it has got, and the code itself for the person it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext

from locks.errors import DoorNotFound
from locks.models import Credential, Door
from locks.secrets import decrypt

Word = Literal["none", "preparing", "ready", "active", "withdrawn", "failed", "handover"]

REVEALED_BEFORE = timedelta(hours=24)

# Of several doors the one that needs attention most speaks for all.
_URGENCY: dict[Word, int] = {
    "failed": 0, "preparing": 1, "handover": 2, "ready": 3, "active": 4, "withdrawn": 5, "none": 6
}  # fmt: skip

_STATES = """
SELECT c.subject, c.state, c.desired, c.kind, d.name, d.note,
       EXISTS (SELECT 1 FROM locks_keyhandover h WHERE h.credential_id = c.id AND h.returned_at IS NULL)
FROM locks_credential c JOIN locks_door d ON d.id = c.door_id
WHERE c.subject = ANY(%s::uuid[])
  AND NOT EXISTS (SELECT 1 FROM locks_credential n
                  WHERE n.subject = c.subject AND n.door_id = c.door_id AND n.generation > c.generation)
ORDER BY c.subject, d.id
"""


@dataclass(frozen=True, slots=True)
class AccessState:
    """How far the way in has got. ``detail`` is a sentence for people; ``key_out``: a key is with the hirer.

    ``handover``: a key waits at the place ``detail`` names, or is out.
    """

    state: Word
    door: str
    detail: str
    key_out: bool = False

    @classmethod
    def nothing(cls) -> AccessState:
        """The state of a subject that needs no door."""
        return cls("none", "", "")


@dataclass(frozen=True, slots=True)
class DoorCode:
    """A code for the person it belongs to. It opens from ``valid_from`` until ``valid_until``."""

    door: str
    note: str
    code: str = field(repr=False)
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class EdgeSetup:
    """What the controller of a local keypad is given: its secret, and the windows (start hour, hours, variant) that
    were cancelled after somebody had seen their code.
    """

    device_id: str
    secret: bytes = field(repr=False)
    denied: tuple[tuple[int, ...], ...] = ()


def access_states(subjects: Sequence[UUID]) -> dict[UUID, AccessState]:
    """Return how far access has got for each subject, in one query; a subject without a door is left out."""
    if not subjects:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [list(subjects)])
        rows = cursor.fetchall()
    found: dict[UUID, AccessState] = {}
    for subject, *facts in rows:
        one = _access_state(*facts)
        known = found.get(subject)
        if known is None or _URGENCY[one.state] < _URGENCY[known.state]:
            found[subject] = one
    return found


def reveal_codes(*, subject: UUID, now: datetime) -> list[DoorCode]:
    """Return the codes of a subject's doors, from 24 hours before its start until its end; else none.

    The caller has checked that the person may see them. The first time is noted: from then on a code is known to
    somebody, and taking it back is no longer only our matter.
    """
    rows = list(
        Credential.objects.select_related("door")
        .filter(subject=subject, desired=Credential.Desired.PRESENT, kind=Credential.Kind.PIN)
        .filter(state__in=[Credential.State.ACCEPTED, Credential.State.ON_DEVICE, Credential.State.ACTIVE])
        .filter(starts_at__lte=now + REVEALED_BEFORE, ends_at__gt=now)
        .order_by("door_id")
    )
    return [_door_code(row) for row in rows if _note_revealed(row, now)]


def reveal_code(*, subject: UUID, now: datetime) -> DoorCode | None:
    """Return the code of a subject with one door (see ``reveal_codes``), or None when there is none to show."""
    codes = reveal_codes(subject=subject, now=now)
    return codes[0] if codes else None


def edge_setup(*, door_id: int) -> EdgeSetup:
    """Return what the controller of a door needs to check codes offline. Raises DoorNotFound."""
    door = Door.objects.filter(pk=door_id, adapter="local_hmac").first()
    if door is None:
        raise DoorNotFound
    cancelled = Credential.objects.filter(door=door, state=Credential.State.REVOKING).order_by("pk")
    windows = (vendor_id.split("-") for vendor_id in cancelled.values_list("vendor_id", flat=True))
    denied = tuple(tuple(int(number) for number in window) for window in windows)
    return EdgeSetup(door.device_id, device_secret(door), denied)


def device_secret(door: Door) -> bytes:
    """Return the secret shared with a door's device. Raises locks.secrets.CannotDecrypt."""
    return decrypt(door.secret_enc, table="door", row=door.device_id, field="secret")


def _note_revealed(row: Credential, now: datetime) -> bool:
    """Note that a code is shown, unless it was withdrawn this very moment: then it must not be."""
    if row.revealed_at is not None:
        return True
    wanted = Credential.objects.filter(pk=row.pk, desired=Credential.Desired.PRESENT)
    return bool(wanted.update(revealed_at=now))


def _door_code(row: Credential) -> DoorCode:
    code = decrypt(row.secret_enc, table="credential", row=str(row.pk), field="secret").decode()
    return DoorCode(
        door=row.door.name,
        note=row.door.note,
        code=code,
        valid_from=row.effective_from or row.valid_from,
        valid_until=row.effective_until or row.valid_until,
    )


def _access_state(state: str, desired: str, kind: str, door: str, note: str, key_out: bool) -> AccessState:
    if desired == Credential.Desired.ABSENT:
        return AccessState("withdrawn", door, _withdrawn(state, key_out), key_out)
    if key_out:
        return AccessState("handover", door, gettext("鍵を渡しています。"), key_out)
    if state == Credential.State.EXPIRED:
        return AccessState("none", door, gettext("使える時間は、終わりました。"))
    if state == Credential.State.FAILED:
        return AccessState("failed", door, gettext("鍵を準備できませんでした。館へご連絡ください。"))
    if state in (Credential.State.PENDING, Credential.State.UNKNOWN):
        return AccessState("preparing", door, gettext("鍵の準備中です。"))
    if kind == Credential.Kind.PHYSICAL:
        return AccessState("handover", door, note)
    return AccessState("active" if state == Credential.State.ACTIVE else "ready", door, note)


def _withdrawn(state: str, key_out: bool) -> str:
    if key_out:
        return gettext("取り消しましたが、鍵がまだ返っていません。")
    if state == Credential.State.REVOKING:
        return gettext("取り消しましたが、見せた番号は時間が終わるまで使えます。")
    return gettext("鍵は取り消しました。")
