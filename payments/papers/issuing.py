"""Numbered papers: issue one, issue it again, say that it holds no more, and tell whether it is true.

What a paper says is frozen when it is issued (``PaperWords``); what became of the money since is read from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from accounts.actors import Actor
from payments.errors import PaperNotFound
from payments.models import (
    LedgerEntry,
    Paper,
    PaperCharge,
    PaperCounter,
    PaperEvent,
    Payee,
    Refund,
    RevenueItem,
)
from payments.papers.invoices import taxed_totals
from payments.queries import sums_of
from payments.years import fiscal_year_of, today_at
from tenants.context import current_zone

Kind = Paper.Kind
Value = str | Mapping[str, Any]
"""What stands in a row: a text, or one of ``yen_value``, ``day_value``, ``period_value``, ``year_value``."""

TITLES: Mapping[str, str] = {kind.value: kind.label for kind in Kind}

# Locks the row of the counter without giving a number yet.
_COUNTER = """
INSERT INTO payments_papercounter (kind, fiscal_year, last) VALUES (%s, %s, 0)
ON CONFLICT (kind, fiscal_year) DO UPDATE SET last = payments_papercounter.last RETURNING last
"""


def yen_value(yen: int) -> dict[str, int]:
    """An amount as a value of a row; it is printed 1,200円."""
    return {"yen": yen}


def day_value(day: date) -> dict[str, str]:
    """A day as a value of a row; it is printed 令和8年12月2日."""
    return {"day": day.isoformat()}


def year_value(fiscal_year: int) -> dict[str, int]:
    """A fiscal year as a value of a row; it is printed 令和8年度."""
    return {"year": fiscal_year}


def period_value(starts: datetime, ends: datetime) -> dict[str, list[str]]:
    """A time as a value of a row; it is printed in the municipality's own clock."""
    zone = current_zone()
    return {"period": [moment.astimezone(zone).isoformat() for moment in (starts, ends)]}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """What one charge on a paper is for: words, the yen with tax, its kind of RevenueItem.tax, and what else is known
    of it (``facts``: rows of label and value)."""

    words: str
    yen: int
    tax: str = RevenueItem.Tax.STANDARD
    facts: Sequence[tuple[str, Value]] = ()


@dataclass(frozen=True, slots=True)
class PaperWords:
    """All that is printed on a paper beside its number, its day and for whom it is.

    ``lead`` opens it, ``rows`` are label and value, ``lines`` what the money is for (with ``taxed`` the tax of each
    rate is told), ``notes`` follow, ``instruction`` is the notice of appeal (教示). ``issuer`` gives it; empty: the
    payee's signature, or the municipality. ``more`` is what the layout of one kind needs beside that.
    """

    lead: str
    title: str = ""
    rows: Sequence[tuple[str, Value]] = ()
    lines: Sequence[PaperLine] = ()
    taxed: bool = False
    notes: Sequence[str] = ()
    instruction: Sequence[str] = ()
    issuer: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Truth:
    """What holds of a paper now. ``cancelled_why`` is empty where nobody gave a reason.

    For a slip ``paid`` says that nothing of it is due any more because it was paid, and ``changed`` that another amount
    is due than it says, or none. For receipts ``returned_yen`` is what of their money was decided to be given back.
    """

    state: Literal["valid", "cancelled", "changed", "paid"]
    cancelled_why: str = ""
    cancelled_at: datetime | None = None
    reissued_at: datetime | None = None
    reissues: int = 0
    returned_yen: int = 0


