"""Refusals about offences, measures and appeals. The docstring of a class is what people read."""

from __future__ import annotations

from booking.errors import OutsideRules
from tenants.errors import Refusal


class Suspended(OutsideRules):
    """利用停止中のため、予約できません。"""

    code = "suspended"
    status = 403


class OffenceNotFound(Refusal):
    """この違反の記録は、見つかりません。"""

    code = "offence_not_found"
    status = 404


class UnknownOffence(Refusal):
    """この日の規則に、その違反はありません。違反と日を確かめてください。"""

    code = "unknown_offence"
    status = 422


class MeasureNotFound(Refusal):
    """この措置は、見つかりません。"""

    code = "measure_not_found"
    status = 404


class AlreadyDecided(Refusal):
    """もう決まっています。画面を開き直してください。"""

    code = "already_decided"


class AppealNotFound(Refusal):
    """この異議申出は、見つかりません。"""

    code = "appeal_not_found"
    status = 404


class AppealEmpty(Refusal):
    """まちがいだと思う理由を書いてください。"""

    code = "appeal_empty"
    status = 422


class AppealedBefore(Refusal):
    """この違反には、もう異議申出をしています。"""

    code = "appealed_before"


class NothingToAppeal(Refusal):
    """この違反の記録は、もう取り消されています。"""

    code = "nothing_to_appeal"
