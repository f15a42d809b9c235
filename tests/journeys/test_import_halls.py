"""An admin takes a list of facilities in, at every width and without JavaScript; anybody reads it as open data."""

from __future__ import annotations

import pytest

from facilities.models import Facility
from tenants.context import inside
from tests.facilities.lists import a_file, a_row, a_table
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET, WIDTHS

pytestmark = pytest.mark.browser

PLACES = (
    ("東部会館", "35.7271", "139.3107"),
    ("西部コミュニティセンター", "35.7352", "139.2211"),
    ("秋川体育館", "35.7290", "139.2890"),
    ("草花公園トイレ", "35.7413", "139.3012"),
    ("東小学校", "35.7244", "139.3055"),
    ("戸倉しろやまホール", "35.7338", "139.2017"),
    ("小宮ふるさと自然体験会館", "35.7689", "139.1811"),
    ("遠い会館", "43.0621", "141.3544"),
    ("増戸会館", "139.2536", "35.7339"),
)


def a_place(number, name, north, east):
    """A facility of the list; every third telephone number lost its zero."""
    phone = "425580001" if number % 3 == 0 else "042-558-0002"
    facts = {"ID": str(132284000001 + number), "名称": name, "緯度": north, "経度": east, "電話番号": phone}
    return a_row(
        **facts, 所在地_連結表記=f"東京都あきる野市{name[:2]}{number}-1", 利用可能日時特記事項="", 備考=""
    )


@pytest.fixture
def list_file(tmp_path):
    """A list with good rows, damaged ones, and a title above."""
    known = {"ID": "132284000100", "名称": "あきる野市立中央公民館", "緯度": "35.7258", "経度": "139.2944"}
    other = a_row(全国地方公共団体コード="92011", 名称="宇都宮会館", ID="9")
    rows = [a_place(number, *place) for number, place in enumerate(PLACES)]
    table = [["公共施設一覧"], *a_table(*rows, a_row(**known), other), ["合計", "11"]]
    path = tmp_path / "132284_public_facility.csv"
    path.write_bytes(a_file(table, encoding="cp932"))
    return path


@pytest.mark.parametrize(("width", "javascript"), [(TABLET, True), (LARGE_PHONE, True), (PHONE, False)])
def test_admin_takes_halls_from_a_list(visit, akiruno, emi, list_file, width, javascript):
    visitor = visit(akiruno, person=emi, width=width, javascript=javascript).go("/console/")
    visitor.follow("施設と部屋").follow("一覧（CSV）から取り込む").press("読み込んで確かめる")
    assert "ファイルを選んでください" in visitor.text
    visitor.page.set_input_files("[name=file]", list_file)
    visitor.press("読み込んで確かめる")
    assert "Shift_JIS" in visitor.text
    assert "場所を確かめてください" in visitor.text
    assert "ほかの自治体（092011）" in visitor.text
    visitor.follow("ぜんぶの施設")
    visitor.page.get_by_role("checkbox", name="東小学校").check()
    visitor.press("選んだものを残す")
    assert visitor.page.get_by_role("checkbox", name="東小学校").is_checked()
    visitor.page.get_by_role("checkbox", name="遠い会館").uncheck()
    visitor.press("確かめる", exact=True)
    assert "8施設を取り込みます" in visitor.text
    visitor.press("取り込む", exact=True)
    assert "新しい施設 7、変わった施設 1" in visitor.text
    visitor.follow("東部会館")
    assert "この施設の規則がありません" in visitor.text
    with inside(akiruno):
        assert Facility.objects.get(key="chuo-kominkan").opendata_id == "132284000100"


@pytest.mark.parametrize("width", WIDTHS)
def test_anybody_reads_the_open_data_page_and_a_halls_map(visit, akiruno, width):
    with inside(akiruno):
        facts = {
            "latitude": "35.7271",
            "longitude": "139.3107",
            "barrier_free": "車いす用トイレ;エレベーター",
        }
        Facility.objects.filter(key="chuo-kominkan").update(**facts, url="https://www.city.example.jp/")
    visitor = visit(akiruno, width=width).go("/opendata/")
    assert "132284_public_facility.csv" in visitor.text
    visitor.go("/h/chuo-kominkan/")
    assert "エレベーター" in visitor.text


def test_the_same_in_english_on_a_phone(visit, akiruno, emi, list_file):
    visitor = visit(akiruno, person=emi, width=PHONE, language="en-GB").go("/console/halls/import/")
    visitor.page.set_input_files("[name=file]", list_file)
    visitor.press("Read and check")
    assert "The facility belongs to another municipality (092011)" in visitor.text
    visitor.press("Check", exact=True).press("Import", exact=True)
    assert "New facilities: 7; changed: 1" in visitor.text
    visitor.go("/opendata/")
    assert "List of public facilities" in visitor.text
