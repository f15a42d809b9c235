"""What becomes of a cancelled time for which others wait."""

from __future__ import annotations

from typing import cast

from facilities.ordinance.document.clauses import Rule
from facilities.ordinance.document.waiting_clauses import DAYS_LATER, Waiting
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Sentence
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import Words, say


def waiting_terms(take: Taking) -> Sentence:
    """When the time is free, and to whom it is offered until then; also what holds because it is not written."""
    for field in set(Waiting.model_fields) - set(Rule.model_fields):
        take.get(field)
    return take.sentence(say_terms(cast(Waiting, take.part)))


def say_terms(terms: Waiting) -> Words:
    """The terms in plain words."""
    if terms.after_minutes is not None:
        free = say("取消しから{it}後", "{it} after the cancelling", it=figures.minutes(terms.after_minutes))
    else:
        free = say(
            "取消しの{days}日後の{at}",
            "{days} days after the cancelling, at {at}",
            days=DAYS_LATER if terms.days_later is None else terms.days_later,
            at=figures.clock(terms.at),
        )
    return say(
        "取り消された時間を待っている人がいるときは、{free}に空きます。おそくとも、使い始める{latest}前には空きます。"
        "それまでは、{order}に、1人ずつご案内します。お返事は{accept}のあいだ待ちます。",
        "A cancelled time for which others wait is free {free}, at the latest {latest} before the use begins. "
        "Until then it is offered to one after the other, {order}, each for {accept}.",
        free=free,
        latest=figures.minutes(terms.latest_minutes_before_start),
        order=_ORDERS[terms.order],
        accept=figures.minutes(terms.accept_within_minutes),
    )


_ORDERS = {
    "random": Words("くじで決めた順", "in an order drawn by lot"),
    "first": Words("空き待ちを申し込んだ順", "in the order of asking"),
}
