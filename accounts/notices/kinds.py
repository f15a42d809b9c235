"""The catalogue of notices (お知らせの種類): what each is called, who gets it, and what its text may speak of.

A new kind is an entry here and two texts, ``frontend/templates/mails/{ja,en}/<key>.txt`` (first line: the subject).
Who lets it happen calls ``accounts.notices.telling.tell`` (in booking: ``booking.telling.tell``). See docs/telling.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who gets a kind of notice. A person who is several of these gets it once."""

    APPLICANT = "applicant"  # who booked, or whose matter it is
    BOOKERS = "bookers"  # a group's bookers and representatives
    REPRESENTATIVES = "representatives"
    MANAGERS = "managers"  # of the hall, as far as they want to be told of the room
    ADMINS = "admins"
    INVITED = "invited"  # an address that is nobody's yet


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice.

    ``placeholders``: what the text may speak of (keys of accounts.notices.placeholders). ``optional``: the receiver may
    switch it off. ``true_while``: the states of the reservation in which it is still true; empty: always.
    ``calendar``: a calendar file goes with it. ``followed_by``: kinds that are told along with it, by itself.
    """

    key: str
    name: str
    name_en: str
    audience: frozenset[Audience]
    placeholders: tuple[str, ...]
    optional: bool = False
    true_while: frozenset[str] = frozenset()
    calendar: bool = False
    followed_by: tuple[str, ...] = ()

    @property
    def for_staff(self) -> bool:
        """Whether staff get it, not residents."""
        return bool(self.audience & {Audience.MANAGERS, Audience.ADMINS})


_ALWAYS = ("name", "municipality", "page", "home")
_USE = (*_ALWAYS, "number", "group", "hall", "room", "day", "when", "purpose", "headcount", "said")
_SEVERAL = (*_ALWAYS, "group", "purpose", "items", "count", "price", "calendar")
_SERIES = (*_ALWAYS, "group", "hall", "room", "purpose", "count", "items")
_WAITED = (*_ALWAYS, "group", "hall", "room", "day", "when", "until")
_GROUP = (*_ALWAYS, "group", "hall", "until", "reason")
_STANDING = (
    *_ALWAYS,
    "group",
    "number",
    "hall",
    "room",
    "day",
    "when",
    "points",
    "until",
    "reason",
    "decision",
)
_WHO = ("who", "phone")

_HIRERS = frozenset({Audience.APPLICANT, Audience.REPRESENTATIVES})
_ALL_BOOKERS = frozenset({Audience.APPLICANT, Audience.BOOKERS})
_REPRESENTATIVES = frozenset({Audience.APPLICANT, Audience.REPRESENTATIVES})
_MANAGERS = frozenset({Audience.MANAGERS})
_BOOKED = frozenset({"confirmed"})
_STANDS = frozenset({"confirmed", "applied"})
_NEW = ("manager_new_booking",)

_OF_BOOKINGS = (
    Kind(
        "reservation_confirmed", "予約ができたとき", "A booking is confirmed", _HIRERS,
        (*_USE, "price", "pay", "calendar"), true_while=_BOOKED, calendar=True, followed_by=_NEW,
    ),
    Kind(
        "reservation_cancelled", "予約を取り消したとき", "A booking is cancelled", _HIRERS,
        (*_USE, "refund", "back", "reason", "calendar"), true_while=frozenset({"cancelled"}), calendar=True,
        followed_by=("manager_cancelled",),
    ),
    Kind(
        "reservation_changed", "予約を変更したとき", "A booking is changed", _HIRERS,
        (*_USE, "before", "price", "pay", "refund", "calendar"), true_while=_BOOKED, calendar=True,
        followed_by=("manager_changed",),
    ),
    Kind(
        "application_confirmed", "まとめて予約ができたとき", "Several bookings at once are confirmed", _HIRERS,
        _SEVERAL, true_while=_BOOKED, calendar=True, followed_by=_NEW,
    ),
    Kind(
        "application_received", "審査がある申込みを受け付けたとき", "An application is received for review", _HIRERS,
        (*_USE, "items", "count", "price"), true_while=frozenset({"applied"}), followed_by=("review_waiting",),
    ),
    Kind(
        "permitted", "使用を許可したとき", "An application is permitted", _HIRERS,
        (*_USE, "price", "pay", "reason", "calendar"), true_while=_BOOKED, calendar=True, followed_by=_NEW,
    ),
    Kind(
        "refused", "使用を許可しなかったとき", "An application is refused", _HIRERS,
        (*_USE, "reason"), true_while=frozenset({"refused"}),
    ),
    Kind(
        "application_lapsed", "審査が間に合わなかったとき", "An application was not decided in time", _HIRERS,
        _USE, true_while=frozenset({"expired"}),
    ),
    Kind(
        "reminder_before_use", "利用の前のお知らせ", "Reminder before use", _ALL_BOOKERS,
        (*_USE, "pay"), optional=True, true_while=_BOOKED,
    ),
)  # fmt: skip
_OF_MONEY = (
    Kind(
        "payment_due_soon", "支払いの期限が近いとき", "A payment is due soon", _ALL_BOOKERS,
        (*_USE, "amount", "until", "pay"), true_while=_BOOKED,
    ),
    Kind(
        "payment_received", "インターネットや納付書の支払いを確かめたとき", "A payment has come in", _ALL_BOOKERS,
        (*_USE, "amount", "count"),
    ),
    Kind(
        "refund_news", "返金の手続きが進んだとき", "A refund has gone a step", _HIRERS,
        (*_USE, "back"),
    ),
    Kind(
        "payment_overdue_cancelled", "支払いがなく、予約を取り消したとき", "A booking is cancelled for not being paid",
        _ALL_BOOKERS, (*_USE, "refund", "reason", "calendar"), true_while=frozenset({"cancelled"}), calendar=True,
        followed_by=("manager_cancelled",),
    ),
)  # fmt: skip
_OF_SERIES = (
    Kind(
        "series_booked", "くり返しの予約ができたとき", "A recurring booking is made", _HIRERS,
        (*_SERIES, "skipped", "price", "calendar"), true_while=_BOOKED, calendar=True, followed_by=_NEW,
    ),
    Kind(
        "series_intention_booked", "予約待ちの日を予約できたとき", "A date kept for later is booked", _HIRERS,
        (*_SERIES, "price", "calendar"), true_while=_BOOKED, calendar=True, followed_by=_NEW,
    ),
    Kind(
        "series_intention_failed", "予約待ちの日を予約できなかったとき", "A date kept for later could not be booked",
        _HIRERS, (*_ALWAYS, "group", "hall", "room", "purpose", "count"),
    ),
    Kind(
        "series_cancelled", "くり返しの予約を取り消したとき", "Dates of a recurring booking are cancelled",
        _HIRERS, (*_ALWAYS, "group", "hall", "room", "purpose", "count"),
    ),
)  # fmt: skip
_OF_WAITING = (
    Kind(
        "wait_freed",
        "空き待ちの時間が空いたとき",
        "A time you wait for is free",
        _ALL_BOOKERS,
        _WAITED,
        optional=True,
    ),
    Kind("offer_made", "空きのご案内", "An offer of a free time", _ALL_BOOKERS, _WAITED),
    Kind(
        "offer_expired",
        "ご案内の期限が過ぎたとき",
        "An offer has expired",
        _ALL_BOOKERS,
        _WAITED,
        optional=True,
    ),
)
_OF_OFFICIAL_USE = (
    Kind(
        "displacement_proposed", "公用のため、変更をお願いするとき", "Asked to move for official use", _ALL_BOOKERS,
        (*_USE, "before", "reason", "until", "appeal"), true_while=_STANDS,
    ),
    Kind(
        "displaced_moved", "公用のため、予約を移したとき", "A booking was moved for official use", _ALL_BOOKERS,
        (*_USE, "before", "reason", "price", "pay", "refund", "appeal", "calendar"), true_while=_STANDS, calendar=True,
        followed_by=("manager_changed",),
    ),
    Kind(
        "displaced_cancelled", "公用のため、予約を取り消したとき", "A booking was cancelled for official use",
        _ALL_BOOKERS, (*_USE, "refund", "back", "reason", "appeal", "calendar"),
        true_while=frozenset({"cancelled"}),
        calendar=True, followed_by=("manager_cancelled",),
    ),
)  # fmt: skip
_OF_PENALTIES = (
    Kind("offence_recorded", "違反を記録したとき", "An offence is recorded", _REPRESENTATIVES, _STANDING),
    Kind("suspended", "利用を停止するとき", "Use is suspended", _REPRESENTATIVES, _STANDING),
    Kind("appeal_decided", "異議申出に答えたとき", "An appeal is decided", _REPRESENTATIVES, _STANDING),
)
_OF_GROUPS = (
    Kind(
        "group_invited", "団体への招待", "Invited to a group", frozenset({Audience.INVITED}),
        ("municipality", "group", "page", "home", "until"),
    ),
    Kind("group_registered", "団体登録ができたとき", "A group is registered", _REPRESENTATIVES, _GROUP),
    Kind("group_returned", "団体登録を直してほしいとき", "A group's papers need correcting", _REPRESENTATIVES, _GROUP),
    Kind("group_refused", "団体登録ができなかったとき", "A group is not registered", _REPRESENTATIVES, _GROUP),
    Kind("group_ended", "団体登録が終わったとき", "A group's registration was ended", _REPRESENTATIVES, _GROUP),
    Kind("group_expiring", "団体登録の期限が近いとき", "A group's registration is ending", _REPRESENTATIVES, _GROUP),
)  # fmt: skip
_EXEMPTED = (*_USE, "ground", "full_price", "price", "reason")
_FOR_A_WHILE = (*_ALWAYS, "group", "hall", "ground", "until", "reason")
_OF_EXEMPTIONS = (
    Kind("exemption_granted", "減免を認めたとき", "An exemption is granted", _HIRERS, _EXEMPTED, true_while=_STANDS),
    Kind("exemption_refused", "減免を認めなかったとき", "An exemption is refused", _HIRERS, _EXEMPTED),
    Kind("exemption_revoked", "減免を取り消したとき", "An exemption is taken back", _HIRERS, _EXEMPTED),
    Kind(
        "exemption_ended", "減免が続けられなくなったとき", "An exemption fits no more", _HIRERS, _EXEMPTED,
        true_while=_STANDS,
    ),
    Kind(
        "exemption_by_standing", "団体の減免が予約に付いたとき", "A group's exemption reaches a booking", _HIRERS,
        _EXEMPTED, true_while=_STANDS,
    ),
    Kind(
        "standing_granted", "団体の減免を認めたとき", "A group's exemption is granted", _REPRESENTATIVES,
        _FOR_A_WHILE,
    ),
    Kind(
        "standing_refused", "団体の減免を認めなかったとき", "A group's exemption is refused", _REPRESENTATIVES,
        _FOR_A_WHILE,
    ),
    Kind("standing_ended", "団体の減免が終わったとき", "A group's exemption was ended", _REPRESENTATIVES, _FOR_A_WHILE),
    Kind(
        "exemption_applied", "減免の申請", "Applications for exemption",
        frozenset({Audience.MANAGERS, Audience.ADMINS}), (*_EXEMPTED, *_WHO), optional=True, true_while=_STANDS,
    ),
    Kind(
        "exemption_relayed", "進達された減免の申請", "Applications for exemption passed on",
        frozenset({Audience.ADMINS}), (*_EXEMPTED, *_WHO), optional=True, true_while=_STANDS,
    ),
    Kind(
        "standing_applied", "団体の減免の申請", "Groups applying for exemption", frozenset({Audience.ADMINS}),
        _FOR_A_WHILE, optional=True,
    ),
)  # fmt: skip
_TO_STAFF = (
    Kind(
        "manager_new_booking", "新しい予約（自動で許可したものも）", "New bookings, also permitted automatically",
        _MANAGERS, (*_USE, *_WHO, "items", "count", "price"), optional=True, true_while=_BOOKED,
    ),
    Kind(
        "manager_changed", "予約の変更", "Changed bookings", _MANAGERS,
        (*_USE, *_WHO, "before"), optional=True, true_while=_BOOKED,
    ),
    Kind(
        "manager_cancelled", "予約の取消し", "Cancelled bookings", _MANAGERS,
        (*_USE, *_WHO, "reason"), optional=True, true_while=frozenset({"cancelled"}),
    ),
    Kind(
        "review_waiting", "審査を待つ申込み", "Applications waiting for review",
        frozenset({Audience.MANAGERS, Audience.ADMINS}), (*_USE, *_WHO, "items", "count"),
        optional=True, true_while=frozenset({"applied"}),
    ),
    Kind(
        "review_late", "審査の期限が近い申込み", "Applications that should be decided now",
        frozenset({Audience.MANAGERS, Audience.ADMINS}), (*_USE, *_WHO), true_while=frozenset({"applied"}),
    ),
    Kind(
        "group_applied", "団体登録の申込み", "Groups waiting for registration",
        frozenset({Audience.ADMINS}), _GROUP, optional=True,
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        *_OF_BOOKINGS, *_OF_MONEY, *_OF_SERIES, *_OF_WAITING, *_OF_OFFICIAL_USE, *_OF_PENALTIES, *_OF_GROUPS,
        *_OF_EXEMPTIONS, *_TO_STAFF,
    )
}  # fmt: skip


def kind_of(key: str) -> Kind:
    """Return a kind of the catalogue. Raises KeyError."""
    return KINDS[key]
