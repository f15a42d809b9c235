"""Where the municipality's work with money begins."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend.access import StaffRequest, console_page


@console_page
@require_safe
def menu(request: StaffRequest) -> HttpResponse:
    """Show what there is to do with money, and its settings."""
    return render(request, "console/money/index.html")
