"""What people do with bookings, as a machine that does it in any order and asks the oracle what is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    multiple,
    rule,
)

from accounts.actors import Actor
from accounts.models import Membership
from booking.bulk import Item, book_together
from booking.cancelling import cancel_reservation
from booking.changing import change_reservation
from booking.models import Claim, Reservation, Transition
from booking.services import (
    MOST_HOLDS,
    book_room,
    confirm_reservation,
    expire_holds,
    hold_room,
    record_attendance,
    release_hold,
)
from facilities.details import Details
from facilities.models import RoomSpace
from facilities.queries import room_by_key
from payments.queries import payment_states
from tenants.errors import Refusal
from tests.booking.conftest import WEDNESDAY, at
from tests.booking.oracle import LIVING, Oracle, Use
from tests.factories import a_group, a_resident, a_staff

AT_MOST = 3
THURSDAY = 3
FIVE = Details(headcount=5)

# Which step may follow which, for one reservation: the whole of its life.
BEGINNINGS = {"hold", "book"}
_TAKEN = {"change", "cancel", "arrived", "absent", "permit", "refuse", "displace"}
FOLLOWS = {
    "hold": {"confirm", "release", "expire"},
    "release": set(),
    "expire": set(),
    "cancel": set(),
    "refuse": set(),
    "displace": set(),
} | dict.fromkeys(("book", "confirm", "change", "permit", "arrived", "absent"), _TAKEN)

days = st.sampled_from([WEDNESDAY, WEDNESDAY + timedelta(days=1), WEDNESDAY + timedelta(days=7)])
begins = st.integers(10, 13)
lengths = st.integers(1, 2)
rooms = st.sampled_from(["kenshu-1", "kenshu-2", "both"])
owners = st.sampled_from(["愛子", "文子", "愛子@会", "文子@会"])
times = st.tuples(rooms, days, begins, lengths)


def settled(wish):
    """What a time becomes when it is booked: on Thursdays it waits for a review."""
    return "applied" if wish.begins.weekday() == THURSDAY else "confirmed"


class Operations(RuleBasedStateMachine):
    """Two people and their group, two rooms and a room made of both, three days; Thursdays are reviewed."""

    world: World

    def __init__(self) -> None:
        """Begin with empty books; what the last example wrote is rolled back."""
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.oracle = Oracle(self.world.now, AT_MOST, MOST_HOLDS)

    def teardown(self) -> None:
        """Compare everything, then take it back."""
        try:
            self.compare()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    taken = Bundle("taken")

    @rule(minutes=st.integers(1, 7))
    def time_passes(self, minutes):
        self.oracle.pass_time(minutes)

    @rule()
    def worker_sweeps(self):
        expire_holds(now=self.oracle.now)

    @rule(target=taken, owner=owners, time=times)
    def hold(self, owner, time):
        wish = self.wish(owner, time)
        right = self.oracle.against_holding(wish)
        row = self.attempt(right, lambda: hold_room(**self.application(owner, time)))
        if row is None:
            return multiple()
        wish.held_until = self.oracle.now + timedelta(minutes=10)
        return self.note(row, wish)

    @rule(target=taken, owner=owners, time=times)
    def book(self, owner, time):
        wish = self.wish(owner, time)
        right = self.oracle.against_booking(wish)
        row = self.attempt(
            right, lambda: book_room(**self.application(owner, time), purpose="会", details=FIVE)
        )
        return multiple() if row is None else self.note(row, wish, status=settled(wish))

    @rule(ref=taken)
    def confirm(self, ref):
        use = self.oracle.uses[str(ref)]
        done = use.status in LIVING
        fine = done or (use.status == "hold" and self.oracle.lives(use))
        actor = self.world.actor(use.resident)
        self.attempt(
            set() if fine else {"hold_expired"},
            lambda: confirm_reservation(
                ref=ref, purpose="会", details=FIVE, actor=actor, now=self.oracle.now
            ),
        )
        use.status = settled(use) if fine and not done else use.status

    @rule(ref=taken)
    def release(self, ref):
        use = self.oracle.uses[str(ref)]
        release_hold(ref=ref, actor=self.world.actor(use.resident), now=self.oracle.now)
        use.status = "expired" if use.status == "hold" else use.status

    @rule(ref=taken)
    def cancel(self, ref):
        use = self.oracle.uses[str(ref)]
        right = {"cancelled": {"already_cancelled"}}.get(use.status, {"not_cancellable"})
        right = set() if use.status in LIVING else right
        actor = self.world.actor(use.resident)
        self.attempt(right, lambda: cancel_reservation(ref=ref, actor=actor, reason="", now=self.oracle.now))
        use.status = "cancelled" if not right else use.status

    @rule(ref=taken, time=times)
    def change(self, ref, time):
        use = self.oracle.uses[str(ref)]
        wish = replace(self.wish(use.resident, time), owner=use.owner)
        right = self.oracle.against_booking(wish, besides=[str(ref)])
        if (wish.spaces, wish.begins, wish.ends) == (use.spaces, use.begins, use.ends):
            right = {"nothing_changed"}
        if use.status not in LIVING:
            right = {"not_changeable"}
        room, starts_at, ends_at = self.world.time(time)
        changed = self.attempt(
            right,
            lambda: change_reservation(
                ref=ref,
                room_id=room.id,
                starts_at=starts_at,
                ends_at=ends_at,
                details=None,
                actor=self.world.actor(use.resident),
                now=self.oracle.now,
            ),
        )
        if changed is not None:
            use.spaces, use.begins, use.ends = wish.spaces, wish.begins, wish.ends
            use.status = settled(use)

    @rule(target=taken, owner=owners, wanted=st.lists(times, min_size=1, max_size=3), whole=st.booleans())
    def book_several(self, owner, wanted, whole):
        wishes = [self.wish(owner, time) for time in wanted]
        right = self.oracle.against_all(wishes)
        person, group_id = self.world.party(owner)
        spans = [self.world.time(time) for time in wanted]
        done = book_together(
            items=[Item(room.id, starts_at, ends_at, FIVE) for room, starts_at, ends_at in spans],
            resident_id=person.pk,
            group_id=group_id,
            channel="web",
            purpose="会",
            all_or_nothing=whole,
            actor=Actor("resident", person.pk),
            now=self.oracle.now,
        )
        assert {place: refusal.code for place, refusal in done.refused.items()} == right
        booked = set() if whole and right else set(range(len(wishes))) - set(right)
        assert set(done.booked) == booked
        noted = [(done.booked[place], wishes[place]) for place in sorted(booked)]
        return multiple(*(self.note(row, wish, status=settled(wish)) for row, wish in noted))

    @rule(ref=taken, came=st.sampled_from(["arrived", "absent"]))
    def attend(self, ref, came):
        right = set() if self.oracle.uses[str(ref)].status == "confirmed" else {"reservation_not_found"}
        staff, now = Actor("staff", self.world.staff_id), self.oracle.now
        self.attempt(right, lambda: record_attendance(ref=ref, attendance=came, actor=staff, now=now))

    def wish(self, owner, time):
        """What somebody wants, as the oracle sees it."""
        room, starts_at, ends_at = self.world.time(time)
        ends = room.occupied_until(ends_at)
        person, _, group = owner.partition("@")
        return Use(frozenset(room.space_ids), starts_at, ends, owner=group or person, resident=person)

    def application(self, owner, time):
        """The same as a service wants to be told."""
        person, group_id = self.world.party(owner)
        room, starts_at, ends_at = self.world.time(time)
        return {
            "room_id": room.id,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "resident_id": person.pk,
            "group_id": group_id,
            "channel": "web",
            "actor": Actor("resident", person.pk),
            "now": self.oracle.now,
        }

    def attempt(self, right, act):
        """Do it; a refusal must be one of the right ones, and success only where there is none."""
        refused, done = "", None
        try:
            done = act()
        except Refusal as refusal:
            refused = refusal.code
        assert refused in right if right else not refused, (refused, right)
        return done

    def note(self, row, wish, *, status="hold"):
        wish.status = status
        self.oracle.uses[str(row.ref)] = wish
        return row.ref

    def compare(self):
        """Claims, states, histories and money say the same as the oracle; who is not in it does not exist."""
        now = self.oracle.now
        claims = Claim.objects.filter(active=True).exclude(expires_at__lte=now)
        held = [(one.space_id, one.occupied.lower, one.occupied.upper) for one in claims]
        assert len(held) == len(set(held))
        assert set(held) == self.oracle.occupied()
        rows = {str(row.ref): row for row in Reservation.objects.all()}
        uses = {name: use for name, use in self.oracle.uses.items() if use.owner}
        assert set(rows) == set(uses)
        payments = payment_states([row.ref for row in rows.values()])
        for name, use in uses.items():
            row = rows[name]
            over = use.status == "hold" and not self.oracle.lives(use)
            assert row.status in ({"hold", "expired"} if over else {use.status})
            assert (row.group_id is not None) == (use.owner == "会")
            self.compare_steps(row)
            if use.status == "confirmed":
                assert payments[row.ref].due_yen == row.price_yen

    def compare_steps(self, row):
        verbs = list(Transition.objects.filter(reservation=row).order_by("id").values_list("verb", flat=True))
        assert verbs[0] in BEGINNINGS
        for before, after in pairwise(verbs):
            assert after in FOLLOWS[before], verbs


class World:
    """The people and rooms of all examples."""

    def __init__(self, now) -> None:
        """Two residents, both book for their group; a room made of two others."""
        self.now = now
        self.people = {name: a_resident(name) for name in ("愛子", "文子")}
        self.group = a_group("会", now=now)
        for person in self.people.values():
            Membership.objects.create(
                group=self.group, resident=person, role=Membership.Role.BOOKER, since=now
            )
        self.staff_id = a_staff().pk
        halves = [room_by_key("chuo-kominkan", key) for key in ("kenshu-1", "kenshu-2")]
        whole = room_by_key("chuo-kominkan", "kenshu-7")
        RoomSpace.objects.filter(room_id=whole.id).delete()
        RoomSpace.objects.bulk_create(
            RoomSpace(room_id=whole.id, space_id=space) for half in halves for space in half.space_ids
        )
        keys = {"kenshu-1": "kenshu-1", "kenshu-2": "kenshu-2", "both": "kenshu-7"}
        self.rooms = {name: room_by_key("chuo-kominkan", key) for name, key in keys.items()}

    def party(self, owner):
        """The resident and the group, or None, behind an owner's name."""
        person, _, group = owner.partition("@")
        return self.people[person], self.group.pk if group else None

    def actor(self, person):
        """Who acts for themselves or their group."""
        return Actor("resident", self.people[person].pk)

    def time(self, time):
        """Room and instants of a drawn time."""
        room, day, begin, length = time
        return self.rooms[room], at(f"{begin}:00", day), at(f"{begin + length}:00", day)
