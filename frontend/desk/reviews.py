"""Review at the desk: what waits, the longest first; one application with everything to decide it; its permit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import StaffMember
from booking.queries import ReservationView
from booking.reviewing.deciding import note_review, permit_applications, refuse_applications
from booking.reviewing.permits import reissue_permit
from booking.reviewing.queue import Waiting, earlier_uses, review_record, waiting_applications
from facilities.models import Facility
from facilities.periods import local
from facilities.room_rules import permit_on
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.halls import my_halls, my_reservation
from frontend.desk.review_forms import ReviewForm, seen_now
from frontend.documents.permits import letters_to_check
from frontend.documents.views import pdf_answer
from frontend.resident.said import questions_of, said_of


@desk_page
@require_safe
def reviews(request: StaffRequest) -> HttpResponse:
    """What waits at my halls, or at the one that was chosen."""
    halls, now = my_halls(request.staff), clock_now()
    chosen = next((one for one in halls if one.key == request.GET.get("hall")), None)
    waiting = waiting_applications(facility_ids=_halls_of(request.staff, chosen), now=now)
    return render(request, "desk/reviews.html", {"halls": halls, "chosen": chosen, "waiting": waiting})


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One application: what was said, why it is reviewed, who they are; permit, refuse or note."""
    view, now = my_reservation(request.staff, ref), clock_now()
    items = _together(request.staff, view, now)
    record = review_record(reservation_id=view.id)
    initial = {"opinion": record.opinion} if record else {}
    form = ReviewForm(request.POST or None, items=items, chosen=ref, initial=initial)

    def act() -> HttpResponse:
        _decide(request, form, now)
        return redirect("desk:reviews" if form.decision != "note" else "desk:review", *_back(form, ref))

    return carry_out(
        request, form, act, "desk/review.html", {"form": form, "record": record, **_facts(view, items, now)}
    )


@desk_page
@require_safe
def permit(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The permit, to be printed at the desk."""
    my_reservation(request.staff, ref)
    return pdf_answer(ref)


@desk_page
@require_POST
def permit_again(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Issue a lost permit again."""
    my_reservation(request.staff, ref)
    reissue_permit(ref=ref, now=clock_now())
    messages.success(request, _("再交付する許可書を作っています。少し待ってから、開いてください。"))
    return redirect("desk:reservation", ref)


def _back(form: ReviewForm, ref: UUID) -> tuple[UUID, ...]:
    return (ref,) if form.decision == "note" else ()


@transaction.atomic
def _decide(request: StaffRequest, form: ReviewForm, now: datetime) -> None:
    given, refs, actor = form.cleaned_data, form.refs(), request.staff.actor
    if form.decision == "note" or "opinion" in form.changed_data:
        note_review(refs=refs, opinion=given["opinion"], actor=actor, now=now)
    if form.decision == "note":
        messages.success(request, _("審査の意見を記録しました。"))
        return
    if form.decision == "permit":
        done = permit_applications(
            refs=refs, conditions=given["conditions"], actor=actor, now=now, seen=form.seen()
        )
        words = ngettext("%(count)s件を許可しました。", "%(count)s件を許可しました。", len(done))
    else:
        done = refuse_applications(refs=refs, reason=given["reason"], actor=actor, now=now, seen=form.seen())
        words = ngettext("%(count)s件を不許可にしました。", "%(count)s件を不許可にしました。", len(done))
    messages.success(request, words % {"count": len(done)})


def _halls_of(staff: StaffMember, chosen: Facility | None) -> list[int] | None:
    if chosen is not None:
        return [chosen.pk]
    return None if staff.is_admin else list(staff.facility_ids)


def _together(staff: StaffMember, view: ReservationView, now: datetime) -> list[Waiting]:
    """What was applied for at once with this one and waits too, as far as it is at this person's halls."""
    if view.application_id is None:
        return []
    return waiting_applications(
        facility_ids=_halls_of(staff, None), now=now, application_id=view.application_id
    )


def _facts(view: ReservationView, items: list[Waiting], now: datetime) -> dict[str, Any]:
    terms = permit_on(view.agreed_room, local(view.starts_at, view.room.zone)[0])
    group = view.group.name if view.group else ""
    return {
        "view": view,
        "items": items,
        "seen": seen_now([view, *(one.view for one in items)]),
        "said": said_of(questions_of(view), view.details),
        "terms": terms,
        "earlier": earlier_uses(view),
        "undrawn": letters_to_check(view.resident.name, group, view.purpose),
        "has_begun": view.starts_at <= now,
    }
