"""How pages speak of groups: states and roles in words, addresses of the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from facilities.groups.kinds import Kind
from facilities.groups.queries import RegistrationView
from frontend.groups.steps import Place
from frontend.groups.words import ROLES, STATES, hall_names, post_word
from frontend.resident.question_fields import answer_text

register = template.Library()


@register.simple_tag
def state_tag(state: str) -> SafeString:
    """The state of a registration, in words."""
    words, look = STATES[state]
    return format_html('<span class="tag tag--{}">{}</span>', look, words)


@register.filter
def role_word(role: str) -> str:
    """What somebody may do for a group, in words."""
    return str(ROLES.get(role, role))


@register.filter
def post_name(key: str) -> str:
    """An office in words."""
    return post_word(key)


@register.filter
def halls_of(kind: Kind) -> str:
    """The halls where a registration holds."""
    return hall_names(kind)


@register.filter
def viewed_word(what: str) -> str:
    """What staff looked at."""
    return _("名簿") if what == "roster" else _("添付の書類")


@register.filter
def renewing(view: RegistrationView, others: Sequence[RegistrationView]) -> bool:
    """Whether one of the other registrations renews this one."""
    return any(
        one.registration.renews_id == view.registration.pk and one.state != "refused" for one in others
    )


@register.simple_tag
def file_url(place: Place, evidence: Any) -> str:
    """Where a file is given out."""
    return place.url("group-file", evidence.ref)


@register.simple_tag
def said(question: Any, answer: Any) -> str:
    """An answer in words."""
    return answer_text(question, answer)
