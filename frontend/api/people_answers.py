"""From what queries say of groups, offences and measures to what the API answers."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

from accounts.models import Group
from booking.models import Appeal
from booking.penalties.queries import MeasureView, OffenceView, Standing
from facilities.groups.queries import RegistrationView
from frontend.api import people_outputs as outputs
from frontend.api.answers import local_moment, rule_reason
from frontend.api.series_answers import group_name


def group(row: Group, role: str | None, registrations: Iterable[RegistrationView]) -> outputs.Group:
    """A group with its registrations; ``role``: the caller's in it."""
    return outputs.Group.model_validate(
        {
            "ref": row.ref,
            "name": row.name,
            "number": row.number,
            "role": role,
            "registrations": [_registration(one) for one in registrations],
        }
    )


def _registration(one: RegistrationView) -> outputs.Registration:
    row = one.registration
    return outputs.Registration.model_validate(
        {
            "ref": row.ref,
            "book": row.rule_book.key,
            "kind": row.kind,
            "name": _named(one.name, one.name_en),
            "state": str(one.state),
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
    )


def _named(name: str, name_en: str) -> str:
    return name if (get_language() or "ja") == "ja" else name_en or name


def standing(one: Standing) -> outputs.Standing:
    """Where somebody stands."""
    return outputs.Standing(
        group=group_name(one.group),
        facility=one.facility.key,
        points=one.points,
        is_suspended=one.is_suspended,
        offences=[_offence(offence) for offence in one.offences],
        measures=[_measure(measure) for measure in one.measures],
    )


def _offence(one: OffenceView) -> outputs.Offence:
    row = one.offence
    return outputs.Offence.model_validate(
        {
            "ref": row.ref,
            "name": _named(one.name, one.name_en),
            "day": row.day,
            "reservation": row.reservation.ref if row.reservation else None,
            "points": one.points,
            "counts": one.counts,
            "exempt": str(row.exempt),
            "reason": rule_reason(one.reason) if one.reason else None,
            "may_appeal": one.may_appeal,
            "appeal": appeal(one.appeal) if one.appeal else None,
        }
    )


def appeal(row: Appeal) -> outputs.Appeal:
    """What was said against an offence."""
    return outputs.Appeal.model_validate(
        {
            "ref": row.ref,
            "state": str(row.state),
            "text": row.text,
            "filed_at": local_moment(row.filed_at),
            "decision": row.decision,
        }
    )


def _measure(one: MeasureView) -> outputs.Measure:
    row = one.measure
    return outputs.Measure.model_validate(
        {
            "kind": str(row.kind),
            "state": str(row.state),
            "name": _named(one.name, one.name_en),
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "holds": one.holds,
            "reasons": [rule_reason(reason) for reason in one.reasons],
        }
    )
