"""Taking in and giving out what proves a ground: the same for residents and staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from booking.exempting.errors import NoSuchEvidence
from booking.models import ExemptionEvidence


def as_download(found: ExemptionEvidence) -> HttpResponse:
    """Give a file out, always to be saved, never to be shown inside our pages."""
    answer = HttpResponse(bytes(found.content), content_type=found.content_type)
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=found.file_name) or "attachment"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def take_in(form: Any, add: Callable[..., None]) -> None:
    """Hand the file of a valid form to a service that keeps it."""
    given = form.cleaned_data["file"]
    add(file_name=given.name, content=given.read())


def read_ref(text: str) -> UUID:
    """Return the ref of a file named in a form. Raises NoSuchEvidence."""
    try:
        return UUID(text)
    except ValueError:
        raise NoSuchEvidence from None
