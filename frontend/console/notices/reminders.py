"""When people are reminded of their use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.reminding import change_reminders, reminder_settings
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.forms import PlainForm, WholeNumberField


class ReminderForm(PlainForm):
    """The day before at an hour, some hours before, and some days before the last day to pay."""

    day_before = forms.BooleanField(required=False)
    hour = WholeNumberField(min_value=0, max_value=23)
    hours_before = WholeNumberField(min_value=1, max_value=23, required=False)
    due_days = WholeNumberField(min_value=1, max_value=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Word the fields."""
        super().__init__(*args, **kwargs)
        self.fields["day_before"].label = _("利用の前の日に知らせる")
        self.fields["hour"].label = _("前の日の何時に知らせるか（0〜23）")
        self.fields["hours_before"].label = _("始まる何時間前にも知らせるか（1〜23）")
        self.fields["hours_before"].help_text = _("空けておくと、知らせません。")
        self.fields["due_days"].label = _("支払いの期限の何日前に知らせるか（1〜30）")
        self.fields["due_days"].help_text = _("上と同じ時に知らせます。空けておくと、知らせません。")
        self._plain_words()


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: StaffRequest) -> HttpResponse:
    """Choose when people are reminded."""
    found = reminder_settings()
    hours = {"hour": found.remind_hour, "hours_before": found.remind_hours_before}
    initial = {"day_before": found.remind_day_before, "due_days": found.remind_due_days, **hours}
    form = ReminderForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> HttpResponse:
        change_reminders(**form.cleaned_data)
        messages.success(request, _("利用の前のお知らせを変えました。"))
        return redirect("console:reminders")

    return carry_out(request, form, act, "console/notices/reminders.html", {"form": form})
