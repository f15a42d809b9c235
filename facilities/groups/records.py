"""A registration of a group, found and moved from state to state: the arrows that exist, and no others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from facilities.errors import NotInThisState, RegistrationNotFound
from facilities.models import GroupRegistration

State = GroupRegistration.State
BEING_WRITTEN = (State.DRAFT, State.RETURNED)
_ARROWS: dict[State, tuple[State, ...]] = {
    State.APPLIED: BEING_WRITTEN,
    State.DRAFT: (State.APPLIED,),
    State.RETURNED: (State.APPLIED,),
    State.REFUSED: (State.APPLIED,),
    State.REGISTERED: (State.APPLIED,),
    State.ENDED: (State.REGISTERED,),
}


def registration_by_ref(ref: UUID) -> GroupRegistration:
    """Return a registration with its group and rule book. Raises RegistrationNotFound."""
    rows = GroupRegistration.objects.select_related("group", "rule_book", "decided_by", "entered_by")
    found = rows.filter(ref=ref).first()
    if found is None:
        raise RegistrationNotFound
    return found


def locked_registration(ref: UUID) -> GroupRegistration:
    """Return a registration locked until the transaction ends. Raises RegistrationNotFound."""
    rows = GroupRegistration.objects.select_related("group", "rule_book")
    found = rows.select_for_update(no_key=True, of=("self",)).filter(ref=ref).first()
    if found is None:
        raise RegistrationNotFound
    return found


def move(registration: GroupRegistration, state: State, **changes: Any) -> None:
    """Bring a registration into another state. Raises NotInThisState unless an arrow leads there."""
    rows = GroupRegistration.objects.filter(pk=registration.pk, state__in=_ARROWS[state])
    if not rows.update(state=state, **changes):
        raise NotInThisState


def require_being_written(registration: GroupRegistration) -> None:
    """Let only what is a draft, or was returned, be changed. Raises NotInThisState."""
    if registration.state not in BEING_WRITTEN:
        raise NotInThisState
