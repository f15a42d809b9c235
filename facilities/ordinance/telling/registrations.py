"""Who can register as a group, and for how long."""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling.chapters import Chapter, Sentence, chapter, section
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking, with_more
from facilities.ordinance.telling.words import NOTHING, Words, around, named, say, together


def registration_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each kind of registration."""
    return chapters_of(
        "registrations", document.registrations, Words("登録", "Registration"), names, _chapter
    )


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    needs = [_need(one) for one in take.each("needs")]
    requires = [
        _named(one, "職員が確かめること: {name}。", "Staff see to: {name}.") for one in take.each("requires")
    ]
    exceptions = [
        _named(one, "例外として職員が認めるもの: {name}。", "Exception that staff accept: {name}.")
        for one in take.each("exceptions")
    ]
    renewal = take.one("renewal")
    renewed = [_renewal(renewal)] if renewal else []
    return chapter(
        key, title, section(NOTHING, take.path, _group(take), *needs, *requires, *exceptions, *renewed)
    )


def _group(take: Taking) -> Sentence:
    least, most = take.get("members_at_least"), take.get("members_at_most")
    of, share = take.get("share_of"), take.words("share")
    of_en = take.get("share_of_en") if of else None
    words = say("{name}: {n}人以上", "{name}: groups of {n} or more", name=named(take.part), n=least)
    words += around("{it}人以下", ", at most {it}", most) + Words("の団体です。", ".")
    if share or of:
        who = Words(of or "条件に合う人", of_en or of or "people who qualify")
        words += say(
            "構成員の{share}以上が{who}であること。", " {share} of the members: {who}.", share=share, who=who
        )
    valid = take.one("valid")
    words += _valid(valid) if valid else NOTHING
    return take.sentence(words + _members(take))


def _members(take: Taking) -> Words:
    """What becomes of the list of members; nothing of what is not written."""
    words = NOTHING
    share, months = take.words("same_group_share"), take.get("roster_kept_months")
    if "same_group_share" in take.part.model_fields_set:
        words += say(
            "名簿の{share}以上が同じ団体は、同じ団体とみなします。",
            " Groups that share {share} of their members or more count as one.",
            share=share,
        )
    if "roster_kept_months" in take.part.model_fields_set:
        words += say(
            "名簿は、登録が終わってから{months}か月で消します。",
            " Lists of members are deleted {months} months after the registration has ended.",
            months=months,
        )
    return words


def _need(take: Taking) -> Sentence:
    words = [
        around("{it}人以上", "{it} or more", take.get("at_least")),
        around("{it}人以下", "{it} or less", take.get("at_most")),
        around("構成員の{it}以上", "{it} of the members", take.words("share")),
    ]
    cases = around("（{it}）", " ({it})", conditions(take))
    name = named(take.part)
    return take.sentence(
        say("{name}: {it}{cases}。", "{name}: {it}{cases}.", name=name, it=together(words), cases=cases)
    )


def _named(take: Taking, ja: str, en: str) -> Sentence:
    return take.sentence(say(ja, en, name=named(take.part)))


def _renewal(take: Taking) -> Sentence:
    words = say(
        "更新の手続きは、有効な最後の日から数えて{opens}、{closes}です。",
        "Renewal, counted back from the last day: {opens} {closes}.",
        opens=take.words("opens"),
        closes=take.words("closes"),
    )
    return take.sentence(words)


def _valid(take: Taking) -> Words:
    years, months, ends = take.get("years"), take.get("months", 0), take.get("ends")
    far = together(
        [around("{it}年", "{it} years", years or None), around("{it}か月", "{it} months", months or None)],
        "",
        " ",
    )
    ending = {
        "month_end": Words("の月の末日まで", ", to the end of that month"),
        "fiscal_year_end": Words("の年度の末日まで", ", to the end of that fiscal year"),
        "same_day": Words("", ""),
    }
    until = (
        say("発行日から{far}", "{far} from the day of issue", far=far)
        if far
        else Words("発行日", "the day of issue")
    )
    until += ending.get(ends) or take.words("ends")
    more = together(
        [
            around("{it}から数えて一斉", "all together, counted from {it}", take.words("cycle_from")),
            take.remaining(),
        ]
    )
    return with_more(say("有効なのは、{until}です。", " Valid: {until}.", until=until), more)
