"""The decision about an exemption on paper (減免決定通知書): what it says, and its number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from booking.exempting.deciders import payee_of
from booking.exempting.grounds import agreed_room
from booking.models import Exemption, Reservation
from payments.models import Charge, Paper
from payments.papers.issuing import (
    Kind,
    PaperWords,
    cancel_paper,
    day_value,
    issue_paper,
    period_value,
    yen_value,
)
from tenants.context import current_zone

State = Exemption.State
_LEADS = {
    State.GRANTED: "申請のあった料金の減免について、次のとおり決定しました。",
    State.REFUSED: "申請のあった料金の減免について、次の理由により認めないことに決定しました。",
    State.REVOKED: "先に決定した料金の減免を、次の理由により取り消しました。",
}
_TITLES = {
    State.GRANTED: "減免決定通知書",
    State.REFUSED: "減免不承認決定通知書",
    State.REVOKED: "減免取消通知書",
}


def exemption_decision_content(exemption: Exemption) -> dict[str, Any]:
    """Return everything the paper about a decision says, as plain values: what was applied for, what was decided, why,
    the price before and after in yen, and the notice of appeal.
    """
    reservation, room = exemption.reservation, agreed_room(exemption.reservation)
    state = State(exemption.state)
    return {
        "state": state.value,
        "title": _TITLES.get(state, _TITLES[State.GRANTED]),
        "lead": _LEADS.get(state, _LEADS[State.GRANTED]),
        "number": exemption.number,
        "reservation": reservation.number,
        "to": reservation.group.name if reservation.group else reservation.resident.name,
        "hall": room.facility_name,
        "room": room.name,
        "starts_at": reservation.starts_at,
        "ends_at": reservation.ends_at,
        "ground": exemption.name,
        "applied_on": exemption.applied_at.astimezone(current_zone()).date(),
        "percent": exemption.percent,
        "yen": exemption.yen,
        "before_yen": exemption.before_yen,
        "after_yen": exemption.after_yen,
        "reason": exemption.revocation if state == State.REVOKED else exemption.reason,
        "instruction": exemption.instruction.splitlines(),
    }


def issue_decision(exemption: Exemption, *, actor: Actor, now: datetime) -> None:
    """Give a decision of staff its numbered paper; once for each decision. Called last in its transaction."""
    said = exemption_decision_content(exemption)
    charges = _charge(exemption.reservation, said["after_yen"] or 0)
    issue_paper(
        kind=Kind.EXEMPTION_DECISION,
        cause=_cause(exemption.pk, said["state"]),
        to=said["to"],
        words=_words(said),
        actor=actor,
        now=now,
        yen=said["after_yen"],
        payee=payee_of(agreed_room(exemption.reservation).facility_id),
        charges=charges,
    )


def void_decision(exemption_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Say on the paper of an exemption that was granted that it holds no more; where there is none, do nothing."""
    paper = decision_paper(exemption_id, State.GRANTED)
    if paper is not None:
        cancel_paper(paper_id=paper.pk, reason=reason, actor=actor, now=now)


def decision_paper(exemption_id: int, state: str) -> Paper | None:
    """Return the paper of a decision; None where it has none (the rules decided)."""
    return Paper.objects.filter(kind=Kind.EXEMPTION_DECISION, cause=_cause(exemption_id, state)).first()


def _cause(exemption_id: int, state: str) -> str:
    return f"exemption {exemption_id} {state}"


def _words(said: dict[str, Any]) -> PaperWords:
    rows: list[tuple[str, Any]] = [
        ("予約番号", said["reservation"]),
        ("施設", f"{said['hall']} {said['room']}"),
        ("利用する日時", period_value(said["starts_at"], said["ends_at"])),
        ("申請の日", day_value(said["applied_on"])),
        ("減免の理由", said["ground"]),
    ]
    if said["state"] == State.GRANTED:
        rows += [
            ("減免の前の料金", yen_value(said["before_yen"])),
            ("減免する額", yen_value(said["before_yen"] - said["after_yen"])),
            ("減免の後の料金", yen_value(said["after_yen"])),
        ]
    if said["reason"]:
        rows.append(("決定の理由", said["reason"]))
    return PaperWords(lead=said["lead"], title=said["title"], rows=rows, instruction=said["instruction"])


def _charge(reservation: Reservation, yen: int) -> dict[int, int]:
    found = Charge.objects.filter(subject=reservation.ref).values_list("pk", flat=True).first()
    return {} if found is None else {found: yen}
