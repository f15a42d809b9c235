"""City hall beside it: exemptions, refunds decided by people, transfers, credit, slips paid at a bank, wrong cash.

What a payer hands to a bank, or gets from one, is noted in their purse when the bank moves it.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from booking.cancelling import cancel_reservation
from booking.exempting.applying import apply_for_exemption
from booking.exempting.deciding import grant_exemption, refuse_exemption, revoke_exemption
from booking.models import Exemption
from payments.models import LedgerEntry, Refund
from payments.refunds.approving import approve_refund, decline_refund
from payments.refunds.bank_accounts import bank_account
from payments.refunds.crediting import credit_refund
from payments.refunds.errors import TransferListClosed
from payments.refunds.rerouting import change_route, give_account
from payments.refunds.transfers import finish_list, make_list, return_transfer
from payments.reversing import reverse_collection
from payments.slips.issuing import issue_slips
from payments.slips.paid_lists import carry_out, take_list
from tenants.errors import Refusal
from tests.money.booking_machine import numbers, troubles
from tests.money.clients import Wish
from tests.money.paying_machine import PayingMachine

ACCOUNT = {
    "bank_code": "0001",
    "bank_name": "試験銀行",
    "branch_code": "001",
    "branch_name": "本店",
    "kind": "1",
    "number": "1234567",
    "holder": "シケン",
}
ROUTES = (Refund.Route.DESK_CASH, Refund.Route.STRIPE, Refund.Route.BANK_TRANSFER)
DECISIONS = (
    *("exempt", "exempt", "take_exemption_back", "cancel_against_the_rules", "cancel_against_the_rules"),
    *("second_person", "second_person", "another_way_back"),
)
ERRANDS = (
    "pay_with_a_refund",
    "transfer",
    "take_cash_back",
    "pay_at_a_bank",
    "pay_at_a_bank",
    "bank_list_comes",
)


class StaffMachine(PayingMachine):
    """The same town with a treasury and a bank."""

    def __init__(self) -> None:
        """Nobody has paid at the bank yet."""
        super().__init__()
        self.bank_lines: list[str] = []

    @rule(what=st.sampled_from(DECISIONS), number=numbers, yes=st.booleans(), trouble=troubles)
    def city_hall_decides(self, what, number, yes, trouble):
        self.befall(trouble)
        getattr(self, what)(number, yes)

    @rule(what=st.sampled_from(ERRANDS), number=numbers, yes=st.booleans(), trouble=troubles)
    def money_is_carried(self, what, number, yes, trouble):
        self.befall(trouble)
        getattr(self, what)(number, yes)

    def exempt(self, number, yes):
        """Somebody applies, and the city decides."""
        ground = ("welfare", "mayor")[number % 2]
        wish = self.pick(number, lambda wish: wish.said == "booked")
        if not wish:
            return
        actor = self.world.actor(wish.who)
        self.act(
            lambda: apply_for_exemption(ref=wish.ref, ground=ground, remark="", actor=actor, now=self.now)
        )
        for one in Exemption.objects.filter(reservation__ref=wish.ref, state="applied"):
            percent = 70 if one.ground == "mayor" else None
            admin = self.world.admin()
            if yes:
                self.act(lambda: grant_exemption(ref=one.ref, percent=percent, actor=admin, now=self.now))  # noqa: B023
            else:
                self.act(lambda: refuse_exemption(ref=one.ref, reason="対象外", actor=admin, now=self.now))  # noqa: B023

    def take_exemption_back(self, _number, _yes):
        """It was granted on what is not true."""
        granted = Exemption.objects.filter(state="granted").order_by("pk").last()
        if granted:
            self.act(
                lambda: revoke_exemption(
                    ref=granted.ref, reason="事実とちがう", actor=self.world.admin(), now=self.now
                )
            )

    def cancel_against_the_rules(self, number, yes):
        """Staff decide what comes back; a large sum waits for a second person."""
        share = 100 if yes else 10 * number
        wish = self.pick(number, lambda wish: wish.said == "booked")
        if not wish:
            return
        yen = self.screen(wish).paid_yen * share // 100
        cancel = lambda: cancel_reservation(  # noqa: E731
            ref=wish.ref, actor=self.world.admin(), reason="相談", now=self.now, refund_yen=yen
        )
        answered, out = self.act(cancel)
        if answered and not isinstance(out, Refusal):
            wish.said = "cancelled"
        elif not answered:
            wish.said = None

    def second_person(self, number, yes):
        """Somebody else agrees, or not; who decided it may not."""
        waiting = Refund.objects.filter(state="awaiting_approval").order_by("pk").first()
        if waiting is None:
            return
        staff = self.world.admins[number % 2].pk
        if yes:
            self.act(lambda: approve_refund(ref=waiting.ref, staff_id=staff, now=self.now))
        else:
            self.act(lambda: decline_refund(ref=waiting.ref, staff_id=staff, reason="再検討", now=self.now))
        self.work()

    def another_way_back(self, number, _yes):
        """Staff let a refund go another way."""
        route = ROUTES[number % 3]
        refund = self.open_refund(number)
        if refund:
            admin = self.world.admin()
            self.act(lambda: change_route(ref=refund.ref, route=route, actor=admin, now=self.now))
            self.work()

    def pay_with_a_refund(self, number, _yes):
        """What comes back pays something else of the same person."""
        refund, other = self.open_refund(number), self.pick(number, self.owes)
        if refund and other:
            self.act(
                lambda: credit_refund(
                    ref=refund.ref, to_subject=other.ref, actor=self.world.admin(), now=self.now
                )
            )

    def open_refund(self, number: int) -> Refund | None:
        """One of the refunds that are not done."""
        rows = list(Refund.objects.exclude(state__in=["done", "withdrawn"]).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def transfer(self, _number, comes_back):
        """Payers say their accounts, the treasurer makes a list, the bank transfers it; one of them may come back."""
        for refund in Refund.objects.filter(state="awaiting_account").order_by("pk"):
            account, admin = bank_account(**ACCOUNT), self.world.admin()
            self.act(lambda: give_account(ref=refund.ref, account=account, actor=admin, now=self.now))  # noqa: B023
        ready = list(Refund.objects.filter(state="ready", route="bank_transfer").order_by("pk"))
        staff = self.world.admins[0].pk
        if not ready:
            return
        answered, made = self.act(
            lambda: make_list(
                payee_id=self.world.payee.pk,
                refs=[one.ref for one in ready],
                pay_on=self.now.date() + timedelta(days=1),
                staff_id=staff,
                now=self.now,
            )
        )
        if answered and not isinstance(made, Refusal):
            self.transferred(made.pk, staff)
            if comes_back:
                self.comes_back(ready[0], staff)

    def transferred(self, list_id: int, staff: int) -> None:
        """The bank moves the money once; who is not sure whether that was noted, notes it again."""
        for refund in Refund.objects.filter(transfer_list_id=list_id).select_related("charge"):
            self.clients.purse(self.owner(refund.charge.subject)).back["bank_transfer"] += refund.yen
        done = lambda: finish_list(list_id=list_id, staff_id=staff, now=self.now)  # noqa: E731
        answered, _ = self.act(done)
        if not answered:
            answered, out = self.act(done)
            assert not isinstance(out, Refusal) or isinstance(out, TransferListClosed)

    def comes_back(self, refund: Refund, staff: int) -> None:
        """The bank finds no such account: the money is at city hall again."""
        back = lambda: return_transfer(ref=refund.ref, why="口座なし", staff_id=staff, now=self.now)  # noqa: E731
        answered, out = self.act(back)
        if not answered:
            self.act(back)
        if not isinstance(out, Refusal):
            self.clients.purse(self.owner(refund.charge.subject)).back["bank_transfer"] -= refund.yen

    def owner(self, subject: UUID) -> str:
        """Whose booking it is."""
        return next(wish.who for wish in self.clients.has() if wish.ref == subject)

    def take_cash_back(self, number, _yes):
        """The clerk took it for the wrong booking, and gives it back."""
        wish = self.pick(number, lambda wish: self.screen(wish).collected_yen)
        cash = LedgerEntry.objects.filter(
            charge__subject=wish.ref if wish else None, kind="collected", gateway="desk_cash"
        ).last()
        if cash is None:
            return
        take = lambda: reverse_collection(  # noqa: E731
            entry_id=cash.pk, reason="まちがい", staff_id=self.world.clerk.pk, now=self.now
        )
        answered, out = self.act(take)
        if not answered:
            self.act(take)
        if not isinstance(out, Refusal):
            self.clients.purse(wish.who).back["desk_cash"] += cash.yen

    def pay_at_a_bank(self, number, _yes):
        """With a slip, which the bank takes whatever has happened since."""
        wish = self.pick(number, self.owes)
        if wish:
            self.pay_slip(wish)

    def pay_slip(self, wish: Wish) -> None:
        """Get a slip printed and carry it to the bank."""
        actor = self.world.actor(wish.who)
        answered, out = self.act(lambda: issue_slips(subjects=[wish.ref], actor=actor, now=self.now))
        if not answered or isinstance(out, Refusal):
            return
        for slip in out:
            self.clients.purse(wish.who).paid["bank_slip"] += slip.yen
            reference = f"B{len(self.bank_lines):06d}"
            line = f"{slip.fiscal_year}-{slip.serial:06d},{slip.yen},{self.now:%Y-%m-%d},{reference}"
            self.bank_lines.append(line)

    def bank_list_comes(self, _number, twice):
        """All payments so far, also those of earlier lists."""
        self.read_bank_list()
        if twice:
            self.read_bank_list()

    def read_bank_list(self) -> None:
        """Hand the bank's list in, and let the worker book it."""
        if not self.bank_lines:
            return
        data = "\n".join(["番号,金額,日付,照会", *self.bank_lines]).encode("cp932")
        answered, taken = self.act(
            lambda: take_list(
                data=data,
                name="bank.csv",
                format_id=self.world.bank_format.pk,
                staff_id=self.world.admins[0].pk,
                now=self.now,
            )
        )
        if answered and not isinstance(taken, Refusal):
            self.act(lambda: carry_out(list_id=taken.pk, unreadable_seen=True, now=self.now))
            self.work()

    def settle(self) -> None:
        """The last list of the bank arrives as well."""
        self.crashes.disarm()
        self.stripe.control.calm()
        self.read_bank_list()
        super().settle()
