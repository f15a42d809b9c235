"""Paying through Stripe: a payee with an account at the fake one, charges of Akiruno, a worker at the test's time."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import orjson
import pytest
from django.db import connection
from procrastinate.contrib.django import app

import payments.jobs
from accounts.actors import Actor
from facilities.models import Facility
from payments.dues import DuePart, set_dues
from payments.models import Attempt, LedgerEntry, Payee, Task
from payments.online.attempts import begin_attempt
from payments.online.onboarding import refresh_account
from payments.queries import payment_states
from payments.services import assess_charge
from tenants.jobs import enqueue
from tenants.provider_accounts import claim_account

_DUE = """
SELECT id, task_name, args FROM public.procrastinate_jobs
WHERE task_name LIKE 'payments.%%' AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY id
"""


class Online:
    """Akiruno with Stripe, at a moment that the test moves."""

    def __init__(self, fake_stripe, account, now, monkeypatch):
        self.stripe, self.account, self.now = fake_stripe, account, now
        self.failures, self._ran = [], set()
        monkeypatch.setattr(payments.jobs, "clock_now", lambda: self.now)

    def charge(self, yen=1200, *, due_in=None, payer="青木 愛子"):
        """A charge; its subject. ``due_in``: to be paid within this timedelta, else the rules cancel."""
        subject = uuid4()
        assess_charge(
            subject=subject,
            yen=yen,
            title="中央公民館 第1研修室",
            payer=payer,
            day=date(2027, 6, 9),
            facility_id=Facility.objects.all()[0].pk,
            actor=Actor("resident", 1),
            now=self.now,
        )
        if due_in is not None:
            set_dues(subject=subject, parts=[DuePart(due_at=self.now + due_in, unpaid="cancelled")])
        return subject

    def begin(self, *subjects, way="card", actor=None):
        """Begin an attempt, as a page does."""
        return begin_attempt(
            charge_subjects=subjects,
            way=way,
            return_url="https://akiruno.example/my/pay/{ref}/",
            actor=actor or Actor("resident", 1),
            language="ja",
            now=self.now,
        )

    def opened(self, *subjects, way="card", actor=None):
        """Begin an attempt and let the worker open it."""
        attempt = self.begin(*subjects, way=way, actor=actor)
        self.work()
        return self.fresh(attempt)

    def work(self, *, rounds=6):
        """Run the jobs that are due, until none is left. What a provider failed at comes back three seconds later."""
        for _ in range(rounds):
            with connection.cursor() as cursor:
                cursor.execute(_DUE, [self.now])
                due = [row for row in cursor.fetchall() if row[0] not in self._ran]
            if not due:
                return
            for job_id, name, arguments in due:
                self._run(job_id, name, arguments)

    def _run(self, job_id, name, arguments):
        said = orjson.loads(arguments) if isinstance(arguments, str) else arguments
        self._ran.add(job_id)
        try:
            app.tasks[name].func(**said)
        except Exception as failure:
            self.failures.append(failure)
            said.pop("schema")
            enqueue(name, at=self.now + timedelta(seconds=3), **said)

    def pass_time(self, **delta):
        """Let time go by here and at Stripe."""
        step = timedelta(**delta)
        self.now += step
        self.stripe.control.advance(step.total_seconds())

    def fresh(self, attempt):
        return Attempt.objects.get(pk=attempt.pk)

    def state(self, subject):
        return payment_states([subject])[subject]

    def entries(self, subject):
        """Kind and yen of every entry of a charge."""
        found = LedgerEntry.objects.filter(charge__subject=subject).order_by("pk")
        return list(found.values_list("kind", "yen"))

    def tasks(self, kind):
        return list(Task.objects.filter(kind=kind).order_by("pk"))


@pytest.fixture
def online(city, akiruno, client_for, fake_stripe, now, monkeypatch):
    """The default payee takes cards, konbini and PayPay on an account of its own."""
    fake_stripe.set_time(now)
    account = fake_stripe.ready_account()
    Payee.objects.update(stripe_account=account)
    claim_account(provider="stripe", account=account, now=now)
    scene = Online(fake_stripe, account, now, monkeypatch)
    scene.browser = client_for(akiruno)
    refresh_account(account=account, now=now)
    fake_stripe.lose_webhooks()
    return scene
