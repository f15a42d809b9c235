"""From an event to messages: who gets it, in whose words, written down and enqueued in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Channel
from accounts.notices.kinds import KINDS, Kind
from accounts.notices.recording import NewNotice, dedupe_of, record, was_told
from accounts.notices.wording import text_of, written
from booking.queries import ReservationView
from frontend.calendars import reservations_calendar
from frontend.mails.occasions import Event, Occasion, occasion_of
from frontend.mails.receivers import Receiver, receivers_of
from frontend.mails.values import values_for
from tenants.models import Municipality


def tell_people(event: Event, *, municipality: Municipality, site: str, now: datetime) -> None:
    """Write the messages of an event and of the kinds that follow it. Running twice writes each once."""
    with transaction.atomic():
        kind = KINDS[event.kind]
        notices = []
        for one in (kind, *(KINDS[key] for key in kind.followed_by)):
            occasion = occasion_of(event, one)
            if occasion is not None:
                notices += list(_notices(one, occasion, municipality, site))
        record(notices, now=now)


def _notices(kind: Kind, occasion: Occasion, municipality: Municipality, site: str) -> Iterator[NewNotice]:
    for receiver in receivers_of(kind, occasion):
        if was_told(kind.key, occasion.event.occasion, receiver.key):
            continue  # by whichever channel: they may have chosen another one since
        views = [view for view in occasion.views if receiver.rooms is None or view.room.id in receiver.rooms]
        with override(receiver.language):
            values = values_for(kind, occasion, views, municipality=municipality, site=site)
            values["name"] = receiver.name
            for channel in receiver.channels:
                yield _notice(kind, occasion, receiver, channel, values, views, site)


def _notice(
    kind: Kind,
    occasion: Occasion,
    receiver: Receiver,
    channel: str,
    values: dict[str, str],
    views: list[ReservationView],
    site: str,
) -> NewNotice:
    by_mail = channel == Channel.MAIL
    with_file = by_mail and kind.calendar and bool(views)
    words = _calendar_words(views) if with_file else ""
    subject, body = written(text_of(kind.key, receiver.language), values | {"calendar": words})
    return NewNotice(
        kind=kind.key,
        channel=channel,
        language=receiver.language,
        subject=subject,
        body=f"{body}\n\n{footer(values, kind)}" if by_mail else body,
        dedupe=dedupe_of(kind.key, occasion.event.occasion, receiver.key, channel),
        address=receiver.address if by_mail else "",
        calendar=reservations_calendar(views, site=site).decode() if with_file else "",
        about=occasion.event.about,
        resident_id=receiver.resident_id,
        staff_id=receiver.staff_id,
    )


def footer(values: dict[str, str], kind: Kind) -> str:
    """Return the lines under every mail: who sends it, and where to choose what one is told of."""
    lines = [
        _("このメールは、返信できません。"),
        _("{municipality} 施設予約").format(municipality=values["municipality"]),
        values["home"],
    ]
    if values.get("name"):
        path = "desk/notices/" if kind.for_staff else "my/notices/"
        lines.append(_("お知らせの受け取り方：{address}").format(address=values["home"] + path))
    return "\n".join(lines)


def _calendar_words(views: list[ReservationView]) -> str:
    if all(view.status == "cancelled" for view in views):
        return _("いっしょに送ったファイル（yoyaku.ics）を開くと、カレンダーから消えます。")
    return _("いっしょに送ったファイル（yoyaku.ics）を開くと、カレンダーに入れられます。")
