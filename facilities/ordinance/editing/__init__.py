"""Change a document's text at one place, all else as it was written."""

from facilities.ordinance.editing.changing import (
    add_item,
    move_item,
    remove_item,
    remove_value,
    set_value,
    set_values,
    value_at,
)
from facilities.ordinance.errors import NoSuchPlace, NotEditable

__all__ = [
    "NoSuchPlace",
    "NotEditable",
    "add_item",
    "move_item",
    "remove_item",
    "remove_value",
    "set_value",
    "set_values",
    "value_at",
]
