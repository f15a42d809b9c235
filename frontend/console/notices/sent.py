"""What was sent, what did not arrive, and sending it once more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Notice
from accounts.notices.kinds import KINDS
from accounts.notices.log import notice_view, resend, search_notices
from frontend.access import StaffRequest, console_page

PAGE = 50


@console_page
@require_safe
def sent(request: StaffRequest) -> HttpResponse:
    """List messages, newest first; all, or those that did not arrive."""
    state, kind, before = (request.GET.get(key, "") for key in ("state", "kind", "before"))
    state = state if state in {"undelivered", *Notice.State.values} else ""
    kind = kind if kind in KINDS else ""
    last = int(before) if before.isdecimal() and len(before) <= 15 else None
    found = search_notices(state=state, kind=kind, before=last, limit=PAGE + 1)
    more = found[PAGE - 1].id if len(found) > PAGE else None
    facts = {"notices": found[:PAGE], "state": state, "kind": kind, "kinds": KINDS.values(), "more": more}
    return render(request, "console/notices/sent.html", facts)


@console_page
@require_safe
def message(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Show one message as it was sent."""
    return render(request, "console/notices/message.html", {"notice": notice_view(notice_id)})


@console_page
@require_POST
def again(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Send it once more."""
    resend(notice_id=notice_id, now=clock_now())
    messages.success(request, _("もう一度送ります。"))
    return redirect("console:notices_sent")
