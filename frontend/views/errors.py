"""Pages for what went wrong: always a sentence, a next step, and nothing of another municipality."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.errors import Refusal


def unknown_host(request: HttpRequest) -> HttpResponse:
    """Say that no municipality lives at this address. Reads no schema and no session."""
    return render(None, "errors/unknown_host.html", status=404)


def closed_municipality(request: HttpRequest) -> HttpResponse:
    """Say that the municipality ended its service here. Reads no schema and no session."""
    return render(None, "errors/closed_municipality.html", status=410)


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Show a refusal's sentence with its HTTP status."""
    return render(request, "errors/refusal.html", {"refusal": refusal}, status=refusal.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was open too long, and how to go on."""
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the page does not exist."""
    return render(request, "errors/not_found.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read (too large, broken)."""
    return render(request, "errors/bad_request.html", status=400)


def body_too_large(request: HttpRequest, most_bytes: int) -> HttpResponse:
    """Say that what was sent is too large, and how much may be; reads no session."""
    context = {"megabytes": most_bytes // 1_000_000}
    return render(None, "errors/body_too_large.html", context, status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault; needs no database."""
    return render(None, "errors/server_error.html", status=500)
