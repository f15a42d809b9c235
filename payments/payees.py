"""Settings of money: who receives it, under which item it is booked, and what holds at a hall.

What money was booked under stays what it was: whose it is and how it is taxed are not changed afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from payments.models import Charge, HallTerms, Payee, RevenueItem
from payments.models.payees import WAYS
from payments.online.errors import NoSuchPayee
from payments.papers.invoices import registration_number
from payments.payee_errors import (
    FeeDecidedByMunicipality,
    ItemNotFound,
    ManagerNeedsName,
    MoneyTaken,
    NotARegistrationNumber,
    NoWay,
    OneDefaultNeeded,
    UnknownWay,
)


@transaction.atomic
def save_payee(
    *,
    payee_id: int | None,
    kind: str,
    name: str,
    signed_by: str,
    address: str,
    phone: str,
    invoice_number: str,
    decided_by: str,
    online_paper: str,
    four_eyes_from_yen: int | None,
) -> Payee:
    """Add (``payee_id`` None) or change who receives money. The registration number may be typed in any usual way.

    Raises NoSuchPayee, NotARegistrationNumber, ManagerNeedsName, FeeDecidedByMunicipality; MoneyTaken where the kind
    of money that was taken already would change.
    """
    payee = Payee() if payee_id is None else payee_of(payee_id, lock=True)
    number = registration_number(invoice_number) if invoice_number.strip() else ""
    if number is None:
        raise NotARegistrationNumber
    if kind == Payee.Kind.MANAGER and not name.strip():
        raise ManagerNeedsName
    if kind == Payee.Kind.PUBLIC and decided_by != Payee.DecidedBy.ADMIN:
        raise FeeDecidedByMunicipality
    if payee.pk and kind != payee.kind and Charge.objects.filter(item__payee_id=payee.pk).exists():
        raise MoneyTaken
    payee.kind, payee.name, payee.signed_by = kind, name.strip(), signed_by.strip()
    payee.address, payee.phone, payee.invoice_number = address.strip(), phone, number
    payee.decided_by, payee.online_paper, payee.four_eyes_from_yen = (
        decided_by,
        online_paper,
        four_eyes_from_yen,
    )
    payee.save()
    return payee


@transaction.atomic
def save_item(
    *,
    item_id: int | None,
    payee_id: int,
    code: str,
    account: str,
    kan: str,
    kou: str,
    moku: str,
    setsu: str,
    tax: str,
    is_default: bool,
) -> RevenueItem:
    """Add (``item_id`` None) or change a revenue item. The default one is of every hall without terms of its own:
    choosing another takes it from the one before.

    Raises NoSuchPayee, ItemNotFound, OneDefaultNeeded; MoneyTaken where payee or tax of money that was booked already
    would change.
    """
    payee_of(payee_id)
    item = RevenueItem() if item_id is None else item_of(item_id, lock=True)
    if item.pk and (payee_id != item.payee_id or tax != item.tax) and item.charges.exists():
        raise MoneyTaken
    if item.is_default and not is_default:
        raise OneDefaultNeeded
    if is_default:
        RevenueItem.objects.filter(is_default=True).exclude(pk=item.pk).update(is_default=False)
    said = {"code": code, "account": account, "kan": kan, "kou": kou, "moku": moku, "setsu": setsu}
    for field, value in said.items():
        setattr(item, field, value.strip())
    item.payee_id, item.tax, item.is_default = payee_id, tax, is_default
    item.save()
    return item


@transaction.atomic
def set_hall_terms(
    *, facility_id: int, item_id: int, ways: Sequence[str], ways_by_class: Mapping[str, Sequence[str]]
) -> HallTerms:
    """Say under which item a hall's money is booked from now on, and in which ways it is paid: by all, or by an
    applicant class (its key; none: as all).

    What was charged before stays under its item. Raises ItemNotFound, NoWay, UnknownWay.
    """
    item_of(item_id)
    by_class = {key: in_order(chosen) for key, chosen in ways_by_class.items() if chosen}
    if not ways:
        raise NoWay
    values: dict[str, Any] = {"item_id": item_id, "ways": in_order(ways), "ways_by_class": by_class}
    terms, _ = HallTerms.objects.update_or_create(facility_id=facility_id, defaults=values)
    return terms


def payee_of(payee_id: int, *, lock: bool = False) -> Payee:
    """Return a payee. Raises NoSuchPayee."""
    rows = Payee.objects.filter(pk=payee_id)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NoSuchPayee
    return found


def item_of(item_id: int, *, lock: bool = False) -> RevenueItem:
    """Return a revenue item with its payee. Raises ItemNotFound."""
    rows = RevenueItem.objects.select_related("payee").filter(pk=item_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise ItemNotFound
    return found


def in_order(ways: Sequence[str]) -> list[str]:
    """Return ways in the order of WAYS, each once. Raises UnknownWay."""
    if set(ways) - set(WAYS):
        raise UnknownWay
    return [way for way in WAYS if way in ways]


def payees() -> list[Payee]:
    """Return all payees with their items, the oldest first."""
    return list(Payee.objects.prefetch_related("items__halls__facility").order_by("pk"))


def hall_terms() -> dict[int, HallTerms]:
    """Return the terms of the halls that have some, by the hall's id."""
    return {one.facility_id: one for one in HallTerms.objects.select_related("item__payee")}
