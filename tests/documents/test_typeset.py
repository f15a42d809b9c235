"""Papers: what is said stands in them letter for letter, drawn as it is written, readable by machines."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pypdfium2
import pypdfium2.raw
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from frontend.documents import fonts
from frontend.documents.fonts import families, undrawn
from frontend.documents.official_words import official_clock, official_day, official_period
from frontend.documents.qr import qr_svg
from frontend.documents.typesetting import typeset

AT = datetime(2026, 12, 2, 3, tzinfo=UTC)
ADDRESS = "https://town.example.jp/verify/permit/abc/"


def said(**more):
    return {
        "title": "使用許可書",
        "number": "2026-000012",
        "number_line": "令和8年度 第12号",
        "issued": "令和8年12月2日",
        "to": "佐藤 花子",
        "issuer": "町長",
        "mark": "",
        "lead": "つぎのとおり、使用を許可します。",
        "rows": [["部屋", "ホール"]],
        "conditions": [],
        "instruction": ["不服があるとき。"],
        "qr": qr_svg(ADDRESS),
        "check": "確かめるページ",
        "address": ADDRESS,
        "footer": "町",
        **more,
    }


def read(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


def pixels(name):
    """The picture of the page's line that names whom it is for."""
    page = pypdfium2.PdfDocument(typeset("permit", said(to=name), at=AT))[0]
    return bytes(page.render(scale=3, crop=(0, 640, 300, 100)).buffer)


def test_rare_letters_are_drawn_in_the_form_they_are_written_in():
    assert pixels("葛") != pixels("葛\U000e0100")
    assert pixels("辻\U000e0100") != pixels("辻\U000e0101")
    assert pixels("𠮷") != pixels("吉")
    assert not undrawn("葛󠄀城 𠮷田 𣘺本 髙橋 﨑 德 瀨 Łukasz 김 简")


def test_the_text_can_be_read_and_copied_with_its_variants():
    text = read(typeset("permit", said(to="葛\U000e0100城 和子", rows=[["目的", "𣘺の会の練習"]]), at=AT))
    assert "葛\U000e0100城" in text
    assert "𣘺の会の練習" in text


def test_what_no_font_has_is_said_and_marked():
    found = undrawn("佐藤😀 邊\U000e010a")
    assert found.missing == ("😀",)
    assert found.usual_form == ("邊\U000e010a",)
    text = read(typeset("permit", said(to="佐藤😀"), at=AT))
    assert "佐藤〓" in text


def test_all_kanji_of_the_japanese_standard_can_be_drawn():
    kanji = [
        letter
        for lead in (b"", b"\x8f")
        for row in range(0xA1, 0xFF)
        for cell in range(0xA1, 0xFF)
        if len(letter := (lead + bytes([row, cell])).decode("euc_jis_2004", "ignore")) == 1
        and ("㐀" <= letter <= "鿿" or letter >= "𠀀")
    ]
    assert len(kanji) > 10_000
    assert not undrawn("".join(kanji))


def test_a_paper_is_tagged_for_screen_readers_and_names_itself():
    pdf = typeset("permit", said(), at=AT)
    document = pypdfium2.PdfDocument(pdf)
    assert b"pdfuaid" in pdf
    assert pypdfium2.raw.FPDFCatalog_IsTagged(document.raw)
    assert document.get_metadata_value("Title") == "使用許可書 2026-000012"


def test_the_same_content_gives_the_same_bytes():
    assert typeset("permit", said(), at=AT) == typeset("permit", said(), at=AT)


def test_a_long_purpose_goes_on_to_the_next_page():
    pdf = typeset("permit", said(rows=[["目的", "長い話" * 900]]), at=AT)
    assert len(pypdfium2.PdfDocument(pdf)) > 1


@trying(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_nobodys_text_is_a_command_or_breaks_the_paper(text):
    assert typeset("permit", said(to=text, rows=[["目的", text]], conditions=[text]), at=AT)


@pytest.mark.parametrize("text", ["#panic()", "$x$", "*太字*", "[a]", "\\", "#sys.inputs", "= 見出し", '"'])
def test_signs_of_the_template_language_are_just_signs(text):
    assert text in read(typeset("permit", said(to=text), at=AT))


def test_a_municipalitys_own_font_draws_the_forms_the_others_lack(settings, tmp_path):
    own = ttf_with_variant(tmp_path / "own.ttf", "町の明朝", "邊", "\U000e010a")
    before = pixels("邊\U000e010a")
    settings.DOCUMENT_FONTS = str(own.parent)
    fonts.fonts.cache_clear()
    try:
        assert families() == ("Noto Serif JP", "Libertinus Serif", "町の明朝", "Noto Sans CJK JP")
        assert not undrawn("邊\U000e010a")
        assert pixels("邊\U000e010a") != before
        assert pixels("辻\U000e0101") != pixels("辻\U000e0100")
    finally:
        fonts.fonts.cache_clear()


def ttf_with_variant(path, family, letter, selector):
    """A font that has one letter, drawn as a full square in one variant."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "usual", "variant"])
    builder.setupCharacterMap({ord(letter): "usual"}, uvs=[(ord(letter), ord(selector), "variant")])
    glyphs = {}
    for name, high in ((".notdef", 0), ("usual", 100), ("variant", 800)):
        pen = TTGlyphPen(None)
        if high:
            pen.moveTo((100, 0))
            for corner in ((100, high), (900, high), (900, 0)):
                pen.lineTo(corner)
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": "Own-Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def test_days_and_hours_stand_as_papers_write_them():
    assert official_day(date(2026, 12, 2), weekday=True) == "令和8年12月2日（水曜日）"
    assert official_day(date(2019, 5, 1)) == "令和元年5月1日"
    assert official_day(date(2019, 4, 30)) == "平成31年4月30日"
    nine, noon = datetime(2026, 12, 2, 9, 30), datetime(2026, 12, 2, 12)
    assert official_period(nine, noon) == "令和8年12月2日（水曜日）午前9時30分から正午まで"
    assert official_clock(datetime(2026, 12, 2, 0, 0)) == "午前0時"
    late = datetime(2026, 12, 3, 1)
    assert (
        official_period(noon, late) == "令和8年12月2日（水曜日）正午から令和8年12月3日（木曜日）午前1時まで"
    )
