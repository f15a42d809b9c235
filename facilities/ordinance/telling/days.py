"""Which days, in words."""

from __future__ import annotations

from collections.abc import Iterable

from facilities.ordinance.document.clauses import Days
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.saying import PHRASES, phrase
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import Words, either, listed, say, together

_WORKING = ("mon", "tue", "wed", "thu", "fri")

_NEIGHBOURS = (
    ("day_after", "{days}の翌日", "the day after {days}"),
    ("day_before", "{days}の前日", "the day before {days}"),
)


def say_days(days: Iterable[Days], names: Names) -> Words:
    """Days of which any may fit: 土曜日・日曜日・祝日."""
    words = [PHRASES[Days](one, names) for one in days]
    if all("の" not in one.ja and "（" not in one.ja for one in words):
        return together(words, "・", " and ") if len(words) < 3 else listed(words)
    return either(words)


@phrase(Days)
def _days(one: Days, names: Names) -> Words:
    take = Taking(one, (), names)
    told = (_weekdays(take), take.words("holidays"), take.words("month_days"), take.words("kind"))
    kinds = [word for word in told if word]
    which = _both(kinds) if kinds else Words("日", "days")
    when = together([take.words("dates"), take.words("months")], "のうち", ", in ")
    for field, ja, en in _NEIGHBOURS:
        near = take.get(field)
        if near:
            kinds.append(say(ja, en, days=say_days(near, names)))
            which = _both(kinds)
    if getattr(one, "since", None) and getattr(one, "until", None):
        span = {field: say_days(take.get(field), names) for field in ("since", "until")}
        when = together(
            [when, say("{since}から{until}まで", "{since} until {until}", **span)], "のうち", ", in "
        )
    if when:
        which = say("{when}の{which}", "{which} in {when}", when=when, which=which) if kinds else when
    unless, rest = take.get("unless"), take.remaining()
    if unless:
        not_on = say_days(unless, names)
        which = say("{which}（{days}を除く）", "{which} (except {days})", which=which, days=not_on)
    return say("{which}（{rest}）", "{which} ({rest})", which=which, rest=rest) if rest else which


def _both(kinds: list[Words]) -> Words:
    return Words(
        "に当たる".join(one.ja for one in kinds), " falling on ".join(one.en for one in reversed(kinds))
    )


def _weekdays(take: Taking) -> Words:
    weekdays, nth = take.get("weekdays") or (), take.get("nth") or ()
    if nth:
        things = weekdays or ("",)
        return listed(
            figures.ordinal(number, figures.WEEKDAYS.get(day, Words("週", "week")))
            for day in things
            for number in nth
        )
    if weekdays == _WORKING:
        return Words("月曜日から金曜日", "Monday to Friday")
    if weekdays == (*_WORKING, "sat"):
        return Words("月曜日から土曜日", "Monday to Saturday")
    return take.words("weekdays")
