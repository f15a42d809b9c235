"""公共施設一覧 in the console: uploaded, looked over, chosen, confirmed; nobody else sees it."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from facilities.models import Facility, HallImport
from facilities.opendata.placing import distance_km, far_away
from facilities.opendata.rows import Row
from frontend.console.hall_map import HEIGHT, WIDTH, draw_map
from tenants.context import inside
from tests.facilities.lists import a_file, a_row, a_table

IMPORTS = "/console/halls/import/"
SCHOOL = a_row(ID="132284000002", 名称="東小学校", 所在地_連結表記="二宮2", 緯度="35.73", 経度="139.32")
ABROAD = a_row(ID="132284000003", 名称="遠い会館", 所在地_連結表記="遠1", 緯度="43.06", 経度="141.35")


@pytest.fixture
def upload(browser_of, emi, city):
    """``upload(rows)``: Emi's browser and the answer to the file."""

    def send(rows, **how):
        data = rows if isinstance(rows, bytes) else a_file(rows, **how)
        browser = browser_of(emi)
        return browser, browser.post(IMPORTS, {"file": SimpleUploadedFile("一覧.csv", data)})

    return send


def test_a_list_is_looked_over_chosen_from_and_carried_out(upload, city):
    browser, answer = upload(
        a_table(a_row(), SCHOOL, a_row(全国地方公共団体コード="092011")), encoding="cp932"
    )
    page = answer["Location"]
    text = browser.get(page).text
    assert "Shift_JIS" in text
    assert "東部会館" in text
    assert "ほかの自治体（092011）" in text
    assert "東小学校" not in text
    assert "東小学校" in browser.get(f"{page}?show=all").text
    assert not Facility.objects.filter(name="東部会館").exists()
    browser.post(page, {"shown": ["2", "3"], "row": ["2", "3"], "step": "keep", "show": "all"})
    assert "東小学校" in browser.get(page).text
    confirmed = browser.post(page, {"shown": ["3"], "step": "confirm"})["Location"]
    assert "1施設を取り込みます" in browser.get(confirmed).text
    assert browser.post(confirmed)["Location"] == page
    done = browser.get(page).text
    hall = Facility.objects.get(name="東部会館")
    assert "規則がありません" in done
    assert hall.key in done
    assert not hall.is_open
    assert "規則がありません" in browser.get(f"/console/halls/{hall.key}/").text
    assert "規則がありません" in browser.get("/console/halls/").text
    assert browser.post(confirmed)["Location"] == page
    assert Facility.objects.filter(name="東部会館").count() == 1


def test_nothing_chosen_is_said_and_nothing_happens(upload):
    browser, answer = upload(a_table(SCHOOL))
    page = answer["Location"]
    answer = browser.post(page, {"step": "confirm"}, follow=True)
    assert "施設が一つも選ばれていません" in answer.text
    assert browser.get(f"{page}confirm/").status_code == 302
    assert "施設が一つも選ばれていません" in browser.post(f"{page}confirm/", follow=True).text


