"""My page: by which way I am told of what, and linking my LINE."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.line.friends import CODE_MINUTES, basic_address, friend_of, new_code, unlink
from accounts.line.official_account import account_state
from accounts.notices.choosing import choose_for_resident, resident_wishes
from accounts.notices.errors import LineNotReady
from accounts.notices.log import mail_trouble
from frontend.answers import carry_out
from frontend.resident.notice_form import NoticeForm
from frontend.resident.people import for_resident


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def notices(request: HttpRequest) -> HttpResponse:
    """Choose how to be told; see whether LINE is linked and whether mails arrive."""
    resident = request.resident  # type: ignore[attr-defined]
    form = NoticeForm(request.POST if request.method == "POST" else None, wishes=resident_wishes(resident))

    def act() -> HttpResponse:
        choose_for_resident(resident=resident, wanted=form.wanted())
        messages.success(request, _("お知らせの受け取り方を保存しました。"))
        return redirect("my-notices")

    account, friend = account_state(), friend_of(resident.pk)
    trouble = mail_trouble(resident_id=resident.pk, now=timezone.now())
    facts = {"form": form, "account": account, "friend": friend, "trouble": trouble, "section": "my"}
    return carry_out(request, form, act, "resident/notices.html", facts | {"resident": resident})


@require_POST
@for_resident
def line_code(request: HttpRequest) -> HttpResponse:
    """Show a number to type into the chat with the official account."""
    account = account_state()
    if account is None or not account.is_active:
        raise LineNotReady
    code = new_code(resident_id=request.resident.pk, now=timezone.now())  # type: ignore[attr-defined]
    facts = {"code": f"{code[:4]} {code[4:]}", "minutes": CODE_MINUTES, "account": account}
    facts |= {"address": basic_address(account.basic_id), "section": "my"}
    return render(request, "resident/line_code.html", facts)


@require_POST
@for_resident
def line_unlink(request: HttpRequest) -> HttpResponse:
    """Part from LINE."""
    unlink(resident_id=request.resident.pk)  # type: ignore[attr-defined]
    messages.success(request, _("LINEとのつながりを切りました。これからは、メールで送ります。"))
    return redirect("my-notices")
