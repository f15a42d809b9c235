"""Numbers as an ordinance writes them: money, shares, spans of numbers, clock times, dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from facilities.ordinance.document.values import DAY_MINUTES, DateSpan, NumberSpan, say_share
from facilities.ordinance.reasons import MONTHS, say_day
from facilities.ordinance.telling.words import Words, listed, same, say, together

WEEKDAYS = {
    "mon": Words("月曜日", "Monday"),
    "tue": Words("火曜日", "Tuesday"),
    "wed": Words("水曜日", "Wednesday"),
    "thu": Words("木曜日", "Thursday"),
    "fri": Words("金曜日", "Friday"),
    "sat": Words("土曜日", "Saturday"),
    "sun": Words("日曜日", "Sunday"),
}
_UNITS = {"円": " yen", "人": " people", "歳": " years", "回": " times", "分": " minutes", "日": " days"}


def yen(amount: int) -> Words:
    """An amount: 1,050円, 1,050 yen."""
    return Words(f"{amount:,}円", f"{amount:,} yen")


def unit_words(unit: str) -> Words:
    """A unit as it stands behind a number."""
    return Words(unit, _UNITS.get(unit, f" {unit}"))


def numbers(span: NumberSpan, unit: Words) -> Words:
    """A span of numbers: 1,000円以上2,999円以下, 3人以上, 4人以下, 5人."""
    low, high = (None if one is None else f"{one:,}" for one in (span.low, span.high))
    if unit.en.endswith("s") and (low == "1" and high in ("1", None)):
        unit = Words(unit.ja, unit.en.removesuffix("s"))
    if low == high:
        return say("{low}{unit}", "{low}{unit}", low=low or "", unit=unit)
    if high is None:
        return say("{low}{unit}以上", "{low}{unit} or more", low=low or "", unit=unit)
    if low is None:
        return say("{high}{unit}以下", "{high}{unit} or less", high=high, unit=unit)
    return say("{low}{unit}以上{high}{unit}以下", "{low} to {high}{unit}", low=low, high=high, unit=unit)


def share(part: Fraction) -> Words:
    """A share as ordinances say it: 5割, 2割5分, 3分の1, 1.5倍; in English 50%, 1/3, 1.5 times."""
    tenths = part * 10
    if part >= 1:
        exact = part.denominator in (1, 2, 4, 5, 10, 20, 100)
        number = f"{float(part):g}" if exact else f"{part.numerator}/{part.denominator}"
        return Words(f"{number}倍", f"{number} times")
    if tenths.denominator == 1:
        return Words(f"{tenths}割", say_share(part))
    if (tenths * 10).denominator == 1:
        return Words(
            f"{int(tenths)}割{int(tenths * 10) % 10}分" if part >= Fraction(1, 10) else say_share(part),
            say_share(part),
        )
    return Words(f"{part.denominator}分の{part.numerator}", say_share(part))


def surcharge(part: Fraction) -> Words:
    """A share that is added or taken, also above the whole: 5割, 50割."""
    if part >= 1 and (part * 10).denominator == 1:
        return Words(f"{part * 10}割", say_share(part))
    return share(part) if part < 1 else same(say_share(part))


def points(number: Fraction) -> Words:
    """Penalty points: 1点, 0.5点."""
    return Words(f"{float(number):g}点", f"{float(number):g} points")


def minutes(count: int) -> Words:
    """A length of time: 30分, 2時間, 1時間30分."""
    hours, rest = divmod(count, 60)
    if not hours:
        return Words(f"{rest}分", f"{rest} minutes")
    en = f"{hours} hour{'s' if hours > 1 else ''}"
    if not rest:
        return Words(f"{hours}時間", en)
    return Words(f"{hours}時間{rest}分", f"{en} {rest} minutes")


def clock(at: int) -> Words:
    """A clock time: 9時, 17時30分; 24時 is the end of the day."""
    day, rest_of_day = divmod(at, DAY_MINUTES) if at > DAY_MINUTES else (0, at)
    hours, rest = divmod(rest_of_day, 60)
    ja = ("", "翌日", "翌々日", "3日後の")[min(day, 3)]
    en = ("", " the next day", " two days later", " three days later")[min(day, 3)]
    return Words(f"{ja}{hours}時{rest}分" if rest else f"{ja}{hours}時", f"{hours:02d}:{rest:02d}{en}")


def span(time: tuple[int, int]) -> Words:
    """A span of clock times: 9:00〜17:00."""
    starts, ends = (f"{one // 60}:{one % 60:02d}" for one in time)
    if time[1] > DAY_MINUTES:
        last = clock(time[1])
        return Words(f"{starts}〜{last.ja}", f"{starts} to {last.en}")
    return Words(f"{starts}〜{ends}", f"{starts}–{ends}")


def spans(times: Iterable[tuple[int, int]]) -> Words:
    """Spans of clock times one after the other."""
    return together(span(one) for one in times)


def day(one: date) -> Words:
    """A date in words."""
    return Words(say_day(one, "ja"), say_day(one, "en"))


def _yearly(one: date) -> Words:
    return Words(f"{one.month}月{one.day}日", f"{one.day} {MONTHS[one.month - 1]}")


def dates(one: DateSpan) -> Words:
    """Days of every year or of one year: 12月28日から翌年1月4日まで."""
    if one.first == date.min:
        return say("{last}まで", "until {last}", last=day(one.last))
    if one.last == date.max:
        return say("{first}から", "from {first}", first=day(one.first))
    write = _yearly if one.yearly else day
    if one.first == one.last:
        return write(one.first)
    over = Words("翌年", "") if one.yearly and one.last < one.first else Words("", "")
    return say(
        "{first}から{over}{last}まで",
        "{first} to {last}",
        first=write(one.first),
        over=over,
        last=write(one.last),
    )


def month(number: int) -> Words:
    """A month of the year."""
    return Words(f"{number}月", MONTHS[number - 1])


def months(found: Iterable[int]) -> Words:
    """Months of the year; a run of three or more as from … to."""
    runs: list[list[int]] = []
    for number in found:
        if runs and number == runs[-1][-1] % 12 + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return listed(_run(run) for run in runs)


def _run(run: list[int]) -> Words:
    if len(run) < 3:
        return listed(month(number) for number in run)
    return say("{first}から{last}", "{first} to {last}", first=month(run[0]), last=month(run[-1]))


def ordinal(number: int, thing: Words) -> Words:
    """Which of its month: 第2火曜日, 最後の火曜日, 終わりから2番目の火曜日."""
    if number == -1:
        return say("最後の{thing}", "last {thing}", thing=thing)
    if number < 0:
        return say(
            "終わりから{n}番目の{thing}", "{nth} last {thing}", n=-number, nth=_nth(-number), thing=thing
        )
    return say("第{n}{thing}", "{nth} {thing}", n=number, nth=_nth(number), thing=thing)


def month_day(number: int) -> Words:
    """A day of every month: 15日, 末日."""
    if number == -1:
        return Words("末日", "the last day of the month")
    if number < 0:
        return say("終わりから{n}日目", "the {nth} last day of the month", n=-number, nth=_nth(-number))
    return say("{n}日", "the {nth} of the month", n=number, nth=_nth(number))


def _nth(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
