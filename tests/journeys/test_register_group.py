"""A club registers on a phone, staff look it through and register it, a friend joins and acts for it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.groups.services import invitation_token
from accounts.models import GroupInvitation, Staff
from accounts.services import appoint_staff
from facilities.groups.kinds import kinds_on
from facilities.models import GroupRegistration
from tenants.context import inside
from tests import factories
from tests.conftest import Person
from tests.facilities.clubs import a_town_of_clubs
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET

pytestmark = pytest.mark.browser

NAMES = "青木 愛子、あおき あいこ\n井上 一郎\n上田 歌子 うえだ うたこ\n𠮷田 進\n葛󠄀城 和子"


@pytest.fixture
def hall(akiruno, tmp_path):
    with inside(akiruno):
        return a_town_of_clubs(tmp_path)


@pytest.fixture
def friend(akiruno):
    with inside(akiruno):
        resident = factories.a_resident("井上 一郎", "inoue@example.jp", login=True, phone="042-000-0002")
        return Person("井上 一郎", resident.user, akiruno, resident=resident)


@pytest.fixture
def admin(akiruno):
    with inside(akiruno):
        staff = appoint_staff(email="kacho@example.jp", name="課長 花", role=Staff.Role.ADMIN)
        return Person("課長 花", staff.user, akiruno, staff=staff)


def apply_for(visitor, akiruno, tmp_path):
    """From my page to the application that was handed in."""
    visitor.go("/my/").follow("団体（登録・仲間・更新）").follow("団体を登録する")
    visitor.press("つぎへ進む")
    assert visitor.page.title().startswith("エラー：")
    with inside(akiruno):
        kind = next(one for one in kinds_on(timezone.localdate()) if one.key == "club")
    visitor.choose(f"input[name=kind][value='{kind.choice}']")
    visitor.fill(
        name="さくらコーラス", name_kana="さくらこーらす", purpose="合唱の練習", phone="042-555-0100"
    )
    visitor.press("つぎへ進む")
    visitor.press("名簿に加える")
    assert visitor.page.title().startswith("エラー：")
    visitor.fill(names=NAMES).choose("input[name=all] >> nth=1").press("名簿に加える")
    assert "いまの名簿（5人）" in visitor.text
    assert "うえだ うたこ" in visitor.text
    for number in range(3):
        visitor.choose(f"input[name=fact-0] >> nth={number}")
    visitor.tap(visitor.page.locator(".roster__change").last).press("名簿から消す")
    assert visitor.page.locator("input[name=fact-0]:checked").count() == 3
    visitor.press("つぎへ進む")
    papers = tmp_path / "kiyaku.pdf"
    papers.write_bytes(b"%PDF-1.7 statutes")
    visitor.page.set_input_files("input[name=file]", papers)
    visitor.press("この書類を加える")
    assert "kiyaku.pdf" in visitor.text
    visitor.choose("input[name=q_youth][value=no]").press("つぎへ進む")
    assert "○ 合っています" in visitor.text
    visitor.press("この内容で申し込む")
    assert "審査を待っています" in visitor.text


def approve(visitor):
    """Find what waits, look at the roster, register it."""
    visitor.go("/desk/").follow("団体", exact=True).follow("さくらコーラス")
    visitor.follow("名簿を見る（4人）")
    assert "𠮷田 進" in visitor.text
    visitor.follow("さくらコーラス")
    assert "課長 花：名簿" in visitor.text
    visitor.follow("D-")
    visitor.page.select_option("select[name=applicant_class]", "registered")
    visitor.press("直してもらう")
    assert "理由を書いてください" in visitor.text
    visitor.press("登録する", exact=True)
    assert "さくらコーラスを登録しました。" in visitor.text


@pytest.mark.parametrize(("width", "javascript"), [(LARGE_PHONE, True), (PHONE, True), (PHONE, False)])
def test_a_club_registers_and_a_friend_acts_for_it(
    visit, akiruno, hall, aiko, friend, admin, tmp_path, width, javascript
):
    phone = {"width": width, "javascript": javascript}
    visitor = visit(akiruno, person=aiko, **phone)
    apply_for(visitor, akiruno, tmp_path)
    approve(visit(akiruno, person=admin, width=TABLET, javascript=javascript))
    with inside(akiruno):
        assert GroupRegistration.objects.get().applicant_class == "registered"
    visitor.go("/groups/").follow("この団体を見る")
    assert "登録済み" in visitor.text
    visitor.follow("人を招待する").fill(email="inoue@example.jp").press("招待のメールを送る")
    with inside(akiruno):
        token = invitation_token(GroupInvitation.objects.get())
    other = visit(akiruno, person=friend, **phone).go(f"/groups/join/{token}/")
    other.press("この団体に入る")
    assert "井上 一郎" in other.text
    assert "職員が名簿や書類を見た記録" not in other.text
    other.go("/h/sada/")
    assert "個人として操作中" in other.page.locator(".acting").inner_text()
    other.follow("切りかえる").choose("input[name=group] >> nth=1").press("これで使う")
    assert other.page.url.endswith("/h/sada/")
    assert "さくらコーラスとして操作中" in other.page.locator(".acting").inner_text()
    visitor.go("/groups/").follow("この団体を見る").follow("井上 一郎")
    visitor.choose("input[name=role][value=representative]").press("この内容にする")
    assert "直す" not in visitor.text


@pytest.mark.parametrize("width", [LARGE_PHONE, TABLET])
def test_a_group_is_entered_at_the_desk(visit, akiruno, hall, admin, aiko, width):
    visitor = visit(akiruno, person=admin, width=width).go("/desk/groups/")
    visitor.follow("団体の申込みを受ける").fill(text="青木").press("さがす")
    visitor.choose("input[name=resident] >> nth=0")
    with inside(akiruno):
        kind = next(one for one in kinds_on(timezone.localdate()) if one.key == "club")
    visitor.choose(f"input[name=kind][value='{kind.choice}']")
    visitor.fill(name="窓口の会", name_kana="まどぐちのかい", purpose="読書", phone="042-555-0100")
    visitor.press("つぎへ（名簿）").fill(names=NAMES).choose("input[name=all] >> nth=0")
    visitor.choose("input[name=all] >> nth=1").press("名簿に加える").press("つぎへ進む")
    visitor.choose("input[name=q_youth][value=no]").press("つぎへ進む").press("この内容で申し込む")
    visitor.go("/desk/groups/").follow("窓口の会").press("断る")
    visitor.fill(reason="市の施設を使う目的が、決まりに合いません。").press("断る")
    assert "窓口の会の登録を、断りました。" in visitor.text
