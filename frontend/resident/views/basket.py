"""The resident's basket: look, change, say what for, check and apply, done."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.resident.people import for_resident
from frontend.several import basket_pages as pages
from frontend.several.who import resident_who


@require_safe
@for_resident
def basket(request: HttpRequest) -> HttpResponse:
    """What is in the basket."""
    return pages.basket_page(request, resident_who(request), timezone.now())


@require_POST
@for_resident
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take a thing out, or put another in its place."""
    return pages.change_basket(request, resident_who(request), item_id, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def use(request: HttpRequest) -> HttpResponse:
    """What all of it is for."""
    return pages.use_page(request, resident_who(request), timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def check(request: HttpRequest) -> HttpResponse:
    """Check and apply."""
    return pages.check_page(request, resident_who(request), timezone.now())


@require_safe
@for_resident
def done(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What was booked."""
    return pages.done_page(request, resident_who(request), ref, timezone.now())
