"""The municipality's official account at LINE: its token and secret, kept encrypted, and what LINE says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop as _

from accounts.channels.line_api import LineApi, LineUnreachable
from accounts.models import LineAccount
from tenants import sealing
from tenants.jobs import enqueue

CHECK_JOB = "frontend.check_line"
_ONLY = 1


@dataclass(frozen=True, slots=True)
class AccountState:
    """How the official account stands, without its secrets. ``checked_at`` empty: LINE was not asked yet."""

    is_active: bool
    name: str
    basic_id: str
    problem: str
    checked_at: datetime | None


def account_state() -> AccountState | None:
    """Return how the municipality's official account stands; None where it has none."""
    row = LineAccount.objects.filter(pk=_ONLY).first()
    return AccountState(row.is_active, row.name, row.basic_id, row.problem, row.checked_at) if row else None


@transaction.atomic
def connect_account(*, token: str, secret: str, staff_id: int, now: datetime) -> None:
    """Keep token and secret of the official account, encrypted; the worker asks LINE whether they are right."""
    LineAccount.objects.update_or_create(
        pk=_ONLY,
        defaults={
            "token_enc": _seal(token.strip(), "token"),
            "secret_enc": _seal(secret.strip(), "secret"),
            "is_active": False,
            "name": "",
            "basic_id": "",
            "problem": "",
            "checked_at": None,
            "changed_by_id": staff_id,
            "changed_at": now,
        },
    )
    enqueue(CHECK_JOB)


def disconnect_account() -> None:
    """Forget token and secret: nothing goes out by LINE any more. Who is which friend is kept."""
    LineAccount.objects.filter(pk=_ONLY).delete()


def check_account(*, now: datetime) -> None:
    """Ask LINE whose token it is. Raises LineUnreachable, so that the worker asks again."""
    api = _api(LineAccount.objects.filter(pk=_ONLY).first())
    if api is None:
        return
    answer = api.info()
    if answer.status >= 500 or answer.status == 429:
        raise LineUnreachable(str(answer.status))
    good = answer.status == 200
    LineAccount.objects.filter(pk=_ONLY).update(
        is_active=good,
        name=str(answer.content.get("displayName", ""))[:100] if good else "",
        basic_id=str(answer.content.get("basicId", ""))[:100] if good else "",
        problem="" if good else _("LINEが、このトークンを受け付けません。もう一度、正しく写してください。"),
        checked_at=now,
    )


def line_api() -> LineApi | None:
    """Return the calls of the active official account; None where there is none."""
    return _api(LineAccount.objects.filter(pk=_ONLY, is_active=True).first())


def channel_secret() -> bytes | None:
    """Return the secret with which LINE signs what it sends us; None where there is no official account."""
    row = LineAccount.objects.filter(pk=_ONLY).first()
    return _unseal(row.secret_enc, "secret") if row else None


def _api(row: LineAccount | None) -> LineApi | None:
    if row is None:
        return None
    return LineApi(token=_unseal(row.token_enc, "token").decode(), base=settings.LINE_API_URL)


def _seal(text: str, field: str) -> bytes:
    return sealing.seal(text.encode(), purpose="notices", table="line_account", row=str(_ONLY), field=field)


def _unseal(sealed: bytes | memoryview, field: str) -> bytes:
    return sealing.unseal(sealed, purpose="notices", table="line_account", row=str(_ONLY), field=field)
