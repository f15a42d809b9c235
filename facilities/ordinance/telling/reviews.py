"""What is reviewed before it is permitted, and the permit."""

from __future__ import annotations

from facilities.ordinance.document.review_clauses import PERMIT_TITLE, PERMIT_TITLE_EN
from facilities.ordinance.telling.chapters import Sentence
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, around, named, same, say


def review(take: Taking) -> Sentence:
    """One case of review: what it is, when, who decides within how many days."""
    words = say("{name}。", "{name}.", name=named(take.part))
    words += around("（審査するのは: {it}）", " (reviewed: {it})", conditions(take))
    words += around("決める人: {it}。", " Decided by {it}.", _both(take, "decided_by"))
    days = take.get("decided_within_days")
    words += around("申込みから{it}日以内に決めます。", " Decided within {it} days.", days)
    return take.sentence(words)


def permit(take: Taking) -> list[Sentence]:
    """The permit: for what it is given, by whom, on which conditions, and where an appeal goes."""
    title = Words(take.get("title", PERMIT_TITLE), take.get("title_en", PERMIT_TITLE_EN))
    every = take.get("given", "every") == "every"
    words = (
        say("すべての利用に、{title}を出します。", "Every use is given a permit ({title}).", title=title)
        if every
        else say(
            "審査をした利用に、{title}を出します。",
            "What was reviewed is given a permit ({title}).",
            title=title,
        )
    )
    words += around("許可する人: {it}。", " Issued by {it}.", _both(take, "issuer"))
    words += around("審査請求の相手: {it}。", " An appeal goes to {it}.", _both(take, "appeal_to"))
    words += around("教示の文: {it}", " Notice of appeal: {it}", _both(take, "appeal"))
    conditions_told = [
        one.sentence(say("許可の条件: {name}。", "Condition: {name}.", name=named(one.part)))
        for one in take.each("conditions")
    ]
    return [take.sentence(words), *conditions_told]


def _both(take: Taking, field: str) -> Words:
    ja, en = take.get(field), take.get(f"{field}_en")
    if not ja:
        return same(en) if en else NOTHING
    return Words(ja, en or ja)
