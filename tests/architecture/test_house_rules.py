"""The house's rules, kept by tests: sizes, names, refusals, constraints, and what would leak.

Each rule is a function from a file to its faults, and is shown a piece of bad code first.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from tenants.errors import Refusal
from tests.building import ROOT

APPS = ("config", "frontend", "booking", "payments", "locks", "facilities", "accounts", "tenants")
BANNED_NAMES = {"utils", "helpers", "common", "misc", "core", "signals"}
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW = 400, 600, 50, 15
# django-tenants' own doors into a schema: everybody goes through tenants.context.
BACK_DOORS = {"schema_context", "tenant_context", "set_schema", "set_tenant", "set_schema_to_public"}
MAY_SWITCH = {"tenants/context.py", "tenants/middleware.py", "tenants/postgresql/base.py"}


def files(*folders):
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def product():
    return files(*APPS)


def name(path):
    return path.relative_to(ROOT).as_posix()


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function):
    return function.end_lineno - function.lineno + 1


def statement_lines(function):
    """Lines of a view without its docstring and decorators."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def raw_connections(tree):
    """``connection.connection``: the driver's own connection does not follow the municipality."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "connection"
        and isinstance(node.value, ast.Name | ast.Subscript | ast.Attribute)
        and ast.unparse(node.value).split("[")[0].endswith(("connection", "connections"))
    ]


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def threads(tree):
    """A bare thread has a connection of its own, in no municipality. Locks and events are harmless."""
    harmless = {"threading.Lock", "threading.RLock", "threading.Event", "threading.local"}
    risky = ("threading", "concurrent.futures", "multiprocessing", "_thread")
    return [line for line, module in imports(tree) if module.startswith(risky) and module not in harmless]


def clocks(tree):
    """``datetime.now()``, ``utcnow``, ``date.today()``: now is an argument."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            node.attr in {"utcnow", "today"}
            or (node.attr == "now" and ast.unparse(node.value).endswith("datetime"))
        )
    ]


def back_doors(tree):
    called = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in BACK_DOORS and "super" not in ast.unparse(node)
    ]
    return called + [line for line, module in imports(tree) if module.split(".")[-1] in BACK_DOORS]


