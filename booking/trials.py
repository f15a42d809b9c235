"""Trying rules on the reservations of a past period: asked for on a page, done in the worker, read on a page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from booking.errors import InvalidTrialPeriod, TrialNotFound
from booking.models import RuleTrial
from booking.past_uses import count_past_uses, past_uses
from booking.repricing import Tally, Trial
from facilities.errors import InvalidRules
from facilities.ordinance import InvalidDocument, Ordinance, Rules, compile_rules, parse
from facilities.queries import rooms_among, rule_book
from facilities.rules import rules_of
from tenants.jobs import enqueue

JOB = "booking.try_rules"
KEPT_WEEKS = 8
LONGEST = timedelta(days=3 * 366)

State = RuleTrial.State


def last_twelve_months(today: date) -> tuple[date, date]:
    """Return the first and last day of the last twelve whole months before ``today``."""
    month = today.replace(day=1)
    return month.replace(year=month.year - 1), month - timedelta(days=1)


def begin_trial(
    *, rule_book_id: int, text: str, first: date, last: date, staff_id: int, now: datetime
) -> RuleTrial:
    """Ask for a trial of a document on the reservations from ``first`` to ``last`` (local days of use, inclusive).

    The same question, asked while its answer is on its way, is one trial. Worked cases that fail do not stand against
    it. Raises RulesNotFound (no such book), InvalidRules (facts["problems"]), InvalidTrialPeriod.
    """
    book = rule_book(rule_book_id)
    check_trial_period(first, last)
    read_document(text)
    question = {
        "rule_book_id": book.pk,
        "text_hash": _hash(text),
        "first": first,
        "last": last,
    }
    with transaction.atomic():
        try:
            with transaction.atomic():
                trial = RuleTrial.objects.create(**question, text=text, asked_by_id=staff_id, asked_at=now)
        except IntegrityError:
            open_states = [State.WAITING, State.RUNNING]
            return RuleTrial.objects.get(**question, state__in=open_states)
        enqueue(JOB, trial_id=trial.pk)
    return trial


def check_trial_period(first: date, last: date) -> None:
    """Refuse a period that is none, or longer than three years. Raises InvalidTrialPeriod."""
    if not first <= last or last - first > LONGEST or not 2000 <= first.year <= last.year < 2200:
        raise InvalidTrialPeriod


def read_document(text: str) -> Ordinance:
    """Read a document that is to be tried. Raises InvalidRules (facts["problems"]: line, field, reason)."""
    try:
        return parse(text)
    except InvalidDocument as error:
        raise InvalidRules(problems=error.problems) from error


def trial_of(*, rule_book_id: int, trial_id: int) -> RuleTrial:
    """Return a trial with who asked for it. Raises TrialNotFound."""
    trials = RuleTrial.objects.select_related("asked_by", "rule_book")
    trial = trials.filter(pk=trial_id, rule_book_id=rule_book_id).first()
    if trial is None:
        raise TrialNotFound
    return trial


def trials_of(rule_book_id: int) -> list[RuleTrial]:
    """Return the trials of a rule book, newest first, without their texts and results."""
    trials = RuleTrial.objects.filter(rule_book_id=rule_book_id).select_related("asked_by")
    return list(trials.defer("text", "result").order_by("-asked_at", "-pk")[:20])


def last_trial_of(*, rule_book_id: int, text: str) -> tuple[RuleTrial, bool] | None:
    """Return the last finished trial of exactly this text and True; else the last of another text and False."""
    done = RuleTrial.objects.filter(rule_book_id=rule_book_id, state=State.DONE).defer("text")
    newest = done.order_by("-finished_at", "-pk")
    own = newest.filter(text_hash=_hash(text)).first()
    other = None if own else newest.first()
    return (own, True) if own else (other, False) if other else None


def run_trial(*, trial_id: int, now: Callable[[], datetime]) -> None:
    """Do a trial and keep its result; a trial that is done, or gone, is left alone.

    It may be run again at any time (a worker died): it begins anew, and what an earlier run still writes is ignored.
    """
    taken = RuleTrial.objects.filter(pk=trial_id).exclude(state=State.DONE)
    if not taken.update(state=State.RUNNING, runs=F("runs") + 1, done=0, total=0):
        return
    trial = RuleTrial.objects.select_related("rule_book").get(pk=trial_id)
    mine = RuleTrial.objects.filter(pk=trial_id, runs=trial.runs, state=State.RUNNING)

    def report(done: int, total: int) -> None:
        if not mine.update(done=done, total=total):
            raise _TakenOver

    try:
        result = reprice_period(
            rule_book_id=trial.rule_book_id,
            document=parse(trial.text),
            first=trial.first,
            last=trial.last,
            report=report,
        )
        mine.update(state=State.DONE, result=result, finished_at=now())
    except _TakenOver:
        return
    except Exception:
        mine.update(state=State.FAILED)
        raise


def reprice_period(
    *,
    rule_book_id: int,
    document: Ordinance,
    first: date,
    last: date,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Price every confirmed reservation of the halls of a rule book that begins on these local days, under the rules
    it had and under ``document``, as if they were uses of its first year: from the day it says, or after the period
    where a draft still says an old one. Returns what ``booking.repricing.Result`` reads. Writes nothing.

    ``report`` is told from time to time how many of how many are done.
    """
    total, version_ids = count_past_uses(rule_book_id=rule_book_id, first=first, last=last)
    old = _readable(version_ids)
    begins = max(document.effective_from, last + timedelta(days=1))
    trial, tally, done = Trial(old=old, new=compile_rules(document), first=begins), Tally(), 0
    report(0, total)
    for uses in past_uses(rule_book_id=rule_book_id, first=first, last=last, old=old):
        for use in uses:
            tally.add(trial.compare(use))
        done += len(uses)
        report(done, max(done, total))
    names = _names(tally, [document, *(rules.document for rules in old.values())])
    return {**tally.to_dict(), **names, "begins": trial.first.isoformat()}


def forget_trials(*, now: datetime) -> int:
    """Delete trials that are older than eight weeks. Returns how many."""
    return RuleTrial.objects.filter(asked_at__lt=now - timedelta(weeks=KEPT_WEEKS)).delete()[0]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _TakenOver(Exception):
    """Another run has begun, or the trial was deleted: this one stops."""


def _readable(version_ids: Sequence[int]) -> dict[int, Rules]:
    found = {}
    for version_id in version_ids:
        try:
            found[version_id] = rules_of(version_id)
        except InvalidDocument:
            continue
    return found


def _names(tally: Tally, documents: Sequence[Ordinance]) -> Mapping[str, Any]:
    """Names of the rooms and classes that occur, so that the result can be read when the rules have changed."""
    seen = {who for who, _room, _month in tally.cells}
    classes: dict[str, list[str]] = {}
    for document in documents:
        for one in document.applicant_classes:
            if one.key in seen:
                classes.setdefault(one.key, [one.key, one.name, one.name_en or ""])
    rooms = rooms_among({room for _who, room, _month in tally.cells}).values()
    return {
        "classes": list(classes.values()),
        "rooms": [
            [
                room.id,
                room.name,
                room.name_en,
                room.facility_key,
                room.facility_name,
                room.facility_name_en,
            ]
            for room in rooms
        ],
    }
