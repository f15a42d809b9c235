"""The words of notices: the text that was shipped, or the municipality's own, with its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import NoticeText
from accounts.notices.errors import KindNotFound, TextMissing, UnknownWords
from accounts.notices.kinds import KINDS, Kind
from accounts.notices.placeholders import fill, fill_line, samples, unknown_words

LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body with their words in braces. ``own``: the municipality wrote it."""

    subject: str
    body: str
    own: bool


def kind_or_refuse(key: str, language: str = "ja") -> Kind:
    """Return a kind of the catalogue. Raises KindNotFound, also for a language there is no text in."""
    kind = KINDS.get(key)
    if kind is None or language not in LANGUAGES:
        raise KindNotFound
    return kind


@cache
def shipped_text(kind: str, language: str) -> Text:
    """Return the text the product came with. The file's first line is the subject."""
    path = Path(settings.NOTICE_TEXTS) / language / f"{kind}.txt"
    subject, _newline, body = path.read_text(encoding="utf-8").strip().partition("\n")
    return Text(subject.strip(), body.strip(), own=False)


def text_of(kind: str, language: str) -> Text:
    """Return the text that counts: the municipality's newest, else the shipped one."""
    newest = _versions(kind, language).first()
    if newest is None or not newest.subject:
        return shipped_text(kind, language)
    return Text(newest.subject, newest.body, own=True)


def own_texts() -> set[tuple[str, str]]:
    """Return kind and language of all texts the municipality wrote itself and still uses."""
    newest = NoticeText.objects.order_by("kind", "language", "-id").distinct("kind", "language")
    return {(one.kind, one.language) for one in newest if one.subject}


def text_history(kind: str, language: str) -> list[NoticeText]:
    """Return all versions of a text, newest first, with who wrote them; an empty one is the shipped text."""
    return list(_versions(kind, language).select_related("written_by"))


def written(text: Text, values: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and body, filled in."""
    return fill_line(text.subject, values), fill(text.body, values)


def preview(*, kind: str, language: str, subject: str, body: str) -> tuple[str, str]:
    """Return how a text reads with made-up values. Raises KindNotFound, TextMissing, UnknownWords."""
    _check(kind_or_refuse(kind, language), subject, body)
    return written(Text(subject, body, own=True), samples(language))


def write_text(*, kind: str, language: str, subject: str, body: str, staff_id: int, now: datetime) -> None:
    """Put the municipality's own text in force; what was before stays in the history.

    Raises KindNotFound, TextMissing, UnknownWords.
    """
    _check(kind_or_refuse(kind, language), subject, body)
    if text_of(kind, language) == Text(subject.strip(), body.strip(), own=True):
        return
    NoticeText.objects.create(
        kind=kind,
        language=language,
        subject=subject.strip(),
        body=body.strip(),
        written_by_id=staff_id,
        written_at=now,
    )


def reset_text(*, kind: str, language: str, staff_id: int, now: datetime) -> None:
    """Go back to the shipped text. Raises KindNotFound."""
    kind_or_refuse(kind, language)
    if text_of(kind, language).own:
        NoticeText.objects.create(kind=kind, language=language, written_by_id=staff_id, written_at=now)


def _check(kind: Kind, subject: str, body: str) -> None:
    if not subject.strip() or not body.strip():
        raise TextMissing
    unknown = unknown_words(f"{subject}\n{body}", kind.placeholders)
    if unknown:
        raise UnknownWords(unknown)


def _versions(kind: str, language: str) -> QuerySet[NoticeText]:
    return NoticeText.objects.filter(kind=kind, language=language).order_by("-id")
