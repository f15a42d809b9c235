"""Every refusal of the API as RFC 9457 ``application/problem+json``, in the caller's language."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.views import set_rollback

from booking.errors import DetailsMissing, DetailsUnfit
from facilities.ordinance import Reason
from frontend.api.answers import rule_reason
from frontend.api.asking import mistakes_of
from frontend.api.refusals import sentence_of, several
from frontend.middleware import log_refusal
from tenants.errors import Refusal

_log = logging.getLogger("machinoma.api")
CONTENT_TYPE = "application/problem+json"

_TITLES = {
    400: gettext_lazy("送信を読めません"),
    401: gettext_lazy("ログインが必要です"),
    403: gettext_lazy("許可されていません"),
    404: gettext_lazy("見つかりません"),
    405: gettext_lazy("この方法では使えません"),
    406: gettext_lazy("この形式では答えられません"),
    409: gettext_lazy("いまは、できません"),
    413: gettext_lazy("送信が大きすぎます"),
    415: gettext_lazy("この形式は受け取れません"),
    422: gettext_lazy("内容に、まちがいがあります"),
    429: gettext_lazy("回数が多すぎます"),
    500: gettext_lazy("こちらの不具合です"),
}
_DETAILS = {
    "not_found": gettext_lazy("この住所（URL）には、何もありません。"),
    "not_authenticated": gettext_lazy("ログインするか、トークンを付けて送ってください。"),
    "method_not_allowed": gettext_lazy("この住所（URL）では、この方法（メソッド）は使えません。"),
    "not_acceptable": gettext_lazy("答えは application/json だけです。Accept を直してください。"),
    "unsupported_media_type": gettext_lazy("application/json で送ってください。"),
    "throttled": gettext_lazy("しばらく待ってから、もう一度送ってください。"),
    "permission_denied": gettext_lazy("この操作をする権限がありません。"),
    "body_too_large": gettext_lazy("送信は1MBまでです。"),
    "unreadable": gettext_lazy("送信を最後まで読めませんでした。"),
    "server_error": gettext_lazy(
        "もうしわけありません。記録をとりました。しばらくして、もう一度お試しください。"
    ),
}


def problem(
    status: int,
    code: str,
    detail: str = "",
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    **facts: Any,
) -> HttpResponse:
    """Return a problem document: type, title, status, detail, code and, where they help, errors and facts."""
    body: dict[str, Any] = {
        "type": f"urn:problem-type:machinoma:{code}",
        "title": str(_TITLES.get(status, _TITLES[500 if status >= 500 else 400])),
        "status": status,
        "detail": detail or str(_DETAILS.get(code, "")),
        "code": code,
        **facts,
    }
    if errors:
        body["errors"] = list(errors)
    response = HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Turn any error of a view into a problem; what nobody expected is logged and told without details."""
    set_rollback()
    if isinstance(error, Refusal):
        return refused(error)
    if isinstance(error, Http404):
        return problem(404, "not_found")
    if isinstance(error, exceptions.APIException):
        return _of_rest_framework(error)
    if isinstance(error, PermissionDenied):
        return problem(403, "permission_denied")
    if isinstance(error, RequestDataTooBig):
        return problem(413, "body_too_large")
    if isinstance(error, SuspiciousOperation | UnreadablePostError):
        return problem(400, "unreadable")
    _log.error("unexpected", exc_info=error)
    return problem(500, "server_error")


def refused(refusal: Refusal) -> HttpResponse:
    """Return a refusal as a problem and log its code."""
    log_refusal(refusal)
    facts = dict(refusal.facts)
    reasons: Sequence[Reason] = facts.pop("reasons", ())
    errors = facts.pop("errors", ())
    if isinstance(refusal, DetailsUnfit | DetailsMissing):
        facts, errors = {}, mistakes_of(refusal)
    if isinstance(facts.get("refused"), Mapping):
        facts["refused"] = several(facts["refused"])
    if reasons:
        facts["reasons"] = [rule_reason(reason).model_dump() for reason in reasons]
    return problem(refusal.status, refusal.code, sentence_of(refusal), errors=errors, **facts)


def _of_rest_framework(error: exceptions.APIException) -> HttpResponse:
    headers = {}
    sign_in = getattr(error, "auth_header", None)
    if sign_in:
        headers["WWW-Authenticate"] = sign_in
    wait = getattr(error, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(-(-wait // 1)))
    code = str(error.default_code)
    if isinstance(error, exceptions.ParseError | exceptions.AuthenticationFailed):
        code = str(error.get_codes())
    detail = "" if code in _DETAILS else str(error.detail)
    return problem(error.status_code, code, detail, headers=headers)
