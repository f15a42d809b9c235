"""Why the engine answered as it did, as a sentence in Japanese or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from facilities.ordinance.values import write_clock

SENTENCES: Mapping[str, tuple[str, str]] = {
    "closed": ("{name}のため休館です。", "Closed: {name_en}."),
    "open_hours": ("開館時間は{hours}です。", "Opening hours: {hours}."),
    "special_hours": ("{name}（開館時間 {hours}）。", "{name_en} (opening hours {hours})."),
    "outside_hours": ("開館時間（{hours}）の外です。", "Outside the opening hours ({hours})."),
    "not_a_slot": ("利用できる区分は {slots} です。", "Rooms are lent in these slots: {slots}."),
    "not_on_step": (
        "{step}分単位で、開館時刻から数えて選んでください。",
        "Choose times in steps of {step} minutes from opening.",
    ),
    "too_short": ("利用は{minutes}分以上です。", "The shortest use is {minutes} minutes."),
    "too_long": ("利用は{minutes}分までです。", "The longest use is {minutes} minutes."),
    "already_started": ("開始時刻を過ぎています。", "The start time has passed."),
    "channel_not_accepted": (
        "{channel}では申し込めません。",
        "Applications by {channel_en} are not accepted.",
    ),
    "class_not_accepted": ("この利用者区分では申し込めません。", "This applicant class cannot apply."),
    "not_yet_open": ("申込みは{at}からです。", "Applications open on {at}."),
    "window_closed": ("申込みは{at}で締め切りました。", "Applications closed on {at}."),
    "window_open": ("申込みの期間内です（{at}まで）。", "Applications are open (until {at})."),
    "out_of_calendar": ("この日は予約できません。", "This day cannot be booked."),
    "prohibited": ("{name}のためには利用できません。", "Rooms are not lent for {name_en}."),
    "fee_per_hour": ("1時間{yen}円です。", "{yen} yen an hour."),
    "fee_per_unit": ("{minutes}分{yen}円です。", "{yen} yen for {minutes} minutes."),
    "fee_per_started_hour": (
        "1時間{yen}円です（1時間に満たない時間は1時間とします）。",
        "{yen} yen an hour; a part of an hour counts as an hour.",
    ),
    "fee_per_slot": ("{name}の区分は{yen}円です。", "{name_en}: {yen} yen."),
    "fee_combination": (
        "{name}（{parts}）は通しの額{yen}円です。",
        "{name_en} ({parts_en}) has its own price: {yen} yen.",
    ),
    "fee_percent": ("{of}の額の100分の{percent}です。", "{percent} percent of the price of {of_en}."),
    "rounding": ("{unit}円未満は{mode}ます。", "Fractions below {unit} yen are {mode_en}."),
    "cancel_until": ("ご自身での取消しは{at}までです。", "You can cancel by yourself until {at}."),
    "cancel_too_late": (
        "ご自身で取消しできる期限（{at}）を過ぎました。館へご連絡ください。",
        "The time to cancel by yourself ended on {at}. Please contact the hall.",
    ),
    "cancel_undefined": (
        "取消しの定めがありません。館へご連絡ください。",
        "The rules do not say how to cancel. Please contact the hall.",
    ),
    "refund_percent": ("支払済みの額の100分の{percent}をお返しします。", "{percent} percent is paid back."),
    "refund_none": ("お支払い済みの使用料はお返しできません。", "The fee is not paid back."),
    "refund_discretionary": ("{text}の還付を職員が決めます。", "Staff decide on a refund ({text_en})."),
    "refund_undefined": (
        "還付の定めがないため、職員が決めます。",
        "The rules are silent on refunds; staff decide.",
    ),
    "exempt_percent": (
        "{name}は使用料を100分の{percent}減額します。",
        "{name_en}: the fee is reduced by {percent} percent.",
    ),
    "exempt_discretionary": (
        "{name}は{text}ができ、率は職員が決めます。",
        "{name_en}: {text_en} is possible; staff decide the rate.",
    ),
    "exempt_unknown": ("減免の対象ではありません。", "This is not a ground for exemption."),
}

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def say_day(day: date, language: str) -> str:
    """A date in words: 2027年8月1日, or 1 August 2027."""
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _say_moment(iso: str, language: str) -> str:
    moment = datetime.fromisoformat(iso)
    day = say_day(moment.date(), language)
    minutes = moment.hour * 60 + moment.minute
    if not minutes:
        return day
    return f"{day}{write_clock(minutes)}" if language == "ja" else f"{day}, {write_clock(minutes)}"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that led to an answer. `params` holds numbers, names (`…_en` beside them) and ISO moments;
    `assumed` says that the rule is a practical value, not from the source."""

    code: str
    params: Mapping[str, str | int]
    article: str | None = None
    assumed: bool = False

    def sentence(self, language: str = "ja") -> str:
        """The reason in plain words, `ja` or `en` (any other language is answered in English)."""
        words = SENTENCES[self.code][0 if language == "ja" else 1]
        values: dict[str, str | int] = dict(self.params)
        if "at" in values:
            values["at"] = _say_moment(str(values["at"]), language)
        if "yen" in values:
            values["yen"] = f"{values['yen']:,}"
        return words.format(**values)

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "code": self.code,
            "params": dict(self.params),
            "article": self.article,
            "assumed": self.assumed,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reason:
        """The reason that `to_dict` wrote."""
        return cls(data["code"], dict(data["params"]), data["article"], data.get("assumed", False))
