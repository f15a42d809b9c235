"""Whether what was answered is what the installed stripe library's classes say: names, types and fixed words."""

from __future__ import annotations

import re
import sys
import types
import typing
from decimal import Decimal

import stripe
from stripe._object_classes import get_object_class

# An object may be shown by its id only, or in full: what it is, it says itself.
_PLAIN = {int: lambda value: type(value) is int, bool: lambda value: type(value) is bool,
          str: lambda value: type(value) is str, float: lambda value: type(value) in {int, float},
          Decimal: lambda value: type(value) in {str, Decimal}}  # fmt: skip


def faults_of(row, where=""):
    """What is wrong with an object of the API: a list of sentences."""
    if row.get("object") == "list":
        return [fault for one in row["data"] for fault in faults_of(one, f"{where}.data")]
    return _of_class(row, get_object_class("V1", row["object"]), where or row["object"])


def _of_class(row, cls, where):
    if not isinstance(row, dict):
        return [f"{where}: {row!r} is no {cls.__name__}"]
    fields = {
        name: wanted
        for name, wanted in typing.get_type_hints(cls, localns=_Names(), include_extras=True).items()
        if name != "OBJECT_NAME"
        and not name.startswith("_")
        and typing.get_origin(wanted) is not typing.ClassVar
    }
    found = [f"{where}.{name}: the library knows no such field" for name in row if name not in fields]
    for name, wanted in fields.items():
        if name not in row:
            if not _may_be_none(wanted):
                found.append(f"{where}.{name}: missing")
        else:
            found += _of_type(row[name], wanted, f"{where}.{name}")
    return found


class _Names(dict):
    """Other objects are named only; any name stands for "an object of the API"."""

    def __missing__(self, name):
        if name in vars(typing) or name in {"Literal", "Decimal"}:
            raise KeyError(name)
        return _Named

    def __contains__(self, name):
        return True


class _Named:
    pass


def _may_be_none(wanted):
    return type(None) in typing.get_args(wanted)


def _of_type(value, wanted, where):
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in {typing.Union, types.UnionType}:
        return _of_union(value, arguments, where)
    if origin is typing.Literal:
        return [] if value in arguments else [f"{where}: {value!r} is none of its words"]
    if wanted in _PLAIN:
        return [] if _PLAIN[wanted](value) else [f"{where}: {value!r} is no {wanted.__name__}"]
    if wanted is type(None):
        return [] if value is None else [f"{where}: {value!r} is not null"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        return [fault for one in value for fault in _of_type(one, arguments[0], f"{where}[]")]
    if wanted is typing.Any:
        return []
    if isinstance(wanted, typing.ForwardRef) or wanted is _Named or origin is stripe.ListObject:
        return faults_of(value, where) if isinstance(value, dict) else [f"{where}: {value!r} is no object"]
    if isinstance(origin, type) and issubclass(origin, stripe.StripeObject):
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no table"]
        return [
            fault for key, one in value.items() for fault in _of_type(one, arguments[0], f"{where}.{key}")
        ]
    if isinstance(wanted, type) and issubclass(wanted, stripe.StripeObject):
        return _of_class(value, wanted, where)
    raise AssertionError(f"{where}: what is {wanted!r}?")


def _of_union(value, arguments, where):
    if value is None:
        return [] if type(None) in arguments else [f"{where}: null"]
    # ``Union[Literal[…], str]``: other words may come one day; today the library knows these.
    words = any(typing.get_origin(one) is typing.Literal for one in arguments)
    tried = [
        _of_type(value, one, where)
        for one in arguments
        if one is not type(None) and not (words and one is str)
    ]
    return min(tried, key=len)


def has_param(cls, name):
    """Whether the library's parameters of a call know ``line_items[][price_data][currency]``."""
    steps = re.findall(r"[^\[\]]+|\[\]", name)
    known = [cls]
    wanted = ""
    for step in steps:
        if step == "[]":
            if "List[" not in wanted and "list[" not in wanted:
                return False
        elif step == "*":
            return "Dict[str" in wanted
        else:
            owner = next((one for one in known if step in one.__annotations__), None)
            if owner is None:
                return False
            wanted = _text(owner.__annotations__[step])
            module = vars(sys.modules[owner.__module__])
            known = [module[one] for one in re.findall(r"\w*Params\w*", wanted) if one in module]
    return True


def _text(annotation):
    return annotation.__forward_arg__ if isinstance(annotation, typing.ForwardRef) else str(annotation)
