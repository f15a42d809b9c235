"""How pages speak of offences, measures and appeals."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.models import Appeal, Measure, Offence
from booking.penalties.queries import MeasureView, OffenceView

register = template.Library()

_EXEMPT = {
    Offence.Exempt.WEATHER: gettext_lazy("天候のため"),
    Offence.Exempt.DISASTER: gettext_lazy("災害のため"),
    Offence.Exempt.CITY: gettext_lazy("市や館の都合のため"),
}
_APPEALS = {
    Appeal.State.FILED: ("wait", gettext_lazy("異議申出を確かめています")),
    Appeal.State.ACCEPTED: ("good", gettext_lazy("異議申出が認められました")),
    Appeal.State.DISMISSED: ("off", gettext_lazy("異議申出は認められませんでした")),
}
_MEASURES = {
    Measure.State.PROPOSED: ("wait", gettext_lazy("職員が決めるのを待っています")),
    Measure.State.IN_FORCE: ("bad", gettext_lazy("有効です")),
    Measure.State.DISMISSED: ("off", gettext_lazy("行わないことになりました")),
    Measure.State.LIFTED: ("off", gettext_lazy("取りやめになりました")),
}
_FORBIDDEN = {
    "use": gettext_lazy("新しい予約と、その間の利用"),
    "applying": gettext_lazy("新しい予約"),
    "lottery": gettext_lazy("抽選の申込み"),
}


def _tag(look: str, words: object) -> SafeString:
    return format_html('<span class="tag tag--{}">{}</span>', look, words)


@register.filter
def exempt_word(exempt: str) -> str:
    """Why an offence does not count."""
    return str(_EXEMPT.get(exempt, exempt))  # type: ignore[call-overload]


@register.filter
def offence_tag(view: OffenceView) -> SafeString:
    """Whether an offence counts, and for how much."""
    if view.offence.withdrawn_at is not None:
        return _tag("off", _("記録は取り消されました"))
    if view.offence.exempt:
        return _tag("off", _("数えません（{why}）").format(why=exempt_word(view.offence.exempt)))
    return _tag("now", points_word(view.points))


@register.filter
def points_word(points: int | float) -> str:
    """A number of points: 2点, or 2 points."""
    return ngettext("{points}点", "{points}点", 1 if points == 1 else 2).format(points=points)


@register.filter
def appeal_tag(appeal: Appeal) -> SafeString:
    """Where an appeal stands."""
    return _tag(*_APPEALS[Appeal.State(appeal.state)])


@register.filter
def measure_tag(view: MeasureView) -> SafeString:
    """Where a measure stands; a suspension that is over is over."""
    if view.measure.state == Measure.State.IN_FORCE and not view.holds:
        return _tag("off", _("終わりました"))
    return _tag(*_MEASURES[Measure.State(view.measure.state)])


@register.filter
def forbidden_word(measure: Measure) -> str:
    """What a suspension forbids."""
    return str(_FORBIDDEN.get(measure.suspends, ""))


@register.filter
def offender_of(thing: Offence | Measure) -> str:
    """Whose it is: the group's name, else the resident's."""
    if thing.group:
        return thing.group.name
    return thing.resident.name if thing.resident else ""
