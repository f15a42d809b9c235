"""What becomes of a closed day that falls on a holiday, as one of the sentences that ordinances usually say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from facilities.ordinance.document.calendar_clauses import Closure

OTHER = "other"
SENTENCES = {
    "closed": _("祝日も休む"),
    "open": _("祝日は開ける（休まない）"),
    "next_day": _("祝日なら、次の日に休む"),
    "next_working_day": _("祝日なら、次の平日（土日・祝日でない日）に休む"),
    OTHER: _("そのほか（下に、くわしく書く）"),
}
_HOLIDAY = {"holidays": ("any",)}
_WRITTEN: Mapping[str, dict[str, Any]] = {
    "closed": {},
    "open": {"unless": _HOLIDAY},
    "next_day": {"moves": {"when": _HOLIDAY, "by_days": 1}},
    "next_working_day": {
        "moves": {"when": _HOLIDAY, "by_days": 1, "skip": ({"weekdays": ("sat", "sun")}, _HOLIDAY)}
    },
}
_FIELDS = ("unless", "moves")


def sentence_of_closure(plain: Mapping[str, Any] | None) -> str:
    """Which sentence a closure's plain values say; ``other`` when none of them does."""
    said = _meaning(plain or {})
    return next((key for key, written in _WRITTEN.items() if _meaning(written) == said), OTHER)


def with_sentence(plain: Mapping[str, Any], sentence: str) -> dict[str, Any]:
    """The closure's plain values with another sentence; ``other`` leaves them as they are."""
    if sentence == OTHER:
        return dict(plain)
    kept = {key: value for key, value in plain.items() if key not in _FIELDS}
    return {**kept, **_WRITTEN[sentence]}


def _meaning(plain: Mapping[str, Any]) -> tuple[Any, Any]:
    asked = {field: plain[field] for field in _FIELDS if field in plain}
    closure = Closure.model_validate({"name": "x", "days": {"weekdays": ("mon",)}, **asked})
    moves = closure.moves
    if moves is None:
        return closure.unless, None
    # Where a move comes from (article, note) and the order of what it skips do not change what it says.
    skipped = frozenset(map(repr, moves.skip))
    return closure.unless, (moves.when, moves.by_days, skipped, moves.skip_closures, moves.skip_closed)