def entered_directly(tree):
    """``with municipality:`` keeps its stack on the class, shared by all threads."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.With)
        for item in node.items
        if isinstance(item.context_expr, ast.Name)
        and item.context_expr.id in {"municipality", "tenant", "city", "town"}
    ]


def signals(tree):
    return [
        line
        for line, module in imports(tree)
        if "signals" in module.split(".") or module.endswith(".receiver")
    ]


def inner_imports(tree):
    return [
        node.lineno
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


# rule, bad code it must see, files that may
LEAKS = [
    (raw_connections, "connection.connection.cursor()", {"tenants/health.py"}),
    (raw_connections, 'connections["default"].connection', set()),
    (threads, "import threading", {"config/demo/mailbox.py", "config/demo/fake_stripe/__main__.py"}),
    # Each of its threads only waits for a process; none connects to anything.
    (threads, "from concurrent.futures import ThreadPoolExecutor", {"config/demo/checks.py"}),
    (clocks, "datetime.now(UTC)", set()),
    (clocks, "date.today()", set()),
    (back_doors, "connection.set_tenant(other)", MAY_SWITCH),
    (back_doors, "from django_tenants.utils import schema_context", MAY_SWITCH),
    (entered_directly, "with municipality:\n    pass", set()),
    (signals, "from django.db.models.signals import post_save", {"config/demo/supervisor.py"}),
    (inner_imports, "def f():\n    import json", {"tenants/apps.py"}),
]


@pytest.mark.parametrize(("rule", "bad", "allowed"), LEAKS)
def test_the_product_does_not_do_what_leaks(rule, bad, allowed):
    assert rule(ast.parse(bad)), f"{rule.__name__} does not see: {bad}"
    everywhere = set().union(*(files for other, _, files in LEAKS if other is rule))
    faults = [
        f"{name(path)}:{line}"
        for path in product()
        if name(path) not in everywhere
        for line in rule(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not faults, f"{rule.__name__}: {inspect.getdoc(rule) or ''}\n" + "\n".join(faults)


def test_no_file_has_a_name_that_says_nothing():
    assert not [name(path) for path in files(*APPS, "tests", "bench") if path.stem in BANNED_NAMES]


def test_files_are_short():
    too_long = []
    for path in files(*APPS, "tests", "bench"):
        count = len(path.read_text(encoding="utf-8").splitlines())
        if count > (LONGEST_TEST_FILE if path.is_relative_to(ROOT / "tests") else LONGEST_FILE):
            too_long.append(f"{name(path)}: {count}")
    assert not too_long, "\n".join(too_long)


def test_functions_are_short():
    too_long = [
        f"{name(path)}:{function.lineno} {function.name}: {length(function)}"
        for path in product()
        for function in functions(ast.parse(path.read_text(encoding="utf-8")))
        if length(function) > LONGEST_FUNCTION
    ]
    assert not too_long, "\n".join(too_long)


def is_view(function):
    arguments = function.args.args
    return (
        not function.name.startswith("_")
        and bool(arguments)
        and arguments[0].arg == "request"
        and "Response" in ast.unparse(function.returns or ast.Constant(""))
    )


def test_views_parse_call_one_service_and_render():
    too_long = [
        f"{name(path)}:{function.lineno} {function.name}: {statement_lines(function)}"
        for path in files("frontend")
        for function in functions(ast.parse(path.read_text(encoding="utf-8")))
        if is_view(function) and statement_lines(function) > LONGEST_VIEW
    ]
    assert not too_long, "\n".join(too_long)


def test_every_module_has_a_docstring_and_annotations_from_the_future():
    bare = []
    for path in product():
        text = path.read_text(encoding="utf-8")
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            bare.append(f"{name(path)}: no docstring")
        if text.strip() and path.name != "__init__.py" and "from __future__ import annotations" not in text:
            bare.append(f"{name(path)}: no annotations")
    assert not bare, "\n".join(bare)


def test_every_public_function_says_what_it_promises():
    silent = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in product()
        if path.parent.name != "commands" and path.stem != "apps"
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent, "\n".join(silent)


def refusals():
    for path in product():
        if path.stem == "errors":
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found, waiting = [], [Refusal]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += one.__subclasses__()
    return [one for one in found if not one.__module__.startswith("tests") and one.__module__ != "test"]


def test_every_refusal_speaks_japanese_and_has_a_status():
    for refusal in refusals():
        sentence = inspect.cleandoc(vars(refusal).get("__doc__") or "")
        assert re.search(r"[ぁ-んァ-ヶ一-龠]", sentence), f"{refusal.__qualname__} says nothing in Japanese"
        assert sentence.endswith("。"), f"{refusal.__qualname__}: a sentence ends with 。"
        assert 400 <= refusal.status < 600, refusal.__qualname__


def test_every_refusal_has_a_code_of_its_own():
    codes = Counter(vars(refusal).get("code", f"none: {refusal.__qualname__}") for refusal in refusals())
    assert not [
        code for code, count in codes.items() if count > 1 or not re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
    ]


def constraints():
    return sorted(
        {
            constraint.name
            for model in apps.get_models(include_auto_created=True)
            if model.__module__.split(".")[0] in APPS
            for constraint in model._meta.constraints
        }
    )


def test_there_are_constraints_to_look_for():
    assert "claim_no_overlap" in constraints()


@cache
def other_tests():
    """The text of all tests but this one's: read once, not for each constraint."""
    paths = (path for path in files("tests") if path != Path(__file__))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.parametrize("constraint", constraints())
def test_every_constraint_is_tested(constraint):
    assert constraint in other_tests(), f"no test mentions {constraint}"


def test_no_path_or_tool_of_a_workplace_is_in_the_repository():
    traces = re.compile("|".join(["/work" + "/", "farm" + "-", "issues" + " show"]))
    suffixes = {".py", ".md", ".html", ".css", ".js", ".yaml", ".toml", ".txt", ""}
    folders = [ROOT / folder for folder in (*APPS, "tests", "docs", "bench")]
    places = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    places += [path for path in ROOT.iterdir() if path.is_file()]
    assert not [
        name(path)
        for path in places
        if path.suffix in suffixes and traces.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]


def narrow_steps(sheet):
    """Widths (rem) below 480 px, phones' widths, at which a style sheet changes the page."""
    widths = re.findall(r"@media[^{]*\((?:min|max)-width: ([\d.]+)rem\)", sheet)
    return [float(width) for width in widths if float(width) < 29.99]


def test_a_page_is_built_alike_on_all_phones():
    """Journeys go through pages at 320 px, and take it that 375 px is as good."""
    assert narrow_steps("@media (min-width: 22rem) { a { color: red; } }") == [22]
    sheets = [path.read_text(encoding="utf-8") for path in (ROOT / "frontend/static/css").glob("*.css")]
    assert sheets
    assert not [step for sheet in sheets for step in narrow_steps(sheet)]
