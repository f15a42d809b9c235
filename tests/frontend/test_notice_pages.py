"""Pages about notices: what one wants to be told, the texts, what arrived, LINE."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.actors import Actor
from accounts.line.official_account import account_state, check_account, connect_account
from accounts.models import LineFriend, Notice, NoticeChoice, NoticeText
from accounts.notices.choosing import silent_rooms_of
from booking.reminding import reminder_settings
from booking.services import book_room
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key, staff_rooms
from tests.booking.conftest import WEDNESDAY
from tests.channels.conftest import SECRET, TOKEN, line  # noqa: F401
from tests.queue import deliver_notices, told


@pytest.fixture
def booked(city, aiko, now):
    """Aiko's reservation."""
    room = room_by_key("chuo-kominkan", "kenshu-1")
    return book_room(
        room_id=room.id,
        starts_at=moment(WEDNESDAY, 600, room.zone),
        ends_at=moment(WEDNESDAY, 660, room.zone),
        resident_id=aiko.resident.pk,
        channel="web",
        purpose="会議",
        details=Details(headcount=5),
        actor=Actor("resident", aiko.resident.pk),
        now=now,
    )


@pytest.fixture
def account(city, emi, line, now):  # noqa: F811
    """Akiruno's official account, checked with the platform."""
    connect_account(token=TOKEN, secret=SECRET, staff_id=emi.staff.pk, now=now)
    check_account(now=now)
    return account_state()


@pytest.fixture
def linked(account, aiko, line, now):  # noqa: F811
    """Aiko's LINE."""
    friend = line.befriend(TOKEN, "愛子")
    LineFriend.objects.create(user_id=friend.user_id, since=now, resident=aiko.resident, linked_at=now)
    return friend


def page(answer):
    assert answer.status_code in {200, 422}, answer
    return answer.content.decode()


class TestMyNotices:
    def test_who_has_mail_only_is_asked_about_what_can_be_switched_off(self, aiko):
        shown = page(aiko.client().get("/my/notices/"))
        assert "いつもメールで送ります" in shown
        assert "利用の前のお知らせ" in shown
        assert "予約ができたとき" not in shown
        assert "LINEとつなぐ" not in shown

    def test_what_was_chosen_is_kept(self, aiko, city):
        client = aiko.client()
        assert client.post("/my/notices/", {"wait_freed": "mail"}).status_code == 302
        choices = dict(NoticeChoice.objects.values_list("kind", "wanted"))
        assert choices["wait_freed"] is True
        assert choices["reminder_before_use"] is False
        shown = page(client.get("/my/notices/"))
        assert shown.count("checked") == 1

    def test_with_line_one_chooses_the_way_of_what_matters(self, aiko, linked):
        client = aiko.client()
        assert "大切なお知らせ" in page(client.get("/my/notices/"))
        refused = client.post("/my/notices/", {"wait_freed": ["mail", "line"]})
        assert refused.status_code == 422
        assert "一つは選んでください" in page(refused)
        assert client.post("/my/notices/", {"important": "line"}).status_code == 302
        assert not NoticeChoice.objects.get(kind="reservation_confirmed", channel="mail").wanted

    def test_a_mail_that_did_not_arrive_is_told(self, aiko, booked):
        deliver_notices()
        Notice.objects.filter(resident=aiko.resident).update(state="failed", sent_at=None)
        assert "届きませんでした" in page(aiko.client().get("/my/notices/"))

    def test_strangers_see_nothing(self, client_for, akiruno):
        assert client_for(akiruno).get("/my/notices/").status_code == 302


class TestLinkingLine:
    def test_a_number_is_shown_once_and_kept_as_a_hash(self, aiko, account):
        shown = page(aiko.client().post("/my/notices/line/"))
        assert "つぎの番号を送ります" in shown
        assert "/@akiruno" in shown

    def test_without_an_account_there_is_nothing_to_link(self, aiko):
        assert aiko.client().post("/my/notices/line/").status_code == 409

    def test_parting_stops_line(self, aiko, linked, booked):
        assert aiko.client().post("/my/notices/line/off/").status_code == 302
        deliver_notices()
        assert linked.chat == []


