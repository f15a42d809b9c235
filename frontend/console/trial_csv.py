"""The finest sums of a trial as rows for a spreadsheet; every table of the page is a sum of them."""

from __future__ import annotations

from collections.abc import Iterator

from booking.repricing import Result
from frontend.console.csv_rows import csv_line
from frontend.templatetags.machinoma import name_of

HEADER = (
    "利用者区分", "館", "部屋", "使った月", "予約の数", "比べた数", "値上がり", "変わらない", "値下がり",
    "貸せなくなる", "新しい料金が出ない", "もとの料金が出ない",
    "もとの額（減免前・円）", "もとの減免（円）", "もとの額（円）",
    "新しい額（減免前・円）", "新しい減免（円）", "新しい額（円）", "差（円）",
    "実際に決めた額（比べた予約・円）", "比べない予約のもとの額（円）",
)  # fmt: skip


def trial_lines(result: Result) -> Iterator[str]:
    """Yield the lines of the file, the byte order mark first."""
    yield "\ufeff" + csv_line(HEADER)
    for who, place, month, totals in result.cells():
        counts = (totals.count, totals.compared, totals.dearer, totals.same, totals.cheaper)
        apart = (totals.gone, totals.unpriced, totals.baseless)
        old = (totals.old_before, totals.old_exempt, totals.old)
        new = (totals.new_before, totals.new_exempt, totals.new)
        names = (name_of(who), name_of(place.hall), name_of(place.room), month)
        yield csv_line(
            [*names, *counts, *apart, *old, *new, totals.difference, totals.paid, totals.apart_old]
        )
