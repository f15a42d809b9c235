"""Where Stripe tells what happened on the accounts of our municipalities: one address for all of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now as clock_now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.gateways.base import UnbelievableNews, WebhookRequest
from payments.online.hearing import receive_news

_MOST_BYTES = 1_000_000


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Take in signed news and answer at once; 400 for what is not signed by Stripe."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return HttpResponse(status=413)
    try:
        receive_news(WebhookRequest(headers=request.headers, body=request.body), now=clock_now())
    except UnbelievableNews:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
