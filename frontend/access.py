"""Doors to the pages of staff and operator: others see the sign-in page, or that there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.roles import StaffMember, staff_member

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
StaffPage = Callable[Concatenate["StaffRequest", P], HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request of a signed-in member of staff."""

    staff: StaffMember
    htmx: HtmxDetails


def desk_page(view: StaffPage[P]) -> Page[P]:
    """Let in hall managers and admins; others get 404. The view must still ask ``staff.works_at``."""
    return _staff_page(view, lambda staff: True)


def console_page(view: StaffPage[P]) -> Page[P]:
    """Let in municipality admins only; others get 404."""
    return _staff_page(view, lambda staff: staff.is_admin)


def operator_page(view: Page[P]) -> Page[P]:
    """Let in the joint operator: whoever is signed in on the public host (only operators can be)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "tenant", None) is not None:
            raise Http404
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        return _private(view(request, *args, **kwargs))

    return guarded


def _staff_page(view: StaffPage[P], may_enter: Callable[[StaffMember], bool]) -> Page[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        staff = staff_member(request.user)
        if staff is None or not may_enter(staff):
            raise Http404
        staff_request = cast(StaffRequest, request)
        staff_request.staff = staff
        return _private(view(staff_request, *args, **kwargs))

    return guarded


def _ask_to_sign_in(request: Any) -> HttpResponse:
    answer = redirect_to_login(request.get_full_path())
    # A background refresh must move the whole page, not put the sign-in form into a part of it.
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def _private(response: HttpResponseBase) -> HttpResponseBase:
    patch_cache_control(response, private=True, no_cache=True)
    return response
