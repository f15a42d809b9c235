"""In which cases, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from facilities.ordinance.document.clauses import When
from facilities.ordinance.document.values import NumberSpan
from facilities.ordinance.telling.days import say_days
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.saying import PHRASES, phrase, say_field
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, either, listed, say, together

# How each condition is said; {it} is its value in words.
_SAID = {
    "who": ("{it}", "{it}"),
    "purpose": ("目的が{it}", "purpose: {it}"),
    "channel": ("{it}での申込み", "application by {it}"),
    "room": ("{it}", "{it}"),
    "with_room": ("{it}も同じ時間に使う", "{it} is used at the same time"),
    "with_extra": ("{it}も使う", "with {it}"),
    "exempted": ("減免（{it}）を受ける", "exempted: {it}"),
    "slot": ("{it}の区分", "slot: {it}"),
    "within": ("{it}の間だけの利用", "use within {it}"),
    "booked": ("{it}の申込み", "booked {it}"),
    "paid": ("{it}の支払い", "paid {it}"),
    "headcount": ("利用が{it}", "{it}"),
    "minutes": ("利用が{it}", "use of {it}"),
    "slots": ("区分の数が{it}", "number of slots: {it}"),
    "run_day": ("続けて使う日の数えで{it}", "day of the run: {it}"),
    "run_days": ("続けて使う日数が{it}", "days in a row: {it}"),
    "days_since_booking": ("申込みから{it}", "{it} since booking"),
    "rooms": ("部屋の数が{it}", "number of rooms: {it}"),
    "room_number": ("{it}番目の部屋", "room number {it}"),
    "slot_number": ("{it}番目の区分", "slot number {it}"),
    "quantity": ("数が{it}", "quantity: {it}"),
    "days_ahead": ("利用の{it}前の申込み", "applied for {it} before the use"),
}


def say_when(cases: Iterable[When], names: Names) -> Words:
    """Cases of which any may fit: 市外、入場料が1,000円以上."""
    return either(PHRASES[When](one, names) for one in cases)


def conditions(take: Taking) -> Words:
    """The `when` and `unless` of a part as one phrase (nothing: always)."""
    when, unless = say_when(take.get("when") or (), take.names), take.get("unless")
    if not unless:
        return when
    cases = say_when(unless, take.names)
    quoted = cases if "「" in cases.ja else say("「{cases}」", "{cases}", cases=cases)
    out = say("{cases}のときを除く", "except: {cases}", cases=quoted)
    return together([when, out], "、ただし", "; ") if when else out


@phrase(When)
def _when(one: When, names: Names) -> Words:
    take = Taking(one, (), names)
    said = [_known(take, field) for field in _SAID]
    days = take.get("days")
    if days:
        said.append(say("{days}の利用", "use on {days}", days=say_days(days, names)))
    said += [_answer(key, take, answer, names) for key, answer in one.answers.items()]
    return together([*said, take.remaining()], "で、", " and ")


def _known(take: Taking, field: str) -> Words:
    value = take.get(field)
    if value is None or value == ():
        return NOTHING
    if field == "days_ahead" and value == NumberSpan(0, 0):
        return Words("当日の申込み", "application on the day of use")
    if field == "run_day" and isinstance(value, NumberSpan) and value.low and value.high is None:
        return say("続けて使う{n}日目から", "from day {n} of a run on", n=value.low)
    ja, en = _SAID[field]
    return say(ja, en, it=take.words(field))


def _answer(key: str, take: Taking, answers: Any, names: Names) -> Words:
    take.get(key)
    name = names.of("question", key)
    if answers == (True,):
        return name
    if answers == (False,):
        return say("「{name}」でない", "not: {name}", name=name)
    values = listed(say_field(key, one, names) for one in answers)
    if any(isinstance(one, str) for one in answers):
        return say("「{name}」が「{values}」", "{name}: {values}", name=name, values=values)
    return say("{name}が{values}", "{name}: {values}", name=name, values=values)
