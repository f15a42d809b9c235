"""One view with one query."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from facilities.models import Facility


def hall(request: HttpRequest) -> HttpResponse:
    """Answer with the name of the first hall: one query through the ORM."""
    body = Facility.objects.get(key="hall-1").name.encode()
    return HttpResponse(body, headers={"Content-Length": str(len(body))})


urlpatterns = [path("", hall)]
