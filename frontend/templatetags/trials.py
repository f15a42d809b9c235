"""Words of a trial of rules: how far it is, and what booking.trial_words says."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from booking import trial_words

register = template.Library()

_STATES = {
    "waiting": (_("順番待ち"), "wait"),
    "running": (_("計算中"), "now"),
    "done": (_("できました"), "good"),
    "failed": (_("失敗"), "bad"),
}

for _words in (
    trial_words.in_figures,
    trial_words.sum_yen,
    trial_words.more_yen,
    trial_words.more_percent,
    trial_words.group_words,
    trial_words.why_apart,
):
    register.filter(_words.__name__, _words)


@register.filter
def state_tag(state: str) -> dict[str, Any]:
    """How far a trial is: words and tone of its tag."""
    words, tone = _STATES[state]
    return {"words": words, "tone": tone}
