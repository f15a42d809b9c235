"""Worked cases: the examples a document carries and must pass before it can be published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from facilities.ordinance.answers import CaseResult
from facilities.ordinance.cases import kinds as case_kinds
from facilities.ordinance.cases import money as case_money
from facilities.ordinance.cases.given import Given, refuse_unknown
from facilities.ordinance.document.ordinance import Ordinance, WorkedCase
from facilities.ordinance.errors import OrdinanceError
from facilities.ordinance.reading.problems import reason_for
from facilities.ordinance.rules import Rules, compile_rules

_KINDS: Mapping[str, Callable[[Rules, Given], dict[str, Any]]] = {
    "fee": case_money.fee,
    "open": case_kinds.is_open,
    "slot": case_kinds.slot,
    "apply": case_kinds.apply,
    "review": case_kinds.review,
    "lottery": case_kinds.draw,
    "limit": case_kinds.limit,
    "register": case_kinds.registration,
    "exempt": case_money.exempted,
    "refund": case_money.refunded,
    "change": case_money.changed,
    "due": case_money.due,
    "penalty": case_kinds.penalised,
}


def run_cases(document: Ordinance) -> tuple[CaseResult, ...]:
    """Run every worked case of a document. A case passes when all it expects is answered so.

    What a case gives that cannot be read makes it fail with the mistake in `got`, never raises.
    """
    rules = compile_rules(document)
    return tuple(_run(rules, case) for case in document.cases)


def _run(rules: Rules, case: WorkedCase) -> CaseResult:
    try:
        refuse_unknown(rules, case.given)
        got = _KINDS[case.kind](rules, case.given)
        unknown = "、".join(key for key in case.expect if key not in got)
        if unknown:
            got = {
                "error": f"{case.kind} の答えに {unknown} はありません。あるのは {'、'.join(got)} です。",
                **got,
            }
    except OrdinanceError as error:
        got = {"error": str(error)}
    except PydanticCustomError as error:
        got = {"error": f"given を読めません: {reason_for(error.type)}"}
    except KeyError as error:
        got = {"error": f"given に {error} がないか、文書にない名前です。"}
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        got = {"error": f"given を読めません: {error}"}
    passed = bool(case.expect) and all(key in got and got[key] == value for key, value in case.expect.items())
    return CaseResult(case.id, case.kind, passed, case.given, case.expect, got)
