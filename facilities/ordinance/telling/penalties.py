"""Offences, points, and what follows."""

from __future__ import annotations

from facilities.ordinance.document import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Chapter, Sentence, chapter, section
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, named, say, together


def penalty_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of penalties."""
    return chapters_of("penalties", document.penalties, Words("罰則", "Penalties"), names, _chapter)


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    offences = [_offence(one) for one in take.each("offences")]
    steps = [_step(one) for one in take.each("steps")]
    days = take.get("within_days")
    counted = (
        say("過去{n}日間の違反を数えます。", "Offences of the last {n} days count.", n=days)
        if days
        else Words("違反の点は消えません。", "Points stay for good.")
    )
    return chapter(
        key,
        title,
        section(Words("数える違反", "Offences"), (*take.path, "offences"), take.sentence(counted), *offences),
        section(Words("起きること", "What follows"), (*take.path, "steps"), *steps),
    )


def _offence(take: Taking) -> Sentence:
    cases = conditions(take)
    words = say(
        "{name}: {points}。",
        "{name}: {points}.",
        name=named(take.part),
        points=figures.points(take.get("points")),
    )
    return take.sentence(
        words + say("数えるのは、{cases}。", " Counts: {cases}.", cases=cases) if cases else words
    )


def _step(take: Taking) -> Sentence:
    months, days, bars = (take.get(one) for one in ("suspends_months", "suspends_days", "bars_months"))
    roles = take.words("barred_roles")
    found = [
        Words("登録を抹消", "deregistration") if take.get("deregisters") else NOTHING,
        Words("予約を取消し", "bookings are cancelled") if take.get("cancels_bookings") else NOTHING,
        say("最後の違反から{n}か月の利用停止", "suspended for {n} months from the last offence", n=months)
        if months
        else NOTHING,
        say("最後の違反から{n}日の利用停止", "suspended for {n} days from the last offence", n=days)
        if days
        else NOTHING,
        say("{n}か月は新しい登録ができない", "no new registration for {n} months", n=bars)
        if bars
        else NOTHING,
        say("登録できない人: {it}", "who cannot register: {it}", it=roles) if roles else NOTHING,
    ]
    words = say(
        "{points}以上: {name}",
        "From {points} on: {name}",
        points=figures.points(take.get("at_least")),
        name=named(take.part),
    )
    more, automatic = together(found), take.get("automatic", True)
    words = say("{words}（{more}）", "{words} ({more})", words=words, more=more) if more else words
    tail = Words("。", ".") if automatic else Words("（職員が決めます）。", " (staff decide).")
    return take.sentence(words + tail)
