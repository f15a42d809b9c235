"""Refusals about halls, rooms and rules documents."""

from __future__ import annotations

from tenants.errors import Refusal


class FacilityNotFound(Refusal):
    """この施設は、見つかりません。"""

    code = "facility_not_found"
    status = 404


class RoomNotFound(Refusal):
    """この部屋は、見つかりません。"""

    code = "room_not_found"
    status = 404


class InvalidRules(Refusal):
    """規則の文書に、まちがいがあります。"""

    code = "invalid_rules"
    status = 422


class CasesFailed(Refusal):
    """規則の文書にある確認用の例に、答えが合わないものがあります。"""

    code = "cases_failed"
    status = 422


class RoomsMissing(Refusal):
    """いま貸し出している部屋が、新しい規則の文書にありません。部屋を文書に加えるか、先に部屋を閉じてください。"""

    code = "rooms_missing"
    status = 422


class NoRulesYet(Refusal):
    """この日に使える規則が、まだありません。"""

    code = "no_rules_yet"


class RulesNotFound(Refusal):
    """この規則は、見つかりません。"""

    code = "rules_not_found"
    status = 404


class KeyTaken(Refusal):
    """この記号（key）は、もう使われています。"""

    code = "key_taken"
    status = 422


class RoomHasReservations(Refusal):
    """予約がある部屋なので、使う場所（スペース）は変えられません。"""

    code = "room_has_reservations"
