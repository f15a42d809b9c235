"""The bank's list of what was paid with slips: looked at first, then booked line by line, each payment once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from payments.ledger import lock_by_id
from payments.models import PaidLine, PaidList, PaidListFormat, Paper, Task
from payments.papers.issuing import Kind
from payments.services import collect_through
from payments.slips.errors import (
    LineAlreadyBooked,
    LinesUnreadable,
    ListAlreadyCarriedOut,
    NoSuchSlip,
    PaidListNotFound,
)
from payments.slips.issuing import number_of_slip, slip_of_number
from payments.slips.reading import ReadLine, read_list
from tenants.jobs import enqueue

CARRY_OUT_JOB = "payments.carry_out_paid_list"
GATEWAY = "bank_slip"
State = PaidList.State
Outcome = PaidLine.Outcome


@transaction.atomic
def take_list(*, data: bytes, name: str, format_id: int, staff_id: int, now: datetime) -> PaidList:
    """Read a bank's list and keep it for looking at; nothing is booked yet.

    Raises PaidListNotFound (no such format) and what ``read_list`` raises.
    """
    form = PaidListFormat.objects.filter(pk=format_id).first()
    if form is None:
        raise PaidListNotFound
    read = read_list(data, encoding=form.encoding, heading_lines=form.heading_lines, columns=form.columns)
    taken = PaidList.objects.create(format=form, name=name[:200], handed_in_at=now, handed_in_by_id=staff_id)
    slips = _slips_of(line.slip_number for line in read)
    known = _taken_already(read)
    seen = set[str]()
    rows = []
    for line in read:
        repeated = line.identity in known or line.identity in seen
        rows.append(_row(taken, line, slips.get(line.slip_number), repeated=repeated))
        seen |= {line.identity} - {""}
    PaidLine.objects.bulk_create(rows)
    return taken


@transaction.atomic
def carry_out(*, list_id: int, unreadable_seen: bool, now: datetime) -> None:
    """Let the worker book a list. ``unreadable_seen``: somebody looked at the lines that cannot be read, and they are
    no payments. Raises PaidListNotFound, ListAlreadyCarriedOut, LinesUnreadable.
    """
    taken = _locked(list_id)
    if taken.state != State.READ:
        raise ListAlreadyCarriedOut
    if not unreadable_seen and taken.lines.filter(outcome=Outcome.UNREADABLE).exists():
        raise LinesUnreadable
    PaidList.objects.filter(pk=list_id).update(state=State.WANTED)
    enqueue(CARRY_OUT_JOB, list_id=list_id)


@transaction.atomic
def drop_list(*, list_id: int) -> None:
    """Leave a list that was not carried out. Raises PaidListNotFound, ListAlreadyCarriedOut."""
    if _locked(list_id).state != State.READ:
        raise ListAlreadyCarriedOut
    PaidList.objects.filter(pk=list_id).update(state=State.DROPPED)


def book_list(*, list_id: int, now: datetime) -> None:
    """Book every line of a list that was wanted, each in a transaction of its own; may run as often as it likes."""
    taken = PaidList.objects.filter(pk=list_id, state=State.WANTED).first()
    if taken is None:
        return
    open_lines = taken.lines.filter(taken_at=None).exclude(outcome__in=[Outcome.UNREADABLE, Outcome.REPEATED])
    for line_id in list(open_lines.order_by("number").values_list("pk", flat=True)):
        take_line(line_id=line_id, now=now)
    PaidList.objects.filter(pk=list_id, state=State.WANTED).update(state=State.DONE, done_at=now)


@transaction.atomic
def take_line(*, line_id: int, now: datetime) -> None:
    """Take over one payment: into the ledger, or into a clerk's queue where no slip has its number. Once, whatever file
    it comes in: another list that had it first makes it a repeated one.
    """
    identity = PaidLine.objects.values_list("identity", flat=True).get(pk=line_id)
    # All lines of this payment, in whichever list: of two lists at once the second waits here.
    same = PaidLine.objects.select_for_update(of=("self",), no_key=True).filter(identity=identity)
    lines = {line.pk: line for line in same.select_related("paid_list").order_by("pk")}
    line = lines[line_id]
    if not identity or line.taken_at is not None or line.outcome == Outcome.REPEATED:
        return
    if any(other.taken_at for other in lines.values()):
        PaidLine.objects.filter(pk=line_id).update(outcome=Outcome.REPEATED)
        return
    PaidLine.objects.filter(pk=line_id).update(taken_at=now)
    if line.paper_id is None:
        _ask_a_clerk(line, Task.Kind.UNMATCHED_PAYMENT, now)
    else:
        _book(line, line.paper_id, Actor("staff", line.paid_list.handed_in_by_id), now)


@transaction.atomic
def match_line(*, line_id: int, slip_number: str, staff_id: int, now: datetime) -> Paper:
    """Book a payment no slip was found for to the slip a clerk found. Raises PaidListNotFound, LineAlreadyBooked,
    NoSuchSlip."""
    line = (
        PaidLine.objects.select_for_update(of=("self",))
        .select_related("paid_list")
        .filter(pk=line_id, taken_at__isnull=False)
        .first()
    )
    if line is None:
        raise PaidListNotFound
    if line.booked_at is not None:
        raise LineAlreadyBooked
    paper = slip_of_number(slip_number)
    if paper is None:
        raise NoSuchSlip
    PaidLine.objects.filter(pk=line_id).update(paper=paper, outcome=_outcome(line.yen or 0, paper))
    line.refresh_from_db()
    _book(line, paper.pk, Actor("staff", staff_id), now)
    Task.objects.filter(kind=Task.Kind.UNMATCHED_PAYMENT, cause=_cause(line), closed_at=None).update(
        closed_at=now, closed_by=staff_id, note=f"納付書 {paper.number}"
    )
    return paper


def lists_in_progress() -> list[int]:
    """Return the lists somebody wanted to have carried out and the worker has not finished."""
    return list(PaidList.objects.filter(state=State.WANTED).values_list("pk", flat=True))


def _book(line: PaidLine, paper_id: int, actor: Actor, now: datetime) -> None:
    """Spread the money over the charges of the slip, as it asked; what is beyond goes to the last and back."""
    paper = Paper.objects.get(pk=paper_id)
    parts = list(paper.parts.order_by("charge_id").values_list("charge_id", "yen"))
    for charge_id, _ in parts:
        lock_by_id(charge_id)
    left, surplus = line.yen or 0, False
    for place, (charge_id, asked) in enumerate(parts, start=1):
        yen = left if place == len(parts) else min(left, asked)
        if yen == 0:
            break
        left -= yen
        back = collect_through(
            charge_id=charge_id,
            yen=yen,
            gateway_key=GATEWAY,
            actor=actor,
            now=now,
            memo=f"納付書 {paper.number}（{line.paid_on}、{line.paid_list.name} {line.number}行目）",
            received_on=line.paid_on,
        )
        surplus = surplus or back is not None
    PaidLine.objects.filter(pk=line.pk).update(booked_at=now)
    if line.outcome != Outcome.EXACT and not surplus:
        _ask_a_clerk(line, Task.Kind.DIFFERENCE, now, charge_id=parts[-1][0], asked=paper.yen or 0)


def _ask_a_clerk(
    line: PaidLine, kind: Task.Kind, now: datetime, *, charge_id: int | None = None, asked: int | None = None
) -> None:
    facts = {
        "yen": line.yen,
        "paid_on": str(line.paid_on),
        "slip": line.slip_number,
        "list": line.paid_list_id,
        "line": line.number,
        "asked": asked,
    }
    Task.objects.get_or_create(
        kind=kind,
        cause=_cause(line),
        defaults={"charge_id": charge_id, "facts": facts, "opened_at": now},
    )


def _cause(line: PaidLine) -> str:
    return f"paid line {line.pk}"


def _locked(list_id: int) -> PaidList:
    found = PaidList.objects.select_for_update().filter(pk=list_id).first()
    if found is None:
        raise PaidListNotFound
    return found


def _slips_of(numbers: Iterable[str]) -> Mapping[str, Paper]:
    """The slips with these numbers as the bank wrote them, in few queries."""
    wanted = {number: found for number in set(numbers) if (found := number_of_slip(number))}
    years = {year for year, _ in wanted.values()}
    papers = Paper.objects.filter(
        kind=Kind.SLIP, fiscal_year__in=years, serial__in={serial for _, serial in wanted.values()}
    )
    known = {(paper.fiscal_year, paper.serial): paper for paper in papers}
    return {number: known[key] for number, key in wanted.items() if key in known}


def _taken_already(lines: Iterable[ReadLine]) -> set[str]:
    identities = [line.identity for line in lines if line.identity]
    rows = PaidLine.objects.filter(identity__in=identities, taken_at__isnull=False)
    return set(rows.values_list("identity", flat=True))


def _row(taken: PaidList, line: ReadLine, paper: Paper | None, *, repeated: bool) -> PaidLine:
    if line.problem:
        outcome = Outcome.UNREADABLE
    elif repeated:
        outcome = Outcome.REPEATED
    else:
        outcome = _outcome(line.yen or 0, paper)
    return PaidLine(
        paid_list=taken,
        number=line.number,
        raw=list(line.raw),
        slip_number=line.slip_number,
        yen=line.yen,
        paid_on=line.paid_on,
        reference=line.reference,
        identity=line.identity,
        outcome=outcome,
        problem=line.problem,
        paper=None if outcome in (Outcome.UNREADABLE, Outcome.REPEATED) else paper,
    )


def _outcome(yen: int, paper: Paper | None) -> PaidLine.Outcome:
    if paper is None:
        return Outcome.UNKNOWN
    asked = paper.yen or 0
    if yen == asked:
        return Outcome.EXACT
    return Outcome.LESS if yen < asked else Outcome.MORE
