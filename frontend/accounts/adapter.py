"""How allauth behaves here."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import staff_member

_log = logging.getLogger("machinoma.mail")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Residents register on a municipality's host; nobody registers on the operator's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether registration is offered on this host."""
        return getattr(request, "tenant", None) is not None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a log-in leads that was not on the way to a page: staff to their day, residents to the halls."""
        if getattr(request, "tenant", None) is not None and staff_member(request.user):
            return reverse("desk:home")
        return str(super().get_login_redirect_url(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a code at once: its text is a secret, so it may not wait as a job in the database.

        When the mail server does not answer, the person reads so and can ask again; nothing else is lost.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            _log.warning("mail not sent", extra={"error": type(error).__name__})
            messages.error(
                self.request, _("メールを送れませんでした。少し待って、「もう一度送る」を押してください。")
            )
