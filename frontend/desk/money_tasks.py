"""The clerk's queue about money: every task with a sentence, a link to what it is about, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import StaffMember
from booking.errors import ReservationNotFound
from booking.queries import reservation_for_staff
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.refund_forms import DecisionForm, NoteForm
from frontend.desk.refunds import my_facilities
from frontend.templatetags.machinoma import yen
from payments.models import Task
from payments.refunds.left_open import decide_open_refund, hall_may_decide
from payments.tasks import close_task, closed_tasks, open_tasks, task_of

Kind = Task.Kind

KIND_NAMES = {
    Kind.PAID_TOO_LATE: gettext_lazy("予約がなくなったあとの支払い"),
    Kind.REFUND_FAILED: gettext_lazy("もどせなかった返金"),
    Kind.UNMATCHED_PAYMENT: gettext_lazy("どの料金か分からない入金"),
    Kind.DIFFERENCE: gettext_lazy("合わない金額"),
    Kind.DISPUTE: gettext_lazy("支払いへの異議（チャージバック）"),
    Kind.OVERDUE: gettext_lazy("期限を過ぎた未払い"),
    Kind.ACCOUNT_TROUBLE: gettext_lazy("決済アカウントの問題"),
    Kind.REFUND_UNDECIDED: gettext_lazy("返すかどうかの判断"),
    Kind.REFUND_UNCLAIMED: gettext_lazy("請求の期限を過ぎた返金"),
    Kind.TRANSFER_RETURNED: gettext_lazy("戻ってきた振込み"),
}
# What happened, and what there is to do.
_SENTENCES = {
    Kind.PAID_TOO_LATE: gettext_lazy(
        "予約がなくなったあとに、{yen} が支払われました。返金の手続きは、もう始めました。"
        "利用者から聞かれたら、説明してください。"
    ),
    Kind.REFUND_FAILED: gettext_lazy(
        "{yen} を、払った方法にもどせませんでした。銀行口座への振込みに変えました。"
        "利用者が口座を入れないときは、聞いてください。"
    ),
    Kind.UNMATCHED_PAYMENT: gettext_lazy("{yen} の入金が、どの料金のものか分かりません。調べてください。"),
    Kind.DIFFERENCE: gettext_lazy("決済会社の帳簿と、台帳の金額が合いません。調べてください。"),
    Kind.DISPUTE: gettext_lazy(
        "利用者が、カード会社に {yen} の支払いの取消しを求めました。決済会社の画面で、期限までに答えてください。"
    ),
    Kind.OVERDUE: gettext_lazy("{yen} が、期限までに払われていません。利用者に連絡してください。"),
    Kind.ACCOUNT_TROUBLE: gettext_lazy(
        "決済アカウントに問題があり、支払いや返金が進みません。決済会社の画面で、たしかめてください。"
    ),
    Kind.REFUND_UNDECIDED: gettext_lazy(
        "取り消した予約に、{yen} が払われています。いくら返すか、規則では決まりません。決めてください。"
    ),
    Kind.REFUND_UNCLAIMED: gettext_lazy(
        "{yen} の返金が、期限までに請求されていません。利用者に連絡するか、返さないことを決めてください。"
    ),
    Kind.TRANSFER_RETURNED: gettext_lazy(
        "{yen} の振込みが、銀行から戻りました。口座をもう一度聞いてください。"
    ),
}
_PAGE = 50


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task as a clerk reads it: what happened, what to do, and where."""

    task: Task
    name: str
    sentence: str
    about: str
    links: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, task: Task) -> ShownTask:
        """Say a task in words."""
        kind = Kind(task.kind)
        amount = task.facts.get("yen", task.facts.get("paid_yen"))
        words = str(_SENTENCES[kind]).format(yen=yen(amount) if isinstance(amount, int) else _("お金"))
        about = f"{task.charge.payer} {task.charge.title}" if task.charge else ""
        return cls(task, str(KIND_NAMES[kind]), words, about, tuple(_links(task)))


@desk_page
@require_safe
def tasks(request: StaffRequest) -> HttpResponse:
    """Show what a person has to look at, the oldest first; and what was seen to, on demand."""
    mine, done = my_facilities(request.staff), "done" in request.GET
    rows = closed_tasks(mine) if done else open_tasks(mine)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    shown = [ShownTask.of(one) for one in page]
    return render(request, "desk/money/tasks.html", {"tasks": shown, "page": page, "done": done})


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Show one task; decide it, or note what was done about it."""
    found = task_of(task_id, my_facilities(request.staff))
    asks = found.kind == Kind.REFUND_UNDECIDED
    may_decide = asks and _may_decide(request.staff, found)
    form: DecisionForm | NoteForm
    form = _decision_form(request, found) if asks else NoteForm(request.POST or None)

    def act() -> HttpResponse:
        _settle(request, found, form)
        return redirect("desk:money-tasks")

    facts: dict[str, Any] = {"shown": ShownTask.of(found), "task": found, "form": form}
    facts |= {"asks": asks, "may_decide": may_decide, "is_open": found.closed_at is None}
    if request.method == "POST" and (found.closed_at or (asks and not may_decide)):
        return redirect("desk:money-task", task_id)
    return carry_out(request, form, act, "desk/money/task.html", facts)


def _settle(request: StaffRequest, found: Task, form: DecisionForm | NoteForm) -> None:
    now, said = clock_now(), form.cleaned_data
    if isinstance(form, NoteForm):
        close_task(task_id=found.pk, staff_id=request.staff.id, note=said["note"], now=now)
        messages.success(request, _("終わりにしました。"))
        return
    assert found.charge is not None  # noqa: S101 (it is about a charge)
    decide_open_refund(subject=found.charge.subject, actor=request.staff.actor, now=now, **said)
    words = _("返すことを決めました。") if said["yen"] else _("返さないことを決めました。")
    messages.success(request, words + _("利用者にお知らせします。"))


def _decision_form(request: StaffRequest, found: Task) -> DecisionForm:
    proposed = found.facts.get("proposed_yen")
    initial = {"yen": proposed, "reason": found.facts.get("why", "")} if proposed is not None else {}
    return DecisionForm(request.POST or None, initial=initial)


def _may_decide(staff: StaffMember, found: Task) -> bool:
    return staff.is_admin or (found.charge is not None and hall_may_decide(found.charge.subject))


def _links(task: Task) -> list[tuple[str, str]]:
    links = []
    if task.refund:
        links.append((_("返金を見る"), reverse("desk:refund-one", args=[task.refund.ref])))
    if task.charge:
        try:
            view = reservation_for_staff(ref=task.charge.subject)
        except ReservationNotFound:
            return links
        words = _("予約 %(number)s を見る") % {"number": view.number}
        links.append((words, reverse("desk:reservation", args=[view.ref])))
    return links
