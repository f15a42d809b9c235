"""What becomes of money that goes back, in sentences: before a booking is cancelled, and while it is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.queries import ReservationView
from frontend.templatetags.machinoma import day, yen
from payments.models import Refund
from payments.refunds.left_open import last_decision, open_question
from payments.refunds.queries import BackTo, refunds_of, way_of, where_back
from payments.refunds.rerouting import may_change

State = Refund.State

# How it goes back, by the route and by how it was paid; ``{yen}`` is filled in.
_BACK = {
    ("stripe", "card"): gettext_lazy("{yen} は、払ったときのクレジットカードにもどします。"),
    ("stripe", "paypay"): gettext_lazy("{yen} は、PayPay にもどします。"),
    ("stripe", "konbini"): gettext_lazy(
        "{yen} は、あなたの銀行口座に返します。口座を聞くメールが、決済会社（Stripe）から届きます。"
    ),
    ("stripe", ""): gettext_lazy("{yen} は、払った方法にもどします。"),
    ("desk_cash", ""): gettext_lazy("{yen} は、館の窓口で、現金で返します。"),
    ("bank_transfer", ""): gettext_lazy("{yen} は、あなたの銀行口座に振り込みます。"),
    ("credit", ""): gettext_lazy("{yen} は、ほかの料金に充てます。"),
}
# Where a refund under way stands.
_STANDS = {
    State.AWAITING_APPROVAL: gettext_lazy("いま、館が確認しています。"),
    State.AWAITING_ACCOUNT: gettext_lazy("振込先の口座を、予約のページから入れてください。"),
    State.SENDING: gettext_lazy("手続きを始めました。"),
    State.PENDING: gettext_lazy("手続きをしています。"),
    State.PAYER_ACTION: gettext_lazy("決済会社（Stripe）からのメールを見て、口座を入れてください。"),
    State.DONE: gettext_lazy("返しました。"),
}
_READY = {
    "stripe": gettext_lazy("手続きを始めました。"),
    "bank_transfer": gettext_lazy("口座を受け取りました。振込みの手続きをします。"),
    "desk_cash": gettext_lazy("館の窓口へ来てください。"),
}


def back_words(one: BackTo) -> str:
    """Return where so many yen would go back to."""
    return _sentence(one.route, one.way, one.yen)


def plan_words(view: ReservationView, refund_yen: int | None) -> list[str]:
    """Return where what comes back of a reservation would go to, before it is cancelled."""
    return [back_words(one) for one in where_back(view.ref, refund_yen or 0)]


@dataclass(frozen=True, slots=True)
class ShownRefund:
    """A refund as its payer sees it."""

    refund: Refund
    words: str
    may_change: bool
    wants_account: bool


def shown_refunds(view: ReservationView) -> dict[str, Any]:
    """Return what a page shows of the money that comes back of a reservation."""
    shown = [
        ShownRefund(
            one,
            refund_sentence(one),
            may_change(one) and one.state != State.AWAITING_APPROVAL,
            one.state == State.AWAITING_ACCOUNT,
        )
        for one in refunds_of(view.ref)
    ]
    return {"refunds": shown, "open_question": open_question(view.ref)}


def stand_words(refund: Refund) -> str:
    """Return where a refund stands now."""
    if refund.state == State.READY:
        return str(_READY.get(refund.route, ""))
    return str(_STANDS.get(State(refund.state), ""))


def refund_sentence(refund: Refund) -> str:
    """Return where a refund goes to, how far it is, and until when it has to be claimed."""
    words = _sentence(refund.route, way_of(refund), refund.yen) + stand_words(refund)
    waiting = refund.state == State.AWAITING_ACCOUNT or (
        refund.state == State.READY and refund.route == Refund.Route.DESK_CASH
    )
    return words + claim_words(refund.claim_until) if waiting else words


def claim_words(last: date | None) -> str:
    """Return until when a refund has to be claimed; nothing where the rules name no day."""
    return _("{day}までに請求してください。").format(day=day(last)) if last else ""


def refund_words(view: ReservationView) -> str:
    """Return how the refunds of a reservation stand; or that a person decides; or that nothing comes back, and why."""
    refunds = refunds_of(view.ref)
    if refunds:
        return "\n".join(refund_sentence(one) for one in refunds)
    if open_question(view.ref):
        return _("払ったお金を返すかどうかは、館が決めてお知らせします。")
    decided = last_decision(view.ref)
    if decided:
        return _("払ったお金は、返さないことに決まりました。理由：{why}").format(why=decided.note)
    return ""


def _sentence(route: str, way: str, amount: int) -> str:
    words = _BACK.get((route, way)) or _BACK[route, ""]
    return str(words).format(yen=yen(amount))
