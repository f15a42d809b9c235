"""Who is on the page: a resident, someone signed in without being one, or nobody yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.actors import Actor
from accounts.models import Resident
from facilities.details import NO_DETAILS, Details
from facilities.room_rules import Asker

View = Callable[..., HttpResponse]


def resident_of(request: HttpRequest) -> Resident | None:
    """Return the resident who is signed in, or None. One query a request."""
    if not request.user.is_authenticated:
        return None
    if not hasattr(request, "_resident"):
        request._resident = Resident.objects.filter(user_id=request.user.pk).first()  # type: ignore[attr-defined]
    resident: Resident | None = request._resident  # type: ignore[attr-defined]
    return resident


def asker_of(request: HttpRequest, now: datetime, said: Details = NO_DETAILS) -> Asker:
    """Return by whose rules the page shows times: the resident's own, else those of somebody unknown."""
    return Asker(own_class_of(request), "web", now, said)


def own_class_of(request: HttpRequest) -> str:
    """Return the applicant class of the resident who is signed in; empty when unknown."""
    resident = resident_of(request)
    return resident.applicant_class if resident else ""


def actor_of(resident: Resident) -> Actor:
    """Return the resident as services want to know who acts."""
    return Actor("resident", resident.pk)


def send_to_register(request: HttpRequest, back_to: str) -> HttpResponse | None:
    """Return the way to sign in, or to give a name, for someone who is no resident yet; None for a resident."""
    if not request.user.is_authenticated:
        return redirect_to_login(back_to, reverse("account_login"))
    if resident_of(request) is None:
        return redirect(f"{reverse('my-details')}?{urlencode({'next': back_to})}")
    return None


def for_resident(view: View) -> View:
    """Let only a resident in (``request.resident``), and keep the page out of every cache."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        elsewhere = send_to_register(request, request.get_full_path())
        if elsewhere is not None:
            return elsewhere
        request.resident = resident_of(request)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    guarded_never_cached: View = never_cache(guarded)
    return guarded_never_cached
