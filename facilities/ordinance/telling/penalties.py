"""Offences, points, and what follows."""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Chapter, Sentence, chapter, section
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking, with_more
from facilities.ordinance.telling.words import Words, around, flag, named, say, together


def penalty_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of penalties."""
    return chapters_of("penalties", document.penalties, Words("罰則", "Penalties"), names, _chapter)


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    offences = [_offence(one) for one in take.each("offences")]
    steps = [_step(one) for one in take.each("steps")]
    periods = [
        around(
            "過去{it}日間の違反を数えます。", "Offences of the last {it} days count.", take.get("within_days")
        ),
        around("{it}ごとに数えます。", "Counted by the period: {it}.", take.words("per")),
    ]
    counted = together(periods, "", " ") or Words("違反の点は消えません。", "Points stay for good.")
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
    recorded = around("記録: {it}。", " Recorded {it}.", take.unusual("recorded", "staff"))
    return take.sentence(words + recorded + around("（数えるのは: {it}）", " (counts: {it})", cases))


def _step(take: Taking) -> Sentence:
    earlier = take.words("earlier")
    found = [
        around("前の利用停止が{it}回のとき", "after {it} earlier suspensions", earlier),
        flag(take.get("deregisters"), "登録を抹消", "deregistration"),
        flag(take.get("cancels_bookings"), "予約を取消し", "bookings are cancelled"),
        around("{it}か月の利用停止", "suspended for {it} months", take.get("suspends_months")),
        around("{it}日の利用停止", "suspended for {it} days", take.get("suspends_days")),
        around("停止の始まり: {it}", "from {it} on", take.unusual("suspends_from", "offence")),
        around("停止されるのは{it}", "what: {it}", take.unusual("suspends", "use")),
        around("停止される人: {it}", "who: {it}", take.words("suspended")),
        around(
            "{it}か月は新しい登録ができない", "no new registration for {it} months", take.get("bars_months")
        ),
        around("登録できない人: {it}", "who cannot register: {it}", take.words("barred_roles")),
    ]
    points = figures.points(take.get("at_least"))
    words = with_more(
        say("{points}以上: {name}", "From {points} on: {name}", points=points, name=named(take.part)),
        together(found),
    )
    tail = (
        Words("。", ".") if take.get("automatic", True) else Words("（職員が決めます）。", " (staff decide).")
    )
    return take.sentence(with_more(words, together(found)) + tail)
