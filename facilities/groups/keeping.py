"""What time does to registrations: reminders before they end, their end, and deleting what is no longer needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.groups.rosters import delete_roster
from accounts.models import Group, RosterEntry
from accounts.notices.telling import tell
from facilities.errors import KindNotFound
from facilities.groups.kinds import OF_NO_KIND, Kind, kind_of
from facilities.groups.records import State, move
from facilities.models import Evidence, GroupRegistration
from facilities.ordinance.document.values import plus_months
from facilities.periods import local, moment
from tenants.context import current_zone

LAST_REMINDER_DAYS = 14


def remind_of_ends(*, now: datetime) -> int:
    """Tell representatives that a registration is ending: when its renewal opens, and in its last days.

    Who has begun to renew is not told. Each reminder goes out once. Returns how many were told.
    """
    today, told = local(now, current_zone())[0], 0
    rows = GroupRegistration.objects.select_related("group", "rule_book").filter(
        state=State.REGISTERED, valid_until__gte=today, group__ended_at=None
    )
    for registration in rows.exclude(renewals__state__in=[State.APPLIED, State.REGISTERED]):
        told += _remind(registration, today, now)
    return told


def _remind(registration: GroupRegistration, today: date, now: datetime) -> bool:
    until = registration.valid_until
    kind = _kind(registration, today)
    if until is None or kind is None:
        return False
    opens, _closes = kind.renewal(until)
    last = moment(until - timedelta(days=LAST_REMINDER_DAYS - 1), 0, current_zone())
    due = max((at for at in (opens, last) if at <= now), default=None)
    if due is None or (registration.reminded_at and registration.reminded_at >= due):
        return False
    with transaction.atomic():
        rows = GroupRegistration.objects.filter(pk=registration.pk, reminded_at=registration.reminded_at)
        if not rows.update(reminded_at=now):
            return False
        facts = {
            "registration": str(registration.pk),
            "until": until.isoformat(),
            "facility_id": str(kind.halls[0].pk),
        }
        occasion = f"group_expiring:{registration.pk}:{due.isoformat()}"
        tell("group_expiring", now=now, group_ref=registration.group.ref, facts=facts, occasion=occasion)
    return True


def end_expired(*, now: datetime) -> int:
    """End the registrations whose last day is over; return how many. They have not counted since that day."""
    today = local(now, current_zone())[0]
    over = GroupRegistration.objects.filter(state=State.REGISTERED, valid_until__lt=today)
    for registration in over:
        move(registration, State.ENDED, ended_at=now)
    return len(over)


def delete_what_is_over(*, now: datetime) -> int:
    """Delete rosters and files no registration needs any more; return how many groups lost theirs.

    How long they are kept after the end (or the refusal, or the last change of what was never handed in) is in the
    rules (``roster_kept_months``); where people of a deregistered group are barred, as long as that lasts.
    """
    today = local(now, current_zone())[0]
    with_roster = RosterEntry.with_struck.values("group_id")
    with_files = Evidence.objects.values("registration__group_id")
    groups = Group.objects.filter(pk__in=with_roster.union(with_files))
    return sum(_delete_of(group, today) for group in groups)


@transaction.atomic
def _delete_of(group: Group, today: date) -> bool:
    registrations = list(GroupRegistration.objects.filter(group=group))
    done = [one for one in registrations if (kept := _kept_until(one, today)) is not None and kept <= today]
    deleted = Evidence.objects.filter(registration__in=done).delete()[0]
    if len(done) == len(registrations):
        deleted += delete_roster(group.pk)
    return bool(deleted)


def _kept_until(registration: GroupRegistration, today: date) -> date | None:
    """The day on which a registration's roster and files may go; None while they are needed."""
    over = _over_since(registration)
    if over is None:
        return None
    kind = _kind(registration, today)
    months = kind.rule.roster_kept_months if kind else OF_NO_KIND.roster_kept_months
    day = local(over, current_zone())[0]
    kept = plus_months(day, months)
    if registration.deregistered_on is None or kind is None:
        return kept
    return max(kept, *(plus_months(registration.deregistered_on, one) for one in _barred_months(kind)), kept)


def _over_since(registration: GroupRegistration) -> datetime | None:
    if registration.state == State.ENDED:
        return registration.ended_at
    if registration.state in (State.REFUSED, State.RETURNED):
        return registration.decided_at
    return registration.began_at if registration.state == State.DRAFT else None


def _barred_months(kind: Kind) -> Sequence[int]:
    penalties = [kind.rules.facilities[hall.key].penalty for hall in kind.halls]
    return [step.bars_months or 0 for one in penalties if one for step in one.steps]


def _kind(registration: GroupRegistration, today: date) -> Kind | None:
    try:
        return kind_of(registration.rule_book_id, registration.kind, today)
    except KindNotFound:
        return None
