"""Refunds: asked for by the merchant, settled, held up or failed by banks, and for konbini finished by the payer."""

from __future__ import annotations

import re

from config.demo.fake_stripe import balance, cards, rows
from config.demo.fake_stripe.forms import Params, Problem, Row
from config.demo.fake_stripe.platform import Platform, Store

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
# How the next refund begins when told so: see ``control.Control.next_refund``.
OUTCOMES = ("pending", "fails", "no_funds")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DAYS_FOR_PAYER = 45
_LATER = 60 * 60


def create(platform: Platform, store: Store, params: Params) -> Row:
    """Give back all or a part of a payment. Raises Problem for more than is left of it."""
    charge = _charge(store, params)
    yen = _yen(charge, params)
    kind = charge["payment_method_details"]["type"]
    mail = params.text("instructions_email")
    if kind == "konbini" and not (mail and _MAIL.fullmatch(mail)):
        raise Problem(
            "Refunds of konbini payments need the payer's email address for instructions.",
            code="parameter_missing" if not mail else "email_invalid",
            param="instructions_email",
        )
    facts = {
        "destination_details": _destination(kind),
        "instructions_email": mail,
        "metadata": params.table("metadata"),
        "reason": params.one_of("reason", REASONS),
    }
    refund = rows.refund(charge, yen, facts, now=platform.now())
    store.refunds[refund["id"]] = refund
    charge["amount_refunded"] += yen
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    _begin(platform, store, refund, kind)
    platform.emit(store, "refund.created", refund)
    platform.emit(store, "charge.refunded", charge)
    return refund


def retrieve(_platform: Platform, store: Store, name: str) -> Row:
    """Read a refund."""
    return store.get("refunds", name, called="refund")


def cancel(platform: Platform, store: Store, name: str) -> Row:
    """Take back a refund whose payer has not said where the money should go."""
    refund = retrieve(platform, store, name)
    if refund["status"] != "requires_action":
        raise Problem(f"A refund that is {refund['status']} cannot be canceled.", kept=True)
    _undo(platform, store, refund, status="canceled")
    platform.emit(store, "refund.updated", refund)
    return refund


def settle(platform: Platform, store: Store, refund: Row) -> None:
    """The money has arrived at the payer."""
    if refund["status"] not in {"pending", "requires_action"}:
        raise Problem(f"Refund {refund['id']} is {refund['status']}.", kept=True)
    if refund["balance_transaction"] is None:
        _take(platform, store, refund)
    refund.update(status="succeeded", next_action=None, pending_reason=None)
    details = refund["destination_details"]
    kind = details["type"]
    if kind == "card":
        details[kind].update(reference="20270519000123", reference_status="available")
    elif kind == "jp_bank_transfer":
        details[kind].update(reference=refund["id"][-10:], reference_status="available")
    store.hidden.pop(refund["id"], None)
    _tell_change(platform, store, refund)


def fail(platform: Platform, store: Store, refund: Row, reason: str = "lost_or_stolen_card") -> None:
    """The money came back, even if the refund had gone well: it belongs to the merchant again."""
    if refund["status"] in {"failed", "canceled"}:
        raise Problem(f"Refund {refund['id']} is {refund['status']}.", kept=True)
    _undo(platform, store, refund, status="failed")
    refund["failure_reason"] = reason
    platform.emit(store, "refund.failed", refund)
    _tell_change(platform, store, refund)


def give_account(platform: Platform, store: Store, refund: Row) -> None:
    """The payer of a konbini payment says into which bank account the money should go."""
    if refund["status"] != "requires_action":
        raise Problem(f"Refund {refund['id']} is {refund['status']}.", kept=True)
    refund.update(status="pending", next_action=None, pending_reason="processing")
    store.hidden[refund["id"]] = {"at": platform.now() + _LATER, "then": "settle"}
    _tell_change(platform, store, refund)


def carry_on(platform: Platform) -> None:
    """What banks decide later is decided when its time has come; who gives no account in time gets nothing."""
    now = platform.now()
    for store in list(platform.stores.values()):
        for refund in list(store.refunds.values()):
            plan = store.hidden.get(refund["id"])
            if not plan or plan["at"] > now:
                continue
            del store.hidden[refund["id"]]
            if plan["then"] == "settle" and refund["status"] == "pending":
                settle(platform, store, refund)
            elif plan["then"] == "fail" and refund["status"] in {"succeeded", "pending"}:
                fail(platform, store, refund)
            elif plan["then"] == "give up" and refund["status"] == "requires_action":
                fail(platform, store, refund, "unknown")


