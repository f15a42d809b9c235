"""Opening hours and closed days."""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Chapter, Sentence, chapter, section
from facilities.ordinance.telling.conditions import conditions, say_when
from facilities.ordinance.telling.days import say_days
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, capital, named, say, together


def opening_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each calendar."""
    title = Words("開館時間と休館日", "Opening hours and closed days")
    return chapters_of("calendars", document.calendars, title, names, _chapter)


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    hours, closures = take.one("hours"), [_closure(one) for one in take.each("closures")]
    opening = _hours(hours) if hours else []
    if not closures:
        closures = [
            Sentence("定休日の定めはありません。", "No regular closed days are written.", None, take.path)
        ]
    return chapter(
        key,
        title,
        section(Words("開館時間", "Opening hours"), (*take.path, "hours"), *opening),
        section(Words("休館日", "Closed days"), (*take.path, "closures"), *closures),
        section(Words("そのほか", "Other"), take.path, *take.rest()),
    )


def _hours(take: Taking) -> list[Sentence]:
    exceptions = list(take.each("exceptions"))
    usual = say("ふだんは{time}です。", "Usually {time}.", time=figures.spans(take.get("usual")))
    return [take.sentence(usual), *(_exception(one) for one in exceptions)]


def _exception(take: Taking) -> Sentence:
    days, cases = say_days(take.get("days") or (), take.names), conditions(take)
    case = together([days, cases], "で、", "; ")
    although = take.get("even_if_closed")
    words = say(
        "{name}（{case}）: {time}です。" + ("休館日に当たっても開館します。" if although else ""),
        "{name} ({case}): {time}." + (" Open even on closed days." if although else ""),
        name=named(take.part),
        case=case or Words("そのほか", "otherwise"),
        time=figures.spans(take.get("open")),
    )
    return take.sentence(words)


def _closure(take: Taking) -> Sentence:
    name = named(take.part)
    days, unless, moves, time = (take.get("days"), take.get("unless"), take.one("moves"), take.words("time"))
    when = say_days(days, take.names)
    part = say("の{time}", ", {time}", time=time) if time else NOTHING
    on = "from" if " to " in when.en else "on"
    closed = say("{days}{part}は休館です。", "closed {on} {days}{part}.", on=on, days=when, part=part)
    full = say("{name}: {closed}", "{name}: {closed}", name=name, closed=closed)
    words = capital(closed) if name.ja == when.ja else full
    if unless:
        words += say("ただし、{days}は開館します。", " Open on {days}.", days=say_days(unless, take.names))
    for field, ja, en in _IN_CASES:
        cases = say_when(take.get(field) or (), take.names)
        words += say(ja, en, cases=cases) if cases else NOTHING
    return take.sentence(words + _moves(take, moves))


_IN_CASES = (
    ("when", "休館にするのは、{cases}のときだけです。", " Only in this case: {cases}."),
    ("open_for", "{cases}のときは開館します。", " Open in this case: {cases}."),
)


def _moves(closure: Taking, take: Taking | None) -> Words:
    ja = closure.get("moved_name")
    moved = [ja, closure.get("moved_name_en") if ja else None]
    name = Words(f"「{moved[0]}」", f" (“{moved[1] or moved[0]}”)") if moved[0] else NOTHING
    if take is None:
        return name
    skip, closures = take.get("skip"), take.get("skip_closures")
    avoid = [
        say_days(skip, take.names) if skip else NOTHING,
        take.names.all("closure", closures) if closures else NOTHING,
    ]
    words = say(
        "{when}に当たるときは、{days}{name}が代わりに休館です。",
        " When that is {when}, it is closed {days} instead{name}.",
        when=say_days(take.get("when"), take.names),
        days=_by_days(take.get("by_days"), name),
        name=name,
    )
    if take.get("skip_closed"):
        avoid.append(Words("ほかの休館日", "a closed day anyway"))
    if any(avoid):
        words += say(
            "その日が{days}に当たるときは、さらに次の日へ移ります。",
            " When that day is {days}, it moves on by another day.",
            days=together(avoid, "・", ", "),
        )
    source = take.rest()
    return words + (say("（{it}）", " ({it})", it=_sourced(source[0])) if source else NOTHING)


def _sourced(sentence: Sentence) -> Words:
    more = [sentence.article, sentence.note, "仮に決めたこと" if sentence.assumed else None]
    words = Words(sentence.ja, sentence.en)
    tail = "、".join(one for one in more if one)
    return together([words, Words(tail, tail)])


def _by_days(days: int, name: Words) -> Words:
    far = {1: Words("その翌日", "on the next day"), -1: Words("その前日", "on the day before")}
    if days in far:
        return far[days]
    if days > 0:
        return say("その{n}日後", "{n} days later", n=days)
    return say("その{n}日前", "{n} days earlier", n=-days)
