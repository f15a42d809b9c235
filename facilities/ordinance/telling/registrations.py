"""Who can register as a group, and for how long."""

from __future__ import annotations

from facilities.ordinance.document import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Chapter, Sentence, chapter, section
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, named, say


def registration_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each kind of registration."""
    return chapters_of(
        "registrations", document.registrations, Words("登録", "Registration"), names, _chapter
    )


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    exceptions = [_exception(one) for one in take.each("exceptions")]
    return chapter(key, title, section(NOTHING, take.path, _group(take), *exceptions))


def _group(take: Taking) -> Sentence:
    members, share = take.get("members_at_least"), take.get("share")
    of = take.get("share_of")
    of_en = take.get("share_of_en") if of else None
    words = say(
        "{name}: {n}人以上の団体です。", "{name}: groups of {n} or more.", name=named(take.part), n=members
    )
    if share is not None or of:
        who = Words(of or "条件に合う人", of_en or of or "people who qualify")
        part = figures.share(share) if share is not None else NOTHING
        words += say(
            "構成員の{share}以上が{who}であること。", " {share} of the members: {who}.", share=part, who=who
        )
    valid = take.one("valid")
    if valid:
        words += _valid(valid)
    return take.sentence(words)


def _valid(take: Taking) -> Words:
    years, ends = take.get("years"), take.get("ends")
    rest = take.remaining()
    if ends == "fiscal_year_end":
        names = {
            0: Words("その年度の末日", "the end of that fiscal year"),
            1: Words("翌年度の末日", "the end of the next fiscal year"),
        }
        until = names.get(years) or say(
            "{n}年後の年度の末日", "the end of the fiscal year {n} years later", n=years
        )
    else:
        until = say("発行日から{n}年", "{n} years from the day of issue", n=years)
    words = say("有効なのは{until}までです。", " Valid until {until}.", until=until)
    if ends == "same_day":
        words = say("有効なのは{until}です。", " Valid for {until}.", until=until)
    return words + (say("（{it}）", " ({it})", it=rest) if rest else NOTHING)


def _exception(take: Taking) -> Sentence:
    return take.sentence(
        say(
            "例外として職員が認めるもの: {name}。",
            "Exception that staff accept: {name}.",
            name=named(take.part),
        )
    )
