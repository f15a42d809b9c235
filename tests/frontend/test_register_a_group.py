"""A resident registers a group page by page; staff decide; nothing typed is lost and nobody sees too much."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.groups.rosters import Line, roster_of
from accounts.models import Group, RosterViewing
from facilities.models import Evidence, GroupRegistration
from tests import factories
from tests.facilities.clubs import a_draft, a_town_of_clubs, applied, club_kind, of, registered

WHO = {
    "name": "さくらコーラス",
    "name_kana": "さくらこーらす",
    "purpose": "合唱の練習",
    "phone": "０４２−５５５−０１００",
    "address": "中央1-1",
}
PDF = b"%PDF-1.7 kiyaku"


@pytest.fixture
def hall(city, tmp_path):
    return a_town_of_clubs(tmp_path)


@pytest.fixture
def clerk(city, hall):
    return factories.a_staff("窓口 係", "clerk@example.jp", facilities=[hall])


@pytest.fixture
def desk(client_for, akiruno, clerk):
    client = client_for(akiruno)
    client.force_login(clerk.user)
    return client


def page(answer):
    return answer.content.decode()


def at(registration, step):
    return f"/groups/r/{registration.ref}/{step}/"


def test_a_group_is_registered_step_by_step(hall, aiko, now):
    client, kind = aiko.client(), club_kind(now)
    answer = client.post("/groups/new/", {**WHO, "kind": kind.choice})
    registration = GroupRegistration.objects.get()
    assert answer.headers["Location"] == at(registration, "roster")
    assert registration.group.phone == "042-555-0100"
    here, adult = (fact.key for fact in kind.asked)
    names = "1. 青木 愛子、あおき あいこ\n2. 井上 一郎\n\n３　上田 歌子\n江藤 絵里 えとう えり"
    client.post(at(registration, "roster"), {"add": "1", "names": names, "all": [here, adult]})
    entries = roster_of(group_id=registration.group_id, actor=of(aiko.resident))
    assert [(one.name, one.name_kana) for one in entries] == [
        ("青木 愛子", "あおき あいこ"),
        ("井上 一郎", ""),
        ("上田 歌子", ""),
        ("江藤 絵里", "えとう えり"),
    ]
    marks = {"on": "1", "among": [one.pk for one in entries], "fact-0": [entries[0].pk, entries[1].pk]}
    answer = client.post(at(registration, "roster"), {**marks, "fact-1": [entries[0].pk]})
    assert answer.headers["Location"] == at(registration, "papers")
    file = SimpleUploadedFile("規約.pdf", PDF, content_type="text/html")
    assert client.post(at(registration, "evidence"), {"file": file}).status_code == 302
    client.post(at(registration, "papers"), {"q_youth": "no", "remark": "よろしくお願いします"})
    check = page(client.get(at(registration, "check")))
    assert "× 合っていません" not in check
    assert "規約.pdf" in check
    client.post(at(registration, "apply"))
    registration.refresh_from_db()
    assert registration.state == "applied"
    assert "審査を待っています" in page(client.get(f"/groups/{registration.group.ref}/"))


def test_what_was_typed_comes_back_with_the_mistake(hall, aiko, now):
    answer = aiko.client().post("/groups/new/", {**WHO, "phone": "でんわ", "kind": club_kind(now).choice})
    assert answer.status_code == 422
    assert "合唱の練習" in page(answer)
    assert not Group.objects.exists()


def test_a_group_that_misses_the_rules_reads_why(city, aiko, now):
    factories.halls_of(factories.EXAMPLES / "hirakata.yaml")
    client = aiko.client()
    client.post("/groups/new/", {**WHO, "kind": club_kind(now, "group").choice})
    registration = GroupRegistration.objects.get()
    client.post(at(registration, "roster"), {"add": "1", "names": "青木 愛子"})
    assert "この内容で申し込む" not in page(client.get(at(registration, "check")))
    answer = client.post(at(registration, "apply"))
    assert answer.status_code == 422
    assert "登録できるのは2人以上の団体です。" in page(answer)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"<html>", "この種類のファイルは、受け取れません"),
        ("a.pdf", b"", "この種類のファイルは、受け取れません"),
        ("a.pdf", b"%PDF-" + bytes(5_000_000), "ファイルが大きすぎます"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_in_words(hall, aiko, now, name, content, words):
    registration = a_draft(aiko.resident, now)
    answer = aiko.client().post(at(registration, "evidence"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert words in page(answer)
    assert not Evidence.objects.exists()


def test_files_are_given_out_to_be_saved_and_only_to_few(hall, aiko, desk, clerk, now, client_for, akiruno):
    registration = a_draft(aiko.resident, now)
    client = aiko.client()
    client.post(at(registration, "evidence"), {"file": SimpleUploadedFile("../規 約.pdf", PDF)})
    file = Evidence.objects.get()
    assert file.file_name == "規 約.pdf"
    address = f"{at(registration, 'evidence')}{file.ref}/"
    answer = client.get(address)
    assert (answer.content, answer.headers["Content-Type"]) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert not RosterViewing.objects.exists()
    assert desk.get(f"/desk{address}").content == PDF
    assert [(one.staff, one.what) for one in RosterViewing.objects.all()] == [(clerk, "evidence")]
    other = factories.a_resident("他 人", "tanin@example.jp", login=True)
    stranger = client_for(akiruno)
    stranger.force_login(other.user)
    assert stranger.get(address).status_code == 404


def test_strangers_do_not_find_a_group(hall, aiko, now, client_for, akiruno):
    registration = applied(aiko.resident, now)
    other = factories.a_resident("他 人", "tanin@example.jp", login=True)
    stranger = client_for(akiruno)
    stranger.force_login(other.user)
    assert stranger.get(f"/groups/{registration.group.ref}/").status_code == 404
    assert stranger.get(at(registration, "roster")).status_code == 404
    assert stranger.post(at(registration, "drop")).status_code == 404


def test_staff_approve_and_the_roster_viewing_is_kept(hall, aiko, desk, clerk, now):
    registration = applied(aiko.resident, now)
    assert registration.group.name in page(desk.get("/desk/groups/"))
    review = page(desk.get(f"/desk/groups/r/{registration.ref}/"))
    assert "○ 合っています" in review
    assert f"{registration.group.name} 0" not in review
    roster = page(desk.get(f"/desk/groups/r/{registration.ref}/roster/"))
    assert f"{registration.group.name} 0" in roster
    assert RosterViewing.objects.get().staff == clerk
    answer = desk.post(
        f"/desk/groups/r/{registration.ref}/", {"decide": "approve", "applicant_class": "registered"}
    )
    assert answer.status_code == 302
    registration.refresh_from_db()
    assert (registration.state, registration.applicant_class) == ("registered", "registered")


@pytest.mark.parametrize(("word", "state"), [("return", "returned"), ("refuse", "refused")])
def test_staff_say_no_with_a_reason_the_group_reads(hall, aiko, desk, now, word, state):
    registration = applied(aiko.resident, now)
    address = f"/desk/groups/r/{registration.ref}/"
    answer = desk.post(address, {"decide": word, "reason": ""})
    assert answer.status_code == 422
    assert "理由を書いてください" in page(answer)
    desk.post(address, {"decide": word, "reason": "住所が足りません"})
    registration.refresh_from_db()
    assert registration.state == state
    assert "住所が足りません" in page(aiko.client().get(f"/groups/{registration.group.ref}/"))


def test_staff_enter_a_group_for_somebody_at_the_desk(hall, desk, clerk, now):
    person = {
        "resident": "new",
        "person_name": "春山 ハル",
        "person_kana": "はるやま はる",
        "person_phone": "042-555-0111",
    }
    answer = desk.post("/desk/groups/new/", {**WHO, **person, "kind": club_kind(now).choice})
    registration = GroupRegistration.objects.get()
    assert answer.headers["Location"] == f"/desk{at(registration, 'roster')}"
    names = "春山 ハル\n夏川 ナツ\n秋田 アキ\n冬野 フユ"
    keys = [fact.key for fact in club_kind(now).asked]
    desk.post(f"/desk{at(registration, 'roster')}", {"add": "1", "names": names, "all": keys})
    assert desk.post(f"/desk{at(registration, 'apply')}").status_code == 302
    registration.refresh_from_db()
    assert (registration.state, registration.entered_by) == ("applied", clerk)


def test_somebody_new_at_the_desk_needs_a_name(hall, desk, now):
    answer = desk.post("/desk/groups/new/", {**WHO, "resident": "new", "kind": club_kind(now).choice})
    assert answer.status_code == 422
    assert "代表者のお名前を書いてください" in page(answer)


def test_staff_of_other_halls_do_not_find_it(hall, aiko, dai, now):
    registration = applied(aiko.resident, now)
    client = dai.client()
    assert registration.group.name not in page(client.get("/desk/groups/"))
    assert client.get(f"/desk/groups/{registration.group.ref}/").status_code == 404
    assert client.get(f"/desk/groups/r/{registration.ref}/").status_code == 404
    assert client.get(f"/desk/groups/r/{registration.ref}/roster/").status_code == 404
    assert not RosterViewing.objects.exists()


def test_groups_with_the_same_people_are_shown_to_staff_alone(hall, aiko, desk, clerk, now):
    first = registered(aiko.resident, now, clerk)
    other = factories.a_resident("夏川 ナツ", "natsu@example.jp", login=True)
    lines = roster_of(group_id=first.group_id, actor=of(aiko.resident))
    same = [Line(one.name, facts=frozenset(one.facts)) for one in lines[:3]]
    second = applied(other, now, name="もう一つの会", lines=[*same, Line("別 人", facts=same[0].facts)])
    review = page(desk.get(f"/desk/groups/r/{second.ref}/"))
    assert "同じ団体かもしれません" in review
    assert first.group.name in review
    for path in ("/groups/", f"/groups/{first.group.ref}/", at(first, "roster")):
        assert "もう一つの会" not in page(aiko.client().get(path))


def test_a_registration_is_ended_with_a_reason(hall, aiko, desk, clerk, now):
    registration = registered(aiko.resident, now, clerk)
    answer = desk.post(f"/desk/groups/r/{registration.ref}/end/", {"reason": "解散のため"})
    assert answer.status_code == 302
    registration.refresh_from_db()
    assert (registration.state, registration.reason) == ("ended", "解散のため")
