"""A payee's account at the provider: connected on the provider's own pages, which the worker prepares."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as clock_now
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from frontend.access import StaffRequest, console_page
from payments.online.onboarding import REFRESH_JOB, onboarding_url, want_onboarding
from payments.payees import payee_of
from payments.ways import CAPABILITIES, online_ways
from tenants.jobs import enqueue


@console_page
@require_safe
def account(request: StaffRequest, payee_id: int) -> HttpResponse:
    """Show what a payee's account can do; on the way to the provider, go there as soon as its page is ready."""
    address = onboarding_url(payee_id=payee_id, now=clock_now()) if "go" in request.GET else None
    if address:
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    payee = payee_of(payee_id)
    trouble = payee.stripe_state.get("trouble", "")
    context = {"payee": payee, "ways": online_ways(payee), "all_ways": list(CAPABILITIES), "trouble": trouble}
    context["again"] = f"{request.path}?go=1" if "go" in request.GET and not trouble else ""
    return render(request, "console/money/account.html", context)


@console_page
@require_POST
def connect(request: StaffRequest, payee_id: int) -> HttpResponse:
    """Let the page be prepared on which the payee tells the provider about itself, and wait for it."""
    page = reverse("console:payee_account", args=[payee_id])
    site = f"{request.scheme}://{request.get_host()}{page}"
    want_onboarding(payee_id=payee_id, return_url=f"{site}?back=1", refresh_url=site, now=clock_now())
    return redirect(f"{page}?go=1")


@console_page
@require_POST
def look(request: StaffRequest, payee_id: int) -> HttpResponse:
    """Let the account be read again at the provider."""
    payee = payee_of(payee_id)
    if payee.stripe_account:
        enqueue(REFRESH_JOB, account=payee.stripe_account)
    return redirect(f"{reverse('console:payee_account', args=[payee_id])}?back=1")
