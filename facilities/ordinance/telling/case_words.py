"""What a worked case gives, expects and got, in words: no key of the document format is shown raw."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from facilities.ordinance.telling import figures
from facilities.ordinance.telling.fixed_words import fixed_word
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.words import Words, same, say, together

# The word of a case, of what its value is a key (or the unit of a number), and what people call it.
_LABELS = """
facility|hall|施設|hall
room|room|部屋|room
rooms|room|部屋|rooms
with_rooms|room|一緒に使う部屋|rooms used with it
slots|slot|区分|slots
applicant_class|who|利用者区分|applicant class
purpose|purpose|目的|purpose
cause|cause|取消しの理由|reason for cancelling
ground|ground|減免の事由|ground of exemption
channel|channel|受付の方法|channel
answers|question|質問の答え|answers
extras|extra|使用料のほか|extras
counts|limit|いまある数|there already
offence|offence|違反|offence
events|offence|違反|offences
action|action|すること|what is done
event|event|知りたいこと|what is asked
kind|registration|登録の種類|kind of registration
yen|yen|料金|price
paid|yen|払った額|paid
fee|yen|使用料|fee
old_fee|yen|変更の前の使用料|fee before the change
new_fee|yen|変更の後の使用料|fee after the change
granted_before|yen|これまでの減免の額|exempted before
before|yen|減免の前の額|before exemption
refund_yen|yen|返す額|paid back
pay_yen|yen|加えて払う額|still to pay
charge_yen|yen|取消料|charge for cancelling
deposit_yen|yen|預り金|deposit
date||使う日|day of use
use||使う日|day of use
uses||使いかた|uses
dow|weekday|曜日|weekday
holiday||祝日|public holiday
time||時間|time
hours|hours|使う時間|length
minutes|minutes|使う時間|length
early_minutes|minutes|早める時間|begins earlier by
extension_minutes|minutes|延長|extra time
days|days|続けて使う日数|days in a row
run_days|days|続けて使う日数|days in a row
run_day||続けて使う何日目|which day in a row
days_ahead|days|申込みから使う日まで|from application to use
headcount|people|人数|number of people
members|people|構成員|members
counted|people|構成員の内訳|members by kind
resident|people|住民|residents
changes_before|times|これまでの変更|changes before
times|times|回数|how often
earlier|times|これまでの利用停止|earlier suspensions
apply_on||申し込む日|applied on
apply_at||申し込む日時|applied at
booked_on||予約した日|booked on
paid_on||支払った日|paid on
approved_on||許可の日|approved on
cancel_on||取り消す日|cancelled on
cancel_at||取り消す日時|cancelled at
change_on||変更する日|changed on
change_at||変更する日時|changed at
first_day||初めに予約した日|first booked for
new_day||変更の後の日|day after the change
issued_on||登録証を出した日|card issued on
register_on||登録の日|registered on
deregistered_on||登録を取り消された日|deregistered on
booking_for||予約の使う日|booked for
on||その日|on that day
role|role|立場|role
entry||抽選の申込みか|a lottery entry
held||持っている予約|bookings held
applicants||申込者|applicants
name||名前|name
allowed|can|できるか|possible
review||審査があるか|reviewed
decide_by||決める期限|decided by
reasons||理由|reasons
reason||理由|reason
open||開いているか|open
opens||受付の初日|applications open on
opens_at||受付の始まり|applications open at
last_day||最後の日|last day
window||受付の期間|applications
draw||抽選日|draw on
at||日時|at
confirm_until||確定の期限|confirmed until
valid_until||有効期限|valid until
renews_from||更新の始まり|renewal from
renews_until||更新の終わり|renewal until
booking||その後の予約|the booking
points||点数|points
deregistered||登録の取消し|deregistered
may_restrict||職員が制限できるか|staff may restrict
suspended_from||利用停止の始まり|suspended from
suspended_until||利用停止の終わり|suspended until
suspends|suspends|停止されること|what is suspended
decided_by||決めかた|decided by
winner||使える人|who has it
settled_later||後で決まる額があるか|something is settled later
lines||内訳|items
eligible|eligible|当てはまるか|applies
rate|percent|減らす割合|reduction
percent|percent|割合|share
amount||額|amount
claim_until||請求の期限|to be claimed until
deferred||後納か|paid after use
unpaid|unpaid|払われないとき|if unpaid
parts|part|内訳|parts
error||まちがい|mistake
"""
_CASE_WORDS: Mapping[str, tuple[str, Words]] = {
    word: (kind, Words(ja, en))
    for word, kind, ja, en in (line.split("|") for line in _LABELS.split("\n") if line)
}
_SPAN = re.compile(r"[0-9翌:]+-[0-9翌:]+")
_UNITS = {
    "hours": ("{it}時間", "{it} h"),
    "minutes": ("{it}分", "{it} min"),
    "days": ("{it}日", "{it} days"),
    "people": ("{it}人", "{it}"),
    "times": ("{it}回", "{it}"),
    "percent": ("{it}%", "{it}%"),
}
# What the values are that stand under a document's own keys.
_INSIDE = {"question": "choice", "extra": "", "limit": "", "people": "people", "part": "yen"}
_YES = {
    "can": (Words("できる", "yes"), Words("できない", "no")),
    "eligible": (Words("当てはまる", "yes"), Words("当てはまらない", "no")),
}
_FIXED = {
    "cancel": Words("取消し", "cancelling"),
    "announced": Words("結果の発表", "the announcement"),
    "先着": Words("先着", "first come"),
    "優先": Words("優先", "priority"),
    "抽選": Words("抽選", "by lot"),
    "話合い": Words("話合い", "a meeting"),
    "選考": Words("選考", "staff choose"),
    "有効": Words("有効", "stands"),
    "抹消": Words("なくなる", "is void"),
    "deputy": Words("副代表者", "deputy"),
    "裁量": Words("職員が決める", "staff decide"),
}


def case_word(word: str) -> tuple[str, Words]:
    """Of what a word of a worked case is a key (``""``: of nothing), and what it is called.

    A word nobody has named is shown as it is, so that a mistake in a case can be found.
    """
    return _CASE_WORDS.get(word, ("", same(word)))


def say_values(values: Mapping[str, Any], names: Names) -> Words:
    """What a worked case gives, expects or got, in words."""
    found = []
    for key, value in values.items():
        kind, name = case_word(key)
        found.append(say("{name}：{it}", "{name}: {it}", name=name, it=_value(kind, value, names)))
    return together(found, "、", "; ")


def _value(kind: str, value: Any, names: Names) -> Words:
    if isinstance(value, Mapping):
        return _pairs(kind, value, names)
    if isinstance(value, (list, tuple)):
        told = [_value("" if isinstance(one, Mapping) else kind, one, names) for one in value]
        several = any(isinstance(one, Mapping) for one in value)
        return together(told, "／", " / ") if several else together(told)
    if isinstance(value, bool):
        yes, no = _YES.get(kind, (Words("はい", "yes"), Words("いいえ", "no")))
        return yes if value else no
    if isinstance(value, int):
        return _number(kind, value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return figures.day(value)
    return same("—") if value is None else _text(kind, str(value), names)


def _pairs(kind: str, value: Mapping[str, Any], names: Names) -> Words:
    """A mapping: by the document's own keys where the word says so, else words of a case."""
    if kind not in _INSIDE:
        return say("（{it}）", "({it})", it=say_values(value, names))
    found, unit = [], _INSIDE[kind]
    for key, one in value.items():
        name = case_word(str(key))[1] if kind == "people" else names.of(kind, str(key))
        found.append(say("{name}＝{it}", "{name} = {it}", name=name, it=_value(unit, one, names)))
    return together(found)


