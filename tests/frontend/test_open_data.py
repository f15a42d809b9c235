"""What everybody may read and use again: the halls in the standard, when rooms are free, and what there is."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.cache import cache

from facilities.models import Facility
from facilities.opendata.columns import STANDARD
from facilities.opendata.reading import read_list
from frontend.opendata import views
from tests.frontend.conftest import HALL, TODAY

LIST = "/opendata/132284_public_facility.csv"
TIMES = "/opendata/132284_facility_availability"


@pytest.fixture
def anybody(client_for, city, monkeypatch, now):
    """Somebody without a log-in, on the Monday of the tests."""
    monkeypatch.setattr(views, "clock_now", lambda: now)
    return client_for(city)


def rows_of(answer):
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_has_the_standards_columns_and_every_open_hall(anybody):
    Facility.objects.filter(key=HALL).update(
        opendata_id="132284000001", latitude="35.7271", longitude="139.3107"
    )
    Facility.objects.filter(key="itsukaichi-kominkan").update(is_open=False)
    answer = anybody.get(LIST)
    rows = rows_of(answer)
    assert tuple(rows[0]) == STANDARD
    assert {row["名称"] for row in rows} == {hall.name for hall in Facility.objects.filter(is_open=True)}
    assert (rows[0]["ID"], rows[0]["緯度"]) == ("132284000001", "35.727100")
    assert answer["Content-Disposition"] == 'attachment; filename="132284_public_facility.csv"'
    assert read_list(answer.content, lg_code="132284", town="あきる野市").notes


def test_times_say_what_is_free_and_nothing_about_people(anybody, book):
    book(starts=600, ends=720, purpose="秘密の会")
    rows = rows_of(anybody.get(f"{TIMES}.csv"))
    room = [row for row in rows if row["部屋ID"] == f"{HALL}/kenshu-2" and row["日付"] == "2027-05-12"]
    spans = [(row["開始時間"], row["終了時間"], row["状況コード"]) for row in room]
    assert ("10:00", "12:00", "taken") in spans
    assert spans[0][2] == spans[-1][2] == "free"
    assert "秘密" not in anybody.get(f"{TIMES}.csv").text
    assert "佐藤" not in anybody.get(f"{TIMES}.csv").text
    closed = [row for row in rows if row["状況コード"] == "closed"]
    assert all(not row["開始時間"] and row["状況"] == "休み" for row in closed)


def test_csv_and_json_say_the_same(anybody):
    rows = rows_of(anybody.get(f"{TIMES}.csv"))
    found = json.loads(anybody.get(f"{TIMES}.json").content)
    flat = [
        (room["room"]["id"], time["date"], time["starts"] or "", time["ends"] or "", time["state"])
        for room in found["rooms"]
        for time in room["times"]
    ]
    names = ("部屋ID", "日付", "開始時間", "終了時間", "状況コード")
    assert flat == [tuple(row[name] for name in names) for row in rows]
    assert found["first_day"] == TODAY.isoformat()
    last = TODAY + timedelta(days=found["days"] - 1)
    assert {TODAY.isoformat(), last.isoformat()} <= {one[1] for one in flat}
    assert all(one[1] <= last.isoformat() for one in flat)


def test_files_are_kept_for_a_minute_and_known_ones_are_not_sent_again(anybody, django_assert_num_queries):
    first = anybody.get(LIST)
    Facility.objects.filter(key=HALL).update(name="新しい名前")
    assert anybody.get(LIST).content == first.content
    again = anybody.get(LIST, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=60"
    cache.clear()
    assert "新しい名前" in anybody.get(LIST).content.decode("utf-8-sig")


def test_another_municipalitys_file_is_not_here(anybody):
    assert anybody.get("/opendata/082341_public_facility.csv").status_code == 404
    assert anybody.get("/opendata/082341_facility_availability.json").status_code == 404


def test_whoever_asks_without_pause_waits(anybody, settings):
    settings.API_READS_PER_MINUTE = 2
    assert [anybody.get(LIST).status_code for _ in range(3)] == [200, 200, 429]
    refused = anybody.get("/opendata/")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 60
    assert "1分待って" in refused.text


def test_the_page_describes_every_file_for_people_and_programs(anybody):
    Facility.objects.filter(key=HALL).update(name="</script><b>館")
    answer = anybody.get("/opendata/")
    text = answer.text
    script = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    catalogue = json.loads(script)
    files = [one["contentUrl"] for dataset in catalogue["dataset"] for one in dataset["distribution"]]
    assert len(files) == 3
    for address in files:
        path = "/" + address.split("/", 3)[3]
        assert f'href="{path}"' in text
        assert anybody.get(path).status_code == 200
    assert catalogue["license"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert "CC BY 4.0" in text
    assert anybody.post("/opendata/").status_code == 405


def test_residents_see_where_a_hall_is_and_how_to_get_in(anybody):
    page = f"/h/{HALL}/"
    assert "maps.gsi.go.jp" not in anybody.get(page).text
    facts = {"latitude": "35.7271", "longitude": "139.3107", "barrier_free": "車いす用トイレ;エレベーター"}
    Facility.objects.filter(key=HALL).update(**facts, url="https://www.city.example.jp/hall/", building="2階")
    text = anybody.get(page).text
    assert "https://maps.gsi.go.jp/#17/35.727100/139.310700/" in text
    assert "<li>車いす用トイレ</li><li>エレベーター</li>" in text
    assert "https://www.city.example.jp/hall/" in text
    assert "2階" in text
