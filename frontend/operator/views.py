"""The public host: what this is, for everybody; the municipalities and their health, for the joint operator."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Staff
from accounts.services import appoint_staff
from frontend.access import operator_page
from frontend.answers import carry_out
from frontend.middleware import log_refusal
from frontend.operator.forms import AdminForm, MunicipalityForm
from frontend.operator.health import healths
from tenants.context import inside, inside_public
from tenants.errors import HostTaken, InvalidMunicipality, MunicipalityExists, Refusal
from tenants.health import vital_signs
from tenants.jobs import enqueue
from tenants.models import Domain, Municipality
from tenants.services import create_municipality

_FIELD_OF: dict[type[Refusal], str] = {MunicipalityExists: "lg_code", HostTaken: "host"}


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Say what this is and lead to each municipality."""
    with inside_public():
        domains = list(
            Domain.objects.select_related("tenant")
            .filter(tenant__status=Municipality.Status.ACTIVE, is_primary=True)
            .order_by("tenant__lg_code")
        )
    towns = [(domain.tenant, address_of(request, domain.domain)) for domain in domains]
    return render(request, "operator/front.html", {"towns": towns})


@operator_page
@require_safe
def municipalities(request: HttpRequest) -> HttpResponse:
    """List the municipalities with their health."""
    rows = [(row, address_of(request, row.host)) for row in healths(now=clock_now())]
    return render(request, "operator/municipalities.html", {"rows": rows, "signs": vital_signs()})


@operator_page
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Let a municipality join: all at once, or a page that says at which field or line it fails."""
    form = MunicipalityForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("lg_code", "name", "name_en", "host")}
        try:
            new = create_municipality(**given, rules_text=form.cleaned_data["text"], now=clock_now())
            return redirect(reverse("operator:municipality", args=[new.lg_code]) + "?new=1")
        except Refusal as refusal:
            log_refusal(refusal)
            return _refused(request, form, refusal)
    return render(request, "operator/create.html", {"form": form}, status=422 if form.errors else 200)


@operator_page
@require_http_methods(["GET", "HEAD", "POST"])
def municipality(request: HttpRequest, lg_code: str) -> HttpResponse:
    """Show a municipality's address and what comes next; invite its first admins."""
    with inside_public():
        domain = (
            Domain.objects.select_related("tenant").filter(tenant__lg_code=lg_code, is_primary=True).first()
        )
    if domain is None:
        raise Http404
    form = AdminForm(request.POST or None)
    facts = {"town": domain.tenant, "address": address_of(request, domain.domain), "form": form}

    def act() -> HttpResponse:
        invite_admin(domain.tenant, **form.cleaned_data)
        messages.success(request, _("招待のメールを送ります。"))
        return redirect("operator:municipality", lg_code=lg_code)

    return carry_out(request, form, act, "operator/municipality.html", facts)


def invite_admin(town: Municipality, *, name: str, email: str) -> None:
    """Make somebody an admin of a municipality and mail them how to sign in. Raises StaffExists."""
    with inside(town), transaction.atomic():
        staff = appoint_staff(email=email, name=name, role=Staff.Role.ADMIN)
        enqueue("frontend.mail_invitation", staff_id=staff.pk)


def address_of(request: HttpRequest, host: str) -> str:
    """Return the address of a municipality's home page, at the port this request came to."""
    port = request.get_host().rpartition(":")[2]
    return f"{request.scheme}://{host}{f':{port}' if port.isdigit() else ''}/"


def _refused(request: HttpRequest, form: MunicipalityForm, refusal: Refusal) -> HttpResponse:
    """The form again with everything typed; an uploaded text now stands in the field beside its mistakes."""
    text: str = form.cleaned_data["text"]
    lines = text.splitlines()
    wrong = [
        {"problem": one, "line": lines[one.line - 1] if one.line <= len(lines) else ""}
        for one in refusal.facts.get("problems", ())
    ]
    again = MunicipalityForm({**request.POST.dict(), "text": text})
    again.is_valid()
    field = _FIELD_OF.get(type(refusal))
    again.refuse(refusal.facts.get("errors") or ({field: _(refusal.message)} if field else {}))
    problem = None if field or isinstance(refusal, InvalidMunicipality) else refusal
    facts = {"form": again, "problem": problem, "wrong": wrong, "cases": refusal.facts.get("cases", ())}
    return render(request, "operator/create.html", facts, status=422)
