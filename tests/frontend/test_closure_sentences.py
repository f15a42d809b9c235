"""What becomes of a closed day on a holiday is chosen as a sentence; whatever else is written stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from facilities import ordinance
from facilities.drafting import begin_draft, the_draft
from facilities.models import RuleBook
from facilities.ordinance import compile_rules, parse
from facilities.ordinance.reading.parsing import read_plain
from frontend.console.rules.substitution import SENTENCES, sentence_of_closure, with_sentence

EXAMPLES = sorted((Path(ordinance.__file__).parent / "examples").glob("*.yaml"))
MONDAYS = {"key": "monday", "name": "月曜日", "days": {"weekdays": ("mon",)}}
# 敬老の日 2026-09-21 (Mon), 国民の休日 22nd, 秋分の日 23rd: the next day that is no holiday is the 24th (Thu).
SILVER_WEEK = [date(2026, 9, day) for day in range(21, 26)]
CLOSED_ON = {
    "closed": {21},
    "open": set(),
    "next_day": {22},
    "next_working_day": {24},
}


@pytest.fixture
def page(browser_of, emi, city, now):
    """``page.send(on_holidays="open")``: the form of Akiruno's first closure, sent as it is shown but for that."""
    draft = begin_draft(rule_book_id=RuleBook.objects.get().pk, staff_id=emi.staff.pk, now=now)
    return Page(browser_of(emi), draft.rule_book_id)


class Page:
    def __init__(self, browser, book_id):
        self.browser, self.book_id = browser, book_id
        self.path = f"/console/rules/{book_id}/draft/part/calendars/chuo/closures/0/"

    @property
    def form(self):
        return self.browser.get(self.path).context["form"]

    def send(self, **data):
        form = self.form
        shown = {name: form[name].value() for name in form.fields}
        sent = {
            name: value for name, value in shown.items() if value not in (None, "") and value is not False
        }
        seen = the_draft(self.book_id).changed_at.isoformat()
        return self.browser.post(self.path, {**sent, "seen": seen, **data})

    @property
    def text(self):
        return the_draft(self.book_id).text


@pytest.mark.parametrize("sentence", CLOSED_ON)
def test_each_sentence_closes_the_days_it_says(sentence):
    text = EXAMPLES[[one.stem for one in EXAMPLES].index("akiruno")].read_text()
    document = parse(text)
    closure = type(document.calendars["chuo"].closures[0]).model_validate(with_sentence(MONDAYS, sentence))
    calendar = document.calendars["chuo"].model_copy(update={"closures": (closure,)})
    rules = compile_rules(document.model_copy(update={"calendars": {"chuo": calendar}}))
    (hall,) = rules.facilities.values()
    closed = {day.day for day in SILVER_WEEK if not hall.calendar.open_day(day).periods}
    assert closed == CLOSED_ON[sentence]
    assert sentence_of_closure(with_sentence(MONDAYS, sentence)) == sentence


def test_the_form_shows_the_sentence_that_is_written_and_writes_another(page):
    assert page.form["on_holidays"].value() == "open"
    assert page.send(on_holidays="next_day").status_code == 302
    closure = parse(page.text).calendars["chuo"].closures[0]
    assert (closure.unless, closure.moves.by_days) == ((), 1)
    assert page.form["on_holidays"].value() == "next_day"
    assert page.send(on_holidays="closed").status_code == 302
    assert "unless" not in read_plain(page.text)["calendars"]["chuo"]["closures"][0]
    assert page.send(on_holidays="open").status_code == 302
    assert parse(page.text).calendars["chuo"].closures[0].unless[0].holidays == ("any",)


def test_what_no_sentence_says_is_other_and_stays_while_something_else_is_changed(page):
    moves = {"moves-by_days": "2", "moves-when-holidays": ["national"]}
    page.send(**{"on_holidays": "other", "unless-holidays": [], **moves})
    assert page.form["on_holidays"].value() == "other"
    before = read_plain(page.text)["calendars"]["chuo"]["closures"][0]
    page.send(name="休みの日")
    after = read_plain(page.text)["calendars"]["chuo"]["closures"][0]
    assert after == {**before, "name": "休みの日"}
    assert after["moves"]["by_days"] == 2


def test_a_sentence_that_there_is_not_is_refused(page):
    before = page.text
    answer = page.send(on_holidays="sometimes")
    assert answer.status_code == 422
    assert "on_holidays" in answer.context["form"].errors
    assert page.text == before


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_closures_of_the_examples_are_read_as_what_they_say(path):
    plain = read_plain(path.read_text())
    for calendar in plain["calendars"].values():
        for closure in calendar.get("closures", ()):
            sentence = sentence_of_closure(closure)
            assert sentence in SENTENCES
            if not {"unless", "moves"} & set(closure):
                assert sentence == "closed"
            again = with_sentence(closure, sentence)
            assert sentence_of_closure(again) == sentence
            assert {key: one for key, one in again.items() if key not in ("unless", "moves")} == {
                key: one for key, one in closure.items() if key not in ("unless", "moves")
            }
