"""What is paid beside the fee: heating, lighting, equipment."""

from __future__ import annotations

from facilities.ordinance.document import Ordinance
from facilities.ordinance.telling.chapters import (
    Chapter,
    Path,
    Row,
    Sentence,
    Table,
    cell,
    chapter,
    section,
    table,
)
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.fees import Priced, price_parts
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import lists_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, named, same, say, together

_DASH = Words("—", "—")
_DEPOSIT = Words("預り金（使った後に返す）", "deposit, comes back after the use")


def extra_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of extras."""
    slots = tuple((slot.key, named(slot)) for time in document.times.values() for slot in time.slots)

    def tell(key: str, title: Words, path: Path, extras: list[Taking]) -> Chapter:
        parts: list[Sentence | Table] = [_when(extras, path)] if extras else []
        things = [Priced(_name(one), fee, slots) for one in extras if (fee := one.one("fee"))]
        prices = price_parts(Words("額", "Prices"), Words("もの", "What"), things, path) if things else []
        return chapter(
            key, title, section(NOTHING, path, *parts), section(Words("額", "Prices"), path, *prices)
        )

    return lists_of("extras", document.extras, Words("使用料のほかの額", "Paid beside the fee"), names, tell)


def _name(extra: Taking) -> Words:
    unit = extra.get("unit")
    return (
        say("{name}（{unit}）", "{name} ({unit})", name=named(extra.part), unit=same(unit))
        if unit
        else named(extra.part)
    )


def _when(extras: list[Taking], path: Path) -> Table:
    rows: list[Row] = []
    for one in extras:
        by_itself = bool(getattr(one.part, "when", ()))
        how = (
            Words("当たるときは、頼まなくても加わる", "charged by itself")
            if by_itself
            else Words("頼むとき", "on request")
        )
        price = (
            Words("この表の後", "below") if getattr(one.part, "fee", None) else Words("部屋ごと", "by room")
        )
        stock = one.get("stock")
        has = say("{n}まで", "up to {n}", n=f"{stock:,}") if stock is not None else NOTHING
        deposit = (
            Words("預り金（使った後に返す）", "deposit, comes back after the use")
            if one.get("deposit")
            else NOTHING
        )
        how = together([how, has, deposit])
        name = _name(one)
        one.get("fee")
        rows.append(one.row(cell(name, heading=True), cell(how), cell(conditions(one) or _DASH), cell(price)))
    head = (Words("もの", "What"), Words("加わるとき", "How"), Words("場合", "Case"), Words("額", "Price"))
    return table(Words("加わるとき", "When they are charged"), head, rows, path)