def _number(kind: str, value: int) -> Words:
    if kind == "yen":
        return figures.yen(value)
    ja, en = _UNITS.get(kind, ("{it}", "{it}"))
    return say(ja, en, it=f"{value:,}")


def _text(kind: str, value: str, names: Names) -> Words:
    known = fixed_word(kind, value) or _FIXED.get(value)
    if known:
        return known
    if kind == "weekday":
        return figures.WEEKDAYS.get(value) or same(value)
    if kind and kind not in _UNITS:
        return names.of(kind, value)
    return _moments(value)


def _moments(value: str) -> Words:
    """A text; a moment as it is written (2027-06-01T09:00, two with a stroke) in words."""
    if _SPAN.fullmatch(value):
        return same(value.replace("-", "〜"))
    try:
        moments = [datetime.strptime(one, "%Y-%m-%dT%H:%M") for one in value.split("/")]  # noqa: DTZ007 (the hall's own)
    except ValueError:
        return _decided_by_staff(value)
    told = [
        say("{day} {at}", "{day} {at}", day=figures.day(one.date()), at=f"{one.hour}:{one.minute:02d}")
        for one in moments
    ]
    return together(told, "から ", " to ") if len(told) == 2 else told[0]


def _decided_by_staff(value: str) -> Words:
    """`裁量 (text)` is how an answer says that staff decide."""
    if value.startswith("裁量 (") and value.endswith(")"):
        return say("職員が決める（{it}）", "staff decide ({it})", it=value[4:-1])
    return same(value)
