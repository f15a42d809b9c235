"""A finished trial as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from unicodedata import east_asian_width

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from booking.repricing import Result, Totals
from booking.repricing.results import Change, Name, Place
from booking.trial_words import group_words, month_words, more_percent, more_yen, sum_yen, why_apart


def report_lines(result: Result, *, first: date, last: date) -> Iterator[str]:
    """Yield what the page says: the sums, the tables by class, hall, room and month, the largest changes, and what is
    not compared."""
    total = result.total
    yield _("%(first)s から %(last)s までの予約 %(count)s件") % {
        "first": first,
        "last": last,
        "count": total.count,
    }
    yield from _headline(total)
    halls = result.by_hall()
    tables = [
        (_("利用者区分"), [(_name(row.name), row.totals) for row in result.by_class()]),
        (_("館"), [(_name(row.name), row.totals) for row in halls] if len(halls) > 1 else []),
        (_("部屋"), [(_room(result, row.key, row.name), row.totals) for row in result.by_room()]),
        (_("使った月"), [(month_words(row.key), row.totals) for row in result.by_month()]),
    ]
    for head, rows in tables:
        if rows:
            yield ""
            yield from _table(head, rows)
    if total.compared:
        yield ""
        yield from _groups(result)
    yield from _changes(_("値上がりの大きい使い方"), result.dearer())
    yield from _changes(_("値下がりの大きい使い方"), result.cheaper())
    yield from _apart(result)


def _headline(total: Totals) -> Iterator[str]:
    facts = {"old": sum_yen(total.old), "new": sum_yen(total.new), "percent": more_percent(total.percent)}
    yield _("使用料の合計: %(old)s → %(new)s (%(percent)s)") % facts
    counts = {"dearer": total.dearer, "same": total.same, "cheaper": total.cheaper}
    yield _("値上がり %(dearer)s件、変わらない %(same)s件、値下がり %(cheaper)s件") % counts
    if total.old_exempt or total.new_exempt:
        yield _("減免の合計: %(old)s → %(new)s") % {
            "old": sum_yen(total.old_exempt),
            "new": sum_yen(total.new_exempt),
        }
    yield _("実際に決まっていた額の合計: %(paid)s") % {"paid": sum_yen(total.paid)}
    if total.apart:
        yield _("比べない予約: %(count)s件 (もとの額 %(yen)s)") % {
            "count": total.apart,
            "yen": sum_yen(total.apart_old),
        }


def _table(head: str, rows: Sequence[tuple[str, Totals]]) -> Iterator[str]:
    lines = [
        [head, _("もと"), _("新しい"), _("差"), "%", _("値上がり"), _("同じ"), _("値下がり"), _("比べない")]
    ]
    for words, one in rows:
        money = [sum_yen(one.old), sum_yen(one.new), more_yen(one.difference), more_percent(one.percent)]
        counts = [str(number) for number in (one.dearer, one.same, one.cheaper, one.apart)]
        lines.append([words, *money, *counts])
    yield from _aligned(lines)


def _groups(result: Result) -> Iterator[str]:
    yield from _aligned(
        [
            [_("1件の料金"), _("予約")],
            *([group_words(one), str(one.count)] for one in reversed(result.groups()) if one.count),
        ]
    )


def _changes(head: str, changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield ""
    yield from _aligned(
        [
            [head, _("利用者区分"), _("もと"), _("新しい"), _("差"), _("予約")],
            *(
                [
                    _place(one.place),
                    _name(one.applicant_class),
                    sum_yen(one.old.total_yen),
                    sum_yen(one.new.total_yen),
                    more_yen(one.difference),
                    str(one.count),
                ]
                for one in changes
            ),
        ]
    )


def _apart(result: Result) -> Iterator[str]:
    heads = {
        "gone": _("新しい規則では貸せなくなるもの"),
        "unpriced": _("新しい規則では料金が決まらないもの"),
        "baseless": _("もとの規則で料金が出ないもの"),
    }
    for verdict, head in heads.items():
        rows = result.apart(verdict)
        if rows:
            yield ""
            yield head
        for one in rows:
            facts = {
                "place": _place(one.place),
                "count": one.count,
                "yen": sum_yen(one.yen),
                "why": why_apart(one),
            }
            yield _("  %(place)s %(count)s件 (%(yen)s): %(why)s") % facts


def _name(name: Name) -> str:
    return name.name_en if name.name_en and not (get_language() or "ja").startswith("ja") else name.name


def _place(place: Place) -> str:
    return f"{_name(place.hall)} {_name(place.room)}"


def _room(result: Result, key: str, name: Name) -> str:
    return f"{_name(result.hall_of(key))} {_name(name)}"


def _aligned(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns under each other where a full-width letter takes two places; the first flush left, numbers right."""
    widths = [max(_width(line[place]) for line in lines) for place in range(len(lines[0]))]
    for first, *rest in lines:
        cells = [first + " " * (widths[0] - _width(first))]
        cells += [" " * (wide - _width(cell)) + cell for wide, cell in zip(widths[1:], rest, strict=True)]
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text)
