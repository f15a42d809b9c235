"""Brings what is wanted of a door and what is so together. Runs in the worker only, outside any transaction.

Before a lock is asked, the row is marked (``unknown`` or ``revoking``), its attempts counted and its next look put
off: a worker that dies leaves a row that says "sent, outcome unknown", and nobody else sends meanwhile. Every write
names the state and the attempt it builds on; if that is gone, somebody else has gone further, and we leave it.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Case, Value, When

from locks.adapters import adapter_for
from locks.adapters import base as lock
from locks.models import Credential
from locks.queries import device_secret
from locks.secrets import decrypt, encrypt, fingerprint
from tenants.context import current_schema

_log = logging.getLogger(__name__)

State = Credential.State

# Longer than any adapter may take; then a row left "unknown" by a dead worker is looked at again.
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
MOST_AT_ONCE = 200
MOST_CODES = 10
# The wish may change while the lock is asked: look again, but not for ever.
MOST_STEPS = 4


class _CodeTaken(Exception):
    """Another credential has this code on this door in an overlapping window."""


def reconcile_subject(*, subject: UUID, now: datetime) -> None:
    """Do what is due for every credential of a subject."""
    due = Credential.objects.filter(subject=subject, next_attempt_at__lte=now)
    for credential_id in list(due.order_by("pk").values_list("pk", flat=True)):
        reconcile(credential_id=credential_id, now=now)


def heal(*, clock: Callable[[], datetime]) -> int:
    """Do what is due in this municipality: retries, starts, ends, what a dead worker left. Returns how many.

    ``clock`` is read for each one, because a slow lock may take a while.
    """
    due = Credential.objects.filter(next_attempt_at__lte=clock()).order_by("next_attempt_at", "pk")
    credential_ids = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for credential_id in credential_ids:
        now = clock()
        try:
            reconcile(credential_id=credential_id, now=now)
        except Exception:
            # One door that cannot be helped must not keep the others from their turn.
            _log.exception("access_failed", extra={"credential": credential_id})
            Credential.objects.filter(pk=credential_id, next_attempt_at__lte=now).update(
                next_attempt_at=now + LONGEST_PAUSE
            )
    return len(credential_ids)


def reconcile(*, credential_id: int, now: datetime) -> None:
    """Take the steps that are due for one credential."""
    for _ in range(MOST_STEPS):
        row = Credential.objects.select_related("door").get(pk=credential_id)
        step = next_step(row, now)
        if step is None:
            return
        step(row, now)


def next_step(row: Credential, now: datetime) -> Callable[[Credential, datetime], None] | None:
    """Return what is due for a credential; None while it is closed, waiting or with another worker."""
    if row.next_attempt_at is None or row.next_attempt_at > now:
        return None
    if (row.effective_until or row.valid_until) <= now:
        return _expire
    if row.desired == Credential.Desired.ABSENT:
        return _forget if row.state == State.PENDING else _revoke
    if row.state in (State.PENDING, State.UNKNOWN):
        return _issue
    return _activate


def pause(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts: doubling from 15 seconds to 15 minutes, spread by half."""
    longest = min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311 (spreads load, guards nothing)


def _issue(row: Credential, now: datetime) -> None:
    adapter, device = _adapter(row, now)
    ahead = device.constraints.earliest_issue_hours
    if ahead is not None and now < row.valid_from - timedelta(hours=ahead):
        _write(row, now, next_attempt_at=row.valid_from - timedelta(hours=ahead))
        return
    before = row.state
    if not _claim(row, State.UNKNOWN, now):
        return
    ref, devices = _ref(row), (row.door.device_id,)
    try:
        answer = adapter.find_by_ref(ref, devices) if before == State.UNKNOWN else None
        for variant in range(MOST_CODES):
            if answer is None:
                answer = adapter.issue(_spec(row, ref, variant), idempotency_key=f"{ref}:issue:{variant}")
            try:
                _keep(row, answer, now)
                return
            except _CodeTaken:
                answer = None
        raise lock.CodeConflict("every code is taken")
    except lock.LockError as error:
        _put_off(row, State.UNKNOWN if error.ambiguous else State(before), error, now)


def _revoke(row: Credential, now: datetime) -> None:
    adapter, device = _adapter(row, now)
    can_revoke = lock.Cap.REVOKE_CLOUD in device.caps
    if not can_revoke and row.revealed_at is None:
        _close(row, State.REVOKED, now)  # nobody has ever seen the code
        return
    if not _claim(row, State.REVOKING, now):
        return
    try:
        answer = adapter.revoke(_as_answer(row), idempotency_key=f"{_ref(row)}:revoke")
    except lock.NotFound:
        _close(row, State.REVOKED, now)
        return
    except lock.LockError as error:
        # A code that could not be taken back stays "revoking", and is tried again, until its window is over.
        _log.error("access_not_revoked", extra={"credential": row.pk, "error": type(error).__name__})
        _write(row, now, next_attempt_at=_later(row, error, now), last_error=type(error).__name__)
        return
    if answer.state in (lock.CredState.REVOKED, lock.CredState.EXPIRED):
        _close(row, State(answer.state.value), now)
        return
    ends = row.effective_until or row.valid_until
    _write(row, now, next_attempt_at=now + pause(row.attempts) if can_revoke else ends)


