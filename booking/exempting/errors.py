"""Refusals about exemptions. The docstring of a class is what people read."""

from __future__ import annotations

from tenants.errors import Refusal


class ExemptionNotFound(Refusal):
    """この減免の申請は、見つかりません。"""

    code = "exemption_not_found"
    status = 404


class GroundUnknown(Refusal):
    """この減免の理由は、この部屋では選べません。"""

    code = "exemption_ground_unknown"
    status = 422


class GroundUnfit(Refusal):
    """この使い方は、えらんだ減免の条件に合いません。"""

    code = "exemption_ground_unfit"
    status = 422


class NothingToExempt(Refusal):
    """料金がかからない予約なので、減免の申請はいりません。"""

    code = "nothing_to_exempt"
    status = 422


class PriceNotByRules(Refusal):
    """この予約の料金は、職員が決めます。減免も、職員が料金を決めるときに考えます。館へご連絡ください。"""

    code = "price_not_by_rules"
    status = 422


class ExemptionTooLate(Refusal):
    """減免は、利用が始まる前に申請してください。利用が始まったあとは、申請できません。"""

    code = "exemption_too_late"


class ReservationNotStanding(Refusal):
    """この予約は、いま有効ではありません。減免の申請はできません。"""

    code = "exemption_without_reservation"


class AlreadyAppliedFor(Refusal):
    """減免の申請が、もう出ています。決まるまで、お待ちください。"""

    code = "exemption_applied_for"


class AlreadyExempted(Refusal):
    """この理由の減免は、もう認められています。"""

    code = "already_exempted"


class ExemptionOver(Refusal):
    """この申請は、もう決まったか、取り下げられています。いまの状態を確かめてください。"""

    code = "exemption_over"


class NotDecider(Refusal):
    """使用料の減免を決められるのは、自治体の管理者だけです。意見をつけて、進達してください。"""

    code = "not_exemption_decider"
    status = 403


class ExemptionReasonMissing(Refusal):
    """理由を書いてください。申請した人に伝えます。"""

    code = "exemption_reason_missing"
    status = 422


class MeasureMissing(Refusal):
    """減らす割合か、減らす額の、どちらか一つを書いてください。"""

    code = "exemption_measure_missing"
    status = 422


class MeasureByRules(Refusal):
    """減らす割合や額は、規則で決まっています。空けたままにしてください。"""

    code = "exemption_measure_by_rules"
    status = 422


class MeasureTooHigh(Refusal):
    """減らす割合か額が、規則の上限をこえています。"""

    code = "exemption_measure_too_high"
    status = 422


class ExemptionUsedUp(Refusal):
    """この減免は、決められた回数まで、もう使われています。"""

    code = "exemption_used_up"


class ExemptionTermUnfit(Refusal):
    """減免が続く期間は、始まりの日から終わりの日まで、10年以内で書いてください。"""

    code = "exemption_term_unfit"
    status = 422


class NoSuchEvidence(Refusal):
    """この書類は、見つかりません。"""

    code = "exemption_evidence_not_found"
    status = 404
