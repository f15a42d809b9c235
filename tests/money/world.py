"""The town of all examples: rules with due dates, a ladder of refunds and exemptions; people, rooms, staff."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.actors import Actor
from accounts.models import Staff
from facilities.queries import room_by_key
from payments.models import PaidListFormat, Payee, SlipTerms
from payments.online.onboarding import refresh_account
from tenants.context import inside
from tenants.provider_accounts import claim_account
from tests.booking.conftest import at
from tests.factories import a_resident, a_staff

HALL = "chuo-kominkan"
ROOMS = ("kenshu-1", "kenshu-2", "shukai")
PEOPLE = ("愛子", "文子", "千佳")
DAYS = tuple(date(2027, 5, 10) + timedelta(days=ahead) for ahead in (5, 9, 16, 30))

# Paid within three days, or it is cancelled; what comes back depends on how early one cancels.
RULES = (
    (
        "cancellations:\n  usual:\n    deadline: {days_before: 1}\n",
        "payments:\n  usual:\n    due:\n      - {days_after_booking: 3, unpaid: cancelled}\n\n"
        "exemptions:\n  usual:\n"
        "    - {key: welfare, name: 福祉団体, percent: 50, article: 条例第8条}\n"
        "    - {key: mayor, name: 市長が認めるもの, discretionary: 減額又は免除, article: 条例第8条}\n\n"
        "cancellations:\n  usual:\n    deadline: {days_before: 1}\n    refunds:\n"
        "      - {causes: [no-fault], percent: 100, article: 条例第9条第1号}\n"
        "      - {causes: [own], at_least_days_before: 14, percent: 100, article: 条例第9条第2号}\n"
        "      - {causes: [own], at_least_days_before: 7, percent: 50, article: 条例第9条第3号}\n"
        "      - {causes: [own], percent: 0, article: 条例第9条}\n",
    ),
    ("    cancellation: usual\n", "    cancellation: usual\n    payment: usual\n    exemption: usual\n"),
)


class World:
    """Who there is. ``now`` is when every example begins."""

    def __init__(self, now) -> None:
        """Three residents, a clerk, and two admins for what takes two people."""
        self.now = now
        self.people = {
            name: a_resident(name, f"{number}@example.jp") for number, name in enumerate(PEOPLE, start=1)
        }
        self.clerk = a_staff("窓口 次郎", "clerk@example.jp")
        self.admins = [
            a_staff(f"出納 {name}", f"{name}@example.jp", Staff.Role.ADMIN) for name in ("ichi", "ni")
        ]
        self.payee = Payee.objects.get()
        Payee.objects.filter(pk=self.payee.pk).update(four_eyes_from_yen=1000)
        SlipTerms.objects.create(payee=self.payee, pay_at="市内の銀行")
        self.bank_format = PaidListFormat.objects.create(
            name="試験銀行", columns={"number": "番号", "yen": "金額", "paid_on": "日付", "reference": "照会"}
        )
        self.rooms = {key: room_by_key(HALL, key) for key in ROOMS}

    def actor(self, name: str) -> Actor:
        """A resident, as who acts."""
        return Actor("resident", self.people[name].pk)

    def admin(self, number: int = 0) -> Actor:
        """Somebody of the city's treasury, as who acts."""
        return Actor("staff", self.admins[number].pk)

    def times(self, key: str, day: date, begin: int, length: int):
        """Room and instants."""
        return self.rooms[key], at(f"{begin}:00", day), at(f"{begin + length}:00", day)


def open_account(stripe, municipality, now) -> str:
    """Give a municipality's payee an account that takes everything; return its id."""
    account = stripe.ready_account(municipality.name)
    with inside(municipality):
        claim_account(provider="stripe", account=account, now=now)
        payee = Payee.objects.get()
        payee.stripe_account = account
        payee.save()
        refresh_account(account=account, now=now)
    return account
