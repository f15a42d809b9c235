"""The control API: ``POST /_fake/<act>`` with a JSON table of its arguments, for scripts and for demonstrations."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

from config.demo.fake_stripe.control import Control
from config.demo.fake_stripe.forms import Problem, Row

ACTS = tuple(name for name, _ in inspect.getmembers(Control, inspect.isfunction) if not name.startswith("_"))


def answer(control: Control, method: str, path: str, body: bytes) -> tuple[int, Row]:
    """Do what is asked for. ``GET /_fake/`` lists the acts with their arguments."""
    name = path.removeprefix("/_fake/").strip("/")
    if method == "GET" and not name:
        return 200, {"acts": {act: str(inspect.signature(getattr(control, act))) for act in ACTS}}
    if method != "POST" or name not in ACTS:
        return 404, {"error": {"message": f"No such act: {name}"}}
    act: Callable[..., Any] = getattr(control, name)
    try:
        arguments = json.loads(body or b"{}")
        bound = inspect.signature(act).bind(**arguments)
    except (ValueError, TypeError) as problem:
        return 400, {"error": {"message": str(problem)}}
    try:
        return 200, {"done": name, "object": act(*bound.args, **bound.kwargs)}
    except Problem as problem:
        return problem.status, problem.content()
    except (ValueError, TypeError) as problem:
        return 400, {"error": {"message": f"{name}: {problem}"}}
