"""Addresses below /console/notices/."""

from __future__ import annotations

from django.urls import path

from frontend.console.notices import line, reminders, sent, texts

urlpatterns = [
    path("", texts.kinds, name="notices"),
    path("sent/", sent.sent, name="notices_sent"),
    path("sent/<int:notice_id>/", sent.message, name="notice"),
    path("sent/<int:notice_id>/again/", sent.again, name="notice_again"),
    path("line/", line.line, name="line"),
    path("line/off/", line.disconnect, name="line_off"),
    path("reminders/", reminders.reminders, name="reminders"),
    path("<slug:kind>/<slug:language>/", texts.text, name="notice_text"),
    path("<slug:kind>/<slug:language>/reset/", texts.reset, name="notice_text_reset"),
]
