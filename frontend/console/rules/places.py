"""Where in a draft a page is: a path of the document as part of an address, and what may stand there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, get_args, get_origin

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _

from facilities.drafting import save_draft, the_draft
from facilities.errors import DraftChanged, InvalidRules
from facilities.models import RuleDraft
from facilities.ordinance import InvalidDocument, Ordinance, Problem, parse
from facilities.ordinance.editing.changing import value_at
from facilities.ordinance.errors import NoSuchPlace
from facilities.ordinance.reading.parsing import read_plain
from facilities.ordinance.reading.problems import Path
from frontend.access import StaffRequest, console_page
from frontend.console.rules.blanks import Kind, Maker, kind_of
from frontend.console.rules.fields import is_japanese
from frontend.middleware import log_refusal
from tenants.errors import Refusal

P = ParamSpec("P")
TOP = "document"
DraftView = Callable[Concatenate[StaffRequest, "Draft", P], HttpResponse]


@dataclass(slots=True)
class Draft:
    """A draft without mistakes, opened for a page."""

    row: RuleDraft
    document: Ordinance
    plain: Mapping[str, Any]

    @property
    def book_id(self) -> int:
        """Whose draft it is."""
        return self.row.rule_book_id

    @property
    def seen(self) -> str:
        """What a form carries to say which state of the draft it was made from."""
        return self.row.changed_at.isoformat()

    def maker(self) -> Maker:
        """Makes forms for its parts."""
        return Maker(self.document, self.plain)

    def at(self, path: Path) -> Any:
        """The plain value at a path. Raises NoSuchPlace."""
        return value_at(self.row.text, path)

    def save(self, request: StaffRequest, text: str) -> None:
        """Keep a new text that a form made, when it is without mistakes.

        Raises InvalidRules (facts["problems"]), DraftChanged.
        """
        try:
            parse(text)
        except InvalidDocument as error:
            raise InvalidRules(problems=error.problems) from error
        keep(request, self.book_id, text)


def keep(request: StaffRequest, book_id: int, text: str) -> None:
    """Save a text of the draft, with or without mistakes. Raises DraftChanged, DraftTooLong."""
    save_draft(
        rule_book_id=book_id,
        text=text,
        expected_changed_at=seen_at(request),
        staff_id=request.staff.id,
        now=clock_now(),
    )


def seen_at(request: StaffRequest) -> datetime:
    """The state of the draft a form was made from. Raises DraftChanged when it does not say."""
    try:
        at = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        raise DraftChanged from None
    if at.tzinfo is None:
        raise DraftChanged
    return at


def draft_page(view: DraftView[P]) -> Any:
    """A page about a draft without mistakes; one with mistakes leads to its text, where they are shown."""

    @wraps(view)
    def opened(request: StaffRequest, book_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        row = the_draft(book_id)
        try:
            draft = Draft(row, parse(row.text), read_plain(row.text))
        except InvalidDocument:
            messages.error(request, _("下書きに、まちがいがあります。先に、ここで直してください。"))
            return redirect("console:draft_text", book_id=book_id)
        return view(request, draft, *args, **kwargs)

    return console_page(opened)


def address(book_id: int, path: Path, name: str = "console:draft_part") -> str:
    """The address of the page for a place of the draft."""
    return reverse(name, args=[book_id, "/".join(map(str, path)) or TOP])


def path_of(place: str) -> Path:
    """The path an address names. Raises NoSuchPlace for what can be none."""
    if place == TOP:
        return ()
    parts = place.split("/")
    if len(parts) > 30 or not all(part and len(part) <= 60 for part in parts):
        raise NoSuchPlace
    return tuple(int(part) if part.isascii() and part.isdigit() else part for part in parts)


def kind_at(path: Path) -> Kind:
    """What the format says may stand at a path. Raises NoSuchPlace."""
    kind = Kind(Ordinance, (), False)
    for part in path:
        if kind.many:
            if not isinstance(part, int):
                raise NoSuchPlace
            kind = Kind(kind.core, kind.metadata, False)
        elif get_origin(kind.core) is dict and isinstance(part, str):
            kind = kind_of(get_args(kind.core)[1])
        elif kind.model is not None and part in kind.model.model_fields:
            info = kind.model.model_fields[str(part)]
            kind = kind_of(info.annotation, tuple(info.metadata))
        else:
            raise NoSuchPlace
    return kind


@dataclass(frozen=True, slots=True)
class EditLinks:
    """For the telling of the draft: the address where a part is changed, or None."""

    book_id: int

    def get(self, path: Path) -> str | None:
        """The address for a path."""
        try:
            kind = kind_at(path)
        except NoSuchPlace:
            return None
        if kind.many or kind.model is not None:
            return address(self.book_id, path)
        return self.get(path[:-1]) if path else None


def sentence_of(problem: Problem, japanese: bool) -> str:
    """A mistake outside the form that was sent: where it is, and what."""
    return f"{problem.field}: {problem.reason_ja if japanese else problem.reason_en}"


def reasons(error: Exception) -> list[str]:
    """Why a change of the draft was refused, in sentences; a refusal is logged."""
    if isinstance(error, InvalidRules):
        return [sentence_of(one, is_japanese()) for one in error.facts["problems"]]
    if isinstance(error, Refusal):
        log_refusal(error)
        return [_(error.message)]
    return [str(error)]
