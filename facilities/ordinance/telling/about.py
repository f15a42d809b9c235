"""Whose rules these are and where they were read, and what applicants choose and are asked."""

from __future__ import annotations

from facilities.ordinance.document.clauses import Days
from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling.chapters import (
    Chapter,
    Row,
    Section,
    Sentence,
    cell,
    chapter,
    section,
    table,
)
from facilities.ordinance.telling.days import say_days
from facilities.ordinance.telling.figures import day, unit_words
from facilities.ordinance.telling.labels import label
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.rounding import rounding_sentence, tax_sentence, total_sentence
from facilities.ordinance.telling.saying import say_field
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, listed, named, same, say

_GRANTED = Words("職員が認める", "granted by staff")
_CHOSEN = Words("申込者が選ぶ", "applicants choose")
_LISTS = ("applicant_classes", "purposes", "causes")
_ELSEWHERE = (
    "facilities",
    "calendars",
    "times",
    "applications",
    "cancellations",
    "exemptions",
    "adjustments",
)
_LATER = ("extras", "payments", "penalties", "registrations", "cases", "format")


def about_chapter(document: Ordinance, names: Names) -> Chapter:
    """Whose rules, from when on, from what source; and whatever of the document no other chapter tells."""
    take = Taking(document, (), names)
    for field in (
        *_ELSEWHERE,
        *_LATER,
        *_LISTS,
        "questions",
        "holidays",
        "day_kinds",
        "rounding",
        "tax",
        "totals",
    ):
        take.get(field)
    city, source = take.one("municipality"), take.one("source")
    begins = say(
        "{day}の利用から使います。", "In force for use from {day} on.", day=day(take.get("effective_from"))
    )
    zone = take.get("timezone")
    sentences = [
        Sentence(begins.ja, begins.en, None, ("effective_from",)),
        *([_municipality(city)] if city else []),
        *(_source(source) if source else []),
        *([_zone(zone)] if zone != "Asia/Tokyo" else []),
        *take.rest(),
    ]
    return chapter("about", Words("この規則について", "About these rules"), section(NOTHING, (), *sentences))


def choice_chapter(document: Ordinance, names: Names) -> Chapter:
    """Applicant classes, purposes, causes, questions, own holidays, rounding."""
    take = Taking(document, (), names)
    sections = [_named_list(take, field) for field in _LISTS]
    questions = [_question(one) for one in take.each("questions")]
    holidays = [
        one.sentence(
            say("{name}: {dates}", "{name}: {dates}", name=named(one.part), dates=one.words("dates"))
        )
        for one in take.each("holidays")
    ]
    days = [_named_days(take, key, value) for key, value in (take.get("day_kinds") or {}).items()]
    rounding, tax = take.one("rounding"), take.one("tax")
    totals = [total_sentence(one) for one in take.each("totals")]
    return chapter(
        "choices",
        Words("申込みのときに選ぶこと・聞くこと", "What applicants choose and are asked"),
        *sections,
        section(label("questions"), ("questions",), *questions),
        section(Words("市町村が定めた休日", "The municipality's own holidays"), ("holidays",), *holidays),
        section(label("day_kinds"), ("day_kinds",), *days),
        section(label("rounding"), ("rounding",), *([rounding_sentence(rounding)] if rounding else [])),
        section(label("tax"), ("tax",), *([tax_sentence(tax)] if tax else [])),
        section(label("totals"), ("totals",), *totals),
    )


def _named_days(take: Taking, key: str, days: tuple[Days, ...]) -> Sentence:
    words = say(
        "{name}: {days}。",
        "{name}: {days}.",
        name=take.names.of("day_kind", key),
        days=say_days(days, take.names),
    )
    return Sentence(words.ja, words.en, None, ("day_kinds", key))


def _municipality(take: Taking) -> Sentence:
    kana, code = take.get("name_kana"), take.get("lg_code")
    reading = Words(f"（{kana}）", f" ({kana})") if kana else NOTHING
    name = (
        say("{name}{kana}", "{name}{kana}", name=named(take.part), kana=reading) if kana else named(take.part)
    )
    return take.sentence(
        say(
            "{name}の規則です（全国地方公共団体コード {code}）。",
            "Rules of {name} (code {code}).",
            name=name,
            code=code,
        )
    )


def _source(take: Taking) -> list[Sentence]:
    urls = take.get("urls") or ()
    title = say("もとの規則: {title}", "Source: {title}", title=same(take.get("title")))
    found = [
        Sentence(f"掲載場所: {one}", f"Published at: {one}", None, (*take.path, "urls", n))
        for n, one in enumerate(urls)
    ]
    return [take.sentence(title), *found]


def _zone(zone: str) -> Sentence:
    return Sentence(f"時刻の基準: {zone}", f"Time zone: {zone}", None, ("timezone",))


def _named_list(take: Taking, field: str) -> Section:
    rows: list[Row] = []
    any_granted = any(getattr(one, "granted", False) for one in getattr(take.part, field))
    for one in take.each(field):
        cells = [cell(named(one.part), heading=True)]
        granted = bool(one.get("granted", False))
        if any_granted:
            cells.append(cell(_GRANTED if granted else _CHOSEN))
        rows.append(one.row(*cells))
    head = (label(field), Words("決めかた", "How")) if any_granted else (label(field),)
    return section(label(field), (field,), *([table(label(field), head, rows, (field,))] if rows else []))


def _question(take: Taking) -> Sentence:
    choices, unit, usual = take.get("choices") or (), take.get("unit"), take.get("usual")
    if choices:
        how = say("選んで答えます: {it}", "one of: {it}", it=listed(named(one) for one in choices))
    elif unit:
        how = say("数で答えます（{unit}）", "a number (in{unit})", unit=unit_words(unit))
    else:
        how = Words("はい・いいえで答えます", "yes or no")
    words = say("{name}: {how}。", "{name}: {how}.", name=named(take.part), how=how)
    if usual is not None:
        answer = say_field(str(getattr(take.part, "key", "")), usual, take.names)
        words += say("答えがないときは「{it}」とします。", " Without an answer: {it}.", it=answer)
    return take.sentence(words)
