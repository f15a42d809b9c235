"""A submit that leads on, or comes back with why not."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from frontend.middleware import log_refusal
from tenants.errors import Refusal


def attempt(act: Callable[[], HttpResponse], *, when: bool = True) -> HttpResponse | Refusal | None:
    """Return where ``act`` leads, or what refused it; nothing unless ``when``."""
    if not when:
        return None
    try:
        return act()
    except Refusal as refusal:
        log_refusal(refusal)
        return refusal


def status_of(refusal: Refusal | None, *, wrong: bool = False) -> int:
    """Return the status of a page that is shown again: with what was refused, or with what was mistyped."""
    if refusal is not None:
        return refusal.status
    return 422 if wrong else 200
