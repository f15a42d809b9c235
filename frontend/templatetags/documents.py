"""Words of papers about money, on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from frontend.documents import money_papers

register = template.Library()


@register.filter
def value_words(value: str | Mapping[str, Any]) -> str:
    """A value of a paper's row, as it is printed on it."""
    return money_papers.value_words(value)
