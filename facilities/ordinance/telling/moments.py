"""Moments before the use, in words."""

from __future__ import annotations

from facilities.ordinance.document.application_clauses import Instead, Moment, Opening, Reception, Until
from facilities.ordinance.document.values import DAY_MINUTES
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.days import say_days
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.saying import phrase
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, around, say, together


@phrase(Opening)
def _opening(one: Opening, names: Names) -> Words:
    take = Taking(one, (), names)
    at = take.get("at")
    hour = say(" {at}", " at {at}", at=figures.clock(at)) if at else NOTHING
    return _finished(take, say("{day}{hour}から", "from {day}{hour}", day=_day(take), hour=hour))


@phrase(Until)
def _until(one: Until, names: Names) -> Words:
    take = Taking(one, (), names)
    minutes = take.part.before_start if isinstance(take.part, Until) else None
    if minutes is not None:
        take.get("minutes_before_start"), take.get("hours_before_start")
        before = figures.minutes(minutes)
        if not minutes:
            return _finished(take, Words("利用を始める時刻まで", "until the use begins"))
        return _finished(take, say("利用を始める{it}前まで", "until {it} before the use begins", it=before))
    hours = take.get("hours_before_start")
    if hours is not None:
        return _finished(
            take, say("利用を始める{n}時間前まで", "until {n} hours before the use begins", n=hours)
        )
    at = take.get("at")
    hour = say(" {at}", ", {at}", at=figures.clock(at)) if at != DAY_MINUTES else NOTHING
    return _finished(take, say("{day}{hour}まで", "until {day}{hour}", day=_day(take), hour=hour))


@phrase(Moment)
def _moment(one: Moment, names: Names) -> Words:
    take = Taking(one, (), names)
    return _finished(take, _day(take))


@phrase(Instead)
def _instead(one: Instead, names: Names) -> Words:
    take = Taking(one, (), names)
    day, at = take.get("day"), take.get("at")
    place = together(
        [take.words("day") if day else NOTHING, figures.clock(at) if at is not None else NOTHING],
        " ",
        ", ",
    )
    return say("{months}は{place}", "in {months}: {place}", months=take.words("months"), place=place)


@phrase(Reception)
def _reception(one: Reception, names: Names) -> Words:
    take = Taking(one, (), names)
    days = say_days(take.get("days") or (), names) or Words("毎日", "every day")
    time = take.get("time")
    hours = NOTHING if time == ((0, DAY_MINUTES),) else say(" {time}", " {time}", time=figures.spans(time))
    take.get("article"), take.get("note"), take.get("assumed")
    if take.get("open_days"):
        days = say("{days}の開館日", "open days of {days}", days=days)
    return _finished(take, days + hours)


def _finished(take: Taking, words: Words) -> Words:
    """With what may move the moment: closed days, other months."""
    closed, later, instead = take.get("if_closed"), take.get("open_days_later"), take.words("instead")
    missing, open_on = take.get("if_missing", "month_end"), take.words("open_on")
    more = [
        around(
            "その日がない月は{it}", "or {it}", take.words("if_missing") if missing != "month_end" else NOTHING
        ),
        around("開館日として数えるのは{it}", "open days are {it}", open_on),
        say("休館日のときは{day}", "if closed, {day}", day=take.words("if_closed")) if closed else NOTHING,
        say("その{n}開館日後", "{n} open day{s} later", n=later, s="s" if later > 1 else "")
        if later
        else NOTHING,
        say("ただし{instead}", "but {instead}", instead=instead) if instead else NOTHING,
        take.remaining(),
    ]
    more_words = together(more)
    return say("{words}（{more}）", "{words} ({more})", words=words, more=more_words) if more_words else words


def _day(take: Taking) -> Words:
    yearly, months, day = (getattr(take.part, one, None) for one in ("each_year", "months_before", "day"))
    if yearly is not None:
        take.get("each_year")
        years = take.get("years_before")
        last = say("利用日の前の{day}", "the last {day} before the use", day=figures.dates(yearly))
        if years:
            last = say(
                "{last}の{n}年前", "{last} less {n} year{s}", last=last, n=years, s="s" if years > 1 else ""
            )
        return _in_month(take, last)
    if months is not None:
        base = _months(take.get("months_before"))
        same = day in (None, "same") and not getattr(take.part, "on", None)
        take.get("day")
        return say("{base}の同じ日", "the same day {base}", base=base) if same else _in_month(take, base)
    weeks, open_days = (getattr(take.part, one, None) for one in ("weeks_before", "open_days_before"))
    if weeks is not None:
        take.get("weeks_before")
        first = take.words("on")
        base = say("{n}週前", "{n} week{s} before", n=weeks, s="s" if weeks != 1 else "")
        if not weeks:
            base = Words("利用日の週", "the week of use")
        return say("{base}の{day}", "{day} {base}", base=base, day=first) if first else base
    if open_days is not None:
        take.get("open_days_before")
        return say("{n}開館日前", "{n} open day{s} before", n=open_days, s="s" if open_days != 1 else "")
    days = take.get("days_before")
    far = {0: Words("利用日", "the day of use"), 1: Words("前日", "the day before")}
    return _in_month(take, far.get(days or 0) or say("{n}日前", "{n} days before", n=days))


def _months(months: int) -> Words:
    if not months:
        return Words("利用日の月", "the month of use")
    if months % 12 == 0:
        n = months // 12
        return say("{n}年前", "{n} year{s} before", n=n, s="s" if n > 1 else "")
    return say("{n}か月前", "{n} month{s} before", n=months, s="s" if months > 1 else "")


def _in_month(take: Taking, base: Words) -> Words:
    """A day of the month in which another day lies, where one is written."""
    on, day = take.get("on"), take.get("day")
    month = base if base.ja.endswith("の月") else say("{base}の月", "{base}", base=base)
    if on:
        days = say_days(on, take.names)
        return say("{month}の最初の{days}", "the first {days} of the month {month}", month=month, days=days)
    if day in (None, "same"):
        return base
    word = take.words("day") if isinstance(day, str) else figures.month_day(int(day))
    if base.en == "the month of use":
        base = Words(base.ja, "of use")
    comma = "," if base.en.startswith("the ") else ""
    return say("{month}の{day}", "{day}{comma} {base}", month=month, day=word, base=base, comma=comma)
