"""`manage.py ordinance simulate`: the sums of a trial as text; nothing is written."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from booking.models import RuleTrial
from facilities.models import RuleBook, RuleVersion
from tenants.context import current_schema

PERIOD = ("--from", "2027-06-01", "--to", "2027-06-30")


@pytest.fixture
def document(city, tmp_path):
    def write(old="yen_per_hour: 400", new="yen_per_hour: 500"):
        path = tmp_path / "new.yaml"
        path.write_text(RuleVersion.objects.get().text.replace(old, new), encoding="utf-8")
        return path

    return write


def simulate(path, *arguments, place="akiruno.localhost"):
    out = StringIO()
    call_command("ordinance", "simulate", str(path), "--municipality", place, *arguments, stdout=out)
    return out.getvalue()


def test_sums_tables_and_changes_are_printed(document, book):
    book("10:00", "12:00")
    said = simulate(document(), *PERIOD)
    assert "2027-06-01 から 2027-06-30 までの予約 1件" in said
    assert "使用料の合計: 800円 → 1,000円 (+25.0%)" in said
    assert "値上がり 1件、変わらない 0件、値下がり 0件" in said
    for words in ("一般", "第1研修室", "2027年6月", "101円〜500円 高くなる"):
        assert words in said
    assert not RuleTrial.objects.exists()


def test_it_is_said_in_english_and_a_code_names_the_municipality(document, book):
    book("10:00", "12:00")
    said = simulate(document(), *PERIOD, "--lang", "en", place="132284")
    assert "¥800 → ¥1,000" in said
    assert "Seminar Room 1" in said


def test_what_is_not_compared_is_listed_with_its_reason(document, book):
    book("10:00", "12:00")
    said = simulate(document("key: kenshu-1,", "key: kenshu-99,"), *PERIOD)
    assert "比べない予約: 1件 (もとの額 800円)" in said
    assert "この部屋は、新しい規則の文書にありません。" in said


def test_a_period_without_reservations_is_said_plainly(document):
    said = simulate(document(), "--from", "2020-01-01", "--to", "2020-12-31")
    assert "予約 0件" in said
    assert "使用料の合計: 0円 → 0円 (—)" in said


def test_the_caller_comes_back_to_its_own_schema(document):
    before = current_schema()
    simulate(document(), *PERIOD, place="082341")
    assert current_schema() == before


@pytest.mark.parametrize(
    ("arguments", "place", "words"),
    [
        (("--from", "2027-06-30", "--to", "2027-06-01"), "132284", "期間"),
        (("--from", "tomorrow"), "132284", "2026-04-01"),
        ((), "nowhere.localhost", "nowhere.localhost"),
        (("--book", "other"), "132284", "main"),
    ],
)
def test_mistakes_of_the_caller_are_said_in_words(document, arguments, place, words):
    with pytest.raises(CommandError, match=words):
        simulate(document(), *arguments, place=place)


def test_several_books_must_be_chosen_from(document, book):
    book("10:00", "12:00")
    RuleBook.objects.create(key="other", name="ほか")
    with pytest.raises(CommandError, match="--book"):
        simulate(document(), *PERIOD)
    assert "予約 1件" in simulate(document(), *PERIOD, "--book", "main")


def test_a_document_with_a_mistake_is_refused_with_its_line(document):
    with pytest.raises(CommandError, match="行目"):
        simulate(document("rounding:", "roundin:"), *PERIOD)


def test_a_file_that_is_not_there_is_said(city, tmp_path):
    with pytest.raises(CommandError, match="nothing"):
        simulate(tmp_path / "nothing.yaml", *PERIOD)
