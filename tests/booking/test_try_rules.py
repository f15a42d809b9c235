"""A trial: asked for, done in the worker, kept for some weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from booking.errors import InvalidTrialPeriod, TrialNotFound
from booking.jobs import sweep_trials, try_rules
from booking.models import Reservation, RuleTrial
from booking.repricing import Result
from booking.trials import (
    begin_trial,
    forget_trials,
    last_twelve_months,
    reprice_period,
    run_trial,
    trial_of,
    trials_of,
)
from facilities.errors import InvalidRules, RulesNotFound
from facilities.models import Room, RuleBook, RuleVersion
from facilities.ordinance import parse
from tests import factories

FIRST, LAST = date(2027, 6, 1), date(2027, 6, 30)


@pytest.fixture
def staff(city):
    return factories.a_staff("江本 恵美", "emi@example.jp", "admin")


@pytest.fixture
def rule_book(city):
    return RuleBook.objects.get()


@pytest.fixture
def text(city):
    return RuleVersion.objects.get().text


@pytest.fixture
def ask(rule_book, text, staff, now):
    def make(**changes):
        question = {"rule_book_id": rule_book.pk, "text": text, "first": FIRST, "last": LAST}
        return begin_trial(**{**question, "staff_id": staff.pk, "now": now, **changes})

    return make


@pytest.fixture
def run(now):
    def make(trial):
        run_trial(trial_id=trial.pk, now=lambda: now)
        trial.refresh_from_db()
        return trial

    return make


def jobs():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'trial_id' FROM public.procrastinate_jobs WHERE task_name = 'booking.try_rules'"
        )
        return [int(row[0]) for row in cursor.fetchall()]


def test_a_trial_is_asked_for_and_waits_for_the_worker(ask):
    trial = ask()
    assert (trial.state, trial.result, jobs()) == ("waiting", None, [trial.pk])


def test_the_same_question_asked_twice_is_one_trial_until_it_is_answered(ask, run):
    trial = ask()
    assert ask().pk == trial.pk
    assert jobs() == [trial.pk]
    run(trial)
    assert ask().pk != trial.pk


def test_a_dearer_document_shows_what_comes_in_more(ask, run, book, text):
    book("10:00", "12:00")
    book("13:00", "14:00")
    trial = run(ask(text=text.replace("yen_per_hour: 400", "yen_per_hour: 500")))
    result = Result(trial.result)
    assert (trial.state, trial.done, trial.total) == ("done", 2, 2)
    assert (result.total.old, result.total.new, result.total.paid, result.total.dearer) == (
        1200,
        1500,
        1200,
        2,
    )
    assert [row.name.name for row in result.by_room()] == ["第1研修室"]
    assert [row.name.name for row in result.by_hall()] == ["中央公民館"]
    assert [row.key for row in result.by_month()] == ["2027-06"]
    assert [(one.count, one.difference) for one in result.dearer()] == [(1, 200), (1, 100)]


def test_the_same_document_changes_nothing(ask, run, book):
    book()
    whole = Result(run(ask()).result).total
    assert (whole.count, whole.same, whole.difference) == (1, 1, 0)


def test_only_confirmed_reservations_of_the_period_count(ask, run, book, hold):
    book("10:00", "11:00", day=date(2027, 6, 2))
    book("10:00", "11:00", day=date(2027, 7, 1))
    hold("15:00", "16:00")
    cancelled = book("17:00", "18:00")
    Reservation.objects.filter(pk=cancelled.pk).update(status="cancelled")
    assert Result(run(ask()).result).total.count == 1


def test_first_and_last_day_are_in_the_period_by_the_local_clock(ask, run, book):
    """22 June in Tokyo begins at 15:00 of the 21st in UTC."""
    book("09:00", "10:00", day=date(2027, 6, 22))
    day = date(2027, 6, 22)
    assert Result(run(ask(first=day, last=day)).result).total.count == 1
    assert Result(run(ask(first=date(2027, 6, 21), last=date(2027, 6, 21))).result).total.count == 0


def test_an_empty_period_is_done_with_nothing_in_it(ask, run):
    trial = run(ask())
    result = Result(trial.result)
    assert trial.state == "done"
    assert result.total.count == 0
    assert result.by_class() == result.by_room() == result.by_month() == result.dearer() == []


def test_a_document_without_a_room_counts_its_reservations_as_gone(ask, run, book, text):
    book()
    trial = run(ask(text=text.replace("key: kenshu-1,", "key: kenshu-99,")))
    (apart,) = Result(trial.result).apart("gone")
    assert (apart.code, apart.count, apart.yen, apart.place.room.name) == (
        "unknown_room",
        1,
        800,
        "第1研修室",
    )


def test_a_price_left_to_staff_is_counted_as_baseless_or_unpriced(ask, run, book, text):
    book()
    trial = run(ask(text=text.replace("fee: {yen_per_hour: 400}", "fee: {not_shown: true}")))
    whole = Result(trial.result).total
    assert (whole.unpriced, whole.compared, whole.apart_old) == (1, 0, 800)
    Reservation.objects.update(price_yen=None, quote=None)
    assert Result(run(ask()).result).total.compared == 1


def test_details_of_the_application_are_priced_too(ask, run, book):
    booked = book("10:00", "12:00")
    Reservation.objects.filter(pk=booked.pk).update(extras={"no-such-thing": 1})
    assert Result(run(ask()).result).total.baseless == 1


def test_a_granted_exemption_is_granted_under_the_new_rules_too(ask, run, book, text):
    def exempting(percent):
        ground = f"  usual:\n    - {{key: welfare, name: 福祉団体, percent: {percent}, article: 第8条}}\n"
        return text.replace("\nrounding:", f"\nexemptions:\n{ground}\nrounding:").replace(
            "    time: hourly\n", "    time: hourly\n    exemption: usual\n"
        )

    booked = book("10:00", "12:00")
    quote = booked.quote
    line = {**quote["lines"][0], "kind": "exemption", "yen": -400, "unit_yen": -400, "quantity": 1}
    line["reason"] = {"code": "exempt_share", "params": {"name": "福祉団体", "share": "50%"}, "article": None}
    quote = {"lines": [*quote["lines"], line], "total_yen": 400, "before_exemption_yen": 800}
    version = RuleVersion.objects.get()
    version.pk, version.number, version.text = None, 2, exempting(50)
    version.save()
    Reservation.objects.filter(pk=booked.pk).update(quote=quote, price_yen=400, rule_version=version)
    whole = Result(run(ask(text=exempting(25))).result).total
    assert (whole.old_before, whole.old_exempt, whole.old, whole.paid) == (800, 400, 400, 400)
    assert (whole.new_exempt, whole.new) == (200, 600)


def test_a_trial_that_is_done_is_not_done_again(ask, run, book):
    trial = run(ask())
    book()
    before = trial.result
    assert run(trial).result == before
    assert trial.runs == 1


def test_a_trial_whose_worker_died_begins_anew(ask, run, book):
    book()
    trial = ask()
    RuleTrial.objects.filter(pk=trial.pk).update(state="running", runs=1, done=700, total=900)
    trial = run(trial)
    assert (trial.state, trial.runs, trial.done, trial.total) == ("done", 2, 1, 1)


def test_an_earlier_run_writes_nothing_once_another_has_begun(ask, book, now, monkeypatch):
    book()
    trial = ask()

    def taken_over(**question):
        RuleTrial.objects.filter(pk=trial.pk).update(runs=5)
        question["report"](1, 1)
        raise AssertionError("it went on")

    monkeypatch.setattr("booking.trials.reprice_period", taken_over)
    run_trial(trial_id=trial.pk, now=lambda: now)
    trial.refresh_from_db()
    assert (trial.state, trial.result, trial.runs) == ("running", None, 5)


def test_what_goes_wrong_is_seen_and_can_be_tried_again(ask, run, monkeypatch, now):
    trial = ask()

    def break_down(**question):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("booking.trials.reprice_period", break_down)
        with pytest.raises(ZeroDivisionError):
            run_trial(trial_id=trial.pk, now=lambda: now)
    trial.refresh_from_db()
    assert trial.state == "failed"
    assert run(trial).state == "done"


def test_a_trial_that_was_deleted_is_nothing_to_do(city, now):
    run_trial(trial_id=987654, now=lambda: now)
    assert not RuleTrial.objects.exists()


def test_progress_is_told_and_chunks_leave_nothing_out(rule_book, book, text, monkeypatch):
    monkeypatch.setattr("booking.past_uses.CHUNK", 2)
    for hour in range(9, 14):
        book(f"{hour}:00", f"{hour + 1}:00")
    told = []
    result = reprice_period(
        rule_book_id=rule_book.pk,
        document=parse(text),
        first=FIRST,
        last=LAST,
        report=lambda done, total: told.append((done, total)),
    )
    assert Result(result).total.count == 5
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_a_document_with_a_mistake_is_refused_with_its_line(ask):
    with pytest.raises(InvalidRules) as refused:
        ask(text="format: 1\nrubbish: 2\n")
    assert refused.value.facts["problems"]
    assert not RuleTrial.objects.exists()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 6, 2), date(2027, 6, 1)),
        (date(2020, 1, 1), date(2027, 1, 1)),
        (date(1, 1, 1), date(1, 2, 1)),
        (date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_period_that_is_none_is_refused(ask, first, last):
    with pytest.raises(InvalidTrialPeriod):
        ask(first=first, last=last)


def test_a_book_that_is_not_there_is_refused(ask):
    with pytest.raises(RulesNotFound):
        ask(rule_book_id=987654)


def test_the_worker_does_what_was_asked_and_sweeps_what_is_old(ask, book, rule_book):
    book()
    trial = ask()
    try_rules(trial_id=trial.pk)
    trial.refresh_from_db()
    assert (trial.state, Result(trial.result).total.count) == ("done", 1)
    RuleTrial.objects.update(asked_at=timezone.now())
    sweep_trials()
    assert trials_of(rule_book.pk) == [trial]
    RuleTrial.objects.update(asked_at=timezone.now() - timedelta(weeks=9))
    sweep_trials()
    assert trials_of(rule_book.pk) == []


@pytest.mark.parametrize("written", ["", "no-longer-known"])
def test_a_class_that_was_not_written_down_or_is_unknown_counts_as_the_usual_one(ask, run, book, written):
    booked = book()
    Reservation.objects.filter(pk=booked.pk).update(applicant_class=written)
    assert [row.name.name for row in Result(run(ask()).result).by_class()] == ["一般"]


def test_old_trials_are_forgotten_and_new_ones_kept(ask, now, rule_book):
    ask()
    assert forget_trials(now=now + timedelta(weeks=7)) == 0
    assert len(trials_of(rule_book.pk)) == 1
    assert forget_trials(now=now + timedelta(weeks=9)) == 1
    assert trials_of(rule_book.pk) == []


def test_a_trial_is_found_under_its_own_book_only(ask, rule_book):
    trial = ask()
    assert trial_of(rule_book_id=rule_book.pk, trial_id=trial.pk) == trial
    with pytest.raises(TrialNotFound):
        trial_of(rule_book_id=rule_book.pk + 1, trial_id=trial.pk)


def test_the_last_twelve_months_are_whole_and_over():
    assert last_twelve_months(date(2027, 5, 10)) == (date(2026, 5, 1), date(2027, 4, 30))
    assert last_twelve_months(date(2028, 3, 1)) == (date(2027, 3, 1), date(2028, 2, 29))


def test_rooms_that_were_closed_since_still_count(ask, run, book):
    book()
    Room.objects.update(is_open=False)
    assert Result(run(ask()).result).total.same == 1


def test_a_draft_that_still_says_an_old_day_is_tried_as_of_the_year_to_come(ask, run, book, text):
    """Its price for bookings from July on is seen, though nobody has changed ``effective_from`` yet."""
    book("10:00", "12:00")
    row = "fee: {table: [{when: {booked: 2027-07-01..}, yen_per_hour: 450}, {yen_per_hour: 400}]}"
    result = Result(run(ask(text=text.replace("fee: {yen_per_hour: 400}", row))).result)
    assert result.begins == date(2027, 7, 1)
    assert (result.total.old, result.total.new) == (800, 900)
