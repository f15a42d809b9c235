"""Files for the accounting system: the columns somebody saved, in the encoding it reads, and never a formula."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.console.treasury.files import csv_bytes, xlsx_bytes
from payments.errors import BadLayout, NoSuchLayout
from payments.models import LedgerEntry
from payments.services import collect_cash, reduce_charge, refund_cash
from payments.treasury.exports import (
    FIELDS,
    Column,
    drop_layout,
    export_rows,
    layout_of,
    save_layout,
    write_day,
)
from tests.treasury.test_sum_up import SYSTEM

WORDS = {"kind": {"collected": "収納"}, "way": {"desk_cash": "現金"}, "budget": {"revenue": "歳入"}}
DAYS = {"first": date(2027, 5, 1), "last": date(2027, 5, 31)}
NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture
def save(city):
    def make(columns=("date", "kind", "way", "yen"), layout_id=None, **facts):
        given = {
            "name": "財務",
            "rows": "entries",
            "file_format": "csv",
            "encoding": "utf-8-sig",
            "date_style": "iso",
            "with_heading": True,
            "columns": [one if isinstance(one, Column) else Column(one, one) for one in columns],
        }
        return save_layout(layout_id=layout_id, **{**given, **facts})

    return make


@pytest.fixture
def paid(charge, hana, now):
    subject = charge(800)
    collect_cash(subject=subject, yen=800, staff_id=hana.id, now=now)
    reduce_charge(subject=subject, to_yen=300, reason="減額", actor=SYSTEM, now=now)
    refund_cash(subject=subject, staff_id=hana.id, now=now)


def rows_of(layout, **days):
    return list(export_rows(layout, words=WORDS, **{**DAYS, **days}))


class TestRows:
    def test_entries_one_by_one_under_their_headings(self, save, paid):
        heading = Column("fixed", "区分", "01")
        layout = save(["date", "kind", "way", "signed_yen", "payer", heading])
        assert rows_of(layout) == [
            ["date", "kind", "way", "signed_yen", "payer", "区分"],
            ["2027-05-10", "assessed", "", 800, "佐藤 花子", "01"],
            ["2027-05-10", "収納", "現金", 800, "佐藤 花子", "01"],
            ["2027-05-10", "reduced", "", -500, "佐藤 花子", "01"],
            ["2027-05-10", "refund_decided", "", -500, "佐藤 花子", "01"],
            ["2027-05-10", "refunded", "現金", -500, "佐藤 花子", "01"],
        ]

    def test_every_field_can_be_a_column(self, save, paid):
        (first, *_rest) = rows_of(save(FIELDS, with_heading=False))
        assert len(first) == len(FIELDS)
        assert dict(zip(FIELDS, first, strict=True))["account"] == "一般会計"

    def test_sums_of_days_and_months(self, save, paid, charge, hana, now, hall):
        collect_cash(subject=charge(100), yen=100, staff_id=hana.id, now=now)
        columns = ["date", "facility", "kind", "count", "yen"]
        facts = {"kinds": ["collected"], "with_heading": False}
        assert rows_of(save(columns, rows="days", **facts)) == [["2027-05-10", hall.name, "収納", 2, 900]]
        monthly = save(columns, rows="months", name="月", **facts)
        assert rows_of(monthly) == [["2027-05-01", hall.name, "収納", 2, 900]]

    def test_only_the_days_and_kinds_asked_for(self, save, paid):
        layout = save(kinds=["refunded", "reduced"], with_heading=False)
        assert [row[1] for row in rows_of(layout)] == ["reduced", "refunded"]
        assert rows_of(layout, last=date(2027, 5, 9)) == []

    def test_a_long_file_comes_in_batches(self, save, paid, monkeypatch):
        monkeypatch.setattr("payments.treasury.exports._BATCH", 2)
        assert len(rows_of(save(with_heading=False))) == LedgerEntry.objects.count() == 5

    def test_the_file_adds_up_to_the_ledger(self, save, paid):
        signed = sum(row[0] for row in rows_of(save(["signed_yen"], with_heading=False, name="a")))
        monthly = save(["signed_yen"], rows="months", with_heading=False, name="b")
        assert signed == sum(row[0] for row in rows_of(monthly)) == 800 + 800 - 500 * 3

    @pytest.mark.parametrize(
        ("style", "text"),
        [("iso", "2027-05-10"), ("slash", "2027/05/10"), ("plain", "20270510"), ("era", "R09.05.10")],
    )
    def test_days_are_written_as_the_system_wants(self, style, text):
        assert write_day(date(2027, 5, 10), style) == text


class TestLayouts:
    def test_they_are_saved_changed_and_dropped(self, save):
        layout = save()
        save(layout_id=layout.pk, name="新しい", encoding="cp932")
        assert (layout_of(layout.pk).name, layout_of(layout.pk).encoding) == ("新しい", "cp932")
        drop_layout(layout_id=layout.pk)
        with pytest.raises(NoSuchLayout):
            layout_of(layout.pk)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"columns": []},
            {"columns": ["nothing"]},
            {"columns": ["payer"], "rows": "days"},
            {"columns": ["yen"] * 31},
            {"name": "  "},
            {"encoding": "utf-7"},
            {"rows": "years"},
            {"kinds": ["gift"]},
            {"file_format": "exe"},
            {"date_style": "roman"},
        ],
    )
    def test_what_cannot_be_is_refused(self, save, wrong):
        with pytest.raises(BadLayout):
            save(**wrong)

    def test_two_do_not_have_one_name(self, save):
        save()
        with pytest.raises(BadLayout):
            save()


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
    def test_it_reads_back_in_its_encoding(self, encoding):
        body = csv_bytes([["名前", 1], ["髙橋 〜−", -2]], encoding)
        text = body.decode(encoding)
        assert text.startswith("名前,1\r\n髙橋 ")
        assert body.startswith(b"\xef\xbb\xbf") is (encoding == "utf-8-sig")

    def test_letters_shift_jis_does_not_have(self):
        assert csv_bytes([["𠮷野〜"]], "cp932").decode("cp932") == "〓野～\r\n"

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
    def test_text_is_never_a_formula(self, text):
        assert csv_bytes([[text]], "utf-8").decode().lstrip('"').startswith("'")

    @given(st.text(), st.sampled_from(["utf-8", "utf-8-sig", "cp932"]))
    def test_any_text_can_be_written(self, text, encoding):
        text = text.encode("utf-8", "ignore").decode()
        assert csv_bytes([[text]], encoding).endswith(b"\n")


class TestXlsx:
    def cells(self, body):
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            strings = ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
            texts = ["".join(one.itertext()) for one in strings.findall("x:si", NS)]
            sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
        found = []
        for cell in sheet.iterfind(".//x:c", NS):
            value = cell.find("x:v", NS).text
            found.append(texts[int(value)] if cell.get("t") == "s" else int(value))
            assert cell.find("x:f", NS) is None
        return found

    def test_numbers_are_numbers_and_text_is_text(self):
        body = xlsx_bytes([["科目", "円"], ["𠮷野", -300]], sheet="2027")
        assert self.cells(body) == ["科目", "円", "𠮷野", -300]

    @pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+1", "{=1}"])
    def test_text_is_never_a_formula_nor_changed(self, text):
        assert self.cells(xlsx_bytes([[text]], sheet="1")) == [text]
