"""Words about groups: states, roles, offices. The same for residents and staff."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from facilities.groups.kinds import Kind
from frontend.templatetags.machinoma import name_of

# The state of a registration, and how its tag looks; read in groups/_state.html.
STATES = {
    "draft": (_("書きかけ"), "wait"),
    "applied": (_("審査を待っています"), "now"),
    "returned": (_("直してください"), "bad"),
    "registered": (_("登録済み"), "good"),
    "coming": (_("登録済み（これから始まります）"), "good"),
    "refused": (_("登録できませんでした"), "off"),
    "ended": (_("終わりました"), "off"),
}
ROLES = {
    "representative": _("代表者"),
    "booker": _("予約する人"),
    "viewer": _("見るだけの人"),
}
# Offices that rules name by key; others are shown as written.
_POSTS = {"representative": _("代表者"), "deputy": _("副代表者"), "treasurer": _("会計")}


def post_word(key: str) -> str:
    """An office in words."""
    return str(_POSTS.get(key, key))


def hall_names(kind: Kind) -> str:
    """The halls where a registration holds: the first three by name."""
    names = [name_of(hall) for hall in kind.halls]
    if len(names) <= 3:
        return gettext("、").join(names)
    return gettext("{names}など{count}か所").format(names=gettext("、").join(names[:3]), count=len(names))
