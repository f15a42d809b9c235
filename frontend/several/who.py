"""For whom and by whom several rooms and dates are applied for, and where the pages of these people are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from accounts.actors import Actor
from booking.alternatives import Alternative
from booking.basket.services import Basket
from booking.parties import Party
from facilities.asking import Questions, questions_for, staff_questions_for
from facilities.queries import RoomFacts, open_rooms
from frontend.resident.acting import acting_group_id
from frontend.resident.people import actor_of, resident_of


@dataclass(frozen=True, slots=True)
class CustomersGroup:
    """A group of somebody at the desk."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody at the desk or on the phone, with the groups they belong to."""

    name: str
    groups: tuple[CustomersGroup, ...]


@dataclass(frozen=True, slots=True)
class Who:
    """Whom it is for (``party``), who does it (``actor``) and by which channel.

    ``customer``: who stands at the desk; ``halls``: the ids of those where this person books (None: all).
    """

    party: Party
    actor: Actor
    channel: str
    customer: Customer | None = None
    halls: frozenset[int] | None = None

    @property
    def at_desk(self) -> bool:
        """Whether staff do it for somebody."""
        return self.actor.is_staff

    @property
    def base(self) -> str:
        """The template around their pages."""
        return "staff_base.html" if self.at_desk else "resident_base.html"

    @property
    def basket(self) -> Basket:
        """Their basket; staff have one for each person they book for."""
        return Basket(self.party.resident_id, self.party.group_id, self.actor.id if self.at_desk else None)

    def rooms(self) -> dict[int, RoomFacts]:
        """Return the open rooms they may book, by id."""
        return {
            room.id: room for room in open_rooms() if self.halls is None or room.facility_id in self.halls
        }

    def offered(self, alternatives: Iterable[Alternative]) -> list[Alternative]:
        """Return what of the alternatives lies in halls where they may book."""
        return [one for one in alternatives if self.halls is None or one.wish.room.facility_id in self.halls]

    def page(self, name: str, *args: str | int | UUID) -> str:
        """Return the address of one of these pages among their own."""
        return reverse(f"desk:{name}" if self.at_desk else name, args=args)

    def questions(self, room: RoomFacts, day: date, own_class: str) -> Questions:
        """Return what they are asked for a room."""
        if self.at_desk:
            return staff_questions_for(room, day)
        return questions_for(room, day, own_class=own_class)


def resident_who(request: HttpRequest) -> Who:
    """Return the resident who is signed in, acting for themselves or for the group they chose."""
    resident = resident_of(request)
    assert resident is not None, "the view lets only residents in"  # noqa: S101
    return Who(Party(resident.pk, acting_group_id(request)), actor_of(resident), "web")