class TestMyNoticesAsStaff:
    def test_rooms_and_kinds_are_chosen(self, dai, city):
        client = dai.client()
        hall = dai.staff.facilities.get().facility_id
        rooms = [room.id for room in staff_rooms(hall)]
        shown = page(client.get("/desk/notices/"))
        assert "新しい予約" in shown
        assert "団体登録の申込み" not in shown, "only admins get it"
        sent = {"kinds": ["manager_new_booking"], f"hall_{hall}": [str(rooms[0])]}
        assert client.post("/desk/notices/", sent).status_code == 302
        assert silent_rooms_of(dai.staff) == frozenset(rooms[1:])

    def test_somebody_elses_room_is_no_choice(self, dai, city):
        hall = dai.staff.facilities.get().facility_id
        answer = dai.client().post("/desk/notices/", {f"hall_{hall}": ["999999"]})
        assert answer.status_code == 422


class TestTexts:
    ADDRESS = "/console/notices/reservation_confirmed/ja/"

    def test_all_kinds_are_listed(self, emi):
        shown = page(emi.client().get("/console/notices/"))
        for words in ("予約ができたとき", "公用のため、予約を移したとき", "審査を待つ申込み", "English"):
            assert words in shown

    def test_a_preview_saves_nothing(self, emi, city):
        answer = emi.client().post(
            self.ADDRESS, {"subject": "{部屋}です", "body": "{名前}さま", "preview": "1"}
        )
        shown = page(answer)
        assert "第1研修室です" in shown
        assert "青木 春子さま" in shown
        assert not NoticeText.objects.exists()

    def test_a_saved_text_goes_out_and_can_be_taken_back(self, emi, booked):
        client = emi.client()
        text = {"subject": "とれました {部屋}", "body": "{名前} さま\n目的：{目的}\n団体：{団体}\n{ページ}"}
        assert client.post(self.ADDRESS, text | {"save": "1"}).status_code == 302
        deliver_notices()
        (sent,) = [one for one in mail.outbox if one.to == ["aiko@example.jp"]]
        assert sent.subject == "とれました 第1研修室"
        assert sent.body.startswith("青木 愛子 さま\n目的：会議\nhttp://")
        shown = page(client.get(self.ADDRESS))
        assert "自治体の文" in shown
        assert "江本 恵美" in shown
        client.post(self.ADDRESS + "reset/")
        assert "はじめの文に戻しました" in page(client.get(self.ADDRESS))
        assert NoticeText.objects.count() == 2

    @pytest.mark.parametrize(
        "words", ["{暗証番号}", "{{部屋}}", "{部屋", "{notice.resident.user.password}", "{理由}"]
    )
    def test_a_word_that_is_not_on_the_list_is_named_and_nothing_is_lost(self, emi, city, words):
        answer = emi.client().post(
            self.ADDRESS, {"subject": "件名", "body": f"{words} 長い文のつづき", "save": "1"}
        )
        assert answer.status_code == 422
        shown = page(answer)
        assert "使えません" in shown
        assert "長い文のつづき" in shown
        assert not NoticeText.objects.exists()

    def test_a_text_is_text_and_no_template(self, emi, booked):
        body = "{% load x %}{{ }}".replace("{", "｛").replace("}", "｝")
        answer = emi.client().post(self.ADDRESS, {"subject": "a", "body": body, "save": "1"})
        assert answer.status_code == 422

    def test_what_a_hirer_wrote_is_never_read_as_words(self, emi, aiko, booked):
        booked.purpose = "{名前}{電話}"
        booked.save(update_fields=["purpose"])
        deliver_notices()
        (sent,) = [one for one in mail.outbox if one.to == ["aiko@example.jp"]]
        assert "目的：{名前}{電話}" in sent.body

    def test_an_unknown_kind_or_language_is_not_there(self, emi):
        client = emi.client()
        assert client.get("/console/notices/nothing/ja/").status_code == 404
        assert client.get("/console/notices/refused/fr/").status_code == 404

    def test_only_admins_enter(self, dai, aiko):
        for person in (dai, aiko):
            for address in (
                "/console/notices/",
                self.ADDRESS,
                "/console/notices/sent/",
                "/console/notices/line/",
            ):
                assert person.client().get(address).status_code == 404


