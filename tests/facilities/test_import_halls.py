"""A list becomes halls: nothing before it is confirmed, each hall once, and again without doubles."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.models import Facility, HallImport
from facilities.opendata.comparing import compare
from facilities.opendata.errors import ImportNotFound, NothingChosen
from facilities.opendata.exporting import REST, facility_csv, file_name
from facilities.opendata.importing import (
    begin_import,
    carry_out,
    choose_rows,
    drop_import,
    halls_of_import,
    import_in_progress,
)
from facilities.opendata.reading import read_list
from facilities.reviewing import halls_without_rules
from tests.facilities.lists import a_file, a_row, a_table

HERE = {"lg_code": "132284", "town": "あきる野市"}
SCHOOL = a_row(ID="132284000002", 名称="東小学校", 所在地_連結表記="東京都あきる野市二宮2")
KNOWN = a_row(ID="132284000003", 名称="あきる野市立中央公民館", 所在地_連結表記="東京都あきる野市二宮683")


@pytest.fixture
def begin(city, now):
    """``begin(*facts)``: an import in progress of a list with these facilities."""

    def make(*facts, at=now, **how):
        data = a_file(a_table(*facts), **how)
        return begin_import(data=data, file_name="list.csv", staff_id=None, now=at, **HERE)

    return make


@pytest.fixture
def take_in(begin, now):
    """``take_in(*facts)``: the same, carried out."""

    def make(*facts, **how):
        return carry_out(ref=begin(*facts, **how).ref, now=now, **HERE)

    return make


def halls():
    return {hall.name: hall for hall in Facility.objects.all()}


def test_nothing_is_written_before_it_is_carried_out(begin):
    before = list(Facility.objects.values())
    record = begin(a_row(), SCHOOL)
    preview = import_in_progress(record.ref, **HERE)
    assert [(one.row.name, one.chosen) for one in preview.offers] == [("東部会館", True), ("東小学校", False)]
    assert list(Facility.objects.values()) == before


def test_new_halls_are_not_open_and_wait_for_their_rules(take_in, now):
    record = take_in(a_row(), SCHOOL)
    (hall,), changed = halls_of_import(record)
    assert not changed
    assert (hall.name, hall.is_open, hall.key) == ("東部会館", False, "hall-132284000001")
    assert (hall.latitude, hall.longitude) == (Decimal("35.727100"), Decimal("139.310700"))
    assert (hall.opens, hall.closes, hall.barrier_free) == ("09:00", "21:30", "車いす用トイレ;エレベーター")
    assert hall.opendata_rest["備考"] == "駐車場,20台"
    assert hall.pk in halls_without_rules(now)
    assert "東小学校" not in halls()


def test_a_hall_is_known_by_its_name_and_keeps_it(take_in):
    before = Facility.objects.get(key="chuo-kominkan")
    record = take_in(KNOWN)
    hall = Facility.objects.get(key="chuo-kominkan")
    assert record.outcome == {"created": [], "changed": [hall.pk], "same": 0}
    assert (hall.name, hall.opendata_id, hall.is_open) == (before.name, "132284000003", True)
    assert hall.address == "東京都あきる野市二宮683"


def test_a_hall_the_rules_know_gets_their_key(take_in):
    Facility.objects.filter(key="chuo-kominkan").update(key="gone", name="別の館")
    record = take_in(KNOWN)
    (hall,), _changed = halls_of_import(record)
    assert (hall.key, hall.is_open) == ("chuo-kominkan", False)


def test_the_same_list_again_changes_nothing(take_in):
    take_in(a_row(), KNOWN)
    before = list(Facility.objects.values())
    again = take_in(a_row(), KNOWN, encoding="cp932")
    assert again.outcome == {"created": [], "changed": [], "same": 2}
    assert list(Facility.objects.values()) == before


def test_a_new_list_updates_by_id_and_never_empties(take_in):
    take_in(a_row())
    take_in(a_row(名称="東部会館ひがし", 電話番号="", 住所="", 説明="新しい"))
    hall = halls()["東部会館ひがし"]
    assert (hall.phone, hall.opendata_rest["説明"], hall.opendata_rest["備考"]) == (
        "042-550-0001",
        "新しい",
        "駐車場,20台",
    )
    assert "東部会館" not in halls()


def test_numbers_that_moved_follow_the_names(take_in):
    other = a_row(ID="132284000009", 名称="西会館", 所在地_連結表記="西1")
    take_in(a_row(), other)
    take_in(a_row(ID="132284000009"), {**other, "ID": "132284000001"})
    assert halls()["東部会館"].opendata_id == "132284000009"
    assert halls()["西会館"].opendata_id == "132284000001"
    assert halls()["西会館"].address == "西1"


def test_two_halls_of_one_name_are_told_apart_by_address(take_in):
    both = [a_row(ID="", 名称="集会所", 所在地_連結表記=place) for place in ("東1", "西1")]
    take_in(*both)
    again = take_in(*reversed(both))
    assert again.outcome == {"created": [], "changed": [], "same": 2}


def test_choices_are_kept_and_only_rows_that_were_shown_change(begin):
    record = begin(a_row(), SCHOOL, KNOWN)
    choose_rows(ref=record.ref, shown=[2, 3], picked=[3, 4, 99])
    preview = import_in_progress(record.ref, **HERE)
    assert [one.row.number for one in preview.chosen] == [3, 4]


def test_carried_out_once_it_is_done(begin, now):
    ref = begin(a_row()).ref
    first = carry_out(ref=ref, now=now, **HERE)
    Facility.objects.filter(name="東部会館").delete()
    assert carry_out(ref=ref, now=now, **HERE).outcome == first.outcome
    assert "東部会館" not in halls()
    with pytest.raises(ImportNotFound):
        choose_rows(ref=ref, shown=[2], picked=[])


def test_nothing_chosen_is_refused(begin, now):
    with pytest.raises(NothingChosen):
        carry_out(ref=begin(SCHOOL).ref, now=now, **HERE)


def test_an_import_can_be_dropped_and_old_ones_are_forgotten(begin, now):
    record = begin(a_row())
    drop_import(ref=record.ref)
    with pytest.raises(ImportNotFound):
        import_in_progress(record.ref, **HERE)
    with pytest.raises(ImportNotFound):
        carry_out(ref=uuid4(), now=now, **HERE)
    begin(a_row(), at=now.replace(year=2026))
    begin(a_row())
    assert HallImport.objects.count() == 1


def test_keys_are_free_and_fit_addresses(take_in):
    rows = [
        a_row(ID="", 名称=f"第{n}会館", 所在地_連結表記=str(n), 名称_英字="Hall & Co. ") for n in range(3)
    ]
    take_in(
        *rows,
        a_row(ID="../x", 名称="奇妙会館", 所在地_連結表記="x"),
        a_row(ID="", 名称="無番会館", 所在地_連結表記="y"),
    )
    keys = [halls()[name].key for name in ("第0会館", "第1会館", "第2会館", "奇妙会館", "無番会館")]
    assert keys == ["hall-co", "hall-co-1", "hall-co-2", "hall-x", "hall-1"]


def test_exported_file_is_as_the_standard_says(take_in):
    take_in(a_row(電話番号="+81-42-550-0001", 備考="=1+1"))
    data = facility_csv(list(Facility.objects.filter(name="東部会館")), **HERE)
    text = data.decode("utf-8")
    assert text.startswith("\ufeff全国地方公共団体コード,ID,地方公共団体名,名称,")
    assert text.count("\r\n") == 2
    assert ",'+81-42-550-0001," in text
    assert ",'=1+1\r\n" in text
    assert file_name("132284") == "132284_public_facility.csv"


def test_our_own_list_comes_back_without_a_change(take_in, now):
    take_in(a_row(電話番号="+81-42-550-0001", 備考="=1+1"), KNOWN)
    before = list(Facility.objects.values())
    data = facility_csv(list(Facility.objects.all()), **HERE)
    record = begin_import(data=data, file_name="own.csv", staff_id=None, now=now, **HERE)
    assert len(record.chosen) == len(before)
    done = carry_out(ref=record.ref, now=now, **HERE)
    assert done.outcome == {"created": [], "changed": [], "same": len(before)}
    assert list(Facility.objects.values()) == before


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20)
HALLS = st.builds(
    Facility,
    key=st.uuids().map(lambda one: f"k{one.hex[:12]}"),
    name=TEXT.filter(lambda text: text.strip(" \u3000")),
    name_kana=TEXT,
    name_en=TEXT,
    address=TEXT,
    phone=st.one_of(TEXT, st.from_regex(r"\A0[0-9]{1,3}-[0-9]{2,4}-[0-9]{4}\Z")),
    opendata_id=TEXT,
    postcode=st.from_regex(r"\A([0-9]{7})?\Z"),
    building=TEXT,
    opens=st.sampled_from(["", "09:00", "21:30"]),
    opening_note=TEXT,
    barrier_free=TEXT,
    opendata_rest=st.dictionaries(st.sampled_from(REST), TEXT, max_size=4),
)


@given(
    st.lists(HALLS, min_size=1, max_size=4, unique_by=lambda hall: hall.opendata_id or hall.key),
    st.floats(20, 46),
    st.floats(122, 154),
)
def test_exporting_and_importing_again_changes_nothing(found, north, east):
    for number, hall in enumerate(found, 1):
        hall.pk = number
    found[0].latitude, found[0].longitude = Decimal(f"{north:.6f}"), Decimal(f"{east:.6f}")
    reading = read_list(facility_csv(found, **HERE), **HERE)
    compared = compare(reading.taken, found, **HERE)
    for row in reading.taken:
        assert compared.changes(row) == {}
