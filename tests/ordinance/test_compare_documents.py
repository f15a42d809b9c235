"""`compare`: what differs between two documents, in sentences of both languages, matched by keys rather than places."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import parse, write
from facilities.ordinance.document.clauses import Part
from facilities.ordinance.telling import compare
from facilities.ordinance.telling.naming import names_of
from facilities.ordinance.telling.saying import say_field

from .conftest import EXAMPLES, SMALL, read
from .edits import at, every_edit, parts_of, replaced

NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))


def changed(old, new, text=SMALL):
    assert old in text
    return compare(parse(text), parse(text.replace(old, new, 1)))


def only(found):
    assert len(found) == 1, [one.ja for one in found]
    return found[0]


def test_a_document_does_not_differ_from_itself(documents):
    for document in documents.values():
        assert compare(document, document) == ()
        assert compare(document, parse(write(document))) == ()


def test_a_price_is_named_with_its_hall_room_slot_old_and_new_amount_and_article(documents):
    text = read("hokota")
    found = only(changed("am: 1050", "am: 1150", text))
    assert found.kind == "changed"
    assert found.ja == "鉾田中央公民館 › 大集会室 › 使用料 › 午前: 1,050円 → 1,150円（別表第1）"
    assert found.en.endswith("Morning: 1,050 yen → 1,150 yen (別表第1)")
    assert found.path == ("facilities", 0, "rooms", 0, "fee", "yen_per_slot", "am")


@pytest.mark.parametrize(
    ("old", "new", "kind", "ja"),
    [
        (
            "- {key: monday, name: 月曜日, days: {weekdays: [mon]}}",
            "[]",
            "removed",
            "開館時間と休館日 › 休館日 › 月曜日がなくなります。これまで: 月曜日は休館です。",
        ),
        (
            'opens: {months_before: 2, at: "09:00"}',
            'opens: {months_before: 3, at: "09:00"}',
            "changed",
            "申込み › 申込みの期間 › 一般、インターネット › 申込みの始まり: "
            "2か月前の同じ日 9時から → 3か月前の同じ日 9時から",
        ),
        (
            "{causes: [own], at_least_days_before: 7, percent: 70}",
            "{causes: [own], at_least_days_before: 7, percent: 50}",
            "changed",
            "取消し・還付・変更 › 還付 › 利用者の都合 › 返す割合: 70% → 50%",
        ),
        (
            'usual: "09:00-22:00"',
            'usual: "08:00-22:00"',
            "changed",
            "開館時間と休館日 › 開館時間 › ふだん: 9:00〜22:00 → 8:00〜22:00",
        ),
        (
            "fee: {yen_per_hour: 1530}",
            "fee: {yen: 5000}",
            "changed",
            "見本会館 › 大会議室 › 使用料: 1時間 1,530円 → 1回 5,000円",
        ),
        ("capacity: 9", "capacity: 12", "changed", "見本会館 › 大会議室 › 定員: 9 → 12"),
        ("mode: down", "mode: up", "changed", "端数処理 › 端数の扱い: 切り捨てる → 切り上げる"),
    ],
)
def test_what_changed_is_said_in_words(old, new, kind, ja):
    found = only(changed(old, new))
    assert (found.kind, found.ja) == (kind, ja)


def test_a_new_rule_is_told_as_the_document_tells_it():
    old = "- {key: monday, name: 月曜日, days: {weekdays: [mon]}}"
    found = only(
        changed(
            old, f"{old}\n      - {{key: end, name: 年末, days: {{dates: [12-29..01-03]}}, article: 第4条}}"
        )
    )
    assert found.kind == "added"
    assert "年末が加わります。年末: 12月29日から翌年1月3日までは休館です。（第4条）" in found.ja
    assert found.path == ("calendars", "hall", "closures", 1)


def test_an_entry_with_a_key_is_the_same_wherever_it_stands(documents):
    document = documents["akiruno"]
    rooms = document.facilities[0].rooms
    moved = replaced(document, ("facilities", 0, "rooms"), (*rooms[1:], rooms[0]))
    found = only(compare(document, moved))
    assert found.kind == "changed"
    assert "の順番" in found.ja
    dearer = replaced(moved, ("facilities", 0, "rooms", 18, "fee", "yen_per_hour"), 999)
    assert any(
        one.ja == "中央公民館 › 第1研修室 › 使用料 › 1時間の額: 400円 → 999円"
        for one in compare(document, dearer)
    )


def test_a_renamed_room_is_the_same_room(documents):
    document = documents["akiruno"]
    found = only(compare(document, replaced(document, ("facilities", 0, "rooms", 3, "name"), "新しい名前")))
    assert found.ja == "中央公民館 › 新しい名前 › 名前: 第4研修室 → 新しい名前"


def values_in_words(document, new, path):
    """An edited value before (unless it was the usual one) and after; and where it is part of a phrase (a moment,
    days), the phrases."""
    usual = type(at(document, path[:-1])).model_fields[str(path[-1])].default
    for end, least in ((path, 0), (path[:-1], 1), (path[:-2], 2)):
        if len(path) > least:
            pair = [(at(document, end), document), (at(new, end), new)]
            pair = pair[1:] if end == path and pair[0][0] == usual else pair
            yield [say_field(str(end[-1]) if end else "", value, names_of(whose)).ja for value, whose in pair]


def test_every_single_edit_is_found_and_names_both_values(documents):
    missed = []
    for what, document, path, value in every_edit(documents):
        new = replaced(document, path, value)
        text = "\n".join(one.ja for one in compare(document, new))
        is_figure = isinstance(value, (str, int)) and not isinstance(value, bool)
        named = list(values_in_words(document, new, path)) if is_figure else [[""]]
        if not text or not any(all(one in text for one in pair) for pair in named):
            missed.append(f"{what}: {named} not in {text!r}")
    assert not missed, "\n".join(missed)


def test_differences_of_any_two_documents_have_sentences_and_places(documents):
    chance = random.Random(20271)
    for _ in range(12):
        old, new = documents[chance.choice(NAMES)], documents[chance.choice(NAMES)]
        for one in compare(old, new):
            assert one.ja
            assert one.en
            at(old if one.kind == "removed" else new, one.path[:1])


@given(st.randoms(use_true_random=False), st.sampled_from(NAMES))
def test_shuffled_lists_differ_in_their_order_alone(documents, chance, name):
    document = documents[name]
    lists = [
        (path, field)
        for path, part in parts_of(document)
        for field in type(part).model_fields
        if isinstance(getattr(part, field), tuple)
        and len(getattr(part, field)) > 1
        and all(isinstance(one, Part) and getattr(one, "key", None) for one in getattr(part, field))
    ]
    path, field = chance.choice(lists)
    entries = list(at(document, path).__getattribute__(field))
    chance.shuffle(entries)
    new = replaced(document, (*path, field), tuple(entries))
    found = compare(document, new)
    assert len(found) == (new != document)
    assert all("の順番" in one.ja for one in found)
