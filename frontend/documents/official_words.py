"""How official papers write days, times and money: 令和8年12月2日(水曜日) 午前9時から正午まで, 1,200円."""

from __future__ import annotations

from datetime import date, datetime

_WEEKDAYS = "月火水木金土日"
# The first day of an era with its name, the latest first.
_ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"))


def era_year(day: date) -> str:
    """The year as papers count it: 令和8年, 令和元年."""
    for begins, name in _ERAS:
        if day >= begins:
            number = day.year - begins.year + 1
            return f"{name}{'元' if number == 1 else number}年"
    return f"{day.year}年"


def official_day(day: date, *, weekday: bool = False) -> str:
    """令和8年12月2日; with its weekday 令和8年12月2日（水曜日）."""
    words = f"{era_year(day)}{day.month}月{day.day}日"
    return f"{words}（{_WEEKDAYS[day.weekday()]}曜日）" if weekday else words


def official_clock(moment: datetime) -> str:
    """午前9時, 午後1時30分, 正午."""
    hour, minute = moment.hour, moment.minute
    if (hour, minute) == (12, 0):
        return "正午"
    half = "午前" if hour < 12 else "午後"
    return f"{half}{hour if hour < 12 else hour - 12}時" + (f"{minute}分" if minute else "")


def official_period(starts: datetime, ends: datetime) -> str:
    """A time in the municipality's own zone: the day once where both are on it."""
    first = f"{official_day(starts.date(), weekday=True)}{official_clock(starts)}から"
    if ends.date() == starts.date():
        return first + f"{official_clock(ends)}まで"
    return first + f"{official_day(ends.date(), weekday=True)}{official_clock(ends)}まで"


def official_yen(yen: int) -> str:
    """1,200円."""
    return f"{yen:,}円"
