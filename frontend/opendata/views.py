"""The open data: a page that says what there is, and the files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now as clock_now
from django.views.decorators.http import require_safe

from facilities.opendata.exporting import file_name
from frontend.opendata.datasets import (
    AVAILABILITY_HEADER,
    LICENCE,
    Whose,
    availability_csv,
    availability_json,
    availability_name,
    catalogue,
    datasets,
    halls_file,
)
from frontend.opendata.files import kept_file, limited
from frontend.opendata.json_ld import json_ld_script

_CSV = "text/csv; charset=utf-8"


@require_safe
@limited
def index(request: HttpRequest) -> HttpResponse:
    """Say what there is, under which licence, and how new it is."""
    whose = _whose(request)
    found = datasets(whose, clock_now())
    described = catalogue(whose, found, _base(request))
    context = {
        "datasets": found,
        "licence": LICENCE,
        "script": json_ld_script(described),
        "columns": AVAILABILITY_HEADER,
    }
    return render(request, "opendata/index.html", context)


@require_safe
@limited
def halls(request: HttpRequest, lg_code: str) -> HttpResponse:
    """公共施設一覧 of the open halls."""
    whose = _whose(request, lg_code)
    return kept_file(request, file_name(lg_code), _CSV, lambda: halls_file(whose))


@require_safe
@limited
def times_csv(request: HttpRequest, lg_code: str) -> HttpResponse:
    """When rooms are free, as CSV."""
    whose, now = _whose(request, lg_code), clock_now()
    return kept_file(request, availability_name(lg_code, "csv"), _CSV, lambda: availability_csv(whose, now))


@require_safe
@limited
def times_json(request: HttpRequest, lg_code: str) -> HttpResponse:
    """When rooms are free, as JSON."""
    whose, now, name = _whose(request, lg_code), clock_now(), availability_name(lg_code, "json")
    return kept_file(request, name, "application/json", lambda: availability_json(whose, now))


def _whose(request: HttpRequest, lg_code: str | None = None) -> Whose:
    """The municipality of this host; another one's file is not here."""
    tenant = request.tenant  # type: ignore[attr-defined]
    if lg_code not in {None, tenant.lg_code}:
        raise Http404
    return Whose(tenant.lg_code, tenant.name)


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("opendata"))
