"""Pages that change one part of the draft, or add, remove and reorder the entries of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from facilities.errors import InvalidRules
from facilities.ordinance import editing
from facilities.ordinance.errors import NoSuchPlace, OrdinanceError
from facilities.ordinance.reading.problems import Path
from facilities.ordinance.telling import Table, tell
from facilities.ordinance.telling.labels import label
from facilities.ordinance.telling.naming import SETS, names_of
from facilities.ordinance.telling.saying import say_part
from facilities.ordinance.telling.words import Words
from frontend.access import StaffRequest
from frontend.console.rules.blanks import said
from frontend.console.rules.filling import PartForm
from frontend.console.rules.places import Draft, address, draft_page, kind_at, path_of, reasons
from frontend.middleware import log_refusal
from tenants.errors import Refusal

_STEPS = {"up": -1, "down": 1, "remove": 0}
_SETS = {chapter for _kind, chapter in SETS}


@draft_page
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: StaffRequest, draft: Draft, place: str) -> HttpResponse:
    """Change a part; a list shows its entries instead."""
    path, kind, plain = _there(draft, place)
    if path[:1] == ("cases",) and len(path) > 1:
        return redirect("console:draft_case_change", book_id=draft.book_id, case_number=path[1])
    if kind.many:
        return _list(request, draft, path)
    if kind.model is None:
        return redirect(address(draft.book_id, path[:-1]))
    form = PartForm(draft.maker().group(kind.model, plain), request.POST or None, plain)
    if request.method == "POST" and form.is_valid():
        text = _attempt(form, lambda: _changed(draft, path, form.filled(plain)))
        if text is not None and _saved(request, draft, form, text, path):
            messages.success(request, _("下書きを変えました。"))
            return redirect(_back(draft, path))
    return _page(request, draft, form, path)


@draft_page
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, draft: Draft, place: str) -> HttpResponse:
    """Add an entry at the end of a list."""
    path = _path(place)
    kind = _kind(path)
    if not kind.many or kind.model is None:
        raise Http404
    if path == ("cases",):
        return redirect("console:draft_case", book_id=draft.book_id)
    form = PartForm(draft.maker().group(kind.model, None), request.POST or None)
    _suggest_key(form, draft, path)
    if request.method == "POST" and form.is_valid():
        text = _attempt(form, lambda: editing.add_item(draft.row.text, path, form.filled(None)))
        if text is not None and _saved(request, draft, form, text, (*path, _count(draft, path))):
            messages.success(request, _("下書きに加えました。"))
            return redirect(_back(draft, (*path, 0)))
    return _page(request, draft, form, path, adding=True)


@draft_page
@require_POST
def change_list(request: StaffRequest, draft: Draft, place: str) -> HttpResponse:
    """Remove an entry of a list, or move it up or down."""
    path, _kind_there, _plain = _there(draft, place)
    step = _STEPS.get(request.POST.get("do", ""))
    if step is None or not path or not isinstance(path[-1], int) or not _kind(path[:-1]).many:
        raise Http404
    try:
        draft.save(request, _moved(draft.row.text, path, step))
    except (OrdinanceError, Refusal) as error:
        return _list(request, draft, path[:-1], why=reasons(error))
    messages.success(request, _("順番を変えました。") if step else _("下書きから消しました。"))
    return redirect(_back(draft, path))


def _moved(text: str, path: Path, step: int) -> str:
    return editing.move_item(text, path, int(path[-1]) + step) if step else editing.remove_item(text, path)


def _list(request: StaffRequest, draft: Draft, path: Path, why: list[str] | None = None) -> HttpResponse:
    parts = _parts(draft, path)
    told, names = _told(draft), names_of(draft.document)
    entries = [
        {
            "words": told.get((*path, index)) or said(say_part(one, names)),
            "edit": address(draft.book_id, (*path, index)),
            "change": address(draft.book_id, (*path, index), "console:draft_list"),
        }
        for index, one in enumerate(parts)
    ]
    facts = {"draft": draft, "entries": entries, "titles": _titles(draft, path), "why": why}
    facts["add"] = address(draft.book_id, path, "console:draft_add")
    return render(request, "console/rules/list.html", facts, status=422 if why else 200)


def _page(
    request: StaffRequest, draft: Draft, form: PartForm, path: Path, *, adding: bool = False
) -> HttpResponse:
    titles = _titles(draft, path)
    links = [
        (title, address(draft.book_id, (*path, *inner)), is_there) for title, inner, is_there in _links(form)
    ]
    facts = {"draft": draft, "form": form, "tree": form.tree(), "titles": titles, "adding": adding}
    facts["links"] = [] if adding else links
    facts["removable"] = not adding and bool(path) and isinstance(path[-1], int)
    facts["change"] = address(draft.book_id, path, "console:draft_list")
    facts["back"] = _back(draft, path)
    return render(request, "console/rules/part.html", facts, status=422 if form.errors else 200)


def _told(draft: Draft) -> dict[Path, str]:
    """What the document tells, by path: each entry of a list in its own sentence."""
    found: dict[Path, str] = {}
    for chapter in tell(draft.document):
        for part_told in (one for section in chapter.sections for one in section.parts):
            if isinstance(part_told, Table):
                for row in part_told.rows:
                    words = "　".join(said(Words(cell.ja, cell.en)) for cell in row.cells)
                    found.setdefault(row.path, words)
            else:
                found.setdefault(part_told.path, said(Words(part_told.ja, part_told.en)))
    return found


def _links(form: PartForm) -> list[tuple[str, Path, bool]]:
    found = list(form.group.links)
    for group in form.group.groups:
        found += [(f"{group.title} {title}", path, there) for title, path, there in group.links if there]
    return found


def _changed(draft: Draft, path: Path, new: dict[str, Any]) -> str:
    if path:
        return editing.set_value(draft.row.text, path, new)
    text = draft.row.text
    for key in set(draft.plain) - set(new):
        text = editing.remove_value(text, (key,))
    return editing.set_values(text, {(key,): value for key, value in new.items()})


def _attempt(form: PartForm, edit: Any) -> str | None:
    try:
        return str(edit())
    except OrdinanceError as error:
        form.add_error(None, str(error))
        return None


def _saved(request: StaffRequest, draft: Draft, form: PartForm, text: str, path: Path) -> bool:
    try:
        draft.save(request, text)
    except InvalidRules as error:
        form.show_problems(error.facts["problems"], path)
        return False
    except Refusal as refusal:
        log_refusal(refusal)
        form.add_error(None, _(refusal.message))
        return False
    return True


def _suggest_key(form: PartForm, draft: Draft, path: Path) -> None:
    if "key" not in form.fields:
        return
    used = {getattr(one, "key", None) for one in _parts(draft, path)}
    word = {"rooms": "room", "closures": "closed", "facilities": "hall", "purposes": "purpose"}.get(
        str(path[-1])
    )
    word = word or str(path[0]).rstrip("s").replace("_", "-")
    numbers = range(len(used) + 1, 2 * len(used) + 3)
    form.initial["key"] = next(key for number in numbers if (key := f"{word}-{number}") not in used)


def _parts(draft: Draft, path: Path) -> tuple[Any, ...]:
    found: Any = draft.document
    for one in path:
        found = found[one] if isinstance(one, int) or isinstance(found, dict) else getattr(found, one)
    return tuple(found)


def _count(draft: Draft, path: Path) -> int:
    return len(_parts(draft, path))


def _titles(draft: Draft, path: Path) -> list[str]:
    """The way to a place in words: 施設, 中央公民館, 部屋, 第1研修室."""
    words, names = [], names_of(draft.document)
    for depth, one in enumerate(path):
        if isinstance(one, str):
            # The second name of a path is the key a municipality gave (calendars, chuo): who follows it says more.
            is_own_key = depth == 1 and str(path[0]) in _SETS
            users = names.used_by(str(path[0]), one)
            words.append((said(users) or one) if is_own_key else said(label(one)))
        else:
            found = draft.at(path[: depth + 1])
            name = found.get("name") or found.get("key") if isinstance(found, Mapping) else None
            words.append(str(name or one + 1))
    return words or [said(label("document"))]


def _there(draft: Draft, place: str) -> tuple[Path, Any, Any]:
    path = _path(place)
    kind = _kind(path)
    try:
        return path, kind, draft.at(path)
    except NoSuchPlace:
        if kind.many:
            draft.at(path[:-1]) if path[:-1] else None
            return path, kind, ()
        raise Http404 from None


def _path(place: str) -> Path:
    try:
        return path_of(place)
    except NoSuchPlace:
        raise Http404 from None


def _kind(path: Path) -> Any:
    try:
        return kind_at(path)
    except NoSuchPlace:
        raise Http404 from None


def _back(draft: Draft, path: Path) -> str:
    """Where one goes after a change: to the list an entry is in, else to the draft."""
    if path and isinstance(path[-1], int):
        return address(draft.book_id, path[:-1])
    return reverse("console:draft", args=[draft.book_id])
