"""Files for the accounting system: CSV in the encoding it reads, or a workbook. Text is never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse

from frontend.console.csv_rows import csv_line

Cell = str | int

# Signs that look the same, as Windows' Shift_JIS has them.
_LIKE_WINDOWS = str.maketrans({"〜": "～", "−": "－", "‖": "∥", "—": "―", "¢": "￠", "£": "￡", "¬": "￢"})
# What stands for a letter the encoding does not have.
MISSING = "〓"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_bytes(rows: Iterable[Sequence[Cell]], encoding: str) -> bytes:
    """Return rows as CSV; a letter the encoding does not have becomes 〓."""
    text = "".join(csv_line(row) for row in rows)
    if encoding != "cp932":
        return text.encode(encoding)
    return "".join(_in_windows(letter) for letter in text.translate(_LIKE_WINDOWS)).encode(encoding)


def xlsx_bytes(rows: Iterable[Sequence[Cell]], *, sheet: str) -> bytes:
    """Return rows as a workbook of one sheet: numbers as numbers, everything else as text and never as a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        page = workbook.add_worksheet(sheet)
        widths: dict[int, int] = {}
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(line, column, cell)
                else:
                    page.write_string(line, column, cell)
                widths[column] = max(widths.get(column, 8), min(2 * len(str(cell)), 48))
        for column, width in widths.items():
            page.set_column(column, column, width)
        page.freeze_panes(1, 0)
    return file.getvalue()


def answer(body: bytes, *, name: str, file_format: str) -> HttpResponse:
    """Send a file of one of the two formats under its name."""
    kind = _XLSX if file_format == "xlsx" else "text/csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{file_format}"'}
    return HttpResponse(body, content_type=kind, headers=headers)


def _in_windows(letter: str) -> str:
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return MISSING
    return letter
