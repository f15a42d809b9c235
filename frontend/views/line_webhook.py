"""Where LINE tells us who became a friend of the official account, and what they typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now as clock_now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.line.friends import receive
from accounts.notices.errors import BadSignature

_MOST_BYTES = 200_000


@csrf_exempt
@require_POST
def line_webhook(request: HttpRequest) -> HttpResponse:
    """Take in signed events of this municipality's official account; 401 for everything else."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return HttpResponse(status=413)
    try:
        receive(body=request.body, signature=request.headers.get("X-Line-Signature", ""), now=clock_now())
    except BadSignature as refusal:
        return HttpResponse(status=refusal.status)
    return HttpResponse(status=200)
