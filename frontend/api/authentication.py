"""Who calls the API: a browser with its session, or a program with a municipality's token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, status
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.request import Request

from accounts.callers import Caller, caller_by_token, caller_by_user
from accounts.models import User
from tenants.context import current_schema


class InvalidToken(AuthenticationFailed):
    """The token is unknown, revoked, or belongs to another municipality: the caller cannot tell which."""

    default_detail = _("このトークンは使えません。")
    default_code = "invalid_token"


class CsrfFailed(APIException):
    """A browser's write without the page's token."""

    status_code = status.HTTP_403_FORBIDDEN
    default_detail = _("ページの有効期限が切れました。ページを開き直してください。")
    default_code = "csrf_failed"


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer mn_<schema>_<secret>``; ``request.auth`` is the Caller."""

    def authenticate(self, request: Request) -> tuple[Caller, Caller] | None:
        """Return the caller of a token, None without one. Raises InvalidToken. One query."""
        scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        caller = caller_by_token(text.strip(), schema=current_schema())
        if caller is None:
            raise InvalidToken
        return caller, caller

    def authenticate_header(self, request: Request) -> str:
        """Say how to sign in (makes a missing sign-in a 401)."""
        return 'Bearer realm="machinoma"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of a signed-in browser; writes must carry the CSRF token. ``request.auth`` is the Caller."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        """Return the caller of a session, None without one. Raises CsrfFailed."""
        user = getattr(request._request, "user", None)
        if user is None or not user.is_authenticated or not user.is_active:
            return None
        self.enforce_csrf(request)
        caller = caller_by_user(user.pk)
        return None if caller is None else (user, caller)

    def enforce_csrf(self, request: HttpRequest | Request) -> None:
        """Check the CSRF token of a write. Raises CsrfFailed."""

        def dummy_get_response(_request: Any) -> Any:  # pragma: no cover (never called by process_view)
            return None

        check = authentication.CSRFCheck(dummy_get_response)
        check.process_request(request)
        if check.process_view(request, None, (), {}):  # type: ignore[arg-type]
            raise CsrfFailed
