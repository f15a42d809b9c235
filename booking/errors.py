"""Refusals of booking. The docstring of a class is what the resident reads."""

from __future__ import annotations

from collections.abc import Sequence

from facilities.details import Unfit
from facilities.ordinance import Reason
from tenants.errors import Refusal


class SlotTaken(Refusal):
    """この時間は、先に予約が入りました。ほかの時間を選んでください。"""

    code = "slot_taken"


class OutsideRules(Refusal):
    """この時間は、規則により予約できません。"""

    code = "outside_rules"
    status = 422

    def __init__(self, reasons: Sequence[Reason]) -> None:
        """Keep the engine's reasons; the sentence is theirs."""
        super().__init__("".join(reason.sentence("ja") for reason in reasons) or None, reasons=list(reasons))


class RoomNotBookable(Refusal):
    """この部屋は、いま予約を受け付けていません。"""

    code = "room_not_bookable"


class DetailsMissing(Refusal):
    """料金を計算するために、必要なことが書かれていません。人数や質問に、すべて答えてください。"""

    code = "details_missing"
    status = 422


class DetailsUnfit(Refusal):
    """規則にない項目か、選べない答えがあります。もう一度、選んでください。"""

    code = "details_unfit"
    status = 422

    def __init__(self, unfit: Sequence[Unfit] = ()) -> None:
        """Keep what does not fit, and where it stands."""
        super().__init__(None, unfit=list(unfit))


class TooManyPeople(Refusal):
    """人数が、部屋の定員をこえています。"""

    code = "too_many_people"
    status = 422


class HeadcountUnfit(Refusal):
    """人数は、1人から10万人までの数で書いてください。"""

    code = "headcount_unfit"
    status = 422


class PurposeUnfit(Refusal):
    """何に使うかは、200文字までの、ふつうの文字で書いてください。"""

    code = "purpose_unfit"
    status = 422


class TooManyHolds(Refusal):
    """おさえている時間が多すぎます。先に、ほかの予約を終わりまで進めるか、やめてください。"""

    code = "too_many_holds"


class HoldExpired(Refusal):
    """おさえていた10分が過ぎました。もう一度、時間を選んでください。"""

    code = "hold_expired"


class NotCancellable(Refusal):
    """この予約は、ご自身では取り消せません。館へご連絡ください。"""

    code = "not_cancellable"

    def __init__(self, reasons: Sequence[Reason] = ()) -> None:
        """Keep the engine's reasons; the sentence is theirs."""
        super().__init__("".join(reason.sentence("ja") for reason in reasons) or None, reasons=list(reasons))


class AlreadyCancelled(Refusal):
    """この予約は、もう取り消されています。"""

    code = "already_cancelled"


class NotConfirmed(Refusal):
    """この予約は、いま有効ではありません。料金は変えられません。"""

    code = "not_confirmed"


class ReasonMissing(Refusal):
    """理由を書いてください。"""

    code = "reason_missing"
    status = 422


class RefundTooHigh(Refusal):
    """返す額は、受け取った額までです。"""

    code = "refund_too_high"
    status = 422


class ReservationNotFound(Refusal):
    """この予約は、見つかりません。"""

    code = "reservation_not_found"
    status = 404


class ClosureNotFound(Refusal):
    """この使用停止は、見つかりません。"""

    code = "closure_not_found"
    status = 404


class RoomsInUse(Refusal):
    """この時間には、予約が入っています。先に、予約を取り消すか、時間を変えてください。"""

    code = "rooms_in_use"


class InvalidPeriod(Refusal):
    """終わりの時刻は、始まりの時刻より後にしてください。"""

    code = "invalid_period"
    status = 422


class FeedNotFound(Refusal):
    """このカレンダーの住所（URL）は、使えません。"""

    code = "feed_not_found"
    status = 404


class KeyReused(Refusal):
    """同じ Idempotency-Key が、ちがう内容の送信に使われました。"""

    code = "idempotency_key_reused"
    status = 422


class TrialNotFound(Refusal):
    """この試算は、見つかりません。8週間より前の試算は、消えています。"""

    code = "trial_not_found"
    status = 404


class InvalidTrialPeriod(Refusal):
    """試算の期間は、始まりの日から終わりの日まで、3年以内にしてください。"""

    code = "invalid_trial_period"
    status = 422


class NotForGroup(Refusal):
    """この団体の予約は、代表者か予約する人だけが、入れたり変えたりできます。"""

    code = "not_for_group"
    status = 403


class GroupNotRegistered(Refusal):
    """この団体は、利用する日に有効な団体登録がありません。団体のページで、登録を確かめてください。"""

    code = "group_not_registered"
    status = 403


class NotBelowRules(Refusal):
    """規則の料金より安くできるのは、減免を決められる人だけです。減免として、進達してください。"""

    code = "not_below_rules"
    status = 403
