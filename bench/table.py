"""Print the rows as one table that fits a terminal and can be pasted into a document."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bench.comparing import Row

HEAD = ("#", "what", "reference", "measured (medians)", "ratio", "must", "reached")


def print_table(rows: Sequence[Row], machine: str) -> None:
    """Print the table in the order of the row numbers, and below it why a row falls short."""
    ordered = sorted(rows, key=lambda row: (not row.number.split()[0].isdigit(), _number(row.number)))
    lines = [HEAD, *(_cells(row) for row in ordered)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEAD))]
    print(f"\n{machine}; ratios are of this run on this machine.\n")
    for index, line in enumerate(lines):
        print(_joined(line, widths))
        if index == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    for row in ordered:
        if row.why:
            print(f"\nRow {row.number}: {row.why}")
    print()


def _cells(row: Row) -> tuple[str, ...]:
    reached = {True: "yes", False: "NO", None: "not measured"}[row.reached]
    return (row.number, row.what, row.reference, row.measured, row.ratio, row.must, reached)


def _number(text: str) -> float:
    digits = "".join(letter for letter in text if letter.isdigit())
    return float(digits or 99)


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    return "| " + " | ".join(padded) + " |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