def _forget(row: Credential, now: datetime) -> None:
    _close(row, State.REVOKED, now)  # nothing was ever sent


def _expire(row: Credential, now: datetime) -> None:
    _close(row, State.EXPIRED, now)


def _activate(row: Credential, now: datetime) -> None:
    _write(row, now, state=State.ACTIVE, next_attempt_at=row.effective_until)


def _close(row: Credential, state: Credential.State, now: datetime) -> None:
    """The end of a credential: the code is erased, nothing is looked at again."""
    if _write(
        row, now, state=state, next_attempt_at=None, secret_enc=b"", secret_fingerprint=None, attempts=0
    ):
        _log.info("access_closed", extra={"credential": row.pk, "state": state.value})


def _keep(row: Credential, answer: lock.Credential, now: datetime) -> None:
    """Write what the lock answered. Raises _CodeTaken when the database knows the code on this door already."""
    assert answer.effective_from is not None  # noqa: S101 (the contract of every adapter)
    assert answer.effective_until is not None  # noqa: S101
    upcoming = answer.effective_from > now
    changes: dict[str, Any] = {
        "state": State(answer.state.value),
        "vendor_id": answer.vendor_id,
        "effective_from": answer.effective_from,
        "effective_until": answer.effective_until,
        "next_attempt_at": answer.effective_from if upcoming else answer.effective_until,
        "attempts": 0,
        "last_error": "",
    }
    if answer.secret is not None:
        changes["secret_enc"] = encrypt(
            answer.secret.encode(), table="credential", row=str(row.pk), field="secret"
        )
        changes["secret_fingerprint"] = fingerprint(answer.secret, door_id=row.door_id)
    try:
        with transaction.atomic():
            kept = _write(row, now, **changes)
    except IntegrityError as error:
        if _constraint(error) != "credential_code_once_per_door":
            raise
        raise _CodeTaken from None
    if kept:
        _log.info("access_issued", extra={"credential": row.pk, "door": row.door_id})


def _put_off(row: Credential, state: Credential.State, error: lock.LockError, now: datetime) -> None:
    name = type(error).__name__
    if error.retry:
        _log.warning("access_put_off", extra={"credential": row.pk, "error": name})
        _write(row, now, state=state, next_attempt_at=_later(row, error, now), last_error=name)
    else:
        _log.error("access_failed", extra={"credential": row.pk, "error": name})
        _write(row, now, state=State.FAILED, next_attempt_at=None, last_error=name)


def _later(row: Credential, error: lock.LockError, now: datetime) -> datetime:
    asked = timedelta(seconds=error.retry_after_seconds or 0)
    return now + max(pause(row.attempts), asked)


def _claim(row: Credential, state: Credential.State, now: datetime) -> bool:
    """Mark the row as being worked on; says whether it is ours. ``row`` then is what the database holds."""
    attempts = row.attempts + 1
    if not _write(row, now, same_wish=True, state=state, attempts=attempts, next_attempt_at=now + LEASE):
        return False
    row.state, row.attempts = state, attempts
    return True


def _write(row: Credential, now: datetime, *, same_wish: bool = False, **changes: Any) -> bool:
    """Write, if the row is still in the state and attempt we know. Says whether it was.

    A wish that changed to "absent" meanwhile is due at once, unless we go on working on the row (``same_wish``).
    """
    known = Credential.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
    if same_wish:
        known = known.filter(desired=row.desired)
    elif row.desired == Credential.Desired.PRESENT and changes["next_attempt_at"] is not None:
        due = Value(changes["next_attempt_at"])
        changes["next_attempt_at"] = Case(When(desired="absent", then=Value(now)), default=due)
    return bool(known.update(**changes))


def _adapter(row: Credential, now: datetime) -> tuple[lock.LockProvider, lock.DeviceInfo]:
    door = row.door
    setup = lock.Setup(clock=lambda: now, device_secrets={door.device_id: device_secret(door)})
    adapter = adapter_for(door.adapter, setup)
    return adapter, next(one for one in adapter.list_devices() if one.device_id == door.device_id)


def _ref(row: Credential) -> str:
    """Our name for a credential at the vendor: the same for every attempt, another for another generation."""
    return str(uuid5(row.subject, f"{current_schema()}|{row.door_id}|{row.generation}"))


def _spec(row: Credential, ref: str, variant: int) -> lock.CredentialSpec:
    return lock.CredentialSpec(
        ref=ref,
        device_ids=(row.door.device_id,),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        label=row.label,
        kind=lock.CredKind(row.kind),
        variant=variant,
    )


def _as_answer(row: Credential) -> lock.Credential:
    """Return a row as the adapter gave it to us."""
    secret = None
    if row.secret_enc:
        secret = decrypt(row.secret_enc, table="credential", row=str(row.pk), field="secret").decode()
    return lock.Credential(
        ref=_ref(row),
        vendor_id=row.vendor_id,
        state=lock.CredState(row.state),
        kind=lock.CredKind(row.kind),
        secret=secret,
        effective_from=row.effective_from,
        effective_until=row.effective_until,
    )


def _constraint(error: IntegrityError) -> str | None:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
