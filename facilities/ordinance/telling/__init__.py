"""A document told in plain sentences and tables, so that nobody needs to read YAML to know the rules.

Everything a document says is told: parts have their own sentences, and a field that none of them takes is told as
項目: 値 (`taking.Taking.remaining`). Pure: no Django, no clock.
"""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling import amounts, conditions, days, moments
from facilities.ordinance.telling.about import about_chapter, choice_chapter
from facilities.ordinance.telling.adjustments import adjustment_chapters
from facilities.ordinance.telling.applications import application_chapters
from facilities.ordinance.telling.calendar import opening_chapters
from facilities.ordinance.telling.cancellations import cancellation_chapters
from facilities.ordinance.telling.chapters import Cell, Chapter, Path, Row, Section, Sentence, Table
from facilities.ordinance.telling.comparing import Difference, differences, side_of
from facilities.ordinance.telling.exemptions import exemption_chapters
from facilities.ordinance.telling.extras import extra_chapters
from facilities.ordinance.telling.halls import hall_chapters
from facilities.ordinance.telling.naming import names_of
from facilities.ordinance.telling.one_hall import part_of_hall
from facilities.ordinance.telling.payments import payment_chapters
from facilities.ordinance.telling.penalties import penalty_chapters
from facilities.ordinance.telling.records import assumed_chapter, case_chapter, key_chapter
from facilities.ordinance.telling.registrations import registration_chapters
from facilities.ordinance.telling.times import time_chapters

__all__ = [
    "Cell",
    "Chapter",
    "Difference",
    "Path",
    "Row",
    "Section",
    "Sentence",
    "Table",
    "compare",
    "tell",
    "tell_hall",
]

# Their phrases are found by the kind of part (`saying.PHRASES`), which needs them loaded.
_PHRASES = (amounts, conditions, days, moments)
_SETS = (
    hall_chapters,
    opening_chapters,
    time_chapters,
    adjustment_chapters,
    extra_chapters,
    application_chapters,
    exemption_chapters,
    payment_chapters,
    cancellation_chapters,
    penalty_chapters,
    registration_chapters,
)


def tell(document: Ordinance) -> tuple[Chapter, ...]:
    """The whole document in chapters, in both languages; chapters without content are left out. Never raises."""
    names = names_of(document)
    chapters = [
        about_chapter(document, names),
        *(chapter for chapters in _SETS for chapter in chapters(document, names)),
        choice_chapter(document, names),
        assumed_chapter(document, names),
        case_chapter(document, names),
        key_chapter(document, names),
    ]
    return tuple(chapter for chapter in chapters if chapter.sections)


def tell_hall(document: Ordinance, facility: str) -> tuple[Chapter, ...]:
    """What of the document concerns one hall, by its key, told as in `tell`: for those who use it.

    Without the worked cases and the lists for those who write the document. Empty for a hall it does not know.
    """
    part, names = part_of_hall(document, facility), names_of(document)
    if not part.facilities:
        return ()
    chapters = [
        *(chapter for chapters in _SETS for chapter in chapters(part, names)),
        choice_chapter(part, names),
        about_chapter(part, names),
    ]
    return tuple(chapter for chapter in chapters if chapter.sections)


def compare(old: Ordinance, new: Ordinance) -> tuple[Difference, ...]:
    """What differs between two documents, each in a sentence; nothing for the same document. Never raises.

    Entries of lists are matched by key, name or the cases they are for, so that moving one is no change of all.
    """
    if old == new:
        return ()
    return tuple(differences(side_of(old, tell(old)), side_of(new, tell(new))))
