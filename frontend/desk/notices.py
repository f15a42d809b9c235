"""The desk: what I am told of, and what was told about a reservation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Channel, Staff
from accounts.notices.choosing import choose_for_staff, silent_rooms_of, staff_wishes
from accounts.notices.log import notice_view, notices_about, resend
from booking.queries import ReservationView, reservation_for_staff
from booking.told import refs_told_about
from facilities.queries import staff_facilities, staff_rooms
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.forms import PlainForm
from frontend.templatetags.machinoma import name_of


class StaffNoticeForm(PlainForm):
    """The kinds, and for each hall its rooms."""

    def __init__(self, *args: Any, staff: Staff, halls: Any, **kwargs: Any) -> None:
        """Ask about the kinds this person can get and the rooms of their halls."""
        super().__init__(*args, **kwargs)
        wishes, silent = staff_wishes(staff), silent_rooms_of(staff)
        self.fields["kinds"] = _boxes(
            _("知らせてほしいこと"),
            [(wish.kind.key, name_of(wish.kind)) for wish in wishes],
            [wish.kind.key for wish in wishes if wish.wanted[Channel.MAIL.value]],
        )
        self._rooms: dict[str, int] = {}
        for hall in halls:
            rooms = {str(room.id): room for room in staff_rooms(hall.pk)}
            self._rooms |= {key: room.id for key, room in rooms.items()}
            self.fields[f"hall_{hall.pk}"] = _boxes(
                _("知らせてほしい部屋：{hall}").format(hall=name_of(hall)),
                [(key, name_of(room)) for key, room in rooms.items()],
                [key for key, room in rooms.items() if room.id not in silent],
            )

    def wanted(self) -> list[str]:
        """Return the kinds that were ticked."""
        return list(self.cleaned_data["kinds"])

    def silent_rooms(self) -> list[int]:
        """Return the rooms that were not ticked."""
        heard = {key for name, keys in self.cleaned_data.items() if name != "kinds" for key in keys}
        return [room for key, room in self._rooms.items() if key not in heard]


def _boxes(label: str, choices: list[tuple[str, str]], initial: list[str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        initial=initial,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: StaffRequest) -> HttpResponse:
    """Choose what I am told of, by mail, and of which rooms."""
    staff = Staff.objects.get(pk=request.staff.id)
    halls = staff_facilities(None if request.staff.is_admin else request.staff.facility_ids)
    form = StaffNoticeForm(request.POST if request.method == "POST" else None, staff=staff, halls=halls)

    def act() -> HttpResponse:
        choose_for_staff(staff=staff, wanted=form.wanted(), silent_rooms=form.silent_rooms())
        messages.success(request, _("お知らせの受け取り方を保存しました。"))
        return redirect("desk:notices")

    return carry_out(request, form, act, "desk/notices.html", {"form": form})


@desk_page
@require_safe
def of_reservation(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Show every message about a reservation, and whether it arrived."""
    view = _reservation(request, ref)
    facts = {"view": view, "notices": notices_about(refs_told_about(view.ref))}
    return render(request, "desk/reservation_notices.html", facts)


@desk_page
@require_POST
def again(request: StaffRequest, ref: UUID, notice_id: int) -> HttpResponse:
    """Send a message about a reservation once more."""
    view = _reservation(request, ref)
    if notice_view(notice_id).about not in refs_told_about(view.ref):
        raise Http404
    resend(notice_id=notice_id, now=clock_now())
    messages.success(request, _("もう一度送ります。"))
    return redirect("desk:reservation_notices", ref)


def _reservation(request: StaffRequest, ref: UUID) -> ReservationView:
    view = reservation_for_staff(ref=ref)
    if not request.staff.works_at(view.room.facility_id):
        raise Http404
    return view
