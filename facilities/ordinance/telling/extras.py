"""What is paid beside the fee: heating, lighting, equipment."""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
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
from facilities.ordinance.telling.words import NOTHING, Words, around, flag, named, same, say, together

_DASH = Words("—", "—")
_ALWAYS = Words("いつでも加わる", "always charged")
_BY_ITSELF = Words("当たるときは、頼まなくても加わる", "charged by itself")
_ASKED = Words("頼むとき", "on request")
_BELOW = Words("この表の後", "below")
_BY_ROOM = Words("部屋ごと", "by room")
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
        by_itself = _ALWAYS if one.get("always") else _BY_ITSELF if getattr(one.part, "when", ()) else _ASKED
        price = _BELOW if getattr(one.part, "fee", None) else _BY_ROOM
        has = around("{it}まで", "up to {it}", one.words("stock"))
        how = together(
            [by_itself, has, flag(one.get("deposit"), "預り金（使った後に返す）", "deposit, comes back")]
        )
        name = _name(one)
        one.get("fee")
        rows.append(one.row(cell(name, heading=True), cell(how), cell(conditions(one) or _DASH), cell(price)))
    head = (Words("もの", "What"), Words("加わるとき", "How"), Words("場合", "Case"), Words("額", "Price"))
    return table(Words("加わるとき", "When they are charged"), head, rows, path)
