"""Rows for tests, as plain functions with defaults. Each works in the schema the connection is in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Group, Resident, Staff, User
from accounts.services import register_resident
from facilities.models import Facility, FacilityStaff, GroupRegistration, Room, RoomSpace, RuleBook, Space
from facilities.onboarding import seed_facilities

PASSWORD = "mado-no-soto-no-yuki"
RULES = Path(__file__).parent / "rules"
EXAMPLES = Path(__file__).parent.parent / "facilities" / "ordinance" / "examples"


def a_user(email="someone@example.jp", password=PASSWORD) -> User:
    """A log-in whose mail address is verified."""
    user = User.objects.create_user(email, password)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def a_resident(name="山田 花子", email="", login=False, **fields) -> Resident:
    """A resident; with ``login`` also the log-in for ``email``."""
    user_id = a_user(email or "hanako@example.jp").pk if login else None
    return register_resident(name=name, email=email, user_id=user_id, **fields)


def a_staff(name="職員 太郎", email="taro@example.jp", role=Staff.Role.MANAGER, facilities=()) -> Staff:
    """A member of staff with a log-in, working at ``facilities``."""
    staff = Staff.objects.create(user=a_user(email), name=name, role=role)
    FacilityStaff.objects.bulk_create(FacilityStaff(facility=one, staff=staff) for one in facilities)
    return staff


def a_group(name="コーラスの会", *, now, kind="", applicant_class="") -> Group:
    """A group that is registered at every hall, for good."""
    group = Group.objects.create(name=name, created_at=now)
    for book in RuleBook.objects.all():
        GroupRegistration.objects.create(
            group=group,
            rule_book=book,
            kind=kind,
            state=GroupRegistration.State.REGISTERED,
            applicant_class=applicant_class,
            began_at=now,
            valid_from=date(2000, 1, 1),
        )
    return group


def a_facility(key="test-hall", name="試験会館", **fields) -> Facility:
    """A hall under the municipality's first rule book (it is not in the rules document)."""
    return Facility.objects.create(key=key, name=name, rule_book=RuleBook.objects.order_by("id")[0], **fields)


def a_space(facility=None, key="a", name="A面") -> Space:
    """A space of a hall."""
    return Space.objects.create(facility=facility or a_facility(), key=key, name=name)


def a_room(facility=None, key="test-room", name="試験室", spaces=(), **fields) -> Room:
    """A room of a hall; without ``spaces`` it gets one of its own."""
    facility = facility or a_facility()
    room = Room.objects.create(facility=facility, key=key, name=name, **fields)
    RoomSpace.objects.bulk_create(
        RoomSpace(room=room, space=one) for one in spaces or [a_space(facility, key=key, name=name)]
    )
    return room


def halls_of(path: Path) -> list[Facility]:
    """The halls of another document, under a rule book of their own beside the municipality's."""
    RuleBook.objects.filter(key="main").update(key=f"main-{RuleBook.objects.count()}")
    seed_facilities(text=path.read_text(encoding="utf-8"), now=timezone.now())
    book = RuleBook.objects.get(key="main")
    book.key = path.stem
    book.save()
    return list(Facility.objects.filter(rule_book=book))
