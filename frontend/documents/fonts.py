"""The fonts of documents, and which letters they can draw.

Noto Serif JP draws all of JIS X 0213 and the 14,787 variants of Adobe-Japan1 (葛󠄀, 辻󠄁); Noto Sans CJK JP everything
else of Chinese, Japanese and Korean. A municipality's own font (IPAmj明朝, 行政事務標準文字) goes into the folder
DOCUMENT_FONTS and is asked for what they cannot draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import category

from django.conf import settings
from fontTools.ttLib import TTCollection, TTFont

SERIF, LATIN, REST = "Noto Serif JP", "Libertinus Serif", "Noto Sans CJK JP"
# What is printed where no font has the letter: the mark printers leave for a missing type.
MISSING = "〓"
_PACKAGES = ("pylopdf_fonts_cjk", "noto_cjk_sans_jp_regular")
# What the typesetter's own Latin font draws (Latin, Greek, Cyrillic), as far as it is assigned at all.
_LATIN = (
    range(0x20, 0x7F),
    range(0xA0, 0x2E5),
    range(0x2EA, 0x370),
    range(0x384, 0x3E2),
    range(0x400, 0x478),
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # signs that draw nothing
_SELECTORS = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])


@dataclass(frozen=True, slots=True)
class Font:
    """A font: the letters it has, and the variants (letter, selector)."""

    family: str
    letters: frozenset[int]
    variants: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Undrawn:
    """What of a text cannot be drawn as it is written: letters no font has, and variants drawn in their usual form."""

    missing: tuple[str, ...]
    usual_form: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.usual_form)


def folders() -> tuple[str, ...]:
    """Where the fonts lie: in the packages, and in the municipality's own folder."""
    found = [str(Path(spec.origin).parent) for spec in map(find_spec, _PACKAGES) if spec and spec.origin]
    own = settings.DOCUMENT_FONTS
    return (*found, *([str(own)] if own else []))


def families() -> tuple[str, ...]:
    """The families in the order in which they are asked for a letter."""
    own = [font.family for font in fonts() if font.family not in (SERIF, REST, "Noto Sans JP")]
    return (SERIF, LATIN, *own, REST)


@cache
def fonts() -> tuple[Font, ...]:
    """The fonts on this machine; read once in the life of a process."""
    return tuple(
        font
        for folder in folders()
        for path in sorted(Path(folder).rglob("*"))
        if path.suffix.lower() in (".otf", ".ttf", ".ttc")
        for font in _read(path)
    )


def undrawn(text: str) -> Undrawn:
    """Tell which letters of a text the documents cannot show as they are written."""
    missing, usual = [], []
    for letter, selector in _pairs(text):
        if not _has(letter):
            missing.append(letter)
        elif selector and not any((ord(letter), ord(selector)) in font.variants for font in fonts()):
            usual.append(letter + selector)
    return Undrawn(tuple(dict.fromkeys(missing)), tuple(dict.fromkeys(usual)))


def drawable(text: str) -> str:
    """The text with 〓 for each letter that no font has."""
    return "".join(
        letter + selector if _has(letter) else MISSING
        for letter, selector in _pairs(text)
        if letter == "\n" or category(letter) not in _UNSEEN
    )


def forms_of_other_fonts(text: str) -> list[tuple[str, str]]:
    """The variants in a text that the first font does not have and another one has, each with that one's family."""
    found: dict[str, str] = {}
    for letter, selector in _pairs(text):
        having = [
            font.family for font in fonts() if selector and (ord(letter), ord(selector)) in font.variants
        ]
        if having and SERIF not in having:
            found[letter + selector] = having[0]
    return list(found.items())


def _has(letter: str) -> bool:
    code = ord(letter)
    if any(code in one for one in _LATIN) and category(letter) != "Cn":
        return True
    return letter == "\n" or any(code in font.letters for font in fonts())


def _pairs(text: str) -> list[tuple[str, str]]:
    """Each letter with the selector of its variant behind it."""
    found: list[tuple[str, str]] = []
    for letter in text:
        if ord(letter) in _SELECTORS and found:
            found[-1] = (found[-1][0], letter)
        elif ord(letter) not in _SELECTORS:
            found.append((letter, ""))
    return found


def _read(path: Path) -> list[Font]:
    if path.suffix.lower() == ".ttc":
        with TTCollection(path, lazy=True) as collection:
            return [_font(one) for one in collection.fonts]
    with TTFont(path, lazy=True) as font:
        return [_font(font)]


def _font(font: TTFont) -> Font:
    variants: set[tuple[int, int]] = set()
    for table in font["cmap"].tables:
        if table.format == 14:
            listed: Mapping[int, Sequence[tuple[int, object]]] = table.uvsDict
            variants |= {(letter, selector) for selector, pairs in listed.items() for letter, _ in pairs}
    family = font["name"].getBestFamilyName() or ""
    return Font(family, frozenset(font.getBestCmap()), frozenset(variants))
