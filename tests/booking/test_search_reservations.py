"""Staff find a reservation by what they have in hand: a number, a name however written, a phone, a purpose."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.services import register_resident
from booking.queries import search_reservations
from tests.booking.conftest import WEDNESDAY


@pytest.fixture
def booked(book):
    person = register_resident(name="葛󠄀城 和子", name_kana="かつらぎ かずこ", phone="042-555-0107")
    return book(resident=person, purpose="絵手紙の会")


@pytest.mark.parametrize(
    "text", ["葛城和子", "葛󠄀城　和子", "カツラギ", "ｶﾂﾗｷﾞ", "0425550107", "555-0107", "絵手紙", " 和子 "]
)
def test_a_name_is_found_however_it_is_written(booked, book, text):
    book("14:00", "15:00")
    assert [one.ref for one in search_reservations(text=text)] == [booked.ref]


def test_a_number_is_found_in_every_form(booked):
    for text in (booked.number, str(booked.pk), f"r-{booked.pk}", f"Ｒ－{booked.pk:06d}"):
        assert [one.ref for one in search_reservations(text=text)] == [booked.ref], text


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "\x00x", "9" * 30, "🎵"])
def test_odd_texts_find_nobody(booked, text):
    assert search_reservations(text=text) == []


def test_days_of_use_are_inclusive(booked):
    day = timedelta(days=1)
    assert len(search_reservations(first=WEDNESDAY, last=WEDNESDAY)) == 1
    assert search_reservations(first=WEDNESDAY + day) == []
    assert search_reservations(last=WEDNESDAY - day) == []


def test_pages_follow_each_other_without_gap_or_repeat(book):
    refs = [book(f"{hour}:00", f"{hour + 1}:00").ref for hour in range(9, 16)]
    first = search_reservations(limit=4)
    rest = search_reservations(limit=4, before=(first[-1].starts_at, first[-1].id))
    assert [one.ref for one in first + rest] == refs[::-1]
