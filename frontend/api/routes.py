"""What every route of the API does: who calls, at what time, ETags, and one description of its mistakes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now as clock_now
from pydantic import BaseModel
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.callers import Caller
from booking.idempotency import Answer, request_hash, run_once
from frontend.api.errors import InvalidIdempotencyKey, NotARegisteredResident
from frontend.api.throttles import ReadThrottle, WriteThrottle

_DESCRIPTION = '</api/v1/openapi.json>; rel="service-desc"'


class Route(APIView):
    """A route for signed-in callers. ``now`` is the instant of the request, ``caller`` who makes it."""

    throttle_classes = [ReadThrottle, WriteThrottle]
    metadata_class = None
    now: datetime

    @property
    def caller(self) -> Caller:
        """Who calls. Only on routes that are not public."""
        return cast(Caller, self.request.auth)

    @property
    def actor(self) -> Actor:
        """The caller as services know them. Raises NotARegisteredResident."""
        actor = self.caller.actor
        if actor is None:
            raise NotARegisteredResident
        return actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Note the instant before anything is decided by it."""
        self.now = clock_now()
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Refuse who is not signed in. Raises NotAuthenticated, InvalidToken."""
        if request.auth is None:
            raise NotAuthenticated

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> Any:
        """Say where the description is and what the answer depends on."""
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        answer["Link"] = _DESCRIPTION
        patch_vary_headers(answer, ("Accept-Language", "Authorization", "Cookie"))
        return answer

    def once(self, act: Callable[[], Answer], *, at: str = "reservations") -> HttpResponse:
        """Carry out ``act() -> (status, answer)`` once per Idempotency-Key and answer; a repeat is replayed.

        What was made (201) has its address below ``at``, by its ``ref``.

        Raises InvalidIdempotencyKey, KeyReused, and what ``act`` raises.
        """
        status, answer, replayed = run_once(
            scope=f"api:{self.caller.user_id}",
            key=_idempotency_key(self.request),
            request_hash=_fingerprint(self.request),
            now=self.now,
            act=act,
        )
        response = HttpResponse(status=status, content_type="application/json")
        if status != 204:
            # jsonb forgets the order of keys: sorted, a replay is the same to the byte.
            response.content = orjson.dumps(answer, option=orjson.OPT_SORT_KEYS)
        response["Cache-Control"] = "no-store"
        if replayed:
            response["Idempotency-Replayed"] = "true"
        if status == 201:
            response["Location"] = f"/api/v1/{at}/{answer['ref']}"
        return response


class PublicRoute(Route):
    """A route for everybody. A token that was sent is still checked: a wrong one is refused, not ignored."""

    def perform_authentication(self, request: Request) -> None:
        """Look at a token if there is one; no session is read."""
        if "HTTP_AUTHORIZATION" in request.META:
            request.auth  # noqa: B018 (reading it checks it)


def answer(request: Request, data: Any) -> HttpResponse:
    """Answer a GET with JSON and an ETag, or 304 when the caller has it already."""
    body = data.model_dump_json().encode() if isinstance(data, BaseModel) else orjson.dumps(data)
    etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    response = (
        HttpResponse(status=304)
        if _has(request, etag)
        else HttpResponse(body, content_type="application/json")
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def as_answer(status: int, model: BaseModel | None = None) -> Answer:
    """Return what an act of ``Route.once`` returns."""
    return status, {} if model is None else model.model_dump(mode="json")


def _has(request: Request, etag: str) -> bool:
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    return known.strip() == "*" or etag in [one.strip().removeprefix("W/") for one in known.split(",")]


def _idempotency_key(request: Request) -> str:
    key: str = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if "HTTP_IDEMPOTENCY_KEY" in request.META and not (
        1 <= len(key) <= 100 and key.isascii() and key.isprintable()
    ):
        raise InvalidIdempotencyKey
    return key


def _fingerprint(request: Request) -> bytes:
    asked = request._request
    return request_hash((asked.method or "").encode(), asked.path.encode(), asked.body)
