"""How pages write days, times, money, names and reasons, and how they show a form."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Field, Form, RadioSelect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from facilities.ordinance import Reason
from facilities.ordinance.document.values import DAY_MINUTES
from facilities.periods import local, local_end
from tenants.context import current_zone

register = template.Library()

_WEEKDAYS = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_COUNTERS = dict.fromkeys((*"台本枚脚個式張組席口面基灯冊点件", "セット", "箇所", "か所"), "")
_UNITS_IN_ENGLISH = _COUNTERS | {
    "円": "yen", "人": "people", "名": "people", "時間": "hours", "分": "min", "日": "days", "日間": "days",
    "泊": "nights", "回": "times", "か月": "months", "歳": "years old",
}  # fmt: skip


def _japanese() -> bool:
    return (get_language() or "ja").startswith("ja")


def _as_day(value: date | datetime) -> date:
    return local(value, current_zone())[0] if isinstance(value, datetime) else value


def _as_minutes(value: datetime | int) -> int:
    return local(value, current_zone())[1] if isinstance(value, datetime) else value


@register.filter
def weekday(value: date | datetime) -> str:
    """The day of the week: 水, or Wed."""
    index = _as_day(value).weekday()
    return _WEEKDAYS[index] if _japanese() else _WEEKDAYS_EN[index]


@register.filter
def day(value: date | datetime) -> str:
    """A date in full: 2026年12月2日（水）, or Wed 2 Dec 2026."""
    at = _as_day(value)
    if _japanese():
        return f"{at.year}年{at.month}月{at.day}日（{_WEEKDAYS[at.weekday()]}）"
    return f"{_WEEKDAYS_EN[at.weekday()]} {at.day} {_MONTHS_EN[at.month - 1]} {at.year}"


@register.filter
def short_day(value: date | datetime) -> str:
    """A date without its year: 12月2日（水）, or Wed 2 Dec."""
    at = _as_day(value)
    if _japanese():
        return f"{at.month}月{at.day}日（{_WEEKDAYS[at.weekday()]}）"
    return f"{_WEEKDAYS_EN[at.weekday()]} {at.day} {_MONTHS_EN[at.month - 1]}"


@register.filter
def month_day(value: date | datetime) -> str:
    """A date as short as it gets: 12/2, or 2 Dec."""
    at = _as_day(value)
    return f"{at.month}/{at.day}" if _japanese() else f"{at.day} {_MONTHS_EN[at.month - 1]}"


@register.filter
def clock(value: datetime | int) -> str:
    """A time of day from an instant or from minutes since midnight: 13:00. On another day: 翌日10:00."""
    day, minutes = _day_and_minutes(_as_minutes(value))
    return _on_day(day, f"{minutes // 60}:{minutes % 60:02}")


def _day_and_minutes(minutes: int) -> tuple[int, int]:
    """How many days away a time is, and the minutes of that day; midnight is the end of a day."""
    day = (minutes - 1 if minutes > 0 else minutes) // DAY_MINUTES
    return day, minutes - day * DAY_MINUTES


def _on_day(distance: int, text: str) -> str:
    """A time of day with the day it is on, seen from another: 翌日10:00, or 10:00 the next day."""
    if _japanese():
        near = {-1: "前日", 0: "", 1: "翌日"}
        far = f"{abs(distance)}日{'後' if distance > 0 else '前'}"
        return f"{near.get(distance, far)}{text}"
    near = {-1: " the day before", 0: "", 1: " the next day"}
    far = f" {abs(distance)} days {'later' if distance > 0 else 'before'}"
    return f"{text}{near.get(distance, far)}"


@register.filter
def spoken_clock(value: datetime | int) -> str:
    """A time of day as people say it: 午後1時, 午前9時30分; in English 1:00 pm, noon."""
    day, minutes = _day_and_minutes(_as_minutes(value))
    return _on_day(day, _spoken(minutes))


def _spoken(minutes: int) -> str:
    hour, rest = divmod(minutes, 60)
    if not _japanese():
        if minutes % 720 == 0:
            return "noon" if minutes == 720 else "midnight"
        return f"{hour % 12 or 12}:{rest:02} {'am' if hour < 12 or hour == 24 else 'pm'}"
    half, shown = ("午前", hour) if hour < 12 else ("午後", hour - 12)
    if hour == 12:
        half, shown = ("正午", 0) if not rest else ("午後", 0)
    if half == "正午":
        return half
    return f"{half}{shown}時{f'{rest}分' if rest else ''}"


@register.filter
def until_clock(ends_at: datetime, starts_at: datetime) -> str:
    """The end of a span as a time of the day it began on: midnight is 24:00, not 0:00."""
    return clock(_end_of(starts_at, ends_at))


def _end_of(starts_at: datetime, ends_at: datetime) -> int:
    zone = current_zone()
    return local_end(ends_at, local(starts_at, zone)[0], zone)


@register.simple_tag
def span(starts_at: datetime, ends_at: datetime) -> SafeString:
    """A span: 午後1時〜午後5時（13:00〜17:00）, or 1:00 pm–5:00 pm; kept together piece by piece."""
    ends = _end_of(starts_at, ends_at)
    if not _japanese():
        return format_html('<span class="keep">{}–{}</span>', spoken_clock(starts_at), spoken_clock(ends))
    return format_html(
        '<span class="keep">{}〜{}</span> <span class="keep">（{}〜{}）</span>',
        spoken_clock(starts_at), spoken_clock(ends), clock(starts_at), clock(ends),
    )  # fmt: skip


@register.filter
def iso(value: datetime) -> str:
    """An instant for the datetime attribute of <time>."""
    return value.astimezone(current_zone()).isoformat(timespec="minutes")


@register.filter
def yen(value: int | None) -> str:
    """Money: 1,200円, or ¥1,200. Nothing to pay is 無料."""
    if value is None:
        return ""
    if value == 0:
        return _("無料")
    return f"{value:,}円" if _japanese() else f"¥{value:,}"


@register.filter
def offered_price(value: int | None) -> str:
    """The price of a time that can be booked; without one, that it depends on what is said."""
    return yen(value) or _("料金は内容によります")


@register.filter
def agreed_price(value: int | None) -> str:
    """The price of a reservation; without one, that staff still decide it."""
    return yen(value) or _("料金は、館が決めてお知らせします")


def unit_word(unit: str) -> str:
    """The unit the rules give a number, in the page's language; English counts things without a word."""
    return unit if _japanese() else _UNITS_IN_ENGLISH.get(unit, unit)


