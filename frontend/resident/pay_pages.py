"""What the pages of paying show: what is due, by who receives it, and the ways to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from booking.paying import Choice, Payable, choose_ways
from frontend.paying import WAY_NAMES
from payments.ways import LIMITS


@dataclass(frozen=True, slots=True)
class Row:
    """Something due, the ways in which it can be paid alone, and whether one of them leads to the provider."""

    payable: Payable
    ways: tuple[str, ...]
    is_online: bool


@dataclass(frozen=True, slots=True)
class PayeeGroup:
    """What is due to one payee (an empty name: the municipality)."""

    name: str
    rows: tuple[Row, ...]

    @property
    def yen(self) -> int:
        """What it comes to."""
        return sum(row.payable.yen for row in self.rows)

    @property
    def is_online(self) -> bool:
        """Whether something of it can be paid here."""
        return any(row.is_online for row in self.rows)


@dataclass(frozen=True, slots=True)
class WayChoice:
    """A way on the page where one is chosen: its key, name, what it means, and why it cannot be chosen."""

    key: str
    name: str
    more: str
    why_not: str = ""


def groups_of(payables: Sequence[Payable], now: datetime) -> list[PayeeGroup]:
    """Return what is due by payee, in the order in which it is due."""
    by_payee: dict[int, list[Payable]] = {}
    for one in payables:
        by_payee.setdefault(one.payee_id, []).append(one)
    return [PayeeGroup(group[0].payee_name, _rows(group, now)) for group in by_payee.values()]


def way_choices(choice: Choice) -> list[WayChoice]:
    """Return the provider's ways for what was chosen; those for which it is too late say so."""
    told = [(way, "") for way in choice.online]
    told += [(way, _("支払いの期限が近いので、使えません。")) for way in choice.late]
    names = {way: str(WAY_NAMES[way]) for way, _why in told}
    return [WayChoice(way, names[way], _more(way), why) for way, why in told]


def refs_in(said: QueryDict) -> list[UUID]:
    """Return the reservations that were ticked; what is no ref is passed over."""
    found = []
    for text in said.getlist("r"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _rows(payables: Sequence[Payable], now: datetime) -> tuple[Row, ...]:
    rows = []
    for one in payables:
        choice = choose_ways([one], now=now)
        rows.append(Row(one, choice.ways, bool(choice.online)))
    return tuple(rows)


def _more(way: str) -> str:
    if way == "card":
        return _("カードの番号を、決済会社（Stripe）のページで書きます。すぐに支払い済みになります。")
    if way == "paypay":
        return _("PayPayのアプリで払います。すぐに支払い済みになります。")
    least = LIMITS[way].min_yen
    return _("番号を受け取り、お店で払います。{least}円から。セブン-イレブンでは払えません。").format(
        least=least
    )
