"""Staff: appointed, changed, stopped; and what they may touch."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.errors import LastAdmin, StaffExists, StaffNotFound, TokenNotFound
from accounts.models import Staff, User
from accounts.queries import find_residents, staff_entries
from accounts.roles import staff_member
from accounts.services import appoint_staff, change_staff, issue_token, revoke_token
from facilities.errors import FacilityNotFound
from facilities.models import Facility
from facilities.services import assign_staff
from tests import factories


def test_manager_works_at_own_halls_only(city, dai):
    member = staff_member(dai.user)
    other = factories.a_facility("hoka", "ほかの会館")
    assert member.works_at(Facility.objects.all()[0].pk)
    assert not member.works_at(other.pk)
    assert not member.is_admin


def test_admin_works_everywhere(city, emi):
    assert staff_member(emi.user).works_at(factories.a_facility("hoka", "ほかの会館").pk)


def test_resident_and_nobody_are_not_staff(city, aiko):
    assert staff_member(aiko.user) is None
    assert staff_member(AnonymousUser()) is None


def test_stopped_staff_and_stopped_log_in_are_not_staff(city, dai, emi):
    change_staff(staff_id=dai.staff.pk, name="土井 大", role="manager", is_active=False)
    User.objects.filter(pk=emi.user.pk).update(is_active=False)
    assert staff_member(dai.user) is None
    assert staff_member(emi.user) is None


def test_municipality_never_loses_its_last_admin(city, emi):
    for changes in ({"role": "admin", "is_active": False}, {"role": "manager", "is_active": True}):
        with pytest.raises(LastAdmin):
            change_staff(staff_id=emi.staff.pk, name="江本 恵美", **changes)
    appoint_staff(email="second@example.jp", name="二人目", role="admin")
    change_staff(staff_id=emi.staff.pk, name="江本 恵美", role="admin", is_active=False)


def test_same_person_is_not_appointed_twice(city, emi):
    with pytest.raises(StaffExists):
        appoint_staff(email="EMI@example.jp", name="江本", role="manager")


def test_resident_who_becomes_staff_keeps_the_log_in(city, aiko):
    staff = appoint_staff(email="Aiko@example.jp", name="青木 愛子", role="manager")
    assert staff.user_id == aiko.user.pk


def test_unknown_staff_and_tokens_are_not_found(city, now):
    with pytest.raises(StaffNotFound):
        change_staff(staff_id=999_999, name="だれか", role="manager", is_active=True)
    with pytest.raises(TokenNotFound):
        revoke_token(token_id=999_999, now=now)


def test_halls_are_exactly_those_assigned(city, dai):
    other = factories.a_facility("hoka", "ほかの会館")
    assign_staff(staff_id=dai.staff.pk, facility_ids=[other.pk])
    assert next(one for one in staff_entries() if one.id == dai.staff.pk).facility_ids == (other.pk,)
    with pytest.raises(FacilityNotFound):
        assign_staff(staff_id=dai.staff.pk, facility_ids=[other.pk, 999_999])
    assert Staff.objects.get(pk=dai.staff.pk).facilities.count() == 1


def test_revoked_token_keeps_its_first_moment(city, emi, now):
    token, text = issue_token(user_id=emi.user.pk, name="空き状況", schema="m132284")
    assert text.startswith("mn_m132284_")
    revoke_token(token_id=token.pk, now=now)
    revoke_token(token_id=token.pk, now=now.replace(year=2028))
    token.refresh_from_db()
    assert token.revoked_at == now


@pytest.mark.parametrize(
    "text", ["山田太郎", "やまだ　たろう", "ヤマダ", "ﾔﾏﾀﾞ", "０４２", "042 000", "yamada@"]
)
def test_resident_is_found_however_it_is_typed(city, text):
    factories.a_resident("山田 太郎", "yamada@example.jp", name_kana="ヤマダ タロウ", phone="042-000-9999")
    factories.a_resident("川上 次郎", "kawakami@example.jp", name_kana="かわかみ じろう", phone="0291-1-1")
    assert [one.name for one in find_residents(text=text)] == ["山田 太郎"]


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "\\", "'", "\U000e0100", "\x00"])
def test_signs_with_a_meaning_to_the_database_find_nobody(city, text):
    factories.a_resident("山田 太郎", "yamada@example.jp", phone="042-000-9999")
    assert find_residents(text=text) == []
