"""Lists, page by page, newest first; and what is shown in full instead of by its id."""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Iterable, Sequence

from config.demo.fake_stripe.forms import Params, Problem, Row
from config.demo.fake_stripe.platform import Store

_MOST, _USUAL = 100, 10
_DEEPEST = 4
_BOUNDS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
# Of which table a field of an object is an id.
_EXPANDABLE = {
    ("balance_transaction", "source"): ("charges", "refunds", "disputes", "payouts"),
    ("charge", "balance_transaction"): ("transactions",),
    ("charge", "payment_intent"): ("intents",),
    ("checkout.session", "payment_intent"): ("intents",),
    ("dispute", "charge"): ("charges",),
    ("dispute", "payment_intent"): ("intents",),
    ("payment_intent", "latest_charge"): ("charges",),
    ("payment_intent", "payment_method"): ("methods",),
    ("payout", "balance_transaction"): ("transactions",),
    ("refund", "balance_transaction"): ("transactions",),
    ("refund", "charge"): ("charges",),
    ("refund", "failure_balance_transaction"): ("transactions",),
    ("refund", "payment_intent"): ("intents",),
}
_WITHIN: dict[tuple[str, str], Callable[[Store, Row], list[Row]]] = {
    ("checkout.session", "line_items"): lambda store, row: store.lines[row["id"]],
    ("charge", "refunds"): lambda store, row: [
        one for one in reversed(store.refunds.values()) if one["charge"] == row["id"]
    ],
}


def page(found: Iterable[Row], params: Params, url: str) -> Row:
    """Return a page of rows that come oldest first. Raises Problem for a cursor that is not among them."""
    limit = params.whole("limit", _USUAL) or 0
    if not 1 <= limit <= _MOST:
        raise Problem(
            f"limit must be between 1 and {_MOST}.", code="parameter_invalid_integer", param="limit"
        )
    items = [row for row in reversed(list(found)) if _in_span(row, params)]
    after, before = params.text("starting_after"), params.text("ending_before")
    if after and before:
        raise Problem("You cannot parameterize a list with both starting_after and ending_before.")
    if before:
        items = items[: _place(items, before, "ending_before")]
        more, items = len(items) > limit, items[-limit:]
    else:
        items = items[_place(items, after, "starting_after") + 1 :] if after else items
        more, items = len(items) > limit, items[:limit]
    return {"object": "list", "data": items, "has_more": more, "url": url}


def matching(found: Iterable[Row], params: Params, *fields: str) -> Iterable[Row]:
    """Return the rows whose fields are as asked for."""
    asked = {field: value for field in fields if (value := params.text(field))}
    return (row for row in found if all(row[field] == value for field, value in asked.items()))


def expanded(store: Store, answer: Row, params: Params) -> Row:
    """Return a copy of an answer with what ``expand`` asks for in full."""
    answer = copy.deepcopy(answer)
    for path in params.words("expand"):
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            raise Problem(f"You cannot expand more than {_DEEPEST} levels of a property.", param="expand")
        if answer["object"] == "list":
            if steps[0] != "data":
                raise Problem(f"This property cannot be expanded ({path}).", param="expand")
            for row in answer["data"]:
                _expand(store, row, steps[1:], path)
        else:
            _expand(store, answer, steps, path)
    return answer


def _expand(store: Store, row: Row, steps: Sequence[str], path: str) -> None:
    if not steps:
        return
    field, rest = steps[0], steps[1:]
    key = (row["object"], field)
    if key in _WITHIN:
        data = copy.deepcopy(_WITHIN[key](store, row))
        row[field] = {"object": "list", "data": data, "has_more": False, "url": f"/v1/{field}"}
        for one in data:
            _expand(store, one, rest[1:] if rest[:1] == ["data"] else rest, path)
        return
    if key not in _EXPANDABLE:
        raise Problem(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(row[field], str):
        tables = (getattr(store, table) for table in _EXPANDABLE[key])
        row[field] = copy.deepcopy(next(table[row[field]] for table in tables if row[field] in table))
    if row[field] is not None:
        _expand(store, row[field], rest, path)


def _place(items: list[Row], name: str, param: str) -> int:
    for place, row in enumerate(items):
        if row["id"] == name:
            return place
    raise Problem(f"No such object: '{name}'", code="resource_missing", param=param)


def _in_span(row: Row, params: Params) -> bool:
    created = row.get("created", 0)
    exact = params.whole("created")
    return (exact is None or created == exact) and all(
        fits(created, bound)
        for name, fits in _BOUNDS.items()
        if (bound := params.whole(f"created[{name}]")) is not None
    )
