"""One service, one transaction; and one savepoint less where the caller rolls everything back anyway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

_all_or_nothing: ContextVar[bool] = ContextVar("all_or_nothing", default=False)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Open a transaction whose services need no savepoint: any refusal in it ends it as a whole."""
    with transaction.atomic():
        token = _all_or_nothing.set(True)
        try:
            yield
        finally:
            _all_or_nothing.reset(token)


@contextmanager
def one_transaction() -> Iterator[None]:
    """The transaction of a service. Inside somebody else's a refusal undoes this service only (a savepoint)."""
    with transaction.atomic(savepoint=not _all_or_nothing.get()):
        yield
