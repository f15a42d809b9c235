"""One's own drawer at the desk: open it, count it, hand cash over, put it away, take it to the bank, close it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.drawer_forms import AmountForm, CountForm, HandOverForm, OpenForm
from frontend.desk.halls import my_hall, my_halls
from frontend.templatetags.treasury import sum_yen
from payments.cash import drawers
from payments.cash.queries import Held, offered_by, open_drawer_of, safe_at, steps_of, waiting_for
from payments.errors import NoDrawerOpen


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def drawer(request: StaffRequest) -> HttpResponse:
    """Show the drawer this person has open, or let them open one."""
    halls = my_halls(request.staff)
    form = OpenForm(request.POST or None, halls=halls)
    mine = open_drawer_of(request.staff.id)
    facts: dict[str, Any] = {"form": form, "waiting": waiting_for(request.staff.id), "mine": mine}
    if mine:
        facts |= {"steps": steps_of(mine.drawer), "offered": offered_by(mine.drawer)}
        return render(request, "desk/money/drawer.html", facts)
    facts["safes"] = [(hall, safe_at(hall.pk)) for hall in halls]
    return carry_out(request, form, lambda: _open(request, form), "desk/money/drawer_closed.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, act: str) -> HttpResponse:
    """Put some of one's cash into the safe, or note that it went to the bank."""
    mine, form = _mine(request), AmountForm(request.POST or None)

    def carry() -> HttpResponse:
        given = {"drawer_id": mine.drawer.pk, "yen": form.cleaned_data["yen"], "staff": request.staff}
        if act == "deposit":
            drawers.deposit(**given, memo=form.cleaned_data["memo"], now=clock_now())
        else:
            drawers.put_away(**given, now=clock_now())
        return _done(request, _("%(yen)s の移動を記録しました。"), given["yen"])

    facts = {"form": form, "mine": mine, "act": act}
    return carry_out(request, form, carry, "desk/money/drawer_move.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: StaffRequest, act: str) -> HttpResponse:
    """Count the notes and coins: in between, or for the last time."""
    mine, form = _mine(request), CountForm(request.POST or None)
    step = drawers.close_drawer if act == "close" else drawers.count_drawer

    def carry() -> HttpResponse:
        why, now = form.cleaned_data["explanation"], clock_now()
        step(drawer_id=mine.drawer.pk, pieces=form.pieces, explanation=why, staff=request.staff, now=now)
        closed = _("レジを閉めました。中のお金は、金庫に移した記録になりました。")
        messages.success(request, closed if act == "close" else _("数えた結果を記録しました。"))
        return redirect("desk:drawer")

    facts = {"form": form, "held": mine, "act": act}
    return carry_out(request, form, carry, "desk/money/count.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: StaffRequest) -> HttpResponse:
    """Offer cash to a colleague, who confirms it."""
    mine = _mine(request)
    others = drawers.colleagues(mine.drawer.facility_id)
    others.pop(request.staff.id, None)
    form = HandOverForm(request.POST or None, colleagues=others)

    def carry() -> HttpResponse:
        given = form.cleaned_data
        drawers.offer_hand_over(
            drawer_id=mine.drawer.pk, receiver_id=given["receiver"], yen=given["yen"],
            memo=given["memo"], staff=request.staff, now=clock_now(),
        )  # fmt: skip
        return _done(request, _("%(yen)s の引継ぎを、相手に伝えました。"), given["yen"])

    facts = {"form": form, "mine": mine, "others": others}
    return carry_out(request, form, carry, "desk/money/hand_over.html", facts)


@desk_page
@require_POST
def answer(request: StaffRequest, hand_over_id: int, act: str) -> HttpResponse:
    """Confirm a hand-over, or take one's own back."""
    step = drawers.accept_hand_over if act == "accept" else drawers.withdraw_hand_over
    step(hand_over_id=hand_over_id, staff=request.staff, now=clock_now())
    accepted = _("受け取りを確認しました。あなたのレジに入りました。")
    messages.success(request, accepted if act == "accept" else _("引継ぎを取りやめました。"))
    return redirect("desk:drawer")


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def safe(request: StaffRequest, facility_key: str, act: str = "") -> HttpResponse:
    """Show a hall's safe; put change in, take money to the bank, count it."""
    hall = my_hall(request.staff, facility_key)
    held = safe_at(hall.pk) or Held(drawers.safe_of(hall.pk, now=clock_now()), 0)
    form = CountForm(request.POST or None) if act == "count" else AmountForm(request.POST or None)
    facts = {"hall": hall, "held": held, "act": act, "form": form, "steps": steps_of(held.drawer)}
    if not act:
        return render(request, "desk/money/safe.html", facts)
    template = "desk/money/count.html" if act == "count" else "desk/money/safe_move.html"
    return carry_out(request, form, lambda: _with_safe(request, hall, held, act, form), template, facts)


def _open(request: StaffRequest, form: OpenForm) -> HttpResponse:
    hall = my_hall(request.staff, form.cleaned_data["hall"])
    drawers.open_drawer(
        facility_id=hall.pk, float_yen=form.cleaned_data["float_yen"], staff=request.staff, now=clock_now()
    )
    messages.success(request, _("レジを開けました。"))
    return redirect("desk:drawer")


def _with_safe(request: StaffRequest, hall: Any, held: Held, act: str, form: Any) -> HttpResponse:
    given, staff, now = form.cleaned_data, request.staff, clock_now()
    if act == "count":
        why = given["explanation"]
        drawers.count_drawer(
            drawer_id=held.drawer.pk, pieces=form.pieces, explanation=why, staff=staff, now=now
        )
    elif act == "stock":
        drawers.stock_safe(facility_id=hall.pk, yen=given["yen"], memo=given["memo"], staff=staff, now=now)
    else:
        drawers.deposit(drawer_id=held.drawer.pk, yen=given["yen"], memo=given["memo"], staff=staff, now=now)
    messages.success(request, _("金庫の記録をつけました。"))
    return redirect("desk:safe", facility_key=hall.key)


def _mine(request: StaffRequest) -> Held:
    held = open_drawer_of(request.staff.id)
    if held is None:
        raise NoDrawerOpen
    return held


def _done(request: StaffRequest, sentence: str, yen: int) -> HttpResponse:
    messages.success(request, sentence % {"yen": sum_yen(yen)})
    return redirect("desk:drawer")
