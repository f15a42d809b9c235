"""Mistakes in a document are answered with line, field and reason, in Japanese; nothing else is raised."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import InvalidDocument, Ordinance, parse, write


def problems_of(text):
    with pytest.raises(InvalidDocument) as caught:
        parse(text)
    return caught.value.problems


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


MISTAKES = [
    # (what is written, the mistake put in its place, field, a piece of the reason)
    ("capacity: 9", "capasity: 9", "facilities[0].rooms[0].capasity", "「capacity」のことですか"),
    ("yen_per_hour: 1530", 'yen_per_hour: "1530"', "facilities[0].rooms[0].fee.yen_per_hour", "整数で"),
    ("yen_per_hour: 1530", "yen_per_hour: 1530円", "facilities[0].rooms[0].fee.yen_per_hour", "整数で"),
    ("yen_per_hour: 1530", "yen_per_hour: -5", "facilities[0].rooms[0].fee.yen_per_hour", "0以上"),
    ('usual: "09:00-22:00"', 'usual: "09:00-73:00"', "calendars.hall.hours.usual[0]", "72:00 まで"),
    ('usual: "09:00-22:00"', 'usual: "9時から22時"', "calendars.hall.hours.usual[0]", "09:00-22:00 の形"),
    ('usual: "09:00-22:00"', 'usual: "22:00-09:00"', "calendars.hall.hours.usual[0]", "後にしてください"),
    ('"13:00-17:00"', '"11:00-17:00"', "times.koma.slots[1].time", "「午前」と時間が重なって"),
    (
        "percent: 50, of: big",
        "percent: 50, of: huge",
        "facilities[0].rooms[1].fee.of",
        "「huge」はこの文書にありません",
    ),
    (
        "percent: 50, of: big",
        "percent: 50, of: half",
        "facilities[0].rooms[1].fee.of",
        "「half」はこの文書に",
    ),
    ("percent: 50, of: big", "percent: 50, of: koma", "facilities[0].rooms[1].fee.of", "区切りが同じ部屋"),
    ("percent: 50, of: big", "percent: 50", "facilities[0].rooms[1].fee", "どれか一つ"),
    ("night: 1600, ", "", "facilities[0].rooms[2].fee.yen_per_slot", "「夜間」(night) の額がありません"),
    (
        "night: 1600",
        "night: 1600, nite: 5",
        "facilities[0].rooms[2].fee.yen_per_slot.nite",
        "「nite」はこの文書に",
    ),
    ("effective_from: 2027-04-01", "effective_from: 2027-02-30", "effective_from", "存在する日付"),
    ("effective_from: 2027-04-01", "effective_from: 令和9年4月1日", "effective_from", "2027-04-01 の形"),
    (
        "{weekdays: [mon]}",
        "{weekdays: [monday]}",
        "calendars.hall.closures[0].days[0].weekdays[0]",
        "使えるのは",
    ),
    ("{weekdays: [mon]}", "{dates: [02-30]}", "calendars.hall.closures[0].days[0].dates[0]", "存在しません"),
    ("{weekdays: [mon]}", "{nth: [1]}", "calendars.hall.closures[0].days[0].nth", "weekdays と一緒に"),
    ("{weekdays: [mon]}", "{}", "calendars.hall.closures[0].days[0]", "どの日か"),
    ("calendar: hall", "calendar: main", "facilities[0].calendar", "「main」はこの文書にありません"),
    ("    calendar: hall\n", "", "facilities[0].calendar", "必要です"),
    ("who: [general]", "who: [member]", "applications.open.windows[0].who", "「member」はこの文書に"),
    ("causes: [city]", "causes: [rain]", "cancellations.ladder.refunds[0].causes", "「rain」はこの文書に"),
    ("percent: 100,", "", "cancellations.ladder.refunds[0]", "どれか一つ"),
    (
        "percent: 100,",
        "percent: 50%,",
        "cancellations.ladder.refunds[0].percent",
        "「%」・コンマは付けません",
    ),
    (
        "percent: 100,",
        "percent: 100, when: {slot: am},",
        "cancellations.ladder.refunds[0].when[0].slot",
        "ここでは「slot」は分かりません",
    ),
    (
        "fee: {yen_per_hour: 1530}",
        "fee: {table: [{when: {days_since_booking: 1}, yen: 5}]}",
        "facilities[0].rooms[0].fee.table[0].when[0].days_since_booking",
        "ここでは",
    ),
    ("key: koma, name: 室", "key: half, name: 室", "facilities[0].rooms[2].key", "二度使われて"),
    ("key: half,", "key: 半面,", "facilities[0].rooms[1].key", "半角の英小文字"),
    ('lg_code: "999997"', "lg_code: 999997", "municipality.lg_code", "引用符で囲み"),
    ('lg_code: "999997"', 'lg_code: "99999"', "municipality.lg_code", "数字6けた"),
    ("minimum: 60", "minimum: 45", "times.hourly.hours.minimum", "step の倍数"),
    ("maximum: 240", "maximum: 30", "times.hourly.hours.maximum", "minimum より短く"),
    ("combines: [am, pm]", "combines: [am, noon]", "times.koma.slots[3].combines", "「noon」はこの文書に"),
    ("combines: [am, pm]", "combines: [am, night]", "times.koma.slots[3].time", "合いません"),
    ("{days_before: 3}", "{}", "applications.open.windows[0].closes", "どれか一つ"),
    ("spaces: [a, b]", "spaces: [a, a]", "facilities[0].rooms[0].spaces", "二度書かれて"),
    (
        "rounding: {unit: 10, mode: down}",
        "rounding: {unit: 10, mode: down, assumed: true}",
        "rounding.assumed",
        "note",
    ),
    ("format: 1", "format: 2", "format", "使えるのは 1"),
    ("format: 1", "timezone: Asia/Tokio\nformat: 1", "timezone", "時間帯の名前"),
]


@pytest.mark.parametrize(("right", "wrong", "field", "reason"), MISTAKES)
def test_a_mistake_is_answered_with_its_line_field_and_reason(small, right, wrong, field, reason):
    assert small.count(right) >= 1
    text = small.replace(right, wrong, 1)
    found = problems_of(text)
    assert [problem.field for problem in found] == [field]
    assert reason in found[0].reason_ja
    assert found[0].reason_en
    assert found[0].line == (line_of(text, wrong) if wrong else found[0].line)


def test_a_price_that_gives_a_part_of_a_yen_is_shown_at_the_price(small):
    (problem,) = problems_of(small.replace("counts_as: 60", "counts_as: 7"))
    assert problem.line == line_of(small, "yen_per_hour: 1530")
    assert "整数になりません" in problem.reason_ja


def test_a_document_without_a_facility_is_refused(small):
    (problem,) = problems_of(small[: small.index("facilities:")] + "facilities: []\n")
    assert problem.field == "facilities"


def test_a_missing_field_is_shown_at_the_line_of_what_should_hold_it(small):
    (problem,) = problems_of(small.replace("    calendar: hall\n", ""))
    assert problem.line == line_of(small, "- key: hall")


def test_every_mistake_is_listed_in_order_of_lines(small):
    text = small.replace("unit: 10", "unit: ten").replace('usual: "09:00-22:00"', "usual: all day")
    assert [problem.field for problem in problems_of(text)] == [
        "calendars.hall.hours.usual[0]",
        "rounding.unit",
    ]


def test_a_tab_is_named(small):
    text = small.replace("    hours:\n      usual", "    hours:\n\tusual")
    (problem,) = problems_of(text)
    assert problem.line == line_of(text, "\tusual")
    assert "タブ" in problem.reason_ja


def test_a_field_written_twice_is_named(small):
    text = small.replace("    name: 見本会館\n", "    name: 見本会館\n    name: 別の会館\n")
    (problem,) = problems_of(text)
    assert problem.line == line_of(text, "    name: 別の会館")
    assert "「name」が二度" in problem.reason_ja


def test_a_room_written_twice_in_a_price_list_is_named(small):
    (problem,) = problems_of(small.replace("pm: 1300", "pm: 1300, am: 1100"))
    assert "「am」が二度" in problem.reason_ja


def test_an_unclosed_quote_is_answered_in_japanese(small):
    (problem,) = problems_of(small.replace('"13:00-17:00"', '"13:00-17:00'))
    assert problem.line >= line_of(small, "13:00-17:00")
    assert "引用符" in problem.reason_ja


@pytest.mark.parametrize(
    "text", ["", "# 何もない", "- a", "文章です", "a: {b: [", "\x00", "!!set {a, b}", "a: !x 1", "? [a]\n: b"]
)
def test_what_is_no_document_is_refused(text):
    assert problems_of(text)


def test_a_very_large_text_is_refused():
    assert "大きすぎ" in problems_of("#" * 1_000_001)[0].reason_ja


def test_deep_nesting_is_refused():
    assert problems_of("a: " + "[" * 5000 + "]" * 5000)


def test_anchors_that_multiply_are_refused(small):
    bomb = "cases:\n  - &a0 [1,1,1,1,1,1,1,1,1,1]\n"
    bomb += "".join(f"  - &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    assert "多すぎ" in problems_of(small + bomb)[0].reason_ja


def test_an_anchor_may_be_used_twice(documents):
    aoyama, shijimi = documents["miki"].facilities[:2]
    assert aoyama.prohibited == shijimi.prohibited != ()


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(small):
    assert parse("\ufeff" + small.replace("\n", "\r\n")) == parse(small)


@pytest.mark.parametrize("name", ["akiruno", "hokota", "miki"])
def test_a_document_written_and_read_again_is_the_same(documents, name):
    assert parse(write(documents[name])) == documents[name]


def test_rare_kanji_and_emoji_in_names_survive(small):
    text = small.replace("見本会館", "葛󠄀城𠮷会館🏛")
    document = parse(text)
    assert document.facilities[0].name == "葛󠄀城𠮷会館🏛"
    assert parse(write(document)) == document


def test_the_schema_can_be_published():
    schema = Ordinance.model_json_schema()
    assert schema["additionalProperties"] is False
    assert {"facilities", "calendars", "rounding"} <= set(schema["required"])


def test_nothing_assumed_claims_an_article(documents):
    for document in documents.values():
        assumed = [
            one for one in document.applications.values() if any(window.assumed for window in one.windows)
        ]
        assert all(
            window.note and not window.article for one in assumed for window in one.windows if window.assumed
        )


@given(st.data())
def test_a_damaged_document_is_answered_or_read_but_never_breaks(small, data):
    text = list(small)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at] = data.draw(
            st.sampled_from(
                [
                    "",
                    "\t",
                    "\n",
                    ":",
                    "{",
                    "[",
                    "-",
                    '"',
                    "'",
                    "&a",
                    "*a",
                    "!",
                    "1",
                    "あ",
                    "#",
                    "%",
                    "?",
                    "|",
                    "\x07",
                    "~",
                    "<<: ",
                ]
            )
        )
    with contextlib.suppress(InvalidDocument):
        parse("".join(text))


@given(st.text(max_size=200))
def test_any_text_is_refused_with_a_reason(text):
    assert problems_of(text)


def test_a_comma_in_an_amount_is_told_as_such(small):
    found = problems_of(small.replace("am: 1000,", "am: 1,000,", 1))
    assert found[0].field == "facilities[0].rooms[2].fee.yen_per_slot.000"
    assert "コンマなら、取ってください" in found[0].reason_ja
