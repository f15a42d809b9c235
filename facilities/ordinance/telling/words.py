"""A phrase in both languages at once, and how phrases are joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same phrase in Japanese and in English."""

    ja: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.ja)

    def __add__(self, other: Words) -> Words:
        return Words(self.ja + other.ja, self.en + other.en)

    def in_language(self, language: str) -> str:
        """The phrase in `ja`; in any other language in English."""
        return self.ja if language == "ja" else self.en


NOTHING = Words("", "")


def say(ja: str, en: str, **values: Words | str | int) -> Words:
    """A phrase with its {gaps} filled in, each language with its own words."""
    in_ja = {name: one.ja if isinstance(one, Words) else one for name, one in values.items()}
    in_en = {name: one.en if isinstance(one, Words) else one for name, one in values.items()}
    return Words(ja.format(**in_ja), en.format(**in_en))


def around(ja: str, en: str, it: Words | str | int | None) -> Words:
    """A phrase around a value, in the gap {it}; nothing where there is no value."""
    return NOTHING if it is None or not str(it) or it == NOTHING else say(ja, en, it=it)


def flag(holds: object, ja: str, en: str) -> Words:
    """A phrase that stands only where something holds."""
    return Words(ja, en) if holds else NOTHING


def capital(words: Words) -> Words:
    """A phrase as it stands at the beginning."""
    return Words(words.ja, words.en[:1].upper() + words.en[1:])


def same(text: object) -> Words:
    """A text that is the same in both languages: a number, a name without translation."""
    return Words(str(text), str(text))


def named(thing: object) -> Words:
    """The name of a part that has `name` and perhaps `name_en`; ○ where the number of the week goes."""
    ja = str(getattr(thing, "name", None) or getattr(thing, "key", None) or "")
    en = str(getattr(thing, "name_en", None) or ja)
    return Words(ja.replace("{n}", "○"), en.replace("{n}", "nth"))


def together(parts: Iterable[Words], ja: str = "、", en: str = ", ") -> Words:
    """Phrases one after the other; empty ones are left out."""
    kept = [one for one in parts if one]
    return Words(ja.join(one.ja for one in kept), en.join(one.en for one in kept))


def listed(parts: Iterable[Words]) -> Words:
    """Things of a kind: 土曜日・日曜日, Saturday and Sunday would mean both, so English has commas."""
    kept = tuple(parts)
    # A name with ・ of its own (販売・私塾) would look like two things.
    return together(kept, "、" if any("・" in one.ja for one in kept) else "・", ", ")


def either(parts: Iterable[Words]) -> Words:
    """Phrases of which any may hold."""
    return together(parts, "、または", ", or ")