@transaction.atomic
def issue_paper(
    *,
    kind: Paper.Kind,
    cause: str,
    to: str,
    words: PaperWords,
    actor: Actor,
    now: datetime,
    yen: int | None = None,
    payee: Payee | None = None,
    charges: Mapping[int, int] | None = None,
    entry_id: int | None = None,
    refund_id: int | None = None,
) -> Paper:
    """Issue a paper with the next number of its kind and year; the same ``cause`` again gives the same paper.

    ``charges``: the yen of each charge it speaks of, by id. The number is given in the caller's transaction: rolled
    back, it is given to the next one. Locks the counter, so call it last (docs/locking.md).
    """
    year = fiscal_year_of(today_at(now))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTER, [kind, year])
        serial = int(cursor.fetchone()[0]) + 1
    known = Paper.objects.filter(kind=kind, cause=cause).first()
    if known is not None:
        return known
    PaperCounter.objects.filter(kind=kind, fiscal_year=year).update(last=serial)
    paper = Paper.objects.create(
        kind=kind,
        fiscal_year=year,
        serial=serial,
        cause=cause,
        payee=payee,
        to=to[:200],
        yen=yen,
        content=content_of(kind, words, payee),
        entry_id=entry_id,
        refund_id=refund_id,
        issued_at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    parts = (charges or {}).items()
    PaperCharge.objects.bulk_create(PaperCharge(paper=paper, charge_id=one, yen=part) for one, part in parts)
    return paper


def content_of(kind: Paper.Kind, words: PaperWords, payee: Payee | None) -> dict[str, Any]:
    """Return what is printed on a paper, as JSON can hold it for ever."""
    municipality = municipality_name()
    name = (payee.name if payee else "") or municipality
    lines = [
        {"words": line.words, "yen": line.yen, "tax": line.tax, "facts": [list(row) for row in line.facts]}
        for line in words.lines
    ]
    totals = taxed_totals((line.tax, line.yen) for line in words.lines) if words.taxed else ()
    return {
        "title": words.title or TITLES[kind],
        "municipality": municipality,
        "issuer": words.issuer or (payee.signed_by if payee else "") or name,
        "issuer_name": name,
        "issuer_address": payee.address if payee else "",
        "issuer_phone": payee.phone if payee else "",
        "invoice_number": payee.invoice_number if payee and words.taxed else "",
        "lead": words.lead,
        "rows": [list(row) for row in words.rows],
        "lines": lines,
        "taxes": [
            {"tax": one.tax, "percent": one.percent, "total_yen": one.total_yen, "tax_yen": one.tax_yen}
            for one in totals
        ],
        "notes": list(words.notes),
        "instruction": list(words.instruction),
        **words.more,
    }


@transaction.atomic
def reissue_paper(*, token: str, reason: str, actor: Actor, now: datetime) -> PaperEvent:
    """Issue a lost paper again: the same number and words, marked 再発行 with the day. Raises PaperNotFound (also for
    one that was cancelled)."""
    paper = paper_of_token(token)
    if paper.events.filter(kind=PaperEvent.Kind.CANCELLED).exists():
        raise PaperNotFound
    return _event(paper, PaperEvent.Kind.REISSUED, reason, actor, now)


@transaction.atomic
def cancel_paper(*, paper_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Say that a paper holds no more; saying it twice changes nothing. Its number is not given again."""
    held = Paper.objects.select_for_update(no_key=True).get(pk=paper_id)
    if not held.events.filter(kind=PaperEvent.Kind.CANCELLED).exists():
        _event(held, PaperEvent.Kind.CANCELLED, reason, actor, now)


def cause_of(kind: Paper.Kind, words: str, charges: Mapping[int, int]) -> str:
    """Return the cause of a paper that speaks of these charges with these yen: the same once more is the same cause,
    unless that paper was cancelled since."""
    said = ",".join(f"{pk}:{yen}" for pk, yen in sorted(charges.items()))
    cause = f"{words}{said if len(said) <= 64 else sha256(said.encode()).hexdigest()}"
    ended = Paper.objects.filter(kind=kind, cause__startswith=f"{cause} ", events__kind="cancelled").count()
    return f"{cause} {ended}"


def paper_of_token(token: str) -> Paper:
    """Return the paper whose QR code leads here, with its events. Raises PaperNotFound."""
    found = Paper.objects.prefetch_related("events").filter(token=token.replace("\0", "")).first()
    if found is None:
        raise PaperNotFound
    return found


def papers_about(subjects: Iterable[UUID]) -> list[Paper]:
    """Return the papers that speak of the charges of these subjects, the latest first, with their events."""
    ids = PaperCharge.objects.filter(charge__subject__in=list(subjects)).values("paper_id")
    return list(Paper.objects.filter(pk__in=ids).prefetch_related("events").order_by("-issued_at", "-pk"))


def is_about(paper: Paper, subject: UUID) -> bool:
    """Whether a paper speaks of the charge of this subject."""
    return paper.parts.filter(charge__subject=subject).exists()


def truth_of(paper: Paper) -> Truth:
    """Tell what holds of a paper now, from what happened to it and from the ledger."""
    events = list(paper.events.all())
    again = [one for one in events if one.kind == PaperEvent.Kind.REISSUED]
    ended = next((one for one in events if one.kind == PaperEvent.Kind.CANCELLED), None)
    facts: dict[str, Any] = {"reissues": len(again), "reissued_at": again[-1].at if again else None}
    if ended is not None:
        return Truth("cancelled", cancelled_why=ended.reason, cancelled_at=ended.at, **facts)
    if paper.entry_id is not None:
        return _of_collection(paper.entry_id, facts)
    if paper.kind == Kind.SLIP:
        return Truth(_state_of_slip(paper), **facts)
    return Truth("valid", **facts)


def municipality_name() -> str:
    """The name of the municipality this thread's connection is in."""
    return str(connection.tenant.name)  # type: ignore[attr-defined]


def _event(paper: Paper, kind: PaperEvent.Kind, reason: str, actor: Actor, now: datetime) -> PaperEvent:
    return PaperEvent.objects.create(
        paper=paper, kind=kind, reason=reason[:200], at=now, actor_kind=actor.kind, actor_id=actor.id
    )


def _of_collection(entry_id: int, facts: Mapping[str, Any]) -> Truth:
    taken_back = LedgerEntry.objects.filter(corrects_id=entry_id).first()
    if taken_back is not None:
        return Truth("cancelled", cancelled_why=taken_back.memo, cancelled_at=taken_back.at, **facts)
    back = Refund.objects.filter(source_id=entry_id).exclude(state=Refund.State.WITHDRAWN)
    returned = back.aggregate(yen=Sum("yen"))["yen"] or 0
    return Truth("valid", returned_yen=returned, **facts)


def _state_of_slip(paper: Paper) -> Literal["valid", "changed", "paid"]:
    parts = dict(paper.parts.values_list("charge_id", "yen"))
    sums = sums_of(parts)
    due = {charge_id: one.due for charge_id, one in sums.items()}
    if any(due.values()):
        return "valid" if due == parts else "changed"
    return "paid" if any(one.collected > one.refund_decided for one in sums.values()) else "changed"