class TestSent:
    def test_what_did_not_arrive_is_seen_with_its_reason_and_sent_again(self, emi, booked):
        deliver_notices()
        mail.outbox.clear()
        (notice,) = told("reservation_confirmed")
        Notice.objects.filter(pk=notice.pk).update(
            state="failed",
            sent_at=None,
            last_error="メールが、受け付けられませんでした。メールアドレスを確かめてください。 [550]",
        )
        client = emi.client()
        shown = page(client.get("/console/notices/sent/?state=undelivered"))
        assert "メールアドレスを確かめてください。（550）" in shown
        assert "a***@example.jp" in shown
        assert "aiko@example.jp" not in shown
        assert client.post(f"/console/notices/sent/{notice.pk}/again/").status_code == 302
        client.post(f"/console/notices/sent/{notice.pk}/again/")
        deliver_notices()
        assert len(mail.outbox) == 1, "pressed twice, sent once"

    def test_a_message_is_shown_as_it_was_sent(self, emi, booked):
        deliver_notices()
        (notice,) = told("reservation_confirmed")
        shown = page(emi.client().get(f"/console/notices/sent/{notice.pk}/"))
        assert "予約できました（6月9日（水） 第1研修室）" in shown
        assert "カレンダーのファイルも" in shown

    @pytest.mark.parametrize(
        "asked", ["state=x", "kind=x", "before=x", "before=" + "9" * 30, "state=sent&before=5"]
    )
    def test_odd_questions_get_a_page(self, emi, asked):
        assert emi.client().get(f"/console/notices/sent/?{asked}").status_code == 200

    def test_a_message_that_is_not_there(self, emi):
        assert emi.client().get("/console/notices/sent/99999/").status_code == 404


class TestMessagesOfAReservation:
    def test_a_manager_sees_and_repeats_what_was_told(self, emi, dai, booked):
        deliver_notices()
        (notice,) = told("reservation_confirmed")
        address = f"/desk/reservation/{booked.ref}/notices/"
        if booked.room.facility_id != dai.staff.facilities.get().facility_id:
            assert dai.client().get(address).status_code == 404
            assert dai.client().post(f"{address}{notice.pk}/again/").status_code == 404
        assert "予約ができたとき" in page(emi.client().get(address))
        assert emi.client().post(f"{address}{notice.pk}/again/").status_code == 302

    def test_a_message_about_something_else_is_not_sent_from_here(self, emi, booked, now):
        other = Notice.objects.create(
            kind="suspended",
            channel="mail",
            language="ja",
            dedupe="d",
            body="x",
            created_at=now,
            next_attempt_at=now,
        )
        address = f"/desk/reservation/{booked.ref}/notices/{other.pk}/again/"
        assert emi.client().post(address).status_code == 404


class TestReminders:
    def test_hours_are_set(self, emi, city):
        client = emi.client()
        assert (
            client.post("/console/notices/reminders/", {"hour": "１８", "hours_before": "3"}).status_code
            == 302
        )
        found = reminder_settings()
        assert (found.remind_day_before, found.remind_hour, found.remind_hours_before) == (False, 18, 3)

    @pytest.mark.parametrize("given", [{"hour": "24"}, {"hour": "x"}, {"hour": "9", "hours_before": "0"}, {}])
    def test_no_such_hour(self, emi, given):
        assert emi.client().post("/console/notices/reminders/", given).status_code == 422


class TestLinePage:
    def test_the_token_is_kept_and_never_shown(self, emi, city, line, now):  # noqa: F811
        client = emi.client()
        sent = {"token": TOKEN, "secret": SECRET}
        assert client.post("/console/notices/line/", sent).status_code == 302
        assert "確認中" in page(client.get("/console/notices/line/"))
        check_account(now=now)
        shown = page(client.get("/console/notices/line/"))
        assert "@akiruno" in shown
        assert "/line/webhook/" in shown
        assert TOKEN not in shown
        assert SECRET not in shown

    def test_a_wrong_token_is_said_to_be_wrong(self, emi, city, line, now):  # noqa: F811
        client = emi.client()
        client.post("/console/notices/line/", {"token": "wrong", "secret": "x"})
        check_account(now=now)
        assert "このトークンを受け付けません" in page(client.get("/console/notices/line/"))
        assert not account_state().is_active

    def test_an_empty_form_says_what_is_missing(self, emi):
        assert emi.client().post("/console/notices/line/", {}).status_code == 422

    def test_disconnecting_forgets_both(self, emi, account):
        emi.client().post("/console/notices/line/off/")
        assert account_state() is None
