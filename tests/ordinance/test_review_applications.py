"""Review: which applications staff look at before they are permitted, and which are permitted at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import (
    InvalidDocument,
    compile_rules,
    needs_review,
    parse,
    permit_terms,
    reviews_of,
)
from facilities.ordinance.telling import tell

ZONE = ZoneInfo("Asia/Tokyo")
NOW = datetime(2027, 5, 1, 12, tzinfo=ZONE)
WEDNESDAY, SATURDAY = date(2027, 6, 16), date(2027, 6, 19)
WEEKDAYS = "{days: {weekdays: [mon, tue, wed, thu, fri]}, within: '09:00-17:00'}"
EXCEPT_WEEKDAYS = f"{{name: 平日の昼間のほか, when: {{room: big}}, unless: {WEEKDAYS}}}"
LONG = "{name: 長い利用, when: {minutes: 181..}, decided_within_days: 7}"
CROWD = (
    "{name: 大人数, name_en: Many people, when: {headcount: 50..}, decided_within_days: 3, article: 第5条}"
)


def with_reviews(small, *reviews, permit=""):
    more = f"    reviews: [{', '.join(reviews)}]\n" if reviews else ""
    more += f"    permit: {permit}\n" if permit else ""
    head, tail = small.split("cancellations:\n", 1)
    return parse(f"{head}{more}cancellations:\n{tail}")


def ask(document, day=WEDNESDAY, starts=540, ends=660, room="big", **more):
    return needs_review(
        compile_rules(document),
        facility="hall",
        room=room,
        day=day,
        starts=starts,
        ends=ends,
        applicant_class="general",
        channel="web",
        now=NOW,
        **more,
    )


def test_nothing_is_reviewed_where_the_document_says_nothing(small):
    answer = ask(parse(small))
    assert not answer.needed
    assert answer.reasons == ()
    assert answer.decide_by is None


def test_the_same_room_is_automatic_on_weekday_hours_and_reviewed_otherwise(small):
    document = with_reviews(small, EXCEPT_WEEKDAYS)
    assert not ask(document, WEDNESDAY, 540, 1020).needed
    assert ask(document, WEDNESDAY, 960, 1080).needed
    assert ask(document, SATURDAY, 540, 660).needed
    assert not ask(document, SATURDAY, 540, 660, room="half").needed


def test_a_time_of_several_slots_is_reviewed_for_one_of_them(small):
    document = with_reviews(small, "{name: 午後, when: {slot: pm}}")
    assert not ask(document, starts=540, ends=720, room="koma").needed
    assert ask(document, starts=540, ends=1020, room="koma").needed
    nearly = with_reviews(small, "{name: 午前のほか, when: {room: koma}, unless: {slot: am}}")
    assert not ask(nearly, starts=540, ends=720, room="koma").needed
    assert ask(nearly, starts=780, ends=1020, room="koma").needed


def test_the_answer_names_every_case_and_the_earliest_day(small):
    answer = ask(with_reviews(small, LONG, CROWD), starts=540, ends=780, headcount=60)
    assert [one.sentence() for one in answer.reasons] == [
        "審査があります: 長い利用。",
        "審査があります: 大人数。",
    ]
    assert answer.reasons[1].sentence("en") == "Reviewed before it is permitted: Many people."
    assert answer.reasons[1].article == "第5条"
    assert answer.decide_by == date(2027, 5, 4)


def test_what_can_concern_a_room_is_known_beforehand(small):
    rules = compile_rules(with_reviews(small, EXCEPT_WEEKDAYS, LONG))
    assert [one.name for one in reviews_of(rules, facility="hall", room="big")] == [
        "平日の昼間のほか",
        "長い利用",
    ]
    assert [one.name for one in reviews_of(rules, facility="hall", room="half")] == ["長い利用"]


def test_permits_are_only_for_what_was_reviewed_unless_the_document_says_so(small):
    assert permit_terms(compile_rules(parse(small)), facility="hall", room="big").given == "reviewed"
    document = with_reviews(small, permit="{title: 利用承認書, issuer: 市長, conditions: [{name: 火気厳禁}]}")
    terms = permit_terms(compile_rules(document), facility="hall", room="big")
    assert (terms.title, terms.issuer, terms.given) == ("利用承認書", "市長", "every")
    assert [one.name for one in terms.conditions] == ["火気厳禁"]


def test_a_condition_that_is_never_known_is_a_mistake(small):
    with pytest.raises(InvalidDocument, match="paid"):
        with_reviews(small, "{name: 払った人, when: {paid: 04-01..05-01}}")


def test_the_rules_are_told_in_both_languages(small):
    document = with_reviews(small, CROWD, permit="{issuer: 市長, issuer_en: the Mayor, given: reviewed}")
    told = [
        part
        for chapter in tell(document)
        for section in chapter.sections
        for part in section.parts
        if "reviews" in part.path or "permit" in part.path
    ]
    assert [one.ja for one in told] == [
        "大人数。（審査するのは: 利用が50人以上）申込みから3日以内に決めます。",
        "審査をした利用に、使用許可書を出します。許可する人: 市長。",
    ]
    assert told[1].en == "What was reviewed is given a permit (Permit of Use). Issued by the Mayor."


TIMES = st.tuples(
    st.dates(date(2027, 5, 10), date(2027, 9, 30)),
    st.integers(18, 40),
    st.integers(2, 8),
    st.integers(1, 120),
)


@given(TIMES)
def test_every_time_is_reviewed_exactly_when_one_of_its_cases_holds(small, wanted):
    day, first, length, people = wanted
    starts, ends = 30 * first, 30 * (first + length)
    expected = []
    if not (day.weekday() < 5 and starts >= 540 and ends <= 1020):
        expected.append("平日の昼間のほか")
    if ends - starts > 180:
        expected.append("長い利用")
    if people >= 50:
        expected.append("大人数")
    answer = ask(with_reviews(small, EXCEPT_WEEKDAYS, LONG, CROWD), day, starts, ends, headcount=people)
    assert [one.params["name"] for one in answer.reasons] == expected
    assert answer.needed == bool(expected)
    within = [days for name, days in (("長い利用", 7), ("大人数", 3)) if name in expected]
    assert answer.decide_by == (min(NOW.date() + timedelta(days=min(within)), day) if within else None)


@given(TIMES)
def test_one_more_case_never_makes_a_review_unnecessary(small, wanted):
    day, first, length, people = wanted
    asked = {"day": day, "starts": 30 * first, "ends": 30 * (first + length), "headcount": people}
    fewer, more = with_reviews(small, LONG), with_reviews(small, CROWD, LONG)
    assert ask(more, **asked).needed >= ask(fewer, **asked).needed
