"""Who calls the API: a browser with its session, or a program with a municipality's token."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, status
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.request import Request

from accounts.callers import Caller, caller_by_session, caller_by_token
from tenants.context import current_schema

_KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII)


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

    def authenticate(self, request: Request) -> tuple[Caller, Caller] | None:
        """Return the caller of a session, None without one. Raises CsrfFailed. Two queries."""
        session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        caller = caller_by_session(session_key, now=clock_now()) if _KEY.fullmatch(session_key) else None
        if caller is None:
            return None
        self.enforce_csrf(request)
        return caller, caller

    def enforce_csrf(self, request: HttpRequest | Request) -> None:
        """Check the CSRF token of a write. Raises CsrfFailed."""

        def dummy_get_response(_request: Any) -> Any:  # pragma: no cover (never called by process_view)
            return None

        check = authentication.CSRFCheck(dummy_get_response)
        check.process_request(request)
        if check.process_view(request, None, (), {}):  # type: ignore[arg-type]
            raise CsrfFailed
