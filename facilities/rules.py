"""Published rules, compiled once and reused: a version never changes, so neither does what it compiles to."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from facilities.models import RuleVersion
from facilities.ordinance import Rules, compile_rules, parse
from tenants.context import current_schema

_MOST_VERSIONS = 1024
_compiled: OrderedDict[tuple[str, int], Rules] = OrderedDict()
_guard = Lock()


def rules_of(rule_version_id: int) -> Rules:
    """Return the compiled rules of a published version of the current municipality.

    Raises RuleVersion.DoesNotExist.
    """
    key = (current_schema(), rule_version_id)
    rules = _compiled.get(key)
    if rules is None:
        text = RuleVersion.objects.values_list("text", flat=True).get(pk=rule_version_id)
        rules = compile_rules(parse(text))
        with _guard:
            _compiled[key] = rules
            while len(_compiled) > _MOST_VERSIONS:
                _compiled.popitem(last=False)
    return rules
