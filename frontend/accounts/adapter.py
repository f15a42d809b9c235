"""How allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Residents register on a municipality's host; nobody registers on the operator's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether registration is offered on this host."""
        return getattr(request, "tenant", None) is not None
