"""公共施設一覧 is read from every file there is; each row ends with a verdict, and nothing is lost silently."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.opendata.cells import read_clock, read_phone, read_place, read_postcode, undo_date
from facilities.opendata.codes import belongs, repair_code
from facilities.opendata.columns import STANDARD, columns_of
from facilities.opendata.decoding import MOST_BYTES
from facilities.opendata.errors import ListTooLarge, NotAList, QuoteNotClosed
from facilities.opendata.folding import safe, unsafe
from facilities.opendata.matching import looks_bookable
from facilities.opendata.reading import read_list
from facilities.opendata.rows import Row
from facilities.opendata.sentences import SENTENCES
from tests.facilities.lists import CURRENT, ENCODINGS, OLD, a_file, a_row, a_table


def read(rows, **how):
    return read_list(a_file(rows, **how), lg_code="132284", town="あきる野市")


def only(*facts, **how):
    """The one row that was read."""
    (row,) = read(a_table(*facts, **how)).rows
    return row


def codes(row):
    return {note.code for note in row.notes}


@pytest.mark.parametrize("separator", [",", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("generation", ["current", "old"])
def test_every_encoding_of_both_generations_says_the_same(generation, encoding, separator):
    reading = read(a_table(a_row(), generation=generation), encoding=encoding, separator=separator)
    (row,) = reading.rows
    assert row.verdict == "taken", row.notes
    expected = {
        "名称": "東部会館",
        "所在地_連結表記": "東京都あきる野市二宮東1-2-3",
        "緯度": "35.727100",
        "開始時間": "09:00",
    }
    assert expected.items() <= row.values.items()
    assert row.values["利用可能日時特記事項"] == "年末年始は休み\n祝日は開館"
    said = reading.notes[0].sentence()
    names = {
        "cp932": "CP932",
        "utf-16": "UTF-16LE",
        "utf-16-be-bom": "UTF-16BE",
        "utf-8-sig": "UTF-8 (BOM)",
    }
    assert names.get(encoding, encoding.upper().replace("UTF-16-", "UTF-16")) in said


@pytest.mark.parametrize(
    ("standard", "drifted"),
    [
        ("名称", "列1"), ("名称_英字", "名称_英語"), ("所在地_連結表記", "所在地_連結標記"),
        ("所在地_連結表記", "住　所"),
        ("建物名等(方書)", "建物名等_方書"), ("建物名等(方書)", "建物名等（方書）"),
        ("利用可能日時特記事項", "利用可能時間特記事項"),
        ("緯度", "ｌａｔｉｔｕｄｅ"), ("緯度", "Y座標"), ("経度", "X座標"), ("名称_カナ", "名称_ｶﾅ"),
        ("名称", "名称【必須】"),
        ("全国地方公共団体コード", "localgov_code"), ("所在地_番地以下", "seat_after_address"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_other_names(standard, drifted):
    header = [drifted if name == standard else name for name in CURRENT]
    found = columns_of(header)
    assert found is not None
    assert found[standard] == CURRENT.index(standard)


def test_columns_are_found_wherever_they_stand():
    header = tuple(reversed(CURRENT))
    row = only(a_row(), header=header)
    assert row.values["名称"] == "東部会館"


def test_every_standard_column_is_read_and_unknown_ones_are_said():
    reading = read(a_table(a_row(アクセス方法="バス"), header=(*STANDARD, "アクセス方法")))
    assert len(columns_of(STANDARD)) == len(STANDARD)
    assert any("アクセス方法" in note.sentence() for note in reading.notes)


@pytest.mark.parametrize(
    ("damaged", "own", "code"),
    [
        ("13228", "132284", "132284"), ("92011", "092011", "092011"), ("1100", "011002", "011002"),
        ("92011", "132284", "092011"), ("132285", "132284", None), ("999999", "132284", None),
        ("13", "132284", None),
    ],
)  # fmt: skip
def test_lost_digits_of_a_code_come_back_by_its_check_digit(damaged, own, code):
    assert repair_code(damaged, own) == code


def test_wards_belong_to_their_city_and_wards_of_tokyo_to_nobody():
    assert belongs("041017", "041009")
    assert belongs("271284", "271004")
    assert not belongs("141500", "141305")
    assert not belongs("131016", "131105")


def test_rows_of_others_are_not_taken_and_say_whose_they_are():
    rows = read(a_table(a_row(), a_row(全国地方公共団体コード="092011", 名称="宇都宮会館"))).rows
    assert [row.verdict for row in rows] == ["taken", "refused"]
    assert "092011" in rows[1].notes[0].sentence()
    without = only(a_row(全国地方公共団体コード="", 地方公共団体名="八王子市"), generation="old")
    assert codes(without) == {"other_town"}
    assert only(a_row(全国地方公共団体コード="", 地方公共団体名="東京都あきる野市")).taken
    assert codes(only(a_row(全国地方公共団体コード="132285", 地方公共団体名=""))) == {"code_uncertain"}
    assert codes(only(a_row(全国地方公共団体コード="132285"))) == {"code_repaired"}


@pytest.mark.parametrize(
    ("written", "number", "notes"),
    [
        ("425500001", "0425500001", {"phone_zero"}), ("42-550-0001", "042-550-0001", {"phone_zero"}),
        ("9012345678", "09012345678", {"phone_zero"}),
        ("０４２ー５５０ー０００１", "042-550-0001", {"width"}),
        ("(042)550-0001", "042-550-0001", set()), ("042(550)0001", "042-550-0001", set()),
        ("042-550-0001、042-550-0002", "042-550-0001", {"phone_first"}),
        ("425500001.0", "0425500001", {"phone_zero"}),
        ("+81-42-550-0001", "+81-42-550-0001", set()), ("4.25E+08", "", {"phone_unreadable"}),
        ("550-0001", "", {"phone_unreadable"}), ("なし", "", {"phone_unreadable"}), ("", "", set()),
    ],
)  # fmt: skip
def test_telephone_numbers_are_repaired_only_where_certain(written, number, notes):
    cell = read_phone(written)
    assert (cell.value, set(cell.notes)) == (number, notes)


@pytest.mark.parametrize(
    ("written", "own", "postcode"),
    [
        ("197-0814", "132284", "1970814"), ("〒１９７−０８１４", "132284", "1970814"),
        ("600001", "011002", "0600001"),
        ("600001", "132284", ""), ("10010", "011002", "0010010"), ("1970814.0", "132284", "1970814"),
        ("abc", "132284", ""),
    ],
)  # fmt: skip
def test_postcodes_get_zeros_back_only_where_postcodes_begin_with_one(written, own, postcode):
    assert read_postcode(written, own).value == postcode


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("9:00", "09:00"), ("0900", "09:00"), ("900", "09:00"), ("９時", "09:00"), ("9時30分", "09:30"),
        ("9:00:00", "09:00"),
        ("午後5時", "17:00"), ("0.375", "09:00"), ("24:00", "24:00"), ("25:00", ""), ("9:75", ""),
        ("随時", ""), ("21", "21:00"),
    ],
)  # fmt: skip
def test_times_are_read_however_they_are_written(written, time):
    assert read_clock(written).value == time


@pytest.mark.parametrize(
    ("latitude", "longitude", "place", "note"),
    [
        ("35.7271", "139.3107", ("35.727100", "139.310700"), None),
        ("139.3107", "35.7271", ("35.727100", "139.310700"), "place_swapped"),
        ("３５．７２７１", "139.3107", ("35.727100", "139.310700"), "width"),
        ("35度43分37.56秒", "139°18′38.52″", ("35.727100", "139.310700"), None),
        ("0", "0", ("", ""), "place_zero"), ("48.85", "2.35", ("", ""), "place_outside"),
        ("-35567.1", "12002.3", ("", ""), "place_outside"), ("35.7", "", ("", ""), "place_half"),
        ("北", "東", ("", ""), "place_unreadable"), ("", "", ("", ""), None),
        ("nan", "inf", ("", ""), "place_unreadable"),
    ],
)  # fmt: skip
def test_places_are_in_japan_or_nowhere(latitude, longitude, place, note):
    north, east, notes = read_place(latitude, longitude)
    assert (north, east) == place
    assert set(notes) == ({note} if note else set())


@pytest.mark.parametrize(
    ("written", "block"), [("1月2日", "1-2"), ("2026/1/2", "1-2"), ("2-Jan", "1-2"), ("１月２日", "1-2"),
    ("683", ""), ("1-2", "")]
)  # fmt: skip
def test_block_numbers_turned_into_dates_come_back(written, block):
    assert undo_date(written) == block


def test_what_a_spreadsheet_did_is_repaired_and_said():
    row = only(
        a_row(ID="1.32E+11", 所在地_連結表記="", 所在地_市区町村="あきる野市", 所在地_町字="二宮",
              所在地_番地以下="1月2日", 名称_カナ="ﾄｳﾌﾞｶｲｶﾝ", 備考="＃N/A", 郵便番号="１９７０８１４",
              URL="javascript:alert(1)")
    )  # fmt: skip
    assert row.verdict == "repaired"
    assert codes(row) == {"id_scientific", "block_date", "kana", "error_cell", "width", "bad_url"}
    assert row.values["所在地_連結表記"] == "あきる野市二宮1-2"
    assert row.values["名称_カナ"] == "トウブカイカン"
    assert not {"ID", "備考", "URL"} & row.values.keys()


def test_stray_rows_have_a_reason_and_the_counts_add_up():
    table = [["公共施設一覧（令和8年4月1日現在）"], [], *a_table(a_row(), a_row(ID="2", 名称="西会館"))]
    table += [["Ver1"], list(CURRENT), ["合計", "2", "件"], [""] * 26, ["132284", "3", "", "", "ナナシ"]]
    table += [["132284", "4", "", "北会館", *[""] * 22, "余り"], a_table(a_row(ID="9"))[1]]
    reading = read(table)
    found = [row.notes[0].code for row in reading.refused]
    assert found == [
        "above_header", "empty_row", "version_row", "repeated_header", "total_row", "empty_row", "no_name",
        "too_many_cells",
        "duplicate_name",
    ]  # fmt: skip
    assert len(reading.taken) + len(reading.refused) + 1 == len(table)
    assert [row.number for row in reading.rows] == [1, 2, *range(4, len(table) + 1)]


def test_the_same_facility_is_taken_once_and_a_shared_id_is_given_to_the_first():
    rows = read(a_table(a_row(), a_row(所在地_連結表記="別"), a_row(名称="西会館"), a_row(ID="7"))).rows
    assert [codes(row) for row in rows] == [set(), {"duplicate_id"}, {"id_not_once"}, {"duplicate_name"}]
    assert "ID" not in rows[2].values


def test_broken_characters_cost_their_row_and_no_other():
    data = a_file(a_table(a_row(ID="1"), a_row(ID="2", 名称="西会館")), encoding="cp932")
    data = data.replace("西会館".encode("cp932"), b"\x90\xbc\x81\xff\x8a\xd9", 1)
    rows = read_list(data, lg_code="132284", town="あきる野市").rows
    assert [row.verdict for row in rows] == ["taken", "refused"]
    assert codes(rows[1]) == {"broken_characters"}


def test_a_file_that_is_no_list_is_refused_with_what_was_found():
    with pytest.raises(NotAList) as refused:
        read([["氏名", "点数"], ["山田", "80"]])
    assert refused.value.facts["found"] == "氏名、点数"
    for nothing in (
        b"",
        b"\x00" * 100,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        b"PK\x03\x04" + b"\xff" * 500,
    ):
        with pytest.raises(NotAList):
            read_list(nothing, lg_code="132284", town="あきる野市")


def test_too_large_files_are_refused():
    with pytest.raises(ListTooLarge):
        read_list(b"x" * (MOST_BYTES + 1), lg_code="132284", town="あきる野市")
    with pytest.raises(ListTooLarge):
        read([*a_table(), *([[""]] * 20_000)])


def test_a_quote_that_is_never_closed_is_refused_with_its_row():
    plain = {"利用可能日時特記事項": "", "備考": ""}
    table = a_table(*(a_row(ID=str(n), 名称=f"第{n}会館", **plain) for n in range(200)))
    data = a_file(table).replace(b"\r\n132284,3,", b'\r\n132284,"3,', 1)
    with pytest.raises(QuoteNotClosed) as refused:
        read_list(data, lg_code="132284", town="あきる野市")
    assert refused.value.facts["line"] == 5


@given(st.binary(max_size=300), st.sampled_from(ENCODINGS))
def test_no_bytes_break_the_reader(tail, encoding):
    data = a_file(a_table(a_row()), encoding=encoding) + tail
    try:
        reading = read_list(data, lg_code="132284", town="あきる野市")
    except (NotAList, QuoteNotClosed):
        return
    assert all(row.notes for row in reading.rows if row.verdict != "taken")
    for row in reading.rows:
        for note in row.notes:
            assert note.sentence() != note.sentence("en")


@given(st.text(max_size=30))
def test_no_cell_begins_a_formula_and_every_cell_comes_back(text):
    assert not safe(text).lstrip().startswith(("=", "+", "-", "@"))
    if not text.startswith("'"):
        assert unsafe(safe(text)) == text


@pytest.mark.parametrize(
    "name", ["中央公民館", "東部会館", "市民体育館", "コミュニティセンター", "秋川キララホール"]
)
def test_halls_are_chosen_beforehand(name):
    assert looks_bookable(Row(1, "taken", {"名称": name}))


@pytest.mark.parametrize(
    "name",
    ["学校給食センター", "東小学校", "秋川駅前トイレ", "あきる野保健センター", "ひので斎場", "二宮公園"],
)
def test_other_places_are_not(name):
    assert not looks_bookable(Row(1, "taken", {"名称": name}))


def test_every_note_speaks_both_languages_and_english_without_japanese():
    for japanese, english in SENTENCES.values():
        assert not re.search("[ぁ-んァ-ヶ一-龠（）、。「」]", english)
        assert {one.split("}")[0] for one in japanese.split("{")[1:]} == {
            one.split("}")[0] for one in english.split("{")[1:]
        }


def test_both_generations_are_recognised_as_headings():
    assert columns_of(OLD)["ID"] == 1
    assert columns_of(["名称", "点数"]) is None
