"""What the bank says was paid is read, shown, and booked once, to the yen; nothing unclear is lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import Actor
from payments.dues import DuePart, set_dues
from payments.errors import NoDueDay, NoSlipTerms, NothingToPay
from payments.models import (
    LedgerEntry,
    PaidLine,
    PaidListFormat,
    Paper,
    Payee,
    Refund,
    RevenueItem,
    SlipTerms,
    Task,
)
from payments.papers.issuing import paper_of_token, truth_of
from payments.services import change_charge, collect_cash, reduce_charge
from payments.slips.errors import (
    ColumnMissing,
    EmptyList,
    LineAlreadyBooked,
    LinesUnreadable,
    ListAlreadyCarriedOut,
    ListTooLarge,
    NoSuchSlip,
    WrongEncoding,
)
from payments.slips.issuing import issue_slips, slip_of_number
from payments.slips.paid_lists import book_list, carry_out, drop_list, match_line, take_list
from payments.slips.reading import read_day, read_list, read_yen

CLERK = Actor("staff", 1)
COLUMNS = {"number": "納付番号", "yen": "金額", "paid_on": "収納日"}
HEAD = "納付番号,金額,収納日,支店\n"


@pytest.fixture
def place(city):
    return SlipTerms.objects.create(payee=Payee.objects.get(), pay_at="まち銀行", note="")


@pytest.fixture
def slip(charge, place, now):
    """``slip(800)``: a slip for a charge of 800 yen; ``slip(800, 500)``: for two."""

    def make(*yens):
        subjects = [charge(yen) for yen in yens]
        (made,) = issue_slips(subjects=subjects, actor=CLERK, now=now, due_on=date(2027, 6, 1))
        return made

    return make


@pytest.fixture
def bank(city):
    return PaidListFormat.objects.create(name="まち銀行", encoding="cp932", columns=COLUMNS)


@pytest.fixture
def take(bank, clerk, now):
    def make(text, head=HEAD):
        data = (head + text).encode("cp932")
        return take_list(data=data, name="list.csv", format_id=bank.pk, staff_id=clerk.pk, now=now)

    return make


@pytest.fixture
def book(take, now):
    """Take a list, carry it out, and let the worker do it."""

    def make(text):
        taken = take(text)
        carry_out(list_id=taken.pk, unreadable_seen=False, now=now)
        book_list(list_id=taken.pk, now=now)
        return taken

    return make


def outcomes(taken):
    return list(taken.lines.values_list("outcome", flat=True))


def collected():
    return list(
        LedgerEntry.objects.filter(kind="collected").order_by("charge_id").values_list("yen", flat=True)
    )


def test_a_slip_has_the_six_fields_and_one_number(slip):
    made = slip(800, 500)
    fields = dict(map(tuple, made.content["slip"]["fields"]))
    assert list(fields) == ["所属年度", "歳入科目", "納入すべき金額", "納期限", "納入場所", "請求の事由"]
    assert (fields["所属年度"], fields["納入すべき金額"]) == ({"year": 2027}, {"yen": 1300})
    assert (fields["納期限"], fields["納入場所"]) == ({"day": "2027-06-01"}, "まち銀行")
    assert sorted(made.parts.values_list("yen", flat=True)) == [500, 800]


def test_a_slip_asks_by_the_day_that_is_written(charge, place, now):
    subject = charge(800)
    midnight = datetime(2027, 5, 20, tzinfo=now.tzinfo)
    set_dues(subject=subject, parts=[DuePart(midnight, "cancelled")])
    (made,) = issue_slips(subjects=[subject], actor=CLERK, now=now)
    assert made.content["slip"]["due_on"] == "2027-05-19"


def test_the_same_is_asked_with_the_same_slip_and_other_things_with_a_new_one(charge, place, now):
    subject, until = charge(800), date(2027, 6, 1)
    (first,) = issue_slips(subjects=[subject], actor=CLERK, now=now, due_on=until)
    assert issue_slips(subjects=[subject], actor=CLERK, now=now, due_on=until) == [first]
    change_charge(subject=subject, to_yen=900, reason="変更", actor=CLERK, now=now)
    assert truth_of(paper_of_token(first.token)).state == "changed"
    (second,) = issue_slips(subjects=[subject], actor=CLERK, now=now, due_on=until)
    assert (second.yen, truth_of(paper_of_token(first.token)).state) == (900, "cancelled")
    assert truth_of(paper_of_token(second.token)).state == "valid"


def test_a_slip_nobody_has_to_pay_any_more_was_not_paid(charge, place, now):
    subject = charge(800)
    (made,) = issue_slips(subjects=[subject], actor=CLERK, now=now, due_on=date(2027, 6, 1))
    change_charge(subject=subject, to_yen=0, reason="取消し", actor=CLERK, now=now)
    assert truth_of(paper_of_token(made.token)).state == "changed"


def test_what_is_booked_elsewhere_is_on_another_slip(charge, place, now):
    subjects = [charge(800), charge(700, day=date(2028, 4, 1))]
    made = issue_slips(subjects=subjects, actor=CLERK, now=now, due_on=date(2027, 6, 1))
    assert [one.yen for one in made] == [800, 700]


def test_no_slip_without_a_day_a_place_or_something_due(charge, clerk, now):
    subject = charge(800)
    with pytest.raises(NoSlipTerms):
        issue_slips(subjects=[subject], actor=CLERK, now=now, due_on=date(2027, 6, 1))
    SlipTerms.objects.create(payee=Payee.objects.get(), pay_at="まち銀行", note="")
    for day in (None, date(2027, 5, 9)):
        with pytest.raises(NoDueDay):
            issue_slips(subjects=[subject], actor=CLERK, now=now, due_on=day)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    with pytest.raises(NothingToPay):
        issue_slips(subjects=[subject], actor=CLERK, now=now, due_on=date(2027, 6, 1))


def test_nothing_is_booked_before_somebody_has_looked(slip, take):
    taken = take(f"{slip(800).number},800,2027/05/12,本店\n")
    assert outcomes(taken) == ["exact"]
    assert collected() == []


def test_what_was_paid_is_booked_to_each_charge_of_the_slip(slip, book, now):
    made = slip(800, 500)
    taken = book(f"{made.number},1300,令和9年5月12日,本店\n")
    assert (outcomes(taken), collected()) == (["exact"], [800, 500])
    assert {entry.gateway for entry in LedgerEntry.objects.filter(kind="collected")} == {"bank_slip"}
    assert truth_of(paper_of_token(made.token)).state == "paid"
    assert Task.objects.count() == 0
    taken.refresh_from_db()
    assert taken.done_at == now


def test_the_same_file_again_books_nothing(slip, book, take):
    text = f"{slip(800).number},800,2027/05/12,本店\n"
    book(text)
    assert outcomes(take(text)) == ["repeated"]
    assert outcomes(book(text)) == ["repeated"]
    assert collected() == [800]


def test_two_lists_that_were_looked_at_before_either_was_booked_book_once(slip, take, now):
    text = f"{slip(800).number},800,2027/05/12,本店\n"
    lists = [take(text), take(text)]
    for taken in lists:
        carry_out(list_id=taken.pk, unreadable_seen=False, now=now)
    for taken in reversed(lists):
        book_list(list_id=taken.pk, now=now)
        book_list(list_id=taken.pk, now=now)
    assert (outcomes(lists[0]), outcomes(lists[1])) == (["repeated"], ["exact"])
    assert collected() == [800]


def test_the_same_twice_in_one_file_was_paid_twice_and_goes_back(slip, book):
    number = slip(800).number
    book(f"{number},800,2027/05/12,本店\n{number},800,2027/05/12,本店\n")
    assert collected() == [800, 800]
    assert Refund.objects.get().yen == 800
    assert Refund.objects.get().route == "bank_transfer"
    assert Task.objects.get().kind == "paid_too_late"


def test_the_banks_reference_tells_two_payments_apart(slip, bank, take, now):
    PaidListFormat.objects.update(columns={**COLUMNS, "reference": "支店"})
    number = slip(800).number
    first = take(f"{number},800,2027/05/12,A1\n{number},800,2027/05/12,A1\n{number},800,2027/05/12,A2\n")
    assert outcomes(first) == ["exact", "repeated", "exact"]


def test_too_little_stays_due_and_a_clerk_is_told(slip, book, state):
    made = slip(800, 500)
    taken = book(f"{made.number},1000,2027/05/12,本店\n")
    assert (outcomes(taken), collected()) == (["less"], [800, 200])
    task = Task.objects.get()
    assert (task.kind, task.facts["yen"], task.facts["asked"]) == ("difference", 1000, 1300)
    assert state(task.charge.subject).due_yen == 300


def test_too_much_goes_back(slip, book):
    taken = book(f"{slip(800).number},900,2027/05/12,本店\n")
    assert (outcomes(taken), collected(), Refund.objects.get().yen) == (["more"], [900], 100)
    assert Task.objects.get().kind == "paid_too_late"


def test_money_for_what_is_gone_goes_back(slip, book):
    made = slip(800)
    subject = made.parts.get().charge.subject
    reduce_charge(subject=subject, to_yen=0, reason="取消し", actor=CLERK, now=made.issued_at)
    book(f"{made.number},800,2027/05/12,本店\n")
    assert (Refund.objects.get().yen, Task.objects.get().kind) == (800, "paid_too_late")


def test_a_slip_another_took_the_place_of_still_brings_its_money(charge, place, book, now):
    subject = charge(800)
    (old,) = issue_slips(subjects=[subject], actor=CLERK, now=now, due_on=date(2027, 6, 1))
    issue_slips(subjects=[subject], actor=CLERK, now=now, due_on=date(2027, 6, 2))
    assert outcomes(book(f"{old.number},800,2027/05/12,本店\n")) == ["exact"]
    assert collected() == [800]


def test_what_belongs_nowhere_waits_for_a_clerk_who_finds_the_slip(slip, book, clerk, now):
    made = slip(800)
    taken = book("2027-009999,800,2027/05/12,本店\n")
    task, line = Task.objects.get(), PaidLine.objects.get()
    assert (outcomes(taken), collected(), task.kind) == (["unknown"], [], "unmatched_payment")
    with pytest.raises(NoSuchSlip):
        match_line(line_id=line.pk, slip_number="2027-000777", staff_id=clerk.pk, now=now)
    match_line(line_id=line.pk, slip_number=f" {made.number} ", staff_id=clerk.pk, now=now)
    task.refresh_from_db()
    assert (collected(), task.closed_at, task.closed_by_id) == ([800], now, clerk.pk)
    with pytest.raises(LineAlreadyBooked):
        match_line(line_id=line.pk, slip_number=made.number, staff_id=clerk.pk, now=now)
    assert outcomes(book("2027-009999,800,2027/05/12,本店\n")) == ["repeated"]


def test_lines_that_cannot_be_read_are_looked_at_first(slip, take, now):
    taken = take(f"{slip(800).number},800,2027/05/12,本店\n合計,1件,,\n\n123,800,2027/13/40,\n")
    assert outcomes(taken) == ["exact", "unreadable", "unreadable"]
    with pytest.raises(LinesUnreadable):
        carry_out(list_id=taken.pk, unreadable_seen=False, now=now)
    carry_out(list_id=taken.pk, unreadable_seen=True, now=now)
    with pytest.raises(ListAlreadyCarriedOut):
        carry_out(list_id=taken.pk, unreadable_seen=True, now=now)
    book_list(list_id=taken.pk, now=now)
    assert collected() == [800]


def test_a_list_that_was_left_books_nothing(slip, take, now):
    taken = take(f"{slip(800).number},800,2027/05/12,本店\n")
    drop_list(list_id=taken.pk)
    with pytest.raises(ListAlreadyCarriedOut):
        carry_out(list_id=taken.pk, unreadable_seen=False, now=now)
    book_list(list_id=taken.pk, now=now)
    assert collected() == []


def test_a_worker_that_died_in_the_middle_goes_on(slip, take, now, monkeypatch):
    numbers = [slip(800).number, slip(700).number]
    taken = take(
        "".join(f"{number},{yen},2027/05/12,本店\n" for number, yen in zip(numbers, (800, 700), strict=True))
    )
    carry_out(list_id=taken.pk, unreadable_seen=False, now=now)
    from payments.slips import paid_lists

    real, calls = paid_lists.take_line, []

    def dies(**given):
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("killed")
        real(**given)

    monkeypatch.setattr(paid_lists, "take_line", dies)
    with pytest.raises(RuntimeError):
        book_list(list_id=taken.pk, now=now)
    monkeypatch.undo()
    book_list(list_id=taken.pk, now=now + timedelta(minutes=5))
    assert sorted(collected()) == [700, 800]


def read(data, **given):
    facts = {"encoding": "utf-8", "heading_lines": 1, "columns": COLUMNS, **given}
    return read_list(data if isinstance(data, bytes) else data.encode(), **facts)


def test_columns_are_found_by_heading_or_by_number():
    by_name = read('\ufeff収納日,金額,納付番号\n2027-05-12,"1,200",2027-000001\n')
    by_number = read(
        "x\n2027-05-12,￥1200,2027 000001\n", columns={"number": "3", "yen": "2", "paid_on": "１"}
    )
    for (line,) in (by_name, by_number):
        assert (line.yen, line.paid_on) == (1200, date(2027, 5, 12))
        assert slip_digits(line.slip_number) == "2027000001"


def slip_digits(text):
    return text.replace("-", "")


def test_what_cannot_be_a_list_is_refused():
    with pytest.raises(ColumnMissing) as refusal:
        read("a,b\n1,2\n")
    assert "納付番号" in refusal.value.message
    with pytest.raises(EmptyList):
        read(HEAD)
    with pytest.raises(WrongEncoding):
        read(HEAD.encode("cp932"))
    with pytest.raises(ListTooLarge):
        read(b"x" * 4_000_001)
    with pytest.raises(ListTooLarge):
        read(HEAD + "1,1,1\n" * 20_001)


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "cp932"]), st.integers(0, 3))
def test_no_file_breaks_the_reading(data, encoding, heading_lines):
    columns = {"number": "1", "yen": "2", "paid_on": "3"}
    try:
        lines = read(data, encoding=encoding, heading_lines=heading_lines, columns=columns)
    except (ColumnMissing, EmptyList, ListTooLarge, WrongEncoding):
        return
    assert all(line.problem or (line.yen > 0 and line.paid_on and line.identity) for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01",
        "2026/12/1",
        "20261201",
        "令和8年12月1日",
        "R8.12.01",
        "R081201",
        "5081201",
        "２０２６／１２／０１",
    ],
)
def test_days_are_read_as_banks_write_them(text):
    assert read_day(text) == date(2026, 12, 1)


@pytest.mark.parametrize("text", ["", "2026-13-01", "12/01", "20261301", "明日", "0026-01-01"])
def test_what_is_no_day_is_not_guessed(text):
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "yen"), [("1,200", 1200), ("¥1200", 1200), ("1200円", 1200), ("１２００", 1200)]
)
def test_amounts_are_read_as_banks_write_them(text, yen):
    assert read_yen(text) == yen


@pytest.mark.parametrize("text", ["", "0", "-5", "1.5", "一千", "99999999999", "1e3"])
def test_what_is_no_amount_is_not_guessed(text):
    assert read_yen(text) is None


def test_a_managers_slip_names_no_item_of_the_budget(charge, place, now):
    Payee.objects.update(kind="manager", name="まちの会社")
    RevenueItem.objects.update(setsu="x")
    (made,) = issue_slips(subjects=[charge(800)], actor=CLERK, now=now, due_on=date(2027, 6, 1))
    assert dict(map(tuple, made.content["slip"]["fields"]))["科目"] == "利用料金"
    assert slip_of_number(made.number.replace("-", "")) == made
    assert Paper.objects.count() == 1
