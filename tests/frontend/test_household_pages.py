"""Staff link the people of a household at the desk."""

from __future__ import annotations

import pytest

from accounts.households import household_of
from accounts.services import register_resident


@pytest.fixture
def people(city):
    return [
        register_resident(name=name, name_kana=kana)
        for name, kana in (("山田 太郎", "やまだ"), ("山田 花", "やまだ"))
    ]


def test_found_linked_and_taken_out_again(people, dai):
    one, other = people
    client = dai.client()
    assert f"/desk/households/{one.pk}/" in client.get("/desk/households/", {"text": "やまだ"}).text
    address = f"/desk/households/{one.pk}/"
    page = client.get(address, {"text": "山田"})
    assert "山田 花" in page.text
    assert client.post(address, {"text": "山田", "other": str(other.pk)}).status_code == 302
    assert [each.pk for each in household_of(resident_id=one.pk)] == [other.pk]
    assert "山田 花" in client.get(address).text
    assert client.post(f"{address}unlink/").status_code == 302
    assert household_of(resident_id=one.pk) == []


def test_without_a_choice_it_is_asked_again_and_nobody_is_found_by_chance(people, dai):
    client = dai.client()
    address = f"/desk/households/{people[0].pk}/"
    assert client.post(address, {"text": "山田"}).status_code == 422
    assert client.post(address, {"text": "山田", "other": "999999999"}).status_code == 422
    assert "見つかりません" in client.get("/desk/households/", {"text": "いない人"}).text
    assert client.get("/desk/households/999999999/").status_code == 404


def test_residents_do_not_see_households(people, aiko):
    assert aiko.client().get("/desk/households/").status_code == 404