def _begin(platform: Platform, store: Store, refund: Row, kind: str) -> None:
    now = platform.now()
    number = store.hidden.get(refund["charge"], {}).get("card") or ""
    outcome = platform.take_refund_outcome() or (cards.CARDS[number].refund if number else "")
    if kind == "konbini":
        until = now + _DAYS_FOR_PAYER * 86_400
        sent = {"email_sent_at": now, "email_sent_to": refund["instructions_email"]}
        details = {"email_sent": sent, "expires_at": until}
        refund.update(
            status="requires_action",
            next_action={"type": "display_details", "display_details": details},
        )
        store.hidden[refund["id"]] = {"at": until, "then": "give up"}
        platform.mails.append(_instructions(platform, refund))
    elif outcome == "pending":
        refund.update(status="pending", pending_reason="processing")
        store.hidden[refund["id"]] = {"at": now + _LATER, "then": "settle"}
    elif outcome == "no_funds":
        refund.update(status="pending", pending_reason="insufficient_funds")
    if refund["pending_reason"] != "insufficient_funds":
        _take(platform, store, refund)
    if outcome == "fails" and kind != "konbini":
        store.hidden[refund["id"]] = {"at": now + _LATER, "then": "fail"}


def _instructions(platform: Platform, refund: Row) -> Row:
    """The mail that asks a payer where the money should go."""
    return {
        "to": refund["instructions_email"],
        "subject": "返金を受け取る口座を入れてください / Tell us where your refund should go",
        "body": (
            f"コンビニで払った {refund['amount']:,}円 を返します。受け取る口座を、つぎのページで入れてください。\n"
            f"¥{refund['amount']:,} that you paid at a konbini is refunded. Enter your bank account on this page:\n\n"
            f"{platform.page_url}/refunds/{refund['id']}\n"
        ),
    }


def _take(platform: Platform, store: Store, refund: Row) -> None:
    kind = "refund" if refund["id"].startswith("re_") else "payment_refund"
    refund["balance_transaction"] = balance.move(platform, store, kind, refund["id"], -refund["amount"])


def _undo(platform: Platform, store: Store, refund: Row, *, status: str) -> None:
    if refund["balance_transaction"] is not None:
        refund["failure_balance_transaction"] = balance.move(
            platform, store, "refund_failure", refund["id"], refund["amount"]
        )
    refund.update(status=status, next_action=None, pending_reason=None)
    store.hidden.pop(refund["id"], None)
    charge = store.charges[refund["charge"]]
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False


def _tell_change(platform: Platform, store: Store, refund: Row) -> None:
    platform.emit(store, "refund.updated", refund)
    platform.emit(store, "charge.refund.updated", refund)


def _charge(store: Store, params: Params) -> Row:
    charge_id, intent_id = params.text("charge"), params.text("payment_intent")
    if intent_id:
        intent = store.get("intents", intent_id, called="payment_intent", param="payment_intent")
        charge_id = charge_id or intent["latest_charge"]
        if intent["status"] != "succeeded":
            raise Problem(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state",
                kept=True,
            )
    if not charge_id:
        raise Problem(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    charge = store.get("charges", charge_id, called="charge", param="charge")
    if intent_id and charge["payment_intent"] != intent_id:
        raise Problem("charge and payment_intent do not belong together.", param="payment_intent")
    if charge["status"] != "succeeded":
        raise Problem(f"Charge {charge_id} was not paid.", kept=True, param="charge")
    if charge["disputed"]:
        raise Problem(
            f"Charge {charge_id} is disputed and cannot be refunded.", code="charge_disputed", kept=True
        )
    return charge


def _yen(charge: Row, params: Params) -> int:
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise Problem(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded", kept=True
        )
    yen = params.whole("amount", left) or 0
    if yen < 1:
        raise Problem("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if yen > left:
        raise Problem(
            f"Refund amount (¥{yen:,}) is greater than unrefunded amount on charge (¥{left:,})",
            param="amount",
            kept=True,
        )
    return yen


def _destination(kind: str) -> Row:
    if kind == "card":
        facts = {
            "reference_status": "pending",
            "reference_type": "acquirer_reference_number",
            "type": "refund",
        }
        return {"card": facts, "type": "card"}
    if kind == "konbini":
        return {
            "jp_bank_transfer": {"reference": None, "reference_status": "pending"},
            "type": "jp_bank_transfer",
        }
    return {"type": kind}
