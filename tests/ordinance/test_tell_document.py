"""`tell`: a document in plain sentences and tables in both languages, with nothing left out."""

from __future__ import annotations

import re

import pytest
from pydantic import Field

from facilities.ordinance import parse
from facilities.ordinance.document.cancellation_clauses import CancellationTerms, Refund
from facilities.ordinance.document.clauses import Part
from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling import Sentence, Table, tell
from facilities.ordinance.telling.figures import WEEKDAYS
from facilities.ordinance.telling.fixed_words import fixed_word
from facilities.ordinance.telling.labels import label
from facilities.ordinance.telling.naming import KNOWN
from facilities.ordinance.telling.writing import lines_of

from .edits import at, every_edit, fixed_words, kinds_of, parts_of, replaced


def text_of(document, language="ja"):
    return "\n".join(lines_of(tell(document), language))


def texts_of(document):
    chapters = tell(document)
    return ["\n".join(lines_of(chapters, language)) for language in ("ja", "en")]


def sentences_of(document):
    parts = [part for chapter in tell(document) for section in chapter.sections for part in section.parts]
    rows = [row for part in parts if isinstance(part, Table) for row in part.rows]
    return [part for part in parts if isinstance(part, Sentence)], rows


def chapter_of(document, key):
    return "\n".join(lines_of(one for one in tell(document) if one.key == key))


def test_every_amount_of_every_example_is_told(documents):
    for name, document in documents.items():
        text = text_of(document)
        for path, part in parts_of(document):
            for field in type(part).model_fields:
                value = getattr(part, field)
                amounts = value.values() if field == "yen_per_slot" and value else [value]
                for amount in amounts:
                    if (
                        field.startswith("yen")
                        and isinstance(amount, int)
                        and (amount or field != "less_yen")
                    ):
                        assert f"{amount:,}円" in text, (name, path, field)


def test_every_name_article_and_note_of_every_example_is_told(documents):
    for name, document in documents.items():
        text = text_of(document)
        for path, part in parts_of(document):
            for field in ("name", "article", "note", "name_kana", "address", "phone"):
                value = getattr(part, field, None)
                if value:
                    assert str(value).replace("|", "/").replace("{n}", "") in text.replace("○", ""), (
                        name,
                        path,
                    )


def test_whatever_a_document_can_say_leaves_a_trace_in_both_languages(documents):
    before, untold = {}, []
    for what, document, path, value in every_edit(documents):
        if id(document) not in before:
            before[id(document)] = texts_of(document)
        told = zip(("ja", "en"), before[id(document)], texts_of(replaced(document, path, value)), strict=True)
        name_en = getattr(at(document, path[:-1]), f"{path[-1]}_en", None)
        for language, old, new in told:
            elsewhere = what.endswith("_en") if language == "ja" else name_en
            if old == new and not elsewhere:
                untold.append(f"{what} in {language}")
    assert not untold, "\n".join(untold)


class RefundWithMore(Refund):
    """What a later version of the clauses may look like."""

    stamps_needed: int | None = Field(default=None)


def test_a_field_nobody_has_written_a_sentence_for_is_told_with_its_value(small):
    document = parse(small)
    refund = RefundWithMore(percent=50, causes=("own",), stamps_needed=31)
    terms = CancellationTerms(deadline=document.cancellations["ladder"].deadline, refunds=(refund,))
    text = text_of(document.model_copy(update={"cancellations": {"ladder": terms}}))
    assert "stamps_needed: 31" in text


def test_the_path_of_every_sentence_and_row_leads_to_what_it_tells(documents):
    for document in documents.values():
        sentences, rows = sentences_of(document)
        for one in [*sentences, *rows]:
            at(document, one.path)
            if one.article:
                assert isinstance(at(document, one.path), Part)


def test_an_article_stands_beside_its_rule(documents):
    sentences, _ = sentences_of(documents["miki"])
    found = next(one for one in sentences if one.path == ("calendars", "bunka-kaikan", "closures", 0))
    assert found.article == "第3条の2"
    assert found.ja == (
        "火曜休館: 火曜日は休館です。祝日に当たるときは、その翌日が代わりに休館です。"
        "その日が国民の祝日に当たるときは、さらに次の日へ移ります。"
    )


def test_what_was_assumed_is_marked_and_listed(documents):
    text = chapter_of(documents["akiruno"], "assumed")
    assert "年末年始に休むことは出典にあるが、日付は見えない。" in text


