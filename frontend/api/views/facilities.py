"""Halls, rooms and their free times, for everybody."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from booking.availability import free_times
from facilities.errors import RoomNotFound
from facilities.queries import (
    RoomFacts,
    facility_by_key,
    open_facilities,
    open_rooms,
    rooms_at,
    rooms_by_id,
    rooms_of,
)
from frontend.api import answers, outputs
from frontend.api.documenting import reads
from frontend.api.fields import BIGGEST_ID
from frontend.api.inputs import AvailabilityQuery, NoQuery, RoomsQuery
from frontend.api.routes import PublicRoute, answer
from frontend.api.sentences import read_query
from tenants.context import current_zone


class FacilityList(PublicRoute):
    """Halls."""

    @reads("listFacilities", "Halls of the municipality", outputs.Facilities, public=True)
    def get(self, request: Request) -> HttpResponse:
        """All open halls."""
        read_query(NoQuery, request.query_params)
        return answer(request, {"facilities": [answers.facility(row) for row in open_facilities()]})


class FacilityOne(PublicRoute):
    """A hall."""

    @reads("getFacility", "A hall and its rooms", outputs.FacilityWithRooms, public=True, problems=(404,))
    def get(self, request: Request, key: str) -> HttpResponse:
        """One hall with its rooms."""
        read_query(NoQuery, request.query_params)
        row = facility_by_key(key)
        rooms = [answers.room(facts) for facts in rooms_of(row.pk)]
        return answer(request, {**answers.facility(row), "rooms": rooms})


class RoomList(PublicRoute):
    """Rooms."""

    @reads("listRooms", "Rooms", outputs.Rooms, public=True, query=RoomsQuery, problems=(404,))
    def get(self, request: Request) -> HttpResponse:
        """All open rooms, or those of one hall."""
        facility = read_query(RoomsQuery, request.query_params).facility
        rooms = rooms_at(facility) if facility else open_rooms()
        return answer(request, {"rooms": [answers.room(facts) for facts in rooms]})


class RoomOne(PublicRoute):
    """A room."""

    @reads("getRoom", "A room", outputs.Room, public=True, problems=(404,))
    def get(self, request: Request, room_id: int) -> HttpResponse:
        """One open room."""
        read_query(NoQuery, request.query_params)
        return answer(request, answers.room(rooms_with([room_id])[0]))


class AvailabilityOfRooms(PublicRoute):
    """Free times."""

    @reads(
        "getAvailability",
        "Free times of many rooms over a range of days",
        outputs.Availability,
        public=True,
        query=AvailabilityQuery,
        problems=(404, 409),
    )
    def get(self, request: Request) -> HttpResponse:
        """What is open, free and busy. Whether the caller may apply is decided by a hold (``outside_rules``)."""
        query = read_query(AvailabilityQuery, request.query_params)
        rooms = rooms_at(query.facility) if query.facility else rooms_with(query.room)
        times = free_times(rooms=rooms, first=query.first, days=query.days, now=self.now)
        return answer(request, answers.availability(times, current_zone()))


def rooms_with(room_ids: list[int]) -> list[RoomFacts]:
    """Return the open rooms with these ids, all of them. Raises RoomNotFound."""
    wanted = {room_id for room_id in room_ids if 0 < room_id <= BIGGEST_ID}
    rooms = rooms_by_id(sorted(wanted))
    if len(rooms) != len(set(room_ids)):
        raise RoomNotFound
    return rooms
