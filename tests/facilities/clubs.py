"""A town that registers groups, and clubs that register there."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.groups.rosters import Line
from accounts.groups.services import GroupFacts
from facilities.groups.applying import apply_for_registration, begin_group, write_roster
from facilities.groups.kinds import kinds_on
from facilities.groups.reviewing import approve_registration
from facilities.models import Facility, GroupRegistration
from facilities.periods import local
from tenants.context import current_zone
from tests import factories

# Four or more, half of them of the town, an adult; youth groups need no half; renewed in the last two months.
REGISTRATIONS = """\
registrations:
  club:
    name: 団体登録
    name_en: Registration of groups
    members_at_least: 4
    share: 1/2
    share_of: 市内在住の人
    share_of_en: living in the city
    needs:
      - {key: adult, name: 18歳以上の人, name_en: of age, at_least: 1, unless: {youth: true}}
    requires: [{name: 会則と名簿, name_en: statutes}]
    exceptions: [{name: 市長が認める団体, name_en: accepted by the mayor}]
    valid: {years: 1, ends: fiscal_year_end}
    renewal: {opens: {months_before: 2, day: 1}, closes: {days_before: 0}}
    same_group_share: 1/2
    roster_kept_months: 6
penalties:
  points:
    offences: [{key: no-show, name: 無断, points: 2}]
    steps:
      - {at_least: 2, name: 抹消, deregisters: true, bars_months: 6, barred_roles: [representative, deputy]}
"""


def a_town_of_clubs(tmp_path) -> Facility:
    """A hall whose rules register groups: Hirakata's, with needs, exceptions, renewal and a penalty."""
    text = (factories.EXAMPLES / "hirakata.yaml").read_text(encoding="utf-8")
    before, _, rest = text.partition("registrations:\n")
    rest = rest[rest.index("rounding:") :]
    text = f"{before}{REGISTRATIONS}\n{rest}"
    text = text.replace("registration: group", "registration: club\n    penalty: points", 1)
    text = text.replace(
        "calendars:\n", "questions: [{key: youth, name: 青少年の団体, usual: false}]\n\ncalendars:\n", 1
    )
    path = tmp_path / "clubs.yaml"
    path.write_text(text, encoding="utf-8")
    return next(hall for hall in factories.halls_of(path) if hall.key == "sada")


def club_kind(now, key="club"):
    """The registration of the town of clubs."""
    return next(one for one in kinds_on(local(now, current_zone())[0]) if one.key == key)


def of(resident) -> Actor:
    return Actor("resident", resident.pk)


def people(kind, count=4, living_here=None, prefix="会員"):
    """Lines of a roster: so many adults, the first of them living in the town (all, unless told)."""
    here, adult = (fact.key for fact in kind.asked)
    many = count if living_here is None else living_here
    return [
        Line(f"{prefix} {number}", facts=frozenset({adult, *([here] if number < many else [])}))
        for number in range(count)
    ]


def a_draft(resident, now, name="さくらコーラス", lines=None) -> GroupRegistration:
    """A registration that is being written, with a roster."""
    kind = club_kind(now)
    kana = "さくらこーらす" if name == "さくらコーラス" else ""
    facts = GroupFacts(name, kana, "合唱の練習", "042-555-0100", "中央1-1")
    registration = begin_group(
        facts=facts, representative_id=resident.pk, kind=kind, actor=of(resident), now=now
    )
    lines = people(kind, prefix=name) if lines is None else lines
    write_roster(group_id=registration.group_id, lines=lines, actor=of(resident))
    return registration


def applied(resident, now, **given) -> GroupRegistration:
    """A registration that waits for staff."""
    registration = a_draft(resident, now, **given)
    apply_for_registration(ref=registration.ref, actor=of(resident), now=now)
    registration.refresh_from_db()
    return registration


def registered(resident, now, staff, applicant_class="registered", **given) -> GroupRegistration:
    """A registered group's registration."""
    registration = applied(resident, now, **given)
    approve_registration(ref=registration.ref, staff_id=staff.pk, applicant_class=applicant_class, now=now)
    registration.refresh_from_db()
    return registration