def with_unit(number: int, unit: str) -> str:
    """A number with the unit the rules give it: 3台, 1,200円."""
    if unit == "円":
        return f"{number:,}円" if _japanese() else f"¥{number:,}"
    return f"{number:,}{unit}" if _japanese() else f"{number:,} {unit_word(unit)}".strip()


@register.filter
def duration(minutes: int | timedelta) -> str:
    """A length of time: 1時間30分, or 1 h 30 min."""
    total = int(minutes.total_seconds() // 60) if isinstance(minutes, timedelta) else minutes
    hours, rest = divmod(total, 60)
    if _japanese():
        return (f"{hours}時間" if hours else "") + (f"{rest}分" if rest or not hours else "")
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


@register.filter
def sentence(reason: Reason) -> str:
    """A reason of the rules in the page's language."""
    return reason.sentence("ja" if _japanese() else "en")


@register.filter
def article(text: str) -> str:
    """The article a rule comes from, in brackets."""
    return f"（{text}）" if _japanese() else f"({text})"


@register.filter
def name_of(thing: Any) -> str:
    """The name of a municipality, hall, room, slot or question in the page's language; Japanese without another."""
    english = "" if _japanese() else getattr(thing, "name_en", "")
    return str(english or getattr(thing, "name", None) or thing.name_ja)


@register.filter
def hall_of(room: Any) -> str:
    """The name of a room's hall in the page's language; Japanese without another."""
    return str(room.facility_name if _japanese() or not room.facility_name_en else room.facility_name_en)


@register.filter
def label_of(line: Any) -> str:
    """The label of a line of a quote in the page's language."""
    return str(line.label_ja if _japanese() or not line.label_en else line.label_en)


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden field that makes a repeated submit of this very form one act."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', secrets.token_urlsafe(18))


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, css: str = "", unit: str = "", mark: bool = True, words: str | None = None
) -> dict[str, Any]:
    """A field with label, help, error and control, tied together for screen readers.

    ``css``: input--short, input--medium or input--wide. ``unit``: a word after the control. ``mark``: say whether
    it must be filled in. ``words``: help in place of the field's own ("" for none).
    """
    if words is not None:
        bound.help_text = words
    widget = bound.field.widget
    help_id = f"{bound.auto_id}_helptext" if bound.help_text else ""
    error_id = f"{bound.auto_id}_error" if bound.errors else ""
    described = " ".join(part for part in (help_id, error_id) if part)
    widget.attrs.pop("placeholder", None)
    checkbox = isinstance(widget, CheckboxInput)
    attrs: dict[str, Any] = {} if checkbox else {"class": f"input {css}".strip()}
    if described:
        attrs["aria-describedby"] = described
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    return {
        "field": bound,
        "control": "" if grouped else bound.as_widget(attrs=attrs),
        "grouped": grouped,
        "checkbox": checkbox,
        "described": described,
        "unit": unit,
        "mark": mark,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Form | None, title: str = "", refusal: Any = None) -> dict[str, Any]:
    """Everything wrong on the page, on top of it: every error of the forms, each a link to its field.

    ``refusal``: a Refusal of the whole act; its reasons, or its message, stand there too.
    """
    errors: list[dict[str, str]] = []
    for form in forms:
        if not form:
            continue
        for name, messages in form.errors.items():
            href = "" if name == "__all__" else _first_id(form[name])
            errors.extend({"href": href, "text": _naming(form, name, str(message))} for message in messages)
    return {"errors": errors, "sentences": refusal_sentences(refusal) if refusal else [], "title": title}


@register.filter
def refusal_sentences(refusal: Any) -> list[str]:
    """A refusal in sentences: those of the rules it names, else its own."""
    reasons = refusal.facts.get("reasons") or []
    said = [f"{sentence(one)}{article(one.article) if one.article else ''}" for one in reasons]
    return said or [_(refusal.message)]


def _naming(form: Form, name: str, message: str) -> str:
    """A summary must say which field: Django's own sentences do not."""
    if name == "__all__" or message != str(Field.default_error_messages["required"]):
        return message
    return f"{form[name].label}{_('：')}{message}"


def _first_id(bound: BoundField) -> str:
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id
