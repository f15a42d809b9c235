"""All prices of a hall in one form: rooms down, slots or hours across, one amount a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from facilities.errors import InvalidRules
from facilities.ordinance import editing
from facilities.ordinance.document.ordinance import Facility
from facilities.ordinance.document.values import read_span
from facilities.ordinance.errors import OrdinanceError
from facilities.ordinance.reading.problems import Path
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.conditions import say_when
from facilities.ordinance.telling.labels import label
from facilities.ordinance.telling.naming import Names, names_of
from frontend.access import StaffRequest
from frontend.console.rules.blanks import said
from frontend.console.rules.fields import is_japanese
from frontend.console.rules.places import Draft, address, draft_page, sentence_of
from frontend.forms import PlainForm, WholeNumberField
from frontend.middleware import log_refusal
from tenants.errors import Refusal

_AMOUNTS = ("yen_per_hour", "yen_per_day", "yen", "at_least", "at_most", "percent")
# Django takes 1,000 fields at once; a page with more cells than this is cut by rooms.
MOST_CELLS = 600


@dataclass(frozen=True, slots=True)
class Cell:
    """One amount: where it stands, and what its column is called."""

    path: Path
    heading: str
    amount: int

    @property
    def name(self) -> str:
        """The name of its field."""
        return "c-" + "-".join(map(str, self.path))


@dataclass(slots=True)
class Line:
    """A line of the table: a room, or one case of it."""

    room: str
    case: str
    path: Path
    cells: list[Cell]

    @property
    def headings(self) -> tuple[str, ...]:
        """What its columns are called."""
        return tuple(cell.heading for cell in self.cells)


@dataclass(slots=True)
class Sheet:
    """Lines with the same columns."""

    headings: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)


class FeesForm(PlainForm):
    """The amounts of some lines."""

    def __init__(self, lines: list[Line], data: Any = None) -> None:
        """``data``: what was sent."""
        super().__init__(data, auto_id="id_%s")
        for line in lines:
            for cell in line.cells:
                words = " ".join(filter(None, (line.room, line.case, cell.heading)))
                percent = cell.path[-1] == "percent"
                most = 1000 if percent else 100_000_000
                self.fields[cell.name] = WholeNumberField(label=words, min_value=0, max_value=most)
                self.initial[cell.name] = cell.amount
        self._plain_words()


@draft_page
@require_http_methods(["GET", "HEAD", "POST"])
def fees(request: StaffRequest, draft: Draft, hall: int) -> HttpResponse:
    """Change the prices of a hall's rooms."""
    if hall >= len(draft.document.facilities):
        raise Http404
    pages = _pages(list(_lines(draft, hall)))
    page = _page_number(request, len(pages))
    lines = pages[page]
    form = FeesForm(lines, request.POST or None)
    if request.method == "POST" and form.is_valid():
        cells = {cell.path: form.cleaned_data[cell.name] for line in lines for cell in line.cells}
        if _saved(request, draft, form, cells):
            messages.success(request, _("下書きの料金を変えました。"))
            return redirect("console:draft", book_id=draft.book_id)
    facts = {"draft": draft, "form": form, "hall": draft.document.facilities[hall], "hall_index": hall}
    facts |= {"sheets": _sheets(draft, form, lines), "page": page + 1, "pages": range(1, len(pages) + 1)}
    facts["add"] = address(draft.book_id, ("facilities", hall, "rooms"), "console:draft_add")
    return render(request, "console/rules/fees.html", facts, status=422 if form.errors else 200)


def _saved(request: StaffRequest, draft: Draft, form: forms.Form, cells: Mapping[Path, int]) -> bool:
    try:
        draft.save(request, editing.set_values(draft.row.text, cells))
    except InvalidRules as error:
        for one in error.facts["problems"]:
            form.add_error(None, sentence_of(one, is_japanese()))
        return False
    except (Refusal, OrdinanceError) as error:
        if isinstance(error, Refusal):
            log_refusal(error)
        form.add_error(None, _(error.message) if isinstance(error, Refusal) else str(error))
        return False
    return True


def _lines(draft: Draft, hall: int) -> Iterator[Line]:
    facility = draft.document.facilities[hall]
    names = names_of(draft.document).within(facility)
    for index, room in enumerate(facility.rooms):
        path: Path = ("facilities", hall, "rooms", index, "fee")
        plain = draft.at(path)
        yield Line(room.name, "", path, list(_cells(plain, path, names)))
        for row, entry in enumerate(plain.get("table", ())):
            here = (*path, "table", row)
            case = _case(facility, names, index, row)
            yield Line(room.name, case, here, list(_cells(entry, here, names)))


def _case(facility: Facility, names: Names, room: int, row: int) -> str:
    entry = facility.rooms[room].fee.table[row]
    words = said(say_when(entry.when, names)) if entry.when else ""
    except_when = said(say_when(entry.unless, names)) if entry.unless else ""
    if except_when:
        words = gettext_lazy("{words}（{unless}を除く）").format(words=words, unless=except_when)
    return words or _("そのほかの場合")


def _cells(charge: Mapping[str, Any], path: Path, names: Names) -> Iterator[Cell]:
    for key in _AMOUNTS:
        if isinstance(charge.get(key), int):
            yield Cell((*path, key), said(label(key)), charge[key])
    for key, amount in (charge.get("yen_per_slot") or {}).items():
        yield Cell((*path, "yen_per_slot", key), said(names.of("slot", key)), amount)
    for key in ("first", "every", "every_days"):
        if isinstance(charge.get(key), Mapping):
            yield Cell((*path, key, "yen"), said(label(key)), charge[key]["yen"])
    for key in ("rates", "ceilings"):
        for index, one in enumerate(charge.get(key) or ()):
            amount = next((name for name in ("yen_per_hour", "yen") if name in one), None)
            if amount:
                yield Cell((*path, key, index, amount), _band(one), one[amount])


def _band(rate: Mapping[str, Any]) -> str:
    return said(figures.span(read_span(rate["time"]))) if "time" in rate else _("そのほかの時間")


def _pages(lines: list[Line]) -> list[list[Line]]:
    pages: list[list[Line]] = [[]]
    for line in (one for one in lines if one.cells):
        if sum(len(one.cells) for one in pages[-1]) + len(line.cells) > MOST_CELLS:
            pages.append([])
        pages[-1].append(line)
    return pages


def _page_number(request: StaffRequest, pages: int) -> int:
    typed = request.GET.get("page", "1")
    return min(int(typed), pages) - 1 if typed.isascii() and typed.isdigit() and int(typed[:4]) else 0


def _sheets(draft: Draft, form: FeesForm, lines: list[Line]) -> list[dict[str, Any]]:
    sheets: list[Sheet] = []
    for line in lines:
        if not sheets or sheets[-1].headings != line.headings:
            sheets.append(Sheet(line.headings))
        sheets[-1].lines.append(line)
    return [
        {
            "headings": sheet.headings,
            "lines": [
                {
                    "line": line,
                    "cells": [
                        {
                            "bound": form[cell.name],
                            "heading": cell.heading,
                            "percent": cell.path[-1] == "percent",
                        }
                        for cell in line.cells
                    ],
                    "edit": address(draft.book_id, line.path),
                }
                for line in sheet.lines
            ],
        }
        for sheet in sheets
    ]