def test_prices_by_slot_are_a_table_of_rooms_and_slots(documents):
    text = chapter_of(documents["hokota"], "hall-hokota-chuo")
    assert "| 部屋 | 午前 9:00〜13:00 | 午後 13:00〜17:00 | 夜 17:00〜22:00 | 1日 9:00〜22:00 |" in text
    assert "| 大集会室 | 1,050円 | 1,050円 | 1,570円 | 2,620円 | [別表第1]" in text


def test_prices_by_case_are_a_table_with_a_row_for_each_case(documents):
    halls = tell(documents["yamanashi"])
    tables = [
        part
        for chapter in halls
        if chapter.key == "hall-hanakage"
        for section in chapter.sections
        for part in section.parts
        if isinstance(part, Table) and part.caption_ja == "使用料"
    ]
    first, second = tables[0].rows[:2]
    assert [cell.ja for cell in first.cells[:3]] == ["ホール", "土曜日・日曜日・祝日の利用", "9,420円"]
    assert first.cells[0].rows == 2, "the room's name reaches over its cases"
    assert [cell.ja for cell in second.cells[:2]] == ["そのほか", "7,330円"]


@pytest.mark.parametrize(
    ("written", "ja", "en"),
    [
        (
            "{months_before: 2, day: month_start, at: '09:00'}",
            "2か月前の月の初日 9時から",
            "the first day of the month",
        ),
        ("{months_before: 1}", "1か月前の同じ日から", "from the same day 1 month before"),
        ("{days_before: 30, at: '09:30'}", "30日前 9時30分から", "from 30 days before at 09:30"),
        (
            "{each_year: 10-01, years_before: 1}",
            "利用日の前の10月1日の1年前から",
            "from the last 1 October before the use less 1 year",
        ),
        (
            "{months_before: 3, on: {weekdays: [sun], nth: [1]}, if_closed: next}",
            "3か月前の月の最初の第1日曜日から（休館日のときは次の開館日）",
            "if closed, the next open day",
        ),
    ],
)
def test_moments_are_said_as_people_say_them(small, written, ja, en):
    document = parse(small.replace('{months_before: 2, at: "09:00"}', written.replace("'", '"')))
    assert ja in chapter_of(document, "applications-open")
    assert en in text_of(document, "en")


@pytest.mark.parametrize(
    ("days", "ja"),
    [
        (
            "{weekdays: [mon, tue, wed, thu, fri], unless: {holidays: [any]}}",
            "月曜日から金曜日（祝日を除く）",
        ),
        ("[{weekdays: [sat, sun]}, {holidays: [any]}]", "土曜日・日曜日・祝日"),
        ("{weekdays: [tue], nth: [1, 3, -1]}", "第1火曜日・第3火曜日・最後の火曜日"),
        ("{dates: [12-28..01-04]}", "12月28日から翌年1月4日まで"),
        ("{months: [11, 12, 1, 7]}", "11月から1月・7月"),
        ("{day_after: {holidays: [national]}}", "国民の祝日の翌日"),
        ("{month_days: [-1]}", "末日"),
    ],
)
def test_days_are_said_as_people_say_them(small, days, ja):
    document = parse(small.replace("{weekdays: [mon]}", days))
    assert f"{ja}は休館です。" in chapter_of(document, "calendars-hall")


def test_cases_are_said_with_the_names_of_the_document(documents):
    text = text_of(documents["inzai"])
    assert "入場料が1,000円以上2,999円以下" in text
    assert "営利（目的が営利、販売行為・私塾経営等とみなされる場合）は、10割を加えます。" in text


def test_no_english_sentence_ends_in_japanese(documents):
    for document in documents.values():
        sentences, _ = sentences_of(document)
        for one in sentences:
            assert not re.search(r"(です|ます)。", one.en) or one.en in (one.note, one.ja), one.en


def test_every_field_and_every_fixed_word_has_a_name_people_know():
    unnamed = []
    for kind in kinds_of(Ordinance):
        for field, info in kind.model_fields.items():
            if label(field, kind).ja == field:
                unnamed.append(f"{kind.__name__}.{field}")
            for word in fixed_words(info.annotation):
                known = fixed_word(field, word) or KNOWN.get(word) or WEEKDAYS.get(word)
                unnamed += [] if known else [f"{kind.__name__}.{field}: {word}"]
    assert not unnamed, "say in telling/labels.py what these are called"
