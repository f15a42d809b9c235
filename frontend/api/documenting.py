"""How routes are described in OpenAPI: headers, problems and ways to sign in, said once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import BaseModel

from frontend.api.outputs import Problem

Method = TypeVar("Method", bound=Callable[..., Any])
_PROBLEM = "application/problem+json"
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 100 ASCII characters. The same request with the same key is carried out once; "
    "a repeat gets the same answer with `Idempotency-Replayed: true`.",
)
_ETAG = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="An ETag: 304 if unchanged."
)
_WORDS = {
    400: "Unreadable: malformed_json, unreadable, invalid_idempotency_key.",
    401: "not_authenticated, invalid_token.",
    403: "csrf_failed, not_a_resident, other_hall, not_for_group, permission_denied, door_code_not_yours.",
    404: "Not here, or not yours.",
    409: "The state of things forbids it, e.g. slot_taken, hold_expired, not_cancellable.",
    413: "body_too_large (1 MB).",
    415: "unsupported_media_type.",
    422: "invalid_input with `errors`, outside_rules with `reasons`, idempotency_key_reused.",
    429: "throttled, with Retry-After.",
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Bearer tokens."""

    target_class = "frontend.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "mn_<municipality>_<secret>",
            "description": "A token of one municipality; it acts as the user it was issued for.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The browser's session."""

    target_class = "frontend.api.authentication.SessionAuthentication"
    name = "session"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-session",
            "description": "The session of the web pages (named `session` where there is no HTTPS). "
            "Writes also carry `X-CSRFToken`.",
        }


def reads(
    operation: str,
    summary: str,
    output: type[BaseModel],
    *,
    query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    problems: tuple[int, ...] = (),
    public: bool = False,
    cached: bool = True,
) -> Callable[[Method], Method]:
    """Describe a GET, or a POST that only asks (``body``)."""
    parameters = [*_query_parameters(query), *([_ETAG] if cached else [])]
    responses: dict[Any, Any] = {200: output}
    if cached:
        responses[304] = OpenApiResponse(description="Unchanged.")
    refused = {
        *problems,
        *((422,) if query else ()),
        *((400, 403, 413, 415, 422) if body else ()),
        *(() if public else (401, 403)),
        429,
    }
    return extend_schema(
        operation_id=operation,
        summary=summary,
        parameters=parameters,
        request=body,
        responses={**responses, **_refusals(refused)},
        tags=[_tag(operation)],
        auth=cast(Any, [{}]) if public else None,
    )


def serves(
    operation: str, summary: str, media: str, *, problems: tuple[int, ...] = ()
) -> Callable[[Method], Method]:
    """Describe a public GET that answers with a file of a media type."""
    kind = OpenApiTypes.OBJECT if media.endswith("json") else OpenApiTypes.STR
    return extend_schema(
        operation_id=operation,
        summary=summary,
        responses={(200, media): kind, **_refusals({*problems, 429})},
        tags=[_tag(operation)],
        auth=cast(Any, [{}]),
    )


def downloads(
    operation: str, summary: str, media: str, *, problems: tuple[int, ...] = ()
) -> Callable[[Method], Method]:
    """Describe a GET that answers callers with a file of a media type."""
    return extend_schema(
        operation_id=operation,
        summary=summary,
        responses={(200, media): OpenApiTypes.BINARY, **_refusals({*problems, 401, 403, 429})},
        tags=[_tag(operation)],
    )


def writes(
    operation: str,
    summary: str,
    status: int,
    *,
    body: type[BaseModel] | None = None,
    output: type[BaseModel] | None = None,
    problems: tuple[int, ...] = (),
) -> Callable[[Method], Method]:
    """Describe a POST or DELETE."""
    refused = {400, 401, 403, 409, 413, 415, 422, 429, *problems}
    return extend_schema(
        operation_id=operation,
        summary=summary,
        parameters=[_KEY],
        request=body,
        responses={
            status: output or OpenApiResponse(description="Done; no body."),
            **_refusals(refused),
        },
        tags=[_tag(operation)],
    )


_TAGS = (
    *("charge", "payment", "refund", "exemption", "paper"),
    *("application", "series", "wait", "offer", "review", "displacement", "group", "offence", "appeal"),
    *("availability", "hold", "reservation", "room", "facilit", "rule"),
)


def _tag(operation: str) -> str:
    words = operation.lower()
    return next(
        (word for word in _TAGS if word in words),
        "api",
    ).replace("facilit", "facilities")


def _refusals(statuses: set[int]) -> Mapping[Any, OpenApiResponse]:
    return {
        (status, _PROBLEM): OpenApiResponse(Problem, description=_WORDS[status])
        for status in sorted(statuses)
    }


def _query_parameters(query: type[BaseModel] | None) -> list[OpenApiParameter]:
    if query is None:
        return []
    schema = query.model_json_schema(by_alias=True)
    required = set(schema.get("required", ()))
    return [
        OpenApiParameter(
            name,
            {key: value for key, value in facts.items() if key not in {"title", "description"}},
            OpenApiParameter.QUERY,
            required=name in required,
            many=False,
            description=facts.get("description", ""),
        )
        for name, facts in schema["properties"].items()
    ]
