"""The pages of a basket, for a resident and for staff who fill one for somebody: look, say what for, check, done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from booking.alternatives import instead_of
from booking.basket.errors import NotInBasket
from booking.basket.queries import application_view
from booking.basket.services import (
    MOST_ITEMS,
    Basket,
    Line,
    apply_for_basket,
    look_into_basket,
    put_instead,
    say_of_basket,
    take_out,
)
from booking.models import Application
from booking.standing import classes_of
from facilities.errors import RoomNotFound
from frontend.middleware import log_refusal
from frontend.resident.submitting import submit_once
from frontend.several.trying import attempt, status_of
from frontend.several.use_form import SeveralForm, rooms_asked
from frontend.several.who import Who
from tenants.errors import Refusal


def basket_page(request: HttpRequest, who: Who, now: datetime, *, status: int = 200) -> HttpResponse:
    """What is in the basket, each thing with its state and what could be had instead."""
    lines = look_into_basket(who.basket, channel=who.channel, now=now, complete=_is_said(who.basket))
    lines = [replace(line, alternatives=tuple(who.offered(line.alternatives))) for line in lines]
    return render(request, "several/basket.html", _facts(who, lines), status=status)


def change_basket(request: HttpRequest, who: Who, item_id: int, now: datetime) -> HttpResponse:
    """Take a thing out, or put the chosen alternative in its place."""
    chosen = request.POST.get("instead", "")
    try:
        if chosen:
            _put_instead(who, item_id, chosen, now)
        else:
            take_out(who.basket, item_id=item_id)
    except Refusal as refusal:
        log_refusal(refusal)
        messages.error(request, _(refusal.message))
        gone = isinstance(refusal, NotInBasket)
        return basket_page(request, who, now, status=refusal.status) if gone else redirect(who.page("basket"))
    messages.success(request, _("入れかえました。") if chosen else _("予約かごから出しました。"))
    return redirect(who.page("basket"))


def use_page(request: HttpRequest, who: Who, now: datetime) -> HttpResponse:
    """Ask once what all of it is for, and what the rules of the rooms ask."""
    lines = _look(who, now, complete=False)
    if not lines:
        return redirect(who.page("basket"))
    form = SeveralForm(
        request.POST or None,
        rooms=rooms_asked((line.wish for line in lines), who, now),
        purpose=next((line.purpose for line in lines if line.purpose), ""),
        said={line.wish.room.id: line.wish.details for line in lines},
        by_staff=who.at_desk,
    )
    if request.method == "POST" and form.is_valid():
        say_of_basket(who.basket, purpose=form.cleaned_data["purpose"], said=form.said())
        return redirect(who.page("basket-check"))
    facts = _facts(who, lines) | {"form": form, "back": who.page("basket")}
    return render(request, "several/use.html", facts, status=422 if form.is_bound else 200)


def check_page(request: HttpRequest, who: Who, now: datetime) -> HttpResponse:
    """Everything once more with one price; the POST books all of it, or what is free."""
    if not _is_said(who.basket):
        return redirect(who.page("basket-use"))
    done = attempt(lambda: _booked(request, who, now), when=request.method == "POST")
    if isinstance(done, HttpResponse):
        return done
    lines = look_into_basket(who.basket, channel=who.channel, now=now, complete=True)
    facts = _facts(who, lines) | {"refusal": done, "problem": done, "whole": _wants_whole(request, lines)}
    facts["override_reason"] = request.POST.get("override_reason", "")
    return render(request, "several/basket_check.html", facts, status=status_of(done))


def _booked(request: HttpRequest, who: Who, now: datetime) -> HttpResponse:
    ref = submit_once(request, scope="basket", now=now, act=lambda: _apply(request, who, now))
    return redirect(who.page("basket-done", ref))


def _wants_whole(request: HttpRequest, lines: Sequence[Line]) -> bool:
    """What was chosen; before that: what cannot be had is known already, then the rest is what people want."""
    return request.POST.get("which") == "all" if request.POST else all(_is_free(line) for line in lines)


def done_page(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    """What was booked, and what stays in the basket with its reason."""
    view = application_view(ref=ref, actor=who.actor)
    lines = look_into_basket(who.basket, channel=who.channel, now=now, complete=_is_said(who.basket))
    return render(request, "several/basket_done.html", _facts(who, lines) | {"application": view})


def _look(who: Who, now: datetime, *, complete: bool) -> list[Line]:
    return look_into_basket(who.basket, channel=who.channel, now=now, complete=complete, alternatives=False)


def _is_free(line: Line) -> bool:
    return line.foreseen.state == "free"


def _facts(who: Who, lines: Sequence[Line]) -> dict[str, Any]:
    free = [line for line in lines if _is_free(line)]
    prices = [line.foreseen.price_yen for line in free]
    return {
        "who": who,
        "base": who.base,
        "section": "basket",
        "lines": lines,
        "free": free,
        "stuck": [line for line in lines if not _is_free(line)],
        "total_yen": None if None in prices else sum(yen for yen in prices if yen is not None),
        "pages": {name: who.page(f"basket-{name}") for name in ("use", "check")}
        | {"basket": who.page("basket")},
    }


def _is_said(basket: Basket) -> bool:
    """Whether it was said what everything in the basket is for."""
    said = [(row.purpose, row.details.get("headcount")) for row in basket.items]
    return bool(said) and all(purpose and headcount for purpose, headcount in said)


def _apply(request: HttpRequest, who: Who, now: datetime) -> Application:
    together = apply_for_basket(
        who.basket,
        channel=who.channel,
        all_or_nothing=request.POST.get("which") != "free",
        actor=who.actor,
        now=now,
        override_reason=request.POST.get("override_reason", "")[:200] if who.at_desk else "",
        seen=_seen(request),
    )
    assert together.application is not None, "the service says so"  # noqa: S101
    return together.application


def _seen(request: HttpRequest) -> list[int] | None:
    """The things the page showed; None where it does not say."""
    said = request.POST.get("seen")
    return None if said is None else [int(one) for one in said.split()[:MOST_ITEMS] if one.isdecimal()]


def _put_instead(who: Who, item_id: int, chosen: str, now: datetime) -> None:
    lines = _look(who, now, complete=False)
    line = next((one for one in lines if one.id == item_id), None)
    if line is None:
        raise NotInBasket
    own_class = classes_of(who.party)(line.wish.room, line.wish.day)
    wish = instead_of(chosen, line.wish, who.rooms(), own_class=own_class)
    if wish is None:
        raise RoomNotFound
    put_instead(who.basket, item_id=item_id, wish=wish, actor=who.actor, now=now)
