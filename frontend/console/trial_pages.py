"""What a page shows of a finished trial: tables, and pictures of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from booking.repricing import Result
from booking.repricing.results import Group, Row
from booking.trial_words import MONTHS_EN, group_words, month_words, sum_yen
from frontend.pictures import Amount, Bars, Columns, bars, columns
from frontend.templatetags.machinoma import name_of

MOST_BARS = 12


def facts_of(result: Result) -> dict[str, Any]:
    """Everything ``console/trial.html`` shows."""
    rooms, months = result.by_room(), result.by_month()
    halls = result.by_hall()
    groups = _shown_groups(result.groups())
    return {
        "result": result,
        "total": result.total,
        "classes": [_table_row(row, name_of(row.name)) for row in result.by_class()],
        "halls": [_table_row(row, name_of(row.name)) for row in halls] if len(halls) > 1 else [],
        "rooms": [_table_row(row, room_words(result, row, halls)) for row in rooms],
        "months": [_table_row(row, month_words(row.key)) for row in months],
        "groups": groups,
        "class_picture": _pairs([(name_of(row.name), row) for row in result.by_class()]),
        "room_picture": _pairs([(room_words(result, row, halls), row) for row in _most_changed(rooms)]),
        "rooms_left_out": max(0, len(rooms) - MOST_BARS),
        "month_picture": _months(months),
        "group_picture": _group_bars(groups),
        "apart": [(verdict, result.apart(verdict)) for verdict in ("gone", "unpriced", "baseless")],
    }


def room_words(result: Result, row: Row, halls: Sequence[Row]) -> str:
    """A room's name, with its hall where there are several."""
    room = name_of(row.name)
    return f"{name_of(result.hall_of(row.key))} {room}" if len(halls) > 1 else room


def _table_row(row: Row, words: str) -> dict[str, Any]:
    return {"words": words, "totals": row.totals}


def _most_changed(rows: Sequence[Row]) -> list[Row]:
    """The rooms whose sum changes most, in the order of the house."""
    largest = sorted(rows, key=lambda row: (-abs(row.totals.difference), -row.totals.old))[:MOST_BARS]
    return [row for row in rows if row in largest]


def _pairs(rows: Sequence[tuple[str, Row]]) -> Bars:
    return bars(
        [
            (
                words,
                (
                    Amount(row.totals.old, sum_yen(row.totals.old), "old"),
                    Amount(row.totals.new, sum_yen(row.totals.new), "new"),
                ),
            )
            for words, row in rows
        ]
    )


def _months(rows: Sequence[Row]) -> Columns:
    """Names as short as a phone wants them: the number of the month, and the year below its first one (not below a
    lone December, where two years would run into each other)."""
    japanese, every = (get_language() or "ja").startswith("ja"), -(-len(rows) // 12)
    keys = [row.key.split("-") for row in rows]
    drawn = []
    for place, ((year, number), row) in enumerate(zip(keys, rows, strict=True)):
        name = str(int(number)) if japanese else MONTHS_EN[int(number) - 1]
        begins = place == 0 or keys[place - 1][0] != year
        alone = place == 0 and len(keys) > 1 and keys[1][0] != year
        mark = (f"{year}年" if japanese else year) if begins and not alone else ""
        drawn.append((name if place % every == 0 else "", mark, row.totals.old, row.totals.new))
    most = max((max(row.totals.old, row.totals.new) for row in rows), default=0)
    return columns(drawn, sum_yen(most))


def _shown_groups(groups: Sequence[Group]) -> list[Group]:
    """The groups from the first to the last that has any; that of no change always."""
    used = [place for place, group in enumerate(groups) if group.count or group.low == group.high == 0]
    return list(groups[used[0] : used[-1] + 1])


def _group_bars(groups: Sequence[Group]) -> Bars:
    return bars(
        [
            (
                group_words(group),
                (Amount(group.count, _("%(count)s件") % {"count": f"{group.count:,}"}, _tone(group)),),
            )
            for group in reversed(groups)
        ]
    )


def _tone(group: Group) -> str:
    if group.low == group.high == 0:
        return "same"
    return "more" if group.low is not None and group.low > 0 else "less"
