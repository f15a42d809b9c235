"""Groups for which callers book, and offences that count against them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.groups.queries import memberships_of
from accounts.models import Group
from booking.idempotency import Answer
from booking.penalties.appealing import file_appeal
from booking.penalties.queries import standings_of
from facilities.groups.queries import find_groups, registrations_by_group
from frontend.api import people_answers, people_outputs
from frontend.api.applying import halls_of, refuse_for_residents, resident_calling
from frontend.api.documenting import reads, writes
from frontend.api.inputs import NoQuery
from frontend.api.people_inputs import AppealInput, GroupsQuery
from frontend.api.routes import Route, answer, as_answer
from frontend.api.sentences import read_body, read_query


class Groups(Route):
    """Groups."""

    @reads(
        "listGroups",
        "One's groups with one's role and their registrations; for staff, groups found by name, at most 50",
        people_outputs.Groups,
        query=GroupsQuery,
    )
    def get(self, request: Request) -> HttpResponse:
        """In the order of their names."""
        query = read_query(GroupsQuery, request.query_params)
        _actor = self.actor
        refuse_for_residents(self.caller, text=query.text)
        found = self._found_by_staff(query.text) if self.caller.staff else self._own()
        registrations = registrations_by_group([group.pk for group, _role in found], self.now)
        rows = [people_answers.group(group, role, registrations[group.pk]) for group, role in found]
        return answer(request, people_outputs.Groups(groups=rows))

    def _own(self) -> list[tuple[Group, str | None]]:
        mine = memberships_of(resident_id=resident_calling(self.caller))
        return [(Group(pk=one.group_id, ref=one.ref, name=one.name), one.role) for one in mine]

    def _found_by_staff(self, text: str) -> list[tuple[Group, str | None]]:
        return [(group, None) for group in find_groups(text=text, facility_ids=halls_of(self.caller))]


class Offences(Route):
    """Offences."""

    @reads(
        "listOffences",
        "Where one stands: own offences and one's groups', what they count and what follows",
        people_outputs.Standings,
    )
    def get(self, request: Request) -> HttpResponse:
        """For residents."""
        read_query(NoQuery, request.query_params)
        found = standings_of(resident_id=resident_calling(self.caller), now=self.now)
        rows = [people_answers.standing(one) for one in found]
        return answer(request, people_outputs.Standings(standings=rows))


class OffenceAppeal(Route):
    """Appealing."""

    @writes(
        "appealOffence",
        "Say why an offence should not count, once",
        200,
        body=AppealInput,
        output=people_outputs.Appeal,
        problems=(404,),
    )
    def post(self, request: Request, offence: UUID) -> HttpResponse:
        """One's own, or that of a group one acts for."""
        sent, resident_id = read_body(AppealInput, request.data), resident_calling(self.caller)

        def act() -> Answer:
            row = file_appeal(offence_ref=offence, text=sent.text, resident_id=resident_id, now=self.now)
            return as_answer(200, people_answers.appeal(row))

        return self.once(act)
