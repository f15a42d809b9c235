"""A list beside the halls there are: which row is which hall, and what would change in it. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facilities.models import Facility
from facilities.opendata import columns
from facilities.opendata.exporting import FIELDS, PLACE, REST, columns_by_hall
from facilities.opendata.folding import clean
from facilities.opendata.matching import Known, fold_hall, match
from facilities.opendata.rows import Row, Town, read_row

_COMPARED = (*FIELDS, *PLACE, *REST)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which row is which hall (by row number and hall id), and what a list of our own would say of each hall."""

    town: str
    matched: Mapping[int, int]
    own: Mapping[int, Row]
    halls: Mapping[int, Facility]

    def hall_of(self, row: Row) -> Facility | None:
        """Return the hall a row is about, if there is one already."""
        return self.halls.get(self.matched.get(row.number, 0))

    def changes(self, row: Row) -> dict[str, str]:
        """Return the columns in which a row says something else than its hall, with what it says.

        Empty cells say nothing, and a name that only differs in width or in the town before it is the same name.
        """
        hall = self.hall_of(row)
        if hall is None:
            return {}
        own = self.own[hall.pk]
        changed = {
            column: row.values[column]
            for column in _COMPARED
            if row.values.get(column, "") not in {"", own.values.get(column, "")}
        }
        if fold_hall(row.name, self.town) == fold_hall(own.name, self.town):
            changed.pop(columns.NAME, None)
        return changed


def compare(rows: Sequence[Row], halls: Sequence[Facility], *, lg_code: str, town: str) -> Comparison:
    """Put the rows that were taken beside all halls of the municipality."""
    own = {
        pk: _as_read(cells, lg_code, town)
        for pk, cells in columns_by_hall(halls, lg_code=lg_code, town=town).items()
    }
    known = [
        Known(hall.pk, own[hall.pk].values.get(columns.ID, ""), hall.name, hall.address) for hall in halls
    ]
    return Comparison(town, match(rows, known, town), own, {hall.pk: hall for hall in halls})


def _as_read(cells: Mapping[str, str], lg_code: str, town: str) -> Row:
    """A hall's columns as they would come back from a file: what only looks different there is no change."""
    where = {column: index for index, column in enumerate(columns.STANDARD)}
    raw = [clean(cells.get(column, "")) for column in columns.STANDARD]
    return read_row(0, raw, where, len(raw), Town(lg_code, town))
