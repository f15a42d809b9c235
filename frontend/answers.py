"""How a staff form is answered: shown, refused on the same page with all that was typed, or carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from frontend.middleware import log_refusal
from tenants.errors import Refusal


def carry_out(
    request: HttpRequest, form: Form, act: Callable[[], HttpResponse], template: str, facts: dict[str, Any]
) -> HttpResponse:
    """Run ``act`` when the form was sent and is valid; a refusal, like a mistake, is shown above the form (422)."""
    problem: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except Refusal as refusal:
            log_refusal(refusal)
            problem = refusal
    status = 422 if problem or form.errors else 200
    return render(request, template, {**facts, "problem": problem}, status=status)