def test_an_import_is_dropped(upload):
    browser, answer = upload(a_table(a_row()))
    assert "一覧.csv" in browser.get(IMPORTS).text
    browser.post(answer["Location"], {"step": "drop"})
    assert browser.get(answer["Location"]).status_code == 404
    assert "一覧.csv" not in browser.get(IMPORTS).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ファイルの中が空です"), ("氏名,点数\n山田,80\n".encode(), "氏名、点数"), (b"\x00\x01\x02", "見出し"),
        (b"x" * 5_000_001, "5MB"),
        (a_file(a_table(a_row(備考='"'))).replace(b'""""', b'"') + b"\n" * 80,
         "閉じられていません"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(upload, data, words):
    _browser, answer = upload(data)
    assert answer.status_code == 422
    assert words in answer.text
    assert not HallImport.objects.exists()


def test_no_file_is_refused(browser_of, emi):
    assert "ファイルを選んでください" in browser_of(emi).post(IMPORTS, {}).text


def test_larger_bodies_are_taken_here_only(browser_of, emi):
    browser = browser_of(emi)

    def send(path, size):
        return browser.post(path, {"file": SimpleUploadedFile("a.csv", b"x" * size)})

    assert "見出し" in send(IMPORTS, 3_000_000).text
    assert send("/console/halls/new/", 3_000_000).status_code == 413
    huge = send(IMPORTS, 6_000_000)
    assert huge.status_code == 413
    assert "5メガバイト" in huge.text


def test_report_names_every_row_that_was_not_taken_or_repaired(upload):
    table = [["=cmd()"], *a_table(a_row(電話番号="425500001"), a_row()), ["合計", "2"]]
    browser, answer = upload(table)
    report = browser.get(f"{answer['Location']}report.csv")
    rows = list(csv.reader(io.StringIO(report.content.decode("utf-8-sig"))))
    assert [row[:2] for row in rows[1:]] == [
        ["1", "取り込めない"], ["3", "直して取り込める"], ["4", "取り込めない"], ["5", "取り込めない"]
    ]  # fmt: skip
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_many_facilities_come_in_pages_and_the_choice_is_kept(upload):
    rows = [a_row(ID=str(n), 名称=f"第{n}会館", 所在地_連結表記=str(n)) for n in range(1, 121)]
    browser, answer = upload(a_table(*rows))
    page = answer["Location"]
    text = browser.get(page).text
    assert "第50会館" in text
    assert "第51会館" not in text
    onward = browser.post(
        page, {"shown": list(range(2, 52)), "row": ["2"], "step": "page-2", "show": "likely"}
    )
    assert "page=2" in onward["Location"]
    assert len(HallImport.objects.get().chosen) == 71
    for wild in ("?page=9999999999", "?page=x", "?show=%00"):
        assert browser.get(page + wild).status_code == 200
    assert (
        browser.post(page, {"shown": "x", "row": "9" * 40, "step": "page-", "page": "²"}).status_code == 302
    )


def test_managers_and_other_municipalities_do_not_find_it(
    upload, browser_of, dai, chika, client_for, hokota, emi
):
    _browser, answer = upload(a_table(a_row()))
    page = answer["Location"]
    for path in (page, f"{page}confirm/", f"{page}report.csv", IMPORTS):
        assert browser_of(dai).get(path).status_code == 404
        assert client_for(emi.municipality).get(path).status_code == 302
    with inside(hokota):
        assert not HallImport.objects.exists()


def place(number, lat, lon):
    return Row(number, "taken", {"名称": f"館{number}", "緯度": str(lat), "経度": str(lon)})


def test_points_far_from_the_others_are_suspected():
    near = {n: (35.70 + n / 1000, 139.3) for n in range(10)}
    assert far_away(near) == {}
    assert far_away({**near, 99: (43.06, 141.35)}).keys() == {99}
    assert far_away({1: (35.0, 135.0), 2: (43.0, 141.0)}) == {}
    assert round(distance_km((35.681, 139.767), (34.702, 135.495))) == 403


def test_map_has_north_above_the_same_scale_both_ways_and_everything_inside():
    rows = [place(1, 35.70, 139.30), place(2, 35.80, 139.30), place(3, 35.70, 139.40), place(4, 43.0, 141.0)]
    drawn = draw_map(rows, rows)
    south, north, east, _far = drawn.marks
    assert north.y < south.y
    assert east.x > south.x
    assert (south.y - north.y) / (east.x - south.x) == pytest.approx(1 / 0.8118, abs=0.01)
    assert [mark.number for mark in drawn.suspects] == [4]
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= HEIGHT for mark in drawn.marks)
    km_per_unit = 0.1 * 111.32 / (south.y - north.y)
    assert drawn.bar * km_per_unit == pytest.approx(float(drawn.bar_km.split()[0]), rel=0.01)
    assert draw_map([Row(1, "taken", {"名称": "館"})], []) is None
    assert draw_map(rows[:1], rows[:1]).marks[0].x == WIDTH / 2
