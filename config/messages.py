"""Collect every sentence people read and keep the catalogues in frontend/locale: ``python -m config.messages``.

The source language is Japanese, so a msgid is the Japanese sentence and only English needs a catalogue. The small
Japanese catalogue holds plainer words for sentences of Django and allauth (their msgids are English). This is a tool
for developers: it needs Babel, the product does not.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "frontend" / "locale"
APPS = ("accounts", "booking", "config", "facilities", "frontend", "locks", "payments", "tenants")
TEMPLATES = ROOT / "frontend" / "templates"

_NAMES = ("gettext", "ngettext", "pgettext", "npgettext")
# Where the sentences stand among the arguments, as Babel says it: (context "c", singular, plural).
_PLACES: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_KEYWORDS = {"_": None, "gettext_noop": None, **_PLACES, **{f"{name}_lazy": _PLACES[name] for name in _NAMES}}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in Japanese, its plural ("" for none), its context ("" for none) and the file it stands in."""

    text: str
    plural: str
    context: str
    file: str


def sentences() -> list[Sentence]:
    """Return every sentence of templates, Python calls of gettext and refusals; the same order on every machine."""
    found = [*_of_templates(), *_of_python(), *_of_refusals()]
    return sorted(set(found), key=lambda one: (one.file, one.text, one.context, one.plural))


def _of_templates() -> Iterator[Sentence]:
    for path in sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]):
        yield from _extracted(templatize(path.read_text("utf-8"), origin=_name(path)), path)


def _of_python() -> Iterator[Sentence]:
    for path in _modules():
        yield from _extracted(path.read_text("utf-8"), path)


def _extracted(source: str, path: Path) -> Iterator[Sentence]:
    for _line, message, _comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=_KEYWORDS, options={"encoding": "utf-8"}
    ):
        text, plural = (message, "") if isinstance(message, str) else (message[0], message[1])
        yield Sentence(text, plural, context or "", _name(path))


def _of_refusals() -> Iterator[Sentence]:
    """The docstring of a refusal is its message (tenants.errors); the pure ordinance engine has none."""
    classes = [
        (node, path)
        for path in _modules()
        if "ordinance" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    refusals, known = {"Refusal"}, 0
    while len(refusals) > known:
        known = len(refusals)
        refusals |= {node.name for node, _path in classes if refusals & set(_bases(node))}
    for node, path in classes:
        words = ast.get_docstring(node)
        if node.name in refusals and words:
            yield Sentence(words, "", "", _name(path))


def _bases(node: ast.ClassDef) -> list[str]:
    return [
        base.attr if isinstance(base, ast.Attribute) else base.id
        for base in node.bases
        if isinstance(base, ast.Attribute | ast.Name)
    ]


def _modules() -> list[Path]:
    paths = (path for app in APPS for path in (ROOT / app).rglob("*.py"))
    return sorted(path for path in paths if "migrations" not in path.parts)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


class Words(Catalog):
    """A catalogue whose header says nothing that changes by itself: no dates, no versions, no people."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What Django needs to know of the file."""
        return [
            ("Language", str(self.locale)),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def catalogue_path(language: str) -> Path:
    """Return where the catalogue of ``language`` stands; the compiled one beside it ends in .mo."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Words:
    """Return the catalogue of ``language`` as it is on disk; an empty one when there is no file yet."""
    catalogue = Words(locale=language, header_comment="", fuzzy=False)
    path = catalogue_path(language)
    if path.exists():
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    catalogue[message.id] = message
    return catalogue


def fresh_catalogue() -> Words:
    """Return the English catalogue for the sentences of today: translations kept, sentences that left dropped."""
    old = read_catalogue("en")
    new = Words(locale="en", header_comment="", fuzzy=False)
    for one in sentences():
        msgid = (one.text, one.plural) if one.plural else one.text
        known = old.get(msgid, one.context or None)
        kept = known if known and known.id == msgid else None
        new.add(
            msgid,
            string=kept.string if kept else ("", "") if one.plural else "",
            locations=[(one.file, 1)],
            context=one.context or None,
            user_comments=kept.user_comments if kept else (),
        )
    return new


def written(catalogue: Catalog) -> bytes:
    """Return the text of a .po file: no line numbers, no dates, so that only words make a difference."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, include_lineno=False)
    return buffer.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Return the bytes of the .mo file, the same on every machine."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def _is_complete(message: Message) -> bool:
    words = message.string
    return all(words) if isinstance(words, tuple | list) else bool(words)


def main() -> int:
    """Write both catalogues; say what still has no English."""
    english, japanese = fresh_catalogue(), read_catalogue("ja")
    for language, catalogue in (("en", english), ("ja", japanese)):
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(read_catalogue(language)))
    missing = [str(message.id) for message in english if message.id and not _is_complete(message)]
    sys.stdout.write("".join(f"no English: {text}\n" for text in missing))
    sys.stdout.write(f"{len(english)} sentences, {len(missing)} without English.\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
